"""What a person reads on the terminal, and what untrusted text cannot do there."""

import io

from rich.console import Console

from bot.report.terminal import print_report
from tests.bot.report.builders import make_report


def printed(show, value, width=140):
    stream = io.StringIO()
    show(value, Console(file=stream, width=width, highlight=False))
    return stream.getvalue()


def test_a_success_is_its_headline_and_the_table(tmp_path):
    lines = printed(print_report, make_report(tmp_path)).splitlines()
    assert lines[0] == "Accuracy is within its limits for the one affected case."
    row = next(line for line in lines if "m0.qat" in line)
    assert "mIoU 81.91 → 80.2" in row
    assert "Next:" not in "\n".join(lines)


def test_what_did_not_pass_is_named_with_the_next_step(tmp_path):
    text = printed(print_report, make_report(tmp_path, quality={"head qat": 0.8}))
    assert "\nm0.qat: compressed: head against base: accuracy fell by 13.53 points" in text
    assert text.splitlines()[-1].startswith("Next: Undo or correct the change in deploy/qat.yaml")


def test_a_report_without_cases_has_no_table(tmp_path):
    report = make_report(tmp_path).model_copy(update={"cases": (), "headline": "Nothing."})
    assert printed(print_report, report) == "Nothing.\n"


def test_control_characters_and_markup_are_not_carried_out(tmp_path):
    report = make_report(tmp_path, quality={"head qat": 0.8})
    (case,) = report.cases
    case = case.model_copy(update={"label": "\x1b]0;x\x07[red]m[/red]", "headline": "\x1b[2Jgone"})
    evil = {"cases": (case,), "headline": "\x1b[31mred", "next_step": "\r[bold]x"}
    text = printed(print_report, report.model_copy(update=evil))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[red]m[/red]" in text
    assert "Next: [bold]x" in text


COMMANDS = "::error::x##[group]"


def test_no_line_of_a_report_is_a_command_of_a_runner(tmp_path):
    report = make_report(tmp_path, quality={"head qat": 0.8})
    (case,) = report.cases
    case = case.model_copy(update={"label": COMMANDS, "headline": COMMANDS})
    evil = {"cases": (case,), "headline": COMMANDS, "next_step": COMMANDS}
    for width in (60, 100, 140):
        text = printed(print_report, report.model_copy(update=evil), width)
        assert not [line for line in text.split("\n") if line.strip().startswith("::")]
        assert "##[" not in text
    assert "\n: :error: :x# #[group]: : :error: :x# #[group]\n" in text
    assert "\nNext: : :error: :x# #[group]\n" in text
