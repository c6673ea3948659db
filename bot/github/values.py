"""The state of GitHub, as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone

_EXTERNAL_ID = re.compile(r"run-([0-9]{1,18})")
CHECK_NAME = "slimgate"
LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""A time before everything on GitHub."""
MAX_BODY_CHARACTERS = 65_536
"""GitHub's limit on the body of a comment and on the summary of a check."""
MAX_ANNOTATIONS = 50
"""GitHub's limit on the annotations of one request."""


@dataclass(frozen=True)
class Identity:
    """Our own account: its login in comments (``github-actions[bot]``) and its slug in checks."""

    login: str = "github-actions[bot]"
    app_slug: str = "github-actions"


@dataclass(frozen=True)
class Pull:
    """A pull request as it is now."""

    number: int
    is_open: bool
    head_sha: str
    base_ref: str


@dataclass(frozen=True)
class Comment:
    """A comment in a pull request's conversation."""

    id: int
    author: str
    body: str
    created_at: datetime


@dataclass(frozen=True)
class Annotation:
    """A note of a check on lines of a file; ``level`` is failure, warning or notice."""

    path: str
    start_line: int
    end_line: int
    level: str
    title: str
    message: str


@dataclass(frozen=True)
class LineNote:
    """A comment on a line of the head's version of a file; ``author`` is empty for a new one."""

    path: str
    line: int
    body: str
    author: str = ""


@dataclass(frozen=True)
class CheckText:
    """The text of a check. ``conclusion`` is None while the check is in progress."""

    conclusion: str | None
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True)
class Check:
    """A check run of ours on one commit. ``external_id`` names the workflow run that wrote it."""

    id: int
    head_sha: str
    conclusion: str | None
    title: str | None
    summary: str | None
    external_id: str
    annotations_count: int

    @property
    def run_id(self) -> int | None:
        """The workflow run whose results the check reports; None if we did not create it."""
        match = _EXTERNAL_ID.fullmatch(self.external_id)
        return int(match[1]) if match else None


@dataclass(frozen=True)
class WorkflowRun:
    """A workflow run; ``path`` is the workflow's file, ``title`` the value of its ``run-name``,
    ``actor`` the login of the person whose action started it, by the event ``event``;
    ``conclusion`` is None while it is in progress.
    """

    id: int
    path: str
    title: str
    status: str
    url: str
    event: str = ""
    actor: str = ""
    created_at: datetime = LONG_AGO
    conclusion: str | None = None
