"""The only access to GitHub: reads it through PyGithub into plain values, and applies actions.

Retried are 5xx, 429, secondary rate limits (Retry-After is honoured) and broken connections, with
exponential backoff and jitter. So a write may happen twice; ``bot.publish.converge`` repairs that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import singledispatchmethod
from typing import Any

import requests
from github import Auth, Github, GithubException, GithubRetry
from github.GithubObject import NotSet
from github.IssueComment import IssueComment
from github.PullRequest import PullRequest
from github.Repository import Repository

from bot.github.actions import (
    Action,
    CancelRun,
    CreateCheck,
    CreateComment,
    DeleteComment,
    React,
    Suggest,
    UpdateCheck,
    UpdateComment,
)
from bot.github.errors import GitHubError
from bot.github.values import (
    CHECK_NAME,
    Check,
    CheckText,
    Comment,
    Identity,
    LineNote,
    Pull,
    WorkflowRun,
)

RETRIES = 5
BACKOFF_S = 0.5
MAX_WAIT_S = 120.0
PER_PAGE = 100


@dataclass(frozen=True)
class Connection:
    """``api_url`` is ``GITHUB_API_URL``, ``repository`` is ``owner/name``, ``identity`` is the
    account of the token.
    """

    api_url: str
    repository: str
    token: str
    identity: Identity
    timeout_s: int = 20


@contextlib.contextmanager
def _in_words(request: str) -> Iterator[None]:
    """Turns errors of GitHub into GitHubError; ``request`` is a verb and its object."""
    try:
        yield
    except GithubException as error:
        message = error.data.get("message") if isinstance(error.data, dict) else error.data
        hint = _HINTS.get(error.status, "run the job again")
        text = f"GitHub refused to {request}: {error.status} {str(message)[:300]}; {hint}"
        raise GitHubError(text) from error
    except requests.RequestException as error:
        text = f"cannot reach GitHub to {request}: {type(error).__name__}; run the job again"
        raise GitHubError(text) from error


_HINTS = {
    401: "check the token",
    403: "give the job the permissions that docs/github.md lists",
    404: "check the repository's name, and that the token may see it",
}


class Client:
    """One pull request's GitHub; ``number`` is None for the default branch."""

    def __init__(self, connection: Connection, number: int | None) -> None:
        retry = GithubRetry(
            total=RETRIES,
            backoff_factor=BACKOFF_S,
            backoff_jitter=BACKOFF_S,
            secondary_rate_wait=MAX_WAIT_S / 2,
            max_rate_limit_wait=MAX_WAIT_S,
            status_forcelist=[429, *range(500, 600)],
            allowed_methods=frozenset({"GET", "POST", "PATCH", "PUT", "DELETE"}),
        )
        self._github = Github(
            base_url=connection.api_url,
            auth=Auth.Token(connection.token),
            retry=retry,
            timeout=connection.timeout_s,
            per_page=PER_PAGE,
            seconds_between_requests=None,
            seconds_between_writes=None,
            lazy=True,
        )
        self._repo: Repository = self._github.get_repo(connection.repository)
        self._number = number
        self._pull: PullRequest | None = None
        self.identity = connection.identity

    def pull(self) -> Pull:
        """The pull request as it is now; later calls transfer it only if it changed (ETag)."""
        with _in_words("show the pull request"):
            if self._pull is None:
                self._pull = self._repo.get_pull(self._require_number())
            self._pull.update()
            return _pull(self._pull)

    def comments(self) -> list[Comment]:
        """Every comment of the conversation, oldest first."""
        with _in_words("list comments"):
            issue = self._repo.get_issue(self._require_number())
            return [_comment(comment) for comment in issue.get_comments()]

    def line_notes(self) -> list[LineNote]:
        """Every comment on a line of the pull request."""
        with _in_words("list comments on lines"):
            pull = self._repo.get_pull(self._require_number())
            return [
                LineNote(note.path, note.line or 0, note.body or "", note.user.login)
                for note in pull.get_review_comments()
            ]

    def checks(self, head_sha: str) -> list[Check]:
        """Our checks on the commit. Checks of the same name by other apps are left out, and so are
        those of jobs of that name, which any workflow may have.
        """
        with _in_words("list checks"):
            commit = self._repo.get_commit(head_sha)
            runs = commit.get_check_runs(check_name=CHECK_NAME, filter="all")
            app = self.identity.app_slug
            ours = [_check(run) for run in runs if run.app and run.app.slug == app]
            return [check for check in ours if check.run_id is not None]

    def find_commit(self, revision: str) -> str | None:
        """The commit of a branch, tag or commit of the repository; None if it does not exist."""
        with _in_words(f"show the commit {revision}"), _if_there(also=422):
            commit = self._repo.get_commit(revision)
            commit.update()  # until then it only repeats the name
            return str(commit.sha)
        return None

    def merge_base(self, base: str, head: str) -> str:
        """Merge base of ``head`` and branch ``base``; the branch's tip if they share nothing."""
        with _in_words(f"compare {base} with {head[:12]}"):
            try:
                return str(self._repo.compare(base, head).merge_base_commit.sha)
            except GithubException as error:
                tip = self.find_commit(base) if error.status == 404 else None
                if tip is None:
                    raise
                return tip

    def role(self, login: str) -> str:
        """A person's role in the repository; ``none`` for people without one."""
        with _in_words(f"show the role of {login}"), _if_there():
            return str(self._repo.get_collaborator_role_name(login))
        return "none"

    def active_runs(self) -> list[WorkflowRun]:
        """Workflow runs that are queued or in progress, of every workflow."""
        with _in_words("list workflow runs"):
            return [
                WorkflowRun(run.id, run.path, run.display_title, run.status, run.html_url)
                for status in ("in_progress", "queued", "waiting", "pending")
                for run in self._repo.get_workflow_runs(status=status)
            ]

    @singledispatchmethod
    def apply(self, action: Action) -> None:
        """Carries out one action; raises GitHubError. What does not exist any more is ignored."""
        raise TypeError(f"unknown action {action!r}")

    @apply.register
    def _(self, action: CreateComment) -> None:
        with _in_words("create the comment"):
            self._repo.get_issue(self._require_number()).create_comment(action.body)

    @apply.register
    def _(self, action: UpdateComment) -> None:
        with _in_words("change the comment"), _if_there():
            self._comment(action.id).edit(action.body)

    @apply.register
    def _(self, action: DeleteComment) -> None:
        with _in_words("delete the comment"), _if_there():
            self._comment(action.id).delete()

    @apply.register
    def _(self, action: CreateCheck) -> None:
        with _in_words("create the check"):
            self._repo.create_check_run(
                CHECK_NAME,
                action.head_sha,
                external_id=action.external_id,
                **_check_fields(action.text),
            )

    @apply.register
    def _(self, action: UpdateCheck) -> None:
        with _in_words("change the check"):
            run = self._repo.get_check_run(action.id)
            run.edit(external_id=action.external_id, **_check_fields(action.text))

    @apply.register
    def _(self, action: React) -> None:
        with _in_words("add the reaction"), _if_there():
            self._comment(action.comment_id).create_reaction(action.content)

    @apply.register
    def _(self, action: Suggest) -> None:
        notes: list[Any] = [
            {"path": note.path, "line": note.line, "side": "RIGHT", "body": note.body}
            for note in action.notes
        ]
        with _in_words("create the suggestions"), _if_there(also=422):
            pull = self._repo.get_pull(self._require_number())
            commit = self._repo.get_commit(action.head_sha)
            body = "The changed lines as they were before accuracy fell:"
            pull.create_review(commit=commit, body=body, event="COMMENT", comments=notes)

    @apply.register
    def _(self, action: CancelRun) -> None:
        with _in_words("cancel the run"), _if_there(also=409):
            url = f"{self._repo.url}/actions/runs/{action.id}/cancel"
            self._repo.requester.requestJsonAndCheck("POST", url)  # PyGithub's cancel hides errors

    def _comment(self, comment_id: int) -> IssueComment:
        url = f"{self._repo.url}/issues/comments/{comment_id}"
        attributes = {"url": url, "id": comment_id}
        return IssueComment(self._repo.requester, {}, attributes, completed=True)

    def _require_number(self) -> int:
        if self._number is None:
            raise GitHubError("the default branch has no pull request to read or comment on")
        return self._number


@contextlib.contextmanager
def _if_there(also: int = 404) -> Iterator[None]:
    """Ignores the error that something does not exist: status 404 or ``also``."""
    try:
        yield
    except GithubException as error:
        if error.status not in (404, also):
            raise


def _pull(pull: PullRequest) -> Pull:
    return Pull(
        number=pull.number,
        is_open=pull.state == "open",
        head_sha=pull.head.sha,
        base_ref=pull.base.ref,
    )


def _comment(comment: IssueComment) -> Comment:
    return Comment(comment.id, comment.user.login, comment.body or "", comment.created_at)


def _check(run: Any) -> Check:
    return Check(
        id=run.id,
        head_sha=run.head_sha,
        conclusion=run.conclusion,
        title=run.output.title,
        summary=run.output.summary,
        external_id=run.external_id or "",
        annotations_count=run.output.annotations_count or 0,
    )


def _check_fields(text: CheckText) -> dict[str, Any]:
    annotations = [
        {"annotation_level": fields.pop("level"), **fields}
        for fields in map(asdict, text.annotations)
    ]
    return {
        "status": "completed" if text.conclusion else "in_progress",
        "conclusion": text.conclusion or NotSet,
        "output": {
            "title": text.title,
            "summary": text.summary,
            **({"annotations": annotations} if annotations else {}),
        },
    }
