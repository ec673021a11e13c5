"""An answer as a list of statements without what is easily changed: names, comments, spaces, line breaks, strings.

Code is read by Pygments, which knows many languages and stumbles over nothing that a student leaves half written.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["Statement", "statements_of"]

SENTENCE = re.compile(r"[^.!?\n]+")
OPEN, CLOSE = {"python": "([{"}, {"python": ")]}"}  # braces hold no statements in Python; in most other languages they do
LONGEST = 100_000  # characters of an answer that are read


@dataclass(frozen=True)
class Statement:
    """One statement or sentence: its tokens, and its first and last line, counted from 0."""

    tokens: tuple[str, ...]
    first: int
    last: int


@lru_cache(maxsize=20_000)
def statements_of(source: str, language: str | None) -> tuple[Statement, ...]:
    """Split an answer into statements of code, or into sentences where ``language`` is None.

    Variables are numbered within their statement, so that ``a = b * a`` and ``x = y * x`` are one, and ``x = y * y`` is
    another; so are attributes and methods that a Python answer itself gives its objects. Other attributes, keywords,
    operators, built-in names and numbers stay.

    >>> [" ".join(s.tokens) for s in statements_of("self.total = np.sum(x)  # all of it", "python")]
    ['1: . 2: = 3: . sum ( 4: )']
    """
    source = source[:LONGEST]
    if language is None:
        return _sentences(source)
    own = _own_attributes(source) if language == "python" else frozenset()
    found, tokens, depth, first, line = [], [], 0, None, 0
    for kind, text in _lex(source, language):
        breaks = text.count("\n")
        word = _word(kind, text, tokens, own)
        if word is not None:
            first = line if first is None else first
            tokens.append(word)
            depth += (word in OPEN.get(language, "([")) - (word in CLOSE.get(language, ")]"))
        if breaks and depth <= 0 and tokens and not _goes_on(kind, text):
            found.append(Statement(_numbered(tokens), first, line))
            tokens, depth, first = [], 0, None
        line += breaks
    if tokens:
        found.append(Statement(_numbered(tokens), first, line))
    return tuple(found)


def _sentences(source: str) -> tuple[Statement, ...]:
    found = []
    for match in SENTENCE.finditer(source):
        words = tuple(re.findall(r"\w+", match[0].casefold()))
        if words:
            line = source.count("\n", 0, match.start())
            found.append(Statement(words, line, line))
    return tuple(found)


def _lex(source: str, language: str) -> list[tuple[Any, str]]:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("python", stripnl=False)
    return list(lexer.get_tokens(source))


def _own_attributes(source: str) -> frozenset[str]:
    """Name the attributes that are set and the functions that are defined; none where the source is no Python yet."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes and comparisons that look odd
            nodes = list(ast.walk(ast.parse(TransformerManager().transform_cell(source))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    return frozenset(attributes | {node.name for node in nodes if isinstance(node, ast.FunctionDef)})


def _word(kind: Any, text: str, before: list[str], own: frozenset[str]) -> str | None:
    """Give what a token is compared by; None where it counts for nothing. A name that may be changed ends in a tab."""
    from pygments import token

    if kind in token.Comment or kind in token.String.Doc or not text.strip():
        return None
    if kind in token.String:
        return None if before and before[-1] == '""' else '""'
    attribute = bool(before) and before[-1] == "."
    lasting = (token.Name.Builtin, token.Name.Namespace, token.Name.Exception)
    lasts = any(kind in each for each in lasting) and kind not in token.Name.Builtin.Pseudo  # which self is
    if kind in token.Name and not attribute and not lasts:
        return f"{text}\t"
    if attribute and text in own:
        return f".{text}\t"  # another name than a variable's, though both be spelled alike
    return text.strip()


def _goes_on(kind: Any, text: str) -> bool:
    """Tell whether a line's end lies within a string or a comment's block, or is escaped."""
    from pygments import token

    return kind in token.String or text.strip() == "\\"


def _numbered(tokens: list[str]) -> tuple[str, ...]:
    numbers: dict[str, int] = {}
    return tuple(f"{numbers.setdefault(t, len(numbers) + 1)}:" if t.endswith("\t") else t for t in tokens)
