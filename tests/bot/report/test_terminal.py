"""What a person reads on the terminal, and what untrusted text cannot do there."""

import io

from rich.console import Console

from bot.plan.values import Affected, Reason, Skipped
from bot.report.terminal import LINES, print_plan, print_report
from tests.bot.builders import make_plan
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


def test_a_plan_lists_what_differs_what_runs_and_what_does_not():
    assert printed(print_plan, make_plan(2)).splitlines() == [
        "s: aaaaaaaaaaaa..bbbbbbbbbbbb",
        "1 config affected",
        "  deploy/qat.yaml  modified, compression: TrainConfig.epochs",
        "2 jobs, quick budget",
        "  m0.qat  because of deploy/qat.yaml",
        "  m1.qat  because of deploy/qat.yaml",
        "1 not run",
        "  only training keys differ: x.qat",
    ]


def test_an_inherited_change_names_the_files_through_which_it_came():
    affected = Affected(
        config="configs/m.yml",
        change="modified",
        reasons=tuple(Reason(changed=f"base{n}.yml") for n in range(5)),
        keys=tuple(f"k{n}" for n in range(6)),
        impact="graph",
    )
    text = printed(print_plan, make_plan().model_copy(update={"affected": (affected,)}))
    assert (
        "configs/m.yml  modified, graph: k0, k1, k2, k3 and 2 more"
        "  (through base0.yml, base1.yml, base2.yml and 2 more)" in text
    )
    cut = affected.model_copy(update={"more_reasons": 40, "more_keys": 900})
    text = printed(print_plan, make_plan().model_copy(update={"affected": (cut,)}))
    assert "k3 and 902 more  (through base0.yml, base1.yml, base2.yml and 42 more)" in text


def test_long_lists_are_cut_and_equal_reasons_share_a_line():
    skipped = tuple(Skipped(case=f"x{n}", reason="too many") for n in range(10))
    plan = make_plan(LINES + 5).model_copy(update={"skipped": skipped})
    text = printed(print_plan, plan)
    assert "  … and 5 more (--format json shows all)" in text
    assert "  too many: x0, x1, x2 and 7 more" in text


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


def test_no_line_of_a_plan_is_a_command_of_a_runner():
    plan = make_plan()
    (affected,), (job,) = plan.affected, plan.jobs
    evil = {
        "suite": COMMANDS,
        "affected": (affected.model_copy(update={"config": COMMANDS}),),
        "jobs": (job.model_copy(update={"because": (COMMANDS,)}),),
        "skipped": (Skipped(case=COMMANDS, reason=COMMANDS),),
    }
    lines = printed(print_plan, plan.model_copy(update=evil)).split("\n")
    assert lines[0].startswith(": :error: :x# #[group]: ")
    assert lines[2].startswith("  : :error: :x# #[group]  modified")
    assert lines[6] == "  : :error: :x# #[group]: : :error: :x# #[group]"
    assert not [line for line in lines if "::" in line or "##[" in line]
