"""Right answers for problem set 7, written in other ways than the model: all keep full marks, and look like no mistake."""

import numpy as np

from course.misconceptions import Bank

sgd_step = Bank("sgd_step")
iterate_minibatches = Bank("iterate_minibatches")
evaluate = Bank("evaluate")
has_converged = Bank("has_converged")
step_decay = Bank("step_decay")
exponential_decay = Bank("exponential_decay")
warmup_cosine = Bank("warmup_cosine")
train = Bank("train")


# --- sgd_step


@sgd_step("copies, changed in place")
def step_on_copies(params, grads, learning_rate):
    new = [w.astype(float) for w in params]
    for i, g in enumerate(grads):
        new[i] -= learning_rate * g
    return new


@sgd_step("by index, with np.subtract")
def step_by_index(params, grads, learning_rate):
    new = []
    for i in range(len(params)):
        new.append(np.subtract(params[i], np.multiply(grads[i], learning_rate)))
    return new


@sgd_step("a tuple, through one long vector")
def step_in_one_vector(params, grads, learning_rate):
    flat = np.concatenate([w.ravel() for w in params]) - learning_rate * np.concatenate([g.ravel() for g in grads])
    ends = np.cumsum([w.size for w in params])[:-1]
    return tuple(part.reshape(w.shape) for part, w in zip(np.split(flat, ends), params))


@sgd_step("entry by entry")
def step_by_entry(params, grads, learning_rate):
    new = [np.empty(w.shape) for w in params]
    for w, old, g in zip(new, params, grads):
        for place in np.ndindex(w.shape):
            w[place] = old[place] - learning_rate * g[place]
    return new


# --- iterate_minibatches


@iterate_minibatches("a list, from a shuffled range")
def shuffled_range(X, y, batch_size, *, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    batches = []
    start = 0
    while start < len(X):
        batches.append((X[order[start : start + batch_size]], y[order[start : start + batch_size]]))
        start += batch_size
    return batches


@iterate_minibatches("sorted by random keys, cut by np.split")
def random_keys(X, y, batch_size, *, rng):
    order = np.argsort(rng.random(len(X)))
    return [[X[rows], y[rows]] for rows in np.split(order, range(batch_size, len(X), batch_size))]


def _collected(examples, batch_size):
    batch = []
    for example in examples:
        batch.append(example)
        if len(batch) == batch_size:
            yield np.array([x for x, _ in batch]), np.array([t for _, t in batch])
            batch = []
    if batch:
        yield np.array([x for x, _ in batch]), np.array([t for _, t in batch])


@iterate_minibatches("a shuffled list of examples, through a generator")
def collected(X, y, batch_size, *, rng):
    examples = list(zip(X, y))
    rng.shuffle(examples)
    return list(_collected(examples, batch_size))


@iterate_minibatches("shuffled copies, cut into views of them")
def shuffled_copies(X, y, batch_size, *, rng):
    order = rng.choice(len(X), size=len(X), replace=False)
    X, y = X[order], y[order]
    cuts = [slice(k * batch_size, (k + 1) * batch_size) for k in range(-(-len(X) // batch_size))]
    return tuple((X[cut], y[cut]) for cut in cuts)


@iterate_minibatches("taken from the end of a stack, as lists")
def from_a_stack(X, y, batch_size, *, rng):
    stack, batches = rng.permutation(len(X)).tolist(), []
    while stack:
        rows = [stack.pop() for _ in range(min(batch_size, len(stack)))]
        batches.append((np.take(X, rows, axis=0), np.take(y, rows, axis=0)))
    return batches


# --- evaluate


@evaluate("losses and hits of every example")
def per_example(predict, loss, X, y, batch_size):
    losses, hits = [], []
    for start in range(0, len(X), batch_size):
        logits, t = predict(X[start : start + batch_size]), y[start : start + batch_size]
        losses += [loss(logits, t)] * len(t)
        hits += [int(np.argmax(row)) == k for row, k in zip(logits, t)]
    return sum(losses) / len(losses), sum(hits) / len(hits)


@evaluate("a running mean")
def running_mean(predict, loss, X, y, batch_size):
    mean, accuracy, seen = 0.0, 0.0, 0
    while seen < len(X):
        x, t = X[seen : seen + batch_size], y[seen : seen + batch_size]
        logits = predict(x)
        share = len(x) / (seen + len(x))
        mean += share * (loss(logits, t) - mean)
        accuracy += share * (np.mean(logits.argmax(1) == t) - accuracy)
        seen += len(x)
    return mean, accuracy


@evaluate("np.average, with the sizes as weights, as a list")
def weighted_average(predict, loss, X, y, batch_size):
    cuts = range(batch_size, len(X), batch_size)
    batches = [(predict(x), t) for x, t in zip(np.split(X, cuts), np.split(y, cuts))]
    sizes = [len(t) for _, t in batches]
    losses = [loss(logits, t) for logits, t in batches]
    accuracies = [(logits.argmax(axis=-1) == t).mean() for logits, t in batches]
    return [np.average(losses, weights=sizes), np.average(accuracies, weights=sizes)]


@evaluate("all logits kept, measured at the end")
def logits_kept(predict, loss, X, y, batch_size):
    logits = np.vstack([predict(X[k : k + batch_size]) for k in range(0, len(X), batch_size)])
    return loss(logits, y), np.count_nonzero(np.argmax(logits, axis=1) == y) / y.size


# --- has_converged


@has_converged("counts back from the end")
def counts_back(losses, tolerance, patience):
    slow = 0
    for k in range(len(losses) - 1, 0, -1):
        if losses[k - 1] - losses[k] >= tolerance:
            break
        slow += 1
    return slow >= patience


@has_converged("by np.diff")
def by_differences(losses, tolerance, patience):
    falls = -np.diff(losses) if len(losses) else np.zeros(0)
    return len(falls) >= patience and np.all(falls[-patience:] < tolerance)


@has_converged("a counter that fast epochs set to zero")
def counter(losses, tolerance, patience):
    waited = 0
    for before, after in zip(losses, losses[1:]):
        waited = waited + 1 if before - after < tolerance else 0
    return waited >= patience


@has_converged("the largest of the last improvements")
def largest(losses, tolerance, patience):
    if len(losses) < patience + 1:
        return False
    return max(losses[-k - 1] - losses[-k] for k in range(1, patience + 1)) < tolerance


# --- step_decay


@step_decay("a loop over the levels")
def by_levels(t, learning_rate, every, factor):
    rate = learning_rate
    while t > every:
        rate, t = rate * factor, t - every
    return rate


@step_decay("np.floor and np.power")
def by_floor(t, learning_rate, every, factor):
    return learning_rate * np.power(float(factor), np.floor((t - 1) / every))


@step_decay("by the steps that are left over")
def by_remainder(t, learning_rate, every, factor):
    done = t - 1
    return learning_rate * factor ** ((done - done % every) / every)


@step_decay("int of the quotient")
def by_int(t, learning_rate, every, factor):
    return factor ** int((t - 1) / every) * learning_rate


# --- exponential_decay


@exponential_decay("through the logarithm")
def by_logarithm(t, learning_rate, factor):
    return learning_rate * np.exp((t - 1) * np.log(factor))


@exponential_decay("one step after the other")
def by_loop(t, learning_rate, factor):
    for _ in range(1, t):
        learning_rate = learning_rate * factor
    return learning_rate


@exponential_decay("from the step before")
def by_recursion(t, learning_rate, factor):
    return learning_rate if t == 1 else factor * by_recursion(t - 1, learning_rate, factor)


@exponential_decay("one power, divided by one factor")
def power_divided(t, learning_rate, factor):
    return learning_rate * factor**t / factor


# --- warmup_cosine


@warmup_cosine("by the square of half the angle")
def by_half_angle(t, learning_rate, warmup, steps, final=0.0):
    if t <= warmup:
        return learning_rate * t / warmup
    done = min(max(t - warmup - 1, 0), steps) / steps
    return final + (learning_rate - final) * np.cos(done * np.pi / 2) ** 2


@warmup_cosine("from the middle of the two rates")
def around_the_middle(t, learning_rate, warmup, steps, final=0.0):
    middle, swing = (learning_rate + final) / 2, (learning_rate - final) / 2
    if t > warmup + steps:
        return final
    if t > warmup:
        return middle + swing * np.cos(np.pi * (t - warmup - 1) / steps)
    return learning_rate / warmup * t


@warmup_cosine("with np.where and np.clip")
def with_where(t, learning_rate, warmup, steps, final=0.0):
    done = np.clip((t - 1 - warmup) / steps, 0, 1)
    down = (1 - np.sin(np.pi * (done - 0.5))) / 2
    return np.where(t > warmup, down * learning_rate + (1 - down) * final, t * learning_rate / warmup)


@warmup_cosine("the real part of a turn")
def by_a_turn(t, learning_rate, warmup, steps, final=0.0):
    if t < warmup:
        return t / warmup * learning_rate
    turn = np.exp(1j * np.pi * min(max(t - warmup - 1, 0), steps) / steps)
    return learning_rate - (learning_rate - final) * (1 - turn.real) / 2


# --- train


@train("on its own, without the earlier functions")
def on_its_own(
    params, loss_and_gradients, X, y, *, schedule, batch_size, epochs, rng, tolerance=-np.inf, patience=2
):
    weights = [np.array(w, dtype=float) for w in params]
    history, slow = [], 0
    for epoch in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for number, start in enumerate(range(0, len(X), batch_size)):
            rows = order[start : start + batch_size]
            loss, grads = loss_and_gradients(weights, X[rows], y[rows])
            rate = schedule(epoch * -(-len(X) // batch_size) + number + 1)
            for k, g in enumerate(grads):
                weights[k] -= rate * g
            losses += [loss] * len(rows)
        history.append(float(np.mean(losses)))
        if epoch:
            slow = slow + 1 if history[-2] - history[-1] < tolerance else 0
        if slow >= patience:
            break
    return weights, history


@train("a while loop, with the earlier functions")
def while_loop(
    params, loss_and_gradients, X, y, *, schedule, batch_size, epochs, rng, tolerance=-np.inf, patience=2
):
    history, steps = [], 0
    while len(history) < epochs and not has_converged(history, tolerance, patience):
        seen, mean = 0, 0.0
        for batch in iterate_minibatches(X, y, batch_size, rng=rng):
            steps = steps + 1
            loss, grads = loss_and_gradients(params, *batch)
            seen += len(batch[0])
            mean += (loss - mean) * len(batch[0]) / seen
            params = sgd_step(params, grads, schedule(steps))
        history = [*history, mean]
    return params, history


@train("the step first, from a list of all rates, as a list")
def rates_beforehand(
    params, loss_and_gradients, X, y, *, schedule, batch_size, epochs, rng, tolerance=-np.inf, patience=2
):
    batches = -(-len(X) // batch_size)
    rates = iter([schedule(t) for t in range(1, epochs * batches + 1)])
    history = []
    for _ in range(epochs):
        found = []
        for x, t in iterate_minibatches(X, y, batch_size, rng=rng):
            loss, grads = loss_and_gradients([w.copy() for w in params], x, t)
            rate = next(rates)
            params = [w - rate * g for w, g in zip(params, grads)]
            found.append((len(x), loss))
        sizes, losses = np.transpose(found)
        history.append(np.average(losses, weights=sizes))
        if has_converged(history, tolerance, patience):
            return [params, history]
    return [params, history]
