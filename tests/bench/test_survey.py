"""A row of the survey: how far a model got, what was measured, and why it stopped."""

from types import SimpleNamespace

import pytest
import yaml

from bench.deployment import deploy
from bench.rounds import Patience
from bench.survey import deployed_pair, diagnose_row, survey_model
from bench.survey_row import RowFailure, SurveyRow
from compress.artifacts.artifact import Artifact
from compress.artifacts.record import ArtifactRecord, Made
from compress.checkout import open_checkout
from compress.manifest import Budget
from compress.runtimes.runtime import own_runtime
from compress.worker.process import Usage
from tests.bench.conftest import SHAPE, data_sections, label_images

MANIFEST = """schema: slimgate.manifest/1
suite: own
dialect: paddleseg
config_roots: [.]
models:
  - name: m
    config: m.yml
    weights: {path: w.pdparams}
    recipes: [{name: own, file: own.yaml}]
"""
INT8 = {"name": "int8", "quantised": ["conv2d"], "ms": 2.0, "quality": 0.7}
DATA = data_sections("x", "x")


class Survey:
    """A suite with one scripted model, its weights and its data."""

    def __init__(self, suite, models, workshop, root):
        self.suite, self.models, self.workshop, self.root = suite, models, workshop, root
        (root / "own.yml").write_text(MANIFEST)
        (root / "w.pdparams").write_text("weights")
        label_images(root / "data" / "x", "train.txt", "efgh")
        label_images(root / "data" / "x", "val.txt", "abcd")

    def row(self, recipe="slimgate:ptq.yaml", target=None, compressed=None, **script):
        """The row of a model that behaves as the script says."""
        model = {"name": "fp32", "log": str(self.models.log), "ms": 6.0, **script}
        model["compressed"] = INT8 if compressed is None else compressed
        commit = self.suite.commit({"m.yml": yaml.safe_dump({"model": model, **DATA})})
        manifest = str(self.root / "own.yml")
        checkout = open_checkout(manifest, self.suite.path, "HEAD", self.root / "data")
        row = SurveyRow(
            commit=commit,
            config="m.yml",
            recipe=recipe,
            target=target,
            shape=SHAPE,
            full_shape=SHAPE,
        )
        return survey_model(row, checkout, checkout.model("m"), Budget(), self.workshop)


@pytest.fixture
def survey(suite, models, workshop, tmp_path, monkeypatch):
    monkeypatch.setattr("bench.survey.PATIENCE", Patience(0.0, 20.0, warmup_runs=2))
    return Survey(suite, models, workshop, tmp_path)


def test_a_model_that_works_fills_its_row(survey):
    row = survey.row()
    assert row.failure is None
    assert set(row.costs) == {"export", "compress", "run", "accuracy"}
    assert (row.weights, row.data) == ("trained", "suite")
    assert row.size_bytes[0] > 0
    assert row.quantised == ("conv2d",)
    assert row.proof.ops == {"conv2d": (3, 4)}
    assert [interval.value for interval in row.latency_ms] == [6.0, 2.0]
    assert row.speedup.value == pytest.approx(3.0)
    assert row.accuracy == (0.9, 0.7)
    assert (row.chance, row.fake_quantised) == (0.25, None)


def test_the_model_before_conversion_is_scored_where_the_method_left_it(survey):
    row = survey.row(trained={"name": "trained", "quality": 0.8})
    assert row.fake_quantised == 0.8
    assert row.accuracy == (0.9, 0.7)


def test_a_model_before_conversion_that_cannot_be_scored_costs_no_other_number(survey):
    row = survey.row(trained={"name": "trained", "fails": {"predict": "no such operator"}})
    assert (row.failure.stage, row.failure.message) == ("accuracy", "ValueError: no such operator")
    assert (row.accuracy, row.fake_quantised) == ((0.9, 0.7), None)
    assert row.latency_ms is not None
    assert row.proof is not None


def test_an_export_that_fails_ends_the_row(survey):
    row = survey.row(fails={"export": "no such layer"})
    assert (row.failure.stage, row.failure.message) == ("export", "ValueError: no such layer")
    assert (row.costs, row.size_bytes, row.proof) == ({}, None, None)


def test_a_compression_that_fails_keeps_what_the_export_cost(survey):
    row = survey.row(fails={"compress": "no such node"})
    assert (row.failure.stage, row.failure.message) == ("compress", "ValueError: no such node")
    assert set(row.costs) == {"export"}
    assert (row.size_bytes, row.latency_ms, row.accuracy) == (None, None, None)
    assert row.findings


def test_fp32_that_does_not_run_leaves_the_proof_and_no_speed(survey):
    row = survey.row(dies_in_turn=1, compressed={**INT8, "dies_in_turn": 0})
    assert (row.failure.stage, row.failure.kind) == ("latency", "signal")
    assert row.proof is not None
    assert (row.latency_ms, row.speedup) == (None, None)
    assert row.accuracy == (0.9, 0.7)
    assert "run" not in row.costs


def test_int8_without_a_proof_is_the_failure_and_has_no_numbers(survey):
    row = survey.row(compressed={**INT8, "ops": {"conv2d": [0, 4]}})
    assert row.failure.stage == "proof"
    assert (row.proof, row.latency_ms, row.accuracy) == (None, None, None)


def test_the_first_of_several_failures_is_the_rows(survey):
    broken = {**INT8, "fails": {}, "ops": {"conv2d": [0, 4]}}
    row = survey.row(fails={"predict": "no image to judge by"}, compressed=broken)
    assert row.failure.stage == "accuracy"


def test_what_cannot_be_scored_is_timed(survey):
    row = survey.row(fails={"predict": "no image to judge by"})
    assert row.failure.stage == "accuracy"
    assert row.latency_ms is not None
    assert row.accuracy is None


def test_without_weights_latency_is_measured_alone(survey):
    text = MANIFEST.replace("    weights: {path: w.pdparams}\n", "")
    (survey.root / "own.yml").write_text(text)
    row = survey.row()
    assert (row.weights, row.accuracy, row.failure) == ("initial", None, None)
    assert row.latency_ms is not None


def test_weights_that_do_not_fit_count_as_initial_ones(survey):
    row = survey.row(weights_misfit="1 of 2 arrays (a: not in the file)")
    assert (row.weights, row.accuracy, row.failure) == ("initial", None, None)
    assert row.remarks[0].startswith(
        "accuracy not measured: weights do not fit: 1 of 2 arrays (a: not in the file); publish"
    )
    assert row.latency_ms is not None


def test_a_crash_is_a_remark_once_and_the_rest_is_measured(survey):
    row = survey.row(crashes=["fc_fuse_pass"])
    assert row.failure is None
    assert row.remarks.count("the graph pass fc_fuse_pass crashes and was left out") == 1
    assert row.latency_ms is not None


def test_the_row_names_the_target_that_the_compressed_model_runs_on(survey):
    row = survey.row(target="cpu-native-fp32")
    assert row.proof is None
    assert row.latency_ms is not None
    assert survey.models.requests("int8").count("prove") == 0


def test_weights_that_are_not_there_are_a_failure_of_the_input(survey):
    (survey.root / "w.pdparams").unlink()
    row = survey.row()
    assert (row.failure.stage, row.failure.kind) == ("input", "error")
    assert "weights" in row.failure.message
    assert row.costs == {}


ROW = SurveyRow(
    commit="c", config="m.yml", recipe="slimgate:ptq.yaml", shape=SHAPE, full_shape=SHAPE
)


@pytest.mark.parametrize(
    ("stage", "kind", "code"), [("export", "timeout", "SG602"), ("compress", "timeout", "SG602")]
)
def test_a_stage_that_takes_too_long_is_diagnosed(stage, kind, code):
    failure = RowFailure(stage=stage, kind=kind, message="no answer within 9 s", log_tail="")
    row = ROW.model_copy(update={"failure": failure})
    assert [finding.code for finding in diagnose_row(row, own_runtime())] == [code]
    assert diagnose_row(ROW, own_runtime()) == ()


@pytest.mark.parametrize(
    ("target", "before", "after"),
    [
        (None, "cpu-onednn-fp32", "cpu-onednn-int8"),
        ("cpu-native-fp32", "cpu-native-fp32", "cpu-native-fp32"),
        ("cpu-onednn-bf16", "cpu-onednn-fp32", "cpu-onednn-bf16"),
    ],
)
def test_fp32_runs_on_the_engine_of_the_target(models, target, before, after):
    record = ArtifactRecord(inputs={}, made=Made(quantised=("conv2d",)), usage=Usage())
    exported = Artifact(models.root / "fp32", "a", 1, False, None)
    compressed = Artifact(models.root / "int8", "b", 1, False, record)
    blueprint = SimpleNamespace(export=SimpleNamespace(input_shape=SHAPE))
    row = ROW.model_copy(update={"target": target})
    pair = deployed_pair(row, blueprint, exported, compressed)
    assert [model.target.name for model in pair] == [before, after]
    assert [model.folder.name for model in pair] == ["fp32", "int8"]
    assert pair[1] == deploy(compressed, SHAPE, pair[1].target)
