"""Decides which fixes to suggest on changed lines: each fix once while its note exists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.github.actions import Suggest
from bot.github.values import Identity, LineNote
from bot.publish.comment import Marker
from bot.report.report import Report
from bot.text.escape import escape_markdown, visible
from bot.text.limits import MAX_COMMENT_BYTES, size
from core.canonical import content_hash
from core.finding import Finding

MAX_SUGGESTIONS = 10


def decide_suggestions(
    report: Report, notes: Iterable[LineNote], identity: Identity
) -> Suggest | None:
    """One review with the suggestions that are not posted yet; None if there are none."""
    posted = {_first_line(note) for note in notes if note.author == identity.login}
    missing = [note for note in wanted_notes(report) if _first_line(note) not in posted]
    return Suggest(report.head, tuple(missing[:MAX_SUGGESTIONS])) if missing else None


def _first_line(note: LineNote) -> str:
    return note.body.replace("\r\n", "\n").partition("\n")[0]


def wanted_notes(report: Report) -> Iterator[LineNote]:
    """One note for each line, however many cases regressed through it. A fix that Markdown cannot
    carry as one line of visible characters is not suggested.
    """
    places = set()
    for finding in (finding for case in report.cases for finding in case.findings):
        if finding.line is not None and finding.fix is not None:
            place = (finding.file, finding.line)
            body = note_body(finding, finding.fix)
            if place not in places and _suggestable(finding.fix, body):
                places.add(place)
                yield LineNote(finding.file, finding.line, body)


def _suggestable(fix: str, body: str) -> bool:
    return visible(fix, keep="\t") == fix and size(body) <= MAX_COMMENT_BYTES


def note_body(finding: Finding, fix: str) -> str:
    """The marker, the finding, and a block that GitHub can apply, with a fence longer than any
    inside. The same line with the same fix has the same marker, whatever the measured numbers.
    """
    key = content_hash([finding.code, finding.file, finding.line, fix])[:12]
    longest = max((len(run) for run in re.findall(r"`+", fix)), default=0)
    bars = "`" * max(3, longest + 1)
    text = escape_markdown(finding.message, 600)
    marker = Marker(f"suggestion-{key}")
    return f"{marker}\n{finding.code}: {text}\n\n{bars}suggestion\n{fix}\n{bars}\n"
