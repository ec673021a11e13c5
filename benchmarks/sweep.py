"""Many networks at once: a stack of small ones, and a grid of hyperparameters, against training them one by one.

Every side computes in float32 and draws dropout masks in every step; the stacked sides share the draws between networks.
"""

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")  # JAX: one core

from benchmarks.harness import Row, measure
from course.datasets import moons
from course.layers import Dropout, Linear, ReLU, Sequential, Tanh
from course.losses import BinaryCrossEntropy, HalfSquaredError
from course.optimizers import Momentum
from course.sweep import grid, sweep
from course.training import minibatches

STACK, BATCHES, LONG, SHORT = 32, 10, 60, 10  # networks, batches, and epochs of a training in one go and one by one
STACKED = Row(f"sweep: {STACK} networks 2-16-16-1 tanh, batch 32, momentum, a step of one", "PyTorch eager", "at least", 50)
GRID = grid(learning_rate=np.geomspace(0.003, 0.1, 8), momentum=[0.0, 0.5, 0.8, 0.9], keep_prob=[0.5, 0.7, 0.9, 1.0])
NETWORKS, EPOCHS = 128, 200
WORK = f"sweep: 8 rates, 4 momenta, 4 keep probabilities, 2-32-1 ReLU, 400 points, {EPOCHS} epochs"
ONE_BY_ONE = Row(f"{WORK}, a step of one network", "PyTorch one by one", "at least", 12)
VMAP = Row(f"{WORK}, the whole grid", "JAX vmap + scan, one core", "at least", 1)


def data(n: int) -> tuple[np.ndarray, np.ndarray]:
    X, y = moons(n, rng=np.random.default_rng(1))
    return X.astype(np.float32), y[:, None].astype(np.float32)


def deep() -> Sequential:
    rng = np.random.default_rng(0)
    sizes = (2, 16), (16, 16), (16, 1)
    layers = [layer for d, m in sizes for layer in (Linear(d, m, rng=rng, dtype=np.float32), Tanh())]
    return Sequential(*layers[:-1])


def wide() -> Sequential:
    rng = np.random.default_rng(0)
    hidden, output = (Linear(d, m, rng=rng, dtype=np.float32) for d, m in ((2, 32), (32, 1)))
    return Sequential(hidden, ReLU(), Dropout(0.7, rng=np.random.default_rng(2)), output)


def stack(epochs: int = LONG) -> Callable[[], object]:
    """32 networks, each with a learning rate of its own."""
    network, (X, y), rates = deep(), data(32 * BATCHES), {"learning_rate": np.geomspace(1e-3, 0.1, STACK), "momentum": 0.9}
    options = {"settings": rates, "epochs": epochs, "batch_size": 32}
    return lambda: sweep(network, HalfSquaredError(), Momentum, X, y, rng=np.random.default_rng(3), **options)


def whole_grid(epochs: int = EPOCHS) -> Callable[[], object]:
    """128 networks, one for each point of the grid."""
    network, (X, y) = wide(), data(400)
    options = {"settings": GRID, "epochs": epochs, "batch_size": None}
    return lambda: sweep(network, BinaryCrossEntropy(), Momentum, X, y, rng=np.random.default_rng(3), **options)


def pytorch(network: Sequential, loss: str, n: int, batch_size: int | None, epochs: int) -> Callable[[], object]:
    """PyTorch eager: one network, trained on for some epochs."""
    import torch

    torch.set_num_threads(1)
    kinds = {Tanh: torch.nn.Tanh, ReLU: torch.nn.ReLU}
    layers = []
    for ours in network.layers:
        if isinstance(ours, Linear):
            layers.append(torch.nn.Linear(ours.in_features, ours.out_features))
            layers[-1].weight.data, layers[-1].bias.data = torch.tensor(ours.weight.T.copy()), torch.tensor(ours.bias)
        else:
            layers.append(torch.nn.Dropout(1 - ours.keep_prob) if isinstance(ours, Dropout) else kinds[type(ours)]())
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    objective = getattr(torch.nn, loss)()
    (X, y), rng = data(n), np.random.default_rng(3)
    batches = [tuple(map(torch.tensor, batch)) for batch in minibatches(X, y, batch_size, rng=rng)]

    def train() -> list[float]:
        losses = []
        for _ in range(epochs):
            for x, t in batches:
                optimizer.zero_grad()
                value = objective(model(x), t)
                value.backward()
                optimizer.step()
                losses.append(value.item())
        return losses

    return train


def jax_vmap() -> Callable[[], object]:
    """JAX: one training as a scan over its steps, mapped over the grid, compiled before it is timed."""
    import jax
    import jax.numpy as jnp

    (X, y), start = data(400), tuple(a.copy() for a in wide().named_parameters().values())

    def loss(parameters, mask):
        W1, b1, W2, b2 = parameters
        z = jax.nn.relu(X @ W1 + b1) * mask
        logits = z @ W2 + b2
        return (jax.nn.softplus(logits) - logits * y).sum() / len(X)

    def train(settings, keys):
        rate, momentum, keep_prob = settings

        def step(carried, key):
            parameters, velocity = carried
            mask = (jax.random.uniform(key, (len(X), 32)) < keep_prob) / keep_prob
            value, gradient = jax.value_and_grad(loss)(parameters, mask)
            velocity = jax.tree.map(lambda v, g: momentum * v - rate * g, velocity, gradient)
            return (jax.tree.map(jnp.add, parameters, velocity), velocity), value

        return jax.lax.scan(step, (start, jax.tree.map(jnp.zeros_like, start)), keys)

    every = jnp.array([a.ravel() for a in np.broadcast_arrays(*GRID.values())], jnp.float32).T
    mapped, keys = jax.jit(jax.vmap(train, in_axes=(0, None))), jax.random.split(jax.random.key(0), EPOCHS)
    run = lambda: jax.block_until_ready(mapped(every, keys))  # noqa: E731
    run()
    return run


def per_step(row: Row, library_steps: int, peer_steps: int) -> Row:
    """Turn the times of whole trainings into those of one step of one network."""
    if row.ratio is None:
        return row
    factor = library_steps / peer_steps
    return replace(
        row,
        library=row.library / library_steps,
        peer=row.peer / peer_steps,
        ratio=row.ratio * factor,
        quartiles=tuple(q * factor for q in row.quartiles),
    )


def rows(rounds: int = 9) -> list[Row]:
    def mini_batches() -> Callable[[], object]:
        return pytorch(deep(), "MSELoss", 32 * BATCHES, 32, SHORT)

    def full_batches() -> Callable[[], object]:
        return pytorch(wide(), "BCEWithLogitsLoss", 400, None, EPOCHS)

    stacked = measure(STACKED, stack, mini_batches, rounds=3 * rounds)
    grid_by_torch = measure(ONE_BY_ONE, whole_grid, full_batches, rounds=rounds)
    return [
        per_step(stacked, STACK * BATCHES * LONG, BATCHES * SHORT),
        per_step(grid_by_torch, NETWORKS * EPOCHS, EPOCHS),
        measure(VMAP, whole_grid, jax_vmap, rounds=rounds),
    ]
