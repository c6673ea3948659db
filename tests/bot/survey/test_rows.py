"""What the doctor says of a row, and what a row is timed on."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from bench.make import Blueprint
from bench.proven import PrecisionProof
from bench.single import recipe_named, recipe_path
from bench.survey import deployed_pair, diagnose_row
from compress.artifacts.artifact import Artifact
from compress.artifacts.spec import ExportSpec
from compress.recipes.parse import parse_recipe
from compress.runtimes.runtime import own_runtime
from core.errors import InputError
from tests.bot.survey.rows import failed_row, interval, make_row

HERE = own_runtime()
QUANTISED = SimpleNamespace(made=SimpleNamespace(quantised=("conv2d",)))


def test_int8_that_is_not_faster_is_explained():
    proof = PrecisionProof(precision="int8", op_types=(), ops={"conv2d": (5, 47)})
    slow = {"quantised": ("conv2d",), "latency_ms": (interval(41.3), interval(41.7))}
    codes = {one.code: one.message for one in diagnose_row(make_row(proof=proof, **slow), HERE)}
    assert "only 5 of 47 convolutions run in int8" in codes["SG501"]
    assert "SG501" not in {
        o.code for o in diagnose_row(make_row(target="cpu-native-fp32", **slow), HERE)
    }


def test_recipes_are_named_or_files(tmp_path):
    assert recipe_path(recipe_named("ptq")).name == "ptq.yaml"
    own = tmp_path / "own.yaml"
    own.write_text("QuantPost:\n")
    assert recipe_path(recipe_named(str(own))) == own
    with pytest.raises(InputError, match="nearest: qat"):
        recipe_named("qatt")


def test_versions_that_do_not_fit_are_named_beside_the_failure(monkeypatch):
    unfit = {"paddlepaddle": "2.6.2", "paddleslim": "2.4.1", "numpy": "1.26.4"}
    monkeypatch.setattr("bench.survey.library_versions", lambda runtime: unfit)
    codes = {one.code for one in failed_row().findings}
    assert {"SG306", "SG602"} <= codes


def test_chance_is_what_ignoring_the_image_would_reach():
    speed = {"latency_ms": (interval(2.0), interval(1.0)), "speedup": interval(2.0)}
    row = make_row(**speed, accuracy=(0.40, 0.12), chance=0.11)
    assert "SG502" in {one.code for one in diagnose_row(row, HERE)}
    low = row.model_copy(update={"chance": 0.05})
    assert "SG502" not in {one.code for one in diagnose_row(low, HERE)}


@pytest.mark.parametrize(
    ("target", "before", "after", "quantised"),
    [
        (None, "cpu-onednn-fp32", "cpu-onednn-int8", True),
        ("cpu-native-fp32", "cpu-native-fp32", "cpu-native-fp32", False),
        ("cpu-onednn-bf16", "cpu-onednn-fp32", "cpu-onednn-bf16", False),
    ],
)
def test_fp32_runs_on_the_engine_of_the_target(tmp_path, target, before, after, quantised):
    recipe = parse_recipe({"QuantPost": {"quantize_op_types": ["conv2d"]}}, "r.yaml")
    blueprint = Blueprint(
        source=None,
        export=ExportSpec({}, None, (1, 3, 8, 8), "none", False),
        recipe=recipe,
        data_config={},
        training_data=None,
        no_data="",
        validation=None,
        no_validation="",
        trials=None,
        no_weights="",
    )
    exported = Artifact(tmp_path, "", 0, cached=False, record=None)
    made = replace(exported, record=QUANTISED)
    reference, timed = deployed_pair(make_row(target=target), blueprint, exported, made)
    assert (reference.target.name, timed.target.name) == (before, after)
    assert bool(timed.op_types) == quantised
    assert not reference.op_types
