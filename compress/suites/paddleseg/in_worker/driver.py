"""Exports models and reads data with PaddleSeg's own code. Workers only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from compress.suites.driver import Feed, Fill, Run, Sample, TrainingData
from compress.suites.paddleseg.in_worker.passes import averaged_labels, resized, run_at, scaled
from compress.suites.paddleseg.testing import ONE_PASS, Passes, read_passes
from core.safe_yaml import parse_mapping


class PaddleSegDriver:
    """See ``compress.suites.driver.Driver``."""

    def constructible(self) -> frozenset[str]:
        return frozenset()

    def export(
        self, config: Path, fill: Fill, shape: Sequence[int], output_op: str, out: Path
    ) -> list[str]:
        """Exports as the suite's ``tools/export.py`` does, with a free batch dimension. The size is
        free, too, if the export fails with a fixed one, as in models whose code expects sizes to be
        tensors.
        """
        from paddleseg.cvlibs import SegBuilder
        from paddleseg.deploy.export import WrappedModel

        os.environ["PADDLESEG_EXPORT_STAGE"] = "True"  # makes some models choose other ops
        built = build_config(config)
        built.dic.setdefault("train_dataset", {"type": "Dataset"})  # the builder reads its type
        model = SegBuilder(built).model
        fill(model)
        if output_op != "none":
            model = WrappedModel(model, output_op)
        model.eval()
        try:
            _save(model, [None, *shape[1:]], out)
        except (TypeError, ValueError, AttributeError) as error:
            _save(model, [None, shape[1], None, None], out)
            reason = str(error).strip().rpartition("\n")[2].strip()
            return [f"exported with a free size: with a fixed one it fails ({reason})"]
        return []

    def training_data(self, config: Path) -> TrainingData:
        from paddleseg.cvlibs import SegBuilder

        cfg = build_config(config)
        dataset = SegBuilder(cfg).train_dataset
        return TrainingData(dataset, int(cfg.batch_size or 1), _collate, labelled=True)

    def image_reader(self, config: Path) -> SegmentationReader:
        """Builds the transforms of ``val_dataset`` alone: its data set would read labels."""
        from paddleseg.cvlibs import SegBuilder
        from paddleseg.transforms import Compose

        built = build_config(config)
        section = built.dic["val_dataset"]
        builder = SegBuilder(built)
        transforms = [builder.build_component(step) for step in section.get("transforms") or []]
        channels = section.get("img_channels", 3)
        passes = read_passes(parse_mapping(config.read_text(), str(config)))
        return SegmentationReader(Compose(transforms, img_channels=channels), passes)


DRIVER = PaddleSegDriver()


def _save(model: Any, shape: list[int | None], out: Path) -> None:
    import paddle

    spec = [paddle.static.InputSpec(shape=shape, dtype="float32", name="x")]
    paddle.jit.save(paddle.jit.to_static(model, input_spec=spec), str(out / "model"))


def build_config(path: Path) -> Any:
    """The suite's config. Configs without the training's sections fail its default checks, except
    for those that copy the number of classes and of channels into the model.
    """
    from paddleseg.cvlibs import Config, config_checker

    training = parse_mapping(path.read_text(), str(path)).get("train_dataset") or {}
    rules = []
    if "type" in training:
        rules.append(config_checker.DefaultSyncNumClassesRule())
        rules.append(config_checker.DefaultSyncImgChannelsRule())
    return Config(str(path), checker=config_checker.ConfigChecker(rules, allow_update=True))


def _collate(samples: list[dict[str, Any]]) -> Feed:
    return {
        "image": np.stack([np.asarray(sample["img"], np.float32) for sample in samples]),
        "label": np.stack([np.asarray(sample["label"], np.int64) for sample in samples]),
    }


class SegmentationReader:
    """Images as the suite's evaluation reads them; the suite's code scales predictions back, and
    averages them over several passes where ``test_config`` asks for that.
    """

    task: Literal["segmentation"] = "segmentation"

    def __init__(self, transforms: Any, passes: Passes = ONE_PASS) -> None:
        self.transforms, self.passes = transforms, passes

    def read(self, number: int, image: Path) -> Sample:
        data = self.transforms({"img": str(image), "trans_info": [], "gt_fields": []})
        pixels = np.asarray(data["img"], np.float32)[None]
        return Sample({"image": pixels}, number, data["trans_info"])

    def predict(self, run: Run, sample: Sample) -> npt.NDArray[np.int64]:
        image = sample.feeds["image"]
        if self.passes == ONE_PASS:
            return self.decode(run(sample.feeds), sample)
        if self.passes.averages:
            labels = averaged_labels(run, image, sample.context, self.passes)
            return _label_map(labels)
        output = run_at(run, scaled(image, self.passes.scales[0]))
        return self.decode([resized(output, image.shape[-2:])], sample)

    def decode(self, outputs: Sequence[npt.NDArray[Any]], sample: Sample) -> npt.NDArray[np.int64]:
        """(H, W) labels. Scores are interpolated and then compared, as in the suite's evaluation.
        Labels (an exported argmax) are scaled to the nearest neighbour, since a mean of two labels
        has no meaning; the suite's deployment script interpolates them linearly.
        """
        import paddle
        from paddleseg.core.infer import reverse_transform

        output = outputs[0]
        if output.ndim == 4 and output.shape[1] > 1:
            scores = reverse_transform(paddle.to_tensor(output), sample.context, mode="bilinear")
            return _label_map(paddle.argmax(scores, axis=1, dtype="int32"))
        maps = paddle.to_tensor(output.reshape(1, 1, *output.shape[-2:]).astype("int32"))
        return _label_map(reverse_transform(maps, sample.context, mode="nearest"))


def _label_map(labels: Any) -> npt.NDArray[np.int64]:
    """The only map of a batch, (H, W)."""
    array = np.asarray(labels.numpy(), np.int64)
    return array.reshape(array.shape[-2:])
