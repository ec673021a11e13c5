"""What the cells of a run notebook put out, as far as a student may see it and a page can hold it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from autograder.hiding import without_hidden_tests
from autograder.sanitize import picture, plain
from autograder.verdict import MIME_TYPE

__all__ = ["MAX_CELL", "MAX_NOTEBOOK", "Output", "Secrets", "accept", "error_output", "show_outputs", "show_verdicts"]

MAX_TEXT = 8_000  # characters of one output
MAX_OUTPUTS, MAX_CELL, MAX_LINES = 1_000, 6_000_000, 200  # outputs of a cell, their characters, lines of a traceback
MAX_NOTEBOOK = 30_000_000  # characters of the outputs of all cells that the student wrote
TOO_LARGE = "an output too large to keep"
MORE = "... more outputs of this cell were left out ...\n"
LEFT_OUT = "[what quotes a test is left out here]"
SEEN = "text/plain", "image/png"  # what of a student's outputs is taken over
SECRET = 12  # characters that a line of a hidden test needs to be told from any other line


@dataclass(frozen=True)
class Output:
    """One output: its kind (``text``, ``error`` or ``picture``), its content, a label, and a picture's description."""

    kind: str
    content: str
    label: str = ""
    alt: str = ""


def error_output(name: str, message: str) -> Any:
    """Make the output of a cell that could not be run."""
    from nbformat.v4 import new_output

    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])


def accept(outputs: list[Any], count: int, *, room: float = MAX_CELL, trusted: bool = False) -> list[Any]:
    """Make a notebook's outputs of what a process sent as a cell's outputs.

    Parameters
    ----------
    outputs : list
        If they are not trusted, anything: only text and PNG pictures are taken over, as far as there is room, and what is
        malformed is left out.
    count : int
        The cell's execution count.
    room : float
        How many characters may be taken over.
    trusted : bool
        Whether every type of output may stay.
    """
    from nbformat.v4 import new_output

    taken, room = [], math.inf if trusted else room
    for output in outputs:
        if room <= 0 or (len(taken) == MAX_OUTPUTS and not trusted):
            return [*taken, new_output("stream", name="stdout", text=MORE)]
        match output:
            case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
                taken.append(new_output("stream", name=name, text=_whole(text if trusted else text[:room])))
                room -= len(text)
            case {"output_type": "error", "ename": str(name), "evalue": str(said), "traceback": list(lines)}:
                lines = [_whole(line[:MAX_TEXT]) for line in lines[-MAX_LINES:] if isinstance(line, str)]
                room -= sum(map(len, lines))
                taken.append(
                    new_output("error", ename=_whole(name[:MAX_TEXT]), evalue=_whole(said[:MAX_TEXT]), traceback=lines)
                )
            case {"output_type": "display_data" | "execute_result" as kind, "data": dict(data)}:
                seen = {k: v for k, v in data.items() if k in SEEN and isinstance(v, str)}
                kept = {k: _whole(v) for k, v in seen.items() if len(v) <= room}
                if seen and not kept:
                    kept = {"text/plain": TOO_LARGE}
                more = {"execution_count": count} if kind == "execute_result" else {}
                taken.append(new_output(kind, data if trusted else kept, **more))
                room -= sum(map(len, kept.values()))
    return taken


def _whole(text: str) -> str:
    """Replace half characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Secrets:
    """The lines of a notebook's hidden tests that stand nowhere in what the student knows.

    A student's code runs beside the tests and may print them, or raise them as an error; what it says of them in plain
    words is left out of a page.
    """

    def __init__(self, notebook: Any):
        hidden, known = set(), set()
        for cell in notebook.cells:
            if cell.cell_type == "code":
                hidden |= {line.strip() for line in cell.source.splitlines()}
                known |= {line.strip() for line in without_hidden_tests(cell.source).splitlines()}
        self.lines = hidden - known
        self.telling = {line for line in self.lines if len(line) >= SECRET}

    def withhold(self, text: Any) -> str:
        """Give a text as plain text, without the lines that quote a hidden test."""
        text = plain(text)
        told = [line for line in self.telling if line in text]
        if not told:
            return text

        def quotes(line: str) -> bool:
            return line.strip() in self.lines or any(secret in line for secret in told)

        blocks = groupby(text.split("\n"), key=quotes)
        return "\n".join(LEFT_OUT if secret else "\n".join(block) for secret, block in blocks)


def show_verdicts(cell: Any, secrets: Secrets) -> list[str]:
    """Give what a test cell's checks say, as text."""
    found = [output.get("data", {}) for output in cell.outputs]
    return [secrets.withhold(data.get("text/plain", ""))[:MAX_TEXT] for data in found if MIME_TYPE in data]


def show_outputs(cell: Any, secrets: Secrets, room: int, *, tests: bool) -> list[Output]:
    """Give a cell's outputs.

    Parameters
    ----------
    cell : NotebookNode
        A code cell that was run.
    secrets : Secrets
        What no output may quote.
    room : int
        How many characters the outputs may have in all, pictures included.
    tests : bool
        Whether it is a test cell, whose score and verdict are shown elsewhere.
    """
    shown = []
    for output in cell.outputs:
        if tests and (output.output_type == "execute_result" or MIME_TYPE in output.get("data", {})):
            continue
        shown.append(_shortened(_output(output, secrets), max(room, 0)))
        room -= len(shown[-1].content)
    return shown


def _output(output: Any, secrets: Secrets) -> Output:
    if output.output_type == "stream":
        return Output("text", secrets.withhold(output.text), "Written to stderr:" if output.name == "stderr" else "")
    if output.output_type == "error":
        return Output("error", secrets.withhold("\n".join(map(str, output.traceback))), f"Error: {plain(output.ename)}")
    data = output.get("data", {})
    said = secrets.withhold(data.get("text/plain", ""))
    shown = picture(data["image/png"]) if "image/png" in data else None
    if shown:
        return Output("picture", shown, alt=f"Picture drawn by this cell: {said[:200] or 'it has no description'}")
    return Output("text", said or "(an output that cannot be shown here)")


def _shortened(output: Output, room: int) -> Output:
    size = len(output.content)
    if output.kind == "picture":
        return output if size <= room else Output("text", "(a picture was left out: the notebook's outputs are too long)")
    kept = min(room, MAX_TEXT)
    if size <= kept:
        return output
    return Output(output.kind, f"{output.content[:kept]}\n... {size - kept} more characters were left out", output.label)
