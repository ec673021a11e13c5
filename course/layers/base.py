"""What every layer is: three inputs, three outputs, and parameters that live in one flat buffer (deck 002)."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from course.errors import CourseError, StateError, require_float
from course.layers import storage
from course.layers.arrays import NotYet, fitted, window

NOTHING = np.empty(0)


class Layer:
    r"""A module of a network: :math:`x_\text{out} = f(x_\text{in}, \theta)`, and the way back.

    `forward` takes x_in and keeps what the way back needs. `backward` takes
    :math:`g_\text{out} = \partial J/\partial x_\text{out}`, fills the gradients of the parameters and returns
    :math:`g_\text{in} = \partial J/\partial x_\text{in}`. Gradients are overwritten, not added up.

    A subclass names its parameters in `parameter_names` and hands their first values to `own`. Each is then an
    attribute (``weight``), with its gradient beside it (``weight_gradient``): windows on the flat arrays `parameters`
    and `gradients`, which are all that an optimizer sees. Assigning to one copies into the buffer, so it stays a window.
    A frozen parameter is a window on an array of its own, outside the buffer, where no optimizer reaches it.

    Attributes
    ----------
    parameters, gradients : numpy.ndarray
        All numbers that are trained, in one dimension, and the derivatives of the objective by each of them.
        Inside a network they are parts of the network's own.
    parameter_names : tuple of str
        In the order of the buffer. A name that ends in ``weight`` is regularized, any other is not.
    state_names : tuple of str
        Arrays that the forward pass changes in training, such as running averages: saved and loaded, never trained.
    keeps : tuple of str
        What forward keeps for backward.
    frozen, shared : frozenset of str
        The names of parameters that are not trained, and of those that are another layer's (`Sequential.tie`).

    Notes
    -----
    Deck 002, "Backpropagation — Goal": a layer has three inputs, x_in, θ and g_out, and three outputs, x_out, g_in and
    ∂J/∂θ.
    """

    parameter_names: ClassVar[tuple[str, ...]] = ()
    state_names: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ()
    frozen = shared = frozenset()
    parameters = gradients = NOTHING
    dtype: Any = None  # of a layer without parameters: that of what comes in

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
        """Return g_in only: a frozen layer has no use for the rest."""
        raise NotImplementedError

    def named_parameters(self) -> dict[str, np.ndarray]:
        """List what is trained by name, as windows, in the order of the buffer."""
        return {f"{prefix}{name}": getattr(part, name) for prefix, part in self.parts() for name in part.trained}

    def named_gradients(self) -> dict[str, np.ndarray]:
        """List the gradients under the names of their parameters, as windows."""
        return {f"{prefix}{n}": getattr(part, f"{n}_gradient") for prefix, part in self.parts() for n in part.trained}

    def named_state(self) -> dict[str, np.ndarray]:
        """List all that a network has learned, as windows: its parameters, frozen ones too, and running averages."""
        return {
            f"{prefix}{name}": getattr(part, name)
            for prefix, part in self.parts()
            for name in (*part.parameter_names, *part.state_names)
            if name not in part.shared
        }

    def load_state(self, arrays: dict[str, np.ndarray]) -> None:
        """Take on arrays named as in `named_state`; where one does not fit, refuse all of them and change nothing."""
        storage.copy_into(self, arrays)

    def save(self, path: Any) -> None:
        """Write `named_state` to an ``.npz`` file: whole, or not at all (see `course.layers.storage`)."""
        storage.save(self, path)

    def load(self, path: Any) -> None:
        """Take on what `save` wrote for a network of this make; refuse any other file and change nothing."""
        storage.load(self, path)

    def freeze(self, *names: str) -> None:
        """Train these parameters no longer: ``"0.weight"``, or ``"0"`` for all of layer 0; without names, every one.

        They leave the buffer, so `parameters` becomes shorter: make a new optimizer afterwards. Running averages are
        no parameters, and go on as before.
        """
        for part, name in self._choose(names):
            part.place(name, getattr(part, name).copy())
            part.frozen |= {name}
        self.lay_out()

    def unfreeze(self, *names: str) -> None:
        """Train these parameters again, or without names every one; see `freeze`."""
        for part, name in self._choose(names):
            part.frozen -= {name}
        self.lay_out()

    @cached_property
    def weight_mask(self) -> np.ndarray:
        """One for every entry of `parameters` that belongs to a weight, zero for biases and the like."""
        marks = [np.full(a.size, name.endswith("weight")) for name, a in self.named_parameters().items()]
        return np.concatenate([NOTHING, *marks]).astype(self.parameters.dtype)

    @property
    def trained(self) -> tuple[str, ...]:
        """The names of this layer's own parameters that stand in the buffer: neither frozen nor shared."""
        return tuple(n for n in self.parameter_names if n not in self.frozen and n not in self.shared)

    @property
    def learns(self) -> bool:
        """Whether the gradient by any parameter of this layer is of use."""
        return bool(self.trained or self.shared)

    def parts(self) -> Iterator[tuple[str, "Layer"]]:
        """Go through the layers that hold arrays of their own, each with the prefix that its names have here."""
        yield "", self

    def own(self, dtype: Any, **values: np.ndarray) -> None:
        """Take the first values of the parameters and of the state, in the precision that the layer computes in."""
        self.dtype = require_float(type(self).__name__, "dtype", dtype)
        for name in self.parameter_names:
            self.place(name, np.array(values[name], self.dtype))
        for name in self.state_names:
            setattr(self, f"_{name}", np.array(values[name], self.dtype))
        self.lay_out()

    def place(self, name: str, array: np.ndarray, gradient: np.ndarray | None = None) -> None:
        """Let a parameter be this array from now on, and its gradient that one."""
        setattr(self, f"_{name}", array)
        setattr(self, f"_{name}_gradient", np.zeros(array.shape, array.dtype) if gradient is None else gradient)

    def lay_out(self) -> None:
        """Lay all that is trained down in one flat buffer, and its gradients in another."""
        self.mark_shared()
        self.bind(*(self._flat(a.values()) for a in (self.named_parameters(), self.named_gradients())))

    def mark_shared(self) -> None:
        """Forget what was shared in an earlier network."""
        self.shared = frozenset()

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Make the attributes windows on these two buffers, whose values they take on."""
        self.parameters, self.gradients = parameters, gradients
        self.__dict__.pop("weight_mask", None)
        stop = 0
        for name in self.trained:
            old = getattr(self, name)
            start, stop = stop, stop + old.size
            self.place(name, parameters[start:stop].reshape(old.shape), gradients[start:stop].reshape(old.shape))

    def accept(self, x_in: Any, shape: tuple | None = None, remedy: str = "") -> np.ndarray:
        """Return x_in as an array in the layer's precision, or refuse what is no number or has another shape."""
        floats = self.dtype or (x_in.dtype if getattr(x_in, "dtype", np.dtype(int)).kind == "f" else np.float64)
        return fitted(type(self).__name__, "x", x_in, shape, floats, remedy)

    def accept_gradient(self, g_out: Any, x_out: np.ndarray) -> np.ndarray:
        """Return g_out as an array in the precision of x_out, or refuse it when it has another shape."""
        if type(g_out) is np.ndarray and g_out.shape == x_out.shape and g_out.dtype == x_out.dtype:
            return g_out
        return fitted(type(self).__name__, "g_out", g_out, x_out.shape, x_out.dtype, "it has the shape of the output")

    def _flat(self, arrays: Any) -> np.ndarray:
        pieces = [array.ravel() for array in arrays]
        return np.concatenate(pieces) if pieces else np.empty(0, self.dtype)

    def _choose(self, names: tuple[str, ...]) -> list[tuple["Layer", str]]:
        """Find parameters by their full names, or by the name of a layer that holds them: each as (layer, name)."""
        if self.parameters.base is not None:
            raise StateError(f"{self!r} is part of a network; name its parameters there: network.freeze('0.weight')")
        places = {f"{pre}{n}": (part, n) for pre, part in self.parts() for n in part.parameter_names if n not in part.shared}
        chosen = []
        for name in names:
            found = [full for full in places if full == name or full.startswith(f"{name}.")]
            if not found:
                raise CourseError(f"{type(self).__name__}: has no parameter {name!r} of its own; it has {', '.join(places)}")
            chosen += found
        return [places[full] for full in (chosen if names else places)]

    def __init_subclass__(cls) -> None:
        for name in cls.parameter_names:
            setattr(cls, name, window(name))
            setattr(cls, f"{name}_gradient", window(f"{name}_gradient"))
        for name in cls.state_names:
            setattr(cls, name, window(name))
        for name in cls.keeps:
            setattr(cls, name, NotYet("backward needs what forward keeps; call forward first"))

    def __getstate__(self) -> dict[str, Any]:
        left_out = {"parameters", "gradients", "weight_mask", "shared", *self.keeps}
        return {name: value for name, value in vars(self).items() if name not in left_out}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.lay_out()  # a copy's windows look into buffers of its own

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
