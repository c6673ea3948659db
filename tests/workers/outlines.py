"""Exports small networks that are written in different ways, and outlines their programs."""

import zlib  # noqa: F401  before paddle
from pathlib import Path

import paddle
from paddle import nn

from compress.in_worker.graph.exporting import install
from compress.in_worker.graph.outlining import read_outline
from compress.in_worker.graph.program import load_program
from compress.in_worker.layers import align_layers, write_layers
from compress.in_worker.named_weights import name_weights


class Network(nn.Layer):
    """Two branches that are added, in the way that ``variant`` names."""

    def __init__(self, variant):
        super().__init__()
        self.variant = variant
        if variant == "more layers":
            nn.Conv2D(3, 3, 3)
            self.unused = nn.Linear(2, 2)
        if variant == "other order":
            self.right = nn.Conv2D(3, 4, 3, padding=1)
        initial = nn.initializer.Constant(2.0) if variant == "initialised" else None
        self.left = nn.Conv2D(3, 4, 3, padding=1, weight_attr=initial)
        self.norm = nn.BatchNorm2D(4)
        if variant != "other order":
            self.right = nn.Conv2D(3, 4, 3, padding=1)
        if variant == "renamed":
            self.east = self.right
            del self.right
        anchor = paddle.full([1, 4, 1, 1], 3.0 if variant == "other anchors" else 1.0)
        self.register_buffer("anchors", anchor)
        if variant.endswith("pixel mean"):
            mean = paddle.full([1], 3.0 if variant == "other pixel mean" else 1.0)
            self.register_buffer("pixel_mean", mean)
        if variant.endswith("scale"):
            shape = [1] if variant == "long scale" else []
            self.scale = self.create_parameter(shape, "float64" if "double" in variant else None)

    def forward(self, image):
        right = self.east if self.variant == "renamed" else self.right
        if self.variant == "other order":
            second = right(image)
            first = self.norm(self.left(image))
        else:
            first = self.norm(self.left(image))
            second = right(image)
        both = second + first if self.variant == "swapped" else first + second
        if self.variant == "loop":
            for _ in range(paddle.shape(image)[0]):
                both = both * 0.5
        if self.variant == "other loop":
            for _ in range(paddle.shape(image)[0]):
                both = both * 0.25
        both = self.more(both, image)
        if self.variant == "computed size":
            return nn.functional.adaptive_avg_pool2d(both, paddle.shape(image)[2:] // 2)
        activation = nn.functional.sigmoid if self.variant == "sigmoid" else nn.functional.relu
        return activation(both) * self.anchors

    def more(self, both, image):
        """What further variants do with the sum."""
        if "branch" in self.variant:
            return self.branch(both, image)
        if "scalar" in self.variant:
            both[:, 0] = 1234568.0 if self.variant == "other scalar" else 1234567.0
        if self.variant.endswith("pixel mean"):
            both = both - self.pixel_mean
        if self.variant.endswith("scale"):
            both = both * self.scale.astype("float32")
        return both

    def branch(self, both, image):
        """A choice between two pairs of values, whose difference is taken."""
        if "shifted" in self.variant:
            unused = both * 2
            if paddle.shape(image)[0] > 7:
                unused = both * 3
            del unused
        if paddle.shape(image)[0] > 1:
            first = both * 2
            second = both * 3
        else:
            first = both * 4
            second = both * 5
        return second - first if "turned" in self.variant else first - second


def handle(request):
    install()
    paddle.seed(request["seed"])
    folder = Path("exported")
    folder.mkdir(exist_ok=True)
    paddle.disable_static()
    network = Network(request["variant"])
    write_layers(network, folder)
    name_weights(network)
    network.eval()
    spec = [paddle.static.InputSpec([None, 3, 8, 8], "float32", "image")]
    paddle.jit.save(paddle.jit.to_static(network, input_spec=spec), str(folder / "model"))
    loaded = load_program(folder)
    outline = read_outline(loaded, align_layers(folder, loaded.names()))
    return {"outline": outline.model_dump(mode="json")}
