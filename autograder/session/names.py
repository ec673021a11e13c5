"""The namespace in which test cells run: their own names first, then the student's."""

from __future__ import annotations

import builtins
from collections.abc import Collection
from typing import Any

__all__ = ["Names"]


class Names(dict):
    """Names of the tests, and behind them those that the student declares, which are asked for at each use.

    To bind or to delete one of the student's names at the top level of a test cell does so in the student's notebook.

    Parameters
    ----------
    session : Session
        Where the student's names live. It may be replaced when the student's process was started anew.
    declared : collection of str
        The student's names.
    """

    def __init__(self, session: Any, declared: Collection[str]):
        super().__init__()
        self.session, self.declared = session, frozenset(declared)
        self["__builtins__"] = _Builtins(self)

    def __missing__(self, name: str) -> Any:
        if name in self.declared:
            try:
                return self.session.get(name)
            except NameError:
                pass
        return vars(builtins)[name]

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name) or name not in self.declared:
            return super().__contains__(name)
        try:
            self.session.get(name)
        except NameError:
            return False
        return True

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self.declared:
            self.session.set(name, value)
        else:
            super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        if name in self.declared:
            self.session.delete(name)
        else:
            super().__delitem__(name)

    def update(self, *others: Any, **names: Any) -> None:
        for name, value in dict(*others, **names).items():
            self[name] = value

    def setdefault(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        if name not in self and default:
            return default[0]
        value = self[name]
        del self[name]
        return value


class _Builtins(dict):
    """Python's own names; where a class's body asks it for one that Python has not, it may be the student's."""

    def __init__(self, names: Names):
        super().__init__(vars(builtins))
        self._names = names

    def __missing__(self, name: str) -> Any:
        return self._names[name]
