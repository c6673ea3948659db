"""YAML from strangers: inert tags, bounded size, depth and expansion, errors in words."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.safe_yaml import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_KEY,
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
        ("9" * (MAX_DIGITS + 1) + ": a", f"a number of more than {MAX_DIGITS} digits"),
        ("k" * (MAX_KEY + 1) + ": a", f"of more than {MAX_KEY} characters"),
        ("? " + "k" * 9000 + "\n: a", f"of more than {MAX_KEY} characters"),
        ("a: 1:" + "0:" * 10_000 + "1", f"a number of more than {MAX_DIGITS} digits"),
    ],
)
def test_the_limits_are_named(text, problem):
    with pytest.raises(InputError, match=problem) as caught:
        parse_yaml(text, "configs/x.yml")
    assert caught.value.file == "configs/x.yml"


def test_what_stays_within_the_limits_is_read():
    depth = MAX_DEPTH + 1  # the outermost list counts as level 0
    assert parse_yaml("[" * depth + "]" * depth, "f")
    assert parse_yaml("k" * MAX_KEY + ": a", "f") == {"k" * MAX_KEY: "a"}
    assert parse_yaml("a: " + "9" * MAX_DIGITS, "f")["a"] == int("9" * MAX_DIGITS)


def test_an_error_names_line_and_column():
    with pytest.raises(InputError, match=r"line 2, column \d"):
        parse_yaml("a: 1\nb: [1, }", "f")


def test_whole_numbers_as_keys_become_text_and_are_written_as_numbers():
    data = parse_yaml("{-10: a, 0x1F: b, 1_000: c, 007: d, '007': e, '1.5': f}", "f")
    assert data == {"-10": "a", "31": "b", "1000": "c", "7": "d", "007": "e", "1.5": "f"}
    assert yaml.safe_load(dump_yaml(data)) == {
        -10: "a",
        31: "b",
        1000: "c",
        7: "d",
        "007": "e",
        "1.5": "f",
    }


def test_equal_numbers_are_one_key_and_the_last_one_wins():
    assert parse_yaml("{1: a, 0x1: b, +1: c}", "f") == {"1": "c"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{1: a, true: b}", "the key 'true' is neither text nor a whole number (line 1, column 8)"),
        ("on: push", "the key 'on' is neither text nor a whole number (line 1, column 1)"),
        ("~: 1", "the key '~' is neither text nor a whole number"),
        ("? \n: 1", "the key '' is neither text nor a whole number"),
        ("1.5: 1", "the key '1.5' is neither text nor a whole number"),
        ("2020-01-01: 1", "the key '2020-01-01' is neither text nor a whole number"),
        ("!X a: 1", "the key 'a' is neither text nor a whole number"),
        ("'1': 1", "the key '1' is a number in quotes"),
        ("? [a]\n: 1", "a list or mapping as a key"),
        ("'!tag': Callable", "a key cannot begin with ! (line 1, column 1)"),
        ("a: !X {'!value': 1}", "a key cannot begin with ! (line 1, column 8)"),
        ("a: 2020-01-01", "a date or time is not read (line 1, column 4)"),
        ("a: !!set {b}", "a set is not read"),
        ("a: !!omap [b: 1]", "an ordered mapping is not read"),
        ("a: !!pairs [b: 1]", "a list of pairs is not read"),
        ("a: !!binary eA==", "binary data is not read"),
        ("a: 1:" + "1:" * 40 + "1.5", "a number of more than 64 digits"),
        ("a: !<!!python/name:os.system> x", "the tag '!python/name:os.system' is not the name"),
        ("a: !%21x y", "the tag '!x' is not the name of a class"),
    ],
)
def test_what_could_not_be_written_back_is_refused_with_its_place(text, problem):
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "configs/x.yml")
    assert problem in caught.value.message
    assert caught.value.file == "configs/x.yml"
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "value"), [(".nan", "nan"), ("-.inf", "-inf"), ("1.0e+999", "inf")]
)
def test_what_is_not_finite_is_refused_with_its_key(text, value):
    with pytest.raises(InputError, match=f"{value} is not a finite number") as caught:
        parse_yaml(f"a: [0, {{b: {text}}}]", "configs/x.yml")
    assert (caught.value.file, caught.value.key) == ("configs/x.yml", "a.1.b")


@pytest.mark.parametrize("text", ["!!int ''", "!!int x", "!!float ''", "!!bool x", "!!map [a]"])
def test_a_value_that_does_not_fit_its_tag_is_an_error_in_words(text):
    with pytest.raises(InputError, match=r"not valid YAML|with the tag of a mapping"):
        parse_yaml(f"a: {text}", "f")


def test_text_that_is_not_utf8_is_refused():
    for text in (b"a: \xff", "a: 'ü'".encode("utf-16"), "a: \ud800"):
        with pytest.raises(InputError, match="not UTF-8 text") as caught:
            parse_yaml(text, "f")
        assert caught.value.hint == "save it as UTF-8"
    assert parse_yaml("\ufeffa: ü".encode(), "f") == {"a": "ü"}
    with pytest.raises(InputError, match="line 1"):
        parse_yaml(r'a: "\ud800"', "f")


def test_keys_that_share_one_hash_are_never_looked_up_as_numbers():
    """Python's hash of a multiple of 2**61 - 1 is zero. As keys they take time quadratic in their
    number; text has a hash that nobody outside can choose.
    """
    colliding = [i * (2**61 - 1) for i in range(1, 2000)]
    assert set(map(hash, colliding)) == {0}
    data = parse_yaml("".join(f"{key}: 1\n" for key in colliding), "f")
    assert list(data) == [str(key) for key in colliding]
    assert all(type(key) is str for key in data)


def test_the_second_of_two_equal_keys_is_named_with_its_line():
    with pytest.raises(InputError, match=r"line 3") as caught:
        parse_mapping("a:\n  x: 1\n  x: 2", "f", unique_keys=True)
    assert caught.value.key == "x"


def test_aliases_are_written_out():
    shared = [1, 2]
    assert "&" not in dump_yaml({"a": shared, "b": shared})


key = (
    st.text(max_size=6).filter(lambda text: not text.startswith("!"))
    | st.sampled_from(["<<", "=", "null", "true", "1.5", "1e3", "0x1F", "007", "-", "2020-01-01"])
    | st.integers(1 - 10 ** (MAX_DIGITS - 1), 10**MAX_DIGITS - 1).map(str)
)
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 10 ** (MAX_DIGITS - 1), 10**MAX_DIGITS - 1)
    | st.text(max_size=8)
    | st.sampled_from(["<<", "=", "~", "1_0", "1:30", "0o7", ".inf", "\x00", "\x85", "\u2028 x"])
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(key, inner, max_size=3)
        | st.dictionaries(key, inner, max_size=2).map(lambda d: {TAG_KEY: "Tag", **d})
        | st.lists(inner, max_size=2).map(lambda values: {TAG_KEY: "Tag", VALUE_KEY: values})
        | st.text(max_size=5).map(lambda text: {TAG_KEY: "Tag", VALUE_KEY: text})
    ),
    max_leaves=12,
)
TAGS = {"Tag", "X", "Y", "Z"}
documents = st.dictionaries(key, plain, max_size=4)


def exact(value):
    """A form in which 1, 1.0 and true differ, and so do 0.0 and -0.0."""
    return repr(value)


@given(documents)
def test_what_is_dumped_reads_back_equal(data):
    assert exact(parse_yaml(dump_yaml(data, TAGS), "f") or {}) == exact(data)


@given(documents)
def test_the_suites_loader_reads_from_a_dumped_document_what_it_reads_from_the_file(data):
    text = dump_yaml(data, TAGS)
    assert exact(read_as_suites_do(dump_yaml(parse_mapping(text, "f"), TAGS))) == exact(
        read_as_suites_do(text)
    )


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
    with pytest.raises(InputError, match=r"a key cannot begin with ! \(line \d, column \d+\)"):
        parse_yaml(text, "f")


@pytest.mark.parametrize("tag", ["Callable", "!python/name:os.system", "<x>", "", "A B"])
def test_only_admitted_tags_are_written(tag):
    with pytest.raises(ValueError, match="is none of the suite's"):
        dump_yaml({"a": [{TAG_KEY: tag, "full_type": "eval"}]}, {"COCODataSet"})


@pytest.mark.parametrize(
    "text",
    [
        "a: {-10, 10}",
        "a: &a {x: 1, y: [2]}\nb: {<<: *a, x: 3}\nc: {<<: [*a, {z: 1}]}",
        "a: 1\na: 2",
        "a: 1e22\nb: 1.0e+22\nc: -0.0\nd: 0x_F\ne: 1:30\nf: 190:20:30.15\ng: 0b11\nh: 017",
        "a: !X {b: [1, !Y [2], !Z 3]}",
        "a: yes\nb: 'yes'\nc: ~",
        'a: |\n  x\n  y\nb: >-\n  x\n  y\nc: "\\x00\\u2028"',
    ],
)
def test_the_suites_loader_sees_no_difference_for_yaml_as_people_write_it(text):
    assert exact(read_as_suites_do(dump_yaml(parse_mapping(text, "f"), TAGS))) == exact(
        read_as_suites_do(text)
    )


class SuiteLoader(yaml.Loader):
    """PyYAML's loader as PaddleDetection uses it, with any tag as a class of the suite's."""


def construct_class(loader, suffix, node):
    if isinstance(node, yaml.MappingNode):
        return (suffix, loader.construct_mapping(node, deep=True))
    if isinstance(node, yaml.SequenceNode):
        return (suffix, loader.construct_sequence(node, deep=True))
    return (suffix, loader.construct_scalar(node))


SuiteLoader.add_multi_constructor("!", construct_class)


def read_as_suites_do(text):
    return yaml.load(text, Loader=SuiteLoader)


@given(documents)
def test_json_holds_exactly_what_was_read(data):
    read = parse_mapping(dump_yaml(data, TAGS), "f")
    assert exact(json.loads(json.dumps(read, allow_nan=False))) == exact(read)
