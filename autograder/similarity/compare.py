"""Compare every two answers to one question, after taking away what is no evidence.

No evidence are statements that the release contains, and those that many of the class write. What is left of two answers is
compared by RapidFuzz (normalised Indel similarity: twice the longest common subsequence by both lengths), in the order in
which it was written and in a fixed order, for moving lines about is the cheapest disguise; the higher one counts.

Right answers to one question are alike by nature. So likeness alone lists nobody: two answers must also share statements
that few others have, each counted by its tokens and by how few they are, as in the weighting of words by rarity.

RapidFuzz because nbgrader depends on it already, it is kept well (a release in August 2026, wheels for every system), and it
compares a class of 300 in seconds. The tools made for this are not: copydetect's last release is of March 2024,
pycode-similar's of August 2020, and neither leaves out what much of the class writes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.similarity.answers import Answers, ClassAnswers
from autograder.similarity.statements import Statement, statements_of

__all__ = ["THRESHOLD", "Match", "Pair", "find_pairs"]

THRESHOLD = 0.8
COMMON = 0.2  # share of the class above which a statement says nothing; and in a small class, more than
FEW = 3  # students
ENOUGH = {True: 30, False: 15}  # tokens of code, or words of text, that say anything: in each answer, and shared by the two

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """One place in which two students' answers are alike.

    Attributes
    ----------
    answers : Answers
    left, right : str
        The two students.
    score : float
        Similarity of what is evidence, from 0 to 1.
    evidence : float
        The tokens of the statements that they share, each statement counted the less the more students have it.
    verbatim : float
        Similarity of the two texts as they were written, but for spaces.
    shared : frozenset of tuple
        Statements of both, of those that are evidence.
    only_theirs : int
        How many of these nobody else in the class has.
    """

    answers: Answers
    left: str
    right: str
    score: float
    evidence: float
    verbatim: float
    shared: frozenset[Tokens]
    only_theirs: int


@dataclass(frozen=True)
class Pair:
    """Two students and the places in which their answers are alike."""

    left: str
    right: str
    matches: list[Match] = field(default_factory=list)

    @property
    def evidence(self) -> float:
        """What the report is sorted by."""
        return sum(match.evidence for match in self.matches)

    @property
    def only_theirs(self) -> int:
        return sum(match.only_theirs for match in self.matches)


def find_pairs(found: ClassAnswers, threshold: float = THRESHOLD) -> list[Pair]:
    """Find the pairs of students with answers that are alike, most evidence first; equal ones by their names."""
    given = {
        (language, statement.tokens)
        for language, sources in found.given.items()
        for source in sources
        for statement in statements_of(source, language)
    }
    pairs: dict[tuple[str, str], Pair] = {}
    for answers in found.answers:
        for match in _compare(answers, given, threshold):
            pairs.setdefault((match.left, match.right), Pair(match.left, match.right)).matches.append(match)
    return sorted(pairs.values(), key=lambda pair: (-round(pair.evidence, 6), pair.left, pair.right))


def _compare(answers: Answers, given: set, threshold: float) -> Iterable[Match]:
    """Yield the matches among the answers to one question."""
    import numpy as np

    counts, enough = _counts(answers), ENOUGH[answers.language is not None]
    evidence = {student: _evidence(answers, student, given, counts) for student in sorted(answers.sources)}
    students = [student for student, left in evidence.items() if sum(len(s.tokens) for s in left) >= enough]
    if len(students) < 2:
        return
    scores = _scores([[s.tokens for s in evidence[student]] for student in students], threshold)
    kinds = [{s.tokens for s in evidence[student]} for student in students]
    for row, column in zip(*np.nonzero(np.triu(scores >= threshold, k=1)), strict=True):
        shared = frozenset(kinds[row] & kinds[column])
        weight = math.fsum(len(tokens) * _rarity(counts[tokens], len(answers.sources)) for tokens in shared)
        if weight >= enough:
            theirs = sum(counts[tokens] == 2 for tokens in shared)
            yield _match(answers, students[row], students[column], float(scores[row, column]), weight, shared, theirs)


def _match(answers: Answers, left: str, right: str, score: float, evidence: float, shared: frozenset, theirs: int) -> Match:
    verbatim = _verbatim(answers.sources[left], answers.sources[right])
    return Match(answers, left, right, score, evidence, verbatim, shared, theirs)


def _rarity(count: int, students: int) -> float:
    """Weigh a statement that ``count`` of the students have: 1 if it is these two, 0 if it is all.

    >>> _rarity(2, 300), round(_rarity(20, 300), 2), _rarity(3, 3)
    (1.0, 0.54, 0.0)
    """
    return 1.0 if students <= 2 else math.log(students / count) / math.log(students / 2)


def _counts(answers: Answers) -> Counter[Tokens]:
    """Count for each statement how many students have it."""
    counts: Counter[Tokens] = Counter()
    for source in answers.sources.values():
        counts.update({statement.tokens for statement in statements_of(source, answers.language)})
    return counts


def _evidence(answers: Answers, student: str, given: set, counts: Counter[Tokens]) -> list[Statement]:
    common = max(FEW, COMMON * len(answers.sources))
    statements = statements_of(answers.sources[student], answers.language)
    return [s for s in statements if (answers.language, s.tokens) not in given and counts[s.tokens] <= common]


def _scores(evidence: list[list[Tokens]], threshold: float):
    """Compare every two; the result is a matrix, 0 below the threshold."""
    import numpy as np
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    letters: dict[str, str] = {}

    def spell(statements: list[Tokens]) -> str:
        """Write each token as one character, for RapidFuzz is fastest with these."""
        tokens = (token for statement in statements for token in (*statement, "\n"))
        return "".join(letters.setdefault(token, chr(0x10000 + len(letters))) for token in tokens)

    scores = np.zeros((len(evidence), len(evidence)))
    for arranged in (map(spell, evidence), map(spell, map(sorted, evidence))):
        texts = list(arranged)
        found = cdist(texts, texts, scorer=Indel.normalized_similarity, score_cutoff=threshold, dtype=np.float64)
        scores = np.maximum(scores, found)
    return scores


def _verbatim(left: str, right: str) -> float:
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity("".join(left.split()), "".join(right.split()))
