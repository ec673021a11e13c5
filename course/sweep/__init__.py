"""Sweeps: many networks trained at once, as stacked arrays, with results equal to training them one by one."""

from course.sweep.result import Sweep
from course.sweep.run import sweep
from course.sweep.settings import grid

__all__ = ["Sweep", "grid", "sweep"]
