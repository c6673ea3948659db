import json
from pathlib import Path

import pytest

from bot.plan.cases import Request
from bot.plan.make import make_plan
from compress.manifest import load_manifest
from core.errors import InputError
from core.git import open_repo

MANIFEST = """
schema: slimgate.manifest/1
suite: s
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy]
default_recipe: {name: ptq, file: "slimgate:ptq.yaml"}
models:
  - name: m
    config: configs/m/m.yml
    input_shape: [1, 3, 8, 8]
    recipes: [{name: qat, file: deploy/qat.yaml, data_config: deploy/data.yml}]
"""
FILES = {
    "configs/_base_/data.yml": "batch_size: 2\niters: 10\nval_dataset: {dataset_root: data/x}\n",
    "configs/_base_/mid.yml": "_base_: data.yml\nlr_scheduler: {learning_rate: 0.1}\n",
    "configs/m/m.yml": "_base_: ../_base_/mid.yml\nmodel: {type: A, num_classes: 2}\n",
    "configs/m/other.yml": "_base_: ../_base_/mid.yml\nmodel: {type: B}\n",
    "configs/m/far.yml": "model: {type: C}\n",
    "deploy/qat.yaml": "QuantAware: {}\nTrainConfig: {epochs: 1}\nGlobal: {model_dir: a}\n",
    "deploy/data.yml": "_base_: ../configs/_base_/data.yml\n",
    "README.md": "hello",
}


class Planned:
    def __init__(self, suite, tmp_path):
        self.suite = suite
        self.path = tmp_path / "manifest.yml"
        self.path.write_text(MANIFEST)
        self.base = suite.commit(FILES)

    def __call__(self, files, **request):
        head = self.suite.commit(files)
        return make_plan(
            open_repo(self.suite.path),
            self.base,
            head,
            load_manifest(self.path),
            self.path,
            Request(**request),
            threads=2,
        )


@pytest.fixture
def plan(suite, tmp_path):
    return Planned(suite, tmp_path)


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
    ("files", "problem"),
    [
        ({"configs/m/m.yml": "_base_: ../_base_/gone.yml\nmodel: {}"}, "does not exist"),
        ({"configs/_base_/data.yml": "_base_: mid.yml"}, "cycle"),
        ({"configs/m/m.yml": "model: {"}, "not valid YAML"),
        ({"deploy/qat.yaml": "QuantAwares: {}"}, "no compression method|unknown section"),
        ({"deploy/qat.yaml": "{"}, "not valid YAML"),
        ({"configs/m/m.yml": "_base_: ../../../etc/x.yml"}, "outside the suite"),
    ],
)
def test_a_change_that_breaks_a_config_is_bad_input(plan, files, problem):
    with pytest.raises(InputError, match=problem) as caught:
        plan(files)
    assert "file:" in str(caught.value)


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
def test_odd_yaml_is_a_plan_or_bad_input_never_a_crash(plan, text):
    try:
        made = plan({"configs/m/m.yml": text})
        made.model_dump_json()
    except InputError as error:
        assert "configs/m/m.yml" in str(error)


def test_the_number_of_jobs_is_capped(plan):
    plan.path.write_text(MANIFEST.replace("suite: s", "suite: s\nmax_jobs: 2"))
    made = plan({f"configs/n/{i}.yml": "model: {type: X}\n" for i in range(5)})
    assert len(made.jobs) == 2
    assert sum("more than 2 jobs" in s.reason for s in made.skipped) == 3


def test_the_printed_plan_has_the_promised_keys(plan):
    made = plan({"configs/m/m.yml": FILES["configs/m/m.yml"].replace("A", "Z")})
    data = json.loads(made.model_dump_json(by_alias=True))
    assert {"schema", "suite", "base", "head", "affected", "jobs", "skipped"} <= set(data)
    assert set(data["affected"][0]) == {"config", "change", "reasons", "keys", "impact"}
    assert data["schema"] == "slimgate.plan/1"


def test_nothing_is_checked_out(plan):
    before = sorted(Path(plan.suite.path).rglob("*"))
    plan({})
    after = sorted(Path(plan.suite.path).rglob("*"))
    assert [p for p in after if ".git" not in p.parts] == [
        p for p in before if ".git" not in p.parts
    ]
