"""Small changes of the model answers that change nothing, each with the reason (see solutions/mutants.py)."""

EQUIVALENT = {
    "backward": {
        "root.grad = np.ones(root.shape) if seed is None else np.array(seed) -> "
        "root.grad = np.ones(root.shape) if seed is None else seed": "nothing is ever added to the root's gradient in place",
    },
}
