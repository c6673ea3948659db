"""Which models, recipes and targets a sweep takes, at which size, and where it goes on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.engines.machine import Machine
from bench.single import recipe_named
from bot.commands.wiring import open_workshop
from bot.run.demo import make_repository
from bot.survey.sweep import (
    OLDER_ROWS,
    ROWS,
    Sweep,
    choose_configs,
    combine,
    draw,
    find_configs,
    load_rows,
    reduced_shape,
    sweep_models,
)
from compress.checkout import ADDED, open_checkout
from compress.manifest import Budget
from core.errors import InputError
from core.lines import append_line
from examples.scenarios import DEMOS
from tests.bot.survey.rows import failed_row, make_row

OLD = Machine(flags=("avx2",), runtime="paddle-2.6.2-cpu")


def test_models_are_found_and_drawn_the_same_way_every_time(tmp_path):
    repo = make_repository(DEMOS["seg"], tmp_path / "suite")
    checkout = open_checkout("example-seg", repo, "main", None)
    found = find_configs(checkout, ())
    assert len(found) == 3
    assert all("/_base_/" not in path for path in found)
    assert find_configs(checkout, ("*humanseg*",)) == [found[0]]
    many = [str(number) for number in range(100)]
    assert draw(many, 5, 1) == draw(many, 5, 1) != draw(many, 5, 2)
    assert draw(many, None, 1) == tuple(many)


@pytest.mark.parametrize(
    ("shape", "limit", "expected"),
    [
        ((1, 3, 512, 1024), 256, (1, 3, 128, 256)),
        ((1, 3, 769, 769), 256, (1, 3, 256, 256)),
        ((1, 3, 100, 2000), 256, (1, 3, 32, 256)),
        ((1, 3, 512, 512), 512, (1, 3, 512, 512)),
        ((1, 3, 512, 512), None, (1, 3, 512, 512)),
    ],
)
def test_large_images_are_reduced_in_proportion(shape, limit, expected):
    assert reduced_shape(shape, limit) == expected


def test_rows_are_found_again_and_a_line_that_was_cut_off_is_passed_over(tmp_path):
    append_line(tmp_path / ROWS, failed_row())
    with (tmp_path / ROWS).open("a") as stream:
        stream.write('{"schema": "slimgate.cov')
    append_line(tmp_path / ROWS, make_row())
    (row,) = load_rows(tmp_path)
    assert row.failure is None
    assert load_rows(tmp_path / "nothing") == []


def test_recipes_meet_targets_but_int8_only_if_they_quantise():
    ptq, prune = recipe_named("ptq"), recipe_named("channel_prune")
    assert combine((ptq, prune), (), OLD) == [(ptq, None), (prune, None)]
    int8, native = "cpu-onednn-int8", "cpu-native-fp32"
    wanted = [(ptq, int8), (ptq, native), (prune, native)]
    assert combine((ptq, prune), (int8, native), OLD) == wanted
    with pytest.raises(InputError, match=r"no recipe fits a target.*is not quantised") as caught:
        combine((prune,), (int8,), OLD)
    assert caught.value.choices == (native, "cpu-onednn-fp32")
    with pytest.raises(InputError, match="nearest: cpu-onednn-int8"):
        combine((ptq,), ("cpu-onednn-int",), OLD)


def test_a_target_that_the_machine_lacks_is_refused_before_anything_is_made():
    ptq = recipe_named("ptq")
    with pytest.raises(InputError, match="cpu-onednn-bf16 is not available here"):
        combine((ptq,), ("cpu-onednn-bf16",), OLD)
    new = replace(OLD, flags=("avx2", "avx512f"))
    assert combine((ptq,), ("cpu-onednn-bf16",), new) == [(ptq, "cpu-onednn-bf16")]


@pytest.fixture
def checkout(tmp_path):
    """The example suite, whose manifest lists all of its models, with an added config."""
    repo = make_repository(DEMOS["seg"], tmp_path / "suite")
    added = tmp_path / "mine.yml"
    added.write_text("model: {type: FCN}\n")
    return open_checkout("example-seg", repo, "main", None, [added])


def test_only_listed_and_added_configs_remain(checkout):
    every = choose_configs(checkout, (), False, None, 0)
    first = checkout.manifest.models[0]
    few = checkout.manifest.model_copy(update={"models": (first,)})
    listed = choose_configs(replace(checkout, manifest=few), (), True, None, 0)
    added = tuple(path for path in every if path.startswith(ADDED))
    assert len(added) == 1
    assert set(listed) == {first.config, *added}
    assert len(every) == len(checkout.manifest.models) + 1


def test_a_sample_is_of_those_that_match(checkout):
    (config,) = choose_configs(checkout, ("*humanseg*",), False, 1, 0)
    assert "humanseg" in config
    assert len(choose_configs(checkout, (), False, 2, 0)) == 2
    every = choose_configs(checkout, (), False, None, 0)
    assert choose_configs(checkout, (), False, 99, 0) == every


@given(
    st.lists(st.text(max_size=3), unique=True, max_size=20),
    st.integers(1, 25),
    st.integers(0, 5),
)
def test_a_draw_is_so_many_different_configs(configs, count, seed):
    drawn = draw(configs, count, seed)
    assert len(drawn) == min(count, len(configs))
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(configs)


def sweep_of(configs, **changes):
    facts = {"recipes": (recipe_named("ptq"),), "targets": (), "budget": Budget()}
    return Sweep(configs=configs, **{**facts, "max_side": 64, **changes})


def test_a_sweep_fails_row_by_row_writes_each_at_once_and_goes_on(checkout, tmp_path):
    """The data and weights of the examples are not needed: workers are killed at once."""
    configs = choose_configs(checkout, ("configs/pp*",), False, 2, 0)
    said, out = [], tmp_path / "out"
    with open_workshop(tmp_path / "store", said.append, stage_timeout_s=0.01) as workshop:
        rows = sweep_models(checkout, sweep_of(configs), workshop, [], out)
        first = next(rows)
        assert len((out / ROWS).read_text().splitlines()) == 1
        rest = list(rows)
    assert {row.failure.kind for row in (first, *rest)} == {"timeout"}
    assert f"1/2 {configs[0]} {recipe_named('ptq')}" in said
    assert max(first.shape) == 64
    assert first.full_shape != first.shape
    earlier = load_rows(out)
    assert len(earlier) == len(configs) == 2
    with open_workshop(tmp_path / "store", said.append) as workshop:
        again = list(sweep_models(checkout, sweep_of(configs), workshop, earlier, out))
    assert again == earlier
    assert len((out / ROWS).read_text().splitlines()) == 2


def test_rows_of_an_older_file_are_read_and_newer_ones_count(tmp_path):
    append_line(tmp_path / OLDER_ROWS, failed_row())
    append_line(tmp_path / OLDER_ROWS, make_row(config="configs/b.yml"))
    append_line(tmp_path / ROWS, make_row())
    rows = {row.config: row for row in load_rows(tmp_path)}
    assert set(rows) == {"configs/a/m.yml", "configs/b.yml"}
    assert rows["configs/a/m.yml"].failure is None


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(32, 1024))
def test_a_reduced_shape_is_small_in_steps_and_about_in_proportion(height, width, side):
    shape = reduced_shape((1, 3, height, width), side)
    if max(height, width) <= side:
        assert shape == (1, 3, height, width)
        return
    assert shape[:2] == (1, 3)
    assert all(n % 32 == 0 and n > 0 for n in shape[2:])
    for full, small in zip((height, width), shape[2:], strict=True):
        exact = full * side / max(height, width)
        assert small == 32 or abs(small - exact) <= 16
