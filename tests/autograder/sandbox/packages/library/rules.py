"""The model answer."""


class Rule:
    secret = "the model answer"
