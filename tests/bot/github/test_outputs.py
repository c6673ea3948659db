"""A job's outputs are lines of their own, and none can smuggle in another."""

import pytest

from bot.github.outputs import write_outputs


def test_outputs_are_added_to_the_file(tmp_path):
    file = tmp_path / "outputs"
    file.write_text("before=1\n")
    write_outputs(file, head="abc", runners='["cpu", "é"]', empty="")
    assert file.read_text(encoding="utf-8") == 'before=1\nhead=abc\nrunners=["cpu", "é"]\nempty=\n'


@pytest.mark.parametrize("value", ["a\nmeasure=true", "a\rb", "\n"])
def test_a_value_of_several_lines_is_refused_and_nothing_is_written(tmp_path, value):
    file = tmp_path / "outputs"
    with pytest.raises(ValueError, match="the output head has more than one line"):
        write_outputs(file, number="1", head=value)
    assert not file.exists()
