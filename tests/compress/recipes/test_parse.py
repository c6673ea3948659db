"""Recipes become steps: their order, corrected values, and what is refused."""

import pytest

from compress.recipes.act import METHOD_SECTIONS, SECTIONS
from compress.recipes.parse import cap_recipe, parse_recipe
from core.errors import InputError

QAT = {
    "QuantAware": {"quantize_op_types": ["conv2d"]},
    "Distillation": {"alpha": 1},
    "TrainConfig": {"epochs": 20, "learning_rate": "1e-4"},
    "Global": {"model_dir": "x"},
}
PRUNE = {"ChannelPrune": {"pruned_ratio": 0.25}}


def steps(document):
    return [step.method for step in parse_recipe(document, "r.yaml").steps]


def refusal(document):
    with pytest.raises(InputError) as caught:
        parse_recipe(document, "r.yaml")
    assert caught.value.file == "r.yaml"
    return caught.value


def test_values_that_act_misreads_are_read_as_meant():
    recipe = parse_recipe(QAT, "r.yaml")
    (step,) = recipe.steps
    assert step.sections["TrainConfig"]["learning_rate"] == 1e-4
    assert isinstance(step.sections["Distillation"]["alpha"], float)
    assert recipe.repairs == (
        "Distillation.alpha: 1 read as 1.0",
        "TrainConfig.learning_rate: '1e-4' read as 0.0001",
    )
    assert "Global" not in step.sections
    ptq = parse_recipe({"QuantPost": {"recon_level": "None"}}, "r.yaml")
    assert ptq.steps[0].sections["QuantPost"] == {}


def test_a_null_that_differs_from_the_default_is_kept():
    recipe = parse_recipe({"UnstructurePrune": {"prune_params_type": None, "ratio": None}}, "r")
    assert recipe.steps[0].sections["UnstructurePrune"] == {"prune_params_type": None}


@pytest.mark.parametrize(
    ("sections", "problem"),
    [
        ("QuantAware QuantPost", "QuantAware and QuantPost exclude each other"),
        ("Distillation MultiTeacherDistillation", "two kinds of distillation exclude each other"),
        (
            "QuantAware HyperParameterOptimization",
            "HyperParameterOptimization needs QuantPost, whose settings it searches",
        ),
        (
            "Distillation QuantPost",
            "distillation does nothing beside QuantPost, which does not train",
        ),
        ("TaskLoss", "TaskLoss needs QuantAware"),
        ("QuantAware ASPPrune TaskLoss", "TaskLoss goes with QuantAware alone"),
    ],
)
def test_combinations_that_act_would_drop_or_crash_on_are_refused(sections, problem):
    names = sections.split()
    error = refusal({name: {} for name in names})
    assert error.message == f"{problem} ({' + '.join(names)})"
    assert error.hint.startswith("supported combinations: QuantAware + Distillation; ")


def test_a_recipe_without_a_method_gets_the_sections_to_choose_from():
    error = refusal({"TrainConfig": {}})
    assert error.message == "the recipe names no compression method"
    assert error.choices == METHOD_SECTIONS


@pytest.mark.parametrize(
    ("document", "key", "message"),
    [
        ({"QuantPost": [1]}, "QuantPost", "a section must hold 'key: value' lines"),
        ({"QuantPost": {"batch_nums": 0}}, "QuantPost.batch_nums", "greater than 0, not 0"),
        ({"QuantPost": {"batch_nums": "ten"}}, "QuantPost.batch_nums", "valid integer, not 'ten'"),
        ({"ChannelPrune": {}}, "ChannelPrune.pruned_ratio", "the key is missing"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key(document, key, message):
    error = refusal(document)
    assert error.key == key
    assert error.message.endswith(message)


def test_an_unknown_section_is_refused_with_the_nearest():
    error = refusal({"QuantAwares": {}})
    assert (error.key, error.nearest) == ("QuantAwares", "QuantAware")
    assert error.choices == tuple(SECTIONS)
    assert error.hint == "did you mean QuantAware? slimgate explain SG101"


def test_an_unknown_key_is_refused_with_the_nearest():
    error = refusal({"QuantPost": {"algos": "avg"}})
    assert (error.message, error.key) == ("unknown key", "QuantPost.algos")
    assert (error.given, error.nearest) == ("algos", "algo")
    assert error.hint == "correct or delete the key"


def test_sections_of_the_suites_scripts_are_ignored_with_a_remark():
    recipe = parse_recipe({"Hardware": "cpu", "QuantPost": {}}, "r")
    assert recipe.repairs == ("Hardware: not a section of ACT, ignored",)


def test_op_types_are_those_of_the_recipe_or_of_the_method():
    assert parse_recipe(QAT, "r").op_types == ("conv2d",)
    assert "depthwise_conv2d" in parse_recipe({"QuantPost": None}, "r").op_types
    tensorrt = parse_recipe({**QAT, "QuantAware": {"for_tensorrt": True}}, "r")
    assert "pool2d" in tensorrt.op_types
    assert parse_recipe({"Distillation": {}}, "r").op_types == ()


@pytest.mark.parametrize(
    ("document", "methods"),
    [
        (QAT, ["qat"]),
        ({**QAT, **PRUNE}, ["channel_prune", "qat"]),
        ({**PRUNE, "QuantPost": {}}, ["channel_prune", "ptq"]),
        ({"UnstructurePrune": {}, "ASPPrune": {}}, ["asp_prune", "sparse"]),
        ({"Distillation": {}}, ["distill"]),
        ({"QuantAware": {}, "TaskLoss": {}}, ["quant_aware"]),
        ({"UnstructurePrune": {}}, ["sparse"]),
    ],
)
def test_prunes_come_first_and_quantisation_last(document, methods):
    assert steps(document) == methods
    assert parse_recipe(document, "r").method == " + ".join(methods)


def test_a_search_is_part_of_calibration():
    search = parse_recipe({"QuantPost": {}, "HyperParameterOptimization": {}}, "r")
    assert (search.method, search.search) == ("ptq_search", {})


def test_a_step_has_the_sections_that_it_reads_and_no_other():
    first, second = parse_recipe({**PRUNE, "Distillation": {}, "QuantPost": {}}, "r").steps
    assert set(first.sections) == {"ChannelPrune", "Distillation", "TrainConfig"}
    assert set(second.sections) == {"QuantPost"}


def test_training_without_a_teacher_gets_the_model_itself():
    recipe = parse_recipe({"QuantAware": {}}, "r")
    assert recipe.steps[0].sections["Distillation"] == {}
    assert recipe.repairs == ("Distillation added: ACT ignores QuantAware without it",)


@pytest.mark.parametrize(
    ("training", "slower"),
    [
        (
            {"train_iter": 500, "learning_rate": 0.01},
            {"train_iter": 50, "learning_rate": 0.001},
        ),
        ({"epochs": 5}, {"epochs": 1}),
        (
            {"learning_rate": {"type": "PiecewiseDecay", "values": [0.1, 0.01]}},
            {"learning_rate": {"type": "PiecewiseDecay", "values": [0.01, 0.001]}},
        ),
        (
            {"learning_rate": {"type": "CosineAnnealingDecay", "learning_rate": 0.5}},
            {"learning_rate": {"type": "CosineAnnealingDecay", "learning_rate": 0.05}},
        ),
    ],
)
def test_quantisation_after_a_prune_trains_for_a_tenth(training, slower):
    first, second = parse_recipe({**QAT, "ASPPrune": {}, "TrainConfig": training}, "r").steps
    assert first.sections["TrainConfig"] == training
    rate = second.sections["TrainConfig"].pop("learning_rate", None)
    expected = dict(slower)
    if isinstance(rate, dict) and "values" in rate:
        assert rate.pop("values") == pytest.approx(expected["learning_rate"].pop("values"))
    assert rate == expected.pop("learning_rate", None)
    assert second.sections["TrainConfig"] == expected


def test_a_budget_cuts_and_says_so():
    capped = cap_recipe(parse_recipe(QAT, "r"), 50, 4)
    assert capped.steps[0].sections["TrainConfig"]["train_iter"] == 50
    remark = "quick budget: trained for 50 iterations at most, not 20 epochs"
    assert capped.repairs[-1] == remark
    endless = cap_recipe(parse_recipe({"Distillation": {}, "TrainConfig": {}}, "r"), 50, 4)
    assert endless.repairs == (remark.replace("20", "100"),)
    ptq = cap_recipe(parse_recipe({"QuantPost": {}}, "r"), 50, 4)
    assert ptq.steps[0].sections["QuantPost"] == {"batch_nums": 4}
    assert ptq.repairs == ("quick budget: calibrated on 4 batches, not the default number",)


SEARCH = {
    "QuantPost": {"batch_nums": 4},
    "HyperParameterOptimization": {"max_quant_count": 10**6, "batch_num": [8, 500, 10**9]},
}


def test_a_budget_bounds_a_search_and_says_so():
    capped = cap_recipe(parse_recipe(SEARCH, "r"), 50, 4)
    assert capped.search == {"max_quant_count": 20, "batch_num": [8, 30]}
    assert capped.repairs[-2:] == (
        "quick budget: searched with 20 trials at most, not 1000000",
        "quick budget: trials calibrate on 30 batches at most",
    )
    assert cap_recipe(parse_recipe(SEARCH, "r"), 50, 40).search["batch_num"] == [8, 40]


@pytest.mark.parametrize("section", [{}, {"max_quant_count": 12, "batch_num": [4, 16]}])
def test_a_search_of_usual_size_stays(section):
    recipe = parse_recipe({**SEARCH, "HyperParameterOptimization": section}, "r")
    assert cap_recipe(recipe, 50, 4) == recipe


def test_without_a_limit_a_search_is_as_long_as_the_recipe_says():
    recipe = parse_recipe(SEARCH, "r")
    assert cap_recipe(recipe, 50, None) == recipe


@pytest.mark.parametrize("limits", [(None, None), (10, 10), (11, None)])
def test_what_is_within_the_budget_stays(limits):
    few = {**QAT, "TrainConfig": {"train_iter": 10, "learning_rate": 0.1}}
    for document in (few, {"QuantPost": {"batch_nums": 10}}):
        recipe = parse_recipe(document, "r")
        assert cap_recipe(recipe, *limits) == recipe


def test_a_section_of_another_script_is_ignored_beside_a_method():
    recipe = parse_recipe({"PTQ": {"algo": "avg"}, "QuantPost": {}}, "r")
    assert recipe.repairs == ("PTQ: not a section of ACT, ignored",)
    assert refusal({"PTQ": {}}).hint == "did you mean QuantPost? slimgate explain SG101"
