"""What a student hands in: one zip with the notebook and a receipt, which says whose it is, of when, and its hash."""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.unzip import BROKEN, MAX_FILE

__all__ = ["RECEIPT", "SHAPE", "Receipt", "fits", "has_receipt", "pack", "read_pack", "read_receipt", "sha256"]

RECEIPT = "receipt.json"
SHAPE = re.compile(r"(?P<set>.+?)_(?P<name>.+)_\d{8}T\d{6}Z", re.IGNORECASE)  # how a packed hand-in's file is named
FORMAT = "%Y-%m-%dT%H:%M:%SZ"
MAX_RECEIPT = 100_000


@dataclass(frozen=True)
class Receipt:
    """What was handed in.

    Attributes
    ----------
    assignment, name : str
        The assignment, and the student as the student writes it.
    time : str
        When, in UTC, as ``2027-01-15T12:00:00Z``: by the clock of the student's computer.
    notebook, sha256 : str
        The notebook's file name, and the hash of its bytes.
    points, out_of : float
        What the checks that the student sees have given; not a mark.
    checked : bool
        Whether the checks ran as it was packed; if not, the points are those that were saved in the notebook.
    """

    assignment: str
    name: str
    time: str
    notebook: str
    sha256: str
    points: float
    out_of: float
    checked: bool

    @property
    def moment(self) -> datetime:
        return datetime.strptime(self.time, FORMAT).replace(tzinfo=UTC)

    @property
    def file_name(self) -> str:
        """The name of the file that it is packed in: ``ps08_ada_20270115T120000Z``."""
        name = re.sub(r"[^\w.@+-]+", "-", self.name).strip("-.") or "student"
        return f"{self.assignment.split('_')[0]}_{name}_{self.moment:%Y%m%dT%H%M%SZ}"

    def text(self) -> str:
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def pack(receipt: Receipt, content: bytes) -> bytes:
    """Pack a notebook with its receipt: the bytes of a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {receipt.notebook: content, RECEIPT: receipt.text().encode("utf-8")}.items():
            entry = zipfile.ZipInfo(name, receipt.moment.timetuple()[:6])
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return packed.getvalue()


def has_receipt(path: Path) -> bool:
    """Tell whether a file is a zip with a receipt in it; a zip that broke off on its way has its name to tell by."""
    if path.suffix.lower() != ".zip" or not path.is_file() or path.is_symlink():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return RECEIPT in archive.namelist()
    except BROKEN:
        return SHAPE.search(path.stem) is not None


def read_pack(path: Path) -> tuple[Receipt, bytes]:
    """Read a packed hand-in, with distrust: the receipt, and the notebook's bytes, whose hash is not compared here.

    Raises
    ------
    ValueError
        If it is broken; the message says how.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            receipt = read_receipt(_member(archive, RECEIPT, MAX_RECEIPT))
            return receipt, _member(archive, receipt.notebook, MAX_FILE)
    except zipfile.BadZipFile as error:
        raise ValueError("the zip is not whole, as after an upload that broke off") from error
    except (*BROKEN, KeyError) as error:
        raise ValueError((str(error) or type(error).__name__).strip("'\"")) from error


def _member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    entry = archive.getinfo(name)
    if entry.file_size > limit:
        raise ValueError(f"{name} in it is too large")
    with archive.open(entry) as file:
        return file.read(limit + 1)


def read_receipt(text: bytes) -> Receipt:
    """Read a receipt.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        data = json.loads(text)
        receipt = Receipt(**{name: data[name] for name in Receipt.__dataclass_fields__})
        said = (receipt.assignment, receipt.name, receipt.notebook, receipt.sha256)
        numbers = (receipt.points, receipt.out_of)
        whole = all(isinstance(text, str) for text in said) and all(isinstance(n, int | float) for n in numbers)
        plain = re.fullmatch(r"[^/\\:\0]{1,200}\.ipynb", receipt.notebook) and not receipt.notebook.startswith(".")
        if not whole or not plain or not all(map(math.isfinite, numbers)) or not 1980 <= receipt.moment.year <= 2107:
            raise ValueError("a value is of another kind")
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"its receipt cannot be read ({type(error).__name__}: {error})") from error
    return receipt


def fits(receipt: Receipt, assignment: str) -> bool:
    """Tell whether a receipt is of this assignment, whose name the student may have shortened."""
    ours, theirs = assignment.lower(), receipt.assignment.lower()
    return ours == theirs or ours.split("_")[0] == theirs or ours.startswith(f"{theirs}_")
