#!/bin/sh
# Save a course directory while it is in use. Usage: backup.sh COURSE-DIRECTORY FOLDER
#
# The gradebook is copied by SQLite itself, so that a mark that is being written is in the copy whole or not at all. It comes
# first: a notebook that is newer than its marks is graded once more by the next `course grade`, and nothing is lost.
set -eu
umask 077
root=$1
to=$2/$(date -u +%Y-%m-%dT%H%M%SZ)
mkdir -p "$to"
if [ -f "$root/gradebook.db" ]; then
    python3 - "$root/gradebook.db" "$to/gradebook.db" <<'PYTHON'
import sqlite3, sys
from contextlib import closing
with closing(sqlite3.connect(sys.argv[1], timeout=60)) as old, closing(sqlite3.connect(sys.argv[2])) as new:
    old.backup(new)
    assert new.execute("PRAGMA integrity_check").fetchone() == ("ok",)
PYTHON
fi
tar -C "$root" --exclude='./gradebook.db*' -czf "$to/files.tar.gz" .
echo "$to"
