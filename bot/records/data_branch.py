"""A branch of the suite's repository that keeps records: JSON Lines that are only ever added to.

Real git does the work: a shallow clone, appended lines, and a push. If another writer was faster,
the push is refused and all three are repeated. So no line is lost, and none is there twice.
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


@dataclass(frozen=True)
class DataBranch:
    """``remote`` is an address or a folder; ``environment`` is added to git's environment, for
    example a header with the token. ``sleep`` waits between attempts.
    """

    remote: str
    environment: Mapping[str, str] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep

    def read(self, *files: str) -> dict[str, list[str]]:
        """The lines of each file; none if file or branch does not exist. Raises GitHubError."""
        with tempfile.TemporaryDirectory() as folder:
            self._fetch(Path(folder))
            return {file: _lines(Path(folder) / file) for file in files}

    def append(self, lines: Mapping[str, Sequence[str]], message: str) -> None:
        """Adds to each file the lines that it does not have; raises GitHubError."""
        for attempt in range(ATTEMPTS):
            with tempfile.TemporaryDirectory() as folder:
                self._fetch(Path(folder))
                if not _write(Path(folder), lines):
                    return
                if self._push(Path(folder), message):
                    return
            self.sleep(random.uniform(0, 0.2 * 2 ** min(attempt, 5)))  # noqa: S311
        raise GitHubError(
            f"other writers changed the branch {BRANCH} before each of {ATTEMPTS} pushes; "
            "run the job again"
        )

    def _fetch(self, folder: Path) -> None:
        """Makes the folder a clone of the branch, or an empty repository if it does not exist."""
        self._git(folder, "init", "-q", "-b", BRANCH)
        listing = self._git(folder, "ls-remote", "--heads", self.remote, f"refs/heads/{BRANCH}")
        if listing.returncode != 0:
            raise self._error("read", listing)
        if listing.stdout.strip():
            fetch = self._git(folder, "fetch", "-q", "--depth", "1", self.remote, BRANCH)
            if fetch.returncode != 0:
                raise self._error("read", fetch)
            self._git(folder, "reset", "-q", "--hard", "FETCH_HEAD")

    def _push(self, folder: Path, message: str) -> bool:
        """Whether the remote accepted the push; a refusal means that another writer was faster."""
        self._git(folder, "add", "-A")
        author = ("-c", "user.name=slimgate", "-c", "user.email=slimgate@users.noreply.github.com")
        self._git(folder, *author, "commit", "-q", "-m", message)
        push = self._git(folder, "push", "-q", self.remote, f"HEAD:refs/heads/{BRANCH}")
        if push.returncode == 0:
            return True
        if any(word in push.stderr for word in (b"rejected", b"failed to push", b"lock")):
            return False
        raise self._error("written", push)

    def _git(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return run_git(folder, *arguments, environment={**QUIET, **self.environment})

    @staticmethod
    def _error(verb: str, process: subprocess.CompletedProcess[bytes]) -> GitHubError:
        """What git reported, and the next step."""
        reason = json.dumps(process.stderr.decode("utf-8", "replace").strip()[-300:])
        hint = "check --records and the token's permissions"
        return GitHubError(f"the branch {BRANCH} cannot be {verb}: {reason}; {hint}")


def token_environment(server: str, token: str) -> dict[str, str]:
    """Variables that make git send the token to this server only; process lists do not show it."""
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
    }


def _write(folder: Path, lines: Mapping[str, Sequence[str]]) -> bool:
    """Appends the lines that are new; whether there were any."""
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
