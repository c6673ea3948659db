"""An outline counts the values that a program stores."""

from tests.compress.programs.builders import array, outline


def test_weights_are_the_values_of_all_arrays():
    arrays = (array("a.weight", (4, 3)), array("a.bias", (4,)), array("", ()))
    program = outline(("mul", ["x", "a.weight", "a.bias", ""]), arrays=arrays)
    assert program.weights == 12 + 4 + 1
