"""Which models, recipes and targets a sweep takes, at which size, and where it goes on."""

import pytest

from bench.single import recipe_named
from bot.run.demo import make_repository
from bot.survey.sweep import ROWS, combine, draw, find_configs, load_rows, reduced_shape
from compress.checkout import open_checkout
from core.errors import InputError
from core.schema import append_line
from examples.scenarios import DEMOS
from tests.bot.survey.rows import failed_row, make_row


def test_models_are_found_and_drawn_the_same_way_every_time(tmp_path):
    repo = make_repository(DEMOS["seg"], tmp_path / "suite")
    checkout = open_checkout("example-seg", repo, "main", None)
    found = find_configs(checkout, ())
    assert len(found) == 2
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
    assert combine((ptq, prune), ()) == [(ptq, None), (prune, None)]
    int8, native = "cpu-onednn-int8", "cpu-native-fp32"
    wanted = [(ptq, int8), (ptq, native), (prune, native)]
    assert combine((ptq, prune), (int8, native)) == wanted
    with pytest.raises(InputError, match="none of the recipes quantises"):
        combine((prune,), (int8,))
    with pytest.raises(InputError, match="nearest: cpu-onednn-int8"):
        combine((ptq,), ("cpu-onednn-int",))


def test_a_target_that_the_processor_lacks_is_refused_before_anything_is_made(monkeypatch):
    ptq = recipe_named("ptq")
    monkeypatch.setattr("bot.survey.sweep.cpu_flags", lambda: ("avx2",))
    with pytest.raises(InputError, match="this processor cannot run cpu-onednn-bf16"):
        combine((ptq,), ("cpu-onednn-bf16",))
    monkeypatch.setattr("bot.survey.sweep.cpu_flags", lambda: ("avx2", "avx512f"))
    assert combine((ptq,), ("cpu-onednn-bf16",)) == [(ptq, "cpu-onednn-bf16")]
