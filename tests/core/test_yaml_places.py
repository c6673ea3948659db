"""Lines of values in YAML texts."""

import pytest

from core.yaml_places import line_of

TEXT = """\
# a comment
model:
  type: Net
  layers: [1, {size: 2}]

steps:
- Resize: {h: 1}
- !Tag
  x: 1
model2: &a {b: 1}
twice: 1
twice: 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("model", 2),
        ("model.type", 3),
        ("model.layers.1.size", 4),
        ("steps.0.Resize.h", 7),
        ("steps.1.x", 9),
        ("model2.b", 10),
        ("twice", 12),
        ("gone", None),
        ("model.gone", None),
        ("model.type.gone", None),
        ("steps.7", None),
    ],
)
def test_the_line_of_a_key_or_item(path, line):
    assert line_of(TEXT, path.split(".")) == line
