"""The contract of contract.py, run over every layer of the library."""

import importlib
import pkgutil

import pytest

import course.layers
from course import layers as nn
from tests.course.layers.contract import CLAUSES, check

ABSTRACT = {nn.Layer, nn.Activation, nn.Normalization}  # they leave to others what the contract asks for


def net(*parts):
    return nn.Sequential(*parts)


def tied(rng, dtype):
    network = net(nn.Linear(3, 2, rng=rng, dtype=dtype), nn.Tanh(), nn.Linear(2, 3, rng=rng, dtype=dtype))
    network.tie("2.weight", "0.weight", transposed=True)
    return network


def frozen(rng, dtype):
    network = net(nn.Linear(3, 3, rng=rng, dtype=dtype), nn.BatchNorm(3, dtype=dtype), nn.Linear(3, 2, rng=rng, dtype=dtype))
    network.freeze("0.weight", "1")
    return network


def deep(rng, dtype):
    inner = net(nn.Linear(3, 4, rng=rng, dtype=dtype), nn.BatchNorm(4, dtype=dtype), nn.Dropout(0.5, rng=rng), nn.ReLU())
    return net(nn.Sigmoid(), inner, net(nn.Linear(4, 2, rng=rng, dtype=dtype), nn.Softmax()))


# The shape of one example, and how to make the layer. A layer without an entry fails the first test below.
CASES = {
    nn.Linear: [((3,), lambda rng, t: nn.Linear(3, 2, rng=rng, dtype=t))],
    nn.Sigmoid: [((3,), lambda rng, t: nn.Sigmoid())],
    nn.Tanh: [((3,), lambda rng, t: nn.Tanh()), ((4, 3), lambda rng, t: nn.Tanh())],
    nn.ReLU: [((3,), lambda rng, t: nn.ReLU())],
    nn.LeakyReLU: [((3,), lambda rng, t: nn.LeakyReLU(0.2))],
    nn.Softplus: [((3,), lambda rng, t: nn.Softplus())],
    nn.GELU: [((3,), lambda rng, t: nn.GELU())],
    nn.TanhGELU: [((3,), lambda rng, t: nn.TanhGELU())],
    nn.Softmax: [((3,), lambda rng, t: nn.Softmax()), ((4, 3), lambda rng, t: nn.Softmax())],
    nn.Dropout: [
        ((3,), lambda rng, t: nn.Dropout(0.5, rng=rng)),
        ((3,), lambda rng, t: nn.Dropout(0.7, rng=rng, classic=True)),
    ],
    nn.BatchNorm: [((3,), lambda rng, t: nn.BatchNorm(3, dtype=t))],
    nn.LayerNorm: [((3,), lambda rng, t: nn.LayerNorm(3, dtype=t)), ((4, 3), lambda rng, t: nn.LayerNorm(3, dtype=t))],
    nn.Recurrent: [
        ((4, 3), lambda rng, t: nn.Recurrent(3, 2, rng=rng, dtype=t)),
        ((1, 3), lambda rng, t: nn.Recurrent(3, 2, rng=rng, activation=nn.Softplus(), dtype=t)),
    ],
    nn.LastStep: [((4, 3), lambda rng, t: nn.LastStep())],
    nn.Sequential: [((3,), make) for make in (deep, tied, frozen, lambda rng, t: net())],
}
EVERY = [pytest.param(*case, id=f"{kind.__name__}{k}") for kind, cases in CASES.items() for k, case in enumerate(cases)]


def test_every_layer_of_the_library_is_under_contract():
    for module in pkgutil.iter_modules(course.layers.__path__):
        importlib.import_module(f"course.layers.{module.name}")
    found, new = set(), [nn.Layer]
    while new:
        found |= set(new)
        new = [sub for kind in new for sub in kind.__subclasses__() if sub.__module__.startswith("course.layers.")]
    assert found - ABSTRACT == set(CASES)


@pytest.mark.parametrize("name", CLAUSES)
@pytest.mark.parametrize(("shape", "make"), EVERY)
def test_a_layer_keeps_the_contract(name, shape, make, tmp_path):
    check(name, make, shape, tmp_path)
