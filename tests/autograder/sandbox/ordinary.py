"""Try a kind of wall as whoever runs this: ``python ordinary.py KIND`` says what went wrong, one line each."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from attacks import ATTACKS
from conftest import MIB, PACKAGES, Student

from autograder.sandbox import Limits, Sandbox, Walls


def complaints(kind: str, folder: Path):
    (secret := folder / "gradebook.db").write_text("every mark")
    limits = Limits(memory=400 * MIB, scratch=8 * MIB, file_size=4 * MIB)
    with (
        Sandbox(
            limits,
            packages=[PACKAGES / "talker", PACKAGES / "library"],
            preload=["numpy.random"],
            entry="talker:main",
            walls=Walls(kind, ""),
        ) as sandbox,
        sandbox.open({}) as one,
    ):
        bystander = Student(one)
        for name, code in ATTACKS.items():
            with sandbox.open({}) as process:
                source = "import os\n" + code.replace("SECRET", str(secret)).replace("FOLDER", str(folder))
                if Student(process).ask(source)[0] is None:
                    yield f"a student can {name}"
        yield from honest(sandbox)
        if not bystander.alive():
            yield "a bystander was killed"
    if secret.read_text() != "every mark" or len(list(folder.iterdir())) != 1:
        yield "something was written outside"


def honest(sandbox: Sandbox):
    with sandbox.open({"a.txt": b"hi"}, hide=["library.rules"]) as process:
        student = Student(process)
        for source, answer in {
            "open('a.txt').read()": "'hi'",
            "open('b.txt', 'w').write('x')": "1",
            "__import__('library').VALUE": "42",
            "__import__('numpy').arange(4).sum() == 6": "np.True_",
            "__import__('asyncio').run(__import__('asyncio').to_thread(abs, -1))": "1",
        }.items():
            if (found := student.ask(source)) != (None, answer):
                yield f"{source} gave {found}"
        if "model answer" in student.ask("__import__('library').Rule.secret")[1]:
            yield "what is hidden can be read"
        if student.ask(
            "import threading, time\n" + "threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n" * 40
        )[0] not in {"RuntimeError", "dead"}:
            yield "there is no limit on threads"
        if student.ask("x = bytearray(500 << 20)")[0] not in {"MemoryError", "dead"}:
            yield "there is no limit on memory"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(f"user {os.getuid()}", *complaints(sys.argv[1], Path(place)), sep="\n")
