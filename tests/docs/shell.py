"""A person at a terminal: types the steps of a guide into one shell, in a clone."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

from .clone import environment
from .guides import Step

SERVERS = "make lab", "jupyter lab", "../.venv/bin/jupyter lab"
SERVE = """
serve() {  # start a server as the guide says, ask it for a page, and stop it
    setsid bash -c "$2" & local group=$!
    for _ in $(seq 240); do grep -q 'http://[^ ]*token=' "$1" && break; sleep 0.5; done
    local address=$(grep -o 'http://[^ ]*token=[0-9a-f]*' "$1" | head -n 1)
    "$PYTHON" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=60)' "$address"
    local status=$?
    kill -TERM -- "-$group"
    wait
    return $status
}
"""
ENOUGH = 1_500  # seconds for a guide


def follow(steps: list[Step], clone: Path) -> list[tuple[Step, int, str]]:
    """Type the steps until one ends with another status than it should; give each step's status and what it printed."""
    outputs = clone.parent / "outputs"
    outputs.mkdir()
    lines = [SERVE, f"PYTHON={shlex.quote(sys.executable)}"]
    for k, step in enumerate(steps):
        lines.append(_typed(step, clone, outputs / str(k)))
    script, nothing = "\n".join(lines), subprocess.DEVNULL
    subprocess.run(["bash", "-c", script], cwd=clone, env=environment(clone), stdin=nothing, timeout=ENOUGH, check=False)
    done = []
    for k, step in enumerate(steps):
        said, status = outputs / str(k), outputs / f"{k}.status"
        if status.is_file():
            done.append((step, int(status.read_text()), said.read_text(encoding="utf-8", errors="replace")))
    return done


def _typed(step: Step, clone: Path, output: Path) -> str:
    out, status = shlex.quote(str(output)), shlex.quote(f"{output}.status")
    if step.path:
        folder, name = shlex.quote(str((clone / step.path).parent)), shlex.quote(str(clone / step.path))
        return f"mkdir -p {folder}\ncat > {name} <<'END-OF-FILE'\n{step.text}END-OF-FILE\necho $? > {status}; : > {out}"
    command = f"serve {out} {shlex.quote(step.command)}" if step.command.startswith(SERVERS) else step.command
    return f"{{ {command}\n}} > {out} 2>&1\nstatus=$?; echo $status > {status}; [ $status = {step.status} ] || exit 1"
