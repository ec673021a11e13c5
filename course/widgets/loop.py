"""Training, a few frames at a time: the browser asks for the next ones when it has drawn the last.

Nothing runs by itself. Between two questions the training rests, so pausing is not asking, and a slow browser is never
flooded. Questions may come from another thread than the cells: JupyterLab hands widgets' messages to a sub-shell while a
cell is busy. So all that changes the training holds the lock.
"""

from __future__ import annotations

import threading
from typing import Any, Protocol

from course.widgets.guard import guarded
from course.widgets.views import Frame


class Trainer(Protocol):
    """What can be trained live."""

    def restart(self, **values: Any) -> None:
        """Begin anew with these settings."""

    def change(self, **values: Any) -> None:
        """Go on with these settings; what cannot be changed on the way (the data, the width) begins anew."""

    def advance(self) -> None:
        """Train on, by as much as one frame shows."""

    def picture(self) -> Frame:
        """Return what is to be seen now."""

    def code(self) -> str:
        """Return a code cell that comes to what is on the screen."""


class Loop:
    """A trainer that one thread at a time may touch."""

    def __init__(self, trainer: Trainer):
        self._trainer = trainer
        self._lock = threading.RLock()

    def restart(self, **values: Any) -> Frame:
        return self._do(lambda: self._trainer.restart(**values))

    def change(self, **values: Any) -> Frame:
        return self._do(lambda: self._trainer.change(**values))

    def advance(self, frames: int) -> list[Frame]:
        """Return the next frames; after a problem there are no more."""
        made: list[Frame] = []
        while len(made) < frames and not (made and made[-1].problem):
            made.append(self._do(self._trainer.advance))
        return made

    def code(self) -> str:
        with self._lock:
            return self._trainer.code()

    def _do(self, action) -> Frame:
        def picture() -> Frame:
            action()
            return self._trainer.picture()

        with self._lock:
            return guarded(picture)
