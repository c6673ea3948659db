"""What differs between two programs, op by op."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compress.programs import changes
from compress.programs.changes import MAX_CHANGES, MAX_PLACES, find_change
from tests.compress.programs.builders import array, outline

CONV = ("conv2d", ["x", "a.weight"], {"strides": [1, 1]})
RELU = ("relu", [0])
ADD = ("elementwise_add", [1, 0])
A = array("a.weight")
BASE = outline(CONV, RELU, ADD, arrays=(A,), flops=10)


def summary(head, base=BASE):
    """Each change as (before, after, count, places, settings)."""
    change = find_change(base, head)
    return [
        (
            item.before,
            item.after,
            item.count,
            item.places,
            [(s.name, s.before, s.after) for s in item.settings],
        )
        for item in change.changes
    ]


def test_equal_programs_have_no_change():
    assert find_change(BASE, outline(CONV, RELU, ADD, arrays=(A,), flops=10)) is None


def test_names_count_by_the_values_that_follow_from_them():
    """The suite has no name for some arrays; their values say whether they differ."""
    nameless = array("", digest="of a.weight")
    head = outline(("conv2d", ["x", ""], CONV[2]), RELU, ADD, arrays=(nameless,), flops=10)
    assert find_change(BASE, head) is None


def test_an_op_in_the_place_of_another_replaces_it():
    head = outline(CONV, ("sigmoid", [0]), ADD, arrays=(A,))
    assert summary(head) == [("relu", "sigmoid", 1, ("after a",), [])]


def test_an_attribute_is_shown_with_its_values():
    head = outline(("conv2d", ["x", "a.weight"], {"strides": [2, 2]}), RELU, ADD, arrays=(A,))
    strides = ("strides", "[1, 1]", "[2, 2]")
    assert summary(head) == [("conv2d", "conv2d", 1, ("a",), [strides])]


def test_an_attribute_that_is_new_has_no_value_before():
    head = outline(("conv2d", ["x", "a.weight"], {**CONV[2], "groups": 2}), RELU, ADD, arrays=(A,))
    assert summary(head)[0][-1] == [("groups", "", "2")]


def test_added_and_removed_ops():
    longer = outline(CONV, RELU, ("scale", [1]), ("elementwise_add", [2, 0]), arrays=(A,))
    assert summary(longer)[0] == ("", "scale", 1, ("after a",), [])
    assert summary(BASE, longer)[0] == ("scale", "", 1, ("after a",), [])


def test_who_reads_what_was_removed_is_not_a_change_of_its_own():
    longer = outline(CONV, ("scale", [0]), ("relu", [1]), arrays=(A,))
    shorter = outline(CONV, ("relu", [0]), arrays=(A,))
    assert summary(shorter, longer) == [("scale", "", 1, ("after a",), [])]
    assert summary(longer, shorter) == [("", "scale", 1, ("after a",), [])]


@pytest.mark.parametrize(
    ("weights", "setting"),
    [
        (array("b.weight"), ("names of weights", "a", "b")),
        (array("net.a.weight"), ("names of weights", "a.weight", "net.a.weight")),
        (
            array("a.weight", (8, 3, 3, 3), "x"),
            ("weights", "a.weight 4x3x3x3", "a.weight 8x3x3x3"),
        ),
        (
            array("a.weight", digest="other"),
            ("values of weights", "a.weight 4x3x3x3", "a.weight 4x3x3x3"),
        ),
    ],
)
def test_weights_that_no_longer_fit_are_told_from_values(weights, setting):
    conv = ("conv2d", ["x", weights.name], CONV[2])
    found = summary(outline(conv, RELU, ADD, arrays=(weights,)))
    assert [item[-1] for item in found] == [[setting]]


def test_a_bias_that_is_new():
    head = outline(("conv2d", ["x", "a.weight", "a.bias"]), RELU, arrays=(A, array("a.bias", (4,))))
    base = outline(("conv2d", ["x", "a.weight"]), RELU, arrays=(A,))
    assert summary(head, base)[0][-1] == [
        ("weights", "a.weight 4x3x3x3", "a.weight 4x3x3x3, a.bias 4")
    ]


def test_an_op_that_reads_another_one_is_rewired():
    head = outline(CONV, RELU, ("elementwise_add", [1, 1]), arrays=(A,))
    change = find_change(BASE, head)
    assert [(c.after, c.rewired, c.places) for c in change.changes] == [
        ("elementwise_add", True, ("after a",))
    ]


def test_other_outputs_are_a_change_of_no_op():
    head = outline(CONV, RELU, ADD, arrays=(A,), flops=10, outputs=((1, 0),))
    change = find_change(BASE, head)
    assert (change.changes, change.inputs) == ((), None)


def test_other_inputs_are_shown():
    head = outline(CONV, RELU, ADD, arrays=(A,), feeds=("x: float32 [-1, 4, 8, 8]",))
    assert find_change(BASE, head).inputs == (
        "x: float32 [-1, 3, 8, 8]",
        "x: float32 [-1, 4, 8, 8]",
    )


def test_numbers_before_and_after():
    head = outline(CONV, RELU, ("scale", [1]), ADD, arrays=(A,), flops=30)
    change = find_change(BASE, head)
    assert (change.ops, change.flops, change.weights) == ((3, 4), (10, 30), (108, 108))


def test_equal_changes_are_one_with_all_its_places():
    names = [f"l{n}.weight" for n in range(30)]
    arrays = tuple(array(name) for name in names)

    def network(activation):
        ops = []
        for number, name in enumerate(names):
            ops.append(("conv2d", ["x" if not number else 2 * number - 1, name]))
            ops.append((activation, [2 * number]))
        return outline(*ops, arrays=arrays)

    ((before, after, count, places, _),) = summary(network("relu6"), network("relu"))
    assert (before, after, count) == ("relu", "relu6", 30)
    assert places[:2] == ("after l0", "after l1")
    assert len(places) == MAX_PLACES


def test_kinds_of_changes_are_bounded_and_the_rest_is_counted():
    def network(step):
        return outline(*(("scale", ["x"], {"scale": step * n}) for n in range(1, 151)))

    change = find_change(network(1), network(1000))
    assert len(change.changes) == MAX_CHANGES
    assert len(change.changes) + change.more == 150


def test_programs_that_take_too_long_to_align_are_counted_by_type(monkeypatch):
    monkeypatch.setattr(changes, "MAX_STEPS", 0)
    head = outline(CONV, ("sigmoid", [0]), ("scale", [1]), ADD, arrays=(A,))
    assert [(b, a, n) for b, a, n, _, _ in summary(head)] == [
        ("relu", "", 1),
        ("", "scale", 1),
        ("", "sigmoid", 1),
    ]


KINDS = ("relu", "scale", "conv2d", "add")


@st.composite
def programs(draw):
    count = draw(st.integers(1, 12))
    ops = []
    for number in range(count):
        sources = st.sampled_from(["x", *range(number)])
        reads = draw(st.lists(sources, min_size=1, max_size=2))
        ops.append((draw(st.sampled_from(KINDS)), reads, {"n": draw(st.integers(0, 1))}))
    return outline(*ops)


@given(programs(), programs())
def test_a_change_is_found_exactly_where_programs_differ(base, head):
    change = find_change(base, head)
    assert (change is None) == (base == head)
    if change is not None:
        same_ops = (base.ops, base.settings) == (head.ops, head.settings)
        assert change.changes or same_ops


def test_thousands_of_ops_are_compared_in_seconds():
    drawn = random.Random(0)
    kinds = [drawn.choice(KINDS) for _ in range(6000)]
    ops = [(kind, [n - 1 if n else "x"]) for n, kind in enumerate(kinds)]
    other = [(kind if drawn.random() < 0.7 else "tanh", reads) for kind, reads in ops]
    start = time.process_time()
    assert find_change(outline(*ops), outline(*other)).changes
    assert time.process_time() - start < 20
