"""Build the lectures' notebooks from their percent sources: ``python -m notebooks.build``.

Two builds of one source are the same to the byte: cells are named by the lecture and their place, and nothing has been run.

    jupyter nbconvert --to slides --execute --SlidesExporter.preprocessors=notebooks.build.StaticDemos LECTURE.ipynb

makes slides that need no kernel, on which each demo is a picture.
"""

import sys
from pathlib import Path

from nbconvert.preprocessors import Preprocessor

LECTURES = Path(__file__).parent / "lectures"
KEPT = "kernelspec", "lecture", "rise"


class StaticDemos(Preprocessor):
    """Leave the picture of each demo and take the widget away: a page without a kernel shows that as a blank."""

    def preprocess_cell(self, cell, resources, index):
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
        return cell, resources


def sources() -> list[Path]:
    """List the lectures' sources, in their order."""
    return sorted(LECTURES.glob("L[0-9][0-9]_*.py"))


def build(source: Path):
    """Return a lecture as a notebook without outputs."""
    import jupytext
    from nbformat import from_dict

    notebook = jupytext.read(source, fmt="py:percent")
    notebook.metadata = from_dict({key: notebook.metadata[key] for key in KEPT if key in notebook.metadata})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for place, cell in enumerate(notebook.cells):
        cell["id"] = f"{source.stem[:3]}-{place:03d}"
    return notebook


def text_of(source: Path) -> str:
    """Return what the notebook's file holds."""
    import nbformat

    return nbformat.writes(build(source)) + "\n"


def main() -> int:
    for source in sources():
        source.with_suffix(".ipynb").write_text(text_of(source), encoding="utf-8")
        print(f"notebooks/lectures/{source.stem}.ipynb")
    return 0


if __name__ == "__main__":
    sys.exit(main())
