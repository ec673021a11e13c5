"""Wrong answers that students really write for problem set 6, each with advice that points at the idea."""

import numpy as np

from course.misconceptions import Bank

linear_forward = Bank("linear_forward")
linear_backward = Bank("linear_backward")
activation_backward = Bank("activation_backward")
deltas = Bank("deltas")
column_step = Bank("column_step")
MLP = Bank("MLP")


# --- linear_forward


@linear_forward("bias left out", "What should come out of the layer when the input is all zeros?")
def no_bias(X, W, b):
    return X @ W


@linear_forward("bias added by example", "Each bias belongs to one output: should it change from example to example?")
def bias_by_example(X, W, b):
    return X @ W + b[:, None]


@linear_forward("weights transposed", "Rows of W are inputs and columns are outputs: which of them must meet X's columns?")
def weights_transposed(X, W, b):
    return X @ W.T + b


@linear_forward("examples in columns", "That is the order of deck 002: here examples are rows, so what stands first?")
def columns(X, W, b):
    return W @ X + b


@linear_forward("entry by entry", "An output is a sum over all inputs: which product in NumPy adds up?")
def entry_by_entry(X, W, b):
    return X * W + b


@linear_forward("activation inside", "This layer stops at the pre-activation: who applies tanh?")
def activation_inside(X, W, b):
    return np.tanh(X @ W + b)


@linear_forward("drops axes of length one", "What shape should a single example give, or a single output?")
def squeezed(X, W, b):
    return (X @ W + b).squeeze()


@linear_forward("cuts off after the point", "Your result takes its type from X: what happens when X holds whole numbers?")
def takes_the_type_of_X(X, W, b):
    A = np.zeros((X.shape[0], W.shape[1]), dtype=X.dtype)
    A[:] = X @ W + b
    return A


# --- linear_backward: each wrong answer gives its own rule for one of the three


def _backward(g_out, X, W, g_in=None, dW=None, db=None):
    return (
        g_out @ W.T if g_in is None else g_in,
        X.T @ g_out if dW is None else dW,
        g_out.sum(axis=0) if db is None else db,
    )


@linear_backward("W not transposed in g_in", "An input touches all outputs of its example: over which axis of W do you add?")
def forward_again(g_out, X, W):
    return _backward(g_out, X, W, g_in=g_out @ W)


@linear_backward("dW transposed", "A gradient has the shape of what it is the gradient of: what is W's shape?")
def transposed(g_out, X, W):
    return _backward(g_out, X, W, dW=g_out.T @ X)


@linear_backward("mean over the examples", "The 1/N of the loss is already inside g_out: how often should it be applied?")
def divided_by_n(g_out, X, W):
    return _backward(g_out, X, W, dW=X.T @ g_out / len(X), db=g_out.mean(axis=0))


@linear_backward("mean for the bias only", "Every example adds its share to a bias's gradient: do you add or average?")
def bias_averaged(g_out, X, W):
    return _backward(g_out, X, W, db=g_out.mean(axis=0))


@linear_backward("db with an extra axis", "What shape has b, and what shape has your db?")
def bias_keeps_axis(g_out, X, W):
    return _backward(g_out, X, W, db=g_out.sum(axis=0, keepdims=True))


@linear_backward("db added over outputs", "There is one bias for each output: over which axis should you add?")
def bias_over_outputs(g_out, X, W):
    return _backward(g_out, X, W, db=g_out.sum(axis=1))


@linear_backward("db not added up", "A bias touches every example: how do their gradients come together?")
def bias_not_added(g_out, X, W):
    return _backward(g_out, X, W, db=g_out)


@linear_backward("upstream gradient ignored", "What happens to your results when g_out doubles, and what should happen?")
def upstream_ignored(g_out, X, W):
    return _backward(np.ones_like(g_out), X, W)


@linear_backward("g_in and dW exchanged", "Which of your results has the shape of X, and in which place should it stand?")
def exchanged(g_out, X, W):
    g_in, dW, db = _backward(g_out, X, W)
    return dW, g_in, db


# --- activation_backward


@activation_backward("takes z for a", "z is the function's value already: must it go through the function once more?")
def function_applied_again(g_out, z, kind):
    if kind == "sigmoid":
        s = 1 / (1 + np.exp(-z))
        return g_out * s * (1 - s)
    if kind == "tanh":
        return g_out * (1 - np.tanh(z) ** 2)
    return g_out * (z > 0)


@activation_backward("upstream gradient ignored", "What you return is the slope: what became of the gradient from above?")
def slope_only(g_out, z, kind):
    return {"sigmoid": z * (1 - z), "tanh": 1 - z**2, "relu": (z > 0) * 1.0}[kind]


@activation_backward("value in place of slope", "Multiply by the slope at that point: is z the slope or the value?")
def times_value(g_out, z, kind):
    return g_out * z


def _with_slopes(g_out, z, kind, **slopes):
    right = {"sigmoid": z * (1 - z), "tanh": 1 - z**2, "relu": (z > 0) * 1.0}
    return g_out * (right | slopes)[kind]


@activation_backward("tanh: z not squared", "What is the slope of tanh where it is steepest, and where z is negative?")
def tanh_not_squared(g_out, z, kind):
    return _with_slopes(g_out, z, kind, tanh=1 - z)


@activation_backward("tanh: the sigmoid's slope", "tanh runs from −1 to 1: at z = 0, is it flat or steep?")
def sigmoid_for_tanh(g_out, z, kind):
    return _with_slopes(g_out, z, kind, tanh=z * (1 - z))


@activation_backward("sigmoid: sign of the slope", "A sigmoid always rises: which sign must its slope have?")
def sigmoid_falls(g_out, z, kind):
    return _with_slopes(g_out, z, kind, sigmoid=z * (z - 1))


@activation_backward("relu: zero counts as on", "ReLU never gives less than 0: which units does your condition switch off?")
def relu_always_on(g_out, z, kind):
    return _with_slopes(g_out, z, kind, relu=z >= 0)


@activation_backward("relu: switched by the gradient", "Was the unit on? Ask its own activation, not the gradient.")
def relu_of_the_gradient(g_out, z, kind):
    return _with_slopes(g_out, z, kind, relu=g_out > 0)


@activation_backward("relu: gradient changed in place", "g_out is not yours: whose numbers do you set to zero?")
def relu_in_place(g_out, z, kind):
    if kind == "relu":
        g_out[z <= 0] = 0
        return g_out
    return _with_slopes(g_out, z, kind)


@activation_backward("relu: cuts off after the point", "Your result takes its type from z: what if z holds whole numbers?")
def relu_of_integers(g_out, z, kind):
    if kind == "relu":
        g_in = np.zeros_like(z)
        g_in[z > 0] = g_out[z > 0]
        return g_in
    return _with_slopes(g_out, z, kind)


# --- deltas: one sweep, to which each wrong answer gives its own base case or its own step


def _times_slope(dE_dz, slope):
    return dE_dz * slope


def _step(delta, layer, weights, slopes):
    return (delta @ weights[layer + 1].T) * slopes[layer]


def _sweep(dE_dz, weights, slopes, base=_times_slope, step=_step):
    found = [base(dE_dz, slopes[-1])]
    for layer in reversed(range(len(slopes) - 1)):
        found.insert(0, step(found[0], layer, weights, slopes))
    return found


@deltas("no slope at the output", "The base case has two factors: what lies between z and a at an output unit?")
def bare_base(dE_dz, weights, slopes):
    return _sweep(dE_dz, weights, slopes, base=lambda dE_dz, slope: dE_dz.copy())


@deltas("no slope in hidden layers", "You arrive at ∂E/∂z of the hidden unit: what leads from there to ∂E/∂a?")
def bare_step(dE_dz, weights, slopes):
    return _sweep(dE_dz, weights, slopes, step=lambda delta, l, weights, slopes: delta @ weights[l + 1].T)


@deltas("∂E/∂z in place of ∂E/∂a", "That is δ as deck 003's matrix form has it: here δ is taken before the activation.")
def before_the_slope(dE_dz, weights, slopes):
    def step(g, layer, weights, slopes):
        return (g * slopes[layer + 1]) @ weights[layer + 1].T

    return _sweep(dE_dz, weights, slopes, base=lambda dE_dz, slope: dE_dz.copy(), step=step)


@deltas("W not transposed", "A hidden unit adds up over the units it feeds: which axis of W counts those?")
def not_transposed(dE_dz, weights, slopes):
    return _sweep(dE_dz, weights, slopes, step=lambda delta, l, weights, slopes: (delta @ weights[l + 1]) * slopes[l])


@deltas("weights of the wrong layer", "Which weights does an error cross on its way down to layer ℓ?")
def weights_below(dE_dz, weights, slopes):
    return _sweep(dE_dz, weights, slopes, step=lambda delta, l, weights, slopes: (delta @ weights[l].T) * slopes[l])


@deltas("slope of the layer above", "Whose slope scales a hidden unit's error: its own or another's?")
def slope_above(dE_dz, weights, slopes):
    def step(delta, layer, weights, slopes):
        return (delta * slopes[layer + 1]) @ weights[layer + 1].T

    return _sweep(dE_dz, weights, slopes, step=step)


@deltas("slope applied twice", "The slope of the layer above is inside its δ already: how often do you apply it?")
def slope_twice(dE_dz, weights, slopes):
    def step(delta, layer, weights, slopes):
        return ((delta * slopes[layer + 1]) @ weights[layer + 1].T) * slopes[layer]

    return _sweep(dE_dz, weights, slopes, base=lambda dE_dz, slope: dE_dz * slope**2, step=step)


@deltas("listed from the output down", "You compute from the top, but in which order does the list go back?")
def top_first(dE_dz, weights, slopes):
    return _sweep(dE_dz, weights, slopes)[::-1]


@deltas("divided by the number of examples", "The 1/N of the loss is already inside dE_dz: how often should it be applied?")
def divided_again(dE_dz, weights, slopes):
    return [delta / len(dE_dz) for delta in _sweep(dE_dz, weights, slopes)]


def _in_place(dE_dz, slope):
    dE_dz *= slope
    return dE_dz


@deltas("changes dE_dz in place", "The array that you were given belongs to the caller: what does *= do to it?")
def changes_its_input(dE_dz, weights, slopes):
    return _sweep(dE_dz, weights, slopes, base=_in_place)


# --- column_step


@column_step("plus, as deck 002 prints it", "The gradient points uphill: which way lowers J?")
def uphill(g_out, X, W, learning_rate):
    dW = g_out @ X.T
    return dW, W + learning_rate * dW


@column_step("gradient laid out as D × M", "That is deck 002's layout: which shape has W, and which has your gradient?")
def numerator_layout(g_out, X, W, learning_rate):
    dW = X @ g_out.T
    return dW, W - learning_rate * dW.T


@column_step("deck 002's box as printed", "Look at the slide's sign and layout once more: which way is downhill?")
def box_as_printed(g_out, X, W, learning_rate):
    dW = X @ g_out.T
    return dW, W + learning_rate * dW.T


@column_step("mean over the examples", "The 1/N of the loss is already inside g_out: how often should it be applied?")
def column_mean(g_out, X, W, learning_rate):
    dW = g_out @ X.T / X.shape[1]
    return dW, W - learning_rate * dW


@column_step("examples in rows", "Here examples are columns: over which axis of g_out and X must the sum run?")
def as_in_rows(g_out, X, W, learning_rate):
    dW = X.T @ g_out
    return dW, W - learning_rate * dW


@column_step("first example only", "Every column is an example: what do the others add to the gradient?")
def first_column(g_out, X, W, learning_rate):
    dW = np.outer(g_out[:, 0], X[:, 0])
    return dW, W - learning_rate * dW


@column_step("no learning rate", "How far should one step go?")
def full_step(g_out, X, W, learning_rate):
    dW = g_out @ X.T
    return dW, W - dW


@column_step("the step in place of the weights", "You return by how much W moves: where does it arrive?")
def step_only(g_out, X, W, learning_rate):
    dW = g_out @ X.T
    return dW, -learning_rate * dW


@column_step("changes W in place", "W_new is to be a new array: what does -= do to the one you were given?")
def moves_W(g_out, X, W, learning_rate):
    dW = g_out @ X.T
    W -= learning_rate * dW
    return dW, W


# --- MLP: a right network with one method for each rule; a wrong answer states only the rule it gets wrong


class _Net:
    def __init__(self, weights, biases):
        self.weights, self.biases = list(weights), list(biases)

    def hidden(self, a):
        return np.tanh(a)

    def slope(self, z):
        return 1 - z**2

    def output(self, a):
        return a

    def loss(self, error):
        return 0.5 * np.sum(error**2) / len(error)

    def gradient(self, error):
        return error / len(error)

    def bias_gradient(self, g):
        return g.sum(axis=0)

    def activations(self, X):
        zs = [X]
        for W, b in zip(self.weights[:-1], self.biases[:-1]):
            zs.append(self.hidden(zs[-1] @ W + b))
        return [*zs, self.output(zs[-1] @ self.weights[-1] + self.biases[-1])]

    def predict(self, X):
        return self.activations(X)[-1]

    def loss_and_gradients(self, X, Y):
        zs = self.activations(X)
        error = zs[-1] - Y
        g, dWs, dbs = self.gradient(error), [], []
        for layer in reversed(range(len(self.weights))):
            dWs.insert(0, zs[layer].T @ g)
            dbs.insert(0, self.bias_gradient(g))
            g = (g @ self.weights[layer].T) * self.slope(zs[layer])
        return self.loss(error), dWs, dbs


@MLP("sum over the examples", "Deck 003 adds over the batch; here the loss is a mean: over what?")
class SumOverExamples(_Net):
    def loss(self, error):
        return 0.5 * np.sum(error**2)

    def gradient(self, error):
        return error


@MLP("1/N in the loss only", "Your gradients belong to the sum of the losses: where does 1/N enter them?")
class GradientOfTheSum(_Net):
    def gradient(self, error):
        return error


@MLP("mean over all entries", "The mean runs over the examples: by what do you divide when there are several outputs?")
class MeanOverEntries(_Net):
    def loss(self, error):
        return 0.5 * np.mean(error**2)

    def gradient(self, error):
        return error / error.size


@MLP("no one half in the loss", "Your gradients fit the half squared error: does your loss?")
class LossWithoutHalf(_Net):
    def loss(self, error):
        return np.sum(error**2) / len(error)


@MLP("squared error without the half", "Loss and gradients agree: but what does this loss start with?")
class WithoutHalf(LossWithoutHalf):
    def gradient(self, error):
        return 2 * error / len(error)


@MLP("target minus prediction", "When the prediction is too high, which sign should the gradient of the output's bias have?")
class SignOfTheError(_Net):
    def gradient(self, error):
        return -error / len(error)


@MLP("tanh at the output too", "The output is to be linear: could your network ever predict 5?")
class TanhEverywhere(_Net):
    def output(self, a):
        return np.tanh(a)

    def loss_and_gradients(self, X, Y):
        y_hat = self.predict(X)
        self.output_slope = 1 - y_hat**2
        return super().loss_and_gradients(X, Y)

    def gradient(self, error):
        return error / len(error) * self.output_slope


@MLP("sigmoid in hidden layers", "Which activation did we agree on for the hidden layers, and what range does it have?")
class SigmoidHidden(_Net):
    def hidden(self, a):
        return 1 / (1 + np.exp(-a))

    def slope(self, z):
        return z * (1 - z)


@MLP("hidden slope left out", "On its way down the gradient passes tanh: by what is it multiplied there?")
class NoSlope(_Net):
    def slope(self, z):
        return 1.0


@MLP("tanh taken twice in the slope", "You kept the activation, not the pre-activation: what is the slope in terms of it?")
class SlopeOfTheValue(_Net):
    def slope(self, z):
        return 1 - np.tanh(z) ** 2


@MLP("bias gradient averaged", "The 1/N is inside the gradient already: do you add or average over the examples?")
class BiasAveraged(_Net):
    def bias_gradient(self, g):
        return g.mean(axis=0)


@MLP("bias gradient with an extra axis", "What shape has a bias, and what shape has your gradient of it?")
class BiasKeepsAxis(_Net):
    def bias_gradient(self, g):
        return g.sum(axis=0, keepdims=True)


@MLP("listed from the output down", "You compute from the top, but in which order do the lists go back?")
class TopFirst(_Net):
    def loss_and_gradients(self, X, Y):
        loss, dWs, dbs = super().loss_and_gradients(X, Y)
        return loss, dWs[::-1], dbs[::-1]


@MLP("lists grow from call to call", "What do your lists still hold when the next batch comes?")
class ListsGrow(_Net):
    def __init__(self, weights, biases):
        super().__init__(weights, biases)
        self.dWs, self.dbs = [], []

    def loss_and_gradients(self, X, Y):
        loss, dWs, dbs = super().loss_and_gradients(X, Y)
        self.dWs, self.dbs = dWs + self.dWs, dbs + self.dbs
        return loss, self.dWs, self.dbs


@MLP("takes the step itself", "This method only reports: are the weights still the same when it is called again?")
class TakesTheStep(_Net):
    def loss_and_gradients(self, X, Y):
        loss, dWs, dbs = super().loss_and_gradients(X, Y)
        self.weights = [W - 0.1 * dW for W, dW in zip(self.weights, dWs)]
        self.biases = [b - 0.1 * db for b, db in zip(self.biases, dbs)]
        return loss, dWs, dbs
