"""What a person reads of a plan on the terminal, and what untrusted text cannot do there."""

from bot.plan.values import Affected, KeyChange, Reason, Skipped
from bot.report.plan_terminal import LINES, print_plan
from tests.bot.builders import make_plan, plan_candidates
from tests.bot.report.test_terminal import COMMANDS, printed


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


def test_programs_are_listed_before_the_jobs_that_they_can_settle():
    lines = printed(print_plan, plan_candidates("a", "b", jobs=1)).splitlines()
    assert lines[-6:] == [
        "2 programs to compare before any job",
        "  configs/a.yml",
        "  configs/b.yml",
        "1 job, quick budget",
        "  m0.qat  because of configs/a.yml, unless its program is the same",
        "0 not run",
    ]


def test_changed_keys_come_after_the_configs():
    change = KeyChange(key="iters", before="20", after="21", file="base.yml", line=3)
    plan = make_plan()
    (item,) = plan.affected
    item = item.model_copy(update={"changes": (change,)})
    lines = printed(print_plan, plan.model_copy(update={"affected": (item,)})).splitlines()
    assert lines[3:5] == ["1 key changed", "  iters: 20 → 21 (base.yml:3, 1 config)"]
