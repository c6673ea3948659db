"""GitHub's answers as far as the bot reads them, and the plain values that they become."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.github.errors import GitHubError
from bot.github.payload import Account, Payload, Sha, login_of
from bot.github.values import Check, Comment, LineNote, Pull, WorkflowRun

A = TypeVar("A", bound=Payload)


class CommentAnswer(Payload):
    """A comment of a conversation; the account of its author may be deleted."""

    id: int
    user: Account | None
    body: str | None = None
    created_at: datetime

    def value(self) -> Comment:
        return Comment(self.id, login_of(self.user), self.body or "", self.created_at)


class NoteAnswer(Payload):
    """A comment on a line; ``line`` is missing or null for one on a whole or an outdated file."""

    path: str
    line: int | None = None
    body: str | None = None
    user: Account | None

    def value(self) -> LineNote:
        return LineNote(self.path, self.line or 0, self.body or "", login_of(self.user))


class _App(Payload):
    slug: str | None = None


class _Output(Payload):
    title: str | None = None
    summary: str | None = None
    annotations_count: int | None = None


class CheckAnswer(Payload):
    """A check run; ``app`` is null if the App that made it was deleted."""

    id: int
    head_sha: str
    conclusion: str | None
    output: _Output
    external_id: str | None = None
    app: _App | None

    @property
    def app_slug(self) -> str | None:
        """The App that made it, if GitHub says so."""
        return self.app.slug if self.app else None

    def value(self) -> Check:
        return Check(
            id=self.id,
            head_sha=self.head_sha,
            conclusion=self.conclusion,
            title=self.output.title,
            summary=self.output.summary,
            external_id=self.external_id or "",
            annotations_count=self.output.annotations_count or 0,
        )


class RunAnswer(Payload):
    """A workflow run. ``path`` may be followed by ``@`` and a branch; ``actor`` may be missing."""

    id: int
    path: str
    display_title: str
    status: str | None
    conclusion: str | None
    html_url: str
    event: str
    actor: Account | None = None
    created_at: datetime

    def value(self) -> WorkflowRun:
        return WorkflowRun(
            id=self.id,
            path=self.path.partition("@")[0],
            title=self.display_title,
            status=self.status or "unknown",
            url=self.html_url,
            event=self.event,
            actor=login_of(self.actor),
            created_at=self.created_at,
            conclusion=self.conclusion,
        )


class _Branch(Payload):
    sha: str = Sha
    ref: str


class PullAnswer(Payload):
    """A pull request; the repository of its head is not read, since it may be deleted."""

    number: int
    state: str
    head: _Branch
    base: _Branch

    def value(self) -> Pull:
        return Pull(self.number, self.state == "open", self.head.sha, self.base.ref)


class ListedPullAnswer(PullAnswer):
    """A pull request in a list."""


class RoleAnswer(Payload):
    """What a person may do in the repository. ``role_name`` may be that of a role which the
    organisation made; ``permission`` is then the one that it is based on.
    """

    permission: str = "none"
    role_name: str | None = None


class CommitAnswer(Payload):
    """A commit."""

    sha: str = Sha


class RefAnswer(Payload):
    """A branch or a tag."""

    object: CommitAnswer


class ComparisonAnswer(Payload):
    """Two commits compared."""

    merge_base_commit: CommitAnswer


class GitCommitAnswer(Payload):
    """A commit as a git object, with the tree of its files."""

    tree: CommitAnswer


def read_answer(model: type[A], data: Any, request: str) -> A:
    """The answer to a request; raises GitHubError that names the first wrong key."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"])) or "the answer"
        raise GitHubError(
            f"GitHub answered something else when asked to {request}: {key}: {first['msg']}; "
            "run the job again, and report it if it stays"
        ) from error
