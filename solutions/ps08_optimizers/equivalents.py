"""Small changes of the model answers that change nothing, each with the reason (see solutions/mutants.py)."""

SET_AT_THE_FIRST_STEP = {"self.means = self.squares = None -> pass": "both are made anew when t is 0, before they are read"}

EQUIVALENT = {"Adam": SET_AT_THE_FIRST_STEP, "AdamW": SET_AT_THE_FIRST_STEP}
