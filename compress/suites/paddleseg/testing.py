"""How PaddleSeg runs a model over validation images: the section ``test_config``.

Its keys are the arguments of ``paddleseg.core.val.evaluate``, which runs a model on scaled and
flipped images (``aug_eval``) and in windows (``is_slide``), and averages the scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compress.suites.dialect import Document
from compress.suites.parts import is_size, section
from core.errors import InputError

SECTION = "test_config"
MEASURED = (
    "aug_eval",
    "scales",
    "flip_horizontal",
    "flip_vertical",
    "is_slide",
    "crop_size",
    "stride",
)
WITHOUT_INFLUENCE = ("auc_roc", "precision", "amp_level", "num_workers", "print_detail")
"""Another metric, beside mIoU; the precision of the network in training; how progress is shown."""
MAX_SCALES, MAX_SCALE = 16, 8.0


@dataclass(frozen=True)
class Passes:
    """How often the model runs on one image. ``scales``: factors of height and width;
    ``flip_horizontal``, ``flip_vertical``: run on mirrored images, too; ``crop_size``, ``stride``:
    (width, height) of the window in pixels, and how far it moves; None for whole images.
    """

    scales: tuple[float, ...] = (1.0,)
    flip_horizontal: bool = False
    flip_vertical: bool = False
    crop_size: tuple[int, int] | None = None
    stride: tuple[int, int] | None = None

    @property
    def averages(self) -> bool:
        """Whether scores of several passes are averaged, so that labels are not enough."""
        flipped = self.flip_horizontal or self.flip_vertical
        return len(self.scales) > 1 or flipped or self.crop_size is not None


ONE_PASS = Passes()


def read_passes(resolved: Document) -> Passes:
    """The passes that a config asks for; see ``unmeasured_test`` for those that make no sense."""
    test = section(resolved, SECTION)
    passes = ONE_PASS
    if test.get("aug_eval"):
        scales = test.get("scales", 1.0)
        passes = Passes(
            tuple(scales) if isinstance(scales, list) else (scales,),
            bool(test.get("flip_horizontal")),
            bool(test.get("flip_vertical")),
        )
    if test.get("is_slide"):
        (width, height), (right, down) = test["crop_size"], test["stride"]
        return Passes(
            passes.scales,
            passes.flip_horizontal,
            passes.flip_vertical,
            (width, height),
            (right, down),
        )
    return passes


def entry_points(model: Document) -> tuple[str, ...]:
    """What the driver calls of the suite's code, by dotted names; only a model with the section is
    run over scaled, mirrored or cut images.
    """
    averaging = ("paddleseg.core.infer.aug_inference",) if section(model, SECTION) else ()
    return (
        "paddleseg.core.infer.reverse_transform",
        "paddleseg.cvlibs.builder.SegBuilder.build_component",
        "paddleseg.cvlibs.builder.SegBuilder.model",
        "paddleseg.cvlibs.builder.SegBuilder.train_dataset",
        "paddleseg.cvlibs.config.Config",
        "paddleseg.cvlibs.config_checker.ConfigChecker",
        "paddleseg.cvlibs.config_checker.DefaultSyncImgChannelsRule",
        "paddleseg.cvlibs.config_checker.DefaultSyncNumClassesRule",
        "paddleseg.deploy.export.WrappedModel",
        "paddleseg.transforms.transforms.Compose",
        *averaging,
    )


def unmeasured_test(resolved: Document, output_op: str) -> Iterator[InputError]:
    """What of ``test_config`` cannot be measured, each with its key and the reason."""
    test = section(resolved, SECTION)
    for key in test:
        if key not in (*MEASURED, *WITHOUT_INFLUENCE) and test[key]:
            yield _unmeasured(key, "slimgate does not measure it")
    if test.get("aug_eval") and not _are_scales(test.get("scales", 1.0)):
        yield _unmeasured("scales", f"a number such as 1.0, or up to {MAX_SCALES}, is needed")
    elif test.get("is_slide") and not _is_window(test.get("crop_size"), test.get("stride")):
        yield _unmeasured(
            "is_slide",
            "crop_size and stride are needed as [width, height], no stride beyond a crop",
        )
    elif read_passes(resolved).averages and output_op != "none":
        key = "is_slide" if test.get("is_slide") else "aug_eval"
        yield _unmeasured(
            key,
            f"it averages the model's scores, and the model is exported with {output_op}; "
            "set output_op: none in the manifest",
        )


def _unmeasured(key: str, reason: str) -> InputError:
    return InputError(reason, key=f"{SECTION}.{key}")


def _are_scales(scales: object) -> bool:
    """The suite takes a float, or a list of numbers."""
    if isinstance(scales, float):
        return 0 < scales <= MAX_SCALE
    return (
        isinstance(scales, list)
        and 0 < len(scales) <= MAX_SCALES
        and all(type(s) in (int, float) and 0 < s <= MAX_SCALE for s in scales)
    )


def _is_window(crop: object, stride: object) -> bool:
    return (
        is_size(crop) and is_size(stride) and all(s <= c for s, c in zip(stride, crop, strict=True))
    )


def evaluated(model: Document, data: Document) -> Document:
    """The config by which a model is evaluated on the data of another config, which has the say;
    where that is silent, the model's own ``test_config`` holds.
    """
    if SECTION in data or SECTION not in model:
        return data
    return {**data, SECTION: model[SECTION]}
