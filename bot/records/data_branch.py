"""A branch of the suite's repository that keeps records: JSON Lines that are only ever added to.

Real git does the work: a shallow clone, lines appended, a push that is refused if somebody else was
faster, and then all again. So no writer's line is lost, and none is there twice.
"""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.github.errors import GitHubError
from core.git import run_git

BRANCH = "slimgate-data"
ATTEMPTS = 12
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull}
MAX_FILE_BYTES = 64 * 2**20


def no_environment() -> dict[str, str]:
    """Nothing beside this process's own."""
    return {}


@dataclass(frozen=True)
class DataBranch:
    """``remote`` is an address or a folder; ``environment`` is added to git's, such as a header
    with the token. ``sleep`` waits between attempts.
    """

    remote: str
    environment: Mapping[str, str] = field(default_factory=no_environment)
    sleep: Callable[[float], None] = time.sleep

    def read(self, *files: str) -> dict[str, list[str]]:
        """The lines of each file; none if the file or the branch is not there."""
        with tempfile.TemporaryDirectory() as folder:
            self._fetch(Path(folder))
            return {file: _lines(Path(folder) / file) for file in files}

    def append(self, lines: Mapping[str, Sequence[str]], message: str) -> None:
        """Adds lines to files, each unless it is there already; raises GitHubError."""
        for attempt in range(ATTEMPTS):
            with tempfile.TemporaryDirectory() as folder:
                self._fetch(Path(folder))
                if not _write(Path(folder), lines):
                    return
                if self._push(Path(folder), message):
                    return
            self.sleep(random.uniform(0, 0.2 * 2 ** min(attempt, 5)))  # noqa: S311
        raise GitHubError(f"the branch {BRANCH} changed {ATTEMPTS} times meanwhile; run it again")

    def _fetch(self, folder: Path) -> None:
        """A worktree of the branch; an empty one if there is no such branch yet."""
        self._git(folder, "init", "-q", "-b", BRANCH)
        listing = self._git(folder, "ls-remote", "--heads", self.remote, f"refs/heads/{BRANCH}")
        if listing.returncode != 0:
            raise GitHubError(f"the data branch cannot be read: {_reason(listing)}")
        if listing.stdout.strip():
            fetch = self._git(folder, "fetch", "-q", "--depth", "1", self.remote, BRANCH)
            if fetch.returncode != 0:
                raise GitHubError(f"the data branch cannot be read: {_reason(fetch)}")
            self._git(folder, "reset", "-q", "--hard", "FETCH_HEAD")

    def _push(self, folder: Path, message: str) -> bool:
        """Whether the push was taken; a refusal means that another writer was faster."""
        self._git(folder, "add", "-A")
        author = ("-c", "user.name=slimgate", "-c", "user.email=slimgate@users.noreply.github.com")
        self._git(folder, *author, "commit", "-q", "-m", message)
        push = self._git(folder, "push", "-q", self.remote, f"HEAD:refs/heads/{BRANCH}")
        if push.returncode == 0:
            return True
        if any(word in push.stderr for word in (b"rejected", b"failed to push", b"lock")):
            return False
        raise GitHubError(f"the data branch cannot be written: {_reason(push)}")

    def _git(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return run_git(folder, *arguments, environment={**QUIET, **self.environment})


def token_environment(server: str, token: str) -> dict[str, str]:
    """Makes git send the token to this server only, and never shows it in a process list."""
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
    }


def _write(folder: Path, lines: Mapping[str, Sequence[str]]) -> bool:
    """Whether anything was new."""
    changed = False
    for file, additions in lines.items():
        existing = set(_lines(folder / file))
        new = [line for line in dict.fromkeys(additions) if line not in existing]
        if new:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            with (folder / file).open("a", encoding="utf-8") as stream:
                stream.writelines(f"{line}\n" for line in new)
            changed = True
    return changed


def _lines(path: Path) -> list[str]:
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
        return []
    return path.read_text(encoding="utf-8").splitlines()


def _reason(process: subprocess.CompletedProcess[bytes]) -> str:
    return json.dumps(process.stderr.decode("utf-8", "replace").strip()[-300:])
