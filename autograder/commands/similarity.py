"""``course similarity``."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands.options import as_json, give, opened

__all__ = ["similarity"]


@click.command()
@click.argument("assignment")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the page.")
@click.option(
    "--threshold", type=click.IntRange(50, 100), default=80, show_default=True, help="Percent alike from which on to list."
)
@as_json
@opened
def similarity(assignment: str, path: Path | None, threshold: int, as_json: bool, root) -> None:
    """Write a report on answers within the class that are suspiciously alike, side by side.

    Names, comments, spaces, what the release contains and what many of the class write count for nothing. No code is run,
    and no mark is changed: whether it means anything is yours to judge.

    Example: course similarity ps08
    """
    from autograder.similarity import find_pairs, read_answers, write_similarity

    found = read_answers(root, assignment)
    pairs = find_pairs(found, threshold / 100)
    path = path or root.path / "reports" / f"{found.assignment}-similarity.html"
    write_similarity(found, pairs, path, threshold / 100)
    answer = {
        "assignment": found.assignment,
        "students": found.students,
        "pairs": [
            {
                "students": [pair.left, pair.right],
                "lines_only_theirs": pair.only_theirs,
                "answers": {match.answers.title: round(match.score, 4) for match in pair.matches},
            }
            for pair in pairs
        ],
        "path": str(path),
    }
    count = "1 pair" if len(pairs) == 1 else f"{len(pairs)} pairs"
    give(answer, f"{count} of {found.students} students with answers that are alike: see {path}", as_json=as_json)
