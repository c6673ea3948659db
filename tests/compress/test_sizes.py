"""Sizes of plain values."""

from hypothesis import given

from compress.sizes import Size, size_of
from tests.compress.test_differences import plain


def test_values_of_any_kind_and_characters_of_keys_and_texts_are_counted():
    assert size_of(1) == Size(1, 0)
    assert size_of({"key": ["text", 1, None, {}], "b": {"c": "d"}}) == Size(8, 10)


def test_more_of_either_exceeds():
    assert not Size(2, 3).exceeds(2, 3)
    assert Size(3, 3).exceeds(2, 3)
    assert Size(2, 4).exceeds(2, 3)


@given(plain, plain)
def test_a_list_of_two_values_is_one_larger_than_both(first, second):
    assert size_of([first, second]) == size_of(first) + size_of(second) + Size(1, 0)
