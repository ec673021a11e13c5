"""What a guide tells people to type, in its order: read from its Markdown.

Commands stand in ``console`` blocks after ``$``, with what they print below them (``...`` stands for anything), or in
indented blocks, without. A Python block after a line that is a file's name and a colon is that file. ``<!-- status: 1 -->``
before a block says with which status its commands end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

PROGRAMS = "make ", "course ", ".venv/bin/", "../.venv/bin/", "python ", "jupyter ", "source ", "cd ", "cp ", "mkdir "
ACTIVATE = "source .venv/bin/activate"  # is told in a sentence, too
FILE = re.compile(r"^(?:.* )?`([\w./]+)`:$", re.DOTALL)
STATUS = re.compile(r"<!-- status: (\d+) -->")


@dataclass(frozen=True)
class Step:
    """A command with what it must print and its status; or a file with its text."""

    command: str = ""
    prints: tuple[str, ...] = ()
    status: int = 0
    path: str = ""
    text: str = ""


def steps(guide: Path) -> list[Step]:
    """Return all that a guide tells people to type."""
    found: list[Step] = []
    paragraph, status = "", 0
    for token in MarkdownIt().parse(guide.read_text(encoding="utf-8")):
        if token.type == "inline":
            paragraph = token.content
            found += [Step(ACTIVATE) for part in token.children if part.type == "code_inline" and part.content == ACTIVATE]
        elif token.type == "html_block":
            status = int((STATUS.search(token.content) or [0, 0])[1])
        elif token.type == "fence" and token.info == "console":
            found += _console(token.content, status)
            status = 0
        elif token.type == "fence" and token.info == "python" and FILE.match(paragraph):
            found.append(Step(path=FILE.match(paragraph)[1], text=token.content))
        elif token.type == "code_block":
            lines = [re.split(r"\s+#", line)[0].rstrip() for line in token.content.splitlines()]
            found += [Step(line) for line in lines if line.startswith(PROGRAMS)]
    return found


def _console(content: str, status: int) -> list[Step]:
    parts = re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]
    return [Step(command, tuple(prints), status) for command, *prints in map(str.splitlines, parts)]


def agrees(prints: tuple[str, ...], said: str) -> bool:
    """Tell whether a command has printed what the guide says, spaces apart.

    >>> agrees(("...", "two lines"), "one\\ntwo    lines\\n")
    True
    """
    wanted = " ".join(" ".join(prints).split())
    pattern = "[\\s\\S]*".join(re.escape(part.strip()) for part in wanted.split("..."))
    return not prints or re.fullmatch(f"\\s*{pattern}\\s*", " ".join(said.split())) is not None
