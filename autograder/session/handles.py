"""What stands for an object of the student's in the process of the tests."""

from __future__ import annotations

from functools import cache
from typing import Any

from autograder.session.fixed import fixed
from autograder.session.lending import Proxy
from autograder.session.wire import CALLABLE, ITERATOR

__all__ = ["Handle", "handle_class"]


class Handle(Proxy):
    """An object of the student's, in the process of the tests.

    It has the object's attributes, items, length and text, each asked for at the time. It says nothing on ``==``, order or
    truth, and is no number and no array: those answers would be the student's code judging itself.
    """

    __slots__ = ()
    __array_ufunc__ = None  # then NumPy leaves arithmetic to us

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__name__", "__qualname__", "__dict__"):
            raise AttributeError(f"{self._wall_name!r} object of the student's: {name} cannot be asked for", name=name)
        return fixed(self._wall_ask("attr", name))

    def __setattr__(self, name: str, value: Any) -> None:
        self._wall_ask("setattr", name, value)

    def __getitem__(self, key: Any) -> Any:
        return fixed(self._wall_ask("item", key))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._wall_ask("setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        self._wall_ask("delitem", key)

    def __len__(self) -> int:
        return self._wall_peer.exact(self._wall_ask("len"), int)

    def __iter__(self) -> Any:
        source = self._wall_peer.exact(self._wall_ask("iter"), Handle)
        while found := source._wall_ask("next"):
            yield fixed(found[0])

    def __str__(self) -> str:
        return self._wall_peer.exact(self._wall_ask("str"), str)

    def __repr__(self) -> str:
        if self._wall_peer.ended:
            return f"<{self._wall_name} of an ended session>"
        return self._wall_peer.exact(self._wall_ask("repr"), str)

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, Handle) and self._wall_peer.exact(self._wall_ask("isinstance", instance), bool)

    def __subclasscheck__(self, kind: Any) -> bool:
        return isinstance(kind, Handle) and self._wall_peer.exact(self._wall_ask("issubclass", kind), bool)

    def __call_by_value__(self, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, tuple, list, bool]:
        """Call, and tell what became of the arguments.

        Returns
        -------
        result : Any
        args : tuple
            The positional arguments as they are after the call.
        arrays : list of numpy.ndarray
            The arrays that the arguments held before the call, as they are after it.
        shared : bool
            Whether an array of the result shares memory with one of those.
        """
        return self._wall_peer.exact(self._wall_ask("call_by_value", args, kwargs), tuple)


class _Callable:
    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._wall_ask("call_with", args, kwargs) if kwargs else self._wall_ask("call", *args)


class _Iterator:
    __slots__ = ()

    def __next__(self) -> Any:
        for value in self._wall_ask("next"):
            return fixed(value)
        raise StopIteration


class _Arithmetic:
    """Arithmetic gives another object of a declared class, never a number: a number could be made up to please the test."""

    __slots__ = ()


def _operator(name: str, *, reflected: bool) -> Any:
    def apply(self, *other: Any) -> Any:
        result = self._wall_peer.ask("operator", 0, name, *((*other, self) if reflected else (self, *other)))
        if not isinstance(result, _Arithmetic):
            raise TypeError(f"{name} of a {self._wall_name} must give a {self._wall_name}, not {type(result).__name__}")
        return result

    return apply


for _name in "add sub mul truediv floordiv mod pow matmul".split():
    setattr(_Arithmetic, f"__{_name}__", _operator(_name, reflected=False))
    setattr(_Arithmetic, f"__r{_name}__", _operator(_name, reflected=True))
for _name in "neg", "pos":
    setattr(_Arithmetic, f"__{_name}__", _operator(_name, reflected=False))


def _refusal(what: str, instead: str) -> Any:
    def refuse(self, *args: Any) -> Any:
        raise TypeError(f"{what} an object of the student's ({self._wall_name}) is not possible in a test: {instead}")

    return refuse


_REFUSED = {
    ("comparing", "compare numbers, lists or arrays that it holds or that its methods return"): "eq ne lt le gt ge contains",
    ("asking for the truth of", "ask whether it is None, or for what it holds"): "bool",
    ("making a number of", "ask for the number that it holds"): "int float complex index round abs",
    ("giving NumPy", "give NumPy the arrays that it holds or that its methods return"): "array array_function",
    ("copying or pickling", "make another one with the student's class"): "copy deepcopy reduce reduce_ex",
    ("deriving from", "let the student's cell do it, or use it as it is"): "mro_entries",
}
for (_what, _instead), _names in _REFUSED.items():
    for _name in _names.split():
        setattr(Handle, f"__{_name}__", _refusal(_what, _instead))
Handle.__hash__ = object.__hash__


@cache
def handle_class(flags: int, arithmetic: bool) -> type[Handle]:
    """Give the class of handles for objects that can do this: so that ``callable(handle)`` tells the truth."""
    mixed = [(_Callable, flags & CALLABLE), (_Iterator, flags & ITERATOR), (_Arithmetic, arithmetic)]
    doc = property(lambda self: self._wall_ask("attr", "__doc__"))
    return type("Handle", (*(kind for kind, wanted in mixed if wanted), Handle), {"__slots__": (), "__doc__": doc})
