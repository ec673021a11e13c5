"""What several commands have in common: the course directory, ``--json`` and ``--dry-run``."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import click

__all__ = ["as_json", "dry_run", "give", "opened", "with_root"]

DEFAULT_ROOT = Path("build")

as_json = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON on stdout, and nothing else there.")
dry_run = click.option("--dry-run", "dry", is_flag=True, help="Tell what would be done, and change nothing.")


def with_root(command):
    """Add the option that says where the course directory is."""
    root = click.option(
        "--root",
        type=click.Path(path_type=Path, file_okay=False),
        default=DEFAULT_ROOT,
        show_default=True,
        help="The course directory, in nbgrader's layout.",
    )
    return root(command)


def opened(command):
    """Give a command the course directory as a Root, and refuse one that is none."""

    @functools.wraps(command)
    def run(root: Path, **arguments):
        from autograder.root import Root

        return command(root=Root.open(root), **arguments)

    return with_root(run)


def give(answer: dict[str, Any], *lines: str, as_json: bool) -> None:
    """Print a command's answer: as JSON for a script, or its lines for a person."""
    if as_json:
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        for line in lines:
            click.echo(line)
