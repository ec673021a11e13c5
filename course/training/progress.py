"""A progress bar over the epochs, in a notebook or a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from course.errors import MissingPackageError
from course.training.history import History


@contextmanager
def progress_bar(show: bool, epochs: int, done: int) -> Iterator[Callable[[History], None]]:
    """Give out a function to be called after each epoch; it moves the bar and writes the losses beside it.

    Parameters
    ----------
    show
        Whether there is a bar at all.
    epochs, done
        How many there will have been at the end, and how many there have been already.

    Raises
    ------
    MissingPackageError
        When a bar is asked for and tqdm is not installed.

    >>> with progress_bar(False, 10, 0) as advance:
    ...     advance(History())
    """
    if not show:
        yield lambda history: None
        return
    try:
        from tqdm.auto import tqdm
    except ModuleNotFoundError as missing:
        raise MissingPackageError("fit: the bar needs tqdm, which is not installed; use: pip install tqdm") from missing
    with tqdm(total=epochs, initial=done, unit="epoch") as bar:

        def advance(history: History) -> None:
            losses = {"loss": history.train_loss, "validation": history.validation_loss}
            bar.set_postfix({name: f"{curve[-1]:.4g}" for name, curve in losses.items() if curve}, refresh=False)
            bar.update()

        yield advance
