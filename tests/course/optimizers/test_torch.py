"""The same steps as PyTorch's, where it has the optimizer (optional)."""

import numpy as np
import pytest

from course import SGD, Adadelta, Adagrad, Adam, AdaMax, AdamW, ClipByNorm, ClipByValue, Momentum, Nadam, Nesterov, RMSprop

PAIRS = {
    "SGD": (SGD(0.01), "SGD", {"lr": 0.01}),
    "Momentum": (Momentum(0.01), "SGD", {"lr": 0.01, "momentum": 0.9}),
    "Nesterov": (Nesterov(0.01), "SGD", {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    "Adagrad": (Adagrad(0.01, eps=1e-10), "Adagrad", {"lr": 0.01}),
    "RMSprop": (RMSprop(0.01, decay=0.99), "RMSprop", {"lr": 0.01}),
    "Adadelta": (Adadelta(), "Adadelta", {}),
    "Adam": (Adam(), "Adam", {}),
    "AdamW": (AdamW(), "AdamW", {}),
    "AdaMax": (AdaMax(), "Adamax", {}),
    "Nadam": (Nadam(), "NAdam", {}),
}


@pytest.mark.parametrize("name", PAIRS)
def test_thirty_steps_agree(name, rng):
    torch = pytest.importorskip("torch")
    ours, kind, options = PAIRS[name]
    w = rng.standard_normal(50)
    theirs = torch.tensor(w.copy(), requires_grad=True)
    optimizer = getattr(torch.optim, kind)([theirs], **options)
    for _ in range(30):
        g = rng.standard_normal(50) * 10.0 ** rng.integers(-3, 3, 50)
        ours.step(w, g)
        theirs.grad = torch.tensor(g)
        optimizer.step()
        np.testing.assert_allclose(w, theirs.detach().numpy(), rtol=0, atol=1e-10)


def test_clipping_agrees(rng):
    torch = pytest.importorskip("torch")
    g = 10 * rng.standard_normal(50)
    for ours, theirs in (
        (ClipByNorm(5.0), lambda w: torch.nn.utils.clip_grad_norm_([w], 5.0)),
        (ClipByValue(5.0), lambda w: torch.nn.utils.clip_grad_value_([w], 5.0)),
    ):
        clipped, w = g.copy(), torch.zeros(50, dtype=torch.float64, requires_grad=True)
        w.grad = torch.tensor(g)
        ours(clipped)
        theirs(w)
        np.testing.assert_allclose(clipped, w.grad.numpy(), rtol=1e-6)  # PyTorch adds 1e-6 to the norm
