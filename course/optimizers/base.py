"""What every optimizer does: it counts the steps, keeps the state, and lets a rule change parameters in place."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from course.errors import CourseError, DtypeError, ShapeError, require_range

PIECE = 2**20  # bytes of an array that a rule is given at a time: its intermediate results are no larger either

Number = float | np.ndarray
Rate = Number | Callable[[int], Number]


class Optimizer:
    r"""Changes parameters in place, a step at a time: ``optimizer.step(parameters, gradients)``.

    A subclass names its buffers in `state` and states in `rule` how they and the parameters change. A rule is
    elementwise, so the base class may apply it to a large array piece by piece.

    Parameters
    ----------
    learning_rate
        :math:`\eta > 0`: a number; or a schedule, a function of the step t = 1, 2, 3, … (`course.schedules`); or an
        array that broadcasts against the parameters, one rate for each of several networks. It may be changed between
        steps. The other numbers that optimizers take may be such arrays, too.

    Attributes
    ----------
    t : int
        The number of steps taken.
    buffers : dict of str to numpy.ndarray
        The state by name, each of the parameters' shape; zero before the first step.

    Raises
    ------
    RangeError
        When a hyperparameter is out of its range.
    DtypeError, ShapeError
        When the parameters are no float array that can be changed in place, when their shape or precision is not that
        of earlier steps, or when the gradients have another shape.
    """

    state: ClassVar[tuple[str, ...]] = ()

    def __init__(self, learning_rate: Rate):
        if callable(learning_rate):
            self.learning_rate = learning_rate
        else:
            self.take("(0, inf)", learning_rate=learning_rate)
        self.t = 0
        self.buffers: dict[str, np.ndarray] = {}
        self._at: Any = (None, None)
        self._pieces: list[tuple] = []

    def take(self, interval: str, **hyperparameters: Number) -> None:
        """Keep hyperparameters as attributes, or raise `RangeError` when one is outside the interval."""
        for name, value in hyperparameters.items():
            for bound in (np.min(value), np.max(value)):
                require_range(type(self).__name__, name, bound, interval)
            setattr(self, name, np.asarray(value) if np.ndim(value) else float(value))

    def step(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Take one step: the parameters change in place, the gradients do not."""
        if parameters is not self._at[0] or gradients is not self._at[1]:
            self._bind(parameters, gradients)
        self.t = t = self.t + 1
        eta = self.learning_rate
        if type(eta) is not float:
            eta = eta(t) if callable(eta) else eta
            eta = np.asarray(eta, parameters.dtype) if np.ndim(eta) else float(eta)
        for w, g, state in self._pieces:
            self.rule(w, g, eta, t, *state)

    def rule(self, w: np.ndarray, g: np.ndarray, eta: Number, t: int, *state: np.ndarray) -> None:
        """Change w and the state in place, given the gradient g, the learning rate η and the number t of the step."""
        raise NotImplementedError

    def named_state(self) -> dict[str, np.ndarray]:
        """Return a copy of all that the steps so far have left: the buffers by name, and their number under ``"t"``.

        These are arrays, for `numpy.savez` to write. Hyperparameters are not among them: they are those that the
        optimizer was made with.
        """
        return {"t": np.array(self.t)} | {name: buffer.copy() for name, buffer in self.buffers.items()}

    def load_state(self, arrays: dict[str, np.ndarray]) -> None:
        """Go on from what `named_state` returned, to the same bits; refuse any other and change nothing."""
        t = int(arrays["t"]) if "t" in arrays else 0
        wanted = {"t", *self.state} if t else {"t"}
        if set(arrays) != wanted:
            raise CourseError(f"{self!r}: the state must hold {sorted(wanted)}, got {sorted(arrays)}")
        self.t, self.buffers = t, {name: np.array(arrays[name]) for name in self.state if t}
        self._at = (None, None)

    def _bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Cut parameters, gradients and state into pieces that belong together."""
        if not isinstance(parameters, np.ndarray) or parameters.dtype.kind != "f":
            kind = getattr(parameters, "dtype", type(parameters).__name__)
            raise DtypeError(f"{self!r}: parameters must be an array of floats, changed in place, got {kind}")
        if np.shape(gradients) != parameters.shape:
            raise ShapeError(f"{self!r}: gradients must have shape {parameters.shape}, got {np.shape(gradients)}")
        gradients = np.asarray(gradients)
        buffers = self.buffers or {name: np.zeros_like(parameters) for name in self.state}
        for buffer in buffers.values():
            self._require_same("shape", parameters.shape, buffer.shape, ShapeError)
            self._require_same("precision", parameters.dtype, buffer.dtype, DtypeError)
        self.buffers, self._at = buffers, (parameters, gradients)
        cuts = self._cuts(parameters)
        self._pieces = [(parameters[cut], gradients[cut], [buffer[cut] for buffer in buffers.values()]) for cut in cuts]

    def _cuts(self, parameters: np.ndarray) -> list:
        """Return where to cut: one dimension only, and nowhere when a hyperparameter is an array itself."""
        if parameters.ndim == 0:
            return [None]  # rules work in place, which a number by itself does not allow
        if parameters.ndim != 1 or any(isinstance(value, np.ndarray) for value in vars(self).values()):
            return [...]
        entries = PIECE // parameters.itemsize
        return [slice(k, k + entries) for k in range(0, max(parameters.size, 1), entries)]

    def _require_same(self, what: str, got: Any, before: Any, kind: type[CourseError]) -> None:
        if got != before:
            raise kind(
                f"{self!r}: parameters must keep the {what} of the steps before, {before}, got {got}; "
                "make a new optimizer for another network"
            )

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_at": (None, None), "_pieces": []}  # a copy belongs to no parameters yet

    def __repr__(self) -> str:
        return type(self).__name__


def quotient(factor: Number, top: np.ndarray, squares: np.ndarray, eps: Number) -> np.ndarray:
    r"""Return :math:`f \cdot x / (\sqrt s + \epsilon)`, what all adaptive steps come to, in one intermediate array.

    Large arrays cost by their number: written as one expression, this would go through three.

    >>> quotient(0.1, np.array([-3.0]), np.array([4.0]), 1.0)
    array([-0.1])
    """
    result = np.sqrt(squares)
    result += eps
    np.divide(top, result, out=result)
    result *= factor
    return result
