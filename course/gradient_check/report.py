"""What a gradient check found, as a value that is true or false and as a text that says why."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What was found of one array.

    Attributes
    ----------
    name : str
        The input or parameter, such as ``x`` or ``0.weight``.
    relation : str or None
        How its gradient differs from the right one; None when it does not.
    checked : int
        How many entries, or random directions, were checked.
    unit : str
        ``entries`` or ``directions``.
    wrong, kinks, unjudged : tuple
        The indices at which the gradient is wrong; those at which the function has a kink and was judged on both sides
        of it instead; and those at which it has one there as well.
    error : float
        The largest absolute difference from the central differences.
    """

    name: str
    relation: str | None
    checked: int
    unit: str
    wrong: tuple = ()
    kinks: tuple = ()
    unjudged: tuple = ()
    error: float = 0.0

    def __str__(self) -> str:
        if self.relation is None:
            return f"{self.name}: right ({self.checked} {self.unit}{self._kinks()})"
        if not self.wrong:
            return f"{self.name}: {self.relation}"
        entries = self.unit == "entries" and self.wrong[0] != ()
        where = f", such as {', '.join(str(list(i)) for i in self.wrong[:3])}" if entries else ""
        return f"{self.name}: {self.relation} ({len(self.wrong)} of {self.checked} {self.unit}{where}{self._kinks()})"

    def _kinks(self) -> str:
        left_out = f", {len(self.unjudged)} of them left out" if self.unjudged else ""
        return f"; {len(self.kinks)} at a kink, judged on both sides of it{left_out}" if self.kinks else ""


@dataclass(frozen=True)
class Report:
    """The findings of a gradient check, one for each array: true when every gradient is right.

    >>> bool(Report((Finding("x", None, 6, "entries"), Finding("weight", "all zeros", 4, "entries"))))
    False
    """

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return all(finding.relation is None for finding in self.findings) and not self.blind

    @property
    def blind(self) -> bool:
        """Whether of some array nothing could be judged, because everything near it is kinks."""
        return any(finding.unjudged and len(finding.unjudged) == finding.checked for finding in self.findings)

    @property
    def error(self) -> float:
        """The largest absolute difference over all arrays."""
        return max((finding.error for finding in self.findings), default=0.0)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        verdict = f"passed, largest error {self.error:.0e}" if self.ok else "failed"
        if self.blind:
            verdict = "could not judge everything: the outputs jump wherever they are looked at, so check it at another x"
        return "\n  ".join([f"gradient check {verdict}", *map(str, self.findings)])
