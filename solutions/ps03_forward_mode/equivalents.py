"""Changes of the model answers that make no difference, each with the reason."""

EQUIVALENT = {
    "jvp": {
        "return np.array([slope(y) for y in outputs]) if isinstance(outputs, (list, tuple)) else slope(outputs) -> "
        "return [slope(y) for y in outputs] if isinstance(outputs, (list, tuple)) else slope(outputs)": (
            "a list of the same numbers is as good as an array: no later step calculates with it"
        )
    }
}
