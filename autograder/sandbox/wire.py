"""The words that pass between a sandbox, its zygote and a session that is being made: JSON with its length before it.

All of them are said before any of a student's code runs, or by a process that runs none.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["read_request", "receive", "send", "send_request"]


def send(sock: socket.socket, message: dict[str, Any]) -> None:
    """Send one message."""
    content = json.dumps(message).encode()
    sock.sendall(len(content).to_bytes(4, "big") + content)


def receive(sock: socket.socket) -> dict[str, Any] | None:
    """Receive one message; None when the other side is gone."""
    try:
        length = int.from_bytes(_read(sock, 4), "big")
        return json.loads(_read(sock, length))
    except (EOFError, ConnectionError):
        return None


def send_request(sock: socket.socket, files: Mapping[str, bytes], **fields: Any) -> None:
    """Send the fields of a request and the submission's files."""
    send(sock, {**fields, "files": [[name, len(content)] for name, content in files.items()]})
    for content in files.values():
        sock.sendall(content)


def read_request(sock: socket.socket) -> tuple[dict[str, Any], Iterator[tuple[str, bytes]]]:
    """Receive the fields of a request, and the files one by one as they are asked for."""
    request = receive(sock)
    if request is None:
        raise EOFError
    return request, ((name, _read(sock, size)) for name, size in request["files"])


def _read(sock: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = sock.recv(min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
