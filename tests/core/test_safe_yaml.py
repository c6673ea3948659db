"""YAML from strangers: inert tags, bounded size, depth and expansion, errors in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.safe_yaml import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIGITS,
    TAG_KEY,
    VALUE_KEY,
    dump_yaml,
    parse_mapping,
    parse_yaml,
)


def test_local_tags_are_data():
    data = parse_yaml("a: !CosineDecay {max_epochs: 3}\nb: !X [1]\nc: !Y z", "f")
    assert data["a"] == {TAG_KEY: "CosineDecay", "max_epochs": 3}
    assert data["b"] == {TAG_KEY: "X", VALUE_KEY: [1]}
    assert data["c"] == {TAG_KEY: "Y", VALUE_KEY: "z"}


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system [id]",
        "a: !!python/name:os.system",
        "a: [1, 2",
        "- 1\n a: 2",
        "[" * 2000 + "]" * 2000,
        "a: &a [*a]",
        "a: !!binary 'x'",
        "\x00",
    ],
)
def test_code_and_broken_yaml_are_refused_with_the_file(text):
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "configs/x.yml")
    assert "configs/x.yml" in str(caught.value)


def test_an_alias_bomb_is_not_expanded():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
    )
    assert len(bomb) < 500
    with pytest.raises(InputError, match="expands to more"):
        parse_yaml(bomb, "f")


def test_last_of_equal_keys_wins_unless_they_must_be_unique():
    assert parse_mapping("a: 1\na: 2", "f") == {"a": 2}
    with pytest.raises(InputError, match="same key twice"):
        parse_mapping("a: 1\na: 2", "f", unique_keys=True)


@pytest.mark.parametrize(("text", "kind"), [("- 1", "list"), ("1", "int"), ("a", "str")])
def test_a_list_or_a_plain_value_is_not_a_mapping(text, kind):
    with pytest.raises(InputError, match=f"{kind} where a mapping") as caught:
        parse_mapping(text, "f")
    assert (caught.value.file, caught.value.code) == ("f", "not-a-mapping")


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "null"])
def test_an_empty_document_is_an_empty_mapping(text):
    assert parse_mapping(text, "f") == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: " + "x" * MAX_BYTES, f"larger than {MAX_BYTES} bytes"),
        ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), f"nested deeper than {MAX_DEPTH} levels"),
        ("a: " + "9" * (MAX_DIGITS + 1), f"a number of more than {MAX_DIGITS} digits"),
    ],
)
def test_the_limits_are_named(text, problem):
    with pytest.raises(InputError, match=problem) as caught:
        parse_yaml(text, "configs/x.yml")
    assert caught.value.file == "configs/x.yml"


def test_what_stays_within_the_limits_is_read():
    depth = MAX_DEPTH + 1  # the outermost list counts as level 0
    assert parse_yaml("[" * depth + "]" * depth, "f")
    assert parse_yaml("a: " + "9" * MAX_DIGITS, "f")["a"] == int("9" * MAX_DIGITS)


def test_an_error_names_line_and_column():
    with pytest.raises(InputError, match=r"line 2, column \d"):
        parse_yaml("a: 1\nb: [1, }", "f")


def test_keys_are_text_and_dates_too():
    data = parse_yaml("2: 2020-01-01\ntrue: !!set {a}\n~: 1.5", "f")
    assert data == {"2": "2020-01-01", "True": "{'a'}", "None": 1.5}


def test_the_second_of_two_equal_keys_is_named_with_its_line():
    with pytest.raises(InputError, match=r"line 3") as caught:
        parse_mapping("a:\n  x: 1\n  x: 2", "f", unique_keys=True)
    assert caught.value.key == "x"


def test_aliases_are_written_out():
    shared = [1, 2]
    assert "&" not in dump_yaml({"a": shared, "b": shared})


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.text("abc !&*:-#'\"é\n", max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False, width=32),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcXYZ_", min_size=1, max_size=5), inner, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=2).map(
            lambda d: {TAG_KEY: "Tag", **d}
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), plain, max_size=4))
def test_what_is_dumped_reads_back_equal(data):
    assert (parse_yaml(dump_yaml(data, {"Tag"}), "f") or {}) == data


@pytest.mark.parametrize(
    "text",
    [
        '{"!tag": Callable, full_type: eval}',
        "'!value': [1]",
        "a: [{'!tag': X}]",
        'a: &x {"!tag": X}\nb: {<<: *x}',
        "!X {'!tag': Y}",
    ],
)
def test_a_plain_key_cannot_become_a_tag(text):
    with pytest.raises(InputError, match=r"a key cannot begin with ! \(line \d\)"):
        parse_yaml(text, "f")


@pytest.mark.parametrize("tag", ["Callable", "!python/name:os.system", "<x>", "", "A B"])
def test_only_admitted_tags_are_written(tag):
    with pytest.raises(ValueError, match="is none of the suite's"):
        dump_yaml({"a": [{TAG_KEY: tag, "full_type": "eval"}]}, {"COCODataSet"})
