"""The section ``test_config``: what it asks for, and what of it cannot be measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.suites.paddleseg.testing import (
    MEASURED,
    ONE_PASS,
    Passes,
    evaluated,
    read_passes,
    unmeasured_test,
)


@pytest.mark.parametrize(
    ("test", "passes"),
    [
        ({}, ONE_PASS),
        ({"scales": 0.5, "flip_horizontal": True}, ONE_PASS),
        ({"aug_eval": True}, ONE_PASS),
        ({"aug_eval": True, "scales": 1.0}, ONE_PASS),
        ({"aug_eval": True, "scales": 0.5}, Passes((0.5,))),
        ({"aug_eval": True, "scales": [0.5, 1, 2.0]}, Passes((0.5, 1, 2.0))),
        ({"aug_eval": True, "flip_vertical": True}, Passes(flip_vertical=True)),
        (
            {"is_slide": True, "crop_size": [64, 32], "stride": [48, 16], "scales": 0.5},
            Passes(crop_size=(64, 32), stride=(48, 16)),
        ),
        (
            {
                "aug_eval": True,
                "scales": 2.0,
                "is_slide": True,
                "crop_size": [4, 4],
                "stride": [4, 4],
            },
            Passes((2.0,), crop_size=(4, 4), stride=(4, 4)),
        ),
    ],
)
def test_passes_are_those_of_the_suites_evaluate(test, passes):
    assert read_passes({"test_config": test}) == passes


@pytest.mark.parametrize(
    ("passes", "averages"),
    [
        (ONE_PASS, False),
        (Passes((0.5,)), False),
        (Passes((0.5, 1.0)), True),
        (Passes(flip_horizontal=True), True),
        (Passes(crop_size=(8, 8), stride=(4, 4)), True),
    ],
)
def test_scores_are_averaged_over_more_than_one_pass(passes, averages):
    assert passes.averages is averages


def keys(test: object, output_op: str = "none") -> list[str | None]:
    return [error.key for error in unmeasured_test({"test_config": test}, output_op)]


WINDOW = {"is_slide": True, "crop_size": [8, 8], "stride": [4, 4]}


@pytest.mark.parametrize(
    ("test", "output_op", "key"),
    [
        ({"aug_eval": True, "scales": 1}, "none", "scales"),  # the suite takes no whole number
        ({"aug_eval": True, "scales": "1.0"}, "none", "scales"),
        ({"aug_eval": True, "scales": []}, "none", "scales"),
        ({"aug_eval": True, "scales": [0.5, 0]}, "none", "scales"),
        ({"aug_eval": True, "scales": 1e9}, "none", "scales"),
        ({"aug_eval": True, "scales": [1.0] * 17}, "none", "scales"),
        ({"aug_eval": True, "scales": float("nan")}, "none", "scales"),
        ({"is_slide": True}, "none", "is_slide"),
        ({**WINDOW, "crop_size": 8}, "none", "is_slide"),
        ({**WINDOW, "stride": [9, 4]}, "none", "is_slide"),
        (WINDOW, "argmax", "is_slide"),
        (WINDOW, "softmax", "is_slide"),
        ({"aug_eval": True, "flip_horizontal": True}, "argmax", "aug_eval"),
        ({"use_multilabel": True}, "none", "use_multilabel"),
        ({"new_key": 3}, "none", "new_key"),
    ],
)
def test_what_cannot_be_measured_is_named(test, output_op, key):
    assert keys(test, output_op) == [f"test_config.{key}"]


@pytest.mark.parametrize(
    ("test", "output_op"),
    [
        ({}, "argmax"),
        (None, "argmax"),
        ({"aug_eval": True, "scales": 0.5}, "argmax"),
        ({"aug_eval": True, "scales": [0.5, 1]}, "none"),
        (WINDOW, "none"),
        ({"auc_roc": True, "num_workers": 4, "use_multilabel": False}, "argmax"),
    ],
)
def test_what_can_be_measured_is_not(test, output_op):
    assert keys(test, output_op) == []


@given(
    st.dictionaries(
        st.sampled_from([*MEASURED, "use_multilabel"]),
        st.one_of(
            st.booleans(),
            st.floats(),
            st.integers(),
            st.none(),
            st.text(max_size=3),
            st.lists(st.one_of(st.integers(-9, 99), st.floats(), st.none()), max_size=3),
        ),
    )
)
def test_any_section_is_measured_or_named(test):
    if not keys(test):
        passes = read_passes({"test_config": test})
        assert all(0 < scale <= 8 for scale in passes.scales)
        assert (passes.crop_size is None) == (passes.stride is None)


def test_the_config_of_the_data_has_the_say():
    model, own = {"test_config": {"aug_eval": True}}, {"test_config": {}, "val_dataset": {}}
    assert evaluated(model, own) == own
    assert evaluated(model, {"val_dataset": {}}) == {
        "val_dataset": {},
        "test_config": {"aug_eval": True},
    }
    assert evaluated({}, {"val_dataset": {}}) == {"val_dataset": {}}
