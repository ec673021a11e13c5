"""The values that go through a computation and remember what they were computed from."""

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np

from course.autodiff.derivatives import ONE_ARGUMENT, PARTIALS, PLAIN
from course.autodiff.differentiable import Differentiable, DifferentiableArray
from course.autodiff.tape import rules
from course.errors import DtypeError

serial_number = count().__next__
recording = True
_new = object.__new__


class Value(DifferentiableArray):
    r"""A node u of a computation graph: its data, what it was computed from, and later :math:`\partial L/\partial u`.

    Write with values what you would write with NumPy; every operation makes a new value. `backward` then fills in the
    gradients of all values that the last one depends on.

    Parameters
    ----------
    data
        A number or an array of floats; an array is copied, so that nothing changes it behind the tape's back.
    name
        What a drawing of the graph calls it.

    Attributes
    ----------
    data : float or numpy.ndarray
        The value itself; arrays are read-only.
    gradient : float, numpy.ndarray or None
        The derivative of what `backward` was last called on, of data's shape; a `Value` when backward was recorded.
        Every backward pass overwrites it.
    inputs : tuple
        What it was computed from, values and constants; empty for a leaf.
    rule
        How it was computed; None for a leaf.
    serial : int
        Every value has a larger number than those it was computed from.

    Raises
    ------
    DtypeError
        When data is not made of real numbers.

    Notes
    -----
    Decks 000 and 001, "Computational Graph"; deck 004, "Backpropagation".

    >>> x = Value(3.0)
    >>> y = x * x + 1
    >>> y.backward()
    >>> y, x.gradient
    (Value(10.0), 6.0)
    """

    __slots__ = ("_data", "_name", "gradient", "inputs", "local", "rule", "serial")

    def __init__(self, data: Any, name: str = ""):
        self._data = data if type(data) is float else _checked(data)
        self.rule, self.inputs, self.local = None, (), ()
        self.gradient, self._name = None, name
        self.serial = serial_number()

    @property
    def data(self) -> Any:
        """The number or the array, which nobody may change."""
        if type(self._data) is not np.ndarray:
            return self._data
        view = self._data.view()
        view.flags.writeable = False
        return view

    @property
    def name(self) -> str:
        """What a drawing of the graph calls it."""
        return getattr(self, "_name", "")

    @name.setter
    def name(self, name: str) -> None:
        self._name = name

    @property
    def dtype(self) -> np.dtype:
        """The dtype of the data."""
        return np.asarray(self._data).dtype

    def plain(self) -> Any:
        return self._data

    def __array_ufunc__(self, ufunc: Callable, method: str, *inputs: Any, **options: Any) -> Any:
        if ufunc in UNARY and method == "__call__" and not options:  # the most frequent case, by the shortest way
            rule, slope = UNARY[ufunc]
            x = self._data
            z = ufunc(x) if type(x) is not float else float(ufunc(x))
            dz = slope(x, z)
            return node(z, rule, (self,), (dz if type(dz) is not np.float64 else float(dz),))
        return super().__array_ufunc__(ufunc, method, *inputs, **options)

    def apply(self, function: Callable, *inputs: Any) -> "Value":
        return Value.record(ELEMENTWISE[function], *inputs)

    def apply_function(self, function: Callable, *inputs: Any, **options: Any) -> "Value":
        if function not in rules.RULES:
            return super().apply_function(function, *inputs, **options)
        rule, inputs = rules.RULES[function](*inputs, **options)
        return Value.record(rule, *inputs)

    def __getitem__(self, index: Any) -> "Value":
        rule, inputs = rules.getitem(self, index)
        return Value.record(rule, *inputs)

    def __repr__(self) -> str:
        return f"Value({self._data}{self.name and f', name={self.name!r}'})"

    @staticmethod
    def record(rule: Any, *inputs: Any) -> "Value":
        """Compute by a rule, and note from what: the way of every operation onto the tape."""
        arrays = tuple([x._data if type(x) is Value else x for x in inputs])
        data = rule.value(*arrays)
        if type(data) is np.float64:
            data = float(data)  # Python's numbers are the fastest
        elif not isinstance(data, PLAIN):
            return NotImplemented
        return node(data, rule, inputs, rule.local(inputs, arrays, data) if rule.local and recording else arrays)


def node(data: Any, rule: Any, inputs: tuple, local: tuple) -> Value:
    """Make the value that an operation returns; where nothing is recorded, a leaf."""
    value = _new(Value)
    value._data = data
    value.gradient = None
    value.serial = serial_number()
    if recording:
        value.rule, value.inputs, value.local = rule, inputs, local
    else:
        value.rule, value.inputs, value.local = None, (), ()
    return value


def _fast_operator(name: str, compute: Callable, rule: rules.Elementwise) -> None:
    """Let two values, or a value and a constant, meet without a detour through NumPy's dispatch."""
    by_x, by_y = rule.partials
    constant = None if callable(by_x) else rule.partials

    def fast(self: Value, other: Any) -> Value:
        x = self._data
        if type(other) is Value:
            y = other._data
            z = compute(x, y)
            return node(z, rule, (self, other), constant or (by_x(x, y, z), by_y(x, y, z)))
        if isinstance(other, PLAIN):
            z = compute(x, other)
            return node(z, rule, (self, other), constant or (by_x(x, other, z), None))
        return NotImplemented

    setattr(Value, f"__{name}__", fast)


@contextmanager
def no_grad() -> Iterator[None]:
    """Record nothing for a while: what is computed inside are leaves, without a way back.

    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.inputs
    ()
    """
    global recording  # noqa: PLW0603 - one switch for all values
    before, recording = recording, False
    try:
        yield
    finally:
        recording = before


def leaf(x: Any) -> Value:
    """Make a value to differentiate by: of an array without a copy, of a value as a new node that depends on it."""
    if isinstance(x, Value):
        return node(x._data, ELEMENTWISE[np.positive], (x,), (1,))
    return node(_checked(x, copy=None), None, (), ())


def _checked(data: Any, *, copy: bool | None = True) -> Any:
    """Bring data to floats; single numbers in double precision become Python's, which are the fastest."""
    if isinstance(data, Differentiable):
        raise DtypeError(f"Value: data must be numbers, got {type(data).__name__}")
    array = np.array(data, copy=copy)
    if array.dtype.kind not in "biuf":
        raise DtypeError(f"Value: data must be real numbers, got {type(data).__name__} of dtype {array.dtype}")
    array = array if array.dtype.kind == "f" else array.astype(np.float64)
    return array if array.ndim else array.item() if array.dtype == np.float64 else array[()]


ELEMENTWISE = {function: rules.Elementwise(function, partials) for function, partials in PARTIALS.items()}
UNARY = {f: (ELEMENTWISE[f], slope) for f, (slope,) in ONE_ARGUMENT.items() if callable(slope)}
for _name, _compute, _function in [
    ("add", operator.add, np.add),
    ("sub", operator.sub, np.subtract),
    ("mul", operator.mul, np.multiply),
    ("truediv", operator.truediv, np.divide),
]:
    _fast_operator(_name, _compute, ELEMENTWISE[_function])
Value.__radd__, Value.__rmul__ = Value.__add__, Value.__mul__
