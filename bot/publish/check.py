"""Decides how our check on a commit changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.github.actions import Action, CreateCheck, UpdateCheck
from bot.github.values import MAX_ANNOTATIONS, Annotation, Check, CheckText
from bot.text.limits import MAX_MESSAGE_BYTES, MAX_SUMMARY_BYTES, MAX_TITLE_BYTES, cut

SUPERSEDED = CheckText("neutral", "Superseded", "A newer run measures this commit.")


def external_id(run_id: int) -> str:
    """The external id of a check; it names the workflow run whose results the check reports."""
    return f"run-{run_id}"


def run_of(check: Check | None) -> int | None:
    """The workflow run whose results a check of ours reports; None without such a check."""
    return check.run_id if check else None


def newest_check(checks: Sequence[Check]) -> Check | None:
    """The check that GitHub shows: the one with the highest id; None without checks."""
    return max(checks, key=lambda check: check.id, default=None)


def decide_check(
    text: CheckText, run_id: int, head_sha: str, checks: Sequence[Check]
) -> list[Action]:
    """The actions after which the newest check of the commit says ``text``, of this run or a later
    one, and no older check is in progress.
    """
    text = within_limits(text)
    ours = sorted(checks, key=lambda check: check.id)
    again = bool(ours) and ours[-1].conclusion is not None and text.conclusion is None
    if not ours or again:  # GitHub shows the newest; a completed one is not opened again
        return [CreateCheck(head_sha, text, external_id(run_id))]
    *older, newest = ours
    actions: list[Action] = [
        UpdateCheck(check.id, SUPERSEDED, check.external_id)
        for check in older
        if check.conclusion is None
    ]
    if _differs(newest, text) or (newest.run_id or 0) < run_id:
        annotated = newest.annotations_count > 0  # GitHub adds annotations, and never replaces them
        fresh = replace(text, annotations=()) if annotated else text
        actions.append(UpdateCheck(newest.id, fresh, external_id(run_id)))
    return actions


def _differs(check: Check, text: CheckText) -> bool:
    return (check.conclusion, check.title, check.summary) != (
        text.conclusion,
        text.title,
        text.summary,
    )


def within_limits(text: CheckText) -> CheckText:
    """The text as GitHub takes it: each part cut to its limit, no more annotations than allowed."""
    return replace(
        text,
        title=cut(text.title, MAX_TITLE_BYTES),
        summary=cut(text.summary, MAX_SUMMARY_BYTES),
        annotations=tuple(map(_annotation, text.annotations[:MAX_ANNOTATIONS])),
    )


def _annotation(annotation: Annotation) -> Annotation:
    return replace(
        annotation,
        title=cut(annotation.title, MAX_TITLE_BYTES),
        message=cut(annotation.message, MAX_MESSAGE_BYTES),
    )
