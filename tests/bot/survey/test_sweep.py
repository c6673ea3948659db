"""The coverage table: which models, at which size, going on where it stopped, and what it says."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from bench.make import Blueprint
from bench.result import PrecisionProof
from bench.single import recipe_named, recipe_path
from bench.stats import Interval
from bench.survey import deployed_pair, diagnose_row
from bench.survey_row import RowFailure, SurveyRow
from bot.run.demo import make_repository
from bot.survey.sweep import ROWS, combine, draw, find_configs, load_rows, reduced_shape
from bot.survey.table import cells, failures, shares
from compress.artifacts.artifact import Artifact
from compress.artifacts.spec import ExportSpec
from compress.checkout import open_checkout
from compress.recipes.parse import parse_recipe
from compress.worker.process import Usage
from core.errors import InputError
from core.schema import append_line
from examples.scenarios import DEMOS

QUANTISED = SimpleNamespace(made=SimpleNamespace(quantised=("conv2d",)))
USAGE = Usage(duration_s=2.0, peak_memory_bytes=10**9)


def interval(value):
    return Interval(value=value, low=value, high=value)


def make_row(**facts):
    base = {
        "commit": "c" * 40,
        "config": "configs/a/m.yml",
        "recipe": "slimgate:ptq.yaml",
        "shape": (1, 3, 256, 512),
        "full_shape": (1, 3, 512, 1024),
        "costs": {"export": USAGE, "compress": USAGE, "run": USAGE},
    }
    return SurveyRow(**{**base, **facts})


def failed(**facts):
    failure = RowFailure(
        stage="export", kind="timeout", message="no answer within 9 s", log_tail=""
    )
    row = make_row(costs={}, failure=failure, **facts)
    return row.model_copy(update={"findings": diagnose_row(row)})


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
    append_line(tmp_path / ROWS, failed())
    with (tmp_path / ROWS).open("a") as stream:
        stream.write('{"schema": "slimgate.cov')
    append_line(tmp_path / ROWS, make_row())
    (row,) = load_rows(tmp_path)
    assert row.failure is None
    assert load_rows(tmp_path / "nothing") == []


def test_a_failure_is_named():
    row = failed()
    assert [one.code for one in row.findings] == ["SG602"]
    assert "SG602 export took longer than it may" in next(failures([row]))
    lines = list(shares([row, make_row()]))
    assert lines[:3] == [
        "1 of 2 export (50%)",
        "1 of 2 compress (50%)",
        "1 of 2 run compressed (50%)",
    ]
    assert "1 of 1 failure has a finding that names the cause" in lines


def test_int8_that_is_not_faster_is_explained():
    proof = PrecisionProof(precision="int8", op_types=(), ops={"conv2d": (5, 47)})
    slow = {"quantised": ("conv2d",), "latency_ms": (interval(41.3), interval(41.7))}
    codes = {one.code: one.message for one in diagnose_row(make_row(proof=proof, **slow))}
    assert "only 5 of 47 convolutions run in int8" in codes["SG501"]
    assert "SG501" not in {o.code for o in diagnose_row(make_row(target="cpu-native-fp32", **slow))}


def test_cells_say_what_was_reduced_and_what_is_not_known():
    row = make_row(
        size_bytes=(10_000_000, 2_500_000),
        latency_ms=(interval(10.0), interval(5.0)),
        speedup=interval(2.0),
        effects={"flops": (100.0, 60.0), "zeros": (0.0, 0.5)},
    )
    found = cells(row)
    assert "256×512 (reduced)" in found
    assert "10.0 → 2.5 MB" in found
    assert "initial weights" in found
    assert "-40% FLOPs, 50% zeros" in found
    trained = make_row(weights="trained", accuracy=(0.8, 0.79), fake_quantised=0.795)
    assert "80.00 → 79.00 (79.50 before conversion)" in cells(trained)


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


def test_the_target_is_shown_where_one_was_named():
    row = make_row(target="cpu-native-fp32")
    assert row.id != make_row().id
    assert "cpu-native-fp32" in cells(row)
    assert "m.yml ptq cpu-native-fp32: export: SG602" in next(
        failures([failed(target="cpu-native-fp32")])
    )


def test_recipes_are_named_or_files(tmp_path):
    assert recipe_path(recipe_named("ptq")).name == "ptq.yaml"
    own = tmp_path / "own.yaml"
    own.write_text("QuantPost:\n")
    assert recipe_path(recipe_named(str(own))) == own
    with pytest.raises(InputError, match="nearest: qat"):
        recipe_named("qatt")


def test_versions_that_do_not_fit_are_named_beside_the_failure(monkeypatch):
    unfit = {"paddlepaddle": "2.6.2", "paddleslim": "2.4.1", "numpy": "1.26.4"}
    monkeypatch.setattr("bench.survey.library_versions", lambda: unfit)
    codes = {one.code for one in failed().findings}
    assert {"SG306", "SG602"} <= codes


def test_chance_is_what_ignoring_the_image_would_reach():
    speed = {"latency_ms": (interval(2.0), interval(1.0)), "speedup": interval(2.0)}
    row = make_row(**speed, accuracy=(0.40, 0.12), chance=0.11)
    assert "SG502" in {one.code for one in diagnose_row(row)}
    low = row.model_copy(update={"chance": 0.05})
    assert "SG502" not in {one.code for one in diagnose_row(low)}


@pytest.mark.parametrize(
    ("target", "before", "after", "quantised"),
    [
        (None, "cpu-onednn-fp32", "cpu-onednn-int8", True),
        ("cpu-native-fp32", "cpu-native-fp32", "cpu-native-fp32", False),
        ("cpu-onednn-bf16", "cpu-onednn-fp32", "cpu-onednn-bf16", False),
    ],
)
def test_fp32_runs_on_the_engine_of_the_target(tmp_path, target, before, after, quantised):
    recipe = parse_recipe({"QuantPost": {"quantize_op_types": ["conv2d"]}}, "r.yaml")
    blueprint = Blueprint(
        source=None,
        export=ExportSpec({}, None, (1, 3, 8, 8), "none", False),
        recipe=recipe,
        data_config={},
        training_data=None,
        no_data="",
        validation=None,
        no_validation="",
        trials=None,
        no_weights="",
    )
    exported = Artifact(tmp_path, "", 0, cached=False, record=None)
    made = replace(exported, record=QUANTISED)
    reference, timed = deployed_pair(make_row(target=target), blueprint, exported, made)
    assert (reference.target.name, timed.target.name) == (before, after)
    assert bool(timed.op_types) == quantised
    assert not reference.op_types
