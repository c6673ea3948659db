"""Reads the payload of the GitHub event that started the workflow.

Everything in a payload that a person typed (body, branch names, title) is untrusted.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from bot.github.payload import Account, Payload, Sha
from core.errors import InputError
from core.files import read_file
from core.safe_json import encodable_value
from core.schema import MAX_JSON_BYTES

EVENT_NAMES = (
    "pull_request_target",
    "merge_group",
    "issue_comment",
    "schedule",
    "workflow_dispatch",
)


class Repository(Payload):
    """The repository that the workflow runs in."""

    full_name: str
    default_branch: str = "main"


class _Commit(Payload):
    sha: str = Sha
    ref: str


class PullRequest(Payload):
    """``head.ref`` is a name that a stranger may have chosen; the head's repository, which may be
    deleted, is not read. ``user`` is the author.
    """

    number: int
    user: Account | None = None
    head: _Commit
    base: _Commit
    merged: bool | None = None
    merge_commit_sha: str | None = None


class PullRequestEvent(Payload):
    """A pull request was opened, reopened, pushed to, closed or edited; ``changes`` names what an
    edit touched (``title``, ``body``, ``base``); ``sender`` is the person whose action it was.
    """

    action: str
    changes: dict[str, Any] = Field(default_factory=dict)
    pull_request: PullRequest
    repository: Repository
    sender: Account | None = None


class MergeGroup(Payload):
    """A commit of the merge queue: the branch with the pull requests before it and one more.
    ``base_sha`` is the commit that it adds to; ``base_ref`` and ``head_ref`` are full names.
    """

    head_sha: str = Sha
    head_ref: str
    base_sha: str = Sha
    base_ref: str

    @property
    def base(self) -> str:
        """The name of the branch that the queue merges into."""
        return self.base_ref.removeprefix("refs/heads/")

    @property
    def number(self) -> int | None:
        """The last pull request of the group, from the name of the queue's branch."""
        match = _QUEUE_BRANCH.fullmatch(self.head_ref)
        return int(match[1]) if match else None


_QUEUE_BRANCH = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([0-9]{1,9})-[0-9a-f]{40}")


class MergeGroupEvent(Payload):
    """The merge queue wants the required checks of a commit, or has dropped it."""

    action: str
    merge_group: MergeGroup


class _PullLinks(Payload):
    url: str | None = None


class _Issue(Payload):
    """``state`` may be missing: the workflow then runs for an issue of unknown state."""

    number: int
    state: Literal["open", "closed"] | None = None
    pull_request: _PullLinks | None = None


class _CommentBody(Payload):
    """``user`` is None for an account that was deleted since."""

    id: int
    body: str
    user: Account | None


class CommentEvent(Payload):
    """A comment on an issue or pull request was created, edited or deleted."""

    action: str
    issue: _Issue
    comment: _CommentBody
    repository: Repository


class BranchEvent(Payload):
    """A schedule or a manual start: the default branch is to be measured."""

    repository: Repository


Event = PullRequestEvent | MergeGroupEvent | CommentEvent | BranchEvent

_MODELS: dict[str, type[Event]] = {
    "pull_request_target": PullRequestEvent,
    "merge_group": MergeGroupEvent,
    "issue_comment": CommentEvent,
    "schedule": BranchEvent,
    "workflow_dispatch": BranchEvent,
}


def pull_number(event: Event) -> int | None:
    """The pull request or issue that the event is about, for a merge group the last one; None for
    the default branch.
    """
    if isinstance(event, PullRequestEvent):
        return event.pull_request.number
    if isinstance(event, MergeGroupEvent):
        return event.merge_group.number
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
    content = read_file(path, MAX_JSON_BYTES)
    try:
        return _MODELS[name].model_validate(encodable_value(json.loads(content)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        hint = f"give the payload of a {name} event"
        raise InputError(first["msg"], file=str(path), key=key, hint=hint) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {error}", file=str(path)) from error
