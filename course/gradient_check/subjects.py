"""What every subject of a check has: inputs that can be moved, outputs, and gradients that are claimed."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.errors import DtypeError
from course.gradient_check.frozen import Frozen

GRADIENT_NAMES = "d{}", "{}_gradient", "{}_grad", "grad_{}", "g_{}", "d_{}"


class Subject:
    """Inputs that can be moved in place, what comes out of them, and the gradients claimed for them.

    Attributes
    ----------
    inputs : dict of str to numpy.ndarray
        The arrays that are moved, float64, and never the caller's own unless they are a module's parameters.
    frozen : Frozen
        The randomness, rewound before every forward pass.
    """

    inputs: dict[str, np.ndarray]
    frozen: Frozen

    def forward(self) -> Any:
        """Return the outputs for the inputs as they stand."""
        raise NotImplementedError

    def backward(self, g_out: np.ndarray) -> dict[str, Any]:
        """Return the gradients claimed for the inputs as they stand."""
        raise NotImplementedError

    def outputs(self) -> Any:
        """Return the outputs for the inputs as they stand: a number, or an array that nobody else holds."""
        self.frozen.rewind()
        return kept(self.forward())

    def outputs_behind(self, name: str, here: np.ndarray) -> Callable[[], Any]:
        """Return what computes the outputs while this one input moves: a shorter way than `outputs` where there is one."""
        return self.outputs

    def first_outputs(self) -> np.ndarray:
        """Return the outputs as well, once it is known that they are numbers with all digits of float64."""
        self.frozen.rewind()
        output = self.forward()
        kind = None if output is None else np.asarray(output).dtype
        if kind is None or kind.kind not in "biuf":
            raise DtypeError(f"gradient_check: forward must return an array of numbers, got {type(output).__name__}")
        if kind.kind == "f" and kind.itemsize < 8:
            raise DtypeError(
                f"gradient_check: forward must return float64, got {kind} from inputs in float64; "
                "finite differences in lower precision are noise, so look for what rounds inside it"
            )
        return np.array(output, np.float64)

    def gradients(self, g_out: np.ndarray) -> dict[str, Any]:
        """Return copies of the claimed gradients."""
        self.frozen.rewind()
        claimed = self.backward(g_out.copy()).items()
        return {name: array.copy() if isinstance(array, np.ndarray) else array for name, array in claimed}


def by_name(claimed: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    """Put gradients under the names of their arrays: one, a tuple in their order, or a dictionary with ``W`` or ``dW``."""
    if isinstance(claimed, dict):
        names = {name: next((k for k in (name, *gradient_names(name)) if k in claimed), None) for name in inputs}
        return {name: claimed[key] for name, key in names.items() if key is not None}
    claimed = claimed if isinstance(claimed, tuple) else (claimed,)
    return dict(zip(inputs, claimed, strict=False))


def float64(name: str, array: Any) -> np.ndarray:
    """Return whole numbers as float64, and refuse any other type."""
    array = np.asarray(array)
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype != np.float64:
        raise DtypeError(
            f"gradient_check: {name} must be float64, got {array.dtype}; "
            "finite differences in lower precision are noise, so check the same code in float64"
        )
    return array


def gradient_names(name: str) -> list[str]:
    return [pattern.format(name) for pattern in GRADIENT_NAMES]


def kept(output: Any) -> Any:
    """Return outputs that the next forward pass will not change; plain floats as they are, since they cost least."""
    if isinstance(output, float):
        return output
    return output.copy() if getattr(output, "dtype", None) == np.float64 else np.array(output, np.float64)
