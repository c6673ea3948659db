"""Which cases a change touches, and what is said of the rest."""

from dataclasses import replace

import pytest

from bot.plan.affected import find_affected
from bot.plan.cases import (
    Request,
    listed_cases,
    matches,
    missing_configs,
    skipped_configs,
    unlisted_cases,
    unlisted_name,
)
from compress.manifest import MAX_NAME, Model
from tests.bot.plan.conftest import FILES, MANIFEST

TRAINING = {"configs/_base_/mid.yml": FILES["configs/_base_/mid.yml"].replace("0.1", "0.2")}


def prepare(plan, files):
    trees = plan.trees(files)
    return trees, find_affected(trees, plan.manifest)


def listed(plan, files, **request):
    _, affected = prepare(plan, files)
    return list(listed_cases(plan.manifest, affected, Request(**request)))


@pytest.mark.parametrize(
    ("files", "because"),
    [
        ({"configs/m/m.yml": "model: {type: Z}\n"}, ("configs/m/m.yml",)),
        ({"deploy/qat.yaml": "QuantAware: {}\n"}, ("deploy/qat.yaml",)),
        ({"deploy/data.yml": "batch_size: 9\n"}, ("deploy/data.yml",)),
        ({"configs/m/other.yml": "model: {type: Z}\n"}, ()),
    ],
)
def test_a_case_is_affected_through_each_of_its_files(plan, files, because):
    (case,) = listed(plan, files)
    assert (case.id, case.because, case.only_training) == ("m.qat", because, False)


def test_a_case_knows_whether_only_training_keys_differ(plan):
    (case,) = listed(plan, TRAINING)
    assert (case.because, case.only_training) == (("configs/m/m.yml",), True)
    (case,) = listed(plan, {**TRAINING, "deploy/qat.yaml": "QuantAware: {}\n"})
    assert not case.only_training


@pytest.mark.parametrize(
    ("models", "because"), [((), ("the request",)), (("m*",), ("the request",)), (("x*",), ())]
)
def test_models_that_match_run_on_request(plan, models, because):
    (case,) = listed(plan, {"README.md": "x"}, all_matching=True, models=models)
    assert case.because == because


def test_a_request_does_not_hide_the_real_reason(plan):
    (case,) = listed(plan, {"deploy/qat.yaml": "QuantAware: {}\n"}, all_matching=True)
    assert case.because == ("deploy/qat.yaml",)


def test_a_model_without_recipes_gets_the_default_recipe(plan):
    plan.path.write_text(MANIFEST[: MANIFEST.index("    recipes")])
    (case,) = listed(plan, {"README.md": "x"})
    assert case.id == "m.ptq"


def test_affected_models_that_are_not_listed_get_the_default_recipe(plan):
    trees, affected = prepare(plan, {"configs/m/other.yml": "model: {type: Z}\n", **TRAINING})
    (case,) = unlisted_cases(plan.manifest, affected, trees)
    assert (case.id, case.because) == ("unlisted-configs-m-other.ptq", ("configs/m/other.yml",))
    assert not case.only_training


def test_without_a_default_recipe_they_are_skipped_with_the_reason(plan):
    text = "".join(line for line in MANIFEST.splitlines(True) if "default_recipe" not in line)
    plan.path.write_text(text)
    trees, affected = prepare(plan, {"configs/m/other.yml": "model: {type: Z}\n"})
    assert list(unlisted_cases(plan.manifest, affected, trees)) == []
    (skipped,) = skipped_configs(plan.manifest, affected, [])
    assert (skipped.config, skipped.needed) == ("configs/m/other.yml", False)
    assert skipped.reason == "not listed in the manifest; the manifest has no default recipe"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"configs/m/far.yml": None}, "removed: nothing to run on head"),
        ({"deploy/x.yaml": "QuantAware: {}\n"}, "no case of the manifest uses it"),
        ({"configs/n.yml": "a: 1\n"}, "not listed in the manifest; not a model by itself"),
    ],
)
def test_every_affected_config_without_a_case_is_accounted_for(plan, files, reason):
    _, affected = prepare(plan, files)
    (skipped,) = skipped_configs(plan.manifest, affected, [])
    assert (skipped.config, skipped.reason) == (next(iter(files)), reason)


def test_configs_that_a_case_runs_are_not_skipped(plan):
    _, affected = prepare(plan, {"deploy/qat.yaml": "QuantAware: {}\n"})
    cases = list(listed_cases(plan.manifest, affected, Request()))
    assert list(skipped_configs(plan.manifest, affected, cases)) == []


def test_a_misspelt_config_of_the_manifest_is_named_with_the_nearest(plan):
    plan.path.write_text(MANIFEST.replace("configs/m/m.yml", "configs/m/mm.yml"))
    (skipped,) = missing_configs(plan.manifest, plan.trees({"README.md": "x"}))
    assert skipped.config == "configs/m/mm.yml"
    assert skipped.reason == (
        "the manifest names it for m, but it exists on neither side; did you mean configs/m/m.yml?"
    )


def test_a_config_that_one_side_has_is_not_missing(plan):
    assert list(missing_configs(plan.manifest, plan.trees({"configs/m/m.yml": None}))) == []


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ("configs/m/m.yml", "unlisted-configs-m-m"),
        ("configs/a b/ü.yaml", "unlisted-configs-a-b--"),
        ("configs/v1.2+x.yml", "unlisted-configs-v1.2+x"),
    ],
)
def test_the_name_of_an_unlisted_model_fits_into_paths(config, name):
    assert unlisted_name(config) == name


def test_a_long_path_makes_a_name_that_fits_into_the_name_of_a_file():
    long = "configs/" + "/".join(["deeper"] * 40) + "/m.yml"
    other = long.replace("deeper", "shallow", 1)
    names = {unlisted_name(config) for config in (long, other)}
    assert {len(name) for name in names} == {MAX_NAME}
    assert len(names) == 2
    assert all(name.endswith("-deeper-deeper-m") for name in names)
    for name in names:
        assert Model(name=name, config=long).name == name


@pytest.mark.parametrize(
    ("pattern", "expected"), [("m", True), ("M", False), ("m*", True), ("?", True), ("mm", False)]
)
def test_patterns_match_whole_names_in_their_letter_case(pattern, expected):
    request = replace(Request(), models=("never", pattern))
    assert matches("m", request) is expected
