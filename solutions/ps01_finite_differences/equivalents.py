"""Small changes of the model answers that change nothing, each with the reason (see solutions/mutants.py)."""

EQUIVALENT = {
    "relative_error": {
        "size[size == 0] = 1 -> size[size == 0] = 2": "0 divided by anything is 0",
        "return float(np.max(np.abs(a - b) / size)) -> return np.max(np.abs(a - b) / size)": (
            "NumPy's number is as good as Python's"
        ),
    },
}
