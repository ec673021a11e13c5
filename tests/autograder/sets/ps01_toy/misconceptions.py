"""Wrong squares, and wrong halves that belong to another cell."""

square = []
halve = []


def helper(x):
    return x + x


square.append(("doubles", helper))
