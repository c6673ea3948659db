"""Few images span the sizes and the proportions of all."""

from hypothesis import given
from hypothesis import strategies as st

from bench.dynamic_shape.evaluated import SPREAD, spanning_sizes
from bench.dynamic_shape.ranges import Resizing, extreme_sizes

SIZES = st.lists(st.tuples(st.integers(1, 2000), st.integers(1, 2000)), max_size=60)


@given(SIZES)
def test_the_extremes_are_taken_and_nothing_twice(sizes):
    taken = spanning_sizes(sizes)
    assert set(extreme_sizes(sizes)) <= set(taken) <= set(sizes)
    assert len(taken) == len(set(taken)) <= SPREAD + 6


@given(SIZES)
def test_the_ranges_after_scaling_in_proportion_are_those_of_all(sizes):
    resize = Resizing((800, 1333), 32)
    made, spanned = ([resize(size) for size in each] for each in (sizes, spanning_sizes(sizes)))
    for axis in (0, 1):
        wanted = {pick(size[axis] for size in made) for pick in (min, max) if made}
        assert wanted <= {size[axis] for size in spanned}
