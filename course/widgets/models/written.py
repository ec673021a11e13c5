"""Numbers as they are written on a board."""


def say(number: float) -> str:
    """Write a number with three digits, and a real minus sign.

    >>> say(-0.50001), say(1 / 3), say(-1234.5), say(1e-9)
    ('−0.5', '0.333', '−1234', '1e−09')
    """
    text = f"{number:.0f}" if 1000 <= abs(number) < 1e6 else f"{number:.3g}"
    return ("0" if text == "-0" else text).replace("-", "−")


def factor(number: float) -> str:
    """Write a number that stands in a product or a sum: in brackets where it is negative.

    >>> factor(-0.5), factor(2.0)
    ('(−0.5)', '2')
    """
    return f"({say(number)})" if number < 0 else say(number)
