"""Weights against the networks that the suites' own code builds: real exports of the examples."""

from dataclasses import replace

import pytest

from bench.make import make_export, require_fit
from bench.single import ChosenRecipe, single_blueprint
from bot.run.demo import make_repository
from compress.checkout import open_checkout
from compress.weights.published import open_publisher
from compress.workshop import Workshop
from core.store import Store
from examples.scenarios import DEMOS

pytestmark = pytest.mark.paddle
MODELS = {"seg": "PP-LiteSeg-MobileNetV2", "det": "PP-PicoDet-XS"}


class Exports:
    """Exports of an example suite's model with changed settings."""

    def __init__(self, suite, folder):
        repo = make_repository(DEMOS[suite], folder / "suite")
        self.checkout = open_checkout(f"example-{suite}", repo, "HEAD", None)
        self.name = MODELS[suite]
        store = Store(folder / "store")
        publisher = open_publisher(store, False, print)
        self.workshop = Workshop(store, folder / "scratch", 200, 1, publisher=publisher)
        (folder / "scratch").mkdir()

    def export(self, weights_of=None, shape=None, **changes):
        """The blueprint after its export, and the artifact; ``changes`` by key of the config."""
        model = self.checkout.model(self.name)
        if weights_of:
            model = model.model_copy(update={"weights": self.checkout.model(weights_of).weights})
        recipe = ChosenRecipe(None, None)
        blueprint = single_blueprint(self.checkout, model, recipe, self.workshop, shape)
        resolved = {**blueprint.export.resolved, **changes}
        blueprint = replace(blueprint, export=replace(blueprint.export, resolved=resolved))
        artifact = make_export(blueprint, self.workshop)
        return require_fit(blueprint, artifact), artifact


@pytest.fixture(params=list(MODELS))
def exports(request, tmp_path):
    return request.param, Exports(request.param, tmp_path)


def test_published_weights_fit_and_those_of_other_classes_do_not(exports):
    suite, models = exports
    blueprint, artifact = models.export()
    assert (artifact.weights_misfit, blueprint.misfit) == ("", "")
    assert blueprint.export.weights is not None
    if suite == "seg":
        network = {**blueprint.export.resolved["model"], "num_classes": 7}
        sets = ("train_dataset", "val_dataset")
        more = {s: {**blueprint.export.resolved[s], "num_classes": 7} for s in sets}
        blueprint, artifact = models.export(model=network, **more)
        assert artifact.weights_misfit == (
            "1 of 365 arrays (seg_heads.0.conv_out.weight: 6x48x1x1 in the file, "
            "7x48x1x1 in the network)"
        )
        assert "that only training uses (seg_heads.1.conv_out.weight" in artifact.remarks[0]
    else:
        blueprint, artifact = models.export(num_classes=3)
        assert artifact.weights_misfit.startswith(  # each array has two names
            "16 of 463 arrays (head.head_cls_list.0.weight: 5x96x1x1 in the file, "
        )
    assert blueprint.export.weights is None
    assert blueprint.not_scored == "weights do not fit"


def test_the_weights_of_another_model_do_not_fit(tmp_path):
    blueprint, artifact = Exports("seg", tmp_path).export(weights_of="PP-HumanSeg-Lite")
    count, every = artifact.weights_misfit.split(" arrays ")[0].split(" of ")
    assert int(count) > 0.9 * int(every)
    assert blueprint.not_scored == "weights do not fit"
