"""Places in YAML, and edits that leave the rest of the file alone."""

from compress.doctor.text import Edit, apply_edits, parse_text

TEXT = """# a recipe
QuantAware:   # the method
  weight_bits: 8
  quantize_op_types: [conv2d, mul]
Distillation:
  node:
  - a
  - b   # the last
"""


def test_places_of_keys_values_and_items():
    doc = parse_text(TEXT, "r")
    key = doc.key_span(("QuantAware", "weight_bits"))
    assert (key.line, key.column) == (3, 3)
    value = doc.value_span(("QuantAware", "weight_bits"))
    assert TEXT[value.start : value.end] == "8"
    item = doc.value_span(("Distillation", "node", 1))
    assert (TEXT[item.start : item.end], item.line) == ("b", 8)
    assert doc.key_span(("QuantAware", "nothing")) is None
    assert doc.key_span(("Distillation", "node", 7)) is None


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


def test_of_overlapping_edits_the_first_wins():
    first, second = Edit(start=0, end=2, text="x"), Edit(start=1, end=3, text="y")
    assert apply_edits("abcd", [first, second]) == "xcd"


def test_sections_are_added_at_the_end():
    doc = parse_text("A: 1", "r")
    assert apply_edits(doc.text, [doc.append_section("B: 2")]) == "A: 1\nB: 2\n"


def test_an_empty_file_has_no_places():
    assert parse_text("", "r").key_span(("A",)) is None
