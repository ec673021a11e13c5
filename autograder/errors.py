"""What goes wrong, told to a person: one line that says what, and what to do."""

__all__ = ["BuildError", "EntryRefusedError", "GraderError", "InputError", "NotRecordedError"]


class GraderError(Exception):
    """The command cannot go on. The message is one line: what is wrong, and what to do about it."""

    status = 1  # of the command that ends with it: docs/commands.md


class InputError(GraderError):
    """What the command was given cannot be used: a notebook that is none, a name that fits nothing."""

    status = 2


class BuildError(GraderError):
    """A problem set's source breaks a rule of the build."""


class NotRecordedError(GraderError):
    """The gradebook takes nothing at the moment; what was to be recorded is still to be recorded."""


class EntryRefusedError(GraderError):
    """The gradebook will never take this entry, such as a student whose name is longer than it has room for."""
