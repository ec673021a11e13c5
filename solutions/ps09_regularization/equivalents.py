"""Small changes of the model answers that change nothing, each with the reason (see solutions/mutants.py)."""

SET_AT_THE_FIRST_EPOCH = "the first epoch improves on infinity, and sets it"

EQUIVALENT = {
    "dropout_forward": {
        "mask = rng.random(x.shape) < keep_prob -> mask = rng.random(x.shape) <= keep_prob": (
            "a random number hits keep_prob exactly about once in 2 ** 53"
        ),
    },
    "EarlyStopping": {
        "self.best_weights = None -> pass": SET_AT_THE_FIRST_EPOCH,
        "self.waited = 0 -> pass": SET_AT_THE_FIRST_EPOCH,
        "self.waited = 0 -> self.waited = 1": SET_AT_THE_FIRST_EPOCH,
    },
    "clip_gradient_norm": {
        "scale = max_norm / norm if norm > max_norm else 1.0 -> scale = max_norm / norm if norm >= max_norm else 1.0": (
            "the two are equal there, and their quotient is 1"
        ),
    },
}
