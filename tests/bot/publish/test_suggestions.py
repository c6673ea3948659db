"""Fixes are suggested on the lines that changed: each once, and none breaks out of its block."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.values import Identity, LineNote
from bot.publish.suggestions import (
    MAX_SUGGESTIONS,
    decide_suggestions,
    note_body,
    wanted_notes,
)
from core.finding import Finding
from tests.bot.builders import judge, make_result

IDENTITY = Identity()


def finding(line=3, fix="  weight_bits: 8", file="deploy/qat.yaml", message="bits fell"):
    return Finding(code="SG501", severity="error", message=message, file=file, line=line, fix=fix)


@pytest.fixture
def report(tmp_path):
    """A report whose only case has the findings that a test gives it."""
    base = judge(tmp_path, {"m0.qat": make_result(tmp_path)})

    def make(*findings, cases=1):
        case = base.cases[0].model_copy(update={"findings": findings})
        return base.model_copy(update={"cases": (case,) * cases})

    return make


def test_a_fix_becomes_a_note_on_its_line(report):
    suggestion = decide_suggestions(report(finding()), [], IDENTITY)
    assert suggestion.head_sha == "b" * 40
    (note,) = suggestion.notes
    assert (note.path, note.line, note.author) == ("deploy/qat.yaml", 3, "")
    assert "SG501: bits fell" in note.body
    assert note.body.endswith("```suggestion\n  weight_bits: 8\n```\n")


@pytest.mark.parametrize("parts", [{"line": None}, {"fix": None}])
def test_a_finding_without_a_line_or_a_fix_suggests_nothing(report, parts):
    assert decide_suggestions(report(finding(**parts)), [], IDENTITY) is None


def test_a_line_is_noted_once_for_all_its_cases_and_findings(report):
    notes = list(wanted_notes(report(finding(), finding(message="x"), finding(line=4), cases=3)))
    assert [note.line for note in notes] == [3, 4]


def test_a_suggestion_of_ours_is_not_repeated(report):
    bad = report(finding(), finding(line=4))
    first, second = decide_suggestions(bad, [], IDENTITY).notes
    ours = LineNote("moved", 9, first.body.replace("\n", "\r\n"), IDENTITY.login)
    assert decide_suggestions(bad, [ours], IDENTITY).notes == (second,)


def test_a_suggestion_of_somebody_else_does_not_count(report):
    bad = report(finding())
    suggestion = decide_suggestions(bad, [], IDENTITY)
    forged = LineNote("f", 3, suggestion.notes[0].body, "eve")
    assert decide_suggestions(bad, [forged], IDENTITY) == suggestion


def test_another_message_is_the_same_suggestion_and_another_fix_is_not(report):
    (note,) = wanted_notes(report(finding()))
    ours = [LineNote(note.path, note.line, note.body, IDENTITY.login)]
    assert decide_suggestions(report(finding(message="12 points")), ours, IDENTITY) is None
    assert decide_suggestions(report(finding(fix="other")), ours, IDENTITY) is not None


def test_at_most_ten_fixes_are_suggested_at_once(report):
    many = report(*(finding(line=line) for line in range(1, 30)))
    assert len(decide_suggestions(many, [], IDENTITY).notes) == MAX_SUGGESTIONS


@given(st.text("`a \n", max_size=40))
def test_a_fix_cannot_close_its_block(fix):
    body = note_body(finding(), fix)
    opening = re.search(r"^(`+)suggestion$", body, re.MULTILINE)
    assert opening[1] not in fix
    assert body.endswith(f"{opening[0]}\n{fix}\n{opening[1]}\n")


def test_a_message_is_escaped():
    body = note_body(finding(message="@eve <b>`x`"), "y")
    assert not any(part in body for part in ("@eve", "<b>", "`x`"))


@pytest.mark.parametrize("mark", ["\r", "\n", "\v", "\u2028", "\x85", "\u202e", "\u200b", "\x1b"])
def test_a_fix_that_is_not_one_visible_line_is_not_suggested(report, mark):
    assert list(wanted_notes(report(finding(fix="a\tb"))))
    assert not list(wanted_notes(report(finding(fix=f"a{mark}b"))))


def test_a_fix_that_no_comment_has_room_for_is_not_suggested(report):
    assert list(wanted_notes(report(finding(fix="é" * 32_000))))
    assert not list(wanted_notes(report(finding(fix="é" * 33_000))))
