# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.autodiff.tape, course.autodiff.graph, course.autodiff.derivatives, course.layers]
#     arithmetic: [Value]
#     cell_seconds: 60
#     total_seconds: 240
#     skip: [picture_graph, picture_training]
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
r"""
# Problem set 4: reverse mode

**50 points.** It goes with [lecture 3](../../lectures/L03_backpropagation.ipynb) (reverse mode and backpropagation).

You build an engine that differentiates programs. Whoever uses it writes ordinary arithmetic; the engine remembers what
was computed from what, walks back through that memory once, and has the derivative of one number by everything that went
into it. The large libraries work in this way; yours will train a neural network at the end.

When you have done it, you will be able to

- put the nodes of a computation graph into an order in which a gradient can be handed on,
- carry a gradient from the output to every input, and say why that costs about as much as computing the output,
- undo broadcasting, which NumPy does without asking,
- give an operation its backward rule: arithmetic, products of matrices, sums, reshapes and transposes.

| you write | points |
|---|---|
| `Node.times` | 2 |
| `topological_order` | 6 |
| `backward` | 8 |
| `to_mermaid` | 3 |
| `unbroadcast` | 4 |
| `Value` | 8 |
| `elementwise` | 4 |
| `matmul` | 4 |
| `sum_over` | 3 |
| `reshape` | 2 |
| `transpose` | 2 |
| a written answer | 4 |

**How it works.** Write each function in its cell, then run the cell below it: it checks your work on numbers that you can
follow by hand. More tests of the same ideas run when your notebook is graded. A mistake in an early function costs its
own points only: where a later check needs an early function, the grader has a right one at hand. In your own notebook it
has not, so there it is best to go in order.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

# %% [markdown]
r"""
## 1. A computation remembers where it came from (2 points)

Take $x = 2$, $y = 3$, and compute $p = x \cdot y = 6$, then $L = p + x = 8$. Draw a box for each of the four numbers,
and an arrow from every number to each that was computed from it. That is the **computation graph**:

    x ──► p ──► L
    y ──► p
    x ─────────► L

The boxes that arrows come from are a box's *parents*; those that its own arrows lead to are its *consumers*. $p$ has
the parents $x$ and $y$, and one consumer, $L$. $x$ has no parents: it is a *leaf*. It has two consumers, and that will
matter.

The cell below gives you such a box, `Node`. It holds

| attribute | what it is |
|---|---|
| `data` | the number or array, always a NumPy array of floats |
| `parents` | a tuple of the nodes that it was computed from; `()` for a leaf |
| `rule` | how a gradient goes back through this one operation, see below; `None` for a leaf |
| `label` | a word for drawings |
| `grad` | $\partial L/\partial(\text{this node})$, once `backward` has been there; until then `None` |

**The rule** is what an operation knows about itself. It is a function of one argument, the gradient `g` of $L$ by this
node, in the shape of the node's `data`. It returns a **tuple** with one array for each parent, in the order of `parents`:
the share of the gradient that goes to this parent through this operation. Let $a$ grow by a little, and see by how much
the result grows: for $z = a + b$ by the same, for $p = a \cdot b$ by $b$ times as much. So the shares are

$$\text{sum: } \quad g \cdot 1 \;\text{ and }\; g \cdot 1, \qquad\qquad
\text{product: } \quad g \cdot \frac{\partial p}{\partial a} = g\, b \;\text{ and }\;
g \cdot \frac{\partial p}{\partial b} = g\, a .$$

In our example the rule of $p$ gives $(3, 2)$ for $g = 1$, and $(30, 20)$ for $g = 10$.

Read how `plus` is made: it computes the result, and it leaves a rule for later. Write `times` after the same pattern. Both are
for nodes of equal shape, and work entry by entry. Leave the rest of the cell as it is, since everything below builds on it.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "Node", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Node:
    """One value of a computation graph: its data, and how it was computed.

    Parameters
    ----------
    data : number or numpy.ndarray
        Kept as a copy, in float64.
    parents : sequence of Node
        What it was computed from.
    rule : callable
        Takes the gradient by this node, and returns a tuple with one share for each parent.
    label : str
        A word for drawings.

    Notes
    -----
    Decks 000 and 001, "Computational Graph".

    >>> x, y = Node(2), Node(3)
    >>> p = x.times(y)
    >>> p, p.parents
    (Node(6.0), (Node(2.0), Node(3.0)))
    """

    __array_ufunc__ = None  # so that NumPy leaves `array * node` to the node

    def __init__(self, data, parents=(), rule=None, label=""):
        self.data = np.array(data, dtype=float)
        self.parents = tuple(parents)
        self.rule = rule
        self.label = label
        self.grad = None

    @property
    def shape(self):
        """The shape of the data."""
        return self.data.shape

    @property
    def text(self):
        """What a drawing writes into the node's box."""
        lines = [self.label] if self.label else []
        for name, array in [("value", self.data), ("gradient", self.grad)]:
            if array is not None:
                lines.append(f"{name} {float(array):.4g}" if np.ndim(array) == 0 else f"{name} of shape {np.shape(array)}")
        return "<br/>".join(lines)

    def __repr__(self):
        return f"{type(self).__name__}({self.data.tolist()})"

    def plus(self, other):
        """Add another node of the same shape."""

        def rule(g):
            return g, g

        return type(self)(self.data + other.data, (self, other), rule, "plus")

    def times(self, other):
        """Multiply by another node of the same shape, entry by entry."""
        ### BEGIN SOLUTION
        def rule(g):
            return g * other.data, g * self.data

        return type(self)(self.data * other.data, (self, other), rule, "times")
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_Node", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_Node = Check("Node", points=2)


@test_Node
def test_times_by_hand():
    "p = x · y at x = 2, y = 3, and its rule for g = 1 and g = 10."
    x, y = Node(2), Node(3)
    p = x.times(y)
    test_Node.close("the value", p.data, np.array(6.0))
    for g, expected in [(1.0, [3.0, 2.0]), (10.0, [30.0, 20.0])]:
        test_Node.close(f"the rule's result for g = {g:g}", list(p.rule(np.array(g))), expected)


@test_Node
def test_times_remembers():
    "The parents of x · y are x and y, in this order."
    x, y = Node([1, 2]), Node([3, 4])
    parents = x.times(y).parents
    right = len(parents) == 2 and parents[0] is x and parents[1] is y
    test_Node.that(right, "parents is to be the tuple of the two nodes that were multiplied.")


### BEGIN HIDDEN TESTS
from misconceptions import Node as test_bank
from oracles import Node as test_right
from oracles import results as test_results

test_Node.misconceptions = test_bank


def test_case(about, *shape):
    "Compare the value and the gradients of a product, under a random upstream gradient."
    a, b, g = test_Node.rng.normal(size=(3, *shape))

    def experiment(answer):
        return test_results(lambda a, b: a.times(b), answer, {"a": a, "b": b}, g)

    def test():
        test_Node.compare(Node, test_right, experiment)

    test.__doc__ = about
    test_Node.hidden(test)


test_case("Single numbers.")
test_case("Matrices.", 4, 3)
test_case("Square matrices.", 3, 3)

### END HIDDEN TESTS
test_Node.score()

# %% [markdown]
r"""
## 2. An order to go in (6 points)

To hand a gradient back we must know in which order. Deck 004 says "top to bottom": a node's turn comes when all of its
consumers have had theirs, for each of them may still have something to add. Turned round, this is an order in which
**every node stands behind all of its parents**, called a *topological order*. In the example

$$x,\; y,\; p,\; L \qquad\text{and}\qquad y,\; x,\; p,\; L$$

are both right; $x, p, y, L$ is not, since $p$ stands before its parent $y$.

Three things to take care of:

- **Each node once**, however many ways lead to it. Start with $x_0$ and double it 40 times, $x_{k+1} = x_k + x_k$. There
  are 41 nodes, and $2^{40}$ ways from the last to the first, about a million millions: whoever walks them all, never ends.
- **No recursion.** A function that calls itself for each parent is short, but Python gives up after about a thousand
  calls inside one another, and a computation of 5,000 steps in a row is nothing unusual. Keep a list of your own with the
  nodes that wait for their turn.
- **Nodes are different even where their numbers are equal.** Tell them apart by `id(node)`, which is a number that no two
  living objects share.

<details><summary>A hint, if you want one</summary>

Look at the node on top of your list of waiting nodes. Can it be entered in the result now? If not, what has to be entered
first, and where on the list should that go?

</details>
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "topological_order", "locked": false, "schema_version": 3, "solution": true, "task": false}
def topological_order(root):
    """List the nodes that a node depends on, parents before consumers.

    Parameters
    ----------
    root : Node
        Where the computation ends.

    Returns
    -------
    list of Node
        Everything that ``root`` was computed from, directly or not, and ``root`` itself; each node once, and behind all
        of its parents, so that ``root`` is the last.

    Notes
    -----
    Deck 004, "Backpropagation", goes through the nodes "top to bottom": this list from its end.

    >>> x = Node(2, label="x")
    >>> square = x.times(x)
    >>> topological_order(square.plus(x))
    [Node(2.0), Node(4.0), Node(6.0)]
    """
    ### BEGIN SOLUTION
    order, listed, waiting = [], set(), [root]
    while waiting:
        node = waiting[-1]
        missing = [parent for parent in node.parents if id(parent) not in listed]
        if missing:
            waiting.extend(missing)
        else:
            waiting.pop()
            if id(node) not in listed:
                listed.add(id(node))
                order.append(node)
    return order
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_topological_order", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
import time
import numpy as np
from course.checks import Check

test_topological_order = Check("topological_order", points={"order": 4, "depth": 2})


def test_doublings(kind, times):
    "Double a node again and again."
    node = kind(1.0)
    for _ in range(times):
        node = node.plus(node)
    return node


def test_chain(kind, length):
    "Make a row of nodes, each computed from the one before it alone."
    node = kind(0.0)
    for _ in range(length):
        node = kind(0.0, (node,), None, "next")
    return node


@test_topological_order
def test_order_by_hand():
    "The example above: L = x · y + x."
    x, y = Node(2), Node(3)
    p = Node(6, (x, y))
    order = [float(node.data) for node in topological_order(Node(8, (p, x)))]
    right = order in ([2.0, 3.0, 6.0, 8.0], [3.0, 2.0, 6.0, 8.0])
    test_topological_order.that(right, f"The order is wrong.\nexpected x, y, p, L: 2, 3, 6, 8, or y, x, p, L\nyours    {order}")


@test_topological_order
def test_order_of_doublings():
    "Six doublings have seven nodes; then forty, which have 41."
    for times in (6, 40):
        found = len(topological_order(test_doublings(Node, times)))
        test_topological_order.that(
            found == times + 1, f"{times} doublings have {times + 1} nodes, and your list has {found}: is each node in it once?"
        )


@test_topological_order(part="depth")
def test_order_of_a_long_chain():
    "A chain of 5,000 operations."
    root = test_chain(Node, 5000)
    order = topological_order(root)
    test_topological_order.that(len(order) == 5001, f"The chain has 5001 nodes, and your list has {len(order)}.")
    test_topological_order.that(order[-1] is root, "The node that was asked for is the last.")


### BEGIN HIDDEN TESTS
from misconceptions import topological_order as test_bank
from oracles import Node as test_Twin
from oracles import draw_graph as test_draw_graph
from oracles import order_of as test_order_of
from oracles import topological_order as test_right

test_topological_order.misconceptions = test_bank


def test_graph(about, graph, root=-1, part="order"):
    "Compare what is seen of the order of one graph."

    def experiment(answer):
        return test_order_of(answer, Node if answer is topological_order else test_Twin, graph, root)

    def test():
        test_topological_order.compare(topological_order, test_right, experiment)

    test.__doc__ = about
    test_topological_order.hidden(test, part=part)


test_graph("A node that is used early and late.", [[], [], [0, 1], [2], [3, 0], [4, 1]])
test_graph("Two ways of different length to the same node.", [[], [0], [1], [2, 0], [3, 1, 0], [4, 4]])
test_graph("The parents the other way round.", [[], [0], [1], [0, 2], [0, 1, 3], [4, 4]])
test_graph("A leaf alone.", [[]])
test_graph("Nodes that have nothing to do with the root.", [[], [], [0, 1], [2, 2], [2, 1]], root=3)
for test_size in (8, 12, 12):
    test_graph("A graph with many ways through it.", test_draw_graph(test_topological_order.rng, test_size))
test_graph("A deep graph.", [[], *([number] for number in range(2000))], part="depth")


@test_topological_order.hidden
def test_order_in_time():
    "The time grows with the number of nodes, not with the number of ways."
    root, quick = test_doublings(Node, 19), False
    for _ in range(5):  # a busy machine may be late once, but not again and again
        start = time.perf_counter()
        topological_order(root)
        quick = quick or time.perf_counter() - start < 0.05
    test_topological_order.that(quick, "topological_order walks every way: what do you know of a node already?")


### END HIDDEN TESTS
test_topological_order.score()

# %% [markdown]
r"""
## 3. The way back (8 points)

Now the chain rule for a graph. If $u$ is used by several consumers, its influence on $L$ is the sum of what goes through
each of them (deck 004; $\Gamma(u)$ is the set of $u$'s consumers):

$$\frac{\partial L}{\partial L} = 1, \qquad\qquad
\frac{\partial L}{\partial u} = \sum_{v \in \Gamma(u)} \frac{\partial L}{\partial v}\,\frac{\partial v}{\partial u}.$$

A node that uses $u$ twice, such as $u \cdot u$, counts twice. Each term of the sum is a share that $v$'s rule gives out.
So `backward` does this:

1. every node that the root depends on starts with a gradient of zeros, in the shape of its data;
2. the root's gradient is the *seed*: ones, unless another seed is given;
3. from the root down, each node's rule is called **once**, with the node's gradient, which is complete by then; every
   parent adds its share to what it has.

**By hand**, on the example $p = x y$, $L = p + x$ with $x = 2$, $y = 3$:

| turn | its gradient | gives to | running sums |
|---|---|---|---|
| $L$ | $1$ | $p$: $1$, and $x$: $1$ | $\partial L/\partial p = 1$, $\;\partial L/\partial x = 1$ |
| $p$ | $1$ | $x$: $1 \cdot y = 3$, and $y$: $1 \cdot x = 2$ | $\partial L/\partial x = 1 + 3 = 4$, $\;\partial L/\partial y = 2$ |

Check: $L = xy + x$, so $\partial L/\partial x = y + 1 = 4$ and $\partial L/\partial y = x = 2$.

**The cost.** Every rule is called once, and costs about as much as its operation did on the way forward. So *all* the
derivatives of $L$ together cost a small multiple of computing $L$: with a million inputs as with one. Forward mode and
finite differences need a pass for each input.

**The seed** is for a root that is an array. $L$ is then understood as $\sum_k g_k\, z_k$, where $z$ is the root and $g$ the
seed, of the root's shape.

**A second call** starts again from zeros: what is in `grad` afterwards belongs to the last call alone. (PyTorch adds to
what is there, and its users must set gradients to zero between two steps.) Nodes that the root does not depend on keep
what they have.

**Careful with `+=`.** A rule may give out the very array that it was given; `plus` does, to both of its parents. If you keep
that array and later add to it in place, you change the gradient of another node as well. The array that is given as the
seed also stays as it is.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(root, seed=None):
    r"""Put into the ``grad`` of every node u that the root depends on the gradient :math:`\partial L / \partial u`.

    Parameters
    ----------
    root : Node
        L, or an array z; then L is :math:`\sum_k g_k z_k`.
    seed : numpy.ndarray, optional
        g, of the root's shape; by default ones.

    Notes
    -----
    Deck 004, "Backpropagation". What earlier calls left in ``grad`` is overwritten.

    >>> x = Node([1, 2])
    >>> backward(x.times(x), seed=np.array([1.0, 10.0]))
    >>> x.grad
    array([ 2., 40.])
    """
    ### BEGIN SOLUTION
    order = topological_order(root)
    for node in order:
        node.grad = np.zeros(node.shape)
    root.grad = np.ones(root.shape) if seed is None else np.array(seed)
    for node in reversed(order):
        if node.parents:
            for parent, share in zip(node.parents, node.rule(node.grad)):
                parent.grad = parent.grad + share
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_backward", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_backward = Check("backward", points={"gradients": 5, "seed": 1, "again": 2})

### BEGIN HIDDEN TESTS
from oracles import topological_order as test_carried

test_backward.carry(topological_order=test_carried)
### END HIDDEN TESTS


def test_product(kind, a, b):
    "Multiply two nodes, with a rule of the test's own."
    left, right = a.data, b.data
    return kind(left * right, (a, b), lambda g: (g * right, g * left), "product")


@test_backward
def test_backward_by_hand():
    "The example above: L = x · y + x at x = 2, y = 3."
    x, y = Node(2), Node(3)
    p = test_product(Node, x, y)
    L = p.plus(x)
    backward(L)
    for name, node, expected in [("L", L, 1.0), ("p", p, 1.0), ("x", x, 4.0), ("y", y, 2.0)]:
        test_backward.close(f"the gradient of {name}", node.grad, np.array(expected))


@test_backward
def test_backward_cube():
    "x · x · x at x = 5 has the derivative 3 · 25."
    x = Node(5)
    backward(test_product(Node, test_product(Node, x, x), x))
    test_backward.close("the gradient of x", x.grad, np.array(75.0))


@test_backward(part="seed")
def test_backward_seed_by_hand():
    "The seed (1, 10) at the root x · x, for x = (1, 2)."
    x = Node([1, 2])
    backward(test_product(Node, x, x), np.array([1.0, 10.0]))
    test_backward.close("the gradient of x", x.grad, np.array([2.0, 40.0]))


@test_backward(part="again")
def test_backward_twice_by_hand():
    "A second call gives the same gradients, not twice as much."
    x, y = Node(2), Node(3)
    L = test_product(Node, x, y).plus(x)
    for _ in range(2):
        backward(L)
    test_backward.close("the gradient of x after two calls", x.grad, np.array(4.0))


### BEGIN HIDDEN TESTS
from misconceptions import backward as test_bank
from oracles import Node as test_Twin
from oracles import backward as test_right
from oracles import draw_graph as test_draw_graph

test_backward.misconceptions = test_bank


def test_kind(answer):
    "Give the nodes that an answer works on: the student's has the notebook's own."
    return Node if answer is backward else test_Twin


def test_run(about, part, *runs):
    "Compare all gradients of computations; a run is a function that makes nodes, and the calls: a root each, and its seed."

    def test():
        for make, *calls in runs:

            def experiment(answer, make=make, calls=calls):
                nodes = make(test_kind(answer))
                for name, *seed in calls:
                    answer(nodes[name], *(g.copy() for g in seed))
                return {f"the gradient of {name}": node.grad for name, node in nodes.items() if node.grad is not None}

            test_backward.compare(backward, test_right, experiment)

    test.__doc__ = about
    test_backward.hidden(test, part=part)


def test_drawn(*shape):
    "Draw a computation in which everything is used more than once."
    x, y, z = test_backward.rng.normal(size=(3, *shape))

    def make(kind):
        x_, y_, z_ = kind(x), kind(y), kind(z)
        u = test_product(kind, x_, y_)
        v = test_product(kind, u.plus(z_), u)
        w = test_product(kind, v, x_).plus(v).plus(x_)
        return {"x": x_, "y": y_, "z": z_, "u": u, "v": v, "w": w}

    return make


def test_near_and_far(mirrored):
    "Draw a computation whose root uses u at once, and again by a longer way."
    x, y = test_backward.rng.normal(size=(2, 3))

    def make(kind):
        x_, y_ = kind(x), kind(y)
        u = test_product(kind, x_, y_)
        v = test_product(kind, u, y_)
        w = test_product(kind, v, v)
        return {"x": x_, "y": y_, "u": u, "v": v, "w": w, "z": w.plus(u) if mirrored else u.plus(w)}

    return make


def test_shared(mirrored):
    "Draw a computation in which a node gives both its parents the same array, and one of them gets more later."
    x, y, z = test_backward.rng.normal(size=(3, 4))

    def make(kind):
        x_, y_, z_ = kind(x), kind(y), kind(z)
        u, v = x_.plus(y_), test_product(kind, x_, z_)
        return {"x": x_, "y": y_, "z": z_, "u": u, "v": v, "w": v.plus(u) if mirrored else u.plus(v)}

    return make


def test_seed(*shape):
    "Draw an upstream gradient."
    return test_backward.rng.normal(size=shape)


test_near_far, test_far_near = test_near_and_far(False), test_near_and_far(True)
test_run("Everything is used more than once.", "gradients", (test_drawn(), ("w",)), (test_drawn(3, 2), ("w",)))
test_run("A leaf alone.", "gradients", (test_drawn(3, 2), ("x",)))
test_run("A node near the root and far from it.", "gradients", (test_near_far, ("z",)), (test_far_near, ("z",)))
test_run("Rules give out what they were given.", "gradients", *((test_shared(way), ("w",)) for way in (False, True)))
test_run("Any seed, on an array.", "seed", (test_drawn(3, 2), ("w", test_seed(3, 2))))
test_run("Any seed, on a number.", "seed", (test_drawn(), ("w", test_seed())))
test_run("Any seed, for a leaf.", "seed", (test_drawn(2, 3), ("y", test_seed(2, 3))))
test_run("The same root again.", "again", (test_drawn(3, 2), ("w",), ("w",)))
test_run("A smaller root comes second.", "again", (test_drawn(2), ("w",), ("u",)))
test_run("A larger root comes second.", "again", (test_drawn(2), ("u",), ("w",)))


def test_calls(about, graph):
    "Count how often each rule is called, and with what; a rule multiplies by numbers of its own."
    factors = [test_backward.rng.uniform(0.5, 1.5, size=len(parents)) for parents in graph]

    def experiment(answer):
        kind, nodes, calls = test_kind(answer), [], [0] * len(graph)
        for number, parents in enumerate(graph):

            def rule(g, number=number):
                calls[number] += 1
                if sum(calls) > 500:
                    raise RuntimeError("rules are called too often")
                return tuple(g * factor for factor in factors[number])

            nodes.append(kind(0.0, [nodes[i] for i in parents], rule if parents else None))
        try:
            answer(nodes[-1])
        except RuntimeError:
            return {"the number of calls of rules": [501]}
        return {"the number of calls of each rule": calls, "the gradient of the first leaf": nodes[0].grad}

    def test():
        test_backward.compare(backward, test_right, experiment)

    test.__doc__ = about
    test_backward.hidden(test, part="gradients")


test_calls("Each rule is called once, however often its node is used.", [[], [0, 0], [1, 0], [2, 1], [3, 3, 0]])
test_calls("Twelve doublings are twelve calls.", [[], *([number, number] for number in range(12))])
test_calls("A graph with many ways through it.", [*test_draw_graph(test_backward.rng, 9)[:-1], [7, 0]])


@test_backward.hidden(part="gradients")
def test_backward_of_a_long_chain():
    "A chain of many additions is no problem."
    node = start = Node([1.0, 2.0])
    for _ in range(1500):
        node = node.plus(start)
    backward(node)
    test_backward.close("the gradient of the start", start.grad, np.full(2, 1501.0))


@test_backward.hidden(part="seed")
def test_backward_leaves_the_seed():
    "The seed stays as it is."
    x = Node([1.0, 2.0, 3.0])
    root = x.plus(x).plus(x)
    test_backward.call(lambda seed: backward(root, seed), test_seed(3))


### END HIDDEN TESTS
test_backward.score()

# %% [markdown]
r"""
### A remark: one arrow, or all of them?

Deck 004 writes on one slide $\partial L/\partial w = \partial L/\partial u \cdot \partial u/\partial w$, "where $u$ is the
node which uses $w$", and a little later the sum over all of $\Gamma(u)$.

**Exercise (no points).** When do the two agree? What would the first formula make of $L = w \cdot w$, read as $u_1 \cdot
u_2$ with $u_1 = w$ and $u_2 = w$, at $w = 5$, if it looked at only one of the two?

<details><summary>Answer, when you have yours</summary>

They agree where exactly one node uses $w$, and uses it once, as in a plain layered network where each weight sits on one
connection. In $w \cdot w$ each use brings $5$; one alone gives $\partial L/\partial w = 5$, and the sum gives the right
$10$. Weights that are used again and again, as in a recurrent network at every point of time, need the sum.

</details>

Decks 000 and 001 look at a network in two ways. In the *neuronal graph*, a box is a unit of the network and an arrow a
connection; in the *computation graph*, a box is an operation. Your engine holds the second, which is why it does not have
to know what a neuron is.
"""

# %% [markdown]
r"""
## 4. Seeing the graph (3 points)

JupyterLab draws diagrams that are written in a small language called Mermaid. Yours need a first line `flowchart LR` (a
chart from left to right) and then one line for each box and one for each arrow. For $L = xy + x$, after `backward`:

    flowchart LR
      n0["x<br/>value 2<br/>gradient 4"]
      n1["y<br/>value 3<br/>gradient 2"]
      n2["times<br/>value 6<br/>gradient 1"]
      n3["plus<br/>value 8<br/>gradient 1"]
      n0 --> n2
      n1 --> n2
      n2 --> n3
      n0 --> n3

What stands between the quotation marks is `node.text`. The names `n0`, `n1`, … may be any words of letters, digits and
underscores, but each node needs one of its own. There is one arrow from each parent to the node for **each** place in
`parents`: $x \cdot x$ has two arrows from $x$. In which order the lines stand, behind the first, does not matter.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "to_mermaid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_mermaid(root):
    """Write the computation graph of a node in the language of Mermaid.

    Parameters
    ----------
    root : Node
        Where the computation ends.

    Returns
    -------
    str
        ``flowchart LR``, then a line such as ``n0["text"]`` for each node that the root depends on, itself among them,
        and a line such as ``n0 --> n2`` for each parent of each node.

    Examples
    --------
    >>> to_mermaid(Node(2, label="x")).splitlines()[0]
    'flowchart LR'
    """
    ### BEGIN SOLUTION
    order = topological_order(root)
    names = {id(node): f"n{number}" for number, node in enumerate(order)}
    lines = ["flowchart LR"]
    for node in order:
        lines.append(f'  {names[id(node)]}["{node.text}"]')
        for parent in node.parents:
            lines.append(f"  {names[id(parent)]} --> {names[id(node)]}")
    return "\n".join(lines)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_to_mermaid", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import re
import numpy as np
from course.checks import Check

test_to_mermaid = Check("to_mermaid", points=3)

### BEGIN HIDDEN TESTS
from oracles import topological_order as test_carried

test_to_mermaid.carry(topological_order=test_carried)
### END HIDDEN TESTS


@test_to_mermaid
def test_mermaid_by_hand():
    "The example above, before backward: four boxes and four arrows."
    x, y = Node(2, label="x"), Node(3, label="y")
    text = to_mermaid(Node(8, (Node(6, (x, y), label="times"), x), label="plus"))
    test_to_mermaid.that(isinstance(text, str), "to_mermaid returns one string.")
    lines = [line.strip() for line in text.splitlines()]
    test_to_mermaid.that(lines[:1] == ["flowchart LR"], "The first line is to be: flowchart LR")
    boxes = sorted(re.findall(r'^\w+\["([^"]*)"\]$', "\n".join(lines), re.MULTILINE))
    expected = ["plus<br/>value 8", "times<br/>value 6", "x<br/>value 2", "y<br/>value 3"]
    test_to_mermaid.that(boxes == expected, f"The boxes are wrong.\nexpected {expected}\nyours    {boxes}")
    arrows = len(re.findall(r"^\w+ *--> *\w+$", "\n".join(lines), re.MULTILINE))
    test_to_mermaid.that(arrows == 4, f"There should be 4 arrows; yours has {arrows}.")


### BEGIN HIDDEN TESTS
from misconceptions import to_mermaid as test_bank
from oracles import Node as test_Twin
from oracles import draw_graph as test_draw_graph
from oracles import mermaid_of as test_mermaid_of
from oracles import to_mermaid as test_right

test_to_mermaid.misconceptions = test_bank


def test_drawing(about, graph, repeated=False):
    "Compare the boxes and arrows of one graph."
    texts = [(f"u{number // 2 if repeated else number}", 1.0) for number in range(len(graph))]

    def experiment(answer):
        return test_mermaid_of(answer, Node if answer is to_mermaid else test_Twin, graph, texts)

    def test():
        test_to_mermaid.compare(to_mermaid, test_right, experiment)

    test.__doc__ = about
    test_to_mermaid.hidden(test)


test_drawing("A leaf alone.", [[]])
test_drawing("A node that is used twice by another.", [[], [0, 0]])
test_drawing("A node that is used early and late.", [[], [], [0, 1], [2, 0], [3, 0]])
test_drawing("Different nodes with the same text.", [[], [], [0, 1], [1, 0], [2, 3]], repeated=True)
test_drawing("A graph with many ways through it.", [*test_draw_graph(test_to_mermaid.rng, 8)[:-1], [6, 0, 1, 2]])

### END HIDDEN TESTS
test_to_mermaid.score()

# %% [markdown]
r"""
### Your graph

When `topological_order`, `backward` and `to_mermaid` are right, the next cell draws the graph of $L = xy + x$: yours, and
below it ours, which was typed by hand. JupyterLab and Notebook 7 draw it; other programs show the text.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_graph", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_graph():
    """Draw the student's graph of the worked example, and ours below it."""
    from IPython.display import display

    ours = """flowchart LR
      x["x<br/>value 2<br/>gradient 4"] --> p["times<br/>value 6<br/>gradient 1"]
      y["y<br/>value 3<br/>gradient 2"] --> p
      p --> L["plus<br/>value 8<br/>gradient 1"]
      x --> L
    """
    x, y = Node(2, label="x"), Node(3, label="y")
    L = x.times(y).plus(x)
    backward(L)
    yours = to_mermaid(L)
    boxes = [part.split('"]')[0] for part in ours.split('["')[1:]]
    if not all(yours.count(f'["{box}"]') == 1 for box in boxes) or yours.count("-->") != 4:
        raise ValueError("not yet the graph of the example")
    for text in (yours, ours):
        display({"text/vnd.mermaid": text, "text/plain": text}, raw=True)


try:
    picture_graph()
except Exception:
    print("Here your graph appears: write topological_order, backward and to_mermaid, then run this cell again.")

# %% [markdown]
r"""
## 5. Undoing a broadcast (4 points)

NumPy adds a matrix of shape (2, 3) and a row of shape (3,) without a word: it *broadcasts* the row, that is, it uses each
of its numbers in every row of the result. It may do two things to a shape:

- **add axes in front**: (3,) becomes (1, 3);
- **stretch axes of size one**: (1, 3) becomes (2, 3), by using the same entry again and again.

On the way back, the gradient has the result's shape, (2, 3), and the row needs one in its own shape, (3,). Each number of
the row was used twice. A node that is used several times gets the **sum** of what comes back, and the same holds for one
number of an array. So every entry of the small array gets the sum over all the places to which it was copied.

**By hand.** The gradient $\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}$ goes back to

| shape | what was done to it | its gradient |
|---|---|---|
| (3,) | an axis in front, then stretched | $(5,\ 7,\ 9)$ |
| (1, 3) | the first axis stretched | $\begin{pmatrix} 5 & 7 & 9 \end{pmatrix}$ |
| (2, 1) | the last axis stretched | $\begin{pmatrix} 6 \\ 15 \end{pmatrix}$ |
| () | a single number, used everywhere | $21$ |
| (2, 3) | nothing | as it is |

The result is always a new array, also in the last case, so that nobody else's gradient changes with it.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "unbroadcast", "locked": false, "schema_version": 3, "solution": true, "task": false}
def unbroadcast(gradient, shape):
    """Sum a gradient over all the copies that broadcasting made of an array.

    Parameters
    ----------
    gradient : numpy.ndarray
        The gradient by the broadcast array.
    shape : tuple of int
        The array's own shape, before it was broadcast.

    Returns
    -------
    numpy.ndarray
        The gradient by the array, of the given shape; a new array.

    Examples
    --------
    >>> unbroadcast(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), (2, 1))
    array([[ 6.],
           [15.]])
    """
    ### BEGIN SOLUTION
    added = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(added)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_unbroadcast", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_unbroadcast = Check("unbroadcast", points={"sums": 3, "new array": 1})


@test_unbroadcast(part="sums")
def test_unbroadcast_by_hand():
    "The table above."
    g = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    rows = {(3,): [5.0, 7.0, 9.0], (1, 3): [[5.0, 7.0, 9.0]], (2, 1): [[6.0], [15.0]], (): 21.0, (2, 3): g}
    for shape, expected in rows.items():
        got = unbroadcast(g.copy(), shape)
        test_unbroadcast.close(f"the gradient for the shape {shape}", got, np.array(expected))


@test_unbroadcast(part="new array")
def test_unbroadcast_is_new():
    "A new array, and what it was given stays as it was."
    g = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    for shape in [(2, 3), (3,)]:
        got = test_unbroadcast.call(unbroadcast, g, shape)
        test_unbroadcast.that(isinstance(got, np.ndarray), "unbroadcast returns an array.")


### BEGIN HIDDEN TESTS
from course.observing import observe as test_observe
from misconceptions import unbroadcast as test_bank
from oracles import unbroadcast as test_right

test_unbroadcast.misconceptions = test_bank


def test_shapes(about, large, *small):
    "Compare with the sum over all the places of a copy."
    g = test_unbroadcast.rng.normal(size=large)

    def experiment(answer):
        return {f"the gradient, case {number}": answer(g.copy(), shape) for number, shape in enumerate(small, 1)}

    def test():
        test_unbroadcast.compare(unbroadcast, test_right, experiment)

    test.__doc__ = about
    test_unbroadcast.hidden(test, part="sums")


test_shapes("Axes added in front.", (4, 2, 3), (3,), (2, 3), ())
test_shapes("Axes of size one that were stretched.", (4, 2, 3), (4, 1, 3), (1, 2, 3), (4, 2, 1), (1, 1, 3), (1, 1, 1))
test_shapes("Both at once.", (5, 4, 2, 3), (2, 1), (1, 3), (1, 1), (1,), (4, 1, 3), (4, 1, 1))
test_shapes("Axes of one size.", (3, 3), (3,), (1, 3), (3, 1), (1, 1))
test_shapes("Axes of size one that are so in the gradient too.", (1, 4), (1, 4), (4,), (1, 1), ())
test_shapes("Nothing was broadcast.", (3, 2), (3, 2))


def test_watch(answer, g, shape):
    "Tell whether a call gives the entries of the gradient, shares its memory, or changes it."
    seen = test_observe(answer, g, shape)
    same = np.array_equal(np.ravel(seen.result), g.ravel())
    return [float(same), float(seen.shared), float(np.array_equal(seen.arrays[0], g))]


@test_unbroadcast.hidden(part="new array")
def test_unbroadcast_leaves():
    "The result is no view, and what was given stays, whatever the shapes."
    shapes = [((3, 4), (3, 4)), ((1, 4), (4,)), ((3, 1), (3, 1)), ((4,), (4,))]
    cases = [(test_unbroadcast.rng.normal(size=large), small) for large, small in shapes]

    def experiment(answer):
        return {"what becomes of the gradient that it was given": [test_watch(answer, g, small) for g, small in cases]}

    test_unbroadcast.compare(unbroadcast, test_right, experiment)


### END HIDDEN TESTS
test_unbroadcast.score()

# %% [markdown]
r"""
## 6. Arithmetic (8 points)

Nobody wants to write `x.times(y).plus(x)`. Python lets a class say what `+` means: `a + b` calls `a.__add__(b)`, and if `a`
is a plain number that knows nothing of our class, Python asks the other side, `b.__radd__(a)`. So a class with a handful
of such methods turns ordinary formulas into graphs.

`Value` is a `Node` with arithmetic. Negation is written for you as a pattern; subtraction, and addition and
multiplication with a number on the left, need nothing new. You write five methods, for $z = a + b$, $a \cdot b$, $a / b$
and $a^n$:

| operation | method | derivative by the first | by the second |
|---|---|---|---|
| $a + b$ | `__add__` | $1$ | $1$ |
| $a \cdot b$ | `__mul__` | $b$ | $a$ |
| $a / b$ | `__truediv__` | $1/b$ | you find it |
| $a / b$, where only $b$ is a `Value` | `__rtruediv__` | | |
| $a^n$, $n$ a plain number | `__pow__` | you find it | |

What `plus` and `times` could leave out, you must not: the two sides may have **different shapes**, so that NumPy
broadcasts. The rule gets a gradient in the result's shape; each parent's share must come back in the parent's own, and for
that you have `unbroadcast`. The other side may also be a plain number or an array: `self.as_value(other)` turns it into a
`Value`, which is then a parent like any other.

**By hand.** $z = a / b$ with $a = 6$, $b = 2$: the value is $3$, and with $g = 8$ the numerator gets $8 \cdot \tfrac12 = 4$.
If $b$ grows by a small $h$, $z = 6/(2 + h) \approx 3 - 1.5\,h$; so the denominator gets $8 \cdot (-1.5) = -12$. And
$z = a^3$ with $a = 2$ is $8$ and grows by $12\,h$: with $g = 0.5$, $a$ gets $6$.

From here on the checks use your `backward`. If it has a mistake, mend that first.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "Value", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Value(Node):
    """A node that can be added, multiplied, divided and raised to a power; every result is a new ``Value``.

    The operands of ``+``, ``-``, ``*`` and ``/`` are of shapes that NumPy broadcasts with each other; one of them may be a
    plain number or array. The operands' data stay as they are.

    Parameters
    ----------
    data : number or numpy.ndarray
        Kept as a copy, in float64.
    parents, rule, label
        As in ``Node``: where it comes from, how a gradient goes back, and a word for drawings.

    Notes
    -----
    Decks 000 and 001: "Follow graph of operators & get partial derivatives using sub-rules".

    >>> a, b = Value(6), Value([2, 3])
    >>> a / b
    Value([3.0, 2.0])
    """

    def as_value(self, other):
        """Return ``other`` if it is a node, or else a leaf that holds it."""
        return other if isinstance(other, Node) else Value(other)

    def __neg__(self):
        def rule(g):
            return (-g,)  # a tuple, even for a single parent

        return Value(-self.data, (self,), rule, "negate")

    def __add__(self, other):
        """Return self + other."""
        ### BEGIN SOLUTION
        other = self.as_value(other)

        def rule(g):
            return unbroadcast(g, self.shape), unbroadcast(g, other.shape)

        return Value(self.data + other.data, (self, other), rule, "add")
        ### END SOLUTION

    def __mul__(self, other):
        """Return self · other, entry by entry."""
        ### BEGIN SOLUTION
        other = self.as_value(other)

        def rule(g):
            return unbroadcast(g * other.data, self.shape), unbroadcast(g * self.data, other.shape)

        return Value(self.data * other.data, (self, other), rule, "multiply")
        ### END SOLUTION

    def __truediv__(self, other):
        """Return self / other, entry by entry."""
        ### BEGIN SOLUTION
        other = self.as_value(other)

        def rule(g):
            above = g / other.data
            below = -g * self.data / other.data**2
            return unbroadcast(above, self.shape), unbroadcast(below, other.shape)

        return Value(self.data / other.data, (self, other), rule, "divide")
        ### END SOLUTION

    def __rtruediv__(self, other):
        """Return other / self, where other is a plain number or array."""
        ### BEGIN SOLUTION
        return self.as_value(other) / self
        ### END SOLUTION

    def __pow__(self, n):
        """Return self to the power of n, a plain number other than 0."""
        ### BEGIN SOLUTION
        def rule(g):
            return (g * n * self.data ** (n - 1),)

        return Value(self.data**n, (self,), rule, "power")
        ### END SOLUTION

    __radd__ = __add__  # for 2 + a
    __rmul__ = __mul__  # for 2 * a

    def __sub__(self, other):
        return self + (-self.as_value(other))

    def __rsub__(self, other):
        return -self + other


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_Value", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_Value = Check("Value", points={"add": 2, "multiply": 2, "divide": 3, "power": 1})

### BEGIN HIDDEN TESTS
from oracles import backward as test_carried_backward
from oracles import topological_order as test_carried_order
from oracles import unbroadcast as test_carried_unbroadcast

test_Value.carry(
    topological_order=test_carried_order, backward=test_carried_backward, unbroadcast=test_carried_unbroadcast
)
### END HIDDEN TESTS


def test_shown(operation, operands, g, value, *gradients):
    "Check a value, and the gradients that the seed g gives its operands."
    nodes = [Value(data) for data in operands]
    z = operation(*nodes)
    test_Value.close("the value", z.data, np.array(value))
    backward(z, np.array(g))
    for name, node, expected in zip("ab", nodes, gradients):
        test_Value.close(f"the gradient of {name}", node.grad, np.array(expected))


@test_Value(part="add")
def test_add_by_hand():
    "(2, 3) + a row of (3,), with any gradient; and a number on either side."
    g, rows = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    total = [[10.0, 21.0, 32.0], [13.0, 24.0, 35.0]]
    test_shown(lambda a, b: a + b, [rows, [10.0, 20.0, 30.0]], g, total, g, [5.0, 7.0, 9.0])
    test_shown(lambda a: 2 + a, [1.0], 3.0, 3.0, 3.0)
    test_shown(lambda a: a - 2, [1.0], 3.0, -1.0, 3.0)


@test_Value(part="multiply")
def test_multiply_by_hand():
    "2 · 3 with g = 10; and a column times a row."
    test_shown(lambda a, b: a * b, [2.0, 3.0], 10.0, 6.0, 30.0, 20.0)
    table = [[3.0, 4.0, 5.0], [6.0, 8.0, 10.0]]
    g = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    test_shown(lambda a, b: a * b, [[[1.0], [2.0]], [3.0, 4.0, 5.0]], g, table, [[3.0], [5.0]], [1.0, 0.0, 2.0])


@test_Value(part="divide")
def test_divide_by_hand():
    "6 / 2 with g = 8, where each of the two may be a plain number."
    test_shown(lambda a, b: a / b, [6.0, 2.0], 8.0, 3.0, 4.0, -12.0)
    test_shown(lambda a: a / 2, [6.0], 8.0, 3.0, 4.0)
    test_shown(lambda b: 6 / b, [2.0], 8.0, 3.0, -12.0)


@test_Value(part="power")
def test_power_by_hand():
    "2 to the power of 3, with g = 0.5."
    test_shown(lambda a: a**3, [2.0], 0.5, 8.0, 6.0)


### BEGIN HIDDEN TESTS
from misconceptions import Value as test_bank
from oracles import Value as test_right
from oracles import results as test_results

test_Value.misconceptions = test_bank


def test_case(part, about, operation, *cases):
    "Compare values and gradients with central differences, under a random upstream gradient; a case is the operands' shapes."
    rng, experiments = test_Value.rng, []
    for shapes in cases:
        arrays = [rng.uniform(0.5, 2.0, size=shape) for shape in shapes]
        if part != "power":
            arrays = [array * rng.choice([-1, 1], size=array.shape) for array in arrays]
        operands, g = dict(zip("abc", arrays, strict=False)), rng.normal(size=operation(*arrays).shape)
        experiments.append(lambda answer, operands=operands, g=g: test_results(operation, answer, operands, g))

    def test():
        for experiment in experiments:
            test_Value.compare(Value, test_right, experiment, rtol=1e-5, atol=1e-7)

    test.__doc__ = about
    test_Value.hidden(test, part=part)


test_row, test_matrix, test_column, test_number = (3,), (4, 3), (4, 1), ()
test_array = test_Value.rng.normal(size=test_row)
for test_part, test_sign, test_operation in [
    ("add", "a + b", lambda a, b: a + b),
    ("multiply", "a · b", lambda a, b: a * b),
    ("divide", "a / b", lambda a, b: a / b),
]:
    test_plain = [(test_matrix, test_matrix), (test_number, test_number)]
    test_left = [(test_row, test_matrix), (test_column, test_matrix), (test_number, test_matrix)]
    test_case(test_part, f"{test_sign}, of equal shapes.", test_operation, *test_plain)
    test_case(test_part, f"{test_sign}, where a is broadcast.", test_operation, *test_left)
    test_case(test_part, f"{test_sign}, where b is broadcast.", test_operation, *(case[::-1] for case in test_left))
    test_case(test_part, f"{test_sign}, where both are.", test_operation, (test_column, test_row), ((1, 3), (2, 4, 1)))
test_case("add", "A plain number or array on either side of +.", lambda a: 2.5 + (a + 1.5), [test_matrix])
test_case("add", "A plain array on either side, which is broadcast.", lambda a: test_array + (a + test_array), [test_column])
test_case("add", "Differences.", lambda a, b: (1.5 - a) - (b - 2), (test_matrix, test_row))
test_case("add", "A node added to itself.", lambda a: a + a, [test_matrix])
test_case("multiply", "A plain number on either side of ·.", lambda a: 2.5 * (a * 1.5), [test_matrix])
test_case("multiply", "A plain array, which is broadcast.", lambda a: test_array * (a * test_array), [test_column])
test_case("multiply", "A node times itself, and times another.", lambda a, b: a * b * a, (test_matrix, test_row))
test_case("divide", "A plain number above or below.", lambda a: 2.5 / (a / 1.5), [test_matrix])
test_case("divide", "A plain array above, which is broadcast.", lambda a: test_array / a, [test_column])
for test_n in (2, 3, -1, 0.5, 1):
    test_case("power", f"To the power of {test_n}.", lambda a, n=test_n: a**n, [test_matrix])


### END HIDDEN TESTS
test_Value.score()

# %% [markdown]
r"""
## 7. Functions of one number (4 points)

A function that works on each entry alone needs one multiplication on the way back: the gradient that arrives, times the
slope there.

| kind | $z$ | slope |
|---|---|---|
| `"exp"` | $e^x$ | $e^x$, which is $z$ itself |
| `"log"` | $\ln x$, natural, for $x > 0$ | $1/x$ |
| `"tanh"` | $\tanh x$ | $1 - z^2$ |
| `"relu"` | $\max(0, x)$ | 1 where $x > 0$, otherwise 0 |

What $x$ and $z$ are, the forward pass has found out already. A rule that is defined *inside* your function remembers them.
That is why the forward pass comes first, and why reverse mode needs memory.

**By hand.** $x = 2$ and $g = 3$: for `"log"` the gradient is $3/2 = 1.5$. $x = \ln 2$: `"exp"` gives $2$, and $g = 3$ becomes
$6$; `"tanh"` gives $0.6$, and $g = 10$ becomes $6.4$. ReLU of $(-1, 0, 4)$ is $(0, 0, 4)$, and $g = (5, 6, 7)$ becomes
$(0, 0, 7)$.

(`np.tanh` is right for numbers of any size. The formula with exponentials is not: it overflows.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "elementwise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def elementwise(x, kind):
    """Apply a function to every entry.

    Parameters
    ----------
    x : Value
        Of any shape.
    kind : {"exp", "log", "tanh", "relu"}
        Which function.

    Returns
    -------
    Value
        Of x's shape, with x as its parent.

    Examples
    --------
    >>> z = elementwise(Value([0.0, 1.0]), "relu")
    >>> z, z.rule(np.array([5.0, 6.0]))
    (Value([0.0, 1.0]), (array([0., 6.]),))
    """
    ### BEGIN SOLUTION
    if kind == "exp":
        z = np.exp(x.data)
        slope = z
    elif kind == "log":
        z = np.log(x.data)
        slope = 1 / x.data
    elif kind == "tanh":
        z = np.tanh(x.data)
        slope = 1 - z**2
    else:
        z = np.maximum(x.data, 0)
        slope = x.data > 0
    return Value(z, (x,), lambda g: (g * slope,), kind)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_elementwise", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_elementwise = Check("elementwise", points={"exp": 1, "log": 1, "tanh": 1, "relu": 1})

### BEGIN HIDDEN TESTS
from oracles import backward as test_carried_backward
from oracles import topological_order as test_carried_order

test_elementwise.carry(topological_order=test_carried_order, backward=test_carried_backward, Value=Node)
### END HIDDEN TESTS


def test_shown(kind, x, g, value, gradient):
    "Check one function on numbers worked out by hand."

    def test():
        node = Value(x)
        z = elementwise(node, kind)
        test_elementwise.close("the value", z.data, np.array(value))
        backward(z, np.array(g))
        test_elementwise.close("the gradient of x", node.grad, np.array(gradient))

    test.__doc__ = f"{kind}, by hand."
    test_elementwise(test, part=kind)


test_shown("exp", np.log(2.0), 3.0, 2.0, 6.0)
test_shown("log", [2.0, 1.0], [3.0, 3.0], [np.log(2.0), 0.0], [1.5, 3.0])
test_shown("tanh", np.log(2.0), 10.0, 0.6, 6.4)
test_shown("relu", [-1.0, 0.0, 4.0], [5.0, 6.0, 7.0], [0.0, 0.0, 4.0], [0.0, 0.0, 7.0])

### BEGIN HIDDEN TESTS
from misconceptions import elementwise as test_bank
from oracles import Node as test_Twin
from oracles import elementwise as test_right
from oracles import results as test_results

test_elementwise.misconceptions = test_bank


def test_case(kind, about, *cases):
    "Compare values and gradients with central differences, under a random upstream gradient."
    seeds = [test_elementwise.rng.normal(size=x.shape) for x in cases]

    def test():
        for x, g in zip(cases, seeds, strict=True):

            def experiment(answer, x=x, g=g):
                node_class = Value if answer is elementwise else test_Twin
                return test_results(lambda node: answer(node, kind), node_class, {"x": x}, g)

            test_elementwise.compare(elementwise, test_right, experiment, rtol=1e-5, atol=1e-7)

    test.__doc__ = f"{kind}: {about}"
    test_elementwise.hidden(test, part=kind)


for test_kind in ("exp", "log", "tanh", "relu"):
    test_sizes = [test_elementwise.rng.uniform(0.2, 2.0, size=size) for size in [(4, 3), (), (5,)]]
    if test_kind != "log":
        test_sizes = [x * test_elementwise.rng.choice([-1, 1], size=x.shape) for x in test_sizes]
    test_case(test_kind, "a matrix, a number and a row.", *test_sizes)
test_case("tanh", "very large numbers.", np.array([-1000.0, 1000.0]))
test_case("relu", "zeros, and very large numbers.", np.array([[-1000.0, 0.0, 1000.0], [-0.0, 2.0, -2.0]]))

### END HIDDEN TESTS
test_elementwise.score()

# %% [markdown]
r"""
## 8. The product of two matrices (4 points)

The operation at the heart of every network is $Z = A B$, with $A$ of shape (N, D) and $B$ of shape (D, M):

$$Z_{nm} = \sum_d A_{nd}\, B_{dm}.$$

You could build it from additions and multiplications, a node for each; one node for the whole product is thousands of
times faster. Its rule is given $G = \partial L/\partial Z$, of shape (N, M). Ask what an entry touches. $A_{nd}$ touches
entry $(n, m)$ of the result for **every** $m$, with the factor $B_{dm}$. So

$$\frac{\partial L}{\partial A_{nd}} = \sum_m G_{nm}\, B_{dm},$$

and for $B_{dm}$ you find the sum in the same way. Then look for the matrix product that computes all the entries of such a
sum at once. Which index is summed over, and which axis of each factor is that?

**By hand.** A row times a matrix, and the gradient $G = (1,\ 10)$:

$$A = (1,\ 2), \quad B = \begin{pmatrix} 3 & 4 \\ 5 & 6 \end{pmatrix}, \quad Z = (13,\ 16), \qquad
\frac{\partial L}{\partial A} = (1 \cdot 3 + 10 \cdot 4,\ 1 \cdot 5 + 10 \cdot 6) = (43,\ 65), \quad
\frac{\partial L}{\partial B} = \begin{pmatrix} 1 & 10 \\ 2 & 20 \end{pmatrix}.$$
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "matmul", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matmul(a, b):
    """Multiply two matrices.

    Parameters
    ----------
    a : Value, shape (N, D)
    b : Value, shape (D, M)

    Returns
    -------
    Value, shape (N, M)
        With a and b as its parents.

    Examples
    --------
    >>> z = matmul(Value([[1, 2]]), Value([[3], [5]]))
    >>> z, z.rule(np.array([[10.0]]))[0]
    (Value([[13.0]]), array([[30., 50.]]))
    """
    ### BEGIN SOLUTION
    def rule(g):
        return g @ b.data.T, a.data.T @ g

    return Value(a.data @ b.data, (a, b), rule, "matmul")
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_matmul", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_matmul = Check("matmul", points={"value": 1, "gradients": 3})

### BEGIN HIDDEN TESTS
from oracles import backward as test_carried_backward
from oracles import topological_order as test_carried_order

test_matmul.carry(topological_order=test_carried_order, backward=test_carried_backward, Value=Node)
### END HIDDEN TESTS


@test_matmul(part="value")
def test_matmul_value_by_hand():
    "The value of the example above."
    z = matmul(Value([[1.0, 2.0]]), Value([[3.0, 4.0], [5.0, 6.0]]))
    test_matmul.close("the value", z.data, np.array([[13.0, 16.0]]))


@test_matmul(part="gradients")
def test_matmul_gradients_by_hand():
    "The gradients of the example above."
    a, b = Value([[1.0, 2.0]]), Value([[3.0, 4.0], [5.0, 6.0]])
    backward(matmul(a, b), np.array([[1.0, 10.0]]))
    test_matmul.close("the gradient of a", a.grad, np.array([[43.0, 65.0]]))
    test_matmul.close("the gradient of b", b.grad, np.array([[1.0, 10.0], [2.0, 20.0]]))


### BEGIN HIDDEN TESTS
from misconceptions import matmul as test_bank
from oracles import Node as test_Twin
from oracles import matmul as test_right
from oracles import results as test_results
from oracles import value as test_value

test_matmul.misconceptions = test_bank


def test_case(about, N, D, M):
    "Compare the value and the gradients with the sums written out, under a random upstream gradient."
    operands = {"a": test_matmul.rng.normal(size=(N, D)), "b": test_matmul.rng.normal(size=(D, M))}
    g = test_matmul.rng.normal(size=(N, M))

    def value(answer):
        return test_value(answer, Value if answer is matmul else test_Twin, operands)

    def gradients(answer):
        return test_results(answer, Value if answer is matmul else test_Twin, operands, g)

    for part, one in {"value": value, "gradients": gradients}.items():

        def test(one=one):
            test_matmul.compare(matmul, test_right, one, rtol=1e-5, atol=1e-7)

        test.__doc__ = f"The {part}: {about}"
        test_matmul.hidden(test, part=part)


test_case("N, D and M all different.", 4, 3, 2)
test_case("square matrices.", 3, 3, 3)
test_case("a single row and a single column.", 1, 4, 1)
test_case("a single number between the two.", 3, 1, 2)

### END HIDDEN TESTS
test_matmul.score()

# %% [markdown]
r"""
## 9. Sums over an axis (3 points)

A loss is a sum over examples, so we need `sum_over`. On the way back each entry of the sum hands its gradient to **every**
entry that was added up, unchanged, since each of them counts once. Nothing is divided: this is a sum and not a mean.

The difficulty is one of shapes. A sum over axis 1 takes (2, 3) to (2,), or with `keepdims=True` to (2, 1). Before you can
spread a gradient of shape (2,) over the columns, the axis that has gone must be put back: NumPy would take (2,) for a row.

**By hand.** $X = \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}$.

| call | value | $g$ | gradient of $X$ |
|---|---|---|---|
| `sum_over(X)` | $21$ | $10$ | $10$ in every entry |
| `sum_over(X, axis=0)` | $(5,\ 7,\ 9)$ | $(1,\ 2,\ 3)$ | $\begin{pmatrix} 1 & 2 & 3 \\ 1 & 2 & 3 \end{pmatrix}$ |
| `sum_over(X, axis=1)` | $(6,\ 15)$ | $(1,\ 2)$ | $\begin{pmatrix} 1 & 1 & 1 \\ 2 & 2 & 2 \end{pmatrix}$ |

Compare this with section 5. Broadcasting uses an entry many times, and its way back is a sum; a sum's way back is a
broadcast.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "sum_over", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sum_over(x, axis=None, keepdims=False):
    """Add up the entries of an array, or those along one axis.

    Parameters
    ----------
    x : Value
    axis : int, optional
        The axis to sum over; negative ones are counted from the end. By default, all entries are added up.
    keepdims : bool
        Whether the axes that are summed over stay in the shape, with size one.

    Returns
    -------
    Value
        What ``np.sum`` gives, with x as its parent.

    Examples
    --------
    >>> z = sum_over(Value([[1, 2, 3], [4, 5, 6]]), axis=1)
    >>> z, z.rule(np.array([1.0, 2.0]))[0].tolist()
    (Value([6.0, 15.0]), [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])
    """
    ### BEGIN SOLUTION
    def rule(g):
        if axis is not None and not keepdims:
            g = np.expand_dims(g, axis)
        return (np.broadcast_to(g, x.shape),)

    return Value(x.data.sum(axis=axis, keepdims=keepdims), (x,), rule, "sum")
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_sum_over", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_sum_over = Check("sum_over", points={"value": 1, "gradient": 2})

### BEGIN HIDDEN TESTS
from oracles import backward as test_carried_backward
from oracles import topological_order as test_carried_order

test_sum_over.carry(topological_order=test_carried_order, backward=test_carried_backward, Value=Node)
### END HIDDEN TESTS


@test_sum_over(part="value")
def test_sum_values_by_hand():
    "The three values of the table above."
    for axis, expected in [(None, 21.0), (0, [5.0, 7.0, 9.0]), (1, [6.0, 15.0])]:
        z = sum_over(Value([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), axis)
        test_sum_over.close(f"the value for axis={axis}", z.data, np.array(expected))


@test_sum_over(part="gradient")
def test_sum_gradients_by_hand():
    "The three gradients of the table above."
    rows = [
        (None, 10.0, [[10.0, 10.0, 10.0], [10.0, 10.0, 10.0]]),
        (0, [1.0, 2.0, 3.0], [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]),
        (1, [1.0, 2.0], [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]),
    ]
    for axis, g, expected in rows:
        x = Value([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        backward(sum_over(x, axis), np.array(g))
        test_sum_over.close(f"the gradient for axis={axis}", x.grad, np.array(expected))


### BEGIN HIDDEN TESTS
from misconceptions import sum_over as test_bank
from oracles import Node as test_Twin
from oracles import results as test_results
from oracles import sum_over as test_right
from oracles import value as test_value

test_sum_over.misconceptions = test_bank


def test_case(about, shape, *arguments):
    "Compare the value and the gradient with sums written out, under a random upstream gradient."
    x = test_sum_over.rng.normal(size=shape)
    g = test_sum_over.rng.normal(size=x.sum(*arguments[:1], keepdims=bool(arguments[1:])).shape)

    def value(answer):
        kind = Value if answer is sum_over else test_Twin
        return test_value(lambda node: answer(node, *arguments), kind, {"x": x})

    def gradient(answer):
        kind = Value if answer is sum_over else test_Twin
        return test_results(lambda node: answer(node, *arguments), kind, {"x": x}, g)

    for part, one in {"value": value, "gradient": gradient}.items():

        def test(one=one):
            test_sum_over.compare(sum_over, test_right, one, rtol=1e-5, atol=1e-7)

        test.__doc__ = f"The {part}: {about}"
        test_sum_over.hidden(test, part=part)


test_case("all entries.", (4, 3))
test_case("all entries of a single number.", ())
test_case("all entries, the axes kept.", (4, 3), None, True)
test_case("the first axis.", (4, 3), 0)
test_case("the second axis.", (4, 3), 1)
test_case("the second axis, kept.", (4, 3), 1, True)
test_case("the first axis, kept.", (4, 3), 0, True)
test_case("as many rows as columns.", (3, 3), 1)
test_case("an axis counted from the end.", (2, 3, 4), -2)
test_case("the only axis.", (5,), 0)

### END HIDDEN TESTS
test_sum_over.score()

# %% [markdown]
r"""
## 10. Reshape and transpose (2 + 2 points)

Both of these compute nothing: they only say where each number stands. On the way back, each gradient goes home to the place
that its number came from. They are easily mixed up, because both can take a matrix of shape (2, 3) to one of shape (3, 2):

$$X = \begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}, \qquad
\text{reshaped: } \begin{pmatrix} 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{pmatrix}, \qquad
\text{transposed: } \begin{pmatrix} 1 & 4 \\ 2 & 5 \\ 3 & 6 \end{pmatrix}.$$

Reshaping keeps the numbers in the order in which one reads them, row by row. Transposing moves entry $(n, d)$ to place
$(d, n)$.

**By hand.** The gradient $G = \begin{pmatrix} 10 & 20 \\ 30 & 40 \\ 50 & 60 \end{pmatrix}$ arrives. Through the reshape, $X$ gets
$\begin{pmatrix} 10 & 20 & 30 \\ 40 & 50 & 60 \end{pmatrix}$; through the transpose,
$\begin{pmatrix} 10 & 30 & 50 \\ 20 & 40 & 60 \end{pmatrix}$.

A test with a gradient of ones sees no difference between the two. That is why every check in this course draws its upstream
gradients at random.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "reshape", "locked": false, "schema_version": 3, "solution": true, "task": false}
def reshape(x, shape):
    """Put the entries of an array, read row by row, into another shape.

    Parameters
    ----------
    x : Value
    shape : tuple of int
        With as many entries as x.

    Returns
    -------
    Value
        Of that shape, with x as its parent.

    Examples
    --------
    >>> reshape(Value([[1, 2, 3], [4, 5, 6]]), (3, 2))
    Value([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    """
    ### BEGIN SOLUTION
    return Value(x.data.reshape(shape), (x,), lambda g: (g.reshape(x.shape),), "reshape")
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_reshape", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_reshape = Check("reshape", points=2)

### BEGIN HIDDEN TESTS
from oracles import backward as test_carried_backward
from oracles import topological_order as test_carried_order

test_reshape.carry(topological_order=test_carried_order, backward=test_carried_backward, Value=Node)
### END HIDDEN TESTS


@test_reshape
def test_reshape_by_hand():
    "The example above."
    x = Value([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    z = reshape(x, (3, 2))
    test_reshape.close("the value", z.data, np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    backward(z, np.array([[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]]))
    test_reshape.close("the gradient of x", x.grad, np.array([[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]]))


### BEGIN HIDDEN TESTS
from misconceptions import reshape as test_bank
from oracles import Node as test_Twin
from oracles import reshape as test_right
from oracles import results as test_results

test_reshape.misconceptions = test_bank


def test_case(about, old, new):
    "Compare the value and the gradient with places counted one by one, under a random upstream gradient."
    x, g = test_reshape.rng.normal(size=old), test_reshape.rng.normal(size=new)

    def experiment(answer):
        kind = Value if answer is reshape else test_Twin
        return test_results(lambda node: answer(node, new), kind, {"x": x}, g)

    def test():
        test_reshape.compare(reshape, test_right, experiment, rtol=1e-5, atol=1e-7)

    test.__doc__ = about
    test_reshape.hidden(test)


test_case("A matrix turned into one of the transposed shape.", (3, 4), (4, 3))
test_case("A matrix laid out flat, and other numbers of axes.", (3, 4), (12,))
test_case("More axes than before.", (6,), (3, 1, 2))
test_case("A square matrix in its own shape.", (3, 3), (3, 3))

### END HIDDEN TESTS
test_reshape.score()

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "transpose", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transpose(x):
    """Exchange the rows and the columns of a matrix.

    Parameters
    ----------
    x : Value, shape (N, D)

    Returns
    -------
    Value, shape (D, N)
        With x as its parent.

    Examples
    --------
    >>> transpose(Value([[1, 2, 3], [4, 5, 6]]))
    Value([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]])
    """
    ### BEGIN SOLUTION
    return Value(x.data.T, (x,), lambda g: (g.T,), "transpose")
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_transpose", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_transpose = Check("transpose", points=2)

### BEGIN HIDDEN TESTS
from oracles import backward as test_carried_backward
from oracles import topological_order as test_carried_order

test_transpose.carry(topological_order=test_carried_order, backward=test_carried_backward, Value=Node)
### END HIDDEN TESTS


@test_transpose
def test_transpose_by_hand():
    "The example above."
    x = Value([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    z = transpose(x)
    test_transpose.close("the value", z.data, np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]))
    backward(z, np.array([[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]]))
    test_transpose.close("the gradient of x", x.grad, np.array([[10.0, 30.0, 50.0], [20.0, 40.0, 60.0]]))


### BEGIN HIDDEN TESTS
from misconceptions import transpose as test_bank
from oracles import Node as test_Twin
from oracles import results as test_results
from oracles import transpose as test_right

test_transpose.misconceptions = test_bank


def test_case(about, N, D):
    "Compare the value and the gradient with places counted one by one, under a random upstream gradient."
    x, g = test_transpose.rng.normal(size=(N, D)), test_transpose.rng.normal(size=(D, N))

    def experiment(answer):
        return test_results(answer, Value if answer is transpose else test_Twin, {"x": x}, g)

    def test():
        test_transpose.compare(transpose, test_right, experiment, rtol=1e-5, atol=1e-7)

    test.__doc__ = about
    test_transpose.hidden(test)


test_case("More rows than columns.", 4, 3)
test_case("More columns than rows.", 2, 5)
test_case("A square matrix.", 3, 3)
test_case("A single row.", 1, 4)

### END HIDDEN TESTS
test_transpose.score()

# %% [markdown]
r"""
## 11. Your engine trains a network

Everything is there now. The next cell writes a network with one hidden layer in your operations, trains it on two half moons
by plain gradient descent, and does the same a second time with gradients that we worked out by hand for this one network. The
two loss curves lie on each other, because the derivatives are the same to the last few digits. Your engine would go on
working if somebody changed the network; our formulas would not.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_training(steps=400, learning_rate=0.3):
    """Train a network with the student's engine and with gradients written by hand, and draw both."""
    import matplotlib.pyplot as plt

    from course.datasets import moons

    rng = np.random.default_rng(4)
    X, labels = moons(120, rng=rng, noise=0.12)
    Y = np.where(labels == 1, 1.0, -1.0)[:, None]
    start = [rng.normal(size=(2, 16)), np.zeros(16), rng.normal(size=(16, 1)) / 4, np.zeros(1)]

    def engine(W1, b1, W2, b2):
        params = [Value(array) for array in (W1, b1, W2, b2)]
        W1, b1, W2, b2 = params
        hidden = elementwise(matmul(Value(X), W1) + b1, "tanh")
        error = matmul(hidden, W2) + b2 - Y
        loss = sum_over(error**2) / (2 * len(X))
        backward(loss)
        return float(loss.data), [param.grad for param in params]

    def by_hand(W1, b1, W2, b2):
        hidden = np.tanh(X @ W1 + b1)
        error = hidden @ W2 + b2 - Y
        g = error / len(X)
        g_hidden = g @ W2.T * (1 - hidden**2)
        return np.sum(error**2) / (2 * len(X)), [X.T @ g_hidden, g_hidden.sum(axis=0), hidden.T @ g, g.sum(axis=0)]

    def train(loss_and_gradients):
        params, losses = start, []
        for _ in range(steps):
            loss, grads = loss_and_gradients(*params)
            losses.append(loss)
            params = [param - learning_rate * grad for param, grad in zip(params, grads, strict=True)]
        return params, losses

    (params, losses), (our_params, our_losses) = train(engine), train(by_hand)
    if not np.allclose(losses, our_losses, rtol=1e-6):
        raise ArithmeticError("the two losses differ")
    axes = np.linspace(-1.8, 2.8, 90), np.linspace(-1.3, 1.8, 70)
    grid = np.stack(np.meshgrid(*axes), axis=-1)

    def output(W1, b1, W2, b2):
        return (np.tanh(grid @ W1 + b1) @ W2 + b2)[..., 0]

    _, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    left.plot(our_losses, color="0.75", linewidth=6, label="by hand")
    left.plot(losses, color="C0", linewidth=1.5, label="your engine")
    left.set(xlabel="step", ylabel="loss", title="The same loss, twice", ylim=(0, None))
    left.legend()
    right.contourf(*axes, output(*params), [-99, 0, 99], colors=["C0", "C1"], alpha=0.25)
    right.contour(*axes, output(*our_params), [0], colors="black", linestyles="dashed")
    for label, marker in [(0, "o"), (1, "^")]:
        right.scatter(*X[labels == label].T, s=16, marker=marker, label=f"class {label}")
    right.set(title="Your network's two sides; dashed: ours", xlabel="$x_1$", ylabel="$x_2$")
    right.legend(loc="upper right")
    plt.show()


try:
    with np.errstate(all="ignore"):
        picture_training()
except Exception:
    print("Here your engine will train a network: write all the functions above, then run this cell again.")

# %% [markdown]
r"""
## 12. In your own words (4 points)

**(a)** A number is doubled 40 times, $x_{k+1} = x_k + x_k$. The chain rule, written as a sum over all the paths from $x_{40}$
to $x_0$, has $2^{40}$ terms; your `backward` calls 40 rules and finds the same derivative. Which terms does it never write down
one by one, and why may it add first and multiply afterwards? What about the order of the nodes makes that possible?
(2 points)

**(b)** A network turns one loss into gradients by 10,000 weights. Another program has a single setting and 10,000 outputs, and
you want the derivative of each output by that setting. Which mode, forward or reverse, would you use for each, and about how
many passes does it need? What does reverse mode have to keep in memory that forward mode need not, and how does that grow with
the length of a computation? (2 points)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_reverse_mode", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
r"""
**(a)** All paths that pass through the same node $x_k$ share the rest of their way down. Their products from $x_{40}$ to $x_k$
are added up first, and this one number, $\partial x_{40}/\partial x_k = 2^{40-k}$, is multiplied by the local derivatives below
$x_k$ once: the distributive law, $pa + qa = (p + q)\,a$, applied at every node. So the $2^{40}$ products are never formed; there
is one addition for each arrow. (1 point) It is allowed only when the sum at $x_k$ is complete before it is handed on, and that
holds because the nodes are visited in the reverse of a topological order: all of a node's consumers come before it.
(1 point)

**(b)** One output and 10,000 inputs: reverse mode, one forward and one backward pass, whose cost is a small multiple of computing
the loss. One input and 10,000 outputs: forward mode, one pass that carries the derivative by the setting along. The other way
round, each would need about 10,000 passes. (1 point) Reverse mode uses the values of the forward pass on its way back, in the
opposite order, so it must keep the graph and what the rules need of every operation (such as both factors of a product) until
the backward pass has been there: memory grows in proportion to the number of operations (and with the size of the arrays).
Forward mode can forget a value and its derivative as soon as nothing later uses them. (1 point)
"""

# %% [markdown]
r"""
## Where next

- **Lecture 3** puts the same ideas into layers, and **Problem set 6** (the multilayer perceptron) has you write backward
  passes of whole layers by hand. You will recognise `matmul`, `unbroadcast` and the slope of tanh.
- **Lecture 2** and **Problem set 3** (forward mode) go the other way, from the inputs to the outputs.
- The library's own engine is `course.autodiff.tape`. It finds its order in another way than most students do, by age: a value
  is always younger than its parents. Its `course.autodiff.graph` draws what you drew.
- **Problem set 5** (losses) needs what your engine knows about `exp` and `log`, and more care with large numbers.
"""
