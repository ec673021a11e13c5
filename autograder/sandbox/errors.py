"""What the sandbox refuses, and why."""

from __future__ import annotations

__all__ = ["FilesRefused", "SandboxError", "SandboxUnavailable"]


class SandboxError(Exception):
    """The sandbox did not do what it was asked for; the message says what and why."""


class SandboxUnavailable(SandboxError):  # noqa: N818
    """This machine cannot build the walls; the message names what to install or to enable."""


class FilesRefused(SandboxError):  # noqa: N818
    """A submission's files cannot be put into the sandbox; the message names the file and the reason."""
