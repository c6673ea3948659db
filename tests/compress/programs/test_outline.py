"""An outline counts the values that a program stores."""

import pytest
from pydantic import ValidationError

from compress.programs.outline import Outline
from tests.compress.programs.builders import array, outline


def test_weights_are_the_values_of_all_arrays():
    arrays = (array("a.weight", (4, 3)), array("a.bias", (4,)), array("", ()))
    program = outline(("mul", ["x", "a.weight", "a.bias", ""]), arrays=arrays)
    assert program.weights == 12 + 4 + 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"outputs": [(7, 0)]}, "refers to nothing"),
        ({"outputs": [(-9, 0)]}, "refers to nothing"),
        ({"outputs": [(-1, 5)]}, "refers to nothing"),
        ({"settings": []}, "settings that are not there"),
        ({"settings": ["[]"]}, "no JSON object"),
    ],
)
def test_an_outline_refers_to_what_it_holds(change, problem):
    whole = {
        "ops": [{"type": "relu", "settings": 0, "inputs": [(-2, 0)]}],
        "settings": ["{}"],
        "arrays": [],
        "feeds": ["x"],
        "outputs": [(0, 0)],
        "flops": 1,
    }
    assert Outline.model_validate(whole).outputs == ((0, 0),)
    with pytest.raises(ValidationError, match=problem):
        Outline.model_validate({**whole, **change})
