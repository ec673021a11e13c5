"""Small changes of the model answers that change nothing, each with the reason (see solutions/mutants.py)."""

SEEN_AGAIN = "it visits what it has seen once more, which takes longer and adds nothing to a set"

EQUIVALENT = {"count_distinct": {"if node in seen: -> if False:": SEEN_AGAIN, "continue -> pass": SEEN_AGAIN}}
