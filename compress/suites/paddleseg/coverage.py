"""What becomes of the keys of PaddleSeg's configs. ``docs/config-keys.md`` is made from this."""

from __future__ import annotations

from collections.abc import Iterator

from compress.suites.coverage import Coverage
from compress.suites.dialect import Document
from compress.suites.paddleseg.testing import SECTION, WITHOUT_INFLUENCE, unmeasured_test
from compress.suites.paddleseg.validation import unrepeatable
from compress.suites.parts import section
from core.errors import InputError

TRAINING = "decides how weights are trained; those that are published stay the same"
LABELS = "decides which images and labels the score counts"

COVERAGE = Coverage(
    measured={
        "model": "is exported and run",
        "train_dataset": "is what compression learns from",
        "val_dataset": "is read by the suite's own code for the score",
        f"{SECTION}.aug_eval": "runs the model on scaled and mirrored images",
        f"{SECTION}.scales": "factors of the images' size, with aug_eval",
        f"{SECTION}.flip_horizontal": "with aug_eval",
        f"{SECTION}.flip_vertical": "with aug_eval",
        f"{SECTION}.is_slide": "runs the model in windows; needs output_op: none",
        f"{SECTION}.crop_size": "the window, with is_slide",
        f"{SECTION}.stride": "how far the window moves, with is_slide",
        "batch_size": "is the batch of compression",
    },
    without_influence={
        "iters": TRAINING,
        "optimizer": TRAINING,
        "lr_scheduler": TRAINING,
        "learning_rate": TRAINING,
        "loss": TRAINING,
        "distill_loss": TRAINING,
        "to_static_training": TRAINING,
        "seed": TRAINING,
        "model.pretrained": "is where training starts",
        "model.backbone.pretrained": "is where training starts",
        "val_dataset.edge": "adds edges in training only",
        "mean": "is an anchor for other keys",
        "std": "is an anchor for other keys",
        "weight": "is an anchor for other keys",
        "_inherited_": "is taken out at the top of a file",
        "test_dataset": "is read by no evaluation of the suite",
        **{f"{SECTION}.{key}": "changes another metric or the log" for key in WITHOUT_INFLUENCE},
    },
    not_measured={
        f"{SECTION}.use_multilabel": "scores each class by itself",
        "model.data_format": "asks for images in another layout (NHWC)",
    },
    counted=(
        "val_dataset.type",
        "val_dataset.num_classes",
        "val_dataset.ignore_index",
        "val_dataset.mode",
        "val_dataset.separator",
        "val_dataset.dataset_root",
        "val_dataset.val_path",
    ),
)
POST_PROCESSED = ("STFPM",)
"""Models whose scores the suite's evaluation alone changes (``paddleseg/core/infer.py``)."""


def unmeasured(model: Document, data: Document, output_op: str) -> Iterator[InputError]:
    """What keeps the accuracy of a model from being the suite's: each with its key and a reason."""
    kind = section(model, "model").get("type")
    if kind in POST_PROCESSED:
        yield InputError(f"the suite post-processes the scores of {kind}", key="model.type")
    if section(model, "model").get("data_format", "NCHW") != "NCHW":
        yield InputError(COVERAGE.not_measured["model.data_format"], key="model.data_format")
    yield from unmeasured_test(data, output_op)
    yield from unrepeatable(data)
