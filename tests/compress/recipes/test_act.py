"""The schema of recipes: its sections, values that are refused."""

import pytest

from compress.recipes.act import (
    DISTILLATIONS,
    METHOD_SECTIONS,
    PRUNES,
    SECTIONS,
    recipe_schema,
    validate_section,
)


def test_every_section_of_a_method_is_known():
    assert set(DISTILLATIONS) == {"Distillation", "MultiTeacherDistillation"}
    assert set(PRUNES) == {"ChannelPrune", "ASPPrune", "TransformerPrune", "UnstructurePrune"}
    assert {*METHOD_SECTIONS, "TrainConfig", "Global"} == set(SECTIONS)


@pytest.mark.parametrize(
    ("section", "content", "problem"),
    [
        ("QuantPost", {"batch_nums": "10"}, ("int_type", ("batch_nums",))),
        ("QuantPost", {"onnx_format": 1}, ("bool_type", ("onnx_format",))),
        ("QuantPost", {"hist_percent": 1.01}, ("less_than_equal", ("hist_percent",))),
        ("QuantPost", {"zzz": 1}, ("extra_forbidden", ("zzz",))),
        ("QuantPost", {"quantize_op_types": []}, ("too_short", ("quantize_op_types",))),
        ("QuantAware", {"quantize_op_types": []}, ("too_short", ("quantize_op_types",))),
        ("QuantAware", {"window_size": 0}, ("greater_than", ("window_size",))),
        ("QuantAware", {"moving_rate": 1.1}, ("less_than_equal", ("moving_rate",))),
        ("ASPPrune", {"prune_params_name": []}, ("too_short", ("prune_params_name",))),
        ("Distillation", {"alpha": -1.0}, ("greater_than_equal", ("alpha", "constrained-float"))),
        ("TransformerPrune", {}, ("missing", ("pruned_ratio",))),
        ("TransformerPrune", {"pruned_ratio": 1}, ("less_than", ("pruned_ratio",))),
        ("UnstructurePrune", {"gmp_config": {}}, ("missing", ("gmp_config", "stable_iterations"))),
    ],
)
def test_values_are_checked_strictly(section, content, problem):
    error = validate_section(section, content)[0]
    assert (error["type"], error["loc"]) == problem


@pytest.mark.parametrize(
    ("section", "content"),
    [
        ("QuantPost", {"hist_percent": 1, "weight_bits": 16, "regions": [["a"], ["b"]]}),
        ("ChannelPrune", {"pruned_ratio": [0.1, 0]}),
        ("UnstructurePrune", {"prune_params_type": None}),
        ("Global", {"anything": {"at": "all"}}),
        ("QuantAware", {"moving_rate": 1.0, "window_size": 1}),
        ("TrainConfig", {"learning_rate": 0.0}),
        ("HyperParameterOptimization", {"hist_percent": [1], "batch_num": [1]}),
    ],
)
def test_good_values_pass(section, content):
    assert validate_section(section, content) == []


@pytest.mark.parametrize(
    ("key", "values", "problem"),
    [
        ("ptq_algo", [], "too_short"),
        ("bias_correct", [], "too_short"),
        ("weight_quantize_type", [], "too_short"),
        ("hist_percent", [], "too_short"),
        ("hist_percent", [0.9, 1.1], "less_than_equal"),
        ("hist_percent", [0], "greater_than"),
        ("batch_num", [], "too_short"),
        ("batch_num", [-3, 10], "greater_than"),
    ],
)
def test_a_search_has_values_to_try_that_paddle_takes(key, values, problem):
    error = validate_section("HyperParameterOptimization", {key: values})[0]
    assert error["type"] == problem


def test_the_json_schema_has_every_section_and_refuses_others():
    schema = recipe_schema()
    assert set(schema["properties"]) == set(SECTIONS)
    assert schema["additionalProperties"] is False
    assert schema["title"] == "Compression recipe (PaddleSlim ACT 2.6)"
