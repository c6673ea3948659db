"""A branch of the suite's repository that keeps records: JSON Lines that are only ever added to.

Real git does the work: a shallow fetch, appended lines, and a push. If another writer was faster,
the push is refused and all three are repeated. So no line is lost, and none is there twice.

Nothing is checked out: files are read and written as git objects, so that links, attributes and odd
names in the branch do nothing. What somebody else put there is skipped, counted and reported.
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
from core.lines import decode_lines, join_lines, parse_lines
from core.schema import M

BRANCH = "slimgate-data"
ATTEMPTS = 12
READS = 3
MAX_REASON = 600
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull}
TIP = "refs/heads/" + BRANCH
MAX_FILE_BYTES = 64 * 2**20
"""A larger file is neither read nor written."""


def _ignore(warning: str) -> None:
    """Reports nothing."""


@dataclass(frozen=True)
class DataBranch:
    """``remote`` is an address or a folder; ``environment`` is added to git's environment, for
    example a header with the token. ``sleep`` waits between attempts. ``warn`` reports lines and
    files of the branch that were skipped.
    """

    remote: str
    environment: Mapping[str, str] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep
    warn: Callable[[str], None] = _ignore

    def read(self, model: type[M], *files: str) -> dict[str, list[M]]:
        """The values of each file; none if file or branch does not exist. Lines that hold no such
        value are skipped and reported. Raises GitHubError.
        """
        with tempfile.TemporaryDirectory() as folder:
            self._fetch(Path(folder))
            contents = {file: self._content(Path(folder), file) for file in files}
        return {file: self._parse(model, file, content) for file, content in contents.items()}

    def append(self, lines: Mapping[str, Sequence[str]], message: str) -> None:
        """Adds to each file the lines that it does not have; raises GitHubError."""
        for attempt in range(ATTEMPTS):
            with tempfile.TemporaryDirectory() as folder:
                self._fetch(Path(folder))
                if not self._write(Path(folder), lines):
                    return
                if self._push(Path(folder), message):
                    return
            self.sleep(random.uniform(0, 0.2 * 2 ** min(attempt, 5)))  # noqa: S311
        raise GitHubError(
            f"other writers changed the branch {BRANCH} before each of {ATTEMPTS} pushes; "
            "run the job again"
        )

    def _parse(self, model: type[M], file: str, content: bytes | None) -> list[M]:
        if content is None:
            self.warn(f"{BRANCH}:{file} is larger than {MAX_FILE_BYTES >> 20} MiB and was not read")
            return []
        parsed = parse_lines(model, decode_lines(content))
        if parsed.bad:
            count = "1 line" if parsed.bad == 1 else f"{parsed.bad} lines"
            self.warn(f"{BRANCH}:{file}: {count} skipped, which slimgate did not write")
        return parsed.values

    def _fetch(self, folder: Path) -> None:
        """Makes the folder a repository with the branch as ``TIP`` and in its index; without both
        if the branch does not exist.
        """
        self._git(folder, "init", "-q", "--bare")
        listing = self._ask(folder, "ls-remote", "--heads", self.remote, TIP)
        if listing.stdout.strip():
            self._ask(folder, "fetch", "-q", "--depth", "1", self.remote, f"{TIP}:{TIP}")
            tree = self._git(folder, "read-tree", TIP)
            if tree.returncode != 0:
                raise self._error("read", tree)

    def _ask(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """What git answers, asked again if the server fails; raises GitHubError."""
        for attempt in range(READS):
            if attempt:
                self.sleep(2**attempt)
            answer = self._git(folder, *arguments)
            if answer.returncode == 0:
                return answer
        raise self._error("read", answer)

    def _content(self, folder: Path, file: str) -> bytes | None:
        """The bytes of a file or link of the index, empty if it has none of that name; None for
        one beyond the limit.
        """
        size = self._git(folder, "cat-file", "-s", f":{file}")
        if size.returncode != 0:
            return b""
        if int(size.stdout) > MAX_FILE_BYTES:
            return None
        return self._git(folder, "cat-file", "blob", f":{file}").stdout

    def _write(self, folder: Path, lines: Mapping[str, Sequence[str]]) -> bool:
        """Adds the lines that are new to the index; whether there were any."""
        changed = False
        for file, additions in lines.items():
            content = self._content(folder, file)
            if content is None:
                raise GitHubError(
                    f"{file} in the branch {BRANCH} is larger than {MAX_FILE_BYTES >> 20} MiB; "
                    "move it to another name"
                )
            existing = set(decode_lines(content))
            new = [line for line in dict.fromkeys(additions) if line not in existing]
            if new:
                end = b"\n" if content and not content.endswith(b"\n") else b""
                self._stage(folder, file, content + end + join_lines(new).encode())
                changed = True
        return changed

    def _stage(self, folder: Path, file: str, content: bytes) -> None:
        """Puts a regular file into the index, in place of whatever has its name or a folder's."""
        blob = self._do(folder, "hash-object", "-w", "--stdin", stdin=content)
        entry = f"100644,{blob},{file}"
        self._do(folder, "update-index", "--add", "--replace", "--cacheinfo", entry)

    def _push(self, folder: Path, message: str) -> bool:
        """Whether the remote accepted the push; it did not if another writer was faster. Raises
        GitHubError if rules or hooks of the remote refuse it.
        """
        author = ("-c", "user.name=slimgate", "-c", "user.email=slimgate@users.noreply.github.com")
        known = self._git(folder, "rev-parse", "--verify", "--quiet", TIP).returncode == 0
        parents = ("-p", TIP) if known else ()
        tree = self._do(folder, "write-tree")
        commit = self._do(folder, *author, "commit-tree", tree, *parents, "-m", message)
        push = self._git(folder, "push", "-q", self.remote, f"{commit}:{TIP}")
        if push.returncode == 0:
            return True
        lost = any(word in push.stderr for word in (b"rejected", b"failed to push", b"lock"))
        if lost and b"declined" not in push.stderr:
            return False
        raise self._error("written", push)

    def _do(self, folder: Path, *arguments: str, stdin: bytes = b"") -> str:
        """The one word that git answers; raises GitHubError."""
        step = self._git(folder, *arguments, stdin=stdin)
        if step.returncode != 0:
            raise self._error("written", step)
        return step.stdout.decode().strip()

    def _git(
        self, folder: Path, *arguments: str, stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        environment = {**QUIET, **self.environment}
        return run_git(folder, *arguments, stdin=stdin, environment=environment)

    @staticmethod
    def _error(verb: str, process: subprocess.CompletedProcess[bytes]) -> GitHubError:
        """What git reported, and the next step."""
        said = " ".join(process.stderr.decode("utf-8", "replace").split())
        reason = json.dumps(said[-MAX_REASON:])
        hint = "check --records, the token's permissions and the rules for the branch"
        return GitHubError(f"the branch {BRANCH} cannot be {verb}: {reason}; {hint}")


def token_environment(server: str, token: str) -> dict[str, str]:
    """Variables that make git send the token to this server only; process lists do not show it."""
    basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
    }
