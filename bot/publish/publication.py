"""Turns a report into one comment and one check on GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.github.actions import Action
from bot.github.client import Client
from bot.github.errors import GitHubError
from bot.github.values import Annotation, Check, CheckText, Comment, Identity, Pull
from bot.publish.check import decide_check, newest_check, run_of
from bot.publish.comment import REPORT, Marker, compose, decide_comment, own_comments
from bot.publish.converge import converge
from bot.publish.suggestions import decide_suggestions, wanted_notes
from bot.report.markdown import render_markdown
from bot.report.report import Report
from bot.text.escape import code, one_line
from bot.text.limits import MAX_COMMENT_BYTES, MAX_SUMMARY_BYTES, size
from core.canonical import content_hash


@dataclass(frozen=True)
class Origin:
    """The workflow run that publishes: its id and the address of its page."""

    run_id: int
    url: str


@dataclass(frozen=True)
class PullState:
    """A pull request on GitHub as it is now, with its comments and our checks on the measured
    commit.
    """

    pull: Pull
    comments: tuple[Comment, ...]
    checks: tuple[Check, ...]


def publish_report(report: Report, origin: Origin, client: Client, trend: str = "") -> None:
    """Brings GitHub up to date; publishing again changes nothing. ``trend`` is Markdown that is
    added to the comment if there is room. Raises GitHubError, once the check is concluded if GitHub
    refused the comment only, as in a locked conversation.
    """

    def read() -> PullState:
        return PullState(client.pull(), tuple(client.comments()), tuple(client.checks(report.head)))

    publication = Publication(report, origin, trend)
    try:
        state = converge(
            read,
            lambda current: decide_publication(publication, current, client.identity),
            client,
        )
    except GitHubError:
        converge(
            lambda: client.checks(report.head),
            lambda checks: _decide_check(publication, checks),
            client,
        )
        raise
    if state.pull.head_sha == report.head and any(wanted_notes(report)):
        suggestion = decide_suggestions(report, client.line_notes(), client.identity)
        if suggestion is not None:
            client.apply(suggestion)


def publish_comparison(report: Report, subject: str, origin: Origin, client: Client) -> None:
    """Writes the comment of the comparison that is about ``subject``; the check and the report do
    not change.
    """
    marker = Marker(f"compare-{content_hash(subject)[:12]}")
    body = comment_body(report, origin, marker, report.head)
    converge(
        client.comments,
        lambda comments: decide_comment(marker, body, comments, client.identity),
        client,
    )


def publish_check(report: Report, origin: Origin, client: Client) -> None:
    """Writes the check only, for a commit of the merge queue. Raises GitHubError."""
    text = check_text(report)
    converge(
        lambda: client.checks(report.head),
        lambda checks: decide_check(text, origin.run_id, report.head, checks),
        client,
    )


@dataclass(frozen=True)
class Publication:
    """A report with its texts, each rendered once however often GitHub is read."""

    report: Report
    origin: Origin
    trend: str = ""

    @cached_property
    def check(self) -> CheckText:
        return check_text(self.report)

    @cached_property
    def marker(self) -> Marker:
        return Marker(REPORT, self.report.head, loudness(self.report))

    @cached_property
    def body(self) -> str:
        """The comment while the measured commit is the head."""
        return self.late_body(self.report.head)

    def late_body(self, live: str) -> str:
        """The comment once another commit, ``live``, is the head."""
        return comment_body(self.report, self.origin, self.marker, live, self.trend)


def decide_publication(
    publication: Publication, state: PullState, identity: Identity
) -> list[Action]:
    """Comment first, check last: a crash in between leaves the check open, never green. No
    action if the check reports a newer run of the same commit, which publishes its own results.
    """
    if _is_overtaken(publication, state.checks):
        return []
    check = _decide_check(publication, state.checks)
    return [*_decide_comment(publication, state, identity), *check]


def _is_overtaken(publication: Publication, checks: Sequence[Check]) -> bool:
    newer = run_of(newest_check(checks))
    return newer is not None and newer > publication.origin.run_id


def _decide_check(publication: Publication, checks: Sequence[Check]) -> list[Action]:
    if _is_overtaken(publication, checks):
        return []
    run_id, head = publication.origin.run_id, publication.report.head
    return decide_check(publication.check, run_id, head, checks)


def _decide_comment(publication: Publication, state: PullState, identity: Identity) -> list[Action]:
    """The actions on the comment. Once the head has moved on: none if a comment reports the new
    head already, or if the old run has no results, as when it was stopped for the new head.
    """
    report, live = publication.report, state.pull.head_sha
    if report.head == live:
        return decide_comment(publication.marker, publication.body, state.comments, identity)
    newer = any(own.marker.key == live for own in own_comments(state.comments, identity, REPORT))
    if newer or report.conclusion == "action_required":
        return []
    return decide_comment(publication.marker, publication.late_body(live), state.comments, identity)


def comment_body(report: Report, origin: Origin, marker: Marker, live: str, trend: str = "") -> str:
    """The report under its marker, with a banner if the head has moved on. What does not fit is
    dropped: first the trend, then details in the order of ``render_markdown``.
    """
    head, base, now = (code(name[:12]) for name in (report.head, report.base, live))
    banner = ""
    if report.head != live:
        banner = f"> ⏳ This report is about {head}; the head is now {now}."
    footer = (
        f"\n<sub>{head} against {base} · [full report]({origin.url}#artifacts) · "
        "commands: `/rebench help`</sub>\n"
    )
    room = MAX_COMMENT_BYTES - size(compose(marker, banner, footer))
    text = render_markdown(report, room)
    chart = trend if size(text) + size(trend) <= room else ""
    return compose(marker, banner, text + chart + footer)


def loudness(report: Report) -> str:
    """A hash of the set of regressed cases; ``-`` if it is empty."""
    failed = sorted(case.id for case in report.cases if case.conclusion == "failure")
    return content_hash(failed)[:12] if failed else "-"


def check_text(report: Report) -> CheckText:
    """The check: the report's conclusion, headline and Markdown."""
    return CheckText(
        conclusion=report.conclusion,
        title=one_line(report.headline),
        summary=render_markdown(report, MAX_SUMMARY_BYTES),
        annotations=tuple(_annotations(report)),
    )


def _annotations(report: Report) -> Iterator[Annotation]:
    """Findings with a line, as annotations of it; GitHub shows them as plain text."""
    levels = {"error": "failure", "warning": "warning", "note": "notice"}
    for case in report.cases:
        for finding in case.findings:
            if finding.line is not None:
                yield Annotation(
                    path=finding.file,
                    start_line=finding.line,
                    end_line=finding.line,
                    level=levels[finding.severity],
                    title=one_line(f"{finding.code}: {case.id}"),
                    message=one_line(finding.message),
                )
