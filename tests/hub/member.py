"""Someone at the hub: logs in with its form, and works in a server through the hub's proxy, by REST and in a terminal."""

from __future__ import annotations

import json
import re
import time
import uuid
from typing import Any

import nbformat
import requests
import websocket

PATIENCE = 120  # seconds


class Member:
    """Someone who has logged in, with a token of their own for what is asked by REST."""

    def __init__(self, hub: str, name: str):
        self.hub, self.name = hub, name
        page, answer = log_in(hub, name)
        assert answer.status_code == 302, answer.text
        headers = {"X-XSRFToken": page.cookies.get("_xsrf", path="/hub/"), "Referer": f"{hub}hub/"}
        token = page.post(f"{hub}hub/api/users/{name}/tokens", json={}, headers=headers, timeout=PATIENCE)
        self.headers = {"Authorization": f"token {token.json()['token']}"}

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Ask the hub, or a server behind its proxy."""
        return requests.request(
            method, self.hub + path, headers=self.headers, timeout=PATIENCE, allow_redirects=False, **options
        )

    def get(self, path: str, **options: Any) -> Any:
        """Ask for data, and insist on them."""
        answer = self.ask("GET", path, **options)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def start_server(self) -> str:
        """Start this user's own server as the hub's page does; give its path."""
        self.ask("POST", f"hub/api/users/{self.name}/server").raise_for_status()
        deadline = time.monotonic() + PATIENCE
        while not self.get(f"hub/api/users/{self.name}")["servers"].get("", {}).get("ready"):
            assert time.monotonic() < deadline, f"the server of {self.name} does not start"
            time.sleep(0.3)
        return f"user/{self.name}/"

    def assignments(self, action: str = "", **options: Any) -> list[dict[str, Any]]:
        """Ask what JupyterLab's Assignment List asks; ``action`` is fetch, submit or fetch_feedback."""
        path = f"user/{self.name}/assignments" + (f"/{action}" if action else "")
        answer = self.ask("POST" if action else "GET", path, **options)
        assert answer.ok, answer.text[:2000]
        assert answer.json()["success"], answer.text[:2000]
        return answer.json()["value"]

    def read_notebook(self, path: str) -> nbformat.NotebookNode:
        """Read a notebook in this user's server."""
        return nbformat.from_dict(self.get(f"user/{self.name}/api/contents/{path}")["content"])

    def save_notebook(self, path: str, notebook: nbformat.NotebookNode) -> None:
        """Save a notebook there, as JupyterLab does."""
        what = {"type": "notebook", "format": "json", "content": notebook}
        assert self.ask("PUT", f"user/{self.name}/api/contents/{path}", json=what).ok

    def run(self, server: str, *commands: str, status: int = 0) -> str:
        """Type commands into a terminal of a server; give what it printed, and insist on the status of the last."""
        terminal = self.ask("POST", f"{server}api/terminals").json()["name"]
        url = f"{self.hub}{server}terminals/websocket/{terminal}".replace("http", "ws", 1)
        mark = uuid.uuid4().hex[:8]
        wire = websocket.create_connection(url, header=[f"Authorization: {self.headers['Authorization']}"], timeout=PATIENCE)
        try:
            send(wire, "set_size", 50, 200, 1000, 2000)
            send(wire, "stdin", " && ".join(commands) + f"; echo {mark[:4]}''{mark[4:]}=$?.\r")
            printed = listen(wire, rf"{mark}=(\d+)\.")
        finally:
            wire.close()
        self.ask("DELETE", f"{server}api/terminals/{terminal}")
        assert f"{mark}={status}." in printed, printed
        return printed


def send(wire: websocket.WebSocket, *message: Any) -> None:
    wire.send(json.dumps(message))


def listen(wire: websocket.WebSocket, until: str) -> str:
    """Collect what a terminal prints until it has printed this."""
    printed = ""
    while not re.search(until, printed):
        kind, *rest = json.loads(wire.recv())
        printed += rest[0] if kind == "stdout" else ""
    return printed


def log_in(hub: str, name: str) -> tuple[requests.Session, requests.Response]:
    """Fill in the hub's form as a person does; give the session, and what the hub says."""
    page = requests.Session()
    page.get(f"{hub}hub/login", timeout=PATIENCE)
    fields = {"username": name, "password": "any", "_xsrf": page.cookies.get("_xsrf", path="/hub/")}
    return page, page.post(f"{hub}hub/login", data=fields, allow_redirects=False, timeout=PATIENCE)
