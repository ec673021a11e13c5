"""Right answers written differently: other algebra, earlier functions used again, loops, whole Jacobians."""

import numpy as np

from course.misconceptions import Bank

forward_difference = Bank("forward_difference")
central_difference = Bank("central_difference")
best_step = Bank("best_step")
relative_error = Bank("relative_error")
numerical_gradient = Bank("numerical_gradient")
numerical_vjp = Bank("numerical_vjp")


# --- forward_difference


@forward_difference("divided by the step that was really taken")
def real_step(f, x, h):
    there = x + h
    return (f(there) - f(x)) / (there - x)


@forward_difference("two fractions")
def two_fractions(f, x, h):
    return f(x + h) / h - f(x) / h


@forward_difference("np.diff of two values")
def by_diff(f, x, h):
    points = np.array([x, x + h])
    return np.diff([f(point) for point in points])[0] / h


@forward_difference("both signs turned")
def turned(f, x, h):
    return -(f(x) - f(x + h)) * (1 / h)


# --- central_difference


@central_difference("mean of a step ahead and a step back")
def mean_of_two(f, x, h):
    return (forward_difference(f, x, h) + forward_difference(f, x, -h)) / 2


@central_difference("a forward difference from the left point")
def from_the_left(f, x, h):
    return forward_difference(f, x - h, 2 * h)


@central_difference("divided by the distance of the two points")
def real_distance(f, x, h):
    right, left = x + h, x - h
    return (f(right) - f(left)) / (right - left)


@central_difference("weights of one half")
def weighted(f, x, h):
    return np.dot([0.5, -0.5], [f(x + h), f(x - h)]) / h


@central_difference("three evaluations")
def three_values(f, x, h):
    here = f(x)
    return 0.5 * ((f(x + h) - here) / h + (here - f(x - h)) / h)


# --- best_step


@best_step("np.sqrt and np.cbrt")
def roots(x, scheme):
    eps = np.finfo(np.float64).eps
    if scheme == "forward":
        return np.sqrt(eps) * np.clip(np.abs(x), 1, None)
    return np.cbrt(eps) * np.clip(np.abs(x), 1, None)


@best_step("eps found by halving, step by step")
def halving(x, scheme):
    import math

    eps = 1.0
    while 1.0 + eps / 2 > 1.0:
        eps /= 2
    h = np.array(x, dtype=float)
    for i in np.ndindex(h.shape):
        h[i] = math.pow(eps, 1 / {"forward": 2, "central": 3}[scheme]) * max(1.0, abs(h[i]))
    return h


@best_step("by logarithms, from two digits of eps")
def logarithms(x, scheme):
    share = 0.5 if scheme == "forward" else 1 / 3
    return np.exp(share * np.log(2.2e-16)) * np.where(np.abs(x) > 1, np.abs(x), 1)


@best_step("from sys.float_info")
def from_sys(x, scheme):
    import sys

    root = sys.float_info.epsilon ** (1 / (1 + ["forward", "central"].index(scheme) + 1))
    return np.fmax(root, root * np.sqrt(np.square(x)))


# --- relative_error


@relative_error("pair by pair")
def pair_by_pair(a, b):
    if a.shape != b.shape:
        raise ValueError("a and b differ in shape")
    worst = 0.0
    for p, q in zip(a.flat, b.flat):
        size = max(abs(p), abs(q))
        if size > 0:
            worst = max(worst, abs(p - q) / size)
    return worst


@relative_error("equal entries left out")
def unequal_only(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError("two shapes")
    differ = a != b
    p, q = a[differ], b[differ]
    return np.max(np.abs(p - q) / np.fmax(np.abs(p), np.abs(q)), initial=0)


@relative_error("NaN made zero")
def nan_made_zero(a, b):
    if a.shape != b.shape:
        raise ValueError
    with np.errstate(invalid="ignore"):
        errors = np.abs(a - b) / np.where(np.abs(a) > np.abs(b), np.abs(a), np.abs(b))
    return np.nan_to_num(errors).max()


@relative_error("one number from two quotients")
def two_quotients(a, b):
    if a.ndim != b.ndim or a.shape != b.shape:
        raise ValueError(f"{a.shape} is not {b.shape}")
    tiny = np.finfo(float).tiny
    of_a, of_b = np.abs(a - b) / np.maximum(np.abs(a), tiny), np.abs(a - b) / np.maximum(np.abs(b), tiny)
    return float(np.minimum(of_a, of_b).max())


@relative_error("warning from 0 / 0 and all")
def with_warnings(a, b):
    if not a.shape == b.shape:
        raise ValueError("shapes")
    size = np.max([np.abs(a), np.abs(b)], axis=0)
    return np.max(np.where(size > 0, np.abs(a - b) / size, 0.0))


# --- numerical_gradient


@numerical_gradient("one-hot directions, as in deck 000")
def one_hot(f, x, h=1e-5):
    slopes = []
    for k in range(x.size):
        d = np.zeros(x.size)
        d[k] = 1
        d = d.reshape(x.shape)
        slopes.append((f(x + h * d) - f(x - h * d)) / (2 * h))
    return np.reshape(slopes, x.shape)


@numerical_gradient("central_difference of one entry at a time")
def through_central(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):

        def along(value, i=i):
            moved = x.astype(float)
            moved[i] = value
            return f(moved)

        gradient[i] = central_difference(along, x[i], h)
    return gradient


@numerical_gradient("the caller's own array, put back to the bit")
def put_back(f, x, h=1e-5):
    if x.dtype != float:
        x = x.astype(float)
    gradient = np.empty_like(x)
    walk = np.nditer(x, flags=["multi_index"])
    for _ in walk:
        i = walk.multi_index
        before = x[i]
        x[i] = before + h
        right = f(x)
        x[i] = before - h
        left = f(x)
        x[i] = before
        gradient[i] = (right - left) / h / 2
    return gradient


@numerical_gradient("a list from the rows of the identity")
def identity_rows(f, x, h=1e-5):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([0.5 * (f(x + step) - f(x - step)) / h for step in steps]).reshape(*x.shape)


@numerical_gradient("a flat copy, entry by entry")
def flat_copy(f, x, h=1e-5):
    flat = [float(value) for value in x.ravel()]
    slopes = []
    for k, value in enumerate(flat):
        above = np.array([*flat[:k], value + h, *flat[k + 1 :]]).reshape(x.shape)
        below = np.array([*flat[:k], value - h, *flat[k + 1 :]]).reshape(x.shape)
        slopes.append((f(above) - f(below)) / (above.flat[k] - below.flat[k]))
    return np.array(slopes).reshape(x.shape)


# --- numerical_vjp


@numerical_vjp("numerical_gradient of one number")
def through_gradient(f, x, g_out, h=1e-5):
    return numerical_gradient(lambda moved: np.sum(f(moved) * g_out), x, h)


@numerical_vjp("the whole Jacobian, then one product")
def through_jacobian(f, x, g_out, h=1e-5):
    columns = []
    for row in np.eye(x.size):
        d = row.reshape(x.shape)
        columns.append(((f(x + h * d) - f(x - h * d)) / (2 * h)).ravel())
    J = np.stack(columns, axis=1)
    return (J.T @ g_out.ravel()).reshape(x.shape)


@numerical_vjp("central_difference of one entry at a time")
def vjp_through_central(f, x, g_out, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        d = np.zeros(x.shape)
        d[i] = 1.0
        gradient[i] = central_difference(lambda t, d=d: np.vdot(f(x + t * d), g_out), 0.0, h)
    return gradient


@numerical_vjp("two sums, put back to the bit")
def two_sums(f, x, g_out, h=1e-5):
    x = x.astype(float)
    gradient = np.zeros(x.shape)
    for k in range(x.size):
        before = x.flat[k]
        x.flat[k] = before + h
        above = np.einsum("...,...->...", f(x), g_out).sum()
        x.flat[k] = before - h
        below = (f(x) * g_out).sum()
        x.flat[k] = before
        gradient.flat[k] = (above - below) / (2 * h)
    return gradient
