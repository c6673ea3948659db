"""Places in YAML, and edits that leave the rest of the file alone."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from compress.doctor.text import apply_edits, load_text, parse_text
from core.errors import InputError
from core.finding import Edit
from core.safe_yaml import MAX_BYTES

TEXT = """# a recipe
QuantAware:   # the method
  weight_bits: 8
  quantize_op_types: [conv2d, mul]
Distillation:
  node:
  - a
  - b   # the last
"""
FLOW = "A: {b: 1, c: 2}\nD:\nE: [1]\n? F\n: g: 1\nH: {\n  i: 1\n}\nJ:\n- k\n"
NAMES = st.text("abcxyz", min_size=1, max_size=4)


def test_places_of_keys_values_and_items():
    doc = parse_text(TEXT, "r")
    key = doc.key_span(("QuantAware", "weight_bits"))
    assert (key.line, key.column) == (3, 3)
    value = doc.value_span(("QuantAware", "weight_bits"))
    assert TEXT[value.start : value.end] == "8"
    item = doc.value_span(("Distillation", "node", 1))
    assert (TEXT[item.start : item.end], item.line) == ("b", 8)
    assert doc.key_span(("Distillation", "node", 1)) == item


@pytest.mark.parametrize(
    "where",
    [
        ("QuantAware", "nothing"),
        ("Distillation", "node", 2),
        ("Distillation", "node", "a"),
        ("QuantAware", "weight_bits", "deeper"),
    ],
)
def test_absent_places_have_no_span_and_no_edit(where):
    doc = parse_text(TEXT, "r")
    assert doc.key_span(where) is doc.value_span(where) is None
    assert doc.rename(where, "x") is doc.replace(where, "x") is doc.remove(where) is None


def test_edits_keep_comments_and_formatting():
    doc = parse_text(TEXT, "r")
    edits = [
        doc.rename(("QuantAware",), "QuantPost"),
        doc.replace(("QuantAware", "quantize_op_types", 1), "conv2d_transpose"),
        doc.remove(("QuantAware", "weight_bits")),
        doc.insert_into("Distillation", "loss: l2"),
    ]
    assert (
        apply_edits(TEXT, edits)
        == """# a recipe
QuantPost:   # the method
  quantize_op_types: [conv2d, conv2d_transpose]
Distillation:
  loss: l2
  node:
  - a
  - b   # the last
"""
    )


def test_a_section_is_removed_with_all_its_lines_and_no_other():
    text = "A:\n  b: 1\n\n\nC: 2\n"
    doc = parse_text(text, "r")
    assert apply_edits(text, [doc.remove(("A",))]) == "\n\nC: 2\n"
    assert apply_edits(text, [doc.remove(("C",))]) == "A:\n  b: 1\n\n\n"
    assert apply_edits("A: 1\nB: 2", [parse_text("A: 1\nB: 2", "r").remove(("B",))]) == "A: 1\n"


@pytest.mark.parametrize("where", [("A", "b"), ("F",), ("E", 0), ("H", "i"), ("J", 0)])
def test_keys_in_flow_style_and_items_are_not_removed(where):
    assert parse_text(FLOW, "r").remove(where) is None


@pytest.mark.parametrize("section", ["A", "D", "E", "absent"])
def test_lines_are_inserted_into_sections_in_block_style_only(section):
    assert parse_text(FLOW, "r").insert_into(section, "x: 1") is None


def test_of_overlapping_edits_the_first_wins():
    first, second = Edit(start=0, end=2, text="x"), Edit(start=1, end=3, text="y")
    assert apply_edits("abcd", [first, second]) == "xcd"
    assert apply_edits("abcd", [second, first]) == "ayd"


def test_edits_that_touch_are_both_made():
    edits = [Edit(start=1, end=2, text="x"), Edit(start=2, end=3, text="y")]
    assert apply_edits("abcd", edits) == apply_edits("abcd", edits[::-1]) == "axyd"


@pytest.mark.parametrize(
    ("before", "after"), [("A: 1", "A: 1\nB: 2\n"), ("A: 1\n", "A: 1\nB: 2\n"), ("", "B: 2\n")]
)
def test_sections_are_added_at_the_end(before, after):
    assert apply_edits(before, [parse_text(before, "r").append_section("B: 2")]) == after


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, st.integers()), max_size=3), st.data())
def test_any_value_can_be_replaced_without_a_trace_elsewhere(document, data):
    text = yaml.safe_dump(document)
    places = [(section, key) for section, content in document.items() for key in content]
    if places:
        section, key = data.draw(st.sampled_from(places))
        edit = parse_text(text, "r").replace((section, key), "'new'")
        document[section][key] = "new"
        assert yaml.safe_load(apply_edits(text, [edit])) == document


def test_an_empty_file_has_no_places():
    assert parse_text("", "r").key_span(("A",)) is None


def test_files_that_cannot_be_read_are_named(tmp_path):
    missing, large, latin = (tmp_path / name for name in ("missing", "large", "latin"))
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    latin.write_bytes(b"A: \xe9\n")
    for path, message in (
        (missing, "cannot be read: No such file or directory"),
        (large, f"the file is larger than {MAX_BYTES} bytes"),
        (latin, "not UTF-8 text"),
    ):
        with pytest.raises(InputError) as caught:
            load_text(path)
        assert (caught.value.message, caught.value.file) == (message, str(path))
    assert caught.value.hint == "save it as UTF-8"


def test_a_file_of_the_greatest_size_is_read(tmp_path):
    path = tmp_path / "recipe.yaml"
    path.write_text("A: 1\n" + "#" * (MAX_BYTES - 5))
    assert load_text(path).data == {"A": 1}
