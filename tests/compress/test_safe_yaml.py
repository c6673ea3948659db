import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.safe_yaml import TAG_KEY, VALUE_KEY, dump_yaml, parse_mapping, parse_yaml


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
def test_refused_in_words(text):
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "configs/x.yml")
    assert "configs/x.yml" in str(caught.value)


def test_alias_bomb():
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


def test_a_list_is_no_mapping():
    with pytest.raises(InputError, match="list where a mapping"):
        parse_mapping("- 1", "f")


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
    assert (parse_yaml(dump_yaml(data), "f") or {}) == data
