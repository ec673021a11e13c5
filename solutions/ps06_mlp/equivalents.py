"""Small changes of the model answers that change nothing, each with the reason (see solutions/mutants.py)."""

LAST_IS_LEFT_OUT = "zip ends with the shorter of its two lists"

EQUIVALENT = {
    "deltas": {
        "for W, slope in zip(weights[:0:-1], slopes[-2::-1]): -> for W, slope in zip(weights[::-1], slopes[-2::-1]):": (
            LAST_IS_LEFT_OUT
        ),
    },
    "MLP": {
        "return (float(0.5 * np.sum(error ** 2) / len(X)), dWs, dbs) -> return (0.5 * np.sum(error ** 2) / len(X), dWs, dbs)": (
            "NumPy's number is as good as Python's"
        ),
        "for W, b in zip(self.weights[:-1], self.biases[:-1]): -> for W, b in zip(self.weights[:], self.biases[:-1]):": (
            LAST_IS_LEFT_OUT
        ),
        "for W, b in zip(self.weights[:-1], self.biases[:-1]): -> for W, b in zip(self.weights[:-1], self.biases[:]):": (
            LAST_IS_LEFT_OUT
        ),
    },
}
