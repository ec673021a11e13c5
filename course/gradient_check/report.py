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
    wrong, kinks : tuple
        The indices at which the gradient is wrong; those at which it could not be judged.
    error : float
        The largest absolute difference from the central differences, kinks apart.
    """

    name: str
    relation: str | None
    checked: int
    unit: str
    wrong: tuple = ()
    kinks: tuple = ()
    error: float = 0.0

    def __str__(self) -> str:
        kinks = f", {len(self.kinks)} of them at a kink and left out" if self.kinks else ""
        if self.relation is None:
            return f"{self.name}: right ({self.checked} {self.unit}{kinks})"
        if not self.wrong:
            return f"{self.name}: {self.relation}"
        where = "" if self.unit == "directions" else f", such as {', '.join(str(list(i)) for i in self.wrong[:3])}"
        return f"{self.name}: {self.relation} ({len(self.wrong)} of {self.checked} {self.unit}{where}{kinks})"


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
        """Whether nothing could be judged, because every entry lies at a kink."""
        return any(f.kinks for f in self.findings) and all(len(f.kinks) == f.checked for f in self.findings)

    @property
    def error(self) -> float:
        """The largest absolute difference over all arrays."""
        return max((finding.error for finding in self.findings), default=0.0)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        verdict = f"passed, largest error {self.error:.0e}" if self.ok else "failed"
        if self.blind:
            verdict = "could judge nothing: every entry lies at a kink, so check it at another x"
        return "\n  ".join([f"gradient check {verdict}", *map(str, self.findings)])
