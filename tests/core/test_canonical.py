"""Content keys follow from values alone, not from the order in which they were written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical_json, content_hash

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), values, max_size=5))
def test_the_order_of_keys_does_not_matter(mapping):
    backwards = dict(reversed(mapping.items()))
    assert content_hash(mapping) == content_hash(backwards)


@pytest.mark.parametrize(
    ("first", "second"), [(1, 1.0), (1, True), (None, "None"), ([1, 2], [2, 1]), ({}, [])]
)
def test_values_that_differ_in_type_or_order_have_different_keys(first, second):
    assert content_hash(first) != content_hash(second)


def test_the_text_has_sorted_keys_and_no_spaces():
    assert canonical_json({"b": [1, None], "a": Path("/x/y")}) == '{"a":"/x/y","b":[1,null]}'


def test_the_hash_is_sha256_of_the_text():
    assert content_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
