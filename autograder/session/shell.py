"""An IPython shell without a kernel: it runs a cell and gives what a notebook would store as the cell's outputs.

Both sides of the wall run their cells in one. It is made once in a process that is then forked, because making it costs more
than running a small notebook.
"""

from __future__ import annotations

import base64
import builtins
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import lru_cache
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

__all__ = ["Outputs", "Shell"]

TOO_LARGE = "an output too large to keep"
DROPPED = "\n... the rest of the output was dropped ...\n"


class Outputs(list):
    """The outputs of one cell, as nbformat writes them, within limits.

    Parameters
    ----------
    text : int
        How many characters of printed text are kept.
    rich : int
        How many characters all pictures, tables and results may have together; one too many is replaced by a word.
    """

    def __init__(self, text: int = 100_000, rich: int = 5_000_000):
        super().__init__()
        self.text, self.rich = text, rich

    def write(self, name: str, said: str) -> None:
        """Add what was printed to ``name``, ``stdout`` or ``stderr``."""
        if not said or self.text < 0:
            return
        kept, self.text = said[: self.text], self.text - len(said)
        kept += DROPPED if self.text < 0 else ""
        if self and self[-1]["output_type"] == "stream" and self[-1]["name"] == name:
            self[-1]["text"] += kept
        else:
            self.append({"output_type": "stream", "name": name, "text": kept})

    def show(self, kind: str, data: dict[str, Any], metadata: dict[str, Any], **more: Any) -> None:
        """Add a result or what was displayed."""
        data = {mime: _as_json(value) for mime, value in data.items()}
        size = sum(len(str(value)) for value in data.values())
        if size > self.rich:
            data, metadata, size = {"text/plain": TOO_LARGE}, {}, len(TOO_LARGE)
        self.rich -= size
        self.append({"output_type": kind, "data": data, "metadata": metadata or {}, **more})


class Shell:
    """Runs cells, one after the other, in one namespace.

    Parameters
    ----------
    names : dict, optional
        The namespace, which may be a subclass of dict.

    Attributes
    ----------
    names : dict
    count : int
        The number of cells that were run.
    """

    _prepared: InteractiveShell | None = None

    def __init__(self, names: dict[str, Any] | None = None):
        self.ipython = self.prepare()
        self.names = {} if names is None else names
        self.names["__name__"] = "__main__"
        self.ipython.user_module, self.ipython.user_ns = self.ipython.prepare_user_module(None, self.names)
        sys.modules["__main__"] = self.ipython.user_module
        self.ipython.init_user_ns()

    @classmethod
    def prepare(cls) -> InteractiveShell:
        """Make the IPython shell of this process, once; a process that is going to fork does so beforehand."""
        if cls._prepared is None:
            config = Config()
            config.HistoryManager.enabled = False
            config.InteractiveShell.colors = "nocolor"
            cls._prepared = _make_class().instance(config=config, user_ns={})
            cls._prepared.transform_cell = lru_cache(maxsize=1000)(cls._prepared.transform_cell)
            _draw_inline(cls._prepared)
            for source in ("1.0", "display('')"):  # which makes what IPython makes at its first output
                cls._prepared.run_cell(source, store_history=False)
        return cls._prepared

    @property
    def count(self) -> int:
        return self.ipython.execution_count - 1

    def run(self, source: str, outputs: Outputs | None = None) -> dict[str, Any]:
        """Run one cell.

        Returns
        -------
        dict
            ``outputs``, a list of nbformat's outputs as plain dicts; ``count``, the cell's execution count; and ``ok``,
            whether it raised nothing.
        """
        kept = self.ipython.kept = Outputs() if outputs is None else outputs
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")  # what a call drew between two cells is no cell's picture
        with redirect_stdout(_Stream(kept, "stdout")), redirect_stderr(_Stream(kept, "stderr")):
            result = self.ipython.run_cell(source, store_history=True)
        if not result.success and not any(output["output_type"] == "error" for output in kept):
            kept.append(_unshown(result.error_in_exec or result.error_before_exec))
        for output in kept:
            if output["output_type"] == "execute_result":
                output["execution_count"] = self.count
        return {"outputs": list(kept), "count": self.count, "ok": bool(result.success)}


class _Stream(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr while a cell runs."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, outputs: Outputs, name: str):
        self.outputs, self.stream = outputs, name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.outputs.write(self.stream, text)
        return len(text)

    def writable(self) -> bool:
        return True


class _Hook(DisplayHook):
    """Keeps the value of a cell's last expression."""

    def write_output_prompt(self) -> None: ...

    def finish_displayhook(self) -> None: ...

    @staticmethod
    def semicolon_at_end_of_expression(expression: str) -> bool:
        """Tell whether a semicolon hides the value: IPython takes the whole cell apart for that, however long it is."""
        code = [line for line in expression.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        return bool(code) and ";" in code[-1] and DisplayHook.semicolon_at_end_of_expression(expression)

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.kept.show("execute_result", format_dict, md_dict or {})


class _Publisher(DisplayPublisher):
    """Keeps what is displayed."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **kwargs) -> None:
        if not update:
            self.shell.kept.show("display_data", data, metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.kept.clear()


def _make_class() -> type[InteractiveShell]:
    class Quiet(InteractiveShell):
        displayhook_class = Type(_Hook)
        display_pub_class = Type(_Publisher)
        kept = Outputs()

        def _showtraceback(self, etype, evalue, stb) -> None:
            self.kept.append(
                {"output_type": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": [*map(str, stb)]}
            )

        def ask_exit(self) -> None:
            """Go on: `exit()` in a cell ends nothing."""

        def init_builtins(self) -> None:
            super().init_builtins()
            builtins.input = _no_input

        def init_io(self) -> None: ...

        def enable_gui(self, gui: str | None = None) -> None: ...

    return Quiet


def _unshown(error: BaseException) -> dict[str, Any]:
    """Stand for an error that IPython could not show, and then shows nothing of: a failed cell always has an error."""
    name, text = type(error).__name__, "an error that cannot be shown"
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}


def _no_input(prompt: object = "") -> str:
    raise EOFError("nobody is there to answer input(): a notebook that is graded runs by itself")


def _draw_inline(ipython: InteractiveShell) -> None:
    """Let figures appear below the cell that draws them, where Matplotlib is loaded beforehand."""
    if "matplotlib.pyplot" in sys.modules:
        ipython.run_line_magic("matplotlib", "inline")


def _as_json(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
