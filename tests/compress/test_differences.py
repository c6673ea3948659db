"""Differences between plain values are dotted paths of leaves."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.differences import MAX_PATH, differing_keys, flatten


def test_differing_keys_are_dotted_paths():
    old = {"a": {"b": [1, {"c": 2}], "d": 1}, "e": 1, "same": 0}
    new = {"a": {"b": [1, {"c": 3}], "d": "1"}, "f": 1, "same": 0}
    assert differing_keys(old, new) == ["a.b.1.c", "a.d", "e", "f"]
    assert differing_keys({"a": [1]}, {"a": [1, 2]}) == ["a"]
    assert differing_keys({"a": 1}, {"a": True}) == ["a"]


@pytest.mark.parametrize(("old", "new"), [(2, 2.0), (1, True), (0, False), (0.0, False)])
@pytest.mark.parametrize("depth", [1, 8])
def test_equal_values_of_other_types_differ(old, new, depth):
    def nested(leaf):
        value = {"k": [leaf]}
        for _ in range(depth):
            value = {"a" * 200: value}
        return value

    (key,) = differing_keys(nested(old), nested(new))
    assert key.startswith("a" * 200)


def test_flatten_keeps_empty_containers():
    assert dict(flatten({"a": {"b": [1, []]}, "c.d": {}})) == {
        ("a", "b", "0"): 1,
        ("a", "b", "1"): [],
        ("c.d",): {},
    }


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(plain)
def test_a_value_does_not_differ_from_itself(value):
    assert differing_keys(value, copy.deepcopy(value)) == []


@given(plain, plain)
def test_differences_are_the_same_from_both_sides(first, second):
    assert set(differing_keys(first, second)) == set(differing_keys(second, first))


@given(plain, plain)
def test_values_without_differences_have_equal_leaves(first, second):
    if not differing_keys(first, second):
        assert dict(flatten(first)) == dict(flatten(second))


def test_a_difference_below_a_long_path_is_located_at_its_start():
    def nested(leaves):
        value = leaves
        for letter in "abcdef":
            value = {letter * 200: value}
        return value

    (key,) = differing_keys(nested([1] * 1000), nested([2] * 1000))
    assert MAX_PATH < len(key) < MAX_PATH + 200 + 10
    assert differing_keys(nested([1]), nested([1])) == []
