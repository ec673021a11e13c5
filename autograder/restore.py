"""Put the instructor's cells back into a submitted notebook: roles, points and locked text come from the gradebook.

A student may edit, delete, copy or relabel any cell. After this step every cell that the instructor locked or grades is
there once, in the instructor's words and order, and the student's own cells are where they were.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.script import Script, read_script

__all__ = ["Original", "Role", "read_original", "restore"]

PYTHON = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Role:
    """What the instructor says of one cell: its text with hidden tests, the text that students got, its metadata."""

    cell_type: str
    source: str
    released: str | None
    metadata: dict[str, Any]

    @property
    def grade_id(self) -> str:
        return self.metadata["grade_id"]

    @property
    def locked(self) -> bool:
        return self.metadata["locked"]

    @property
    def graded(self) -> bool:
        return self.metadata["grade"] or self.metadata["task"]

    @property
    def tests(self) -> bool:
        """Whether it is a test, which the machine marks by."""
        return self.metadata["grade"] and not self.metadata["solution"] and self.cell_type == "code"


@dataclass(frozen=True)
class Original:
    """The instructor's notebook: its name, its kernel, the roles of its cells in their order, and what runs beside tests."""

    name: str
    kernelspec: dict[str, str]
    roles: list[Role]
    script: Script


def read_original(gradebook_notebook: Any, released: Path, source: Path) -> Original:
    """Read the instructor's notebook from the gradebook, its cells in the order of the released file.

    Parameters
    ----------
    gradebook_notebook : nbgrader.api.Notebook
        The notebook as the gradebook knows it.
    released : Path
        The released notebook file: it has the order of the cells and the text that students got.
    source : Path
        The source notebook with its answers, which may be missing: it says which names students define.
    """
    import nbformat

    cells = {cell.name: cell for cell in gradebook_notebook.source_cells}
    points = {c.name: c.max_score for c in [*gradebook_notebook.grade_cells, *gradebook_notebook.task_cells]}
    graded = {cell.name for cell in gradebook_notebook.grade_cells}
    solutions = {cell.name for cell in gradebook_notebook.solution_cells}
    tasks = {cell.name for cell in gradebook_notebook.task_cells}
    texts = {}
    if released.is_file():
        texts = {grade_id_of(cell): cell.source for cell in nbformat.read(released, as_version=4).cells}
    order = [*(name for name in texts if name in cells), *(name for name in cells if name not in texts)]
    roles = []
    for name in order:
        metadata = {
            "grade_id": name,
            "cell_type": cells[name].cell_type,
            "checksum": cells[name].checksum,
            "grade": name in graded,
            "locked": cells[name].locked,
            "schema_version": 3,
            "solution": name in solutions,
            "task": name in tasks,
        } | ({"points": points[name]} if name in points else {})
        roles.append(Role(cells[name].cell_type, cells[name].source or "", texts.get(name), metadata))
    kernelspec = json.loads(gradebook_notebook.kernelspec or "null") or PYTHON
    return Original(gradebook_notebook.name, kernelspec, roles, _script(roles, released, source))


def _script(roles: list[Role], *candidates: Path) -> Script:
    """Read the script from the best notebook there is, at worst from the roles alone."""
    from nbformat.v4 import new_code_cell, new_notebook

    for path in reversed(candidates):
        if path.is_file():
            return _script_of(path.read_bytes())
    code = [role for role in roles if role.cell_type == "code"]
    return read_script(new_notebook(cells=[new_code_cell(r.source, metadata={"nbgrader": r.metadata}) for r in code]))


@lru_cache(maxsize=8)  # nbgrader's own commands read it anew for every submission
def _script_of(content: bytes) -> Script:
    import nbformat

    return read_script(nbformat.reads(content.decode(), as_version=4))


def grade_id_of(cell: Any) -> str | None:
    """Give the grade_id in a cell's metadata, whatever a student made of the metadata."""
    meta = cell.metadata.get("nbgrader")
    name = meta.get("grade_id") if isinstance(meta, dict) else None
    return name if isinstance(name, str) else None


def restore(notebook: Any, original: Original) -> list[str]:
    """Give every cell of ``notebook`` its role, in place; return what had to be changed, in words for the instructor."""
    by_id = {role.grade_id: role for role in original.roles}
    notebook.metadata["kernelspec"] = dict(original.kernelspec)
    notes = _drop_copies(notebook, set(by_id))
    for cell in notebook.cells:
        role = by_id.get(grade_id_of(cell))
        cell.metadata.pop("tags", None)  # a tag may tell the kernel's client to leave a cell out
        if role is None:
            cell.metadata.pop("nbgrader", None)
        else:
            notes += _give_role(cell, role)
    return notes + _put_in_order(notebook, original.roles) + _put_back(notebook, original.roles)


def _drop_copies(notebook: Any, known: set[str]) -> list[str]:
    """Let only the last of several cells with one grade_id keep its role, as nbgrader does."""
    notes, seen = [], set()
    for cell in reversed(notebook.cells):
        name = grade_id_of(cell)
        if name in seen:
            cell.metadata.pop("nbgrader")
            notes.append(f"cell {name} was there more than once: the last one counts")
        elif name in known:
            seen.add(name)
    return notes


def _give_role(cell: Any, role: Role) -> list[str]:
    from nbformat import NotebookNode

    notes = []
    if cell.cell_type != role.cell_type:
        notes.append(f"cell {role.grade_id} had become a {cell.cell_type} cell")
        _retype(cell, role.cell_type)
    if role.locked:
        if role.released is not None and cell.source.strip() != role.released.strip():
            notes.append(f"cell {role.grade_id} is not as it was released")
        cell.source = role.source
    cell.metadata["nbgrader"] = NotebookNode(role.metadata)
    return notes


def _retype(cell: Any, cell_type: str) -> None:
    cell["cell_type"] = cell_type
    if cell_type == "code":
        cell.update(outputs=[], execution_count=None)
        cell.pop("attachments", None)
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _put_in_order(notebook: Any, roles: list[Role]) -> list[str]:
    """Let the instructor's cells follow each other as in the release: a test may rely on what ran before it."""
    places = {role.grade_id: place for place, role in enumerate(roles)}
    there = [index for index, cell in enumerate(notebook.cells) if grade_id_of(cell) in places]
    cells = [notebook.cells[index] for index in there]
    ordered = sorted(cells, key=lambda cell: places[grade_id_of(cell)])
    for index, cell in zip(there, ordered, strict=True):
        notebook.cells[index] = cell
    return ["cells were moved: they are in their first order again"] if [*map(id, cells)] != [*map(id, ordered)] else []


def _put_back(notebook: Any, roles: list[Role]) -> list[str]:
    """Insert the locked and graded cells that are missing, each behind the one that it follows in the release."""
    from nbformat import NotebookNode
    from nbformat.v4 import new_code_cell, new_markdown_cell

    notes, place = [], 0
    for role in roles:
        present = [index for index, cell in enumerate(notebook.cells) if grade_id_of(cell) == role.grade_id]
        if present:
            place = present[0] + 1
        elif role.locked or role.graded:
            make = new_code_cell if role.cell_type == "code" else new_markdown_cell
            cell = make(role.source, metadata={"nbgrader": NotebookNode(role.metadata)})
            notebook.cells.insert(place, cell)
            notes.append(f"cell {role.grade_id} was missing")
            place += 1
    return notes
