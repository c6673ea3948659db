"""Reads the payload of the GitHub event that started the workflow.

Only the fields in use are declared; GitHub adds others freely. Everything in a payload that a
person typed (body, branch names, title) is untrusted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import InputError

EVENT_NAMES = ("pull_request_target", "issue_comment", "schedule", "workflow_dispatch")


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class User(_Payload):
    """``type`` is ``User``, ``Bot``, ``Mannequin`` or ``Organization``."""

    login: str
    type: str = "User"


class Repository(_Payload):
    """The repository that the workflow runs in."""

    full_name: str
    default_branch: str = "main"


class _Commit(_Payload):
    sha: str = Field(pattern="^[0-9a-f]{40}$")
    ref: str


class PullRequest(_Payload):
    """``head.ref`` is a name that a stranger may have chosen."""

    number: int
    head: _Commit
    base: _Commit
    merged: bool = False
    merge_commit_sha: str | None = None


class PullRequestEvent(_Payload):
    """A pull request was opened, reopened, pushed to, closed or edited; ``changes`` names what an
    edit touched (``title``, ``body``, ``base``).
    """

    action: str
    changes: dict[str, Any] = {}
    pull_request: PullRequest
    repository: Repository


class _PullLinks(_Payload):
    url: str


class _Issue(_Payload):
    number: int
    state: Literal["open", "closed"]
    pull_request: _PullLinks | None = None


class _CommentBody(_Payload):
    id: int
    body: str
    user: User


class CommentEvent(_Payload):
    """A comment on an issue or pull request was created, edited or deleted."""

    action: str
    issue: _Issue
    comment: _CommentBody
    repository: Repository


class BranchEvent(_Payload):
    """A schedule or a manual start: the default branch is to be measured."""

    repository: Repository


Event = PullRequestEvent | CommentEvent | BranchEvent

_MODELS: dict[str, type[PullRequestEvent] | type[CommentEvent] | type[BranchEvent]] = {
    "pull_request_target": PullRequestEvent,
    "issue_comment": CommentEvent,
    "schedule": BranchEvent,
    "workflow_dispatch": BranchEvent,
}


def pull_number(event: Event) -> int | None:
    """The pull request or issue that the event is about; None for the default branch."""
    if isinstance(event, PullRequestEvent):
        return event.pull_request.number
    return event.issue.number if isinstance(event, CommentEvent) else None


def load_event(name: str, path: Path) -> Event:
    """The event named ``GITHUB_EVENT_NAME`` from the file ``GITHUB_EVENT_PATH``; raises
    InputError.
    """
    if name not in _MODELS:
        raise InputError(
            f"slimgate does not handle the event {name!r}",
            key="--event-name",
            given=name,
            choices=EVENT_NAMES,
            hint="run slimgate in a workflow that one of these events starts",
        )
    try:
        data: Any = json.loads(path.read_bytes())
        return _MODELS[name].model_validate(data)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        hint = f"give the payload of a {name} event"
        raise InputError(first["msg"], file=str(path), key=key, hint=hint) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {error}", file=str(path)) from error
