import pytest

from compress.recipes.inference_ops import inference_op_types
from compress.recipes.parse import cap_recipe, parse_recipe
from core.errors import InputError

QAT = {
    "QuantAware": {"quantize_op_types": ["conv2d"]},
    "Distillation": {"alpha": 1},
    "TrainConfig": {"epochs": 20, "learning_rate": "1e-4"},
    "Global": {"model_dir": "x"},
}


def steps(document):
    return [step.method for step in parse_recipe(document, "r.yaml").steps]


def test_values_that_act_misreads_are_read_as_meant():
    recipe = parse_recipe(QAT, "r.yaml")
    (step,) = recipe.steps
    assert step.sections["TrainConfig"]["learning_rate"] == 1e-4
    assert isinstance(step.sections["Distillation"]["alpha"], float)
    assert len(recipe.repairs) == 2
    assert "Global" not in step.sections
    ptq = parse_recipe({"QuantPost": {"recon_level": "None"}}, "r.yaml")
    assert ptq.steps[0].sections["QuantPost"] == {}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"QuantAwares": {}}, "nearest: QuantAware"),
        ({"TrainConfig": {}}, "no compression method"),
        ({"QuantPost": {}, "QuantAware": {}}, "exclude each other"),
        ({"Distillation": {}, "MultiTeacherDistillation": {}}, "exclude each other"),
        ({"HyperParameterOptimization": {}, "QuantAware": {}}, "needs QuantPost"),
        ({"QuantPost": {}, "Distillation": {}}, "does nothing"),
        ({"TaskLoss": {}}, "needs QuantAware"),
        ({"QuantPost": [1]}, "must hold"),
        ({"QuantPost": {"algos": "avg"}}, "nearest: algo"),
        ({"QuantPost": {"batch_nums": "ten"}}, "valid integer"),
        ({"ChannelPrune": {}}, "is missing"),
    ],
)
def test_recipes_that_act_would_misunderstand(document, problem):
    with pytest.raises(InputError, match=problem):
        parse_recipe(document, "r.yaml")


def test_methods_and_op_types():
    assert parse_recipe(QAT, "r").method == "qat"
    assert parse_recipe(QAT, "r").op_types == ("conv2d",)
    ptq = parse_recipe({"QuantPost": None}, "r")
    assert ptq.method == "ptq"
    assert "depthwise_conv2d" in ptq.op_types
    tensorrt = parse_recipe({**QAT, "QuantAware": {"for_tensorrt": True}}, "r")
    assert "pool2d" in tensorrt.op_types


def test_methods_are_done_one_after_the_other_and_quantisation_comes_last():
    prune = {"ChannelPrune": {"pruned_ratio": 0.25}}
    assert steps({**QAT, **prune}) == ["channel_prune", "qat"]
    assert steps({**prune, "QuantPost": {}}) == ["channel_prune", "ptq"]
    assert steps({"Distillation": {}}) == ["distill"]
    assert steps({"QuantAware": {}, "TaskLoss": {}}) == ["quant_aware"]
    assert steps({"UnstructurePrune": {}}) == ["sparse"]
    search = parse_recipe({"QuantPost": {}, "HyperParameterOptimization": {}}, "r")
    assert (search.method, search.search) == ("ptq_search", {})


def test_training_without_a_teacher_gets_the_model_itself():
    recipe = parse_recipe({"QuantAware": {}}, "r")
    assert recipe.steps[0].sections["Distillation"] == {}
    assert "Distillation added" in recipe.repairs[0]


def test_quantisation_after_a_prune_trains_for_a_tenth():
    training = {"train_iter": 500, "learning_rate": 0.01}
    first, second = parse_recipe({**QAT, "ASPPrune": {}, "TrainConfig": training}, "r").steps
    assert first.sections["TrainConfig"] == training
    assert second.sections["TrainConfig"] == {"train_iter": 50, "learning_rate": 0.001}


def test_quick_budget_cuts_and_says_so():
    capped = cap_recipe(parse_recipe(QAT, "r"), 50, 4)
    assert capped.steps[0].sections["TrainConfig"]["train_iter"] == 50
    assert "50 iterations at most, not 20 epochs" in capped.repairs[-1]
    assert cap_recipe(parse_recipe(QAT, "r"), None, None).steps == parse_recipe(QAT, "r").steps
    few = parse_recipe({**QAT, "TrainConfig": {"train_iter": 10}}, "r")
    assert cap_recipe(few, 50, 4).steps[0].sections["TrainConfig"]["train_iter"] == 10


def test_fused_convolutions_are_quantised_with_the_trained_ones():
    assert list(inference_op_types(("conv2d", "depthwise_conv2d"))) == [
        "conv2d",
        "fused_conv2d",
        "depthwise_conv2d",
    ]
    assert "pool2d" not in inference_op_types(("conv2d", "mul"))
