"""Right answers for problem set 10, written in other ways than the model's: each must keep all its marks."""

import numpy as np

from course.misconceptions import Bank

gradient_profile = Bank("gradient_profile")
xavier_init = Bank("xavier_init")
he_init = Bank("he_init")
batch_norm_forward = Bank("batch_norm_forward")
batch_norm_backward = Bank("batch_norm_backward")
layer_norm = Bank("layer_norm")
train_classifier = Bank("train_classifier")


# --- gradient_profile


@gradient_profile("one recursive function")
def recursive(X, weights, kind, g_out):
    def below(z, depth):
        """Return the gradient by z, and the lengths from this layer on."""
        if depth == len(weights):
            return g_out, []
        a = np.dot(z, weights[depth])
        if kind == "relu":
            slope, out = np.where(a > 0, 1.0, 0.0), np.where(a > 0, a, 0)
        else:
            out = np.tanh(a)
            slope = (1 - out) * (1 + out)
        g, lengths = below(out, depth + 1)
        delta = np.multiply(g, slope)
        return np.dot(delta, np.transpose(weights[depth])), [np.sqrt(np.vdot(delta, delta)), *lengths]

    return np.array(below(X, 0)[1])


@gradient_profile("through the library's layers")
def through_layers(X, weights, kind, g_out):
    from course.layers import ReLU, Tanh

    bends, z = [], X
    for W in weights:
        bends.append(Tanh() if kind == "tanh" else ReLU())
        z = bends[-1].forward(z @ W)
    lengths = np.zeros(len(weights))
    g = g_out
    for layer in range(len(weights) - 1, -1, -1):
        delta = bends[layer].backward_to_input(g)
        lengths[layer] = np.linalg.norm(delta.ravel())
        g = np.einsum("nm,dm->nd", delta, weights[layer])
    return lengths


@gradient_profile("a list, from cosh")
def from_cosh(X, weights, kind, g_out):
    pre, z = [], np.array(X, dtype=float)
    for W in weights:
        pre.append(np.matmul(z, W))
        z = np.tanh(pre[-1]) if kind == "tanh" else pre[-1] * (pre[-1] > 0)
    slopes = [1 / np.cosh(a) ** 2 if kind == "tanh" else np.heaviside(a, 0.0) for a in pre]
    deltas = [g_out * slopes[-1]]
    for layer in range(len(weights) - 1, 0, -1):
        deltas.append(slopes[layer - 1] * (weights[layer] @ deltas[-1].T).T)
    return [float(np.sqrt((delta**2).sum())) for delta in reversed(deltas)]


@gradient_profile("one example at a time")
def by_example(X, weights, kind, g_out):
    squares = np.zeros(len(weights))
    for n in range(len(X)):
        z, g, jacobians = X[n], g_out[n], []
        for W in weights:
            a = z @ W
            z = np.tanh(a) if kind == "tanh" else np.clip(a, 0, None)
            jacobians.append(np.diag(1 - z**2 if kind == "tanh" else np.sign(z)))
        for layer in reversed(range(len(weights))):
            delta = jacobians[layer] @ g
            squares[layer] += delta @ delta
            g = weights[layer] @ delta
    return squares**0.5


# --- xavier_init


@xavier_init("scaled from 0 to 1")
def scaled(fan_in, fan_out, *, rng):
    r = np.sqrt(6.0) / np.sqrt(fan_in + fan_out)
    return rng.random((fan_in, fan_out)) * 2 * r - r


@xavier_init("from the variance")
def from_the_variance(fan_in, fan_out, *, rng):
    variance = 2 / (fan_in + fan_out)
    return rng.uniform(low=-((3 * variance) ** 0.5), high=(3 * variance) ** 0.5, size=(fan_in, fan_out))


@xavier_init("row by row")
def row_by_row(fan_in, fan_out, *, rng):
    r = (6 / (fan_in + fan_out)) ** 0.5
    return np.array([[rng.uniform(-r, r) for _ in range(fan_out)] for _ in range(fan_in)])


@xavier_init("column by column")
def column_by_column(fan_in, fan_out, *, rng):
    r = np.sqrt(6 / (fan_in + fan_out))
    return np.stack([rng.uniform(-1, 1, fan_in) for _ in range(fan_out)], axis=1) * r


# --- he_init


@he_init("scaled standard normal")
def scaled_normal(fan_in, fan_out, *, rng):
    return rng.standard_normal((fan_in, fan_out)) * np.sqrt(2.0 / fan_in)


@he_init("divided by a root")
def divided(fan_in, fan_out, *, rng):
    W = rng.normal(size=fan_in * fan_out).reshape(fan_in, fan_out)
    return W / np.sqrt(fan_in / 2)


@he_init("transposed afterwards")
def transposed_afterwards(fan_in, fan_out, *, rng):
    return rng.normal(loc=0, scale=(2 / fan_in) ** 0.5, size=(fan_out, fan_in)).T


@he_init("from uniform numbers")
def box_muller(fan_in, fan_out, *, rng):
    radius = np.sqrt(-2 * np.log1p(-rng.random((fan_in, fan_out))))
    return np.sqrt(2 / fan_in) * radius * np.cos(2 * np.pi * rng.random((fan_in, fan_out)))


# --- batch_norm_forward


@batch_norm_forward("feature by feature")
def by_feature(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    N, D = X.shape
    X_out = np.zeros((N, D))
    new_mean, new_variance = running_mean.copy(), running_variance.copy()
    for d in range(D):
        x = X[:, d]
        mean, variance = running_mean[d], running_variance[d]
        if training:
            mean = sum(x) / N
            variance = sum((v - mean) ** 2 for v in x) / N
            if N > 1:
                new_mean[d] = momentum * new_mean[d] + (1 - momentum) * mean
                new_variance[d] = momentum * new_variance[d] + (1 - momentum) * variance * N / (N - 1)
        for n in range(N):
            X_out[n, d] = gamma[d] * (x[n] - mean) / np.sqrt(variance + eps) + beta[d]
    return X_out, new_mean, new_variance


@batch_norm_forward("two branches, a list of results")
def two_branches(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    if not training:
        factor = gamma / np.sqrt(running_variance + eps)
        return [X * factor + (beta - running_mean * factor), running_mean.copy(), running_variance.copy()]
    mean = np.mean(X, axis=0, keepdims=True)
    centred = X - mean
    variance = np.mean(centred**2, axis=0, keepdims=True)
    X_out = centred * (variance + eps) ** -0.5 * gamma[None] + beta[None]
    if X.shape[0] == 1:
        return [X_out, running_mean, running_variance]
    share = 1 - momentum
    unbiased = np.sum(centred**2, axis=0) / (X.shape[0] - 1)
    return [
        X_out,
        running_mean + share * (mean[0] - running_mean),
        running_variance + share * (unbiased - running_variance),
    ]


@batch_norm_forward("through the transpose, ddof=1")
def through_the_transpose(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    rows = np.asarray(X, dtype=np.float64).T
    keeps = not training or len(X) < 2
    m, v = (rows.mean(1), rows.var(1)) if training else (running_mean, running_variance)
    hat = np.divide(rows - m.reshape(-1, 1), np.sqrt(v.reshape(-1, 1) + eps))
    new_mean = running_mean if keeps else np.average([running_mean, m], axis=0, weights=[momentum, 1 - momentum])
    new_variance = running_variance if keeps else momentum * running_variance + (1 - momentum) * np.var(X, 0, ddof=1)
    return (np.diag(gamma) @ hat).T + beta, new_mean, new_variance


# --- batch_norm_backward


@batch_norm_backward("the three ways as in the text")
def three_ways(g_out, X, gamma, eps=1e-5):
    N = len(X)
    centred = X - X.mean(axis=0)
    s = np.sqrt((centred**2).sum(axis=0) / N + eps)
    g_hat = g_out * gamma
    d_mean = -g_hat.sum(axis=0) / s
    d_variance = -0.5 * (g_hat * centred).sum(axis=0) / s**3
    g_in = g_hat / s + d_mean / N + d_variance * 2 * centred / N
    return g_in, (g_out * centred / s).sum(axis=0), g_out.sum(axis=0)


@batch_norm_backward("the Jacobian of each feature")
def by_jacobian(g_out, X, gamma, eps=1e-5):
    N, D = X.shape
    g_in, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
    for d in range(D):
        x = X[:, d] - np.mean(X[:, d])
        s = (np.mean(x * x) + eps) ** 0.5
        jacobian = (np.eye(N) - 1 / N) / s - np.outer(x, x) / (N * s**3)
        g_in[:, d] = gamma[d] * (jacobian @ g_out[:, d])
        dgamma[d] = g_out[:, d] @ (x / s)
        dbeta[d] = g_out[:, d] @ np.ones(N)
    return g_in, dgamma, dbeta


@batch_norm_backward("with dgamma and dbeta")
def with_the_parameters(g_out, X, gamma, eps=1e-5):
    N = X.shape[0]
    inverse = (np.var(X, axis=0) + eps) ** -0.5
    x_hat = (X - np.mean(X, axis=0)) * inverse
    dbeta = np.einsum("nd->d", g_out)
    dgamma = np.einsum("nd,nd->d", g_out, x_hat)
    return [gamma * inverse / N * (N * g_out - dbeta - x_hat * dgamma), dgamma, dbeta]


@batch_norm_backward("step by step through the graph")
def through_the_graph(g_out, X, gamma, eps=1e-5):
    N = len(X)
    centred = X - X.mean(0)
    s = np.sqrt(np.square(centred).mean(0) + eps)
    d_hat = gamma[np.newaxis, :] * g_out
    d_inverse = np.sum(d_hat * centred, axis=0)
    d_s = -d_inverse / s**2
    d_variance = d_s / (2 * s)
    d_squares = np.tile(d_variance / N, (N, 1))
    d_centred = d_hat / s + 2 * centred * d_squares
    d_mean = -d_centred.sum(0)
    return d_centred + d_mean / N, (g_out * (centred / s)).sum(0), g_out.sum(0)


# --- layer_norm


@layer_norm("one example at a time")
def one_at_a_time(X, gamma, beta, eps=1e-5):
    rows = X.reshape(-1, X.shape[-1])
    normed = [gamma * ((row - np.mean(row)) / np.sqrt(np.var(row) + eps)) + beta for row in rows]
    return np.array(normed).reshape(X.shape)


@layer_norm("einsum")
def by_einsum(X, gamma, beta, eps=1e-5):
    D = X.shape[-1]
    centred = X - np.einsum("...d->...", X)[..., None] / D
    squares = np.einsum("...d,...d->...", centred, centred)[..., None]
    return centred * np.sqrt(D / (squares + D * eps)) * gamma + beta


@layer_norm("features in front")
def features_in_front(X, gamma, beta, eps=1e-5):
    Z = np.moveaxis(X, -1, 0)
    X_hat = (Z - Z.mean(axis=0)) / np.sqrt(Z.var(axis=0) + eps)
    return np.moveaxis(X_hat, 0, -1) * gamma + beta


@layer_norm("in place on a copy")
def on_a_copy(X, gamma, beta, eps=1e-5):
    out = np.array(X, dtype=float)
    out -= out.mean(axis=X.ndim - 1)[..., np.newaxis]
    out /= np.sqrt(np.mean(out**2, axis=X.ndim - 1) + eps)[..., np.newaxis]
    out *= gamma
    out += beta
    return out


# --- train_classifier


@train_classifier("deeper, tanh and momentum, by hand")
def deeper(X, y, *, rng):
    mean, deviation = X.mean(axis=0), X.std(axis=0) + 1e-12
    classes = len(np.unique(y))
    widths = [X.shape[1], 48, 24, classes]
    Ws = [xavier_init(D, M, rng=rng) for D, M in zip(widths[:-1], widths[1:])]
    bs = [np.zeros(M) for M in widths[1:]]
    velocities = [np.zeros_like(p) for p in Ws + bs]

    def forward(X):
        zs = [(X - mean) / deviation]
        for W, b in zip(Ws[:-1], bs[:-1]):
            zs.append(np.tanh(zs[-1] @ W + b))
        return zs, zs[-1] @ Ws[-1] + bs[-1]

    losses = []
    for _ in range(15):
        total = 0.0
        for batch in np.array_split(rng.permutation(len(X)), len(X) // 20):
            zs, logits = forward(X[batch])
            shifted = logits - logits.max(axis=1, keepdims=True)
            log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            targets = np.eye(classes)[y[batch]]
            total -= (targets * log_p).sum()
            delta, dWs, dbs = (np.exp(log_p) - targets) / len(batch), [], []
            for W, z in zip(Ws[::-1], zs[::-1]):
                dWs.insert(0, z.T @ delta)
                dbs.insert(0, delta.sum(axis=0))
                delta = (delta @ W.T) * (1 - z**2)
            velocities[:] = [0.9 * v - 0.03 * g for v, g in zip(velocities, dWs + dbs)]
            for parameter, v in zip(Ws + bs, velocities):
                np.add(parameter, v, out=parameter)
        losses.append(total / len(X))
    return lambda X: np.argmax(forward(X)[1], axis=1), losses


@train_classifier("wide, plain gradient descent, whole batch")
def whole_batch(X, y, *, rng):
    from course.optimizers import SGD
    from course.training import training_step

    scale = Standardizer(X)
    Z = scale(X)
    network = Sequential(
        Linear(X.shape[1], 64, rng=rng, initializer=he_init),
        ReLU(),
        Linear(64, max(y) + 1, rng=rng, initializer=normal_init(0.05)),
    )
    optimizer, losses = SGD(0.5), []
    for _ in range(120):
        losses.append(training_step(network, SoftmaxCrossEntropy(), optimizer, Z, y))
    return lambda X: [int(np.argmax(row)) for row in network.forward(scale(X))], losses


@train_classifier("an object that can be called")
class ByObject:
    def __new__(cls, X, y, *, rng):
        self = super().__new__(cls)
        self.scale = Standardizer(X)
        self.network = Sequential(
            Linear(X.shape[1], 32, rng=rng, initializer=xavier_init),
            Tanh(),
            Linear(32, 32, rng=rng, initializer=xavier_init),
            Tanh(),
            Linear(32, int(np.max(y)) + 1, rng=rng, initializer=xavier_init),
        )
        history = fit(
            self.network, SoftmaxCrossEntropy(), Momentum(0.05), self.scale(X), y, epochs=20, batch_size=32, rng=rng
        )
        return self, np.array(history.train_loss)

    def __call__(self, X):
        return self.network.forward(self.scale(X)).argmax(-1)
