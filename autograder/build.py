"""Turn a problem set's percent source into an nbgrader source notebook, and refuse one that would grade wrongly.

A set is a folder ``psNN_topic/`` with ``psNN_topic.py`` (the notebook as percent source, answers and hidden tests too),
modules beside it that only its hidden tests use, and a folder ``files/`` with what students need besides the notebook.
"""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import BuildError, GraderError
from autograder.files import replace_folder
from autograder.lint import lint
from autograder.restore import grade_id_of
from autograder.settings import Settings

__all__ = ["build", "read_source"]

HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)^### END HIDDEN TESTS$", re.MULTILINE | re.DOTALL)
BROKEN_HEAD = re.compile(r"^(# *)?%%.*nbgrader *=", re.MULTILINE)  # `# %%nbgrader=` begins no cell, for want of a space
IMPORT = re.compile(r"^from (\w+) import (\w+) as (\w+)(?: *#.*)?$", re.MULTILINE)


def build(folder: Path, source_root: Path) -> Path:
    """Build the set in ``folder`` into ``source_root/<set>/`` and return that directory.

    Raises
    ------
    BuildError
        If the set has no source, or its cells break a rule (:mod:`autograder.lint`).
    """
    import nbformat

    notebook = read_source(folder)
    strays = sorted(str(path.relative_to(folder)) for path in (folder / "files").rglob("*.ipynb"))
    if strays:
        raise BuildError(f"{folder.name}: nbgrader would hand {', '.join(strays)} to nobody or have it graded: leave it out")
    with replace_folder(source_root / folder.name) as target:
        if (folder / "files").is_dir():
            shutil.copytree(folder / "files", target, dirs_exist_ok=True)
        (target / f"{folder.name}.ipynb").write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return source_root / folder.name


def read_source(folder: Path):
    """Read a set's percent source as a checked nbgrader notebook whose hidden tests need no module beside them."""
    import jupytext
    from nbformat import from_dict

    path = folder / f"{folder.name}.py"
    if not path.is_file():
        raise BuildError(f"{folder} has no {path.name}: a set's percent source bears the name of its folder")
    notebook = jupytext.read(path, fmt="py:percent")
    kept = {key: notebook.metadata[key] for key in ("kernelspec", "autograder") if key in notebook.metadata}
    notebook.metadata = from_dict(kept)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    problems = []
    for index, cell in enumerate(notebook.cells):
        if "incorrectly_encoded_metadata" in cell.metadata or BROKEN_HEAD.search(cell.source):
            problems.append(f"cell {index} has metadata that cannot be read: {cell.source[:40]!r}")
        cell.metadata = {key: cell.metadata[key] for key in ("nbgrader", "tags", "slideshow") if key in cell.metadata}
        cell["id"] = grade_id_of(cell) or f"text-{index:02d}"
        if cell.cell_type == "code":
            cell.source = _inline_hidden_imports(cell.source, folder)
            problems += [f"cell {cell['id']!r} {problem}" for problem in _left_behind(cell.source, folder)]
    try:
        Settings.read(notebook.metadata.get("autograder", {}))
    except GraderError as error:
        problems.append(str(error))
    problems += lint(notebook)
    if problems:
        raise BuildError(f"{path.name}: " + "; ".join(problems))
    return notebook


def _inline_hidden_imports(source: str, folder: Path) -> str:
    """Put what a hidden region imports from a module beside the source in place of the import."""

    def inline(found: re.Match) -> str:
        module, name, alias = found.groups()
        path = folder / f"{module}.py"
        if not path.is_file():
            return found.group()
        try:
            text = module_part(path.read_text(encoding="utf-8"), name)
        except (KeyError, SyntaxError) as error:
            raise BuildError(f"{path.name} beside {folder.name}.py has no {name!r} that can be read: {error}") from error
        for problem in _left_behind(text, folder):
            raise BuildError(f"{path.name} beside {folder.name}.py {problem}")
        text = text.replace("\\", "\\\\").replace("'''", r"\'\'\'")
        return f"{alias} = {{}}\nexec('''\n{text}''', {alias})\n{alias} = {alias}[{name!r}]"

    return HIDDEN.sub(lambda region: IMPORT.sub(inline, region.group()), source)


def _left_behind(source: str, folder: Path) -> Iterator[str]:
    """Find imports of modules beside the source, which nobody has where the notebook runs."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for module in sorted(filter(None, modules)):
        if (folder / f"{module.partition('.')[0]}.py").is_file():
            yield f"imports {module}: only `from {module} import NAME as test_NAME` in a hidden test's first column will do"


def module_part(text: str, name: str) -> str:
    """Keep of a module's text what ``name`` needs: all statements but those that belong to another bank.

    >>> print(module_part("A = Bank('A')\\nB = Bank('B')\\n@A('x')\\ndef f(): ...\\n@B('y')\\ndef g(): ...", "A"))
    A = Bank('A')
    <BLANKLINE>
    @A('x')
    def f(): ...
    <BLANKLINE>
    """
    tree, lines = ast.parse(text), text.split("\n")
    assigned = {target for node in tree.body for target in _targets(node)}
    if name not in assigned | {getattr(node, "name", None) for node in tree.body}:
        raise KeyError(f"nothing at its top level is called {name}")
    others = ({_decorator(node) for node in tree.body} & assigned) - {name}
    kept = []
    for node in tree.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if docstring or _decorator(node) in others or _targets(node) & others:
            continue
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        kept.append("\n".join(lines[first - 1 : node.end_lineno]) + "\n")
    return "\n".join(kept)


def _targets(node: ast.stmt) -> set[str]:
    """Name what an assignment binds."""
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _decorator(node: ast.stmt) -> str | None:
    """Name the bank whose decorator a definition bears, as in ``@Adam("...")``."""
    for decorator in getattr(node, "decorator_list", []):
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name):
            return decorator.func.id
    return None
