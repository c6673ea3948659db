"""Batches of training data: the same seed gives the same ones, whatever else reads."""

from pathlib import Path

import pytest

from compress.recipes.parse import parse_recipe
from compress.worker.start import Workplace, start_worker
from tests.workers import run_worker

pytestmark = pytest.mark.paddle
ROOT = str(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("batches"), {"PYTHONPATH": ROOT})

    def call(seed=0, ahead=0, from_end=False, **request):
        request |= {"seed": seed, "ahead": ahead, "from_end": from_end}
        answer, _ = run_worker(
            "tests.workers.batches", "batches", request, workplace=place, timeout_s=100
        )
        return answer

    return call


def test_the_seed_decides_on_order_and_augmentation(read):
    first, second, other = read(3, 0), read(3, 0), read(4, 0)
    assert first == second
    assert first["passes"] != other["passes"]


def test_every_pass_has_every_sample_in_another_order(read):
    one, two = read(3, 0)["passes"]
    assert one != two
    for batches in (one, two):
        assert sorted(sample[0] for batch in batches for sample in batch) == list(range(12))


def test_threads_that_read_ahead_change_nothing_but_the_pass(read):
    """ACT starts several loaders; each takes a pass, and none disturbs another's draws."""
    alone = [read(3, 2)["again"] for _ in range(3)]
    assert alone[0] == alone[1] == alone[2]


def test_a_search_is_not_judged_on_what_it_calibrates_with(read):
    """Three batches of four: the first two calibrate, the last one judges."""
    assert read(do="judge")["from_end"]
    calibrating, judging = read(5)["passes"], read(5, from_end=True)["passes"]
    for front, back in zip(calibrating, judging, strict=True):
        seen = {sample[0] for batch in front[:2] for sample in batch}
        assert seen.isdisjoint({sample[0] for sample in back[0]})
        assert len(seen) == 8


def test_trainings_with_the_same_seed_are_equal(tmp_path):
    """In processes of their own, whose addresses differ."""
    assert len({_trained(tmp_path / name) for name in ("one", "two", "three")}) == 1


def _trained(folder):
    """The parameters after quantisation-aware training with PACT."""
    folder.mkdir()
    recipe = parse_recipe(
        {
            "QuantAware": {"quantize_op_types": ["conv2d", "depthwise_conv2d"], "use_pact": True},
            "Distillation": {},
            "TrainConfig": {"train_iter": 4, "learning_rate": 0.01},
        },
        "recipe.yaml",
    )
    (step,) = recipe.steps
    place = Workplace(folder, {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.methods", "methods", place) as worker:
        model = worker.call({"do": "export"}, 100)["model"]
        request = {
            "do": "compress",
            "model": model,
            "teacher": model,
            "method": step.method,
            "sections": step.sections,
            "op_types": recipe.op_types,
            "quantises": True,
        }
        made = worker.call(request, 200)
        return (Path(made["out"]) / "model.pdiparams").read_bytes()
