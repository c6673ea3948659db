"""Exports that take any height and width, from config to int8."""

import pytest

from bench.deployment import deploy
from bench.dynamic_shape.collect import Sizes, check_shapes, collect_shapes
from bench.engines.targets import target_for
from bench.make import make_model
from bench.single import choose_recipe, recipe_named, single_blueprint
from bench.timing import check_loads, prove_precision
from bot.run.demo import make_repository
from compress.artifacts.inspection import graph_facts
from compress.checkout import open_checkout
from compress.weights.published import open_publisher
from compress.workshop import Workshop
from core.store import Store
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
    store = Store(tmp_path / "store")
    publisher = open_publisher(store, False, print)
    workshop = Workshop(store, tmp_path / "scratch", 200, 1, publisher=publisher)
    made = make_model(single_blueprint(checkout, model, recipe, workshop), workshop)
    images = [shape for shape in graph_facts(made.folder).feeds.values() if len(shape) == 4]
    assert images == [(-1, 3, -1, -1)]
    timed = [deploy(made, (1, 3, *size), target_for(True)) for size in SIZES]
    low, every = prove_precision(timed[0], workshop).convolutions
    assert low == every
    check_loads(timed[1], workshop)

    file, sizes = tmp_path / "shapes.pbtxt", Sizes(SIZES, 2)
    assert collect_shapes(made.folder, sizes, 2, file, workshop).findings == ()
    collected = check_shapes(made.folder, sizes, file, workshop.workplace).range
    assert collected.sizes == SIZES
    assert (collected.least[0], collected.greatest[0]) == (1, 2)
    more = Sizes((*SIZES, (320, 160)), 3)
    (found,) = check_shapes(made.folder, more, file, workshop.workplace).findings
    assert (found.code, found.message.count("320x160")) == ("SG401", 1)
