"""What formulas, dual numbers and values on the tape have in common: they go where NumPy's numbers go."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.autodiff.compositions import COMPOSITIONS
from course.autodiff.derivatives import PARTIALS
from course.errors import CourseError

COMPARISONS = {np.less, np.less_equal, np.greater, np.greater_equal}
HAVE_NO_DERIVATIVE = {np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.argmax, np.argmin}


class Differentiable:
    """Something that a function written with NumPy takes in place of a number.

    Operators and NumPy's elementwise functions end in `apply`, NumPy's other functions in `apply_function`; a subclass
    says what these do. `PARTIALS` has the derivatives of all functions that `apply` is called with.
    """

    __slots__ = ()

    def apply(self, function: Callable, *inputs: Any) -> Any:
        """Return an elementwise function of the inputs, one of which is of this kind."""
        raise NotImplementedError

    def apply_function(self, function: Callable, *inputs: Any, **options: Any) -> Any:
        """Return another of NumPy's functions of the inputs, such as `numpy.sum`."""
        if function in COMPOSITIONS:
            return COMPOSITIONS[function](*inputs, **options)
        raise self.refusal(function)

    def plain(self) -> Any:
        """Return the number or the array without its derivative: what comparisons look at."""
        raise self.refusal(np.greater)

    def refusal(self, function: Callable) -> CourseError:
        """Make the error for a function that has no derivative here."""
        name = getattr(function, "__name__", str(function))
        return CourseError(
            f"{type(self).__name__}: {name} has no derivative rule here; "
            "write it with functions that have one, or differentiate by finite differences"
        )

    def __array_ufunc__(self, ufunc: Callable, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "__call__" and not options:
            if ufunc in PARTIALS:
                return self.apply(ufunc, *inputs)
            if ufunc is np.matmul:
                return self.apply_function(ufunc, *inputs)
            if ufunc in COMPARISONS:
                return ufunc(*map(plain, inputs))
        raise self.refusal(ufunc)

    def __array_function__(self, function: Callable, types: Any, inputs: tuple, options: dict) -> Any:
        if function in HAVE_NO_DERIVATIVE:
            return function(*map(plain, inputs), **options)
        return self.apply_function(function, *inputs, **options)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise CourseError(
            f"{type(self).__name__}: cannot become a plain array, which would lose its derivative; "
            "use np.stack in place of np.array, and an expression in place of an assignment into an array"
        )


class DifferentiableArray(Differentiable):
    """One that has a shape, and the methods of arrays."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return np.shape(self.plain())

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(np.prod(self.shape))

    @property
    def T(self) -> Any:  # noqa: N802 - as in NumPy
        """The axes in reverse order."""
        return np.transpose(self)

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Return `numpy.sum` of it."""
        return np.sum(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Return `numpy.mean` of it."""
        return np.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Return `numpy.max` of it."""
        return np.max(self, axis=axis, keepdims=keepdims)

    def min(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Return `numpy.min` of it."""
        return np.min(self, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> Any:
        """Return `numpy.reshape` of it; the shape is a tuple, or one argument for each axis."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def ravel(self) -> Any:
        """Return its entries in one dimension."""
        return np.reshape(self, -1)

    def transpose(self, *axes: Any) -> Any:
        """Return `numpy.transpose` of it."""
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)

    def dot(self, other: Any) -> Any:
        """Return `numpy.dot` of it and another."""
        return np.dot(self, other)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError(f"{type(self).__name__}: a single number has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator:
        return (self[k] for k in range(len(self)))

    def __setitem__(self, index: Any, value: Any) -> None:
        raise CourseError(
            f"{type(self).__name__}: entries cannot be changed in place, because derivatives were computed from them; "
            "build a new one with np.where, np.stack or np.concatenate"
        )


def plain(x: Any) -> Any:
    """Return what is left of an operand without its derivative; constants are left as they are."""
    return x.plain() if isinstance(x, Differentiable) else x


def _operator(name: str, function: Callable) -> None:
    def operator(self: Any, *other: Any) -> Any:
        return function(self, *other)

    def reflected(self: Any, other: Any) -> Any:
        return function(other, self)

    setattr(Differentiable, f"__{name}__", operator)
    if function.nin == 2 and function not in COMPARISONS:
        setattr(Differentiable, f"__r{name}__", reflected)


for _name, _function in {
    **{"add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "pow": np.power, "matmul": np.matmul},
    **{"neg": np.negative, "pos": np.positive, "abs": np.abs},
    **{"lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal},
}.items():
    _operator(_name, _function)
