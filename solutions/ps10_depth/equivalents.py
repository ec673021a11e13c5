"""Small changes of the model answers that change nothing, each with the reason (see solutions/mutants.py)."""

FREE = "how long and in which steps to train is for each student to choose"
FIT = "history = fit(network, SoftmaxCrossEntropy(), Momentum({}), standardize(X), y, epochs={}, batch_size={}, rng=rng)".format

EQUIVALENT = {
    "gradient_profile": {
        "return np.array(lengths[::-1]) -> return lengths[::-1]": "a list of numbers is as good as an array",
        "for W, slope in zip(weights[:0:-1], slopes[-2::-1]): -> for W, slope in zip(weights[::-1], slopes[-2::-1]):": (
            "zip ends with the shorter of its two lists"
        ),
    },
    "train_classifier": {
        "standardize, classes = (Standardizer(X), int(y.max()) + 1) -> standardize, classes = (Standardizer(X), int(y.max()) + 2)": (
            "an output for a class that never occurs learns to stay silent"
        ),
        **{
            f"{FIT(0.05, 25, 32)} -> {FIT(*other)}": FREE
            for other in [(0.025, 25, 32), (0.05, 26, 32), (0.05, 24, 32), (0.05, 25, 33), (0.05, 25, 31)]
        },
    },
}
