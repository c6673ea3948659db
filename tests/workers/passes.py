"""Worker for tests: a small network, run by PaddleSeg's evaluation and as an exported model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from compress.suites.paddleseg.in_worker.driver import SegmentationReader
from compress.suites.paddleseg.testing import read_passes

CLASSES, SIZE = 3, (10, 14)


def pad(data: dict[str, Any]) -> dict[str, Any]:
    """One image that is padded to (12, 16), in the form of the suite's transforms."""
    image = np.random.default_rng(0).normal(size=(3, 12, 16))
    return {**data, "img": image, "trans_info": [("padding", SIZE)]}


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """``test``: a section ``test_config``; ``output``: scores, labels or small → the labels of the
    suite's own evaluation, ``suite``, and those of the driver, ``own``; ``error`` if it raises.
    """
    import paddle
    from paddleseg.core import infer

    paddle.seed(1)
    network = paddle.nn.Conv2D(3, CLASSES, 3, padding=1)
    passes = read_passes({"test_config": request["test"]})
    reader = SegmentationReader(pad, passes)
    sample = reader.read(0, Path("a.jpg"))

    def run(feeds: dict[str, Any]) -> list[Any]:
        scores = network(paddle.to_tensor(feeds["image"])).numpy()
        forms = {"labels": scores.argmax(axis=1), "small": scores[:, :, ::2, ::2]}
        return [forms.get(request["output"], scores)]

    arguments = {"scales": [1.0], **request["test"]}
    aug = arguments.pop("aug_eval", False)
    known = ("flip_horizontal", "flip_vertical", "is_slide", "stride", "crop_size")
    options = {key: value for key, value in arguments.items() if key in known}
    if aug:
        options["scales"] = arguments["scales"]
    evaluate = infer.aug_inference if aug else infer.inference
    labels, _ = evaluate(
        lambda images: [network(images)],
        paddle.to_tensor(sample.feeds["image"]),
        trans_info=sample.context,
        **options,
    )
    try:
        own = reader.predict(run, sample)
    except ValueError as error:
        return {"suite": labels.numpy()[0, 0].tolist(), "error": str(error)}
    return {"suite": labels.numpy()[0, 0].tolist(), "own": own.tolist()}
