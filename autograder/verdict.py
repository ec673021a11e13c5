"""The verdict that a test cell may show beside its score, read with the distrust that anything shown in a cell deserves."""

from __future__ import annotations

from typing import Any

__all__ = ["MIME_TYPE", "verdict_of"]

# {"name", "points", "reason", "misconception": {"name", "advice"} or null, "results": [...], "seed"}
MIME_TYPE = "application/vnd.autograder.verdict+json"


def verdict_of(cell: Any) -> dict[str, Any]:
    """Give the last verdict that a cell showed, with only what has the right type in it; an empty one if it showed none."""
    found = {}
    for output in cell.get("outputs", []):
        data = output.get("data", {}).get(MIME_TYPE)
        found = data if isinstance(data, dict) else found
    texts = {key: found[key] for key in ("name", "reason") if isinstance(found.get(key), str)}
    numbers = {key: found[key] for key in ("points",) if isinstance(found.get(key), (int, float))}
    wrong = found.get("misconception")
    known = isinstance(wrong, dict) and all(isinstance(wrong.get(key), str) for key in ("name", "advice"))
    return texts | numbers | ({"misconception": {"name": wrong["name"], "advice": wrong["advice"]}} if known else {})
