"""Walls around a student's code: a process that can read its own files, compute, and answer, and nothing else."""

from autograder.sandbox.errors import FilesRefused, SandboxError, SandboxUnavailable
from autograder.sandbox.files import fitting_files
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import Process
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.walls import Walls, describe_walls

__all__ = [
    "FilesRefused", "Limits", "Process", "Sandbox", "SandboxError", "SandboxUnavailable", "Walls", "describe_walls",
    "fitting_files",
]  # fmt: skip
