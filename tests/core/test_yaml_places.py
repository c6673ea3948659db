"""Lines of values in YAML texts."""

import pytest

from core.yaml_places import Places, item_of

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
        ("model.gone", 2),
        ("model.type.gone", 3),
        ("steps.7", 6),
        ("steps.²", 6),
        ("steps.1.!tag", 8),
    ],
)
def test_the_line_of_a_key_or_item(path, line):
    assert Places(TEXT).line_of(path.split(".")) == line


@pytest.mark.parametrize("end", ["\u2028", "\u0085", "\u2029"])
def test_lines_end_where_git_ends_them(end):
    assert Places(f"# {end}\na: 1\n").line_of(["a"]) == 2


@pytest.mark.parametrize(
    ("part", "index"),
    [("0", 0), ("2", 2), ("3", None), ("²", None), ("٣", None), ("-1", None), ("9" * 5000, None)],
)
def test_an_index_is_a_number_of_a_list(part, index):
    assert item_of("abc", part) == index
