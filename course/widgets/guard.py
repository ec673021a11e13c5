"""Nothing that a lecturer types or a student passes in ends in a traceback: it becomes a sentence in the demo."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from course.errors import CourseError
from course.widgets.views import Frame


def guarded(picture: Callable[[], Frame]) -> Frame:
    """Return the frame that `picture` makes, or one whose problem says why there is none.

    >>> guarded(lambda: 1 / 0).problem
    'There is no picture for these settings (ZeroDivisionError: division by zero).'
    """
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return picture()
    except CourseError as error:
        return Frame(problem=str(error))
    except Exception as error:  # whatever it is, the lecture goes on
        return Frame(problem=f"There is no picture for these settings ({type(error).__name__}: {error}).")
