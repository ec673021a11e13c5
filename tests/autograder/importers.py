"""What the platforms do with an uploaded file, from their documented rules and sources; it knows nothing of our writers.

Each function takes what a platform would be given and returns what it would record; what a platform refuses is an error.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import PurePosixPath

SUMS = re.compile("Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Override")


class RefusedError(Exception):
    """The platform takes none of the file."""


def rows_of(content: bytes) -> list[list[str]]:
    assert not content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))


def spreadsheet_safe(content: bytes) -> bool:
    """Whether no cell would run as a formula: OWASP's "CSV injection" names these beginnings."""
    return not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows_of(content) for cell in row)


def canvas_separator(lines: list[str]) -> str:
    """Canvas takes the separator that gives the first three lines the same number of fields, and more of them."""
    counts = {}
    for separator in ";,":
        lengths = {len(next(csv.reader([line], delimiter=separator))) for line in lines}
        counts[separator] = lengths.pop() if len(lengths) == 1 else 0
    return ";" if counts[";"] > counts[","] else ","


def canvas_import(content: bytes, people: dict[str, dict], assignments: dict[str, str]) -> dict:
    """Import a gradebook: ``people`` by Canvas' number with sis, login, name, sortable; ``assignments``: title by number."""
    assert canvas_separator(content.decode("utf-8").splitlines()[:3]) == ","
    head, *rows = rows_of(content)
    if not (len(head) > 3 and "Student" in head[0] and "ID" in head[1]):
        raise RefusedError("Invalid header row")
    columns, sis, login = 3, None, None
    if re.search(r"SIS\s+Login\s+ID", head[2]):
        columns, login = 4, 2
    elif re.search(r"SIS\s+User\s+ID", head[2]) and re.search(r"SIS\s+Login\s+ID", head[3]):
        columns, sis, login = 5, 2, 3
    if "Section" not in head[columns - 1]:
        raise RefusedError("Invalid header row")
    found = {"assignments": [], "points": {}, "grades": {}, "new": [], "unknown": []}
    places = {}
    for index, name in list(enumerate(head))[columns:]:
        if SUMS.search(name):
            continue
        match = re.fullmatch(r"(.*) \((\d+)\)", name)
        number = match[2] if match and match[2] in assignments else None
        number = number or next((key for key, title in assignments.items() if title == name), None)
        places[number or name] = index
        (found["assignments"] if number else found["new"]).append(number or name)
    for row in rows:
        assert len(row) == len(head)
        if "Points Possible" in row[0]:
            found["points"] = {key: row[index] for key, index in places.items()}
            continue
        who = row[1] if row[1] in people else None
        for column, field in ((sis, "sis"), (login, "login")):
            if who is None and column is not None and row[column]:
                who = next((key for key, each in people.items() if each.get(field) == row[column]), None)
        who = who or next((k for k, each in people.items() if row[0] in (each["name"], each["sortable"])), None)
        if who is None:
            found["unknown"].append(row[0])
            continue
        assert who not in found["grades"], "a student stands there twice"
        found["grades"][who] = {key: row[index].strip() for key, index in places.items()}
    for grade in (grade for grades in found["grades"].values() for grade in grades.values()):
        assert grade in ("", "EX") or re.fullmatch(r"-?\d+(\.\d+)?%?", grade), grade
    return found


def moodle_import(content: bytes, users: dict[str, dict], map_from: str, map_to: str, items: list[str]) -> dict:
    """Import grades: ``users`` by number with email, idnumber, username; map one column to a field, others to items."""
    head, *rows = rows_of(content)
    head = [name.strip() for name in head]
    if map_from not in head or any(item not in head for item in items):
        raise RefusedError("there is no such column to map")
    if len(set(head)) != len(head):
        raise RefusedError("two columns have the same name")
    grades: dict[str, dict] = {}
    for row in rows:
        assert len(row) == len(head)
        value = row[head.index(map_from)]
        if not value:
            continue
        found = [number for number, user in users.items() if user.get(map_to) == value]
        if len(found) != 1:
            raise RefusedError(f"user mapping error: {value}")
        for item in items:
            grade = row[head.index(item)]
            if grade in ("", "-"):
                grades.setdefault(found[0], {})[item] = None
                continue
            try:
                number = float(grade)
            except ValueError as error:
                raise RefusedError(f"bad grade: {grade}") from error
            if number > 100:
                raise RefusedError("grade value too big")
            grades.setdefault(found[0], {})[item] = number
    return grades


GRADESCOPE = ["First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status", "Submission ID"]
GRADESCOPE += ["Submission Time", "Lateness (H:M:S)"]


def gradescope_read(content: bytes) -> dict[str, dict]:
    """Read a table as programs that read Gradescope's do: by the heads, keyed by SID, or by email where there is none."""
    head, *rows = rows_of(content)
    assert head[: len(GRADESCOPE)] == GRADESCOPE
    found = {}
    for row in rows:
        each = dict(zip(head, row, strict=True))
        assert each["Status"] in ("Graded", "Ungraded", "Missing")
        assert each["Total Score"] == "" or float(each["Total Score"]) <= float(each["Max Points"])
        if each["Status"] == "Missing":
            assert (each["Submission ID"], each["Submission Time"], each["Lateness (H:M:S)"]) == ("", "", "")
        else:
            assert each["Submission ID"]
            assert re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})?", each["Submission Time"])
            assert re.fullmatch(r"\d\d+:[0-5]\d:[0-5]\d", each["Lateness (H:M:S)"])
        key = each["SID"] or each["Email"]
        assert key not in found
        found[key] = each
    return found


def canvas_reupload(content: bytes, attachments: dict[str, str]) -> tuple[dict[str, list[str]], list[str]]:
    """Take files as comments: ``attachments`` gives each handed-in file's owner. Gives files by user, and the rest."""
    comments: dict[str, list[str]] = {}
    ignored = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for path in archive.namelist():
            name = PurePosixPath(path).name
            parts = [part for part in name.split("_") if part != "LATE"]
            numbers = [part for part in parts if re.fullmatch(r"\d+", part)][:2]
            if len(numbers) < 2 or name.startswith("._") or attachments.get(numbers[1]) != numbers[0]:
                ignored.append(path)
            else:
                comments.setdefault(numbers[0], []).append(path)
    return comments, ignored


def moodle_feedback(content: bytes, participants: set[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Take feedback files in: the first part of a path that is ``name_number_type_plugin`` says whose the rest of it is."""
    files: dict[str, list[str]] = {}
    ignored = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for path in archive.namelist():
            parts = path.split("/")
            for index, part in enumerate(parts):
                info = part.split("_", 4)
                known = len(info) >= 4 and info[1].isdecimal() and info[1] in participants
                if known and info[2:4] in (["assignsubmission", "file"], ["assignsubmission", "onlinetext"]):
                    rest = "/".join([*(info[4:] or [""]), *parts[index + 1 :]])
                    files.setdefault(info[1], []).append(rest)
                    break
            else:
                ignored.append(path)
    return files, ignored
