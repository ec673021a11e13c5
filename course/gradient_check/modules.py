"""A layer, a network or a class of a student's as the subject of a check, with a loss or without."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course.errors import StateError
from course.gradient_check.frozen import Frozen
from course.gradient_check.subjects import Subject, by_name, float64, gradient_names


class Module(Subject):
    """A layer, a network, or a class of a student's; with a loss, the objective that it is trained on."""

    def __init__(self, module: Any, x: Any, parameters: Any, training: bool | None, loss: Callable | None, target: Any):
        self.module, self.loss, self.target = module, loss, target
        self.options = {} if training is None else {"training": training}
        self.named = parameters  # how the caller names parameters and gradients, if they do
        self.frozen = Frozen(module)
        self.x = float64("x", x).copy()
        self.inputs = {"x": self.x} | {name: self._movable(name, array) for name, array in self._parameters().items()}

    def forward(self) -> Any:
        return self._lossy(self.module.forward(self.x.copy(), **self.options))

    def outputs_behind(self, name: str, here: np.ndarray) -> Callable[[], Any]:
        """In a chain of layers, compute what lies before the layer that moves only once."""
        layers, (number, _, parameter) = getattr(self.module, "layers", None), name.partition(".")
        if not (layers and parameter and number.isdecimal() and int(number) < len(layers)):
            return self.outputs
        x_in, passes = self.x.copy(), [partial(layer.forward, **self.options) for layer in layers]
        self.frozen.rewind()
        for forward in passes[: int(number)]:
            x_in = forward(x_in)
        rewind, finish, behind = self.frozen.rewind, self._lossy, passes[int(number) :]

        def outputs() -> Any:
            rewind()
            x = x_in.copy()
            for forward in behind:
                x = forward(x)
            return finish(x)

        return outputs if np.array_equal(outputs(), here) else self.outputs  # no chain after all, or random before

    def _lossy(self, output: Any) -> Any:
        return output if self.loss is None else self.loss(output, self.target)[0]

    def backward(self, g_out: np.ndarray) -> dict[str, Any]:
        output = self.module.forward(self.x.copy(), **self.options)
        if self.loss is not None:
            g_out = g_out * self.loss(output, self.target)[1]
        returned = by_name(self.module.backward(g_out), self.inputs)
        return {name: self._gradient(name, returned) for name in self.inputs}

    def _parameters(self) -> dict[str, Any]:
        """List what the caller names, or else what the module lists, or else what looks like a parameter."""
        if self.named is not None:
            return {name: getattr(self.module, name) for name in self.named}
        if hasattr(self.module, "named_parameters"):
            return dict(self.module.named_parameters())
        with self.frozen:  # and what it leaves behind is taken away again
            self.module.backward(np.zeros_like(self.module.forward(self.x.copy(), **self.options)))
            return {name: array for name, array in vars(self.module).items() if _is_parameter(name, array, self.module)}

    def _movable(self, name: str, array: Any) -> np.ndarray:
        """Return an array whose changes the module will see: its own, or one that it takes in place of a list."""
        if isinstance(array, np.ndarray):
            return float64(name, array)
        moved = float64(name, array).copy()
        setattr(self.module, name, moved)
        if getattr(self.module, name) is not moved:
            raise StateError(f"gradient_check: {name} must be an array that can be moved in place, got {type(array)}")
        return moved

    def _gradient(self, name: str, returned: dict[str, Any]) -> Any:
        if name in returned:
            return returned[name]
        if isinstance(self.named, dict):
            return getattr(self.module, self.named[name], None)
        if hasattr(self.module, "named_gradients"):
            return self.module.named_gradients().get(name)
        return next((getattr(self.module, g) for g in gradient_names(name) if hasattr(self.module, g)), None)


def _is_parameter(name: str, array: Any, module: Any) -> bool:
    real = isinstance(array, np.ndarray | float) and np.asarray(array).dtype.kind == "f"
    return real and any(hasattr(module, gradient) for gradient in gradient_names(name))
