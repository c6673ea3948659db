"""The only access to GitHub: reads it into plain values, and applies actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import singledispatchmethod
from typing import Any
from urllib.parse import quote

from github import GithubException
from github.GithubObject import NotSet
from github.IssueComment import IssueComment
from github.PullRequest import PullRequest

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
from bot.github.answers import (
    CheckAnswer,
    CommentAnswer,
    CommitAnswer,
    ComparisonAnswer,
    GitCommitAnswer,
    ListedPullAnswer,
    NoteAnswer,
    PullAnswer,
    RefAnswer,
    RoleAnswer,
    RunAnswer,
    read_answer,
)
from bot.github.api import Connection, if_there, in_words, list_all, open_repository, show
from bot.github.errors import GitHubError
from bot.github.values import CHECK_NAME, Check, CheckText, Comment, LineNote, Pull, WorkflowRun

__all__ = ["Client", "Connection"]

ACTIVE = ("requested", "pending", "waiting", "queued", "in_progress")
"""In the order in which a run passes through them: one that moves on meanwhile is not missed."""
NO_ROLE = "none"
ROLES = ("admin", "maintain", "write", "triage", "read", NO_ROLE)
"""GitHub's own; an organisation may have others."""
QUEUE = "heads/gh-readonly-queue/"
"""Where the merge queue keeps its branches."""


class Client:
    """One pull request's GitHub; ``number`` is None for the default branch."""

    def __init__(self, connection: Connection, number: int | None) -> None:
        self._repo = open_repository(connection)
        self._number = number
        self._pull: PullRequest | None = None
        self.identity = connection.identity

    def pull(self) -> Pull:
        """The pull request as it is now; later calls transfer it only if it changed (ETag)."""
        with in_words("show the pull request"):
            if self._pull is None:
                self._pull = self._repo.get_pull(self._require_number())
            self._pull.update()
            data = self._pull.raw_data
        return read_answer(PullAnswer, data, "show the pull request").value()

    def open_pulls(self) -> list[Pull]:
        """Every open pull request of the repository."""
        request, query = "list pull requests", {"state": "open"}
        answers = list_all(self._repo, ListedPullAnswer, request, "/pulls", query)
        return [answer.value() for answer in answers]

    def queued_commits(self) -> set[str]:
        """The commits that the merge queue waits for."""
        path = f"/git/matching-refs/{quote(QUEUE, '')}"
        answers = list_all(self._repo, RefAnswer, "list branches of the merge queue", path)
        return {answer.object.sha for answer in answers}

    def comments(self) -> list[Comment]:
        """Every comment of the conversation, oldest first."""
        path = f"/issues/{self._require_number()}/comments"
        return [
            answer.value() for answer in list_all(self._repo, CommentAnswer, "list comments", path)
        ]

    def line_notes(self) -> list[LineNote]:
        """Every comment on a line of the pull request."""
        path = f"/pulls/{self._require_number()}/comments"
        return [
            answer.value()
            for answer in list_all(self._repo, NoteAnswer, "list comments on lines", path)
        ]

    def checks(self, head_sha: str) -> list[Check]:
        """Our checks on the commit. Checks of the same name by other apps are left out, and so are
        those of jobs of that name, which any workflow may have.
        """
        path, query = f"/commits/{head_sha}/check-runs", {"check_name": CHECK_NAME, "filter": "all"}
        runs = list_all(self._repo, CheckAnswer, "list checks", path, query, key="check_runs")
        ours = [run.value() for run in runs if run.app_slug == self.identity.app_slug]
        return [check for check in ours if check.run_id is not None]

    def find_commit(self, revision: str) -> str | None:
        """The commit of a branch, tag or commit of the repository; None if it does not exist."""
        request = f"show the commit {revision}"
        with in_words(request), if_there(also=422):
            return show(self._repo, CommitAnswer, request, f"/commits/{quote(revision, '')}").sha
        return None

    def tree(self, commit: str) -> str:
        """The git tree of a commit: equal trees hold equal files."""
        request = f"show the tree of {commit[:12]}"
        with in_words(request):
            return show(self._repo, GitCommitAnswer, request, f"/git/commits/{commit}").tree.sha

    def merge_base(self, base: str, head: str) -> str:
        """Merge base of ``head`` and branch ``base``; the branch's tip if they share nothing."""
        request, path = f"compare {base} with {head[:12]}", f"/compare/{quote(base)}...{head}"
        with in_words(request):
            try:
                return show(self._repo, ComparisonAnswer, request, path).merge_base_commit.sha
            except GithubException as error:
                tip = self.find_commit(base) if error.status == 404 else None
                if tip is None:
                    raise
                return tip

    def role(self, login: str) -> str:
        """A person's role in the repository; ``none`` for people without one."""
        request, path = f"show the role of {login}", f"/collaborators/{quote(login, '')}/permission"
        with in_words(request), if_there():
            answer = show(self._repo, RoleAnswer, request, path)
            own = answer.role_name or NO_ROLE
            return own if own in ROLES else answer.permission
        return NO_ROLE

    def active_runs(self) -> list[WorkflowRun]:
        """Workflow runs that are queued or in progress, of every workflow."""
        runs = (run for status in ACTIVE for run in self._runs({"status": status}))
        return list({run.id: run for run in runs}.values())

    def runs_started_by(self, login: str, event: str, since: datetime) -> list[WorkflowRun]:
        """Workflow runs of every state that a person's events of one name started."""
        query = {"actor": login, "event": event, "created": f">={since:%Y-%m-%dT%H:%M:%SZ}"}
        return self._runs(query)

    def _runs(self, query: Mapping[str, str]) -> list[WorkflowRun]:
        request = "list workflow runs"
        answers = list_all(
            self._repo, RunAnswer, request, "/actions/runs", query, key="workflow_runs"
        )
        return [answer.value() for answer in answers]

    @singledispatchmethod
    def apply(self, action: Action) -> None:
        """Carries out one action; raises GitHubError. What does not exist any more is ignored."""
        raise TypeError(f"unknown action {action!r}")

    @apply.register
    def _(self, action: CreateComment) -> None:
        with in_words("create the comment"):
            self._repo.get_issue(self._require_number()).create_comment(action.body)

    @apply.register
    def _(self, action: UpdateComment) -> None:
        with in_words("change the comment"), if_there():
            self._comment(action.id).edit(action.body)

    @apply.register
    def _(self, action: DeleteComment) -> None:
        with in_words("delete the comment"), if_there():
            self._comment(action.id).delete()

    @apply.register
    def _(self, action: CreateCheck) -> None:
        with in_words("create the check"):
            self._repo.create_check_run(
                CHECK_NAME,
                action.head_sha,
                external_id=action.external_id,
                **_check_fields(action.text),
            )

    @apply.register
    def _(self, action: UpdateCheck) -> None:
        with in_words("change the check"):
            run = self._repo.get_check_run(action.id)
            run.edit(external_id=action.external_id, **_check_fields(action.text))

    @apply.register
    def _(self, action: React) -> None:
        with in_words("add the reaction"), if_there():
            self._comment(action.comment_id).create_reaction(action.content)

    @apply.register
    def _(self, action: Suggest) -> None:
        notes: list[Any] = [
            {"path": note.path, "line": note.line, "side": "RIGHT", "body": note.body}
            for note in action.notes
        ]
        with in_words("create the suggestions"), if_there(also=422):
            pull = self._repo.get_pull(self._require_number())
            commit = self._repo.get_commit(action.head_sha)
            body = "The changed lines as they were before accuracy fell:"
            pull.create_review(commit=commit, body=body, event="COMMENT", comments=notes)

    @apply.register
    def _(self, action: CancelRun) -> None:
        with in_words("cancel the run"), if_there(also=409):
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
