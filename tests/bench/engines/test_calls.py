"""Calls survive the way to a worker, and read like code."""

import pytest
from pydantic import ValidationError

from bench.engines.calls import (
    Call,
    ModelOps,
    OpSet,
    PaddlePrecision,
    ShapeRanges,
    call,
)

FULL = call(
    "m",
    True,
    2,
    "a",
    ("b", "c"),
    (),
    OpSet(op_set=()),
    OpSet(op_set=("d",)),
    ModelOps(without_kernels=("add",)),
    ShapeRanges(),
    precision=PaddlePrecision(precision_type="Half"),
    flag=False,
)


def test_a_call_survives_the_way_to_a_worker():
    again = Call.model_validate_json(FULL.model_dump_json())
    assert again == FULL
    assert list(map(type, again.arguments)) == list(map(type, FULL.arguments))
    assert (type(again.named["precision"]), again.named["flag"]) == (PaddlePrecision, False)


def test_a_call_reads_like_code():
    assert str(FULL) == (
        "m(True, 2, 'a', ['b', 'c'], [], {}, {'d'}, <op types without add>, <shape ranges>, "
        "precision=PrecisionType.Half, flag=False)"
    )


@pytest.mark.parametrize(
    "argument",
    [
        1.5,
        None,
        {"op_set": "conv2d"},
        {"precision_type": "Int4"},
        {"x": 1},
    ],
)
def test_arguments_of_any_other_kind_are_refused(argument):
    with pytest.raises(ValidationError):
        Call(method="m", arguments=(argument,))
