"""Turns a report into what is to be on GitHub: one comment and one check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.github.actions import Action
from bot.github.client import Client
from bot.github.values import (
    MAX_BODY_CHARACTERS,
    Annotation,
    Check,
    CheckText,
    Comment,
    Identity,
    Pull,
)
from bot.publish.check import decide_check, newest_check, run_of
from bot.publish.comment import REPORT, Marker, compose, decide_comment, own_comments
from bot.publish.converge import converge
from bot.publish.suggestions import decide_suggestions, wanted_notes
from bot.report.markdown import render_markdown
from bot.report.report import Report
from bot.text.escape import visible
from core.canonical import content_hash


@dataclass(frozen=True)
class Origin:
    """The workflow run that publishes: its number and the address of its page."""

    run_id: int
    url: str


@dataclass(frozen=True)
class PullState:
    """What is on GitHub of one pull request: as it is now, its comments, our checks on the
    commit that was measured.
    """

    pull: Pull
    comments: tuple[Comment, ...]
    checks: tuple[Check, ...]


def publish_report(report: Report, origin: Origin, client: Client, trend: str = "") -> None:
    """Brings GitHub up to date; raises GitHubError. Publishing again changes nothing. ``trend``
    is Markdown that the comment gets if there is room.
    """

    def look() -> PullState:
        return PullState(client.pull(), tuple(client.comments()), tuple(client.checks(report.head)))

    publication = Publication(report, origin, trend)
    state = converge(
        look,
        lambda current: decide_publication(publication, current, client.identity),
        client,
    )
    if state.pull.head_sha == report.head and any(wanted_notes(report)):
        suggestion = decide_suggestions(report, client.line_notes(), client.identity)
        if suggestion is not None:
            client.apply(suggestion)


def publish_comparison(report: Report, against: str, origin: Origin, client: Client) -> None:
    """A comment for each revision compared with; the check and the report are left alone."""
    marker = Marker(f"compare-{content_hash(against)[:12]}")
    body = comment_body(report, origin, marker, report.head)
    converge(
        client.comments,
        lambda comments: decide_comment(marker, body, comments, client.identity),
        client,
    )


@dataclass(frozen=True)
class Publication:
    """A report with its texts, which are rendered once however often GitHub is looked at."""

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
        """The comment while the head is what was measured."""
        return self.late_body(self.report.head)

    def late_body(self, live: str) -> str:
        """The comment once the head is ``live``."""
        return comment_body(self.report, self.origin, self.marker, live, self.trend)


def decide_publication(
    publication: Publication, state: PullState, identity: Identity
) -> list[Action]:
    """Comment first, check last: a crash in between leaves the check open, never green. Nothing, if
    a newer run of the same commit has the check: it tells what there is to tell.
    """
    run_id, head = publication.origin.run_id, publication.report.head
    newer = run_of(newest_check(state.checks))
    if newer is not None and newer > run_id:
        return []
    check = decide_check(publication.check, run_id, head, state.checks)
    return [*_decide_comment(publication, state, identity), *check]


def _decide_comment(publication: Publication, state: PullState, identity: Identity) -> list[Action]:
    """The comment; once the head has moved on, left alone if it tells of the new head already, or
    if there is little to tell of the old one, as when its run was stopped for the new one.
    """
    report, live = publication.report, state.pull.head_sha
    if report.head == live:
        return decide_comment(publication.marker, publication.body, state.comments, identity)
    newer = any(own.marker.key == live for own in own_comments(state.comments, identity, REPORT))
    if newer or report.conclusion == "action_required":
        return []
    return decide_comment(publication.marker, publication.late_body(live), state.comments, identity)


def comment_body(report: Report, origin: Origin, marker: Marker, live: str, trend: str = "") -> str:
    """The report under its marker, with a banner if the head has moved on. Without room for all,
    the trend goes first, then what ``render_markdown`` says.
    """
    banner = ""
    if report.head != live:
        banner = f"> ⏳ This is about `{report.head[:12]}`; the head is `{live[:12]}` now."
    footer = (
        f"\n<sub>`{report.head[:12]}` against `{report.base[:12]}` · "
        f"[full report]({origin.url}#artifacts) · commands: `/rebench help`</sub>\n"
    )
    room = MAX_BODY_CHARACTERS - len(compose(marker, banner, footer))
    text = render_markdown(report, room)
    chart = trend if len(text) + len(trend) <= room else ""
    return compose(marker, banner, text + chart + footer)


def loudness(report: Report) -> str:
    """A name for the set of regressed cases; ``-`` if there is none."""
    failed = sorted(case.id for case in report.cases if case.conclusion == "failure")
    return content_hash(failed)[:12] if failed else "-"


def check_text(report: Report) -> CheckText:
    """The check: the report's conclusion, headline and Markdown."""
    return CheckText(
        conclusion=report.conclusion,
        title=report.headline[:250],
        summary=render_markdown(report, MAX_BODY_CHARACTERS - 1),
        annotations=tuple(_annotations(report)),
    )


def _annotations(report: Report) -> Iterator[Annotation]:
    """Findings with a line, as notes on it. GitHub shows them as plain text."""
    levels = {"error": "failure", "warning": "warning", "note": "notice"}
    for case in report.cases:
        for finding in case.findings:
            if finding.line is not None:
                yield Annotation(
                    path=finding.file,
                    start_line=finding.line,
                    end_line=finding.line,
                    level=levels[finding.severity],
                    title=f"{finding.code}: {case.id}",
                    message=visible(finding.message),
                )
