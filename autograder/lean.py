"""What our own processes do without, so that they start at once."""

import sys

__all__ = ["start_lean"]


def start_lean() -> None:
    """Leave out a grammar of web addresses that jsonschema would compile as soon as a notebook is read or checked.

    It takes longer than all other imports of nbformat together, and serves a format ("iri") that no schema of ours has;
    jsonschema does without where it is not installed. For processes that we start ourselves: in another's, such as a
    Jupyter server's, it is not ours to leave out.
    """
    sys.modules.setdefault("rfc3987_syntax", None)
