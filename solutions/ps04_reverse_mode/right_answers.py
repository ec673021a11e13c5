"""Right answers for problem set 4, written in other ways than the model's: each must keep all its marks."""

import numpy as np

from course.misconceptions import Bank

Node = Bank("Node")
topological_order = Bank("topological_order")
backward = Bank("backward")
to_mermaid = Bank("to_mermaid")
unbroadcast = Bank("unbroadcast")
Value = Bank("Value")
elementwise = Bank("elementwise")
matmul = Bank("matmul")
sum_over = Bank("sum_over")
reshape = Bank("reshape")
transpose = Bank("transpose")


# --- Node


class _Given:
    """What stands in the cell of Node before anybody writes."""

    __array_ufunc__ = None

    def __init__(self, data, parents=(), rule=None, label=""):
        self.data = np.array(data, dtype=float)
        self.parents, self.rule, self.label, self.grad = tuple(parents), rule, label, None

    @property
    def shape(self):
        return self.data.shape

    @property
    def text(self):
        lines = [self.label] if self.label else []
        for name, array in [("value", self.data), ("gradient", self.grad)]:
            if array is not None:
                lines.append(f"{name} {float(array):.4g}" if np.ndim(array) == 0 else f"{name} of shape {np.shape(array)}")
        return "<br/>".join(lines)

    def plus(self, other):
        return type(self)(self.data + other.data, (self, other), lambda g: (g, g), "plus")


@Node("a lambda, and a list of shares")
class ALambda(_Given):
    def times(self, other):
        return type(self)(self.data * other.data, [self, other], lambda g: [other.data * g, self.data * g], "times")


@Node("the rule is put in afterwards")
class RuleAfterwards(_Given):
    def times(self, other):
        product = type(self)(np.multiply(self.data, other.data))
        product.parents = (self, other)
        product.label = "*"
        a, b = np.array(self.data), np.array(other.data)
        product.rule = lambda g: (np.multiply(g, b), np.multiply(g, a))
        return product


@Node("einsum, and a method for the rule")
class AMethodForTheRule(_Given):
    def times(self, other):
        z = type(self)(np.einsum("...,...->...", self.data, other.data), (self, other), None, "times")
        z.rule = z.shares
        return z

    def shares(self, g):
        return tuple(g * factor.data for factor in reversed(self.parents))


# --- topological_order


@topological_order("counts the consumers that are left")
def by_consumers(root):
    nodes, left = [root], {id(root): 0}
    for node in nodes:
        for parent in node.parents:
            if id(parent) not in left:
                left[id(parent)] = 0
                nodes.append(parent)
            left[id(parent)] += 1
    ready, order = [root], []
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in node.parents:
            left[id(parent)] -= 1
            if not left[id(parent)]:
                ready.append(parent)
    order.reverse()
    return order


@topological_order("a stack of iterators")
def stack_of_iterators(root):
    order, seen, stack = [], {root}, [(root, iter(root.parents))]
    while stack:
        node, parents = stack[-1]
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parent.parents)))
                break
        else:
            order.append(node)
            stack.pop()
    return order


@topological_order("each node on the stack a second time, marked")
def marked(root):
    order, known, stack = [], set(), [(root, False)]
    while stack:
        node, opened = stack.pop()
        if opened:
            order.append(node)
        elif id(node) not in known:
            known.add(id(node))
            stack.append((node, True))
            stack += [(parent, False) for parent in node.parents[::-1]]
    return order


@topological_order("by the longest way from a leaf")
def by_level(root):
    level, stack, nodes = {}, [root], {id(root): root}
    while stack:
        node = stack[-1]
        nodes[id(node)] = node
        waiting = [parent for parent in node.parents if id(parent) not in level]
        if waiting:
            stack += waiting
            continue
        level[id(node)] = 1 + max([level[id(parent)] for parent in node.parents], default=0)
        stack.pop()
    return sorted(nodes.values(), key=lambda node: level[id(node)])


# --- backward


@backward("gradients in a dict, put in their places at the end")
def by_dict(root, seed=None):
    order = topological_order(root)
    total = {id(node): [] for node in order}
    total[id(root)].append(np.ones_like(root.data) if seed is None else seed)
    for node in order[::-1]:
        node.grad = np.array(sum(total[id(node)][1:], total[id(node)][0]))
        if node.rule is not None:
            for parent, share in zip(node.parents, node.rule(node.grad)):
                total[id(parent)].append(share)


@backward("adds in place to arrays of its own")
def in_place_of_its_own(root, seed=None):
    order = list(topological_order(root))
    for node in order:
        node.grad = np.zeros_like(node.data)
    root.grad = root.grad + (1.0 if seed is None else seed)
    while order:
        node = order.pop()
        if node.rule:
            for i, share in enumerate(node.rule(node.grad.copy())):
                node.parents[i].grad += share


@backward("none at first, copies where a share arrives")
def copies(root, seed=None):
    order = topological_order(root)
    for node in order:
        node.grad = None
    root.grad = np.ones(root.shape) if seed is None else np.asarray(seed, float).copy()
    for k in range(len(order) - 1, -1, -1):
        v = order[k]
        shares = v.rule(v.grad) if len(v.parents) else ()
        for u, share in zip(v.parents, shares):
            u.grad = np.array(share, dtype=float) if u.grad is None else np.add(u.grad, share)


# --- to_mermaid


@to_mermaid("names from ids, arrows first")
def arrows_first(root):
    order = topological_order(root)
    text = "flowchart LR\n"
    for node in order:
        for parent in node.parents:
            text += f"v{id(parent)} --> v{id(node)}\n"
    for node in order:
        text += f'v{id(node)}["{node.text}"]\n'
    return text


@to_mermaid("from the root down")
def from_the_root(root):
    order = topological_order(root)[::-1]
    number = {node: k for k, node in enumerate(order)}
    lines = [f'\tbox_{k}["{node.text}"]' for k, node in enumerate(order)]
    arrows = [f"\tbox_{number[p]}-->box_{number[node]}" for node in order for p in node.parents]
    return "\n".join(["flowchart LR", *lines, *arrows]) + "\n"


@to_mermaid("without topological_order")
def by_own_search(root):
    nodes, names = [root], {id(root): "a0"}
    for node in nodes:
        for parent in node.parents:
            if id(parent) not in names:
                names[id(parent)] = f"a{len(names)}"
                nodes.append(parent)
    lines = ["flowchart LR", ""]
    for node in nodes:
        name = names[id(node)]
        lines.append("    " + name + '["' + node.text + '"]')
        lines.extend("    " + names[id(parent)] + " --> " + name for parent in node.parents)
    return "\n".join(lines)


# --- unbroadcast


@unbroadcast("one axis after the other")
def axis_by_axis(gradient, shape):
    gradient = np.array(gradient)
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            gradient = np.sum(gradient, axis=axis, keepdims=True)
    return np.array(gradient)


@unbroadcast("entry by entry")
def by_entry(gradient, shape):
    result = np.zeros(shape)
    extra = gradient.ndim - len(shape)
    for place in np.ndindex(*gradient.shape):
        home = tuple(0 if size == 1 else i for i, size in zip(place[extra:], shape))
        result[home] += gradient[place]
    return result


@unbroadcast("shape filled up with ones, all axes in one sum, then reshaped")
def in_one_sum(gradient, shape):
    full = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i in range(gradient.ndim) if full[i] != gradient.shape[i])
    return np.sum(gradient, axis=axes).reshape(shape) if axes else gradient.reshape(shape).copy()


@unbroadcast("einsum over the axes that stay")
def by_einsum(gradient, shape):
    axes = list(range(gradient.ndim))
    kept = [axis for axis, size in zip(axes[gradient.ndim - len(shape) :], shape) if size != 1]
    return np.array(np.einsum(gradient, axes, kept)).reshape(shape)


# --- Value


@Value("a quotient is a product with a power")
class ByPowers(_Given):
    def _other(self, other):
        return other if hasattr(other, "parents") else Value(other)

    def __add__(self, other):
        other = self._other(other)
        back = lambda g: [unbroadcast(g, self.shape), unbroadcast(g, other.shape)]  # noqa: E731
        return Value(self.data + other.data, [self, other], back)

    def __mul__(self, other):
        other = self._other(other)
        a, b = self.data, other.data
        return Value(a * b, [self, other], lambda g: [unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)])

    def __pow__(self, n):
        return Value(np.power(self.data, n), [self], lambda g: [g * n * np.power(self.data, n - 1.0)])

    def __truediv__(self, other):
        return self * self._other(other) ** -1

    def __rtruediv__(self, other):
        return self**-1 * other

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + self._other(other) * -1

    def __rsub__(self, other):
        return self * -1 + other

    __radd__, __rmul__ = __add__, __mul__


@Value("one method for all operations of two")
class OneMethod(_Given):
    def combine(self, other, f, by_self, by_other):
        if not hasattr(other, "parents"):
            other = Value(np.asarray(other, dtype=float))
        a, b = self.data, other.data
        shares = lambda g: (unbroadcast(g * by_self(a, b), a.shape), unbroadcast(g * by_other(a, b), b.shape))  # noqa: E731
        return Value(f(a, b), (self, other), shares)

    def __add__(self, other):
        return self.combine(other, np.add, lambda a, b: 1.0, lambda a, b: 1.0)

    def __sub__(self, other):
        return self.combine(other, np.subtract, lambda a, b: 1.0, lambda a, b: -1.0)

    def __rsub__(self, other):
        return self.combine(other, lambda a, b: b - a, lambda a, b: -1.0, lambda a, b: 1.0)

    def __mul__(self, other):
        return self.combine(other, np.multiply, lambda a, b: b, lambda a, b: a)

    def __truediv__(self, other):
        return self.combine(other, np.divide, lambda a, b: 1 / b, lambda a, b: -(a / b) / b)

    def __rtruediv__(self, other):
        return self.combine(other, lambda a, b: b / a, lambda a, b: -b / a**2, lambda a, b: 1 / a)

    def __pow__(self, n):
        return Value(self.data**n, (self,), lambda g: (n * g * self.data**n / self.data,))

    def __neg__(self):
        return Value(-1 * self.data, (self,), lambda g: (-1 * g,))

    __radd__, __rmul__ = __add__, __mul__


@Value("plain numbers and arrays are no parents")
class ConstantsAreNoParents(_Given):
    def with_constant(self, value, slope):
        return Value(value, (self,), lambda g: (unbroadcast(g * slope, self.shape),))

    def __add__(self, other):
        if not hasattr(other, "parents"):
            return self.with_constant(self.data + other, np.ones(1))
        return Value(
            self.data + other.data,
            (self, other),
            lambda g: tuple(unbroadcast(g, parent.shape) for parent in (self, other)),
        )

    def __mul__(self, other):
        if not hasattr(other, "parents"):
            return self.with_constant(self.data * other, np.asarray(other))

        def back(g):
            yours, mine = g * self.data, g * other.data
            return unbroadcast(mine, self.shape), unbroadcast(yours, other.shape)

        return Value(self.data * other.data, (self, other), back)

    def __truediv__(self, other):
        if not hasattr(other, "parents"):
            return self.with_constant(self.data / other, 1 / np.asarray(other))
        z = self.data / other.data

        def back(g):
            g = g / other.data
            return unbroadcast(g, self.shape), unbroadcast(-g * z, other.shape)

        return Value(z, (self, other), back)

    def __rtruediv__(self, other):
        return self.with_constant(other / self.data, -np.asarray(other) / self.data**2)

    def __pow__(self, n):
        return self.with_constant(self.data**n, n * self.data ** (n - 1))

    def __neg__(self):
        return self.with_constant(-self.data, -np.ones(1))

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return other + -self

    __radd__, __rmul__ = __add__, __mul__


# --- elementwise


@elementwise("tables of functions and slopes")
def by_tables(x, kind):
    functions = {"exp": np.exp, "log": np.log, "tanh": np.tanh, "relu": lambda a: a * (a > 0)}
    slopes = {"exp": np.exp, "log": np.reciprocal, "tanh": lambda a: 1 - np.tanh(a) ** 2, "relu": np.heaviside}
    a = np.array(x.data)

    def back(g):
        return (slopes[kind](a, 0.0) * g,) if kind == "relu" else (slopes[kind](a) * g,)

    return Value(functions[kind](a), (x,), back, kind)


@elementwise("a rule of its own for each kind")
def rule_for_each(x, kind):
    if kind == "exp":
        z = np.exp(x.data)
        return Value(z, [x], lambda g: [g * z])
    if kind == "log":
        return Value(np.log(x.data), [x], lambda g: [g / x.data])
    if kind == "tanh":
        z = np.tanh(x.data)
        return Value(z, [x], lambda g: [g * (1 + z) * (1 - z)])
    return Value(np.where(x.data > 0, x.data, 0.0), [x], lambda g: [np.where(x.data > 0, g, 0.0)])


@elementwise("the result remembers its own data")
def from_the_result(x, kind):
    value = x.data.clip(min=0) if kind == "relu" else getattr(np, kind)(x.data)
    z = Value(value, (x,), label=kind)

    def rule(g):
        a, b = x.data, z.data
        if kind == "tanh":
            return (g - g * b * b,)
        return ({"exp": b, "log": np.divide(1, a), "relu": np.sign(b)}[kind] * g,)

    z.rule = rule
    return z


# --- matmul


@matmul("einsum")
def matmul_by_einsum(a, b):
    def rule(g):
        return np.einsum("nm,dm->nd", g, b.data), np.einsum("nm,nd->dm", g, a.data)

    return Value(np.einsum("nd,dm->nm", a.data, b.data), (a, b), rule)


@matmul("loops")
def matmul_by_loops(a, b):
    (N, D), M = a.shape, b.shape[1]

    def rule(g):
        for_a, for_b = np.zeros((N, D)), np.zeros((D, M))
        for n in range(N):
            for m in range(M):
                for_a[n] += g[n, m] * b.data[:, m]
                for_b[:, m] += g[n, m] * a.data[n]
        return [for_a, for_b]

    return Value([[a.data[n] @ b.data[:, m] for m in range(M)] for n in range(N)], [a, b], rule)


@matmul("transposed products, turned back")
def matmul_turned(a, b):
    return Value(np.dot(b.data.T, a.data.T).T, (a, b), lambda g: ((b.data @ g.T).T, (g.T @ a.data).T), "@")


# --- sum_over


@sum_over("times ones, in the shape with the axis kept")
def by_ones(x, axis=None, keepdims=False):
    kept = x.data.sum(axis=axis, keepdims=True)
    value = kept if keepdims else np.sum(x.data, axis)
    return Value(value, (x,), lambda g: (np.reshape(g, kept.shape) * np.ones(x.shape),))


@sum_over("repeat")
def by_repeat(x, axis=None, keepdims=False):
    def rule(g):
        if axis is None:
            return (np.full(x.shape, np.asarray(g).item()),)
        g = np.asarray(g)
        if not keepdims:
            g = np.stack([g], axis=axis)
        return (np.repeat(g, x.shape[axis], axis=axis),)

    return Value(np.sum(x.data, axis=axis, keepdims=keepdims), (x,), rule)


@sum_over("written into an empty array, slice by slice")
def by_slices(x, axis=None, keepdims=False):
    def rule(g):
        result = np.empty(x.shape)
        if axis is None:
            result[...] = np.squeeze(g)
        else:
            moved = np.moveaxis(result, axis, 0)
            for k in range(len(moved)):
                moved[k] = np.squeeze(g, axis) if keepdims else g
        return (result,)

    return Value(np.add.reduce(x.data, axis=axis, keepdims=keepdims), [x], rule)


# --- reshape


@reshape("raveled on the way")
def by_ravel(x, shape):
    old = x.data.shape
    return Value(np.reshape(np.ravel(x.data), shape), (x,), lambda g: (np.reshape(np.ravel(g), old),))


@reshape("written into the flat entries of a new array")
def by_flat(x, shape):
    def refill(array, size):
        new = np.zeros(size)
        new.flat = array
        return new

    return Value(refill(x.data, shape), [x], lambda g: [refill(g, x.data.shape)])


@reshape("entry by entry")
def reshape_by_entry(x, shape):
    homes = list(np.ndindex(*x.shape))
    places = list(np.ndindex(*shape))
    value = np.zeros(shape)
    for home, place in zip(homes, places):
        value[place] = x.data[home]

    def rule(g):
        back = np.zeros(x.shape)
        for home, place in zip(homes, places):
            back[home] = g[place]
        return (back,)

    return Value(value, (x,), rule)


# --- transpose


@transpose("axes exchanged")
def by_swapaxes(x):
    return Value(np.swapaxes(x.data, 0, 1), (x,), lambda g: (np.swapaxes(g, 0, 1).copy(),), "T")


@transpose("einsum")
def transpose_by_einsum(x):
    return Value(np.einsum("nd->dn", x.data), [x], lambda g: [np.einsum("dn->nd", g)])


@transpose("columns made rows")
def columns_made_rows(x):
    def turn(array):
        return np.array([list(column) for column in zip(*array)])

    return Value(turn(x.data), (x,), lambda g: (turn(g),))
