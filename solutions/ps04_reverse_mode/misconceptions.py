"""Wrong answers that students really write for problem set 4, each with advice that points at the idea."""

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


def _order(root):
    """A right order, for the answers that are wrong elsewhere."""
    order, listed, waiting = [], set(), [root]
    while waiting:
        node = waiting[-1]
        missing = [parent for parent in node.parents if id(parent) not in listed]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        if id(node) not in listed:
            listed.add(id(node))
            order.append(node)
    return order


# --- Node: a right node, to which each wrong answer gives its own product


class _Node:
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

    def times(self, other):
        def rule(g):
            return self.shares(g, self.data, other.data)

        return type(self)(self.data * other.data, (self, other), rule, "times")


@Node("each gets its own factor", "If a grows by a little, by how much does a · b grow: does it depend on a or on b?")
class OwnFactors(_Node):
    def shares(self, g, a, b):
        return g * a, g * b


@Node("upstream gradient forgotten", "What does your rule return when g is ten times as large?")
class RuleWithoutUpstream(_Node):
    def shares(self, g, a, b):
        return b, a


@Node("the rule of a sum", "You took the rule of plus along: does a product grow as fast as its factors?")
class RuleOfASum(_Node):
    def shares(self, g, a, b):
        return g, g


@Node("the whole product to each", "The derivative by a says how fast the product grows with a: is that the product itself?")
class WholeProduct(_Node):
    def shares(self, g, a, b):
        return g * a * b, g * a * b


@Node("one share for two parents", "The rule's tuple has one entry for each parent: how many parents has a product?")
class OneShare(_Node):
    def shares(self, g, a, b):
        return (g * b,)


@Node("product rule of functions", "Each parent gets its own share: are yours added up already?")
class AddedUp(_Node):
    def shares(self, g, a, b):
        return g * (a + b), g * (a + b)


@Node("changes its operand", "The product is a new node: what does *= do to the data of the old one?")
class ProductInPlace(_Node):
    def times(self, other):
        before = self.data.copy()
        self.data *= other.data
        return type(self)(self.data, (self, other), lambda g: (g * other.data, g * before), "times")


# --- topological_order


@topological_order("recursion", "Your function calls itself for every step down: how deep may such calls stand in Python?")
def recursive(root):
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    return order


@topological_order("nodes before their parents", "You list a node as soon as you meet it: what must stand before it?")
def preorder(root):
    order, seen, waiting = [], set(), [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            order.append(node)
            waiting.extend(reversed(node.parents))
    return order


@topological_order("a walk in depth, turned round", "A node met early may be needed again further down: by whom?")
def preorder_turned(root):
    return preorder(root)[::-1]


@topological_order("level by level, turned round", "A node may be near the root on one way, far on another: which counts?")
def levels_turned(root):
    order, seen = [root], {id(root)}
    for node in order:
        for parent in node.parents:
            if id(parent) not in seen:
                seen.add(id(parent))
                order.append(parent)
    return order[::-1]


@topological_order("from the root down", "Each node is in its right place among the others: but which end comes first?")
def root_first(root):
    return _order(root)[::-1]


@topological_order("nodes listed again and again", "Several ways lead to one node: how do you know that it is listed?")
def each_way(root):
    order, waiting = [], [root]
    while waiting:
        if len(order) > 3000:
            raise MemoryError
        node = waiting.pop()
        order.append(node)
        waiting.extend(node.parents)
    return order[::-1]


@topological_order("nodes told apart by their numbers", "Two nodes may hold the same number: are they then the same node?")
def by_number(root):
    order, seen = [], set()
    for node in _order(root):
        if node.data.tobytes() not in seen:
            seen.add(node.data.tobytes())
            order.append(node)
    return order


@topological_order("leaves left out", "A gradient is to arrive at the leaves as well: are they in your list?")
def without_leaves(root):
    return [node for node in _order(root) if node.parents]


@topological_order("the root left out", "You list what the root depends on: and the root itself?")
def without_root(root):
    return _order(root)[:-1]


# --- backward: one sweep, to which each wrong answer gives its own step or its own start


def _sweep(root, seed, order=_order, start=np.zeros, give=lambda old, share: old + share, ask=lambda node: node.grad):
    nodes = order(root)
    for node in nodes:
        node.grad = start(node.data.shape)
    root.grad = np.ones(root.data.shape) if seed is None else np.array(seed, dtype=float)
    for node in reversed(nodes):
        if node.parents:
            for parent, share in zip(node.parents, node.rule(ask(node))):
                parent.grad = give(parent.grad, share)


@backward("the last share counts alone", "A node that is used twice gets two shares: what becomes of the first?")
def overwritten(root, seed=None):
    _sweep(root, seed, give=lambda old, share: share)


@backward("seed ignored", "What do your gradients do when the seed doubles, and what should they do?")
def seed_ignored(root, seed=None):
    _sweep(root, None)


@backward("gradients of the last call kept", "What stands in grad when backward is called a second time?")
def never_reset(root, seed=None):
    nodes = _order(root)
    for node in nodes:
        if node.grad is None:
            node.grad = np.zeros(node.data.shape)
    root.grad = root.grad + (np.ones(root.data.shape) if seed is None else seed)
    for node in reversed(nodes):
        if node.parents:
            for parent, share in zip(node.parents, node.rule(node.grad)):
                parent.grad = parent.grad + share


@backward("only the root starts afresh", "You set the seed anew: what do the other nodes still hold from the call before?")
def only_root_reset(root, seed=None):
    nodes = _order(root)
    for node in nodes:
        if node.grad is None:
            node.grad = np.zeros(node.data.shape)
    root.grad = np.ones(root.data.shape) if seed is None else np.array(seed, dtype=float)
    for node in reversed(nodes):
        if node.parents:
            for parent, share in zip(node.parents, node.rule(node.grad)):
                parent.grad = parent.grad + share


@backward("upstream gradient forgotten", "Each rule is asked with ones: what became of the gradient that arrived?")
def upstream_forgotten(root, seed=None):
    _sweep(root, seed, ask=lambda node: np.ones(node.data.shape))


@backward("from the leaves up", "Whose gradient is known at the beginning: the leaves' or the root's?")
def leaves_first(root, seed=None):
    _sweep(root, seed, order=lambda root: _order(root)[::-1])


@backward("handed on before it is complete", "Another consumer may still add to this node: has it had its turn?")
def level_by_level(root, seed=None):
    def levels(root):
        order, seen = [root], {id(root)}
        for node in order:
            for parent in node.parents:
                if id(parent) not in seen:
                    seen.add(id(parent))
                    order.append(parent)
        return order[::-1]

    _sweep(root, seed, order=levels)


@backward("every path on its own", "Your gradients are right, but how often is the rule of one node called?")
def path_by_path(root, seed=None):
    for node in _order(root):
        node.grad = np.zeros(node.data.shape)
    waiting = [(root, np.ones(root.data.shape) if seed is None else np.array(seed, dtype=float))]
    while waiting:
        node, share = waiting.pop()
        node.grad = node.grad + share
        if node.parents:
            waiting.extend(zip(node.parents, node.rule(share)))


@backward("adds in place to an array of another node", "One array may have gone to two parents: whom does += change?")
def in_place(root, seed=None):
    nodes = _order(root)
    gradients = {id(root): np.ones(root.data.shape) if seed is None else np.array(seed, dtype=float)}
    for node in reversed(nodes):
        if node.parents:
            for parent, share in zip(node.parents, node.rule(gradients[id(node)])):
                if id(parent) in gradients:
                    gradients[id(parent)] += share
                else:
                    gradients[id(parent)] = share
    for node in nodes:
        node.grad = gradients[id(node)]


@backward("the root's own gradient left out", "The base case is a gradient too: what is that of the root by itself?")
def root_without(root, seed=None):
    _sweep(root, seed)
    root.grad = np.zeros(root.data.shape)


@backward("gradients start at one", "The shares are added up: what must a sum start with?")
def starts_at_one(root, seed=None):
    _sweep(root, seed, start=np.ones)


# --- to_mermaid


def _chart(root, name=lambda number, node: f"n{number}", nodes=lambda order: order, parents=lambda node: node.parents):
    order = nodes(_order(root))
    names = {id(node): name(number, node) for number, node in enumerate(order)}
    lines = [f'{names[id(node)]}["{node.text}"]' for node in order]
    for node in order:
        for parent in parents(node):
            if id(parent) in names:
                lines.append(f"{names[id(parent)]} --> {names[id(node)]}")
    return "\n".join(["flowchart LR", *lines])


@to_mermaid("arrows the wrong way round", "An arrow leads from what is known first to what is computed from it.")
def from_consumer(root):
    lines = [line.split(" --> ") for line in _chart(root).splitlines()]
    return "\n".join(" --> ".join(reversed(line)) for line in lines)


@to_mermaid("one arrow where there are two", "How often does x stand in the parents of x · x?")
def each_parent_once(root):
    return _chart(root, parents=lambda node: list({id(parent): parent for parent in node.parents}.values()))


@to_mermaid("boxes named after their text", "Two nodes may have the same text: how does Mermaid tell them apart?")
def named_after_text(root):
    return _chart(root, name=lambda number, node: "".join(c if c.isalnum() else "_" for c in node.text))


@to_mermaid("a new box for every use", "A node that is used twice is still one node: how many boxes does it need?")
def box_for_each_use(root):
    lines, waiting, count = ["flowchart LR", f'n0["{root.text}"]'], [(root, 0)], 0
    while waiting and count < 500:
        node, name = waiting.pop()
        for parent in node.parents:
            count += 1
            lines += [f'n{count}["{parent.text}"]', f"n{count} --> n{name}"]
            waiting.append((parent, count))
    return "\n".join(lines)


@to_mermaid("the root left out", "You draw what the root depends on: where is the root?")
def chart_without_root(root):
    return _chart(root, nodes=lambda order: order[:-1])


@to_mermaid("leaves left out", "Leaves have no parents, but do they not need a box?")
def chart_without_leaves(root):
    return _chart(root, nodes=lambda order: [node for node in order if node.parents])


@to_mermaid("no arrows", "The boxes are there: what shows which was computed from which?")
def no_arrows(root):
    return _chart(root, parents=lambda node: ())


# --- unbroadcast


def _in_front(gradient, shape):
    return gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))


@unbroadcast("axes in front only", "An axis of size one may have been stretched as well: has your result the right shape?")
def front_only(gradient, shape):
    return _in_front(gradient, shape)


@unbroadcast("axes of size one only", "A shape may be shorter than the gradient's: what did NumPy add, and where?")
def stretched_only(gradient, shape):
    axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=axes, keepdims=True)


@unbroadcast("mean in place of sum", "Each copy brings its share of the gradient: do shares add up, or are they averaged?")
def averaged(gradient, shape):
    gradient = gradient.mean(axis=tuple(range(gradient.ndim - len(shape))))
    return gradient.mean(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


@unbroadcast("axes of size one lost", "You add up over the right axes: what shape must be left?")
def axes_lost(gradient, shape):
    gradient = _in_front(gradient, shape)
    return gradient.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1))


@unbroadcast("the first copy only", "An entry was copied to many places: what do the others bring back?")
def first_copy(gradient, shape):
    gradient = gradient[(0,) * (gradient.ndim - len(shape))]
    return np.array(gradient[tuple(slice(0, size) for size in shape)])


@unbroadcast("everything added up", "One sum for all entries: which places did a single entry go to?")
def total_everywhere(gradient, shape):
    return np.full(shape, gradient.sum()) if gradient.shape != shape else gradient.copy()


@unbroadcast("axes matched from the left", "On which side does NumPy add the missing axes of a shorter shape?")
def from_the_left(gradient, shape):
    gradient = gradient.sum(axis=tuple(range(len(shape), gradient.ndim)))
    axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=axes, keepdims=True)


@unbroadcast("axes counted anew after each sum", "When an axis has gone, what are the numbers of those behind it?")
def shifting_axes(gradient, shape):
    for axis in range(gradient.ndim - len(shape)):
        gradient = gradient.sum(axis=axis)
    return gradient.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


@unbroadcast("the same array given back", "Where there is nothing to add up, whose array do you return?")
def same_array(gradient, shape):
    if gradient.shape == shape:
        return gradient
    gradient = _in_front(gradient, shape)
    return gradient.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


# --- Value: right arithmetic with one method for each rule; a wrong answer states only the rule it gets wrong


def _fit(gradient, shape):
    gradient = _in_front(np.asarray(gradient), shape)
    return gradient.sum(axis=tuple(axis for axis, size in enumerate(shape) if size == 1), keepdims=True)


class _Value:
    __array_ufunc__ = None
    fit = staticmethod(_fit)

    def __init__(self, data, parents=(), rule=None, label=""):
        self.data = np.array(data, dtype=float)
        self.parents, self.rule, self.label, self.grad = tuple(parents), rule, label, None

    @property
    def shape(self):
        return self.data.shape

    def add_rule(self, g, a, b):
        return g, g

    def multiply_rule(self, g, a, b):
        return g * b, g * a

    def divide_rule(self, g, a, b):
        return g / b, -g * a / b**2

    def power_rule(self, g, a, n):
        return g * n * a ** (n - 1)

    def make(self, data, other, rule):
        def back(g):
            left, right = rule(g, self.data, other.data)
            return self.fit(left, self.shape), self.fit(right, other.shape)

        return type(self)(data, (self, other), back)

    def as_value(self, other):
        return other if hasattr(other, "parents") else type(self)(other)

    def __add__(self, other):
        other = self.as_value(other)
        return self.make(self.data + other.data, other, self.add_rule)

    def __mul__(self, other):
        other = self.as_value(other)
        return self.make(self.data * other.data, other, self.multiply_rule)

    def __truediv__(self, other):
        other = self.as_value(other)
        return self.make(self.data / other.data, other, self.divide_rule)

    def __rtruediv__(self, other):
        return self.as_value(other) / self

    def __pow__(self, n):
        return type(self)(self.data**n, (self,), lambda g: (self.power_rule(g, self.data, n),))

    def __neg__(self):
        return type(self)(-self.data, (self,), lambda g: (-g,))

    def __sub__(self, other):
        return self + (-self.as_value(other))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other


@Value("broadcasting not undone", "What shape has the gradient that you give a parent, and what shape has the parent?")
class NotUndone(_Value):
    @staticmethod
    def fit(gradient, shape):
        return np.asarray(gradient)


@Value("sum: broadcasting not undone", "In a sum, too, a row may be used for every row of a matrix: what comes back to it?")
class SumNotUndone(_Value):
    def __add__(self, other):
        other = self.as_value(other)
        return type(self)(self.data + other.data, (self, other), lambda g: (g, g))


@Value("product: upstream gradient forgotten", "Your shares are the derivatives alone: where is the gradient that arrived?")
class ProductWithoutUpstream(_Value):
    def multiply_rule(self, g, a, b):
        return b + 0 * g, a + 0 * g


@Value("product: each gets its own factor", "If a grows a little, by how much does a · b grow?")
class OwnFactor(_Value):
    def multiply_rule(self, g, a, b):
        return g * a, g * b


@Value("quotient: sign of the denominator", "When the denominator grows, does the quotient grow or shrink?")
class SignOfDenominator(_Value):
    def divide_rule(self, g, a, b):
        return g / b, g * a / b**2


@Value("quotient: denominator not squared", "How does 1/b change when b does? Try it with b = 2 and b = 2.01.")
class NotSquared(_Value):
    def divide_rule(self, g, a, b):
        return g / b, -g * a / b


@Value("quotient: like a product", "The numerator is divided by b: by what is its gradient multiplied?")
class QuotientAsProduct(_Value):
    def divide_rule(self, g, a, b):
        return g * b, -g * a / b**2


@Value("quotient: numerator left out", "If the numerator is ten times as large, what does the denominator's derivative do?")
class NumeratorLeftOut(_Value):
    def divide_rule(self, g, a, b):
        return g / b, -g / b**2


@Value("6 / b computed as b / 6", "__rtruediv__ is called when the Value stands below the line: what is divided?")
class WrongWayRound(_Value):
    def __rtruediv__(self, other):
        return self / other


@Value("power: exponent not reduced", "The derivative of a to the power of 3 is 3 times a to which power?")
class ExponentKept(_Value):
    def power_rule(self, g, a, n):
        return g * n * a**n


@Value("power: factor n left out", "How fast does a squared grow at a = 1: as fast as a itself?")
class FactorLeftOut(_Value):
    def power_rule(self, g, a, n):
        return g * a ** (n - 1)


@Value("power: upstream gradient forgotten", "What do you return when g doubles?")
class PowerWithoutUpstream(_Value):
    def power_rule(self, g, a, n):
        return n * a ** (n - 1) + 0 * g


@Value("sum changes its operand", "z is a new node: what does += do to the data of a?")
class SumInPlace(_Value):
    def __add__(self, other):
        other = self.as_value(other)
        if self.data.shape == np.broadcast_shapes(self.data.shape, other.data.shape):
            self.data += other.data
            return self.make(self.data, other, self.add_rule)
        return super().__add__(other)


# --- elementwise; type(x) makes a node of the kind that x is


def _apply(x, kind, **slopes):
    a = x.data
    logarithm = np.log(np.where(a > 0, a, 1.0))
    z = {"exp": np.exp(np.minimum(a, 700)), "log": logarithm, "tanh": np.tanh(a), "relu": np.maximum(a, 0)}[kind]
    right = {"exp": z, "log": 1 / np.where(a == 0, 1.0, a), "tanh": 1 - z**2, "relu": (a > 0) * 1.0}
    slope = slopes[kind](a, z) if kind in slopes else right[kind]
    return type(x)(z, (x,), lambda g: (g * slope,), kind)


@elementwise("upstream gradient forgotten", "What you return is the slope: what became of the gradient that arrived?")
def slope_only(x, kind):
    z = _apply(x, kind)
    return type(x)(z.data, (x,), lambda g: z.rule(np.ones_like(g)), kind)


@elementwise("value in place of slope", "Multiply by how steep the function is there: is that its value?")
def times_value(x, kind):
    z = _apply(x, kind)
    return type(x)(z.data, (x,), lambda g: (g * z.data,), kind)


@elementwise("exp: differentiated as a power", "The rule that reduces the exponent is for powers of x: what is x here?")
def exp_as_power(x, kind):
    return _apply(x, kind, exp=lambda a, z: a * np.exp(a - 1))


@elementwise("exp: applied twice", "z is e to the x already: must it go through exp once more?")
def exp_twice(x, kind):
    return _apply(x, kind, exp=lambda a, z: np.exp(z))


@elementwise("log: divided by its value", "1 over what: the number that went into the logarithm, or the one that came out?")
def log_by_value(x, kind):
    return _apply(x, kind, log=lambda a, z: 1 / z)


@elementwise("log: not inverted", "Where x is large the logarithm is flat: is your slope small there?")
def log_not_inverted(x, kind):
    return _apply(x, kind, log=lambda a, z: a)


@elementwise("log: to the base of ten", "How large is the natural logarithm of e?")
def log_of_ten(x, kind):
    if kind != "log":
        return _apply(x, kind)
    return type(x)(np.log10(x.data), (x,), lambda g: (g / (x.data * np.log(10)),), kind)


@elementwise("tanh: slope from x", "The shortcut is in terms of the value z: what do you square?")
def tanh_from_x(x, kind):
    return _apply(x, kind, tanh=lambda a, z: 1 - a**2)


@elementwise("tanh: not squared", "What is the slope of tanh where z is negative: can it be larger than one?")
def tanh_not_squared(x, kind):
    return _apply(x, kind, tanh=lambda a, z: 1 - z)


@elementwise("tanh: applied twice", "z is the tanh already: must it go through tanh once more?")
def tanh_twice(x, kind):
    return _apply(x, kind, tanh=lambda a, z: 1 - np.tanh(z) ** 2)


@elementwise("tanh: from exponentials", "What does your formula make of x = 1000?")
def tanh_overflows(x, kind):
    if kind != "tanh":
        return _apply(x, kind)
    with np.errstate(all="ignore"):
        up, down = np.exp(x.data), np.exp(-x.data)
        z = (up - down) / (up + down)
    return type(x)(z, (x,), lambda g: (g * (1 - z**2),), kind)


@elementwise("relu: zero counts as on", "What does the table say of the slope where x is exactly 0?")
def relu_at_zero(x, kind):
    return _apply(x, kind, relu=lambda a, z: (a >= 0) * 1.0)


@elementwise("relu: everything is passed on", "What happens to a gradient where the unit is off?")
def relu_always(x, kind):
    return _apply(x, kind, relu=lambda a, z: np.ones(a.shape))


@elementwise("relu: switched by the gradient", "Was the unit on? Ask x, not the gradient.")
def relu_of_gradient(x, kind):
    z = _apply(x, kind)
    return type(x)(z.data, (x,), lambda g: (g * (g > 0),), kind) if kind == "relu" else z


# --- matmul


@matmul("factors not transposed", "Over which index do you add, and which axes must meet in the product?")
def not_transposed(a, b):
    return type(a)(a.data @ b.data, (a, b), lambda g: (g @ b.data, a.data @ g))


@matmul("factors in the wrong order", "A matrix product depends on the order: which side of G counts the rows of A?")
def wrong_order(a, b):
    return type(a)(a.data @ b.data, (a, b), lambda g: (b.data.T @ g, g @ a.data.T))


@matmul("gradients exchanged", "The tuple follows the order of the parents: which gradient has the shape of A?")
def exchanged(a, b):
    return type(a)(a.data @ b.data, (a, b), lambda g: (a.data.T @ g, g @ b.data.T))


@matmul("gradients transposed", "A gradient has the shape of what it belongs to: which shape has A, and which your result?")
def gradients_transposed(a, b):
    return type(a)(a.data @ b.data, (a, b), lambda g: ((g @ b.data.T).T, (a.data.T @ g).T))


@matmul("upstream gradient forgotten", "What do your gradients do when G doubles, and what should they do?")
def matmul_of_ones(a, b):
    return type(a)(a.data @ b.data, (a, b), lambda g: (np.ones_like(g) @ b.data.T, a.data.T @ np.ones_like(g)))


@matmul("entry by entry", "An entry of the result is a sum over d: which product in NumPy adds up?")
def entry_by_entry(a, b):
    return type(a)(a.data * b.data, (a, b), lambda g: (g * b.data, g * a.data))


@matmul("divided by the number of rows", "Every row adds its share to the gradient of B: do you add or average?")
def averaged_over_rows(a, b):
    return type(a)(a.data @ b.data, (a, b), lambda g: (g @ b.data.T, a.data.T @ g / len(g)))


# --- sum_over


def _total(x, axis, keepdims, rule):
    return type(x)(x.data.sum(axis=axis, keepdims=keepdims), (x,), lambda g: (rule(g),), "sum")


def _spread(g, x, axis, keepdims):
    return np.broadcast_to(g if axis is None or keepdims else np.expand_dims(g, axis), x.data.shape)


@sum_over("gradient not spread", "Which shape has x, and which shape has what you give back to it?")
def not_spread(x, axis=None, keepdims=False):
    return _total(x, axis, keepdims, lambda g: g)


@sum_over("axis not put back", "Along which axis does NumPy spread an array that has one axis fewer?")
def axis_not_put_back(x, axis=None, keepdims=False):
    return _total(x, axis, keepdims, lambda g: g * np.ones(x.data.shape))


@sum_over("axis always put back", "With keepdims the axis has never gone: how many axes does the gradient have then?")
def always_put_back(x, axis=None, keepdims=False):
    return _total(x, axis, keepdims, lambda g: _spread(g, x, axis, False))


@sum_over("mean in place of sum", "Each entry counts once: does its gradient get smaller when there are more of them?")
def as_mean(x, axis=None, keepdims=False):
    count = x.data.size if axis is None else x.data.shape[axis]
    return _total(x, axis, keepdims, lambda g: _spread(g, x, axis, keepdims) / count)


@sum_over("upstream gradient forgotten", "Each entry has the slope 1: by what is that multiplied?")
def sum_of_ones(x, axis=None, keepdims=False):
    return _total(x, axis, keepdims, lambda g: np.ones(x.data.shape))


@sum_over("multiplied by x", "If an entry grows by a little, by how much does the sum grow?")
def times_x(x, axis=None, keepdims=False):
    return _total(x, axis, keepdims, lambda g: _spread(g, x, axis, keepdims) * x.data)


@sum_over("keepdims ignored", "What shape does np.sum give when it is told to keep the axes?")
def keepdims_ignored(x, axis=None, keepdims=False):
    return _total(x, axis, False, lambda g: _spread(g, x, axis, False))


@sum_over("axis ignored", "Which entries are to be added up, when an axis is given?")
def axis_ignored(x, axis=None, keepdims=False):
    return _total(x, None, False, lambda g: np.broadcast_to(g, x.data.shape))


# --- reshape


@reshape("gradient not shaped back", "Which shape has x, and which shape has what you give back to it?")
def left_in_new_shape(x, shape):
    return type(x)(x.data.reshape(shape), (x,), lambda g: (g,))


@reshape("transposed on the way back", "Reshaping keeps the order of reading: where does the second number of G belong?")
def transposed_back(x, shape):
    return type(x)(x.data.reshape(shape), (x,), lambda g: (g.T.reshape(x.data.shape),))


@reshape("columns first on the way back", "In which order were the numbers read on the way forward?")
def columns_back(x, shape):
    return type(x)(x.data.reshape(shape), (x,), lambda g: (g.reshape(x.data.shape, order="F"),))


@reshape("columns first", "Are the numbers read row by row or column by column?")
def columns_first(x, shape):
    data = x.data.reshape(shape, order="F")
    return type(x)(data, (x,), lambda g: (g.reshape(x.data.shape, order="F"),))


@reshape("upstream gradient forgotten", "Each number has the slope 1: by what is that multiplied?")
def reshape_of_ones(x, shape):
    return type(x)(x.data.reshape(shape), (x,), lambda g: (np.ones(x.data.shape),))


@reshape("transposed", "Is the second number that one reads still the same after your step?")
def transposed_first(x, shape):
    return type(x)(x.data.T.reshape(shape), (x,), lambda g: (g.reshape(x.data.T.shape).T,))


# --- transpose


@transpose("reshaped on the way back", "The shape is right, but is each gradient back in the place its number came from?")
def reshaped_back(x):
    return type(x)(x.data.T, (x,), lambda g: (g.reshape(x.data.shape),))


@transpose("not transposed on the way back", "The gradient arrives with D rows: how many has x?")
def not_turned_back(x):
    return type(x)(x.data.T, (x,), lambda g: (g,))


@transpose("reshaped", "Where does the second number of the first row go?")
def reshaped(x):
    return type(x)(x.data.reshape(x.data.shape[::-1]), (x,), lambda g: (g.reshape(x.data.shape),))


@transpose("reshaped on the way forward only", "Value and gradient must use the same places: do yours?")
def reshaped_forward(x):
    return type(x)(x.data.reshape(x.data.shape[::-1]), (x,), lambda g: (g.T,))


@transpose("upstream gradient forgotten", "Each number has the slope 1: by what is that multiplied?")
def transpose_of_ones(x):
    return type(x)(x.data.T, (x,), lambda g: (np.ones(x.data.shape),))


@transpose("turned by a quarter", "Where does the first number stand afterwards: still in the corner?")
def quarter_turn(x):
    return type(x)(np.rot90(x.data), (x,), lambda g: (np.rot90(g, -1),))
