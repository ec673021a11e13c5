"""A live demo: controls, a picture of panels, and one binary message from the kernel for every change."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from course.widgets.controls import Control
from course.widgets.guard import guarded
from course.widgets.loop import Loop, Trainer
from course.widgets.reel import pack
from course.widgets.views import Frame
from course.widgets.views.colours import COLOURS, DASHES, MAPS

MODULES = "reel", "paint", "axes", "lines", "field", "bars", "graph", "handles", "controls", "stage"
MOST_FRAMES = 10  # of a training, that a browser is given at once
PATIENCE = 0.03  # seconds after which a sweep makes room for other messages


@cache
def module() -> str:
    """Return the views' ES modules as the one that a widget may have: without what they import from each other."""
    parts = [(files("course.widgets.views") / f"{name}.js").read_text(encoding="utf-8") for name in MODULES]
    joined = re.sub(r'^import .* from "\./.*";\n', "", "\n".join(parts), flags=re.MULTILINE)
    return re.sub(r"^export (?!default)(\{.*\};\n)?", "", joined, flags=re.MULTILINE)


class Demo(anywidget.AnyWidget):
    """What a lecturer shows: it is the last line of a cell.

    Parameters
    ----------
    title
        Names the demo, for a screen reader too.
    controls
        In the order in which they stand.
    picture
        Called with all controls' values by name, gives the `Frame`. Not for a demo that trains.
    ask
        The question to the class before anything moves.
    swept
        The name of the slider whose pictures are fetched first. The browser fetches those of the slider that is about to
        be moved, some at a time when nothing else moves, and shows them by itself from then on.
    trainer
        Makes what is trained live, with buttons to play, pause, step, reset and share.
    preview
        For a demo that trains: after how many frames its static picture is taken.
    """

    _esm = module()
    _css = (files("course.widgets.views") / "stage.css").read_text(encoding="utf-8")

    stage = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True, echo_update=False)
    reel = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        title: str,
        controls: Sequence[Control],
        picture: Callable[..., Frame] | None = None,
        *,
        ask: str = "",
        swept: str | None = None,
        trainer: Callable[[], Trainer] | None = None,
        preview: int = 60,
    ):
        self.controls = {control.name: control for control in controls}
        self._picture, self._make_trainer, self._preview = picture, trainer, preview
        self._lock, self._sent = threading.RLock(), 0
        self._settings = {name: control.value for name, control in self.controls.items()}
        self._loop = Loop(trainer()) if trainer else None
        first = self._loop.restart(**self._settings) if self._loop else self.frame()
        super().__init__(
            stage={
                "title": title, "ask": ask, "swept": swept, "trains": bool(trainer),
                "controls": [control.described() for control in controls],
                "colours": COLOURS, "dashes": DASHES, "maps": MAPS,
            },
            values=dict(self._settings),
            reel=pack([first], purpose="now", n=0),
        )  # fmt: skip
        self.title = title
        self.observe(self._moved, "values")
        self.on_msg(self._asked)

    def frame(self, **values: Any) -> Frame:
        """Return what is seen at the controls' values, or at others."""
        return guarded(lambda: self._picture(**self._read(self._settings | values)))

    def code(self) -> str:
        """Return a code cell that comes to what a live training shows."""
        return self._loop.code()

    def figure(self):
        """Return the static twin: a Matplotlib figure of what is seen now, or of a training after a while."""
        from course.widgets.views.twin import figure

        return figure(self._static())

    def _static(self) -> Frame:
        if self._loop is None:
            return self.frame()
        again = Loop(self._make_trainer())
        first = again.restart(**self._settings)
        frames = [first, *again.advance(self._preview)]
        return next(frame for frame in reversed(frames) if frame.panels or frame is first)

    def _take(self, moved: dict[str, Any]) -> Frame:
        """Take over the controls' new values, if all are right, and return what is seen then."""
        settings = self._read({name: moved.get(name, value) for name, value in self._settings.items()})
        self._settings = settings
        if moved.get("shown"):
            return Frame()
        return self._loop.change(**settings) if self._loop else self._picture(**settings)

    def _read(self, settings: dict[str, Any]) -> dict[str, Any]:
        return {name: control.read(settings[name]) for name, control in self.controls.items()}

    def _moved(self, change) -> None:
        """Answer a control: the browser counts its moves in ``n``, to know which one is answered."""
        with self._lock:
            moved = change["new"]
            frame = guarded(lambda: self._take(moved))
            if not moved.get("shown") or frame.problem:  # or else the browser had the picture already
                self._tell([frame], purpose="now", n=moved.get("n", 0))

    def _asked(self, _, message: dict[str, Any], __) -> None:
        """Answer a button, or a browser that wants the next frames, or all frames of the swept slider."""
        with self._lock:
            what, n = message.get("do"), message.get("n", 0)
            if what == "sweep" and self._loop is None and message.get("name") in self.controls:
                name, first = message["name"], int(message.get("first", 0))
                self._tell(self._sweep(name, first), purpose="sweep", name=name, first=first, settings=self._settings)
            elif what == "frames" and self._loop:
                frames = self._loop.advance(min(int(message.get("frames", 1)), MOST_FRAMES))
                self._tell(frames, purpose="frames", n=n)
            elif what == "reset" and self._loop:
                self._tell([self._loop.restart(**self._settings)], purpose="now", n=n)
            elif what == "share" and self._loop:
                self._tell([], purpose="share", n=n, code=self.code())

    def _tell(self, frames: Sequence[Frame], **about: Any) -> None:
        """Send one message; it bears a number, since a trait that is set to what it was is not sent."""
        self._sent += 1
        try:
            self.reel = pack(frames, serial=self._sent, **about)
        except Exception as error:
            problem = Frame(problem=f"This picture cannot be shown ({type(error).__name__}: {error}).")
            self.reel = pack([problem], serial=self._sent, **about)

    def _sweep(self, name: str, first: int) -> list[Frame]:
        """Return the frames of a slider from a place on: as many as keep no other move waiting."""
        start, frames = time.perf_counter(), []
        for place in self.controls[name].places()[first:]:
            frames.append(self.frame(**{name: place}))
            if time.perf_counter() - start > PATIENCE:
                break
        return frames

    def _repr_mimebundle_(self, **kwargs: Any):
        """Give the widget, and beside it a picture and a sentence for pages without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        from base64 import b64encode
        from io import BytesIO

        from course.widgets.views.twin import figure

        static, png = self._static(), BytesIO()
        figure(static).savefig(png, format="png", dpi=50)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        end = "" if self.title.endswith((".", "?")) else "."
        words = f"{self.title}{end} {static.summary or static.problem}"
        return data | {"image/png": b64encode(png.getvalue()).decode(), "text/plain": words}, metadata
