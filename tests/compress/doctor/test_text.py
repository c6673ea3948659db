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
    assert doc.rename(where, "x") is doc.replace(where, "x") is None


def test_edits_keep_comments_and_formatting():
    doc = parse_text(TEXT, "r")
    edits = [
        doc.rename(("QuantAware",), "QuantPost"),
        doc.replace(("QuantAware", "quantize_op_types", 1), "conv2d_transpose"),
        doc.replace(("Distillation", "node", 1), "c"),
    ]
    assert (
        apply_edits(TEXT, edits)
        == """# a recipe
QuantPost:   # the method
  weight_bits: 8
  quantize_op_types: [conv2d, conv2d_transpose]
Distillation:
  node:
  - a
  - c   # the last
"""
    )


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("A: &x 1  # one\n", "A: &x 2  # one\n"),
        ("A: !!int 1\n", "A: !!int 2\n"),
        ("A: !!int &x\n  1\n", "A: !!int &x\n  2\n"),
        ("A: '1'\n", "A: 2\n"),
        ('{"A":"1"}\n', '{"A":2}\n'),
        ("? A\n: 1\n", "? A\n: 2\n"),
        ("A: 1\r\nB: 3\r\n", "A: 2\r\nB: 3\r\n"),
        ("\ufeffA: 1\n", "\ufeffA: 2\n"),
        ("B: &x {A: 1}\n<<: *x\n", "B: &x {A: 2}\n<<: *x\n"),
    ],
)
def test_one_token_is_replaced_and_nothing_around_it(text, fixed):
    assert apply_edits(text, [parse_text(text, "r").replace(("A",), "2")]) == fixed


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("A: 1\n", "B: 1\n"),
        ("'A': 1\n", "'B': 1\n"),
        ('{"A":1}\n', '{"B":1}\n'),
        ("&x A: 1\n", "&x B: 1\n"),
        ("? A\n: 1\n", "? B\n: 1\n"),
    ],
)
def test_a_key_is_renamed_in_its_quotes(text, renamed):
    assert apply_edits(text, [parse_text(text, "r").rename(("A",), "B")]) == renamed


@pytest.mark.parametrize(
    "text", ["A: |\n  1\n", "A: >-\n  1\n", "A: one\n  two\n", "A:\n", "A: [1]\n", "A: {b: 1}\n"]
)
def test_values_on_several_lines_and_those_that_are_no_scalars_stay(text):
    assert parse_text(text, "r").replace(("A",), "2") is None


def test_lines_end_where_git_ends_them():
    doc = parse_text("A: 1\x85B: 2\u2028C: 3\nD: 4\n", "r")
    assert [doc.key_span((key,)).line for key in "ABCD"] == [1, 1, 1, 2]
    assert doc.key_span(("D",)).column == 1


def test_a_byte_order_mark_takes_no_column():
    assert parse_text("\ufeffA: 1\n", "r").key_span(("A",)).column == 1


def test_a_key_that_is_a_number_is_found():
    assert parse_text("0x10: 1\n", "r").key_span(("16",)).column == 1


def test_of_merged_mappings_the_nearest_counts():
    text = "a: &a {x: 1, y: 1}\nb: &b {x: 2}\nC:\n  <<: [*b, *a]\n  z: 3\n"
    doc = parse_text(text, "r")
    spans = [doc.value_span(("C", key)) for key in "xyz"]
    assert [text[span.start : span.end] for span in spans] == ["2", "1", "3"]
    assert doc.data["C"] == {"x": 2, "y": 1, "z": 3}


@pytest.mark.parametrize("text", ["A: 1\t# tab\n", "A:\n\t- 1\n", "A: [1]\t\n"])
def test_what_paddleslim_s_reader_refuses_is_refused(text):
    """libyaml takes tabs where PyYAML's own scanner, which ACT uses, does not."""
    with pytest.raises(InputError, match="not valid YAML") as caught:
        parse_text(text, "r")
    assert caught.value.file == "r"


def test_of_overlapping_edits_the_first_wins():
    first, second = Edit(start=0, end=2, text="x"), Edit(start=1, end=3, text="y")
    assert apply_edits("abcd", [first, second]) == "xcd"
    assert apply_edits("abcd", [second, first]) == "ayd"


def test_edits_that_touch_are_both_made():
    edits = [Edit(start=1, end=2, text="x"), Edit(start=2, end=3, text="y")]
    assert apply_edits("abcd", edits) == apply_edits("abcd", edits[::-1]) == "axyd"


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
        (large, f"larger than {MAX_BYTES} bytes"),
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
