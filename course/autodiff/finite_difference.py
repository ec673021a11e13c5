"""Derivatives from values alone: move an entry a little, see how the outputs change, divide by the step."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.errors import DtypeError, RangeError, ShapeError

Function = Callable[[np.ndarray], Any]
EPS = float(np.finfo(np.float64).eps)
BALANCE = {"forward": EPS ** (1 / 2), "central": EPS ** (1 / 3), "complex": 1e-20}  # where truncation equals rounding
STEP = BALANCE["central"]


def forward_difference(f: Function, x: Any, *, h: float | None = None) -> np.ndarray:
    r"""Return the gradient of a scalar function by forward differences.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h_i e_i) - f(x)}{h_i}, \qquad \text{error } O(h_i)

    Parameters, result and errors are those of `central_difference`; the default step is
    :math:`h_i = \sqrt{\epsilon}\, \max(1, |x_i|)`, about 1.5e-8, and f is evaluated x.size + 1 times.

    >>> forward_difference(lambda x: (x**3).sum(), [1.0, 2.0]).round(3)
    array([ 3., 12.])
    """
    return numerical_vjp(_scalar(f, "forward_difference"), x, 1.0, h=h, scheme="forward")


def central_difference(f: Function, x: Any, *, h: float | None = None) -> np.ndarray:
    r"""Return the gradient of a scalar function by central differences.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h_i e_i) - f(x - h_i e_i)}{2 h_i},
        \qquad \text{error } O(h_i^2)

    Parameters
    ----------
    f
        Takes an array of x's shape and returns one number.
    x
        Where to differentiate: any shape; computed in float64 whatever its type, and left as it is.
    h
        The step of every entry. By default :math:`h_i = \sqrt[3]{\epsilon}\, \max(1, |x_i|)`, about 6e-6.

    Returns
    -------
    numpy.ndarray
        The gradient, of x's shape, in float64.

    Raises
    ------
    ShapeError
        When f returns more than one number: `numerical_vjp` and `numerical_jacobian` differentiate such functions.
    RangeError
        When h is not positive.

    Notes
    -----
    Decks 000 and 001, "The Finite Difference Method"; 2·x.size evaluations of f.

    >>> central_difference(lambda x: (x**3).sum(), [1.0, 2.0]).round(6)
    array([ 3., 12.])
    """
    return numerical_vjp(_scalar(f, "central_difference"), x, 1.0, h=h)


def complex_step(f: Function, x: Any, *, h: float | None = None) -> np.ndarray:
    r"""Return the gradient of a scalar function by steps along the imaginary axis.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{\operatorname{Im} f(x + \mathrm{i} h e_i)}{h},
        \qquad \text{error } O(h^2)

    Nothing is subtracted, so that nothing cancels: h may be so small, 1e-20 by default, that the truncation error
    vanishes, and the result is right to the last digits. In return f must be analytic and computed with NumPy on
    complex numbers: no `abs`, `max`, comparison or transposition with conjugates.

    Parameters and result are those of `central_difference`; f is evaluated x.size times.

    Raises
    ------
    DtypeError
        When f returns a real number for a complex argument, and so has lost the derivative.

    >>> complex_step(lambda x: (x**3).sum(), [1.0, 2.0])
    array([ 3., 12.])
    """
    return numerical_vjp(_scalar(f, "complex_step"), x, 1.0, h=h, scheme="complex")


def numerical_vjp(f: Function, x: Any, g_out: Any, *, h: float | None = None, scheme: str = "central") -> np.ndarray:
    r"""Return the gradient of :math:`\sum_k f_k(x)\, g_k` by finite differences: what backward(g_out) must return.

    Parameters
    ----------
    f
        Takes an array of x's shape and returns an array of g_out's shape.
    x
        Where to differentiate: any shape; computed in float64 whatever its type, and left as it is.
    g_out
        The upstream gradient. Let it be random: ones hide a missing transpose and the whole of softmax.
    h
        The step of every entry; by default `best_step` for a function of scale :math:`\max(1, |x_i|)`.
    scheme
        ``"forward"``, ``"central"`` or ``"complex"``.

    Returns
    -------
    numpy.ndarray
        The gradient, of x's shape, in float64.

    Raises
    ------
    ShapeError
        When f(x) and g_out differ in shape.
    RangeError
        When h is not positive, or the scheme has another name.

    >>> numerical_vjp(np.sin, [0.0, np.pi], [3.0, 5.0]).round(6)
    array([ 3., -5.])
    """
    x, g_out = np.array(x, dtype=np.float64), np.asarray(g_out, dtype=np.float64)
    gradient = np.empty_like(x)
    for i, change, width in _changes(f, x, h, scheme):
        if change.shape != g_out.shape:
            raise ShapeError(f"numerical_vjp: g_out must have the shape of f(x), {change.shape}, got {g_out.shape}")
        gradient[i] = (change * g_out).sum() / width
    return gradient


def numerical_jacobian(f: Function, x: Any, *, h: float | None = None, scheme: str = "central") -> np.ndarray:
    r"""Return all derivatives :math:`J_{ki} = \partial f_k / \partial x_i` by finite differences.

    Parameters and errors are those of `numerical_vjp`.

    Returns
    -------
    numpy.ndarray
        Of the shape of f(x) followed by the shape of x, in float64.

    >>> numerical_jacobian(lambda x: x[0] * x, [2.0, 3.0]).round(6)
    array([[4., 0.],
           [3., 2.]])
    """
    x = np.array(x, dtype=np.float64)
    columns = [change / width for _, change, width in _changes(f, x, h, scheme)]
    outputs = columns[0].shape if columns else np.shape(f(x.copy()))
    return np.stack(columns, -1).reshape(outputs + x.shape) if columns else np.empty(outputs + x.shape)


def best_step(scheme: str = "central", scale: Any = 1.0) -> Any:
    r"""Return the step at which the error of a scheme is smallest.

    Values of f carry a rounding error of about :math:`\epsilon |f|`, so that the errors are at most

    .. math:: E_\text{forward}(h) = \frac h2 |f''| + \frac{2\epsilon |f|}{h}, \qquad
        E_\text{central}(h) = \frac{h^2}6 |f'''| + \frac{\epsilon |f|}{h},

    and smallest at :math:`h = \epsilon^{1/2} L` with :math:`L = 2\sqrt{|f/f''|}`, and at :math:`h = \epsilon^{1/3} L`
    with :math:`L = \sqrt[3]{3 |f/f'''|}`. There half of all digits are right, or two thirds. The complex step has no
    rounding error of that kind: there h need only be small.

    Parameters
    ----------
    scheme
        ``"forward"``, ``"central"`` or ``"complex"``.
    scale
        The length L over which f changes in earnest: a number or an array. Where nothing is known,
        :math:`\max(1, |x|)` is the usual guess.

    Returns
    -------
    float or numpy.ndarray
        The step, of scale's shape.

    Raises
    ------
    RangeError
        When the scheme has another name.

    >>> f"{best_step('forward'):.1e} {best_step('central'):.1e} {best_step('complex'):.1e}"
    '1.5e-08 6.1e-06 1.0e-20'
    """
    if scheme not in BALANCE:
        raise RangeError(f"best_step: scheme must be {', '.join(BALANCE)}, got {scheme!r}")
    return BALANCE[scheme] * scale


def error_by_step(f: Function, x: Any, exact: Any, steps: Any, *, scheme: str = "central") -> np.ndarray:
    r"""Return how wrong a scheme is at each of several steps: the V of truncation and rounding, in a log-log picture.

    Parameters
    ----------
    f, x, scheme
        As in `numerical_jacobian`.
    exact
        The right derivatives, of the Jacobian's shape.
    steps
        Positive numbers, shape (K,).

    Returns
    -------
    numpy.ndarray
        The largest absolute error over all entries at each step, shape (K,).

    >>> error_by_step(np.exp, 0.0, 1.0, [1e-2, 1e-5, 1e-12]).round(5)
    array([2.e-05, 0.e+00, 3.e-05])
    """
    return np.array([np.abs(numerical_jacobian(f, x, h=h, scheme=scheme) - exact).max(initial=0.0) for h in steps])


def relative_error(a: Any, b: Any) -> float:
    r"""Return the largest :math:`|a_i - b_i| / \max(|a_i|, |b_i|)`, where 0 against 0 counts as 0.

    Parameters
    ----------
    a, b
        Two arrays of one shape.

    Returns
    -------
    float
        From 0, where they agree, to 2, where some entry has the opposite sign.

    Raises
    ------
    ShapeError
        When they differ in shape.

    >>> relative_error([1.0, 0.0, -2.0], [1.0, 0.0, 2.0])
    2.0
    """
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        raise ShapeError(f"relative_error: a and b must have one shape, got {a.shape} and {b.shape}")
    size = np.maximum(np.abs(a), np.abs(b))
    return float((np.abs(a - b) / np.where(size == 0, 1, size)).max(initial=0.0))


def _changes(f: Function, x: np.ndarray, h: float | None, scheme: str) -> Iterator[tuple]:
    """Give, for every entry of x, its index, the change of all outputs, and the width over which they changed."""
    if h is not None and not h > 0:
        raise RangeError(f"finite differences: h must be positive, got {h}")
    steps = best_step(scheme, np.maximum(1, np.abs(x))) if h is None else np.full(x.shape, float(h))
    # The width is what the step became in floating point, taken before f can change its argument; a step that x
    # swallows whole keeps its nominal width, so that the slope found with it is 0.
    here = _outputs(f, x.copy()) if scheme == "forward" and x.size else None
    for i in np.ndindex(x.shape):
        if scheme == "complex":
            yield i, _imaginary(f, _moved(x.astype(complex), i, 1j * steps[i])), steps[i]
        elif scheme == "forward":
            above = _moved(x, i, steps[i])
            width = above[i] - x[i] or steps[i]
            yield i, _outputs(f, above) - here, width
        else:
            above, below = _moved(x, i, steps[i]), _moved(x, i, -steps[i])
            width = above[i] - below[i] or 2 * steps[i]
            yield i, _outputs(f, above) - _outputs(f, below), width


def _moved(x: np.ndarray, i: tuple, step: complex) -> np.ndarray:
    """Return a fresh copy with one entry moved: f may keep or change what it is given."""
    x = x.copy()
    x[i] += step
    return x


def _outputs(f: Function, x: np.ndarray) -> np.ndarray:
    return np.array(f(x), dtype=np.float64)


def _imaginary(f: Function, x: np.ndarray) -> np.ndarray:
    outputs = np.asarray(f(x))
    if outputs.dtype.kind != "c":
        raise DtypeError(
            f"complex step: f must return complex numbers for complex x, got {outputs.dtype}; "
            "a step of f drops the imaginary part, so use central differences"
        )
    return outputs.imag


def _scalar(f: Function, owner: str) -> Function:
    """Let f return one number and nothing else."""

    def scalar(x: np.ndarray) -> Any:
        value = np.asarray(f(x))
        if value.size != 1:
            raise ShapeError(f"{owner}: f must return one number, got {value.shape}; use numerical_vjp")
        return value.item()

    return scalar
