"""Exports that take any height and width, from config to int8."""

import pytest

from bench.targets import target_for
from bench.timing import TimedModel, check_loads, prove_precision
from bot.checkout import open_checkout
from bot.demo import make_repository
from bot.inspect import graph_facts
from bot.pipeline import open_publisher
from bot.shapes import Sizes, check_shapes, collect_shapes
from bot.single import choose_recipe, make_single, recipe_named, resolve_single
from compress.artifacts import Workshop
from compress.recipes.inference_ops import inference_op_types
from compress.store import Store
from examples.scenarios import DEMOS

pytestmark = pytest.mark.paddle
SIZES = ((96, 160), (160, 224))


@pytest.mark.parametrize(
    ("suite", "name"), [("seg", "PP-LiteSeg-MobileNetV2"), ("det", "PP-PicoDet-XS")]
)
def test_a_model_of_any_size_runs_in_int8(tmp_path, suite, name):
    repo = make_repository(DEMOS[suite], tmp_path / "suite")
    checkout = open_checkout(f"example-{suite}", repo, "HEAD", None)
    model = checkout.model(name).model_copy(update={"dynamic_shape": True})
    recipe = choose_recipe(checkout, model, recipe_named("ptq"), checkout.manifest.quick)
    (tmp_path / "scratch").mkdir()
    workshop = Workshop(Store(tmp_path / "store"), tmp_path / "scratch", 200, 1)
    publisher = open_publisher(workshop.store, False, print)
    one = resolve_single(checkout, model, recipe, workshop.store, publisher)
    made = make_single(one, workshop, print)
    images = [shape for shape in graph_facts(made.folder).feeds.values() if len(shape) == 4]
    assert images == [(-1, 3, -1, -1)]
    ops = tuple(inference_op_types(made.op_types))
    timed = [TimedModel(made.folder, target_for(True), ops, (), (1, 3, *size)) for size in SIZES]
    low, every = prove_precision(timed[0], workshop).convolutions
    assert low == every
    check_loads(timed[1], workshop)

    file, sizes = tmp_path / "shapes.pbtxt", Sizes(SIZES, 2)
    assert collect_shapes(made.folder, sizes, 2, file, 200).findings == ()
    collected = check_shapes(made.folder, sizes, file).range
    assert collected.sizes == SIZES
    assert (collected.least[0], collected.greatest[0]) == (1, 2)
    (found,) = check_shapes(made.folder, Sizes((*SIZES, (320, 160)), 3), file).findings
    assert (found.code, found.message.count("320x160")) == ("SG401", 1)
