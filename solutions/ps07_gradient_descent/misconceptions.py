"""Wrong answers that students really write for problem set 7, each with advice that points at the idea."""

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


@sgd_step("uphill", "The gradient points to where the loss rises: which way should the step go?")
def uphill(params, grads, learning_rate):
    return [w + learning_rate * g for w, g in zip(params, grads)]


@sgd_step("no learning rate", "What does your step make of a learning rate that is ten times as small?")
def no_rate(params, grads, learning_rate):
    return [w - g for w, g in zip(params, grads)]


@sgd_step("the step in place of the parameters", "You return how far each parameter moves: where does it arrive?")
def only_the_step(params, grads, learning_rate):
    return [-learning_rate * g for g in grads]


@sgd_step("only the direction of the gradient", "A step on a gentle slope should be shorter than on a steep one: is yours?")
def normalised(params, grads, learning_rate):
    return [w - learning_rate * g / np.linalg.norm(g) for w, g in zip(params, grads)]


@sgd_step("divided by the number of rows", "The mean over the examples is inside the gradient: what is your division for?")
def divided(params, grads, learning_rate):
    return [w - learning_rate * g / len(g) for w, g in zip(params, grads)]


@sgd_step("only the first parameter moves", "Every parameter has a gradient: what becomes of the second in your loop?")
def first_only(params, grads, learning_rate):
    return [params[0] - learning_rate * grads[0], *[w.copy() for w in params[1:]]]


@sgd_step("rate for the first parameter only", "Look at the second parameter: which rate does it take its step with?")
def rate_for_the_first(params, grads, learning_rate):
    new = []
    for w, g in zip(params, grads):
        new.append(w - learning_rate * g)
        learning_rate = 1
    return new


@sgd_step("cuts off after the point", "Your new array has the type of the old one: what if that holds whole numbers?")
def takes_the_type_of_w(params, grads, learning_rate):
    new = [np.zeros_like(w) for w in params]
    for w, old, g in zip(new, params, grads):
        w[...] = old - learning_rate * g
    return new


@sgd_step("in place", "The arrays in params belong to your caller: what does an assignment into w do to them?")
def step_in_place(params, grads, learning_rate):
    for w, g in zip(params, grads):
        w[...] = w - learning_rate * g
    return params


@sgd_step("overwrites the list", "Your new arrays go into the caller's own list: put them into a list of your own.")
def overwrites_the_list(params, grads, learning_rate):
    for i in range(len(params)):
        params[i] = params[i] - learning_rate * grads[i]
    return params


# --- iterate_minibatches: an order of the examples, and how it is cut


def _cut(X, y, order, batch_size):
    return [(X[order[k : k + batch_size]], y[order[k : k + batch_size]]) for k in range(0, len(order), batch_size)]


@iterate_minibatches("drops the last batch", "How many examples do your batches hold together, when N is not a multiple?")
def drops_the_last(X, y, batch_size, *, rng):
    order = rng.permutation(len(X))
    return _cut(X, y, order[: len(X) // batch_size * batch_size], batch_size)


@iterate_minibatches("fills the last batch up", "The last batch may be short: which examples come twice in yours?")
def fills_up(X, y, batch_size, *, rng):
    order = rng.permutation(len(X))
    return _cut(X, y, np.resize(order, -(-len(X) // batch_size) * batch_size), batch_size)


@iterate_minibatches("an empty batch at the end", "How many batches are there when N is a multiple of the batch size?")
def empty_at_the_end(X, y, batch_size, *, rng):
    order = rng.permutation(len(X))
    starts = [k * batch_size for k in range(len(X) // batch_size + 1)]
    return [(X[order[k : k + batch_size]], y[order[k : k + batch_size]]) for k in starts]


@iterate_minibatches("batches of equal sizes", "Only the last batch may differ from batch_size: how large are your others?")
def spread_evenly(X, y, batch_size, *, rng):
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[rows], y[rows]) for rows in parts]


@iterate_minibatches(
    "batch_size taken for the number of batches", "Is it the examples in a batch, or the batches in an epoch?"
)
def number_of_batches(X, y, batch_size, *, rng):
    return [(X[rows], y[rows]) for rows in np.array_split(rng.permutation(len(X)), batch_size) if len(rows)]


@iterate_minibatches("shuffles X but not y", "Whose target stands beside an example after you have moved it?")
def only_X(X, y, batch_size, *, rng):
    X = X[rng.permutation(len(X))]
    return _cut(X, y, np.arange(len(X)), batch_size)


@iterate_minibatches(
    "an order for X and another for y", "An example and its target must move together: how many orders do you draw?"
)
def two_orders(X, y, batch_size, *, rng):
    return _cut(X[rng.permutation(len(X))], y[rng.permutation(len(X))], np.arange(len(X)), batch_size)


@iterate_minibatches("sampling with replacement", "Can your draw give the same example twice? In an epoch each comes once.")
def with_replacement(X, y, batch_size, *, rng):
    return _cut(X, y, rng.integers(len(X), size=len(X)), batch_size)


@iterate_minibatches(
    "a new draw for every batch, as in deck 004",
    "The deck samples each batch afresh: does every example then come once an epoch?",
)
def fresh_draws(X, y, batch_size, *, rng):
    sizes = [min(batch_size, len(X) - k) for k in range(0, len(X), batch_size)]
    draws = [rng.choice(len(X), size=size, replace=False) for size in sizes]
    return [(X[rows], y[rows]) for rows in draws]


@iterate_minibatches("no shuffling", "In which order do your examples come? It should be another one in each epoch.")
def in_order(X, y, batch_size, *, rng):
    return _cut(X.copy(), y.copy(), np.arange(len(X)), batch_size)


@iterate_minibatches(
    "a seed of its own", "Your order is the same in every epoch: where should the random numbers come from?"
)
def own_seed(X, y, batch_size, *, rng):
    return _cut(X, y, np.random.default_rng(0).permutation(len(X)), batch_size)


@iterate_minibatches(
    "np.random in place of rng", "The caller gives you a generator so that a run can be repeated: do you use it?"
)
def global_random(X, y, batch_size, *, rng):
    return _cut(X, y, np.random.permutation(len(X)), batch_size)  # noqa: NPY002


@iterate_minibatches(
    "shuffles the batches, not the examples", "Do the same examples always meet in one batch? They should not."
)
def shuffles_batches(X, y, batch_size, *, rng):
    order = np.arange(len(X))
    cuts = [order[k : k + batch_size] for k in range(0, len(X), batch_size)]
    whole = [cuts[k] for k in rng.permutation(len(X) // batch_size)]
    return [(X[rows], y[rows]) for rows in whole + cuts[len(whole) :]]


@iterate_minibatches(
    "shuffles the caller's arrays", "X and y belong to your caller: what has become of their order afterwards?"
)
def shuffles_in_place(X, y, batch_size, *, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return _cut(X, y, np.arange(len(X)), batch_size)


@iterate_minibatches("gives views of the caller's arrays", "If somebody changes your batch, do the data change as well?")
def gives_views(X, y, batch_size, *, rng):
    if batch_size >= len(X):
        return [(X, y)]
    return _cut(X, y, rng.permutation(len(X)), batch_size)


# --- evaluate: what is noted of every batch, and how it is put together


def _evaluate(predict, loss, X, y, batch_size, together, *, last=True, decide=lambda logits: logits.argmax(axis=1)):
    sizes, losses, hits = [], [], []
    stop = len(X) if last else max(len(X) // batch_size, 1) * batch_size
    for k in range(0, stop, batch_size):
        logits, t = predict(X[k : k + batch_size]), y[k : k + batch_size]
        sizes.append(len(t))
        losses.append(loss(logits, t))
        hits.append(np.sum(decide(logits) == t))
    return together(np.array(sizes), np.array(losses), np.array(hits))


def _right(sizes, losses, hits):
    return np.sum(sizes * losses) / np.sum(sizes), np.sum(hits) / np.sum(sizes)


@evaluate("mean of batch means", "Does an example in the short last batch count for as much as any other?")
def mean_of_means(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (np.mean(l), np.mean(h / n)))


@evaluate("mean of batch losses", "Your accuracy counts examples: what does your loss count?")
def mean_of_losses(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (np.mean(l), np.sum(h) / np.sum(n)))


@evaluate("mean of batch accuracies", "Your loss counts examples: what does your accuracy count?")
def mean_of_accuracies(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (np.sum(n * l) / np.sum(n), np.mean(h / n)))


@evaluate("weighted by batch_size", "The last batch may hold fewer examples than batch_size: what is its weight?")
def weighted_by_batch_size(predict, loss, X, y, batch_size):
    N = len(X)
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (np.sum(l) * batch_size / N, np.sum(h) / N))


@evaluate("batch means added up", "A set twice as large should not have twice the loss: what do you divide by?")
def losses_added(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (np.sum(l), np.sum(h) / np.sum(n)))


@evaluate(
    "batch losses divided by the number of examples", "loss gives a mean already: what must it be multiplied by first?"
)
def means_over_n(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (np.sum(l) / np.sum(n), np.sum(h) / np.sum(n)))


@evaluate("the last batch only", "Your numbers are those of one batch: what became of the others?")
def last_only(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (l[-1], h[-1] / n[-1]))


@evaluate("the short batch is left out", "Are the examples that do not fill a batch in your numbers?")
def leaves_out_the_short(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, _right, last=False)


@evaluate("argmax over the wrong axis", "Compare the classes of one example, not the examples of one class.")
def wrong_axis(predict, loss, X, y, batch_size):
    def decide(logits):
        best = logits.argmax(axis=0)
        return np.resize(best, len(logits))

    return _evaluate(predict, loss, X, y, batch_size, _right, decide=decide)


@evaluate("argmax over the whole array", "Each example has a class of its own: how many do you get from argmax?")
def whole_array(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, _right, decide=lambda logits: logits.argmax())


@evaluate("smallest logit", "Which logit belongs to the class that the network finds most likely?")
def smallest_logit(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, _right, decide=lambda logits: logits.argmin(axis=1))


@evaluate("the number of hits", "The accuracy is a share, from 0 to 1: of how many?")
def counts(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (np.sum(n * l) / np.sum(n), np.sum(h)))


@evaluate("in per cent", "The accuracy is a share, from 0 to 1.")
def per_cent(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (_right(n, l, h)[0], 100 * _right(n, l, h)[1]))


@evaluate("the share of mistakes", "Is your number high when the network is good?")
def error_rate(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, batch_size, lambda n, l, h: (_right(n, l, h)[0], 1 - _right(n, l, h)[1]))


@evaluate("everything at once", "The set may be too large for one call: how many examples does predict get from you?")
def at_once(predict, loss, X, y, batch_size):
    return _evaluate(predict, loss, X, y, len(X), _right)


# --- has_converged


def _improvements(losses):
    return [before - after for before, after in zip(losses, losses[1:])]


@has_converged("the last epoch only", "One slow epoch may be an accident: what is patience for?")
def impatient(losses, tolerance, patience):
    return len(losses) > 1 and losses[-2] - losses[-1] < tolerance


@has_converged("one epoch too early", "How many losses does it take to have so many improvements?")
def too_early(losses, tolerance, patience):
    recent = _improvements(losses)[-(patience - 1) :] if patience > 1 else []
    return len(losses) >= patience and all(d < tolerance for d in recent)


@has_converged("one epoch too late", "How many slow epochs in a row do you wait for?")
def too_late(losses, tolerance, patience):
    return len(losses) > patience + 1 and all(d < tolerance for d in _improvements(losses)[-patience - 1 :])


@has_converged(
    "the first epochs count as slow", "The first epoch has no improvement: can a training of one epoch have converged?"
)
def short_is_slow(losses, tolerance, patience):
    return all(d < tolerance for d in _improvements(losses)[-patience:])


@has_converged("the improvement of all these epochs together", "Look at each epoch by itself: is every single one slow?")
def together(losses, tolerance, patience):
    return len(losses) > patience and losses[-patience - 1] - losses[-1] < tolerance


@has_converged("any slow epoch is enough", "One slow epoch among fast ones: has the training converged?")
def any_slow(losses, tolerance, patience):
    return len(losses) > patience and any(d < tolerance for d in _improvements(losses)[-patience:])


@has_converged("slow epochs, not in a row", "What should a fast epoch do to your count of slow ones?")
def not_in_a_row(losses, tolerance, patience):
    return sum(d < tolerance for d in _improvements(losses)) >= patience


@has_converged("equal to the tolerance counts as slow", "An improvement of exactly the tolerance: is it smaller?")
def equal_is_slow(losses, tolerance, patience):
    return len(losses) > patience and all(d <= tolerance for d in _improvements(losses)[-patience:])


@has_converged("stops only when the loss rises", "Where does the tolerance come in? A loss that hardly falls is slow too.")
def only_rises(losses, tolerance, patience):
    return len(losses) > patience and all(d < 0 for d in _improvements(losses)[-patience:])


@has_converged("a rise is no slow epoch", "How large is the improvement of an epoch whose loss has risen?")
def absolute_change(losses, tolerance, patience):
    return len(losses) > patience and all(abs(d) < tolerance for d in _improvements(losses)[-patience:])


@has_converged("the sign of the improvement", "Is your improvement positive when the loss falls?")
def sign_of_improvement(losses, tolerance, patience):
    return len(losses) > patience and all(-d < tolerance for d in _improvements(losses)[-patience:])


@has_converged("a loss below the tolerance", "The tolerance is about how much the loss still falls, not about the loss.")
def small_loss(losses, tolerance, patience):
    return len(losses) > patience and all(loss < tolerance for loss in losses[-patience:])


@has_converged(
    "a share of the loss", "Here the improvement is a difference, in the unit of the loss: what do you divide by?"
)
def relative(losses, tolerance, patience):
    shares = [d / loss for d, loss in zip(_improvements(losses), losses)]
    return len(losses) > patience and all(d < tolerance for d in shares[-patience:])


@has_converged(
    "no better than the best before", "That is early stopping: here each epoch is compared with the one before it."
)
def as_early_stopping(losses, tolerance, patience):
    return len(losses) > patience and min(losses[:-patience]) - min(losses[-patience:]) < tolerance


# --- step_decay


@step_decay("steps counted from zero", "The first level lasts as many steps as the others: how many steps does yours last?")
def from_zero(t, learning_rate, every, factor):
    return learning_rate * factor ** (t // every)


@step_decay("falls all the time", "Between two falls the rate stays as it is: which operation drops what is left over?")
def no_floor(t, learning_rate, every, factor):
    return learning_rate * factor ** ((t - 1) / every)


@step_decay("rounds to the nearest level", "When half a level is over, has the rate fallen already?")
def rounded(t, learning_rate, every, factor):
    return learning_rate * factor ** round((t - 1) / every)


@step_decay("rounds up", "Look at step 2: how many whole levels are over by then?")
def rounded_up(t, learning_rate, every, factor):
    return learning_rate * factor ** np.ceil((t - 1) / every)


@step_decay("falls once and for all", "What happens to the rate after the second level?")
def falls_once(t, learning_rate, every, factor):
    return learning_rate * factor if t > every else learning_rate


@step_decay("multiplies by the number of levels", "Two levels multiply by the factor twice: which operation is that?")
def times_the_level(t, learning_rate, every, factor):
    level = (t - 1) // every
    return learning_rate * factor * level if level else learning_rate


@step_decay("factor taken for what is lost", "With a factor of 0.9, how much of the rate stays?")
def loses_the_factor(t, learning_rate, every, factor):
    return learning_rate * (1 - factor) ** ((t - 1) // every)


@step_decay("falls at every step", "Your rate falls before a level is over: what is every for?")
def every_step(t, learning_rate, every, factor):
    return learning_rate * factor ** (t - 1)


@step_decay("only in the steps that end a level", "After a fall the rate stays low: what is yours one step later?")
def momentary(t, learning_rate, every, factor):
    return learning_rate * factor if t % every == 0 else learning_rate


@step_decay("decays what has decayed", "The power holds all the falls so far: to which rate should it be applied?")
def step_compounded(t, learning_rate, every, factor):
    for step in range(1, t + 1):
        learning_rate = learning_rate * factor ** ((step - 1) // every)
    return learning_rate


@step_decay("inverse time", "Your rate is divided by the number of levels: the factor should multiply it once a level.")
def step_inverse(t, learning_rate, every, factor):
    return learning_rate / (1 + factor * ((t - 1) // every))


# --- exponential_decay


@exponential_decay("the first step has decayed", "Which rate has step 1? Nothing has been done before it.")
def decayed_first(t, learning_rate, factor):
    return learning_rate * factor**t


@exponential_decay("e to the power of minus factor", "That is a rate of decay k: here the factor is what a step leaves.")
def natural(t, learning_rate, factor):
    return learning_rate * np.exp(-factor * (t - 1))


@exponential_decay("factor taken for what is lost", "With a factor of 0.9, how much of the rate stays?")
def loses_share(t, learning_rate, factor):
    return learning_rate * (1 - factor) ** (t - 1)


@exponential_decay(
    "falls along a straight line", "Each step takes a share of what is left, not of the first rate: does yours?"
)
def straight(t, learning_rate, factor):
    return max(learning_rate * (1 - (1 - factor) * (t - 1)), 0.0)


@exponential_decay("the product of factor and step", "Two steps multiply by the factor twice: which operation is that?")
def times_the_step(t, learning_rate, factor):
    return learning_rate * factor * (t - 1) if t > 1 else learning_rate


@exponential_decay("decays what has decayed", "The power holds all the steps so far: to which rate should it be applied?")
def compounded(t, learning_rate, factor):
    for step in range(1, t + 1):
        learning_rate = learning_rate * factor ** (step - 1)
    return learning_rate


@exponential_decay("inverse time", "That is another schedule: how does the rate change from one step to the next here?")
def inverse_time(t, learning_rate, factor):
    return learning_rate / (1 + factor * (t - 1))


@exponential_decay("the factor only", "What becomes of the learning rate that you are given?")
def factor_only(t, learning_rate, factor):
    return factor ** (t - 1)


@exponential_decay("learning rate inside the power", "Which of the two numbers is multiplied by itself, step after step?")
def power_of_both(t, learning_rate, factor):
    return (learning_rate * factor) ** (t - 1)


@exponential_decay("decays once", "What is the rate of the third step, and what of the second?")
def decays_once(t, learning_rate, factor):
    return learning_rate * factor if t > 1 else learning_rate


# --- warmup_cosine: an answer with a rule for the way up, and one for the share that is left on the way down


def _schedule(t, learning_rate, warmup, steps, final, up=None, share=None):
    if t <= warmup:
        return (t / warmup if up is None else up) * learning_rate
    left = (1 + np.cos(np.pi * min(t - warmup - 1, steps) / steps)) / 2 if share is None else share
    return final + (learning_rate - final) * left


@warmup_cosine("warm-up from zero", "Which rate has the very first step? A step of rate zero is none.")
def warmup_from_zero(t, learning_rate, warmup, steps, final=0.0):
    return _schedule(t, learning_rate, warmup, steps, final, up=(t - 1) / warmup)


@warmup_cosine("the full rate comes one step late", "Which step is the first to have the full rate?")
def peak_late(t, learning_rate, warmup, steps, final=0.0):
    return _schedule(t, learning_rate, warmup, steps, final, up=t / (warmup + 1))


@warmup_cosine("no warm-up", "What are the rates of the first steps?")
def no_warmup(t, learning_rate, warmup, steps, final=0.0):
    return _schedule(t, learning_rate, warmup, steps, final, up=1.0)


@warmup_cosine("warm-up starts at the final rate", "The way up starts near zero, whatever the final rate is.")
def warmup_from_final(t, learning_rate, warmup, steps, final=0.0):
    if t <= warmup:
        return final + (learning_rate - final) * t / warmup
    return _schedule(t, learning_rate, warmup, steps, final)


@warmup_cosine(
    "1 + cos without the half", "How large is the bracket where the cosine begins, and how large should your rate be?"
)
def without_half(t, learning_rate, warmup, steps, final=0.0):
    return _schedule(
        t, learning_rate, warmup, steps, final, share=1 + np.cos(np.pi * min(t - warmup - 1, steps) / steps)
    )


@warmup_cosine("cosine without the 1", "Can a learning rate be negative? Look at the second half of the way down.")
def without_one(t, learning_rate, warmup, steps, final=0.0):
    return _schedule(t, learning_rate, warmup, steps, final, share=np.cos(np.pi * min(t - warmup - 1, steps) / steps))


@warmup_cosine("a quarter of a cosine", "Your curve ends steeply: how far does the cosine run from the top to the bottom?")
def quarter(t, learning_rate, warmup, steps, final=0.0):
    share = np.cos(np.pi / 2 * min(t - warmup - 1, steps) / steps)
    return _schedule(t, learning_rate, warmup, steps, final, share=share)


@warmup_cosine("a whole period", "Your rate has come back up at the end: how far may the cosine run?")
def whole_period(t, learning_rate, warmup, steps, final=0.0):
    share = (1 + np.cos(2 * np.pi * min(t - warmup - 1, steps) / steps)) / 2
    return _schedule(t, learning_rate, warmup, steps, final, share=share)


@warmup_cosine("degrees", "In which unit does the cosine take its angle?")
def degrees(t, learning_rate, warmup, steps, final=0.0):
    share = (1 + np.cos(180 * min(t - warmup - 1, steps) / steps)) / 2
    return _schedule(t, learning_rate, warmup, steps, final, share=share)


@warmup_cosine("climbs again after the end", "What is your rate long after the way down is over?")
def climbs_again(t, learning_rate, warmup, steps, final=0.0):
    share = (1 + np.cos(np.pi * (t - warmup - 1) / steps)) / 2
    return _schedule(t, learning_rate, warmup, steps, final, share=share)


@warmup_cosine("the way down starts one step early", "Which step is the first of the way down, and what is its rate?")
def down_early(t, learning_rate, warmup, steps, final=0.0):
    share = (1 + np.cos(np.pi * min(t - warmup, steps) / steps)) / 2
    return _schedule(t, learning_rate, warmup, steps, final, share=share)


@warmup_cosine("the cosine counts the warm-up too", "How many steps of the way down are over when the warm-up ends?")
def counts_the_warmup(t, learning_rate, warmup, steps, final=0.0):
    share = (1 + np.cos(np.pi * min(t - 1, steps) / steps)) / 2
    return _schedule(t, learning_rate, warmup, steps, final, share=share)


@warmup_cosine("steps taken for the whole training", "Is T the length of the way down, or of the way up and down?")
def total_steps(t, learning_rate, warmup, steps, final=0.0):
    down = max(steps - warmup, 1)
    share = (1 + np.cos(np.pi * min(t - warmup - 1, down) / down)) / 2
    return _schedule(t, learning_rate, warmup, steps, final, share=share)


@warmup_cosine("final rate on top", "Where does the way down start? With your final rate, it is above the full rate.")
def final_on_top(t, learning_rate, warmup, steps, final=0.0):
    rate = _schedule(t, learning_rate, warmup, steps, 0.0)
    return rate + final if t > warmup else rate


@warmup_cosine("final rate forgotten", "Where does the rate end when the final one is not zero?")
def no_final(t, learning_rate, warmup, steps, final=0.0):
    return _schedule(t, learning_rate, warmup, steps, 0.0)


@warmup_cosine(
    "a floor in place of the final rate", "Your curve is cut off at the final rate: it should arrive there gently."
)
def floor(t, learning_rate, warmup, steps, final=0.0):
    rate = _schedule(t, learning_rate, warmup, steps, 0.0)
    return max(rate, final) if t > warmup else rate


@warmup_cosine("zero after the end", "When the way down is over, the rate stays where it is: is yours still the final one?")
def zero_at_the_end(t, learning_rate, warmup, steps, final=0.0):
    return 0.0 if t > warmup + 1 + steps else _schedule(t, learning_rate, warmup, steps, final)


@warmup_cosine("a straight way down", "The rate should fall slowly at first and at the end: where is your cosine?")
def straight_down(t, learning_rate, warmup, steps, final=0.0):
    return _schedule(t, learning_rate, warmup, steps, final, share=1 - min(t - warmup - 1, steps) / steps)


# --- train: the loop, of which a wrong answer changes one rule


class _Training:
    """A right training, one method for each rule; a wrong answer states only the rule that it gets wrong."""

    first = 1

    def __init__(self, params, loss_and_gradients, X, y, schedule, batch_size, epochs, rng, tolerance, patience):
        self.params, self.start, self.loss_and_gradients = params, params, loss_and_gradients
        self.X, self.y, self.schedule, self.batch_size = X, y, schedule, batch_size
        self.epochs, self.rng, self.tolerance, self.patience = epochs, rng, tolerance, patience
        self.t, self.history, self.epoch = self.first - 1, [], 0

    def run(self):
        for _ in range(self.number_of_epochs()):
            self.epoch += 1
            self.one_epoch()
            if self.converged():
                break
        return self.result(), self.history

    def number_of_epochs(self):
        return self.epochs

    def batches(self):
        order = self.rng.permutation(len(self.X))
        cuts = [order[k : k + self.batch_size] for k in range(0, len(order), self.batch_size)]
        return [(self.X[rows], self.y[rows]) for rows in cuts]

    def one_epoch(self):
        sizes, losses = [], []
        for x, target in self.batches():
            loss, grads = self.loss_and_gradients(self.where(), x, target)
            sizes.append(len(x))
            losses.append(loss)
            self.step(grads)
        self.record(np.array(sizes), np.array(losses))

    def where(self):
        return self.params

    def step(self, grads):
        self.t += 1
        rate = self.rate()
        self.params = self.moved(grads, rate)

    def rate(self):
        return self.schedule(self.t)

    def moved(self, grads, rate):
        return [w - rate * g for w, g in zip(self.params, grads)]

    def record(self, sizes, losses):
        self.history.append(np.sum(sizes * losses) / np.sum(sizes))

    def converged(self):
        slow = [before - after < self.tolerance for before, after in zip(self.history, self.history[1:])]
        return len(slow) >= self.patience and all(slow[-self.patience :])

    def result(self):
        return self.params


def _train(kind, params, loss_and_gradients, X, y, named):
    rest = {"tolerance": -np.inf, "patience": 2} | named
    return kind(params, loss_and_gradients, X, y, **rest).run()


class _OneStepAnEpoch(_Training):
    def one_epoch(self):
        sizes, losses = [], []
        for x, target in self.batches():
            loss, grads = self.loss_and_gradients(self.params, x, target)
            sizes.append(len(x))
            losses.append(loss)
        self.step(grads)
        self.record(np.array(sizes), np.array(losses))


@train("one step an epoch", "Count your steps: is there one after every batch, or one after all of them?")
def one_step_an_epoch(params, loss_and_gradients, X, y, **named):
    return _train(_OneStepAnEpoch, params, loss_and_gradients, X, y, named)


class _AllAtOnce(_Training):
    def batches(self):
        return [(self.X, self.y)]


@train("all examples in every step", "How many examples does each of your calls look at? What is batch_size for?")
def all_at_once(params, loss_and_gradients, X, y, **named):
    return _train(_AllAtOnce, params, loss_and_gradients, X, y, named)


class _SameOrder(_Training):
    def batches(self):
        self.drawn = getattr(self, "drawn", None) or super().batches()
        return self.drawn


@train("the same order in every epoch", "When are your batches made: once, or anew in each epoch?")
def same_order(params, loss_and_gradients, X, y, **named):
    return _train(_SameOrder, params, loss_and_gradients, X, y, named)


class _StaleGradients(_Training):
    def where(self):
        return self.start


@train("gradients at the starting point", "With which parameters do you ask for the gradient: the first, or the latest?")
def stale_gradients(params, loss_and_gradients, X, y, **named):
    return _train(_StaleGradients, params, loss_and_gradients, X, y, named)


class _StepsFromZero(_Training):
    first = 0


@train("steps counted from zero", "Which t does the schedule get at the very first step?")
def steps_from_zero(params, loss_and_gradients, X, y, **named):
    return _train(_StepsFromZero, params, loss_and_gradients, X, y, named)


class _RateOfTheEpoch(_Training):
    def rate(self):
        return self.schedule(self.epoch)


@train("the schedule counts epochs", "A schedule is asked for every step: does your t grow within an epoch?")
def counts_epochs(params, loss_and_gradients, X, y, **named):
    return _train(_RateOfTheEpoch, params, loss_and_gradients, X, y, named)


class _StartsAgain(_Training):
    def one_epoch(self):
        self.t = 0
        super().one_epoch()


@train("steps counted anew in each epoch", "At the start of the second epoch, how many steps have been taken?")
def counts_anew(params, loss_and_gradients, X, y, **named):
    return _train(_StartsAgain, params, loss_and_gradients, X, y, named)


class _FirstRate(_Training):
    def rate(self):
        return self.schedule(1)


@train("the first rate for ever", "How often do you ask the schedule?")
def first_rate(params, loss_and_gradients, X, y, **named):
    return _train(_FirstRate, params, loss_and_gradients, X, y, named)


class _Uphill(_Training):
    def moved(self, grads, rate):
        return [w + rate * g for w, g in zip(self.params, grads)]


@train("uphill", "The gradient points to where the loss rises: which way do you go?")
def train_uphill(params, loss_and_gradients, X, y, **named):
    return _train(_Uphill, params, loss_and_gradients, X, y, named)


class _LosesTheLastStep(_Training):
    def moved(self, grads, rate):
        self.before = self.params
        return super().moved(grads, rate)

    def result(self):
        return self.before


@train("without the last step", "Which parameters do you return: those before the last step, or those after it?")
def loses_the_last_step(params, loss_and_gradients, X, y, **named):
    return _train(_LosesTheLastStep, params, loss_and_gradients, X, y, named)


class _ReturnsTheStart(_Training):
    def result(self):
        return [w.copy() for w in self.start]


@train("returns where it started", "You return the parameters that you were given: where has the training gone?")
def returns_the_start(params, loss_and_gradients, X, y, **named):
    return _train(_ReturnsTheStart, params, loss_and_gradients, X, y, named)


class _InPlace(_Training):
    def moved(self, grads, rate):
        for w, g in zip(self.params, grads):
            w[...] = w - rate * g
        return self.params


@train("in place", "The arrays in params belong to your caller: where do they point after your training?")
def train_in_place(params, loss_and_gradients, X, y, **named):
    return _train(_InPlace, params, loss_and_gradients, X, y, named)


class _BatchMeans(_Training):
    def record(self, sizes, losses):
        self.history.append(np.mean(losses))


@train("mean of batch losses", "Does an example in the short last batch count for as much as any other?")
def batch_means(params, loss_and_gradients, X, y, **named):
    return _train(_BatchMeans, params, loss_and_gradients, X, y, named)


class _LastBatch(_Training):
    def record(self, sizes, losses):
        self.history.append(losses[-1])


@train("the loss of the last batch", "Your history has the loss of one batch: what of the other examples of the epoch?")
def last_batch(params, loss_and_gradients, X, y, **named):
    return _train(_LastBatch, params, loss_and_gradients, X, y, named)


class _EveryStep(_Training):
    def record(self, sizes, losses):
        self.history += losses.tolist()


@train("a loss for every step", "The history has one number for each epoch: how many does yours have?")
def every_loss(params, loss_and_gradients, X, y, **named):
    return _train(_EveryStep, params, loss_and_gradients, X, y, named)


class _SumOfLosses(_Training):
    def record(self, sizes, losses):
        self.history.append(np.sum(losses))


@train("batch losses added up", "More batches should not mean a higher loss: is your history a mean over examples?")
def sum_of_losses(params, loss_and_gradients, X, y, **named):
    return _train(_SumOfLosses, params, loss_and_gradients, X, y, named)


class _AfterTheEpoch(_Training):
    def record(self, sizes, losses):
        self.history.append(self.loss_and_gradients(self.params, self.X, self.y)[0])


@train(
    "the loss after the epoch", "You measure once more at the end: the history is what the batches saw before their steps."
)
def after_the_epoch(params, loss_and_gradients, X, y, **named):
    return _train(_AfterTheEpoch, params, loss_and_gradients, X, y, named)


class _NeverStops(_Training):
    def converged(self):
        return False


@train("never stops early", "What do you ask after each epoch?")
def never_stops(params, loss_and_gradients, X, y, **named):
    return _train(_NeverStops, params, loss_and_gradients, X, y, named)


class _StopsOnARise(_Training):
    def converged(self):
        return len(self.history) > 1 and self.history[-1] > self.history[-2] and self.tolerance > -np.inf


@train(
    "stops when the loss rises", "One rise may be an accident, and a loss that stands still never rises: use your criterion."
)
def stops_on_a_rise(params, loss_and_gradients, X, y, **named):
    return _train(_StopsOnARise, params, loss_and_gradients, X, y, named)


class _TooManyEpochs(_Training):
    def number_of_epochs(self):
        return self.epochs + 1


@train("one epoch too many", "Count the epochs of a training that does not stop early.")
def too_many_epochs(params, loss_and_gradients, X, y, **named):
    return _train(_TooManyEpochs, params, loss_and_gradients, X, y, named)


class _TooFewEpochs(_Training):
    def number_of_epochs(self):
        return max(self.epochs - 1, 1)


@train("one epoch too few", "Count the epochs of a training that does not stop early.")
def too_few_epochs(params, loss_and_gradients, X, y, **named):
    return _train(_TooFewEpochs, params, loss_and_gradients, X, y, named)
