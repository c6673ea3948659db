"""What a run tells about a model, seen by the rules."""

import pytest

from bench.proven import PrecisionProof, TensorRtEngines
from bot.judge.diagnosis import diagnose_case
from bot.plan.values import ChangedLine
from compress.doctor.facts import DataFacts
from compress.manifest import TargetOptions
from tests.bot.builders import make_plan, make_result

RECIPE = "QuantPost:\n  batch_nums: 2\n  quantize_op_types: [conv2d]\n"


SEG = {
    "train_dataset": {"transforms": [{"type": "Normalize"}]},
    "val_dataset": {"transforms": [{"type": "Normalize", "mean": [0.485, 0.456, 0.406]}]},
}


def diagnosed(folder, data, config=None, measured=None, **more):
    plan = make_plan()
    job = plan.jobs[0]
    side = job.sides["head"].model_copy(update={"recipe_text": RECIPE, "data_config": config or {}})
    sides = {**job.sides, "head": side}
    job = job.model_copy(update={"sides": sides, "recipe_file": "r.yaml", **more})
    result = make_result(folder)
    variants = tuple(
        variant.model_copy(
            update={
                "artifact": variant.artifact.model_copy(update={"data": data}),
                **(measured or {}),
            }
        )
        for variant in result.variants
    )
    findings = diagnose_case(plan, job, result.model_copy(update={"variants": variants}))
    return {finding.code: finding.message for finding in findings}


def test_images_that_were_calibrated_on_are_judged(tmp_path):
    messages = diagnosed(tmp_path, DataFacts(images=2))
    assert messages["SG402"].startswith("calibrated on 2 images")
    assert "SG402" not in diagnosed(tmp_path, DataFacts(images=32))


def test_sizes_and_normalisation_are_compared(tmp_path):
    data = DataFacts(images=32, calibration_sizes=((512, 512),))
    messages = diagnosed(tmp_path, data, SEG)
    assert messages["SG403"].startswith("calibrated on images of 512×512, but the model runs on")
    assert "training: mean=[0.5" in messages["SG404"]
    assert "validation: mean=[0.485" in messages["SG404"]
    assert "SG404" not in diagnosed(tmp_path, data)


def test_a_dynamic_shape_is_needless_where_all_images_have_one_size(tmp_path):
    fixed = {"val_dataset": {"transforms": [{"type": "Resize", "target_size": [64, 32]}]}}
    messages = diagnosed(tmp_path, None, fixed, dynamic_shape=True)
    assert messages["SG303"].startswith("every image is resized to 32×64")
    assert "SG303" not in diagnosed(tmp_path, None, fixed)
    assert "SG303" not in diagnosed(tmp_path, None, SEG, dynamic_shape=True)


def test_an_export_of_any_size_has_none_to_calibrate_for(tmp_path):
    data = DataFacts(images=32, calibration_sizes=((512, 512),))
    assert "SG403" not in diagnosed(tmp_path, data, SEG, dynamic_shape=True)


def test_versions_that_do_not_fit_are_named_though_nothing_was_compressed(tmp_path):
    plan = make_plan()
    job = plan.jobs[0]
    side = job.sides["head"].model_copy(update={"recipe_text": RECIPE})
    job = job.model_copy(update={"sides": {**job.sides, "head": side}, "recipe_file": "r.yaml"})
    result = make_result(tmp_path)
    unfit = {**result.fingerprint.versions, "paddlepaddle": "2.6.2", "paddleslim": "2.4.1"}
    fingerprint = result.fingerprint.model_copy(update={"versions": unfit})
    result = result.model_copy(update={"variants": (), "fingerprint": fingerprint})
    assert "SG306" in {finding.code for finding in diagnose_case(plan, job, result)}


def test_a_fix_is_offered_on_changed_lines_only():
    plan = make_plan()
    job = plan.jobs[0]
    text = "QuantAwares:\n  weight_bits: 8\nDistillation:\n  loss: l2\n"
    side = job.sides["head"].model_copy(update={"recipe_text": text})
    job = job.model_copy(update={"sides": {**job.sides, "head": side}, "recipe_file": "r.yaml"})
    finding, *_ = diagnose_case(plan, job, None)
    assert (finding.code, finding.line, finding.fix) == ("SG101", 1, None)
    line = ChangedLine(file="r.yaml", line=1, text="QuantAwares:", before="QuantAware:")
    changed = plan.model_copy(update={"changed_lines": (line,)})
    finding, *_ = diagnose_case(changed, job, None)
    assert finding.fix == "QuantAware:"


@pytest.mark.parametrize("text", [None, "a: ["])
def test_without_a_readable_recipe_nothing_is_found(text):
    plan = make_plan()
    job = plan.jobs[0]
    side = job.sides["head"].model_copy(update={"recipe_text": text})
    job = job.model_copy(update={"sides": {**job.sides, "head": side}, "recipe_file": "r.yaml"})
    assert diagnose_case(plan, job, None) == ()


@pytest.mark.parametrize("name", ["cpu-onednn", "cpu-onednn-int8"])
def test_passes_that_a_target_deletes_are_judged(tmp_path, name):
    options = {name: TargetOptions(delete_passes=("fc_mkldnn_pass",))}
    on = {"target": "cpu-onednn-int8"}
    assert "fc_mkldnn_pass" in diagnosed(tmp_path, None, None, on, targets=options)["SG305"]
    elsewhere = {"gpu-trt": options[name]}
    assert "SG305" not in diagnosed(tmp_path, None, None, on, targets=elsewhere)


@pytest.mark.parametrize(("low", "told"), [(3, "1 of 4 convolutions"), (4, None)])
def test_layers_that_had_no_ranges_on_tensorrt_are_a_finding(tmp_path, low, told):
    engines = TensorRtEngines(engines=1, dynamic=False, outside={}, layers={})
    ops = {"conv2d": (low, 4), "pool2d": (0, 2)}
    proof = PrecisionProof(precision="int8", op_types=(), ops=ops, tensorrt=engines)
    messages = diagnosed(tmp_path, None, None, {"target": "gpu-trt-int8", "proof": proof})
    assert told is None or messages["SG307"].startswith(told)
    assert ("SG307" in messages) == (told is not None)
