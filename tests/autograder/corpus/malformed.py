"""Submissions whose notebook file is malformed: each function gives its content.

To add one, write a function under ``@malformed(...)``: the docstring says what it is, the arguments what it earns (nothing,
where there are none; ``**WHOLE`` for full marks). It gets the folder, the model's notebook as a dict, and the paths of what
it should not reach; what it returns is written as the notebook.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .reading import FULL, NAME, Case

__all__ = ["FILE", "MALFORMED", "WHOLE", "malformed"]

MALFORMED: list[Case] = []
WHOLE = FULL
ZERO = dict.fromkeys(FULL, 0)
FILE = f"{NAME}.ipynb"


def malformed(error: str = "", shows: str = "", **earns: float | None) -> Callable[[Callable], Callable]:
    def add(make: Callable[[Path, dict[str, Any], dict[str, str]], Any]) -> Callable:
        def lay(folder: Path, notebook: dict[str, Any], places: dict[str, str]) -> None:
            content = make(folder, copy.deepcopy(notebook), places)
            if content is not None:
                content = content if isinstance(content, bytes | str) else json.dumps(content)
                (folder / FILE).write_bytes(content.encode() if isinstance(content, str) else content)

        earned = {} if error else ZERO | earns
        MALFORMED.append(Case("malformed", make.__name__, make.__doc__, earned, lay=lay, error=error, shows=shows))
        return make

    return add


@malformed(shows="not JSON")
def letter(folder, notebook, places):
    """a letter to the professor under a notebook's name"""
    return "Dear professor, my dog has eaten the notebook."


@malformed(shows="empty")
def empty(folder, notebook, places):
    """an empty file"""
    return b""


@malformed()
def picture(folder, notebook, places):
    """the photograph of a screen"""
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100


@malformed()
def zipped(folder, notebook, places):
    """a zip under a notebook's name"""
    return b"PK\x03\x04" + bytes(2000)


@malformed(shows="no ps02_four.ipynb")
def other_files_only(folder, notebook, places):
    """a script and a text document in place of the notebook"""
    (folder / "ps02_four.py").write_text("def count_words(text): ...")
    (folder / "ps02_four.docx").write_bytes(b"PK\x03\x04")


@malformed(shows="not JSON")
def truncated(folder, notebook, places):
    """a notebook whose second half was lost on the way"""
    text = json.dumps(notebook)
    return text[: len(text) // 2]


@malformed()
def merged(folder, notebook, places):
    """a notebook with the marks of a merge that nobody finished"""
    return "<<<<<<< HEAD\n" + json.dumps(notebook) + "\n=======\n{}\n>>>>>>> mine\n"


@malformed(shows="no cells")
def not_an_object(folder, notebook, places):
    """JSON, but a list"""
    return [notebook]


@malformed(shows="nested too deeply")
def deeply_nested(folder, notebook, places):
    """a list in a list in a list, a million times"""
    return "[" * 1_000_000


@malformed(**WHOLE)
def deep_metadata(folder, notebook, places):
    """a notebook with metadata nested five hundred deep"""
    inner: Any = {}
    for _ in range(500):
        inner = {"x": inner}
    notebook["metadata"]["deep"] = notebook["cells"][0]["metadata"]["deep"] = inner
    return notebook


@malformed(**WHOLE)
def version_3(folder, notebook, places):
    """the format that notebooks had before 2015, with worksheets"""
    cells = []
    for cell in notebook["cells"]:
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"], "source": cell["source"]}
        if cell["cell_type"] == "code":
            old |= {"input": old.pop("source"), "language": "python", "outputs": [], "prompt_number": 1, "collapsed": False}
        cells.append(old)
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}


@malformed(shows="broken")
def broken_version_3(folder, notebook, places):
    """worksheets that are numbers"""
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [1, {"cells": 7}]}


@malformed(**WHOLE)
def future_version(folder, notebook, places):
    """a version of the format that there is not yet"""
    return notebook | {"nbformat": 7, "nbformat_minor": 99}


@malformed(**WHOLE)
def version_in_words(folder, notebook, places):
    """a version that is a text, and a minor one that is a list"""
    return notebook | {"nbformat": "4", "nbformat_minor": [5]}


@malformed(shows="no cells")
def cells_by_name(folder, notebook, places):
    """cells in an object in place of a list"""
    return notebook | {"cells": {str(number): cell for number, cell in enumerate(notebook["cells"])}}


@malformed(**WHOLE, shows="cannot be read")
def odd_cells(folder, notebook, places):
    """numbers, nulls, lists and cells of unknown kinds between the cells"""
    odd = [
        None,
        7,
        "cell",
        [],
        {},
        {"cell_type": "video", "source": ""},
        {"cell_type": ["code"], "source": "1"},
        True,
        1e999,
    ]
    odd += [
        {"cell_type": "code", "source": 5},
        {"cell_type": "code", "source": [1, None]},
        {"cell_type": None, "source": "x"},
    ]
    return notebook | {"cells": [*odd, *notebook["cells"], *odd]}


@malformed(**WHOLE)
def wrong_types(folder, notebook, places):
    """metadata, outputs, counts, ids and attachments of wrong kinds"""
    for number, cell in enumerate(notebook["cells"]):
        cell.update(id=number, attachments=[1], outputs="none", execution_count={"a": 1}, collapsed="yes")
        cell["metadata"].update(collapsed=[], tags="tag", name=5, jupyter="x")
    return notebook | {"metadata": ["kernelspec"]}


@malformed(**WHOLE)
def lost_roles(folder, notebook, places):
    """a notebook in which the answers' cells have kept their grade_id, and the others nothing"""
    for cell in notebook["cells"]:
        role = cell["metadata"].get("nbgrader", {})
        cell["metadata"] = {"nbgrader": {"grade_id": role["grade_id"]}} if role.get("solution") else None
    return notebook


@malformed(**ZERO | {"top": 0})
def all_roles_lost(folder, notebook, places):
    """a notebook saved by a program that keeps no metadata: the answers are there, but no cell says which it is"""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    return notebook


@malformed(**WHOLE, shows="more than once")
def duplicate_grade_ids(folder, notebook, places):
    """every cell twice: the last one counts"""
    return notebook | {"cells": notebook["cells"] + copy.deepcopy(notebook["cells"])}


@malformed(**WHOLE, shows="missing")
def deleted_tests(folder, notebook, places):
    """a notebook without its set-up and test cells, which are put back"""
    kept = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("locked")]
    return notebook | {"cells": kept}


@malformed(**WHOLE | {"count": 0})
def deleted_answer(folder, notebook, places):
    """a notebook without one of the answers"""
    kept = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") != "count"]
    return notebook | {"cells": kept}


@malformed(shows="more than 10000")
def far_too_many_cells(folder, notebook, places):
    """a notebook of hundreds of thousands of empty cells"""
    return notebook | {"cells": notebook["cells"] + [{"cell_type": "raw"}] * 300_000}


@malformed(shows="million characters")
def endless_text(folder, notebook, places):
    """a notebook with a cell of millions of empty lines"""
    return notebook | {"cells": [*notebook["cells"], {"cell_type": "markdown", "metadata": {}, "source": "\n" * 24_000_000}]}


@malformed(**WHOLE)
def byte_order_mark(folder, notebook, places):
    """a notebook saved by Windows, with a mark at its beginning and two characters at each line's end"""
    return b"\xef\xbb\xbf" + json.dumps(notebook, indent=1).replace("\n", "\r\n").encode()


@malformed(**WHOLE)
def utf_16(folder, notebook, places):
    """a notebook in two bytes a character"""
    return json.dumps(notebook).encode("utf-16")


@malformed(**WHOLE)
def crlf_in_cells(folder, notebook, places):
    """cells whose lines end as Windows ends them"""
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    return notebook


@malformed(**WHOLE)
def not_utf_8(folder, notebook, places):
    """a notebook with a comment in an old encoding of one byte a character"""
    answer = next(c for c in notebook["cells"] if "def count_words" in "".join(c["source"]))
    answer["source"] = "# gr\u00fc\u00dfe\n" + "".join(answer["source"])
    return json.dumps(notebook, ensure_ascii=False).encode("latin-1")


@malformed(**WHOLE)
def half_characters(folder, notebook, places):
    """half characters, controls and marks of direction in texts, names and ids"""
    odd = "\ud800 \x00 \x1b[31m \u202e \u2028 \ufeff \x85 \U0010ffff"
    cells = [
        {"cell_type": kind, "source": f"# {odd}", "metadata": {odd: odd}, "id": odd} for kind in ("code", "markdown", "raw")
    ]
    return notebook | {"cells": [*cells, *notebook["cells"]], odd: odd}


@malformed(**WHOLE)
def same_keys(folder, notebook, places):
    """an object with keys that stand there twice, NaN and numbers without end"""
    text = json.dumps(notebook)
    return '{"cells": [], "nbformat": 1, "odd": [NaN, -Infinity, 1e999999], ' + text[1:]


@malformed()
def long_number(folder, notebook, places):
    """a number of a million digits"""
    return '{"nbformat": 4, "cells": [], "x": ' + "9" * 1_000_000 + "}"


@malformed(**WHOLE)
def thousands_of_cells(folder, notebook, places):
    """two thousand cells"""
    more = [{"cell_type": "code", "source": f"x = {number}", "metadata": {}, "outputs": []} for number in range(100)]
    more += [{"cell_type": "markdown", "source": "more", "metadata": {}}] * 2000
    return notebook | {"cells": [*notebook["cells"], *more]}


@malformed(**WHOLE)
def long_cell(folder, notebook, places):
    """a cell of ten thousand lines, one of a line without end, and one of brackets without end"""
    sources = ["x = 1\n" * 10_000, "y = '" + "x" * 1_000_000 + "'", "(" * 10_000, "-" * 100_000 + "1", "[" * 100 + "]" * 100]
    more = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    return notebook | {"cells": [*more, *notebook["cells"]]}
