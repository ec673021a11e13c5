"""Right answers for problem set 9, written in other ways than the model's: each must keep all its marks."""

import numpy as np

from course.misconceptions import Bank

l2_penalty = Bank("l2_penalty")
l1_penalty = Bank("l1_penalty")
dropout_forward = Bank("dropout_forward")
dropout_backward = Bank("dropout_backward")
EarlyStopping = Bank("EarlyStopping")
clip_gradient_norm = Bank("clip_gradient_norm")


# --- l2_penalty


@l2_penalty("one array after the other")
def l2_in_a_loop(weights, strength):
    value = 0
    gradients = []
    for w in weights:
        value += strength * (w**2).sum()
        gradients.append(strength * w + strength * w)
    return value, gradients


@l2_penalty("dot products, in a tuple")
def l2_dots(weights, strength):
    return (
        strength * sum(w.ravel() @ w.ravel() for w in weights),
        tuple(np.multiply(2.0 * strength, w) for w in weights),
    )


@l2_penalty("the norm of one long vector")
def l2_long_vector(weights, strength):
    everything = np.concatenate([np.ravel(w) for w in weights])
    slope = 2 * strength * everything
    ends = np.cumsum([w.size for w in weights])[:-1]
    parts = np.split(slope, ends)
    return strength * np.linalg.norm(everything) ** 2, [part.reshape(w.shape).copy() for part, w in zip(parts, weights)]


@l2_penalty("entry by entry, a Python number")
def l2_entries(weights, strength):
    total, gradients = 0.0, []
    for w in weights:
        g = np.zeros(w.shape)
        for place in np.ndindex(w.shape):
            total += float(w[place]) * float(w[place])
            g[place] = 2 * strength * w[place]
        gradients.append(g)
    return total * strength, gradients


@l2_penalty("Frobenius norms and einsum")
def l2_frobenius(weights, strength):
    value = np.array(sum(np.linalg.norm(w) ** 2 for w in weights)) * strength
    return [value, [np.einsum("...,->...", w, 2 * strength) for w in weights]]


# --- l1_penalty


@l1_penalty("three cases")
def l1_cases(weights, strength):
    value, gradients = 0.0, []
    for w in weights:
        value += strength * np.abs(w).sum()
        g = np.zeros(w.shape)
        g[w > 0] = strength
        g[w < 0] = -strength
        gradients.append(g)
    return value, gradients


@l1_penalty("two comparisons")
def l1_comparisons(weights, strength):
    signs = [(w > 0) * 1.0 - (w < 0) * 1.0 for w in weights]
    return strength * sum(np.vdot(s, w) for s, w in zip(signs, weights)), [strength * s for s in signs]


@l1_penalty("w over |w|, zero at zero")
def l1_quotient(weights, strength):
    gradients = []
    for w in weights:
        with np.errstate(all="ignore"):
            gradients.append(strength * np.where(w == 0, 0.0, w / np.abs(w)))
    return strength * np.sum([np.sum(np.maximum(w, -w)) for w in weights]), gradients


@l1_penalty("norms of flat arrays, in a tuple")
def l1_norms(weights, strength):
    return strength * sum(np.linalg.norm(w.ravel(), 1) for w in weights), tuple(np.sign(w) * strength for w in weights)


@l1_penalty("entry by entry, a Python number")
def l1_entries(weights, strength):
    total, gradients = 0.0, []
    for w in weights:
        total += sum(abs(entry) for entry in w.ravel().tolist())
        signs = [0.0 if entry == 0 else strength * entry / abs(entry) for entry in w.ravel().tolist()]
        gradients.append(np.array(signs).reshape(w.shape))
    return total * strength, gradients


# --- dropout_forward


@dropout_forward("binomial, the mask in floats")
def by_binomial(x, keep_prob, *, rng, training=True, classic=False):
    if training:
        mask = rng.binomial(1, keep_prob, size=x.shape).astype(float)
        return (x * mask if classic else x * mask / keep_prob), mask
    return (keep_prob * x if classic else x.astype(float)), None


@dropout_forward("dropping where a number is large")
def by_dropping(x, keep_prob, *, rng, training=True, classic=False):
    if not training:
        out = np.array(x, dtype=float)
        if classic:
            out *= keep_prob
        return out, None
    dropped = rng.uniform(size=x.shape) >= keep_prob
    out = np.array(x, dtype=float)
    out[dropped] = 0
    if not classic:
        out /= keep_prob
    return out, ~dropped


@dropout_forward("entry by entry")
def by_entries(x, keep_prob, *, rng, training=True, classic=False):
    out, mask = np.zeros(x.shape), np.ones(x.shape, dtype=bool)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if training:
                mask[i, j] = rng.random() <= keep_prob
                out[i, j] = x[i, j] * mask[i, j] / (1 if classic else keep_prob)
            else:
                out[i, j] = x[i, j] * keep_prob if classic else x[i, j]
    return out, mask


@dropout_forward("a choice of True and False, one scale for each of the four cases")
def by_choice(x, keep_prob, *, rng, training=True, classic=False):
    scale = {(True, True): 1, (True, False): 1 / keep_prob, (False, True): keep_prob, (False, False): 1}[training, classic]
    mask = rng.choice([True, False], size=x.shape, p=[keep_prob, 1 - keep_prob]) if training else np.ones(x.shape, bool)
    return np.where(mask, scale * x, 0.0), mask


@dropout_forward("numbers from the upper end, as a list of two")
def from_above(x, keep_prob, *, rng, training=True, classic=False):
    if not training:
        return [x * keep_prob if classic else 1.0 * x, None]
    mask = (rng.random(x.size) > 1 - keep_prob).reshape(x.shape).astype(int)
    return [np.multiply(x, mask) * (1.0 if classic else 1 / keep_prob), mask]


@dropout_forward("the floor of a number plus keep_prob")
def by_floor(x, keep_prob, *, rng, training=True, classic=False):
    if training:
        mask = np.floor(rng.random(size=x.shape) + keep_prob) >= 1
        z = np.where(mask, x, 0.0)
        return (z if classic else z / keep_prob), mask
    return np.copy(x) * (keep_prob**classic), None


@dropout_forward("single precision numbers, in evaluation too")
def single_numbers(x, keep_prob, *, rng, training=True, classic=False):
    mask = rng.random(x.shape, dtype=np.float32) < keep_prob
    if training:
        return np.einsum("nm,nm->nm", x, mask) / keep_prob ** (not classic), mask
    return x / 1.0 if not classic else x * keep_prob, np.ones_like(mask)


# --- dropout_backward


@dropout_backward("where")
def backward_where(g_out, mask, keep_prob, *, classic=False):
    return np.where(mask, g_out if classic else g_out / keep_prob, 0.0)


@dropout_backward("zeros on a copy")
def backward_on_a_copy(g_out, mask, keep_prob, *, classic=False):
    g_in = np.array(g_out, dtype=float)
    g_in[np.logical_not(mask)] = 0
    if not classic:
        g_in /= keep_prob
    return g_in


@dropout_backward("entry by entry")
def backward_entries(g_out, mask, keep_prob, *, classic=False):
    scale = 1 if classic else 1 / keep_prob
    return np.array([[g * scale if m else 0.0 for g, m in zip(*rows)] for rows in zip(g_out, mask)])


@dropout_backward("one factor for each entry")
def backward_factor(g_out, mask, keep_prob, *, classic=False):
    factor = mask.astype(float) * (1.0 if classic else keep_prob**-1)
    return np.einsum("nm,nm->nm", g_out, factor)


# --- EarlyStopping, with the method that the notebook gives


class _Given:
    def replay(self, losses, history, in_place=True):
        weights, stopped = [w.copy() for w in history[0]], 0
        for epoch, (loss, now) in enumerate(zip(losses, history), start=1):
            for i, new in enumerate(now):
                if in_place:
                    weights[i][...] = new
                else:
                    weights[i] = new.copy()
            if self.update(loss, weights):
                stopped = epoch
                break
        for w in weights:
            w[...] = 0
        return stopped, self.best_loss, self.best_weights


@EarlyStopping("counts epochs since the best")
class SinceTheBest(_Given):
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_weights = float("inf"), None
        self.epoch = self.best_epoch = 0

    def update(self, loss, weights):
        self.epoch += 1
        if self.best_loss - loss > self.min_delta:
            self.best_loss, self.best_epoch = float(loss), self.epoch
            self.best_weights = [np.array(w) for w in weights]
        return self.epoch - self.best_epoch >= self.patience


@EarlyStopping("counts patience down")
class CountsDown(_Given):
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.left = patience
        self.best_loss, self.best_weights = np.inf, None

    def update(self, loss, weights):
        if loss + self.min_delta < self.best_loss:
            self.best_loss, self.left = loss, self.patience
            self.best_weights = [1.0 * w for w in weights]
            return False
        self.left -= 1
        return self.left <= 0


@EarlyStopping("deep copies, None for the first bar, True or nothing")
class DeepCopies(_Given):
    def __init__(self, patience, min_delta=0.0):
        import copy

        self.copy = copy.deepcopy
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_weights, self.bad = None, None, []

    def update(self, loss, weights):
        if self.best_loss is None or loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_weights = loss, self.copy(weights)
            self.bad.clear()
        else:
            self.bad.append(loss)
        if len(self.bad) == self.patience:
            return True


@EarlyStopping("remembers every loss")
class RemembersAll(_Given):
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.improved, self.best_loss, self.best_weights = [], np.inf, None

    def update(self, loss, weights):
        self.improved.append(bool(loss < self.best_loss - self.min_delta))
        if self.improved[-1]:
            self.best_loss = loss
            self.best_weights = tuple(w.copy() for w in weights)
        return not any(self.improved[-self.patience :])


# --- clip_gradient_norm


@clip_gradient_norm("one long vector")
def long_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads]))
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * max_norm / norm for g in grads], norm


@clip_gradient_norm("the norm of the norms, and a minimum")
def norm_of_norms(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    scale = min(1, max_norm / norm) if norm else 1
    return [scale * g for g in grads], norm


@clip_gradient_norm("NumPy's division by zero, with its warning")
def with_a_warning(grads, max_norm):
    norm = np.sqrt(np.sum([np.vdot(g, g) for g in grads]))
    return [g * min(1.0, np.divide(max_norm, norm)) for g in grads], norm


@clip_gradient_norm("entry by entry, a Python number, in a tuple")
def clip_entries(grads, max_norm):
    total = 0.0
    for g in grads:
        for entry in g.flatten():
            total += float(entry) ** 2
    norm = total**0.5
    scale = 1.0
    if norm > max_norm:
        scale = max_norm / norm
    return tuple(np.array(g * scale) for g in grads), norm


@clip_gradient_norm("divided by how many times too long it is")
def too_long_by(grads, max_norm):
    norm = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads))
    return [g / max(1.0, norm / max_norm) for g in grads], float(norm)


@clip_gradient_norm("one quotient with a maximum")
def one_quotient(grads, max_norm):
    norm = sum(np.sum(np.abs(g) ** 2) for g in grads) ** 0.5
    return [g * (max_norm / max(norm, max_norm)) for g in grads], norm
