"""The stop button, which ends a training between two steps and never within one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class StopButton:
    """Keeps a press of the stop button waiting while a ``with`` block on it runs, and passes it on afterwards.

    A second press during the same block is not kept waiting: it is for a block that hangs.

    >>> button = StopButton()
    >>> try:
    ...     with button:
    ...         button.press()
    ...         print("to the end of the block")
    ... except KeyboardInterrupt:
    ...     print("and no further")
    to the end of the block
    and no further
    """

    def __init__(self) -> None:
        self.holding = self.pressed = False

    def press(self, *signal_and_frame: Any) -> None:
        """Note the press, or raise KeyboardInterrupt where there is nothing to wait for."""
        if self.pressed or not self.holding:
            self.pressed = False
            raise KeyboardInterrupt
        self.pressed = True

    def __enter__(self) -> None:
        self.holding = True

    def __exit__(self, *error: object) -> None:
        self.holding = False
        if self.pressed:
            self.press()


@contextmanager
def stop_button() -> Iterator[StopButton]:
    """Let a `StopButton` take the presses (SIGINT) for the length of a ``with`` block.

    Only Python's own way to take them is replaced, never a handler of the user's, and only in the main thread, to which
    signals go. Trainings may be nested.
    """
    import signal
    import threading

    button = StopButton()
    handler = signal.getsignal(signal.SIGINT)
    ours = handler is signal.default_int_handler or isinstance(getattr(handler, "__self__", None), StopButton)
    if not ours or threading.current_thread() is not threading.main_thread():
        yield button
        return
    try:
        with button:
            signal.signal(signal.SIGINT, button.press)
        yield button
    finally:
        with button:
            signal.signal(signal.SIGINT, handler)
