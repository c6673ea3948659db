"""Runs an exported model over an image as PaddleSeg's evaluation runs a network. Workers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from compress.suites.driver import Run
from compress.suites.paddleseg.testing import Passes


class ExportedNetwork:
    """An exported model in the place of a network: a call takes a batch of images and returns the
    list of outputs that the suite expects. Raises ValueError like ``run_at``.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    def __call__(self, images: Any) -> list[Any]:
        import paddle

        scores = run_at(self.run, np.asarray(images.numpy(), np.float32))
        if scores.ndim != 4:
            raise ValueError("test_config averages scores, and the model yields labels")
        return [paddle.to_tensor(scores.astype(np.float32))]


def run_at(run: Run, batch: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The model's first output for the images. Raises ValueError unless it has their size, which
    models may lack that were exported for another size.
    """
    output = np.asarray(run({"image": batch})[0])
    if output.shape[-2:] != batch.shape[-2:]:
        raise ValueError(
            f"images of {batch.shape[-2:]} yield outputs of {output.shape[-2:]}: test_config needs "
            "a model that takes its sizes (dynamic_shape: true in the manifest)"
        )
    return output


def averaged_labels(run: Run, image: npt.NDArray[Any], trans_info: Any, passes: Passes) -> Any:
    """(1, 1, H, W) labels from the scores of all passes, by the suite's own code: whatever it does
    between reading an image and counting areas.
    """
    import paddle
    from paddleseg.core import infer

    labels, _ = infer.aug_inference(
        ExportedNetwork(run),
        paddle.to_tensor(image),
        trans_info=trans_info,
        scales=[float(scale) for scale in passes.scales],
        flip_horizontal=passes.flip_horizontal,
        flip_vertical=passes.flip_vertical,
        is_slide=passes.crop_size is not None,
        stride=passes.stride,
        crop_size=passes.crop_size,
    )
    return labels


def scaled(image: npt.NDArray[Any], scale: float) -> npt.NDArray[Any]:
    """The batch of images resized by the factor, as in the suite's ``aug_inference``."""
    import paddle
    from paddle.nn import functional

    size = [int(length * scale + 0.5) for length in image.shape[-2:]]
    resized = functional.interpolate(paddle.to_tensor(image), size, mode="bilinear")
    return np.asarray(resized.numpy(), np.float32)


def resized(output: npt.NDArray[Any], size: Sequence[int]) -> npt.NDArray[Any]:
    """Scores (N, C, h, w) or labels (N, h, w) at (height, width): scores interpolated, labels those
    of the nearest pixel.
    """
    import paddle
    from paddle.nn import functional

    if output.ndim == 4 and output.shape[1] > 1:
        scores = functional.interpolate(paddle.to_tensor(output), list(size), mode="bilinear")
        return np.asarray(scores.numpy())
    labels = paddle.to_tensor(output.reshape(-1, 1, *output.shape[-2:]).astype(np.float32))
    return np.asarray(functional.interpolate(labels, list(size), mode="nearest").numpy()).astype(
        np.int64
    )
