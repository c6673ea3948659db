"""The plan for a change: what runs, what is skipped and why, and what is bad input."""

import json
from pathlib import Path

import pytest

from bot.plan.cases import Request
from bot.plan.make import make_plan
from bot.plan.values import Plan
from compress.manifest import bundled_suites
from core.errors import InputError
from core.git import open_repo
from core.schema import load_json, write_json
from tests.bot.plan.conftest import FILES, MANIFEST

MORE = """  - name: n
    config: configs/m/far.yml
    recipes: [{name: ptq, file: "slimgate:ptq.yaml"}]
"""


def jobs(made):
    return [job.id for job in made.jobs]


def test_formatting_affects_nothing(plan):
    made = plan(
        {
            "configs/_base_/data.yml": "# new\nval_dataset:\n  dataset_root: 'data/x'\n"
            "iters: 10\nbatch_size:   2\n"
        }
    )
    assert made.affected == ()
    assert made.jobs == ()


def test_a_base_reaches_every_heir_with_reason_keys_and_impact(plan):
    made = plan(
        {"configs/_base_/data.yml": FILES["configs/_base_/data.yml"].replace("data/x", "data/y")}
    )
    affected = {a.config: a for a in made.affected}
    assert set(affected) == {
        "configs/_base_/data.yml",
        "configs/_base_/mid.yml",
        "configs/m/m.yml",
        "configs/m/other.yml",
        "deploy/data.yml",
    }
    heir = affected["configs/m/m.yml"]
    assert heir.reasons[0].changed == "configs/_base_/data.yml"
    assert heir.reasons[0].via == ("configs/_base_/mid.yml",)
    assert heir.keys == ("val_dataset.dataset_root",)
    assert (heir.impact, heir.change) == ("evaluation", "modified")
    assert jobs(made) == ["m.qat", "unlisted-configs-m-other.ptq"]


def test_an_overridden_key_does_not_reach_the_heir(plan):
    plan.base = plan.suite.commit(
        {"configs/m/far.yml": "_base_: ../_base_/data.yml\nbatch_size: 9\nmodel: {type: C}\n"}
    )
    made = plan({"configs/_base_/data.yml": FILES["configs/_base_/data.yml"].replace("2", "3")})
    assert "configs/m/far.yml" not in {a.config for a in made.affected}


def test_training_keys_are_listed_but_not_run_unless_asked(plan):
    change = {"configs/_base_/mid.yml": FILES["configs/_base_/mid.yml"].replace("0.1", "0.2")}
    made = plan(change)
    assert {a.impact for a in made.affected} == {"training"}
    assert jobs(made) == []
    assert any("only training keys" in s.reason for s in made.skipped)
    assert jobs(plan(change, training_too=True)) == ["m.qat", "unlisted-configs-m-other.ptq"]


def test_a_recipe_runs_its_case_and_global_keys_do_not(plan):
    changed = FILES["deploy/qat.yaml"].replace("epochs: 1", "epochs: 2")
    assert jobs(plan({"deploy/qat.yaml": changed})) == ["m.qat"]
    moved = FILES["deploy/qat.yaml"].replace("model_dir: a", "model_dir: b")
    assert jobs(plan({"deploy/qat.yaml": moved})) == []


def test_a_new_model_has_no_base_and_gets_the_default_recipe(plan):
    made = plan({"configs/m/new.yml": "model: {type: D}\n"})
    assert jobs(made) == ["unlisted-configs-m-new.ptq"]
    assert set(made.jobs[0].sides) == {"head"}
    assert "is new" in made.jobs[0].base_problem


def test_a_removed_model_is_skipped(plan):
    made = plan({"configs/m/far.yml": None})
    assert made.affected[0].change == "removed"
    assert made.jobs == ()
    assert "removed" in made.skipped[0].reason


def test_what_was_broken_before_is_not_this_changes_fault(plan):
    plan.base = plan.suite.commit({"deploy/data.yml": "a: [1\n"})
    made = plan({"deploy/data.yml": "_base_: ../configs/_base_/data.yml\n"})
    assert jobs(made) == ["m.qat"]
    assert "broken before this change" in made.jobs[0].base_problem


@pytest.mark.parametrize(
    ("files", "file", "problem"),
    [
        (
            {"configs/m/m.yml": "_base_: ../_base_/gone.yml\nmodel: {}"},
            "configs/m/m.yml",
            "_base_: the base configs/_base_/gone.yml does not exist",
        ),
        (
            {"configs/_base_/data.yml": "_base_: mid.yml"},
            "configs/_base_/mid.yml",
            "_base_: the bases form a cycle",
        ),
        ({"configs/m/m.yml": "model: {"}, "configs/m/m.yml", "not valid YAML"),
        ({"deploy/qat.yaml": "QuantAwares: {}"}, "deploy/qat.yaml", "QuantAwares: unknown section"),
        ({"deploy/qat.yaml": "{"}, "deploy/qat.yaml", "not valid YAML"),
        (
            {"configs/m/m.yml": "_base_: ../../../etc/x.yml"},
            "configs/m/m.yml",
            "_base_: the base '../../../etc/x.yml' lies outside the suite",
        ),
        (
            {"configs/m/m.yml": "_base_: ../_base_/mid.yml\nmodel: {type: Aa, num_classes: 2}\n"},
            "configs/m/m.yml",
            "model.type: the suite has no class 'Aa'; did you mean 'A'?",
        ),
        ({"deploy/data.yml": None}, "deploy/data.yml", "no such file in this revision"),
        ({"deploy/data.yml": "# nothing\n"}, "deploy/data.yml", "is empty"),
    ],
)
def test_a_config_that_a_change_breaks_is_a_row_and_the_others_are_planned(
    plan, files, file, problem
):
    plan.path.write_text(MANIFEST + MORE)
    made = plan({**files, "configs/m/far.yml": "model: {type: D}\n"})
    assert "n.ptq" in jobs(made)
    (row,) = (skipped for skipped in made.skipped if skipped.case == "m.qat")
    assert row.reason.startswith(f"bad input: {file}: {problem}")
    assert row.needed


def test_a_broken_file_is_one_row_with_the_number_of_its_heirs(plan):
    made = plan({"configs/_base_/data.yml": "batch_size: !Two 2\n"})
    (row,) = (skipped for skipped in made.skipped if skipped.config)
    assert row.config == "configs/_base_/data.yml"
    assert row.reason == (
        "bad input: batch_size: the tag !Two is not known to PaddleSeg; "
        "so is every config that inherits from it (4)"
    )
    assert row.needed
    assert {item.config for item in made.affected} == {
        "configs/_base_/data.yml",
        "configs/_base_/mid.yml",
        "configs/m/m.yml",
        "configs/m/other.yml",
        "deploy/data.yml",
    }


def test_a_file_that_was_broken_before_does_not_keep_the_gate_from_passing(plan):
    plan.base = plan.suite.commit({"configs/m/far.yml": "model: {type: Gone}\n"})
    made = plan({"configs/m/far.yml": "model: {type: Gone, num_classes: 3}\n"})
    (row,) = made.skipped
    assert (row.config, row.needed) == ("configs/m/far.yml", False)
    assert row.reason == "broken before this change: model.type: the suite has no class 'Gone'"


def test_what_a_change_does_to_the_words_of_a_broken_file_affects_nothing(plan):
    plan.base = plan.suite.commit({"configs/m/far.yml": "model: {type: Gone}\n"})
    assert plan({"configs/m/far.yml": "model: {type: 'Gone'}\n"}).affected == ()


def test_models_are_filtered_and_a_wrong_pattern_lists_the_names(plan):
    change = {
        "configs/_base_/data.yml": FILES["configs/_base_/data.yml"].replace("data/x", "data/z")
    }
    made = plan(change, models=("*other",))
    assert jobs(made) == ["unlisted-configs-m-other.ptq"]
    with pytest.raises(InputError, match="choices: m, unlisted"):
        plan(change, models=("x*",))


def test_an_unlisted_model_cannot_take_a_listed_cases_name(plan):
    plan.path.write_text(MANIFEST.replace("name: qat", "name: ptq"))
    changed = FILES["deploy/qat.yaml"].replace("epochs: 1", "epochs: 2")
    made = plan({"configs/z/m.yml": "model: {type: Z}\n", "deploy/qat.yaml": changed})
    assert sorted(jobs(made)) == ["m.ptq", "unlisted-configs-z-m.ptq"]


def test_paths_that_sanitise_to_one_name_do_not_hide_each_other(plan):
    made = plan({"configs/a b.yml": "model: {type: X}\n", "configs/a-b.yml": "model: {type: Y}\n"})
    assert len(made.jobs) == 1
    assert [s.needed for s in made.skipped] == [True]


def test_a_removed_recipe_keeps_the_gate_from_passing(plan):
    made = plan({"deploy/qat.yaml": None})
    assert made.jobs == ()
    assert any(s.needed and "does not exist on head" in s.reason for s in made.skipped)


@pytest.mark.parametrize(
    "text",
    [
        "_base_: 5\nmodel: {}",
        "1: 5\nmodel: {type: 1}",
        "model: {}\nval_dataset: [1]",
        "model: {}\nval_dataset: {transforms: [1]}",
        "model: {}\nwhen: 2024-01-01",
        f"model: {{}}\nx: 0x{'f' * 6000}",
    ],
)
def test_odd_yaml_is_a_row_never_a_crash(plan, text):
    made = plan({"configs/m/m.yml": text})
    made.model_dump_json()
    (row,) = (skipped for skipped in made.skipped if skipped.config == "configs/m/m.yml")
    assert row.reason.startswith("bad input: ")


def test_the_number_of_jobs_is_capped(plan):
    plan.path.write_text(MANIFEST.replace("suite: s", "suite: s\nmax_jobs: 2"))
    made = plan({f"configs/n/{i}.yml": "model: {type: X}\n" for i in range(5)})
    assert len(made.jobs) == 2
    assert sum("more than 2 jobs" in s.reason for s in made.skipped) == 3


def test_the_printed_plan_has_the_promised_keys(plan):
    made = plan({"configs/m/m.yml": FILES["configs/m/m.yml"].replace("A", "Z")})
    data = json.loads(made.model_dump_json(by_alias=True))
    assert {"schema", "suite", "base", "head", "affected", "jobs", "skipped"} <= set(data)
    promised = {
        "config",
        "change",
        "reasons",
        "keys",
        "impact",
        "problem",
        "changes",
        "code_impacts",
    }
    assert set(data["affected"][0]) == {*promised, "more_reasons", "more_keys"}
    assert data["schema"] == "slimgate.plan/1"


def test_nothing_is_checked_out(plan):
    before = sorted(Path(plan.suite.path).rglob("*"))
    plan({})
    after = sorted(Path(plan.suite.path).rglob("*"))
    assert [p for p in after if ".git" not in p.parts] == [
        p for p in before if ".git" not in p.parts
    ]


def test_the_plan_has_the_manifests_limits_and_the_requests_budget(plan):
    plan.path.write_text(MANIFEST + "threads: 7\nfull: {latency_s: 3}\n")
    made = plan({"README.md": "x"}, budget="full")
    assert (made.threads, made.budget_name, made.budget.latency_s) == (2, "full", 3)
    repo = open_repo(plan.suite.path)
    own = make_plan(repo, plan.base, plan.base, plan.manifest, plan.path, Request(), None)
    assert (own.threads, own.data_dir) == (7, "data")


def test_a_bundled_manifest_is_named_and_another_is_a_path(plan):
    made = plan({"README.md": "x"})
    assert made.manifest_name == str(plan.path)
    bundled = bundled_suites()["example-seg"]
    repo = open_repo(plan.suite.path)
    again = make_plan(repo, plan.base, plan.base, plan.manifest, bundled, Request(), None)
    assert again.manifest_name == "example-seg"


def test_a_case_of_another_recipe_is_skipped_and_needed_where_all_are(plan):
    changed = {"deploy/qat.yaml": FILES["deploy/qat.yaml"].replace("epochs: 1", "epochs: 2")}
    made = plan(changed, recipe="ptq")
    assert (made.jobs, made.skipped[0].case) == ((), "m.qat")
    assert (made.skipped[0].reason, made.skipped[0].needed) == (
        "its recipe was not requested",
        False,
    )
    assert plan(changed, recipe="ptq", all_needed=True).skipped[0].needed


def test_all_models_run_on_request_even_if_nothing_is_affected(plan):
    made = plan({"README.md": "x"}, all_matching=True)
    assert [(job.id, job.because) for job in made.jobs] == [("m.qat", ("the request",))]
    assert set(made.jobs[0].sides) == {"base", "head"}


def test_a_config_that_is_broken_on_both_sides_is_skipped(plan):
    plan.base = plan.suite.commit({"configs/m/m.yml": "_base_: gone.yml\nmodel: {}\n"})
    made = plan({"deploy/qat.yaml": "QuantAware: {}\nTrainConfig: {epochs: 9}\n"})
    assert made.jobs == ()
    reasons = [skipped.reason for skipped in made.skipped if skipped.case == "m.qat"]
    assert reasons[0].startswith("broken on both sides: configs/m/m.yml: _base_: the base")


def test_a_base_outside_the_config_folders_is_read(plan):
    plan.base = plan.suite.commit(
        {
            "shared/far.yml": "batch_size: 1\n",
            "configs/m/far.yml": "_base_: ../../shared/far.yml\nmodel: {type: C}\n",
        }
    )
    made = plan({"shared/far.yml": "batch_size: 1\nval_dataset: {dataset_root: data/z}\n"})
    assert jobs(made) == ["unlisted-configs-m-far.ptq"]


def test_a_side_holds_resolved_contents_and_the_recipes_text(plan):
    made = plan({"deploy/qat.yaml": "# ours\nQuantAware: {}\n"})
    head = made.jobs[0].sides["head"]
    assert head.config["lr_scheduler"] == {"learning_rate": 0.1}
    assert head.recipe == {"QuantAware": {}}
    assert head.recipe_text == "# ours\nQuantAware: {}\n"
    assert head.data_config["val_dataset"] == {"dataset_root": "data/x"}
    assert head.data_config == made.jobs[0].sides["base"].data_config
    assert head.data_file == "deploy/data.yml"


def test_each_side_has_the_size_of_its_own_config_unless_the_manifest_names_one(plan):
    resize = "val_dataset: {transforms: [{type: Resize, target_size: [%d, 32]}]}\n"
    text = FILES["configs/m/m.yml"]
    plan.base = plan.suite.commit({"configs/m/m.yml": text + resize % 64})

    def shapes():
        job = plan({"configs/m/m.yml": text + resize % 48}).jobs[0]
        return {name: side.input_shape for name, side in job.sides.items()}

    assert shapes() == dict.fromkeys(("base", "head"), (1, 3, 8, 8))
    plan.path.write_text(MANIFEST.replace("    input_shape: [1, 3, 8, 8]\n", ""))
    assert shapes() == {"base": (1, 3, 32, 64), "head": (1, 3, 32, 48)}


def test_the_gate_of_a_recipe_goes_before_the_models_and_the_manifests(plan):
    changed = {"deploy/qat.yaml": "QuantAware: {}\n"}
    limits = "gate: {max_drop_vs_base_points: %s}"
    assert plan(changed).jobs[0].gate.max_drop_vs_base_points == 0.5
    text = MANIFEST.replace("    input_shape", f"    {limits % 2}\n    input_shape")
    plan.path.write_text(text)
    assert plan(changed).jobs[0].gate.max_drop_vs_base_points == 2
    plan.path.write_text(text.replace("deploy/data.yml}", "deploy/data.yml, " + limits % 3 + "}"))
    assert plan(changed).jobs[0].gate.max_drop_vs_base_points == 3


def test_a_large_file_with_many_heirs_makes_a_plan_that_is_read(plan, tmp_path):
    text = FILES["configs/_base_/mid.yml"]
    items = ", ".join(["12345678"] * 15_000)
    heirs = {
        f"configs/n/{i}.yml": "_base_: ../_base_/mid.yml\nmodel: {type: X}\n" for i in range(60)
    }
    made = plan({**heirs, "configs/_base_/mid.yml": f"{text}extra: {'[' * 30}{items}{']' * 30}\n"})
    write_json(tmp_path / "plan.json", made)
    assert load_json(Plan, tmp_path / "plan.json") == made
    rows = [row for row in made.skipped if row.reason.startswith("the configs of all jobs have")]
    assert rows
    assert all(row.needed for row in rows)
    assert made.jobs
