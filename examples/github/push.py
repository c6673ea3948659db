"""Pushes commits of a real repository through GitHub's git data API: object names stay the same."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

from examples.github.server import GitHub


def push(github: GitHub, repo: Path, revision: str, branch: str, login: str) -> str:
    """Puts a commit with all its ancestors onto a branch; returns the commit's name."""
    commits = _git(repo, "rev-list", "--reverse", revision).split()
    known: set[str] = set()
    for commit in commits:
        _upload_commit(github, repo, commit, login, known)
    _point_branch(github, branch, commits[-1], login)
    return commits[-1]


def _upload_commit(github: GitHub, repo: Path, commit: str, login: str, known: set[str]) -> None:
    entries = []
    for line in _git(repo, "ls-tree", "-r", "-z", commit).split("\0"):
        meta, _, path = line.partition("\t")
        if not path:
            continue
        mode, kind, blob = meta.split()
        entries.append({"path": path, "mode": mode, "type": kind, "sha": blob})
        if blob not in known:
            _upload_blob(github, repo, blob, login)
            known.add(blob)
    tree = github.call("POST", "/git/trees", login, tree=entries)["sha"]
    fields = _git(repo, "show", "-s", "--format=%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B", commit)
    parents, *people, message = fields.split("\n", 7)
    made = github.call(
        "POST",
        "/git/commits",
        login,
        message=message.rstrip("\n") + "\n",
        tree=tree,
        parents=parents.split(),
        author=dict(zip(("name", "email", "date"), people[:3], strict=True)),
        committer=dict(zip(("name", "email", "date"), people[3:], strict=True)),
    )
    if made["sha"] != commit:
        raise ValueError(f"{commit} became {made['sha']}")


def _upload_blob(github: GitHub, repo: Path, blob: str, login: str) -> None:
    content = subprocess.run(
        ["git", "-C", str(repo), "cat-file", "blob", blob], check=True, capture_output=True
    ).stdout
    encoded = base64.b64encode(content).decode()
    github.call("POST", "/git/blobs", login, content=encoded, encoding="base64")


def _point_branch(github: GitHub, branch: str, commit: str, login: str) -> None:
    existing = [found["name"] for found in github.call("GET", "/branches", login)]
    if branch in existing:
        github.call("PATCH", f"/git/refs/heads/{branch}", login, sha=commit, force=True)
    else:
        github.call("POST", "/git/refs", login, ref=f"refs/heads/{branch}", sha=commit)


def _git(repo: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(repo), *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout
