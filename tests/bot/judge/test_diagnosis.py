"""What a run found out about a model, seen by the rules."""

from bot.judge.diagnosis import diagnose_case
from compress.doctor.facts import DataFacts
from tests.bot.builders import make_plan, make_result

RECIPE = "QuantPost:\n  batch_nums: 2\n  quantize_op_types: [conv2d]\n"


SEG = {
    "train_dataset": {"transforms": [{"type": "Normalize"}]},
    "val_dataset": {"transforms": [{"type": "Normalize", "mean": [0.485, 0.456, 0.406]}]},
}


def diagnosed(folder, data, config=None, **more):
    plan = make_plan()
    job = plan.jobs[0]
    side = job.sides["head"].model_copy(update={"recipe_text": RECIPE, "data_config": config or {}})
    sides = {**job.sides, "head": side}
    job = job.model_copy(update={"sides": sides, "recipe_file": "r.yaml", **more})
    result = make_result(folder)
    variants = tuple(
        one.model_copy(update={"artifact": one.artifact.model_copy(update={"data": data})})
        for one in result.variants
    )
    found = diagnose_case(plan, job, result.model_copy(update={"variants": variants}))
    return {one.code: one.message for one in found}


def test_images_that_were_calibrated_on_are_judged(tmp_path):
    found = diagnosed(tmp_path, DataFacts(images=2))
    assert found["SG402"].startswith("calibrated on 2 images")
    assert "SG402" not in diagnosed(tmp_path, DataFacts(images=32))


def test_sizes_and_normalisation_are_compared(tmp_path):
    data = DataFacts(images=32, calibration_sizes=((512, 512),))
    found = diagnosed(tmp_path, data, SEG)
    assert found["SG403"].startswith("calibrated on images of 512×512, but the model runs on")
    assert "training: mean=[0.5" in found["SG404"]
    assert "validation: mean=[0.485" in found["SG404"]
    assert "SG404" not in diagnosed(tmp_path, data)


def test_a_dynamic_shape_is_needless_where_all_images_have_one_size(tmp_path):
    fixed = {"val_dataset": {"transforms": [{"type": "Resize", "target_size": [64, 32]}]}}
    found = diagnosed(tmp_path, None, fixed, dynamic_shape=True)
    assert found["SG303"].startswith("every image is resized to 32×64")
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
    assert "SG306" in {one.code for one in diagnose_case(plan, job, result)}
