"""The layers beside PyTorch's, where it is installed: outputs, gradients and running averages in float64."""

import numpy as np
import pytest

from course import (
    GELU,
    BatchNorm,
    Dropout,
    LayerNorm,
    LeakyReLU,
    Linear,
    Recurrent,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
    TanhGELU,
)

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


def linear(nn, rng):
    ours, theirs = Linear(3, 2, rng=rng), nn.Linear(3, 2)
    return ours, theirs, {"weight": theirs.weight, "bias": theirs.bias}


def norm(kind):
    def make(nn, rng):
        ours = {"BatchNorm1d": BatchNorm, "LayerNorm": LayerNorm}[kind](3)
        theirs = getattr(nn, kind)(3)
        ours.scale, ours.shift = rng.uniform(0.5, 2, 3), rng.standard_normal(3)
        return ours, theirs, {"scale": theirs.weight, "shift": theirs.bias}

    return make


def activation(layer, name, **options):
    return lambda nn, rng: (layer, getattr(nn, name)(**options), {})


CASES = {
    "linear": linear,
    "batch norm": norm("BatchNorm1d"),
    "layer norm": norm("LayerNorm"),
    "sigmoid": activation(Sigmoid(), "Sigmoid"),
    "tanh": activation(Tanh(), "Tanh"),
    "relu": activation(ReLU(), "ReLU"),
    "leaky relu": activation(LeakyReLU(), "LeakyReLU"),
    "softplus": activation(Softplus(), "Softplus", threshold=1000),
    "gelu": activation(GELU(), "GELU"),
    "gelu by tanh": activation(TanhGELU(), "GELU", approximate="tanh"),
    "softmax": activation(Softmax(), "Softmax", dim=-1),
    "dropout that keeps all": lambda nn, rng: (Dropout(1.0, rng=rng), nn.Dropout(0.0), {}),
}


def assert_equal_gradients(torch, ours, theirs, pairs, x, training, rng):
    """Give both the same parameters, input and upstream gradient; all that comes out must agree."""
    theirs.double().train(training)
    for name, parameter in pairs.items():
        value = getattr(ours, name)
        parameter.data = torch.tensor((value.T if value.ndim == 2 else value).copy())
        parameter.grad = None
    x_in = torch.tensor(x, requires_grad=True)
    x_out = theirs(x_in)
    x_out = x_out[0] if isinstance(x_out, tuple) else x_out
    np.testing.assert_allclose(ours.forward(x, training=training), x_out.detach().numpy(), **CLOSE)
    g = rng.standard_normal(x_out.shape)
    x_out.backward(torch.tensor(g))
    np.testing.assert_allclose(ours.backward(g), x_in.grad.numpy(), **CLOSE)
    for name, parameter in pairs.items():
        got = getattr(ours, f"{name}_gradient")
        np.testing.assert_allclose(got.T if got.ndim == 2 else got, parameter.grad.numpy(), **CLOSE)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("make", CASES.values(), ids=CASES)
def test_a_layer_is_pytorchs_to_ten_digits(make, training, rng):
    torch = pytest.importorskip("torch")
    ours, theirs, pairs = make(torch.nn, rng)
    for _ in range(3):  # batches, so that running averages have something to run over
        assert_equal_gradients(torch, ours, theirs, pairs, rng.standard_normal((6, 3)) * 3 + 1, training, rng)
    if isinstance(ours, BatchNorm):
        np.testing.assert_allclose(ours.running_mean, theirs.running_mean.numpy(), **CLOSE)
        np.testing.assert_allclose(ours.running_variance, theirs.running_var.numpy(), **CLOSE)


def test_the_recurrent_layer_is_pytorchs_with_one_bias(rng):
    torch = pytest.importorskip("torch")
    ours, theirs = Recurrent(3, 4, rng=rng), torch.nn.RNN(3, 4, batch_first=True)
    ours.bias = rng.standard_normal(4)
    torch.nn.init.zeros_(theirs.bias_hh_l0)
    pairs = {"input_weight": theirs.weight_ih_l0, "recurrent_weight": theirs.weight_hh_l0, "bias": theirs.bias_ih_l0}
    assert_equal_gradients(torch, ours, theirs, pairs, rng.standard_normal((5, 6, 3)), True, rng)


def test_a_tied_autoencoder_has_pytorchs_gradients(rng):
    torch = pytest.importorskip("torch")
    network = Sequential(Linear(3, 2, rng=rng), Tanh(), Linear(2, 3, rng=rng))
    network.tie("2.weight", "0.weight", transposed=True)
    W, b, c = (torch.tensor(a.copy(), requires_grad=True) for a in network.named_parameters().values())
    x, g = rng.standard_normal((6, 3)), rng.standard_normal((6, 3))
    (torch.tanh(torch.tensor(x) @ W + b) @ W.T + c).backward(torch.tensor(g))
    network.forward(x)
    network.backward_to_parameters(g)
    for ours, theirs in zip(network.named_gradients().values(), (W, b, c), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), **CLOSE)
