"""What every layer is: three inputs, three outputs, and parameters that live in one flat buffer (deck 002)."""

from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, ClassVar

import numpy as np

from course.errors import StateError, require_shape

NOTHING = np.empty(0)


class Layer:
    r"""A module of a network: :math:`x_\text{out} = f(x_\text{in}, \theta)`, and the way back.

    `forward` takes x_in and keeps what the way back needs. `backward` takes
    :math:`g_\text{out} = \partial J/\partial x_\text{out}`, fills the gradients of the parameters and returns
    :math:`g_\text{in} = \partial J/\partial x_\text{in}`. Gradients are overwritten, not added up.

    A subclass names its parameters in `parameter_names` and hands their first values to `own`. Each is then an
    attribute (``weight``), with its gradient beside it (``weight_gradient``): views of the flat arrays `parameters`
    and `gradients`. Assigning to one copies into the buffer, so it stays a view.

    Attributes
    ----------
    parameters, gradients : numpy.ndarray
        All numbers that are trained, in one dimension, and the derivatives of the objective by each of them.
        Inside a network they are parts of the network's own.
    parameter_names : tuple of str
        In the order of the buffer. A name that ends in ``weight`` is regularized, any other is not.
    keeps : tuple of str
        What forward keeps for backward.

    Notes
    -----
    Deck 002, "Backpropagation — Goal": a layer has three inputs, x_in, θ and g_out, and three outputs, x_out, g_in and
    ∂J/∂θ.
    """

    parameter_names: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ()
    parameters = gradients = NOTHING

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return x_out; `training` matters to layers that behave differently then, such as dropout."""
        raise NotImplementedError

    def backward(self, g_out: np.ndarray) -> np.ndarray:
        """Fill the parameters' gradients and return g_in."""
        self.backward_to_parameters(g_out)
        return self.backward_to_input(g_out)

    def backward_to_parameters(self, g_out: np.ndarray) -> None:
        """Fill the parameters' gradients only: the first layer of a network has no use for g_in."""

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        """Return g_in; where the two share work, this comes after `backward_to_parameters`."""
        raise NotImplementedError

    def named_parameters(self) -> dict[str, np.ndarray]:
        """List the parameters by name, as views, in the order of the buffer."""
        return {name: getattr(self, name) for name in self.parameter_names}

    def named_gradients(self) -> dict[str, np.ndarray]:
        """List the gradients under the names of their parameters, as views."""
        return {name: getattr(self, f"{name}_gradient") for name in self.parameter_names}

    @cached_property
    def weight_mask(self) -> np.ndarray:
        """One for every entry of `parameters` that belongs to a weight, zero for biases and the like."""
        parts = [np.full(a.size, name.endswith("weight")) for name, a in self.named_parameters().items()]
        return np.concatenate([NOTHING, *parts]).astype(self.parameters.dtype)

    def own(self, dtype: Any, **values: np.ndarray) -> None:
        """Lay the parameters down in one flat buffer, of which the attributes become views."""
        self.shapes = {name: np.shape(values[name]) for name in self.parameter_names}
        flat = np.concatenate([np.ravel(values[name]) for name in self.parameter_names]).astype(dtype)
        self.bind(flat, np.zeros_like(flat))

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Make the attributes views of these two buffers, whose values they take on."""
        self.parameters, self.gradients = parameters, gradients
        self.__dict__.pop("weight_mask", None)
        stop = 0
        for name in self.parameter_names:
            start, stop = stop, stop + int(np.prod(self.shapes[name]))
            setattr(self, f"_{name}", parameters[start:stop].reshape(self.shapes[name]))
            setattr(self, f"_{name}_gradient", gradients[start:stop].reshape(self.shapes[name]))

    def __init_subclass__(cls) -> None:
        for name in cls.parameter_names:
            setattr(cls, name, _view(name))
            setattr(cls, f"{name}_gradient", _view(f"{name}_gradient"))
        for name in cls.keeps:
            setattr(cls, name, _NotYet())

    def __getstate__(self) -> dict[str, Any]:
        views = {f"_{name}{end}" for name in self.parameter_names for end in ("", "_gradient")}
        return {name: value for name, value in vars(self).items() if name not in views.union(self.keeps)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.bind(self.parameters, self.gradients)  # a copy's views look into the copy's buffers

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class _NotYet:
    """Stands where forward will put what backward needs, and until then says so."""

    def __get__(self, layer: Layer | None, kind: type[Layer]) -> Any:
        if layer is None:
            return self
        raise StateError(f"{kind.__name__}: backward needs what forward keeps; call forward first")


def _view(name: str) -> property:
    """Hand out a view of the buffer; an assignment copies into it."""

    def assign(layer: Layer, value: Any) -> None:
        view = getattr(layer, f"_{name}")
        require_shape(type(layer).__name__, name, value, view.shape)
        view[...] = value

    return property(attrgetter(f"_{name}"), assign)


@lru_cache(maxsize=256)
def ones(n: int, dtype: np.dtype) -> np.ndarray:
    """Return n ones, kept: ``ones.dot(g)`` adds up the rows of g at half the price of ``g.sum(0)``."""
    vector = np.ones(n, dtype)
    vector.flags.writeable = False
    return vector
