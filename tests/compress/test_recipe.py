import pytest

from compress.errors import InputError
from compress.recipe import cap_recipe, inference_op_types, parse_recipe

QAT = {
    "QuantAware": {"quantize_op_types": ["conv2d"]},
    "Distillation": {"alpha": 1},
    "TrainConfig": {"epochs": 20, "learning_rate": "1e-4"},
    "Global": {"model_dir": "x"},
}


def test_values_that_act_misreads_are_read_as_meant():
    recipe = parse_recipe({**QAT, "QuantAware": {"x": "None"}}, "r.yaml")
    assert recipe.sections["TrainConfig"]["learning_rate"] == 1e-4
    assert recipe.sections["Distillation"]["alpha"] == 1.0
    assert isinstance(recipe.sections["Distillation"]["alpha"], float)
    assert recipe.sections["QuantAware"]["x"] is None
    assert len(recipe.repairs) == 3
    assert "Global" not in recipe.sections


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"QuantAwares": {}}, "nearest: QuantAware"),
        ({"TrainConfig": {}}, "no compression method"),
        ({"QuantPost": {}, "QuantAware": {}}, "not supported"),
        ({"QuantPost": [1]}, "must hold"),
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


def test_quick_budget_cuts_and_says_so():
    capped = cap_recipe(parse_recipe(QAT, "r"), 50, 4)
    assert capped.sections["TrainConfig"]["train_iter"] == 50
    assert "50 iterations at most, not 20 epochs" in capped.repairs[-1]
    assert (
        cap_recipe(parse_recipe(QAT, "r"), None, None).sections == parse_recipe(QAT, "r").sections
    )
    few = parse_recipe({**QAT, "TrainConfig": {"train_iter": 10}}, "r")
    assert cap_recipe(few, 50, 4).sections["TrainConfig"]["train_iter"] == 10


def test_fused_convolutions_are_quantised_with_the_trained_ones():
    assert list(inference_op_types(("conv2d", "depthwise_conv2d"))) == [
        "conv2d",
        "fused_conv2d",
        "depthwise_conv2d",
    ]
    assert "pool2d" not in inference_op_types(("conv2d", "mul"))
