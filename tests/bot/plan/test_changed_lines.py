"""A regression points at the lines that changed, and says what they were."""

import pytest

from bot.github.values import Identity, LineNote
from bot.plan.cases import Request
from bot.plan.changed_lines import replaced_lines
from bot.plan.planning import Suite, plan_range
from bot.plan.values import ChangedLine
from bot.publish.publication import check_text
from bot.publish.suggestions import decide_suggestions, note_body
from bot.report.markdown import render_markdown
from bot.run.demo import make_repository
from core.finding import Finding
from examples.scenarios import DEMOS
from tests.bot.builders import judge, make_plan, make_result

LINE = ChangedLine(
    file="deploy/qat.yaml", line=3, text="  weight_bits: 4", before="  weight_bits: 8"
)
WHO = Identity()


def make_report(folder, bad=True):
    plan = make_plan().model_copy(update={"changed_lines": (LINE,)})
    quality = {"head qat": 0.8} if bad else None
    return judge(folder, {"m0.qat": make_result(folder, quality=quality)}, plan)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", [(2, "B", "b")]),
        ("a\nb\n", "x\ny\n", [(1, "x", "a"), (2, "y", "b")]),
        ("a\nb\n", "a\n", []),
        ("a\n", "a\nb\n", []),
        ("a\nb\n", "a\nx\ny\n", []),  # one line became two: not one for one
        ("a\n", "a\n", []),
    ],
)
def test_lines_that_replace_others(old, new, found):
    assert list(replaced_lines(old, new)) == found


def test_the_plan_holds_the_changed_lines(tmp_path):
    repo = make_repository(DEMOS["seg"], tmp_path / "suite")
    plan, _ = plan_range(Suite("example-seg", repo), "main", "regression", Request())
    (line,) = plan.changed_lines
    assert (line.text.strip(), line.before.strip()) == ("weight_bits: 4", "weight_bits: 8")
    assert (repo / line.file).read_text().splitlines()[line.line - 1] == line.before


def test_a_regression_is_noted_at_its_line(tmp_path):
    report = make_report(tmp_path)
    (finding,) = report.cases[0].findings
    assert (finding.file, finding.line, finding.fix) == (LINE.file, 3, LINE.before)
    (annotation,) = check_text(report).annotations
    assert (annotation.path, annotation.start_line, annotation.level) == (LINE.file, 3, "failure")
    assert "This line was" in render_markdown(report)


def test_a_success_has_no_findings(tmp_path):
    assert make_report(tmp_path, bad=False).cases[0].findings == ()


def test_each_fix_is_suggested_once(tmp_path):
    report = make_report(tmp_path)
    suggestion = decide_suggestions(report, [], WHO)
    (note,) = suggestion.notes
    assert "```suggestion\n  weight_bits: 8\n```" in note.body
    ours = LineNote(note.path, note.line, note.body, WHO.login)
    assert decide_suggestions(report, [ours], WHO) is None
    forged = LineNote(note.path, note.line, note.body, "eve")
    assert decide_suggestions(report, [forged], WHO) == suggestion


def test_a_fix_cannot_break_out_of_its_block():
    finding = Finding(code="SG900", severity="error", message="@eve `x`", file="f", line=1)
    body = note_body(finding, "a: '```'")
    assert "````suggestion\na: '```'\n````" in body
    assert "@eve" not in body
