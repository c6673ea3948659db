"""Outcomes become results: each part a value, its failure, or the reason why it is missing."""

import pytest

from bench.deployment import deploy
from bench.make import draw_blueprint
from bench.proven import KernelTimes, PrecisionProof
from bench.result import Accuracy
from bench.results_of import variant_results
from bench.rounds import WARMUP_RUNS
from bench.together import Outcome, Timing
from bench.variant import Variant
from compress.artifacts.artifact import Artifact
from compress.artifacts.record import ArtifactRecord, Made
from compress.artifacts.spec import ExportSpec
from compress.artifacts.training_log import Curve
from compress.doctor.facts import DataFacts
from compress.recipes.parse import parse_recipe
from compress.source import SuiteSource
from compress.worker.process import Usage
from core.errors import JobFailure
from tests.bench.conftest import SHAPE

BASE, HEAD = Variant("base", "ptq"), Variant("head", "ptq")
TIMING = Timing(((2.0, 3.0), (2.5, 2.5)), 2**20)
FAILURE = JobFailure("proof", "error", "no op runs in int8", "the log's end")
PROOF = PrecisionProof(
    precision="int8",
    op_types=("conv2d",),
    ops={"conv2d": (1, 1)},
    kernels=KernelTimes(total_ms=2, computing_ms=1, converting_ms=0.5, reference_ms=0, reference=0),
)
RECIPE = parse_recipe({"QuantPost": {"quantize_op_types": ["conv2d"]}}, "ptq.yaml")


def blueprint(recipe=RECIPE, no_weights=""):
    source = SuiteSource("paddleseg", None, "code", "data", None)
    export = ExportSpec({}, None, SHAPE, "none")
    config = {"val_dataset": {"dataset_root": "data/x"}}
    return draw_blueprint(source, export, recipe, config, None, no_weights)


@pytest.fixture
def artifact(tmp_path):
    made = Made(
        remarks=("3 ops left in fp32",),
        quantised=("conv2d",),
        curve=Curve(losses={"loss": (2.0, 1.0)}),
        data=DataFacts(images=8),
    )
    record = ArtifactRecord(inputs={}, made=made, usage=Usage())
    return Artifact(tmp_path, "hash", 123, True, record)


@pytest.fixture
def results(artifact, tmp_path):
    """Results of variants of which the first is measured: ``results(outcome, *variants)``."""

    def run(outcome, *variants, plan=None):
        return variant_results(
            "m.ptq",
            dict.fromkeys(variants, plan or blueprint()),
            dict.fromkeys(variants, artifact),
            dict.fromkeys(variants, variants[0]),
            {variants[0]: outcome},
            tmp_path / "out",
        )

    return run


@pytest.fixture
def model(artifact):
    return deploy(artifact, SHAPE)


def test_a_measured_model_keeps_its_numbers(results, model, tmp_path):
    (tmp_path / "statistics.npz").write_bytes(b"arrays")
    accuracy = Accuracy(
        metric="mIoU",
        value=0.9,
        images=4,
        chance=0.1,
        statistics=str(tmp_path / "statistics.npz"),
        cached=True,
    )
    outcome = Outcome(
        model, ("fc_fuse_pass", "batch_norm"), proof=PROOF, accuracy=accuracy, timing=TIMING
    )
    (result,) = results(outcome, HEAD)
    assert result.variant == HEAD
    assert result.target == result.target_name == "cpu-onednn-int8"
    assert result.proof == PROOF
    assert result.latency.rounds_ms == TIMING.rounds_ms
    assert result.latency.warmup_runs == WARMUP_RUNS
    assert result.latency.peak_memory_bytes == 2**20
    assert result.accuracy == accuracy.model_copy(update={"statistics": "m.ptq/head-ptq.npz"})
    assert (tmp_path / "out" / "m.ptq" / "head-ptq.npz").read_bytes() == b"arrays"
    assert (result.failures, result.same_as) == ((), None)


def test_the_artifact_is_described_with_every_remark_in_order(results, model):
    outcome = Outcome(model, ("fc_fuse_pass",), timing=TIMING)
    facts = results(outcome, HEAD)[0].artifact
    assert (facts.content_hash, facts.size_bytes, facts.cached) == ("hash", 123, True)
    assert (facts.method, facts.trained_op_types) == ("ptq", ("conv2d",))
    assert facts.remarks == (
        *RECIPE.repairs,
        "3 ops left in fp32",
        "the graph pass fc_fuse_pass crashes and was left out",
    )
    assert facts.losses == (2.0, 1.0)
    assert facts.data == DataFacts(images=8)


def test_a_model_without_a_recipe_is_fp32(results, model):
    (result,) = results(Outcome(model, timing=TIMING), HEAD, plan=blueprint(recipe=None))
    assert result.artifact.method == "fp32"


def test_parts_that_failed_are_data_and_count_once(results, model):
    outcome = Outcome(model, proof=FAILURE, accuracy=FAILURE, timing=FAILURE)
    (result,) = results(outcome, HEAD)
    for part in (result.proof, result.accuracy, result.latency):
        assert (part.stage, part.kind, part.message, part.log_tail) == (
            "proof",
            "error",
            "no op runs in int8",
            "the log's end",
        )
    assert [(one.side, one.recipe, one.stage) for one in result.failures] == [
        ("head", "ptq", "proof")
    ]


@pytest.mark.parametrize(
    ("no_weights", "reason"), [("no weights", "no weights"), ("", "no data at data/x")]
)
def test_an_accuracy_that_cannot_be_measured_says_why(results, model, no_weights, reason):
    (result,) = results(Outcome(model, timing=TIMING), HEAD, plan=blueprint(no_weights=no_weights))
    assert (result.accuracy.status, result.accuracy.reason) == ("not measured", reason)
    assert (result.accuracy.details, result.accuracy.blocking) == ("", False)


def test_a_variant_that_shares_a_model_shares_its_numbers_but_not_its_remarks(results, model):
    base, head = results(Outcome(model, ("fc_fuse_pass",), timing=TIMING), BASE, HEAD)
    assert (base.same_as, head.same_as) == (None, "base ptq")
    assert head.latency == base.latency
    assert len(head.artifact.remarks) == len(base.artifact.remarks) - 1


def test_a_model_that_was_not_made_is_a_failed_variant(tmp_path):
    (result,) = variant_results("m.ptq", {}, {HEAD: FAILURE}, {}, {}, tmp_path)
    assert result.variant == HEAD
    assert (result.status, result.stage, result.log_tail) == ("failed", "proof", "the log's end")
