"""Wrong answers that students really write for problem set 1, each with advice that points at the idea."""

import numpy as np

from course.misconceptions import Bank

forward_difference = Bank("forward_difference")
central_difference = Bank("central_difference")
best_step = Bank("best_step")
relative_error = Bank("relative_error")
numerical_gradient = Bank("numerical_gradient")
numerical_vjp = Bank("numerical_vjp")


# --- forward_difference


@forward_difference("not divided by the step", "You return how much f changes: over which distance does it change?")
def change_only(f, x, h):
    return f(x + h) - f(x)


@forward_difference("only f(x) is divided", "Which comes first in Python, / or −? Put brackets around what is divided.")
def divides_the_last(f, x, h):
    return f(x + h) - f(x) / h


@forward_difference("here minus there", "Let f rise to the right: which sign should its slope have, and which has yours?")
def wrong_order(f, x, h):
    return (f(x) - f(x + h)) / h


@forward_difference("backward difference", "You look at the slope behind x: on which side is the second point to lie?")
def looks_back(f, x, h):
    return (f(x) - f(x - h)) / h


@forward_difference("central difference", "That is the next function: how many points on each side of x does this one use?")
def both_sides(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


@forward_difference("divided by two steps", "How far apart are the two points at which you evaluate f?")
def twice_the_distance(f, x, h):
    return (f(x + h) - f(x)) / (2 * h)


@forward_difference("starts from zero", "Your result is the same for every x: at which point is the slope wanted?")
def around_zero(f, x, h):
    return (f(h) - f(0)) / h


@forward_difference("a step of its own", "What does your function do with the h that it is given?")
def ignores_h(f, x, h):
    h = 1e-5
    return (f(x + h) - f(x)) / h


# --- central_difference


@central_difference("divided by one step", "How far apart are the two points at which you evaluate f?")
def one_step(f, x, h):
    return (f(x + h) - f(x - h)) / h


@central_difference("forward difference", "Your error shrinks only as fast as h: is x in the middle of your two points?")
def one_side(f, x, h):
    return (f(x + h) - f(x)) / h


@central_difference("backward difference", "Your error shrinks only as fast as h: is x in the middle of your two points?")
def other_side(f, x, h):
    return (f(x) - f(x - h)) / h


@central_difference("divided by 2, then multiplied by h", "Python works through / 2 * h from left to right: what is below?")
def no_brackets(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h


@central_difference("half a step to each side", "The step h is the distance from x to each of the two points: is it yours?")
def half_steps(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h


@central_difference("half a step, divided by two", "Compare the distance of your two points with what you divide by.")
def half_steps_over_two(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / (2 * h)


@central_difference("left minus right", "Let f rise to the right: which sign should its slope have, and which has yours?")
def left_minus_right(f, x, h):
    return (f(x - h) - f(x + h)) / (2 * h)


@central_difference("second difference", "On a straight line yours gives 0: you measure how f bends, not how it rises.")
def second_difference(f, x, h):
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2


# --- best_step


EPS = np.finfo(float).eps


@best_step("roots exchanged", "Which scheme has the smaller truncation error, and so can afford the larger step?")
def exchanged(x, scheme):
    power = {"forward": 1 / 3, "central": 1 / 2}[scheme]
    return EPS**power * np.maximum(1, np.abs(x))


@best_step("the square root for both", "Solve for the step once more with the truncation error of the other scheme.")
def square_roots(x, scheme):
    return np.sqrt(EPS) * np.maximum(1, np.abs(x))


@best_step("the cube root for both", "Solve for the step once more with the truncation error of the other scheme.")
def cube_roots(x, scheme):
    return np.cbrt(EPS) * np.maximum(1, np.abs(x))


def _with_root(scheme, eps=EPS):
    return eps ** {"forward": 1 / 2, "central": 1 / 3}[scheme]


@best_step(
    "as small as can be",
    "At h = eps nearly all of the difference is rounding error: where are the two errors equal?",
)
def machine_epsilon(x, scheme):
    return EPS * np.maximum(1, np.abs(x))


@best_step("the smallest number there is", "tiny is the smallest number above 0: how far apart are the numbers around 1?")
def tiny(x, scheme):
    return _with_root(scheme, np.finfo(float).tiny) * np.maximum(1, np.abs(x))


@best_step("the eps of float32", "To how many digits does NumPy compute when nobody asks for anything else?")
def single(x, scheme):
    return _with_root(scheme, float(np.finfo(np.float32).eps)) * np.maximum(1, np.abs(x))


@best_step("the same step everywhere", "Does your step grow with x? Think of an x of a million.")
def no_scale(x, scheme):
    return _with_root(scheme) * np.ones(np.shape(x))


@best_step("no step at zero", "What is your step at x = 0, and what would you divide by?")
def no_floor(x, scheme):
    return _with_root(scheme) * np.abs(x)


@best_step("blind for negative numbers", "The size of x counts, not its sign: what is your step at x = −1000?")
def no_abs(x, scheme):
    return _with_root(scheme) * np.maximum(1, x)


@best_step("sign of x kept", "Can a step be negative? The scale is a size.")
def signed(x, scheme):
    return _with_root(scheme) * np.where(np.abs(x) > 1, x, 1.0)


@best_step("one scale for all entries", "Large and small numbers stand side by side in x: has each a step of its own?")
def one_scale(x, scheme):
    return _with_root(scheme) * max(1.0, np.max(np.abs(x))) * np.ones(np.shape(x))


# --- relative_error


def _refuse(a, b):
    if a.shape != b.shape:
        raise ValueError("two shapes")


def _sizes(a, b):
    return np.maximum(np.abs(a), np.abs(b))


def _parts(differences, sizes):
    return np.divide(differences, sizes, out=np.zeros(np.shape(differences)), where=sizes != 0)


@relative_error(
    "nothing done about 0 / 0",
    "What does NumPy make of 0 / 0, and what is the largest of numbers with it among them?",
)
def zero_by_zero(a, b):
    _refuse(a, b)
    return np.max(np.abs(a - b) / _sizes(a, b))


@relative_error("measured against a alone", "Exchange a and b: is your result the same?")
def against_the_first(a, b):
    _refuse(a, b)
    return np.max(_parts(np.abs(a - b), np.abs(a)))


@relative_error("measured against b alone", "Exchange a and b: is your result the same?")
def against_the_second(a, b):
    _refuse(a, b)
    return np.max(_parts(np.abs(a - b), np.abs(b)))


@relative_error("a floor of 1e-8", "Take a = 1e-10 and b = 2e-10: does your result tell that one is twice the other?")
def floored(a, b):
    _refuse(a, b)
    return np.max(np.abs(a - b) / np.maximum(_sizes(a, b), 1e-8))


@relative_error("1e-8 added below", "Take a = 1e-10 and b = 2e-10: does your result tell that one is twice the other?")
def padded(a, b):
    _refuse(a, b)
    return np.max(np.abs(a - b) / (_sizes(a, b) + 1e-8))


@relative_error("measured against the sum of both", "Other texts divide by |a| + |b|: what stands below the line here?")
def against_the_sum(a, b):
    _refuse(a, b)
    return np.max(_parts(np.abs(a - b), np.abs(a) + np.abs(b)))


@relative_error("measured against the mean of both", "Your scale lies between the two numbers: which one is asked for here?")
def against_the_mean(a, b):
    _refuse(a, b)
    return np.max(_parts(np.abs(a - b), (np.abs(a) + np.abs(b)) / 2))


@relative_error("absolute error", "Is a difference of 1 large? That depends on what is compared: where does it enter?")
def absolute(a, b):
    _refuse(a, b)
    return np.max(np.abs(a - b))


@relative_error("the sign of the difference kept", "When all of a lies below b, is your largest difference the worst one?")
def signed_difference(a, b):
    _refuse(a, b)
    return np.max(_parts(a - b, _sizes(a, b)))


@relative_error("mean in place of the worst", "One wrong entry among a thousand: does your result still show it?")
def averaged(a, b):
    _refuse(a, b)
    return np.mean(_parts(np.abs(a - b), _sizes(a, b)))


@relative_error("one scale for all entries", "One entry is a million, another is 1 and wrong: does your result show it?")
def one_scale_for_all(a, b):
    _refuse(a, b)
    return np.max(np.abs(a - b)) / (np.max(_sizes(a, b)) or 1)


@relative_error(
    "ratio of lengths",
    "Yours compares the lengths of whole vectors: is a wrong small entry seen beside a large one?",
)
def lengths(a, b):
    _refuse(a, b)
    return np.linalg.norm(a - b) / ((np.linalg.norm(a) + np.linalg.norm(b)) or 1)


@relative_error("one error for every entry", "The worst of the errors is asked for: which number is it?")
def each_entry(a, b):
    _refuse(a, b)
    return _parts(np.abs(a - b), _sizes(a, b))


@relative_error(
    "broadcasts two shapes",
    "What does a − b give for the shapes (3,) and (3, 1), and should these count as equal?",
)
def broadcasts(a, b):
    return np.max(_parts(np.abs(a - b), _sizes(a, b)))


# --- numerical_gradient


def _each(x, difference):
    """Put the difference at each index into an array of x's shape."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        gradient[i] = difference(i)
    return gradient


def _moved(x, i, step):
    x = np.array(x, dtype=float)
    x[i] += step
    return x


@numerical_gradient("all entries moved at once", "A partial derivative moves one entry: which entries does x + h move?")
def all_at_once(f, x, h=1e-5):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@numerical_gradient("a whole row moved at once", "For a matrix, what is x[i]: one entry, or a whole row?")
def row_by_row(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        gradient[i] = (f(_moved(x, i, h)) - f(_moved(x, i, -h))) / (2 * h)
    return gradient


@numerical_gradient("an entry not put back", "When you come to the second entry, what does the first one hold?")
def not_put_back(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient


@numerical_gradient("the caller's x left moved", "After the call, where does your caller find x?")
def left_moved(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient


@numerical_gradient(
    "put back by adding up",
    "Is (x + h − 2h) + h the number that you started from, to the last bit? And whose array is it?",
)
def put_back_by_adding(f, x, h=1e-5):
    x = x if x.dtype.kind == "f" else x.astype(float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        gradient[i] = (above - below) / (2 * h)
    return gradient


@numerical_gradient("two names for one array", "b = a makes no second array: what does b hold when a[0] changes?")
def two_names(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above = x
        above[i] += h
        below = x
        below[i] -= h
        gradient[i] = (f(above) - f(below)) / (2 * h)
    return gradient


@numerical_gradient(
    "steps that are cut off",
    "Copy an array of whole numbers, add 0.1 to an entry, and look at it: where has the step gone?",
)
def integer_steps(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] = above[i] + h
        below[i] = below[i] - h
        gradient[i] = (f(above) - f(below)) / (2 * h)
    return gradient


@numerical_gradient(
    "slopes that are cut off",
    "Your result takes its type from x: what happens to a slope of 0.7 when x holds whole numbers?",
)
def integer_slopes(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        gradient[i] = (f(_moved(x, i, h)) - f(_moved(x, i, -h))) / (2 * h)
    return gradient


@numerical_gradient("forward differences", "Your error shrinks only as fast as h: from how many sides do you look?")
def forward_only(f, x, h=1e-5):
    return _each(x, lambda i: (f(_moved(x, i, h)) - f(x)) / h)


@numerical_gradient("divided by one step", "How far apart are the two points at which you evaluate f?")
def gradient_over_one_step(f, x, h=1e-5):
    return _each(x, lambda i: (f(_moved(x, i, h)) - f(_moved(x, i, -h))) / h)


@numerical_gradient("steps from zero", "The one-hot vector says in which direction to go: from where?")
def from_zero(f, x, h=1e-5):
    zero = np.zeros(x.shape)
    return _each(x, lambda i: (f(_moved(zero, i, h)) - f(_moved(zero, i, -h))) / (2 * h))


@numerical_gradient("flat result", "A gradient has the shape of what it is the gradient of: which shape has x?")
def flat_gradient(f, x, h=1e-5):
    return _each(x, lambda i: (f(_moved(x, i, h)) - f(_moved(x, i, -h))) / (2 * h)).ravel()


@numerical_gradient("f given a flat x", "f was made for arrays of x's shape: which shape does it get from you?")
def flat_argument(f, x, h=1e-5):
    return _each(x, lambda i: (f(_moved(x, i, h).ravel()) - f(_moved(x, i, -h).ravel())) / (2 * h))


@numerical_gradient(
    "f evaluated at x each time",
    "You evaluate f three times for each entry: which of the values do you use?",
)
def three_times(f, x, h=1e-5):
    def difference(i):
        here = f(x)
        return ((f(_moved(x, i, h)) - here) / h + (here - f(_moved(x, i, -h))) / h) / 2

    return _each(x, difference)


# --- numerical_vjp


def _change(f, x, i, h):
    return (f(_moved(x, i, h)) - f(_moved(x, i, -h))) / (2 * h)


@numerical_vjp("upstream gradient ignored", "Double g_out: what happens to your result, and what should happen?")
def upstream_ignored(f, x, g_out, h=1e-5):
    return _each(x, lambda i: np.sum(_change(f, x, i, h)))


@numerical_vjp(
    "all entries moved at once",
    "When one input moves, all outputs may change: can one difference tell the inputs apart?",
)
def all_inputs_at_once(f, x, g_out, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h) * g_out


@numerical_vjp("moved along the upstream gradient", "g_out belongs to the outputs: is it a direction for x?")
def along_g_out(f, x, g_out, h=1e-5):
    return (f(x + h * g_out) - f(x - h * g_out)) / (2 * h)


@numerical_vjp(
    "the sum over the outputs is missing",
    "Your result has a number for every pair of input and output: what remains to be added up?",
)
def jacobian(f, x, g_out, h=1e-5):
    return np.stack([_change(f, x, i, h) * g_out for i in np.ndindex(x.shape)]).reshape(x.shape + g_out.shape)


@numerical_vjp(
    "Jacobian from the wrong side",
    "The upstream gradient has one number for each output: which axis of the Jacobian counts the outputs?",
)
def wrong_side(f, x, g_out, h=1e-5):
    columns = [_change(f, x, i, h).ravel() for i in np.ndindex(x.shape)]
    return (np.stack(columns, axis=1) @ g_out.ravel()).reshape(x.shape)


@numerical_vjp("mean over the outputs", "J adds up over the outputs: do you add, or average?")
def mean_over_outputs(f, x, g_out, h=1e-5):
    return _each(x, lambda i: np.mean(_change(f, x, i, h) * g_out))


@numerical_vjp("first output only", "An input touches every output: which of them does your sum contain?")
def first_output(f, x, g_out, h=1e-5):
    return _each(x, lambda i: np.ravel(_change(f, x, i, h))[0] * np.ravel(g_out)[0])


@numerical_vjp("forward differences", "Your error shrinks only as fast as h: from how many sides do you look?")
def vjp_forward_only(f, x, g_out, h=1e-5):
    return _each(x, lambda i: np.sum((f(_moved(x, i, h)) - f(x)) / h * g_out))


@numerical_vjp("divided by one step", "How far apart are the two points at which you evaluate f?")
def vjp_over_one_step(f, x, g_out, h=1e-5):
    return _each(x, lambda i: np.sum(2 * _change(f, x, i, h) * g_out))


@numerical_vjp(
    "evaluated anew for every output",
    "One evaluation of f gives all outputs: how often do you need it for one input?",
)
def every_pair(f, x, g_out, h=1e-5):
    return _each(x, lambda i: sum(_change(f, x, i, h)[k] * g_out[k] for k in np.ndindex(g_out.shape)))


@numerical_vjp(
    "steps that are cut off",
    "Copy an array of whole numbers, add 0.1 to an entry, and look at it: where has the step gone?",
)
def vjp_integer_steps(f, x, g_out, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] = above[i] + h
        below[i] = below[i] - h
        gradient[i] = np.sum((f(above) - f(below)) / (2 * h) * g_out)
    return gradient


@numerical_vjp(
    "slopes that are cut off",
    "Your result takes its type from x: what happens to a slope of 0.7 when x holds whole numbers?",
)
def vjp_integer_slopes(f, x, g_out, h=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        gradient[i] = np.sum(_change(f, x, i, h) * g_out)
    return gradient


@numerical_vjp(
    "put back by adding up",
    "Is (x + h − 2h) + h the number that you started from, to the last bit? And whose array is it?",
)
def vjp_put_back_by_adding(f, x, g_out, h=1e-5):
    x = x if x.dtype.kind == "f" else x.astype(float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        x[i] += h
        gradient[i] = np.sum((above - below) / (2 * h) * g_out)
    return gradient
