"""A job from git to its result: what fails is data, and equal models are measured once."""

import json
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bench.deployment import deploy
from bench.execute import StageClock, execute_job, share_models
from bench.job import Job, JobSettings, SideSpec
from bench.make import draw_blueprint
from bench.metrics.storage import load_statistics
from bench.result import Accuracy, Failed, JobResult, Latency, Measured
from bench.stats import score
from bench.variant import FP32, Variant
from compress.artifacts.artifact import Artifact
from compress.artifacts.export import export_artifact
from compress.artifacts.record import ArtifactRecord, Made
from compress.artifacts.spec import ExportSpec
from compress.manifest import KINDS, Budget, Gate, TargetOptions, Weights
from compress.recipes.parse import parse_recipe
from compress.runtimes.runtime import own_runtime
from compress.source import SuiteSource
from compress.worker.process import Usage
from core.errors import InputError, JobFailure
from core.git import open_repo
from tests.bench.conftest import SHAPE, data_sections, label_images

PTQ = {"QuantPost": {"quantize_op_types": ["conv2d"]}}
INT8 = {"quantised": ["conv2d"], "quality": 0.8, "ms": 3.0}
DATA = data_sections("x", "x")
TRAINED = Weights(path="w.pdparams")
FP32_BASE, PTQ_BASE = Variant("base", FP32), Variant("base", "ptq")
FP32_HEAD, PTQ_HEAD = Variant("head", FP32), Variant("head", "ptq")


class Execution:
    """A job on a suite's repository, its data and its weights."""

    def __init__(self, suite, models, workshop, root):
        self.suite, self.models, self.workshop, self.root = suite, models, workshop, root
        self.commit = suite.commit({"paddleseg/net.py": "x = 1"})
        self.out = root / "out"
        label_images(root / "data" / "x", "train.txt", "efgh")
        label_images(root / "data" / "x", "val.txt", "abcd")
        (root / "w.pdparams").write_text("weights")

    def side(self, name="m", recipe=PTQ, commit=None, shape=SHAPE, **script):
        """A side whose export behaves as the script says, and int8 as its ``compressed``."""
        model = {"name": name, "log": str(self.models.log), "compressed": INT8, **script}
        config = {"model": model, **DATA}
        return SideSpec(
            commit=commit or self.commit,
            config=config,
            recipe=recipe,
            data_config=config,
            input_shape=shape,
        )

    def run(
        self,
        data=True,
        weights=TRAINED,
        passes=(),
        kind=KINDS["cpu"],
        targets=None,
        runtimes=None,
        **sides,
    ) -> JobResult:
        job = Job(
            id="m.ptq",
            model="m",
            recipe="ptq",
            config_file="m.yml",
            recipe_file="ptq.yaml",
            sides=sides,
            weights=weights,
            output_op="none",
            delete_passes=passes,
            targets=targets or {},
            gate=Gate(),
            published=(),
            because=(),
            base_problem=None,
        )
        settings = JobSettings(
            base="a",
            head="b",
            dialect="paddleseg",
            data_dir="data",
            data=self.root / "data" if data else None,
            weights_folder=self.root,
            budget=Budget(latency_s=0.01),
            kind=kind,
            runtimes=runtimes or {},
        )
        repo = open_repo(self.suite.path)
        return execute_job(job, settings, repo, self.workshop, self.out)


@pytest.fixture
def execution(suite, models, workshop, tmp_path):
    return Execution(suite, models, workshop, tmp_path)


def by_name(result):
    return {str(variant.variant): variant for variant in result.variants}


def test_every_variant_is_made_scored_proven_and_timed(execution):
    head = execution.side(quality=0.9, ms=6.0)
    base = execution.side(name="base", quality=0.7, ms=6.0)
    result = execution.run(base=base, head=head)
    variants = by_name(result)
    assert list(variants) == ["base fp32", "base ptq", "head fp32", "head ptq"]
    assert (result.weights, result.data) == ("trained", "suite")
    accuracies = {name: variant.accuracy.value for name, variant in variants.items()}
    assert accuracies == {"base fp32": 0.7, "base ptq": 0.8, "head fp32": 0.9, "head ptq": 0.8}
    assert variants["head fp32"].latency.rounds_ms[0][0] == 6.0
    assert variants["head ptq"].latency.rounds_ms[0][0] == 3.0
    rounds = {len(variant.latency.rounds_ms) for variant in variants.values()}
    assert len(rounds) == 1
    assert variants["head fp32"].proof is None
    assert variants["head ptq"].proof.ops == {"conv2d": (3, 4)}
    assert variants["head ptq"].proof.op_types == ("conv2d", "fused_conv2d")
    assert [variant.target for variant in variants.values()] == [
        "cpu-onednn-fp32",
        "cpu-onednn-int8",
    ] * 2
    assert set(result.stage_s) == {"export and compress", "latency", "accuracy", "pictures"}


def test_statistics_lie_next_to_the_result(execution):
    result = execution.run(head=execution.side(quality=0.9))
    accuracy = by_name(result)["head ptq"].accuracy
    assert accuracy.statistics == "m.ptq/head-ptq.npz"
    assert score(load_statistics(execution.out / accuracy.statistics)) == accuracy.value


def test_equal_models_are_measured_once(execution):
    side = execution.side(quality=0.9)
    variants = by_name(execution.run(base=side, head=side))
    assert variants["head fp32"].same_as == "base fp32"
    assert variants["head ptq"].same_as == "base ptq"
    assert variants["head ptq"].accuracy == variants["base ptq"].accuracy
    assert variants["head ptq"].latency == variants["base ptq"].latency
    assert execution.models.requests("m").count("load") == 2


def test_one_commit_is_measured_in_two_runtimes(execution):
    side = execution.side(quality=0.9)
    runtimes = {"base": own_runtime("old"), "head": own_runtime("new")}
    result = execution.run(base=side, head=side, runtimes=runtimes)
    assert result.runtimes == {"base": "old", "head": "new"}
    assert [variant.same_as for variant in result.variants] == [None] * 4
    assert all(variant.failures == () for variant in result.variants)
    assert len({len(variant.latency.rounds_ms) for variant in result.variants}) == 1
    assert {variant.artifact.cached for variant in result.variants} == {True, False}


def test_equal_models_of_other_code_are_measured_apart(execution):
    commit = execution.suite.commit({"paddleseg/net.py": "x = 2"})
    variants = by_name(execution.run(base=execution.side(), head=execution.side(commit=commit)))
    assert [variant.same_as for variant in variants.values()] == [None] * 4


def test_each_side_is_exported_and_timed_at_its_own_size(execution, monkeypatch):
    shapes = {"base": (1, 3, 16, 16), "head": (1, 3, 8, 8)}
    seen = {"exported": set(), "timed": set()}

    def exported(workshop, source, spec):
        seen["exported"].add(spec.input_shape)
        return export_artifact(workshop, source, spec)

    def timed(artifact, shape, *options):
        seen["timed"].add(shape)
        return deploy(artifact, shape, *options)

    monkeypatch.setattr("bench.make.export_artifact", exported)
    monkeypatch.setattr("bench.placement.deploy", timed)
    result = execution.run(**{name: execution.side(name, shape=s) for name, s in shapes.items()})
    assert [variant.same_as for variant in result.variants] == [None] * 4
    assert seen == {"exported": set(shapes.values()), "timed": set(shapes.values())}


def test_without_training_data_the_compressed_model_alone_has_no_accuracy(execution):
    (execution.root / "data" / "x" / "train.txt").unlink()
    variants = by_name(execution.run(head=execution.side()))
    assert isinstance(variants["head fp32"].accuracy, Accuracy)
    missing = variants["head ptq"].accuracy
    assert (missing.reason, missing.blocking) == ("no training data to compress with", True)
    assert missing.details == "no data: data/x/train.txt is missing"
    assert isinstance(variants["head ptq"].latency, Latency)


def test_a_variant_that_cannot_be_made_leaves_the_others_their_numbers(execution):
    broken = execution.side(name="head", fails={"compress": "no such node"})
    variants = by_name(execution.run(base=execution.side(), head=broken))
    assert isinstance(variants["head ptq"], Failed)
    assert variants["head ptq"].stage == "compress"
    assert variants["head ptq"].message == "ValueError: no such node"
    measured = [variants[name] for name in ("base fp32", "base ptq", "head fp32")]
    assert [type(variant) for variant in measured] == [Measured] * 3
    assert [variant.failures for variant in measured] == [()] * 3


def test_a_recipe_that_quantises_nothing_is_a_failure_to_compress(execution):
    result = execution.run(head=execution.side(compressed={"quantised": []}))
    assert by_name(result)["head ptq"].message == "the recipe quantised nothing in this model"


def test_without_weights_accuracy_is_not_measured_and_everything_else_is(execution):
    result = execution.run(weights=None, head=execution.side())
    variant = by_name(result)["head fp32"]
    assert (variant.accuracy.status, variant.accuracy.reason) == ("not measured", "no weights")
    assert isinstance(variant.latency, Latency)
    assert result.weights == "initial"


def test_weights_that_were_not_fetched_say_so(execution):
    url = Weights(url="https://example.invalid/w.pdparams", sha256="0" * 64)
    result = execution.run(weights=url, head=execution.side())
    accuracy = by_name(result)["head fp32"].accuracy
    assert accuracy.reason == "no weights: the weights were not fetched"


def test_a_side_that_the_weights_do_not_fit_is_timed_and_not_scored(execution):
    misfit = "1 of 9 arrays (head.weight: 7x8 in the file, 6x8 in the network)"
    head = execution.side(name="head", weights_misfit=misfit, ms=6.0)
    result = execution.run(base=execution.side(quality=0.9), head=head)
    variants = by_name(result)
    assert variants["base fp32"].accuracy.value == 0.9
    for name in ("head fp32", "head ptq"):
        accuracy = variants[name].accuracy
        assert (accuracy.status, accuracy.reason) == ("not measured", "weights do not fit")
        assert accuracy.details.startswith(f"{misfit}; publish weights of this network")
        assert accuracy.blocking
        assert isinstance(variants[name].latency, Latency)
    assert result.weights == "initial"
    assert not execution.models.requests("head").count("head predict")


def test_a_side_whose_evaluation_cannot_be_repeated_is_timed_and_not_scored(execution):
    head = execution.side(name="head", ms=6.0)
    crop = {"type": "RandomPaddingCrop", "crop_size": [128, 128]}
    data = {**DATA, "val_dataset": {**DATA["val_dataset"], "transforms": [crop]}}
    changes = {"data_config": {**head.data_config, **data}, "data_file": "configs/data.yml"}
    result = execution.run(base=execution.side(quality=0.9), head=head.model_copy(update=changes))
    variants = by_name(result)
    assert variants["base ptq"].accuracy.value == 0.8
    accuracy = variants["head ptq"].accuracy
    assert accuracy.reason == "the suite's evaluation cannot be repeated"
    assert accuracy.details == (
        "configs/data.yml: val_dataset.transforms[0]: RandomPaddingCrop takes a part of each "
        "image, and the labels belong to the whole"
    )
    assert accuracy.blocking
    assert isinstance(variants["head ptq"].latency, Latency)


def test_each_side_is_measured_with_the_channels_of_its_config(execution):
    head = execution.side(name="head")
    config = {**head.config, "train_dataset": {**DATA["train_dataset"], "img_channels": 1}}
    head = head.model_copy(update={"config": config, "data_config": config})
    execution.run(base=execution.side(name="base"), head=head)
    exports = [
        json.loads((entry.folder / "artifact.json").read_text())["inputs"]
        for entry in execution.workshop.store.entries()
        if (entry.folder / "artifact.json").exists()
    ]
    shapes = [inputs["shape"] for inputs in exports if inputs["kind"] == "export"]
    assert sorted(shapes) == [[1, 1, 8, 8], [1, 3, 8, 8]]


def test_without_data_accuracy_is_not_measured_and_says_where_it_looked(execution):
    result = execution.run(data=False, head=execution.side())
    assert by_name(result)["head fp32"].accuracy.reason == "no data at data/x"
    assert result.data == "synthetic"


@pytest.mark.parametrize(
    ("weights", "kind", "message"),
    [
        (Weights(path="w.pdparams", sha256="0" * 64), "export", "does not match its sha256"),
        (Weights(path="gone.pdparams"), "input", "the weights file does not exist"),
    ],
)
def test_weights_that_are_not_what_the_manifest_says_fail_every_variant(
    execution, weights, kind, message
):
    result = execution.run(weights=weights, base=execution.side(), head=execution.side())
    assert [str(variant.variant) for variant in result.variants] == [
        "base fp32",
        "base ptq",
        "head fp32",
        "head ptq",
    ]
    for variant in result.variants:
        assert isinstance(variant, Failed)
        assert variant.stage == kind
        assert message in variant.message
    assert execution.models.requests() == []


def test_a_recipe_that_cannot_be_parsed_fails_every_variant(execution):
    side = execution.side(recipe={"QuantPots": {}})
    result = execution.run(head=side)
    assert [variant.stage for variant in result.variants] == ["input", "input"]
    assert "unknown section" in result.variants[0].message
    assert "ptq.yaml" in result.variants[0].message


def test_a_side_without_the_recipe_has_fp32_alone(execution):
    result = execution.run(base=execution.side(recipe=None), head=execution.side())
    assert list(by_name(result)) == ["base fp32", "head fp32", "head ptq"]


def test_passes_that_the_case_deletes_are_left_out_of_the_compressed_model_only(execution):
    execution.run(passes=("fc_fuse_pass",), weights=None, head=execution.side())
    requests = execution.models.requests("m")
    assert "prove fc_fuse_pass" in requests
    assert requests.count("load") == 2  # fp32: to learn what crashes, and to be timed
    assert requests.count("load fc_fuse_pass") == 1


@pytest.fixture
def gpu(monkeypatch):
    """A GPU on which every turn is in order, unless its list says what spoils the next ones."""
    spoils, watch = [], SimpleNamespace(clocks_mhz=[1300, 1380], temperatures_c=[40, 62])

    class Watch:
        clocks_mhz, temperatures_c = watch.clocks_mhz, watch.temperatures_c

        def __call__(self):
            return spoils.pop() if spoils else None

        def memory_of(self, pids):
            return 2**29 if pids else None

    monkeypatch.setattr("bench.together.watch_gpu", lambda alone: nullcontext(Watch()))
    return spoils


def test_spoiled_rounds_are_dropped_and_counted(execution, gpu):
    gpu += ["the GPU was too warm"] * 3
    result = execution.run(kind=KINDS["gpu"], head=execution.side())
    for variant in result.variants:
        conditions = variant.latency.gpu
        assert (conditions.clock_mhz, conditions.temperature_c) == ((1300, 1380), (40, 62))
        assert conditions.dropped_rounds == {"the GPU was too warm": 2}  # two turns a round
        assert conditions.memory_bytes == 2**29


def test_a_gpu_that_is_always_spoiled_has_no_latency(execution, gpu):
    gpu += ["another process used the GPU"] * 10_000
    result = execution.run(kind=KINDS["gpu"], head=execution.side())
    for variant in result.variants:
        assert variant.latency.status == "failed"
        assert "another process used the GPU in 51 rounds" in variant.latency.message
        assert isinstance(variant.accuracy, Accuracy)


def test_without_a_driver_there_is_no_latency_on_a_gpu(execution):
    result = execution.run(kind=KINDS["gpu"], head=execution.side())
    assert "no NVIDIA driver" in result.variants[0].latency.message


def test_the_kind_of_runner_decides_the_targets(execution, gpu):
    result = execution.run(kind=KINDS["gpu"], head=execution.side())
    assert [variant.target for variant in result.variants] == ["gpu-trt-fp32", "gpu-trt-int8"]
    assert "collect" not in " ".join(execution.models.requests("m"))


DYNAMIC = {"gpu-trt": TargetOptions(dynamic_shape=True)}


@pytest.mark.parametrize(("data", "images"), [(True, ["1"] * 2), (False, ["0"] * 2)])
def test_engines_for_any_size_are_built_for_the_shapes_of_the_validation_images(
    execution, gpu, data, images
):
    shapes = {"shapes": "shape_range_info {}"}
    head = execution.side(**shapes, compressed={**INT8, **shapes})
    result = execution.run(data=data, kind=KINDS["gpu"], targets=DYNAMIC, head=head)
    assert result.variants[1].failures == ()
    requests = execution.models.requests("m")
    collected = [request for request in requests if request.startswith("images")]
    assert [request.split()[1] for request in collected] == images
    assert requests.index("build") > requests.index("collect")
    assert "load engine of m" in requests


def test_a_model_whose_shapes_cannot_be_collected_is_not_measured(execution, gpu):
    broken = {**INT8, "fails": {"collect": "no such op"}, "shapes": ""}
    head = execution.side(shapes="shape_range_info {}", compressed=broken)
    result = execution.run(kind=KINDS["gpu"], targets=DYNAMIC, head=head)
    fp32, int8 = result.variants
    assert fp32.failures == ()
    (failure,) = int8.failures
    assert (failure.stage, int8.latency.status, int8.accuracy.status) == ("shapes", *["failed"] * 2)
    assert "no such op" in failure.message


def test_ranges_on_a_processor_are_not_needed(execution):
    execution.run(targets=DYNAMIC, head=execution.side())
    assert "collect" not in " ".join(execution.models.requests("m"))


def test_a_part_that_failed_stops_neither_the_others_nor_the_job(execution):
    compressed = {**INT8, "ops": {"conv2d": [0, 4]}}
    variants = by_name(execution.run(head=execution.side(compressed=compressed)))
    parts = variants["head ptq"]
    assert [parts.proof.status, parts.accuracy.status, parts.latency.status] == ["failed"] * 3
    assert len(parts.failures) == 1
    assert variants["head fp32"].failures == ()


def test_annotations_that_cannot_be_read_fail_the_accuracy_alone(execution, monkeypatch):
    def refuse(*arguments):
        raise InputError("the annotation cannot be read", file="a.xml")

    monkeypatch.setattr("bench.metrics.miou.MeanIou.score", refuse)
    result = execution.run(head=execution.side())
    for variant in result.variants:
        assert (variant.accuracy.status, variant.accuracy.stage) == ("failed", "input")
        assert "a.xml" in variant.accuracy.message
        assert isinstance(variant.latency, Latency)


class Sharing:
    """Variants by side and recipe, with the content and the circumstances of their models."""

    def __init__(self):
        self.blueprints, self.models = {}, {}

    def add(self, variant, content, code="c", quantised=(), config=DATA, shape=SHAPE):
        source = SuiteSource("paddleseg", None, code, "data", None)
        export = ExportSpec({}, None, shape, "none")
        recipe = parse_recipe(PTQ, "ptq.yaml") if quantised else None
        self.blueprints[variant] = draw_blueprint(source, export, recipe, config, None, "")
        record = ArtifactRecord(inputs={}, made=Made(quantised=quantised), usage=Usage())
        self.models[variant] = Artifact(None, content, 1, False, record)

    def origins(self):
        return share_models(self.blueprints, self.models)


@pytest.fixture
def sharing():
    return Sharing()


@pytest.mark.parametrize(
    ("difference", "shared"),
    [
        ({}, True),
        ({"content": "other"}, False),
        ({"code": "other"}, False),
        ({"quantised": ("conv2d",)}, False),
        ({"config": {}}, False),
        ({"shape": (1, 3, 99, 99)}, False),
    ],
)
def test_models_are_shared_where_content_input_target_code_and_data_are_equal(
    sharing, difference, shared
):
    sharing.add(FP32_BASE, "same")
    sharing.add(FP32_HEAD, **{"content": "same", **difference})
    assert sharing.origins() == {
        FP32_BASE: FP32_BASE,
        FP32_HEAD: FP32_BASE if shared else FP32_HEAD,
    }


def test_the_first_of_several_equal_models_is_measured(sharing):
    for variant in (FP32_BASE, PTQ_BASE, FP32_HEAD, PTQ_HEAD):
        sharing.add(variant, "same")
    assert set(sharing.origins().values()) == {FP32_BASE}


def test_stages_add_up_and_one_that_fails_counts_nothing():
    ticks = iter([0.0, 1.0, 5.0, 7.5, 8.0])
    stages = StageClock(lambda: next(ticks))
    for _ in range(2):
        with stages.stage("latency"):
            pass
    stages.add("latency", -0.5)
    with pytest.raises(JobFailure), stages.stage("pictures"):
        raise JobFailure("pictures", "error", "no")
    assert stages.seconds == {"latency": 3.0}


@pytest.mark.parametrize("error", [OSError, ValueError, MemoryError, RecursionError, KeyError])
def test_pictures_that_cannot_be_drawn_cost_no_number(execution, said, monkeypatch, error):
    def fail(*arguments):
        raise error("hostile")

    monkeypatch.setattr("bench.execute.collect_pictures", fail)
    execution.workshop, lines = said
    result = execution.run(head=execution.side(quality=0.9))
    assert result.pictures == ()
    assert [type(variant.accuracy) for variant in result.variants] == [Accuracy] * 2
    assert any(f"m.ptq: no pictures: {error.__name__}: " in line for line in lines)


@pytest.mark.parametrize("error", [OSError, MemoryError, RecursionError, ZeroDivisionError])
def test_predictions_that_break_their_reader_fail_the_accuracy_alone(execution, monkeypatch, error):
    def fail(*arguments):
        raise error("hostile")

    monkeypatch.setattr("bench.metrics.miou.MeanIou.score", fail)
    result = execution.run(head=execution.side())
    for variant in result.variants:
        assert (variant.accuracy.status, variant.accuracy.stage) == ("failed", "slimgate")
        assert variant.accuracy.message.startswith(f"unexpected {error.__name__}: hostile")
        assert isinstance(variant.latency, Latency)


def test_progress_names_job_and_variant(execution, said):
    execution.workshop, lines = replace(said[0], store=execution.workshop.store), said[1]
    execution.run(weights=None, head=execution.side())
    assert lines[:3] == [
        "m.ptq: head fp32: export and compress",
        "m.ptq: head ptq: export and compress",
        "m.ptq: head fp32: proof and accuracy",
    ]


def test_what_a_change_makes_lies_apart_from_what_the_base_branch_makes(execution):
    change = execution.side(quality=0.9).model_copy(update={"change": "seg-7"})
    execution.run(base=execution.side(name="base"), head=change)
    root = execution.workshop.store.root
    entries = list(execution.workshop.store.entries())
    own = [entry for entry in entries if entry.folder.is_relative_to(root / "changes" / "seg-7")]
    models = [entry for entry in entries if (entry.folder / "model.pdmodel").exists()]
    assert len(own) == len(set(models) & set(own)) + 2  # two models, two accuracies
    assert len(set(models) & set(own)) == len(models) - 2 == 2


def test_a_poisoned_entry_of_one_change_is_not_found_by_another(execution):
    """Both have equal inputs; the worker of the first one lies."""
    honest = execution.side(quality=0.4)
    changes = [honest.model_copy(update={"change": f"seg-{number}"}) for number in (1, 2)]
    first = by_name(execution.run(head=changes[0]))["head fp32"].accuracy
    second = by_name(execution.run(head=changes[1]))["head fp32"].accuracy
    assert (first.cached, second.cached) == (False, False)
    assert by_name(execution.run(head=changes[1]))["head fp32"].accuracy.cached
