"""Weights are compared with the network by names, shapes and types, in both directions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.weights.fit import (
    ArraySpec,
    Fit,
    Misfit,
    find_misfits,
    idle_arrays,
    judge_fit,
    part_of_training,
)

F32 = "float32"
PARTS = ("aux_head", "auxlayer")


def spec(*shape, dtype=F32):
    return ArraySpec(shape, dtype)


NETWORK = {
    "stem.weight": spec(8, 3, 3, 3),
    "stem.bias": spec(8),
    "head.weight": spec(6, 8, 1, 1),
    "head.aux_head.weight": spec(6, 8),
}


def judge(file, network=NETWORK, unread=(), parts=PARTS):
    return judge_fit(file, network, idle_arrays(network, unread, parts))


def test_the_networks_own_arrays_fit():
    assert judge(dict(NETWORK)) == Fit(4, ())
    assert (judge(dict(NETWORK)).problem, judge(dict(NETWORK)).remark) == ("", "")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"head.weight": spec(7, 8, 1, 1)},
            "1 of 4 arrays (head.weight: 7x8x1x1 in the file, 6x8x1x1 in the network)",
        ),
        (
            {"stem.bias": spec(8, dtype="float16")},
            "1 of 4 arrays (stem.bias: float16 in the file, float32 in the network)",
        ),
        ({"stem.bias": spec()}, "1 of 4 arrays (stem.bias: scalar in the file, 8 in the network)"),
        ({"stem.bias": None}, "1 of 4 arrays (stem.bias: not in the file)"),
        ({"neck.weight": spec(2)}, "1 of 5 arrays (neck.weight: not in the network)"),
        (
            {"stem.weight": None, "stem.bias": None, "a": spec(1), "b": spec(1)},
            (
                "4 of 6 arrays (stem.weight: not in the file; stem.bias: not in the file; "
                "a: not in the network; …)"
            ),
        ),
    ],
)
def test_every_difference_counts(changes, problem):
    file = {name: array for name, array in {**NETWORK, **changes}.items() if array is not None}
    assert judge(file).problem == problem


def test_the_weights_of_another_model_do_not_fit():
    other = {f"backbone.{name}": array for name, array in NETWORK.items()}
    fit = judge(other)
    assert (fit.arrays, len(fit.misfits), len(fit.idle)) == (8, 7, 1)


@pytest.mark.parametrize("array", [None, spec(9, 8), spec(6, 8, dtype="float64")])
def test_what_the_exported_program_does_not_read_may_differ(array):
    file = {**NETWORK, "head.aux_head.weight": array}
    fit = judge({n: a for n, a in file.items() if a}, unread={"head.aux_head.weight"})
    assert fit.problem == ""
    assert fit.remark.startswith(
        "the weights differ in 1 array that only training uses (head.aux_head.weight: "
    )


def test_what_the_program_reads_counts_whatever_its_name():
    """OCRNet's ``aux_head`` decides its prediction."""
    file = {**NETWORK, "head.aux_head.weight": spec(7, 8)}
    assert judge(file).problem.startswith("1 of 4 arrays (head.aux_head.weight: 7x8 in the file")


def test_a_part_for_training_may_be_left_over_in_the_file():
    fit = judge({**NETWORK, "head.auxlayer.0.weight": spec(3), "auxlayer.1.bias": spec(1)})
    assert (fit.problem, len(fit.idle)) == ("", 2)
    assert "2 arrays that only training uses" in fit.remark


def test_a_part_that_the_network_has_must_not_be_left_over_in_the_file():
    fit = judge({**NETWORK, "head.aux_head.more": spec(3)})
    assert fit.problem == "1 of 5 arrays (head.aux_head.more: not in the network)"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("head.aux_head.0.weight", "head.aux_head"),
        ("auxlayer.conv.weight", "auxlayer"),
        ("aux_head", None),  # an array of that name is no part
        ("head.aux_heads.0.weight", None),
        ("moment.head.weight", None),
    ],
)
def test_the_part_that_an_array_belongs_to(name, part):
    assert part_of_training(name, PARTS) == part


def test_names_of_strangers_are_cut_and_made_visible():
    text = str(Misfit("a\n\x1b[31m\u2028" + "b" * 10_000, spec(*range(1, 10)), None))
    assert text == "a??[31m?" + "b" * 52 + ": not in the network"
    assert str(spec(*range(1, 100))) == "1x2x3x4x5x6x…"


SPECS = st.dictionaries(
    st.sampled_from("abcdefg"),
    st.builds(ArraySpec, st.lists(st.integers(0, 3), max_size=2).map(tuple), st.just(F32)),
)


@given(SPECS, SPECS)
def test_nothing_is_overlooked(file, network):
    misfits = {misfit.name for misfit in find_misfits(file, network)}
    fits = {name for name in file.keys() & network.keys() if file[name] == network[name]}
    assert misfits == (file.keys() | network.keys()) - fits
    assert len(misfits) == len(find_misfits(file, network))


@given(SPECS)
def test_equal_arrays_fit(arrays):
    assert find_misfits(arrays, dict(arrays)) == ()
