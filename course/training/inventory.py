"""All that changes in a training, as arrays by name."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from course.errors import CourseError, ShapeError
from course.layers import Layer
from course.optimizers import Optimizer
from course.training.history import History


class Inventory:
    """Network, optimizer, history, callbacks and generators as one: `named_state` and `load_state` of them all.

    What stands before the first dot of a name says whose the array is.
    """

    def __init__(
        self,
        network: Layer,
        optimizer: Optimizer,
        rng: np.random.Generator,
        history: History,
        callbacks: Sequence[Any],
    ):
        self.network, self.optimizer, self.history = network, optimizer, history
        self.generators = dict(_generators(network, rng))
        keepers = [callback for callback in callbacks if hasattr(callback, "named_state")]
        self.keepers = {"network": network, "optimizer": optimizer, "history": history}
        self.keepers |= {f"callback{k}": callback for k, callback in enumerate(keepers)}

    def named_state(self) -> dict[str, np.ndarray]:
        """Return copies of all that changes in a training."""
        state = {f"{whose}.{n}": a for whose, keeper in self.keepers.items() for n, a in keeper.named_state().items()}
        state |= {f"rng.{name}": _text(generator.bit_generator.state) for name, generator in self.generators.items()}
        state["kind.optimizer"] = _text(type(self.optimizer).__name__)
        return {name: array.copy() for name, array in state.items()}

    def load_state(self, arrays: dict[str, np.ndarray]) -> None:
        """Take it on again; what is refused may have changed a part of it."""
        groups: dict[str, dict[str, np.ndarray]] = {whose: {} for whose in (*self.keepers, "rng", "kind")}
        for name, array in arrays.items():
            whose, _, own = name.partition(".")
            groups[whose][own] = array
        self._require_optimizer(_read(groups["kind"]["optimizer"]), groups["optimizer"])
        for name, generator in self.generators.items():
            generator.bit_generator.state = _read(groups["rng"][name])
        for whose, keeper in self.keepers.items():
            keeper.load_state(groups[whose])

    def _require_optimizer(self, saved: str, state: dict[str, np.ndarray]) -> None:
        own, shape = type(self.optimizer).__name__, self.network.parameters.shape
        if saved != own:
            raise CourseError(f"load_training: the optimizer must be {saved}, as the one that was saved, got {own}")
        for name, buffer in state.items():
            if name != "t" and buffer.shape != shape:
                raise ShapeError(f"load_training: {name} must have the parameters' shape, {shape}, got {buffer.shape}")


def _generators(network: Layer, rng: np.random.Generator) -> Iterator[tuple[str, np.random.Generator]]:
    """List the generator of `fit`, and those of the layers."""
    yield "fit", rng
    for prefix, part in network.parts():
        for name, value in vars(part).items():
            if isinstance(value, np.random.Generator):
                yield f"{prefix}{name}", value


def _text(state: Any) -> np.ndarray:
    """Write numbers of any length as text in an array: no pickle, and no bit is lost."""
    import json

    return np.array(json.dumps(state, default=lambda array: array.tolist()))


def _read(text: np.ndarray) -> Any:
    import json

    return json.loads(str(text))
