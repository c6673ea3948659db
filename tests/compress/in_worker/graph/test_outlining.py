"""Outlines of programs that Paddle exports: the same network written otherwise is the same."""

from pathlib import Path

import pytest

from compress.programs.changes import find_change
from compress.programs.outline import Outline
from compress.worker.start import Workplace
from tests.workers import run_worker

ROOT = str(Path(__file__).parents[4])


@pytest.fixture(scope="module")
def outline(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("outlines"), {"PYTHONPATH": ROOT})
    kept = {}

    def call(variant, seed=0):
        if (variant, seed) not in kept:
            request = {"variant": variant, "seed": seed}
            answer, _ = run_worker(
                "tests.workers.outlines", "export", request, workplace=place, timeout_s=100
            )
            kept[variant, seed] = Outline.model_validate(answer["outline"])
        return kept[variant, seed]

    return call


def test_an_outline_holds_what_the_outputs_depend_on(outline):
    plain = outline("plain")
    assert [op.type for op in plain.ops].count("conv2d") == 2
    names = {array.name: array.shape for array in plain.arrays}
    assert names["left.weight"] == (4, 3, 3, 3)
    assert names["norm._mean"] == (4,)
    assert plain.feeds == ("image: float32 [-1, 3, 8, 8]",)
    assert plain.flops > 2 * 8 * 8 * 4 * 27 - 1


@pytest.mark.parametrize(
    ("base", "head"),
    [
        ("branch", "turned branch"),
        ("branch", "turned shifted branch"),
        ("scalar", "other scalar"),
        ("pixel mean", "other pixel mean"),
        ("scale", "long scale"),
        ("plain", "computed size"),
    ],
)
def test_programs_that_compute_otherwise_are_told_apart(outline, base, head):
    assert find_change(outline(base), outline(head)) is not None


def test_what_nothing_depends_on_shifts_no_names_in_branches(outline):
    assert find_change(outline("branch"), outline("shifted branch")) is None


def test_weights_of_any_precision_get_values(outline):
    assert len(outline("double scale").arrays) == len(outline("plain").arrays) + 1


def test_a_size_that_is_computed_is_read_by_the_op(outline):
    computed = outline("computed size")
    pool = next(op for op in computed.ops if op.type == "pool2d")
    assert len([source for source, _ in pool.inputs if source >= 0]) > 1


@pytest.mark.parametrize("variant", ["more layers", "other order", "initialised"])
def test_another_way_to_write_a_network_is_the_same_program(outline, variant):
    assert find_change(outline("plain"), outline(variant)) is None


def test_seeds_do_not_matter(outline):
    assert find_change(outline("plain"), outline("plain", seed=1)) is None


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("sigmoid", [("relu", "sigmoid", [])]),
        ("renamed", [("conv2d", "conv2d", ["names of weights"])]),
        ("other anchors", [("elementwise_mul", "elementwise_mul", ["values of weights"])]),
    ],
)
def test_what_differs_is_found(outline, variant, expected):
    change = find_change(outline("plain"), outline(variant))
    found = [(c.before, c.after, [s.name for s in c.settings]) for c in change.changes]
    assert [item for item in found if item in expected] == expected


def test_another_order_of_inputs_is_found(outline):
    change = find_change(outline("plain"), outline("swapped"))
    assert [c.after for c in change.changes if c.rewired] == ["elementwise_add"]


def test_the_body_of_a_loop_is_part_of_the_program(outline):
    assert find_change(outline("loop"), outline("loop", seed=1)) is None
    assert any(op.depth == 1 for op in outline("loop").ops)
    change = find_change(outline("loop"), outline("other loop"))
    assert any("0.25" in setting.after for c in change.changes for setting in c.settings)
