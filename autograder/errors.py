"""What goes wrong, told to a person: one line that says what, and what to do."""

__all__ = ["BuildError", "EntryRefusedError", "GraderError", "NotRecordedError"]


class GraderError(Exception):
    """The command cannot go on. The message is one line: what is wrong, and what to do about it."""


class BuildError(GraderError):
    """A problem set's source breaks a rule of the build."""


class NotRecordedError(GraderError):
    """The gradebook takes nothing at the moment; what was to be recorded is still to be recorded."""


class EntryRefusedError(GraderError):
    """The gradebook will never take this entry, such as a student whose name is longer than it has room for."""
