"""Right answers for problem set 7 that share no line with the model's, and the experiments that are run on answers.

An experiment is a function of the answer to be tried, made of data that were drawn beforehand, so that it can be run on
known wrong answers too. In which order an answer takes the examples is its own affair; so the experiments look at what
every order has in common.
"""

import math
from types import SimpleNamespace

import numpy as np

from course.observing import observe

NEVER = -math.inf  # a tolerance that no improvement is below


# What is looked at in every function


def held(seen, *given):
    """Say whether a call left what it was given as it was, and gave new arrays: 1 for yes."""
    kept = all(old.tobytes() == new.tobytes() for old, new in zip(given, seen.arrays[: len(given)], strict=True))
    return {
        "the share of your arguments that are as they were": float(kept),
        "the share of your results that are new": 1.0 - seen.shared,
    }


def copies(arrays):
    return [array.copy() for array in arrays]


def draw(rng, *shapes, integers=False):
    """Draw arrays of both signs, of floats or of whole numbers."""
    if integers:
        return [rng.choice([-1, 1], size=shape) * rng.integers(1, 9, size=shape) for shape in shapes]
    return [rng.normal(size=shape) for shape in shapes]


# The step


def sgd_step(params, grads, learning_rate):
    """Move one entry at a time, and start from a sheet of zeros."""
    found = []
    for w, g in zip(params, grads, strict=True):
        new = np.zeros(w.shape)
        for place in np.ndindex(w.shape):
            new[place] = math.fsum([w[place], -learning_rate * g[place]])
        found.append(new)
    return found


def step_arguments(rng):
    """What becomes of both lists and of the arrays in them, and whether the results are new."""
    params, grads = draw(rng, (3, 2), (2,)), draw(rng, (3, 2), (2,))

    def experiment(answer):
        seen = observe(answer, copies(params), copies(grads), 0.1)
        found = held(seen, *params, *grads)
        held_by = np.concatenate([np.ravel(a) for a in seen.arguments[0]])
        return found | {"what your caller's list params holds": held_by}

    return experiment


# Batches: X holds the number of its example in the first column, and y in its own way


def iterate_minibatches(X, y, batch_size, *, rng):
    """Draw one example after the other out of a hat."""
    hat, batches = list(range(len(X))), []
    while hat:
        rows = [hat.pop(int(rng.integers(len(hat)))) for _ in range(min(batch_size, len(hat)))]
        batches.append((X[rows], y[rows]))
    return batches


def numbered(n):
    """Make n examples that can be told apart: example k has 10 k + 3 and k in its row, and the target -k."""
    k = np.arange(n)
    return np.stack([10.0 * k + 3, k], axis=1), -k.astype(float)


def numbers(epoch):
    """Give the numbers of the examples of an epoch, in their order; and those of the targets."""
    inputs = np.concatenate([np.asarray(x)[:, 1] for x, _ in epoch]) if epoch else np.zeros(0)
    targets = np.concatenate([-np.asarray(t) for _, t in epoch]) if epoch else np.zeros(0)
    return inputs, targets


def sizes(rng, n, batch_size):
    """How many examples each batch holds."""
    (X, y), seed = numbered(n), rng.integers(2**32)

    def experiment(answer):
        epoch = list(answer(X.copy(), y.copy(), batch_size, rng=np.random.default_rng(seed)))
        return {
            "the sizes of your batches": np.array([len(x) for x, _ in epoch]),
            "the sizes of your batches of targets": np.array([len(t) for _, t in epoch]),
        }

    return experiment


def whole_epochs(rng):
    """Whether an epoch holds every example once, each beside its own target, in every one of a few epochs."""
    (X, y), seeds = numbered(14), rng.integers(2**32, size=6)

    def experiment(answer):
        epochs = [list(answer(X.copy(), y.copy(), 4, rng=np.random.default_rng(seed))) for seed in seeds]
        all_once, all_distinct, all_paired, all_rows, some_target_moves = True, True, True, True, False
        for epoch in epochs:
            inputs, targets = numbers(epoch)
            all_once &= sorted(inputs.tolist()) == list(range(14))
            all_distinct &= all(len(set(np.asarray(x)[:, 1].tolist())) == len(x) for x, _ in epoch)
            all_paired &= np.array_equal(inputs, targets)
            all_rows &= all((np.asarray(x)[:, 0] == 10 * np.asarray(x)[:, 1] + 3).all() for x, _ in epoch)
            some_target_moves |= targets.tolist() != sorted(targets.tolist())
        return {
            "the share of epochs with every example exactly once": float(all_once),
            "the share of batches in which no example comes twice": float(all_distinct),
            "the share of inputs that have their own targets beside them": float(all_paired),
            "the share of rows that are whole": float(all_rows),
            "the freedom of the order of your targets": float(some_target_moves),
        }

    return experiment


def orders(rng):
    """Which generators give the same order: of 40 examples, so that two agree by accident with less than 1e-47."""
    (X, y), (one, other) = numbered(40), rng.choice(2**32, size=2, replace=False)

    def experiment(answer):
        def order(rng):
            return numbers(list(answer(X.copy(), y.copy(), 8, rng=rng)))[0]

        def same(a, b):
            return float(np.array_equal(a, b))

        first, again, different = (order(np.random.default_rng(seed)) for seed in (one, one, other))
        generator = np.random.default_rng(one)
        return {
            "the share of orders that the same state of rng gives again": same(first, again),
            "the share of orders that another state of rng gives again": same(first, different),
            "the share of orders that come again in the next epoch": same(order(generator), order(generator)),
            "the share of orders that are the data's own": same(first, np.arange(40)),
        }

    return experiment


def company(rng):
    """Which pairs come first, out of four examples: a right answer misses one of the six with less than 1e-8."""
    (X, y), seeds = numbered(4), rng.integers(2**32, size=120)

    def experiment(answer):
        epochs = [list(answer(X.copy(), y.copy(), 2, rng=np.random.default_rng(seed))) for seed in seeds]
        firsts = {frozenset(np.asarray(epoch[0][0])[:, 1].tolist()) for epoch in epochs}
        return {"how many different first batches there are in many epochs": float(len(firsts))}

    return experiment


def batches_arguments(rng):
    """What becomes of X and y, and whether the batches are new arrays: for small batches, and for one of everything."""
    (X, y), seed = numbered(6), rng.integers(2**32)

    def experiment(answer):
        found = {}
        for size in (4, 6, 9):
            seen = observe(answer, X.copy(), y.copy(), size, rng=np.random.default_rng(seed))
            found |= {f"{what} (batch size {size})": share for what, share in held(seen, X, y).items()}
            found[f"whether your batches hold anything (batch size {size})"] = float(any(np.any(x) for x, _ in seen.result))
        return found

    return experiment


# Evaluation


def log_softmax_losses(logits, y):
    """Give the cross-entropy of every example."""
    return np.array([-row[int(k)] + math.log(sum(math.exp(a) for a in row)) for row, k in zip(logits, y, strict=True)])


def evaluate(predict, loss, X, y, batch_size):
    """Measure one example after the other, and read the most rows at once from the sizes that are asked for."""
    rows = [predict(X[start : start + batch_size]) for start in range(0, len(X), batch_size)]
    logits = [row for part in rows for row in np.asarray(part)]
    losses = [float(loss(row[np.newaxis], y[n : n + 1])) for n, row in enumerate(logits)]
    hits = sum(max(range(len(row)), key=row.__getitem__) == y[n] for n, row in enumerate(logits))
    return math.fsum(losses) / len(X), hits / len(X)


def evaluation(rng, n, batch_size, classes=3):
    """Loss, accuracy, and the most rows at once, on a set whose last third is harder than the rest."""
    X, A = rng.normal(size=(n, 4)), rng.normal(size=(4, classes))
    ranks = np.argsort(2 * np.tanh(X @ A), axis=1)
    kinds = [-1, 1, -1, 0, -1] * n
    y = np.array([row[kinds[k] if k < n - n // 3 - 1 else 0] for k, row in enumerate(ranks)])

    def experiment(answer):
        rows = []

        def predict(x):
            rows.append(len(x))
            return 2 * np.tanh(x @ A)

        def loss(logits, target):
            return float(np.mean(log_softmax_losses(logits, target)))

        measured, accuracy = answer(predict, loss, X.copy(), y.copy(), batch_size)
        return {
            "the loss": measured,
            "the accuracy": accuracy,
            "the most rows that predict gets at once": float(max(rows)),
            "the sign of the loss": np.sign(measured),
        }

    return experiment


def only(names, experiment):
    """Look at some of the things that an experiment observes."""

    def part(answer):
        seen = experiment(answer)
        return {name: seen[name] for name in names}

    return part


def evaluation_arguments(rng):
    """What becomes of X and y."""
    X, y = rng.uniform(1, 2, size=(5, 3)), rng.integers(3, size=5)

    def experiment(answer):
        seen = observe(answer, lambda x: x + 1, lambda logits, target: float(np.mean(logits)), X.copy(), y.copy(), 2)
        return held(seen, X, y) | {"the sign of the loss": np.sign(seen.result[0])}

    return experiment


# Stopping


def has_converged(losses, tolerance, patience):
    """Count, from the newest epoch backwards, how many in a row were too slow."""
    slow = 0
    for earlier, later in zip(losses[-2::-1], losses[:0:-1], strict=True):
        if earlier - later >= tolerance:
            break
        slow += 1
    return slow >= patience


# Each story: patience, and the improvements of the epochs, in units of the tolerance
STORIES = {
    "slow twice, with a fast epoch between": (2, [6, 0.5, 3, 0.25, 0.5, 0.25, 4, 1]),
    "rises and falls": (3, [5, -2, 4, -1, -0.5, 3, -1, -3, -0.5, 9]),
    "many small steps that add up": (3, [4, 0.75, 0.5, 0.75, 0.875, 7]),
    "improvements of exactly the tolerance": (2, [3, 1, 1, 1, 0.5, 1, 0.25, 0.5, 1]),
    "a patience of one epoch": (1, [8, 2, 1.5, 0.5, 3, 0.125]),
    "no improvement for a long time": (2, [0, 0, 0, 0, 5]),
}


def draw_story(rng, name):
    """Draw losses that are exact in binary, so that a difference may be compared with the tolerance."""
    patience, improvements = STORIES[name]
    unit, loss = int(rng.integers(3, 40)) / 64, float(rng.integers(40, 90))
    losses = [loss]
    for improvement in improvements:
        losses.append(losses[-1] - unit * improvement)
    return losses, unit, patience


def convergence(rng, name):
    """What is said after each epoch of a story."""
    losses, tolerance, patience = draw_story(rng, name)

    def experiment(answer):
        said = [answer(losses[: epoch + 1], tolerance, patience) for epoch in range(len(losses))]
        return {"your answers after each epoch": np.array([-1.0 if one is None else float(one) for one in said])}

    return experiment


def losses_leaves(rng):
    """What becomes of the list of losses."""
    losses = rng.normal(size=6).tolist()

    def experiment(answer):
        return {"what your caller's list holds": np.array(observe(answer, list(losses), 0.5, 3).arguments[0])}

    return experiment


# Schedules: each rate from the one before


def step_decay(t, learning_rate, every, factor):
    """Walk from the first step to step t, and let the rate fall when a level is full."""
    rate, used = float(learning_rate), 0
    for _ in range(t):
        if used == every:
            rate, used = rate * factor, 0
        used += 1
    return rate


def exponential_decay(t, learning_rate, factor):
    return math.prod([learning_rate] + [factor] * (t - 1))


def warmup_cosine(t, learning_rate, warmup, steps, final=0.0):
    """Climb; then take the height of a point that goes down half a circle, by 1 + cos a = 2 cos² (a / 2)."""
    if t <= warmup:
        return sum([learning_rate / warmup] * t)
    half_angle = math.pi / 2 * min((t - warmup - 1) / steps, 1.0)
    return final + (learning_rate - final) * math.cos(half_angle) ** 2


def rates(rng, ts, *arguments):
    """The rates of some steps, asked for out of order and twice."""
    order = rng.permutation(len(ts)).tolist() * 2

    def experiment(answer):
        found = [0.0] * len(ts)
        for k in order:
            found[k] = answer(ts[k], *arguments)
        return {f"the rate of step {t}": found[k] for k, t in enumerate(ts)}

    return experiment


# Training


def train(params, loss_and_gradients, X, y, *, schedule, batch_size, epochs, rng, tolerance=NEVER, patience=2):
    """Keep a ledger of all steps, and read the losses of each epoch from it."""
    w, history, t = [np.array(p, dtype=float) for p in params], [], 0
    while len(history) < epochs and not has_converged(history, tolerance, patience):
        ledger = []
        for x, target in iterate_minibatches(X, y, batch_size, rng=rng):
            t += 1
            loss, grads = loss_and_gradients(copies(w), x, target)
            w = sgd_step(w, grads, schedule(t))
            ledger += [float(loss)] * len(x)
        history.append(math.fsum(ledger) / len(ledger))
    return w, history


def linear(params, X, y):
    """Half the mean squared error of a linear model, and its gradients."""
    W, b = params
    error = X @ W + b - y
    return float(np.sum(error**2) / (2 * len(X))), [X.T @ error / len(X), error.sum(axis=0) / len(X)]


def flat(found):
    """Give the parameters and the history of what train returned, by name."""
    (W, b), history = found
    return {"W after training": W, "b after training": b, "history": np.array(history, dtype=float)}


def draw_table(rng, n):
    """Draw a schedule without any rule: rates for the steps 1 to n."""
    table = rng.uniform(0.02, 0.2, size=n).tolist()
    return lambda t: table[int(t) - 1] if 1 <= t <= n else 9.0


def draw_problem(rng, n):
    X, W, b = draw(rng, (n, 3), (3, 2), (2,))
    return X, draw(rng, (n, 2))[0], [W, b]


def full_batches(rng, epochs):
    """All examples in every step: where training leads does not depend on their order."""
    (X, y, params), schedule, seed = draw_problem(rng, 7), draw_table(rng, 40), rng.integers(2**32)

    def experiment(answer):
        named = {"schedule": schedule, "batch_size": 7, "epochs": epochs, "rng": np.random.default_rng(seed)}
        return flat(answer(copies(params), linear, X.copy(), y.copy(), **named))

    return experiment


def whole_numbers(rng):
    """How far a training that starts from whole numbers gets away from the same one with a point behind each number."""
    X, W, b = draw(rng, (6, 3), (3, 2), (2,), integers=True)
    y, seed = draw(rng, (6, 2))[0], rng.integers(2**32)

    def experiment(answer):
        def end(kind):
            named = {"schedule": lambda t: 0.01, "batch_size": 6, "epochs": 3, "rng": np.random.default_rng(seed)}
            return flat(answer([W.astype(kind), b.astype(kind)], linear, X.astype(kind), y.copy(), **named))

        whole, broken = end(int), end(float)
        return {f"what whole numbers change in {name}": whole[name] - broken[name] for name in whole}

    return experiment


def plane(slopes, extra):
    """A loss that is the same for all examples, a tilted plane: the steps do not depend on the order of the examples.

    Only how high it is depends on the size of the batch.
    """

    def loss_and_gradients(params, X, y):
        height = sum(float(np.sum(c * w)) for c, w in zip(slopes, params, strict=True))
        return height + extra * len(X), copies(slopes)

    return loss_and_gradients


def on_a_plane(rng, n, batch_size, epochs):
    """Batches on a tilted plane."""
    (X, y, params), schedule, seed = draw_problem(rng, n), draw_table(rng, 60), rng.integers(2**32)
    loss_and_gradients = plane(draw(rng, (3, 2), (2,)), float(rng.uniform(0.5, 1)))

    def experiment(answer):
        named = {"schedule": schedule, "batch_size": batch_size, "epochs": epochs, "rng": np.random.default_rng(seed)}
        return flat(answer(copies(params), loss_and_gradients, X.copy(), y.copy(), **named))

    return experiment


def watched(rng):
    """Batches of a real loss: each call is written down, and the steps between the calls are judged.

    A call with all examples at once takes no step: it only measures. That costs time, but where training leads is the same.
    """
    (X, y, params), schedule, seed = draw_problem(rng, 10), draw_table(rng, 60), rng.integers(2**32)
    X[:, 0] = np.linspace(-1, 1, 10)  # tells the examples apart

    def experiment(answer):
        calls = []

        def loss_and_gradients(params, x, t):
            loss, grads = linear(params, x, t)
            if len(x) < len(X):
                calls.append((copies(params), np.array(x[:, 0]), loss, grads))
            return loss, copies(grads)

        named = {"schedule": schedule, "batch_size": 4, "epochs": 3, "rng": np.random.default_rng(seed)}
        found, history = answer(copies(params), loss_and_gradients, X.copy(), y.copy(), **named)
        ways = [*(w for w, _, _, _ in calls[1:]), found]
        along = []
        for k, (after, (before, _, _, grads)) in enumerate(zip(ways, calls, strict=True), start=1):
            should = [w - schedule(k) * g for w, g in zip(before, grads, strict=True)]
            along.append(all(np.allclose(a, b) for a, b in zip(after, should, strict=True)))
        rows = [np.searchsorted(X[:, 0], x - 1e-9) for _, x, _, _ in calls]
        epochs = [np.concatenate(rows[k : k + 3]).tolist() for k in range(0, len(rows), 3)]
        means = [sum(len(x) * loss for _, x, loss, _ in calls[k : k + 3]) / 10 for k in range(0, len(calls), 3)]
        return {
            "the sizes of your batches": np.array([len(x) for _, x, _, _ in calls]),
            "the share of epochs with every example exactly once": np.mean([sorted(e) == list(range(10)) for e in epochs]),
            "the share of epochs in an order that has come before": float(len({tuple(e) for e in epochs}) < len(epochs)),
            "the share of steps that follow their own batch": np.mean(along),
            "the share of your history that is the mean over all examples": float(agree(history, means)),
        }

    return experiment


def agree(found, expected):
    """Tell whether two lists have the same length and the same numbers."""
    return len(found) == len(expected) and np.allclose(found, expected)


def scripted(rng, name, epochs=None):
    """After which epoch training ends, where the losses are known beforehand: two batches see each of them."""
    losses, tolerance, patience = draw_story(rng, name)
    (X, y, params), seed = draw_problem(rng, 6), rng.integers(2**32)

    def experiment(answer):
        calls = []

        def loss_and_gradients(params, x, t):
            if len(x) < len(X):
                calls.append(None)
            return losses[min(max(len(calls) - 1, 0) // 2, len(losses) - 1)], [np.ones(w.shape) for w in params]

        named = {"batch_size": 3, "epochs": epochs or len(losses), "tolerance": tolerance, "patience": patience}
        named |= {"schedule": lambda t: 0.125, "rng": np.random.default_rng(seed)}
        found = flat(answer(copies(params), loss_and_gradients, X.copy(), y.copy(), **named))
        moved = abs(float(np.mean(params[0] - found["W after training"]))) / 0.125
        return {"how many epochs your history has": float(len(found["history"])), "how many steps you take": round(moved, 6)}

    return experiment


def train_arguments(rng):
    """What becomes of params, X and y, and whether the results are new."""
    (X, y, params), seed = draw_problem(rng, 5), rng.integers(2**32)

    def experiment(answer):
        found = {}
        for size in (2, 5):
            named = {"schedule": lambda t: 0.1, "batch_size": size, "epochs": 2, "rng": np.random.default_rng(seed)}
            seen = observe(answer, copies(params), linear, X.copy(), y.copy(), **named)
            found |= {f"{what} (batch size {size})": share for what, share in held(seen, *params, X, y).items()}
            found[f"the share of trainings that give a history (batch size {size})"] = float(len(seen.result[1]) > 0)
            arrive = any(np.any(w) for w in seen.result[0])
            found[f"the share of trainings that arrive somewhere (batch size {size})"] = float(arrive)
            list_of_params = np.concatenate([np.ravel(w) for w in seen.arguments[0]])
            found |= {f"what your caller's list params holds (batch size {size})": list_of_params}
        return found

    return experiment


# What the test cells take from here, for each of their subjects

STEP = SimpleNamespace(right=sgd_step, draw=draw, arguments=step_arguments)
BATCHES = SimpleNamespace(
    right=iterate_minibatches,
    sizes=sizes,
    whole_epochs=whole_epochs,
    orders=orders,
    company=company,
    arguments=batches_arguments,
)
EVALUATION = SimpleNamespace(right=evaluate, measure=evaluation, only=only, arguments=evaluation_arguments)
STOPPING = SimpleNamespace(right=has_converged, stories=STORIES, tell=convergence, leaves=losses_leaves)
SCHEDULES = SimpleNamespace(step=step_decay, exponential=exponential_decay, warmup=warmup_cosine, rates=rates)
TRAINING = SimpleNamespace(
    right=train,
    full_batches=full_batches,
    whole_numbers=whole_numbers,
    on_a_plane=on_a_plane,
    watched=watched,
    scripted=scripted,
    arguments=train_arguments,
    only=only,
    stories=STORIES,
    step_names=[
        "the sizes of your batches",
        "the share of epochs with every example exactly once",
        "the share of epochs in an order that has come before",
        "the share of steps that follow their own batch",
    ],
    history_names=["the share of your history that is the mean over all examples"],
)
