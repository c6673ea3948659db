"""The pull requests of the demo: what each changes in an example suite and how it should end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SuiteName = Literal["seg", "det"]


@dataclass(frozen=True)
class Edit:
    """Replaces ``old`` by ``new`` in one file of the suite."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Scenario:
    """A change with its story; ``exit_code`` is how ``slimgate run`` has to end on it."""

    name: str
    story: str
    edits: tuple[Edit, ...]
    exit_code: int


@dataclass(frozen=True)
class DemoSuite:
    """An example suite: ``folder`` below examples/, the manifest's name, the data folder."""

    folder: str
    manifest: str
    data_dir: str
    scenarios: tuple[Scenario, ...]


_ACT = "deploy/slim/act/configs"
_AUTO = "deploy/auto_compression/configs"

DEMOS: dict[SuiteName, DemoSuite] = {
    "seg": DemoSuite(
        "segmentation",
        "example-seg",
        "data",
        (
            Scenario(
                "formatting",
                "comments and white space only",
                (
                    Edit(
                        "configs/_base_/shapes.yml",
                        "batch_size: 12",
                        "# Twelve images fit into 4 GB.\nbatch_size:   12",
                    ),
                ),
                0,
            ),
            Scenario(
                "benign",
                "a lower weight decay in the training of the quantised model",
                (
                    Edit(
                        f"{_ACT}/pp_humanseg_lite/pp_humanseg_lite_qat.yaml",
                        "weight_decay: 4.0e-05",
                        "weight_decay: 2.0e-05",
                    ),
                ),
                0,
            ),
            Scenario(
                "regression",
                "a calibration threshold that cuts off one activation in a hundred",
                (
                    Edit(
                        f"{_ACT}/pp_liteseg/pp_liteseg_320_ptq.yaml",
                        "hist_percent: 0.9999",
                        "hist_percent: 0.99",
                    ),
                ),
                1,
            ),
        ),
    ),
    "det": DemoSuite(
        "detection",
        "example-det",
        "dataset",
        (
            Scenario(
                "formatting",
                "comments and white space only",
                (Edit("configs/runtime.yml", "log_iter: 20", "log_iter:  20  # iterations"),),
                0,
            ),
            Scenario(
                "benign",
                "a few more calibration batches",
                (
                    Edit(
                        f"{_AUTO}/picodet_xs_160_lcnet_ptq.yaml", "batch_nums: 24", "batch_nums: 28"
                    ),
                ),
                0,
            ),
            Scenario(
                "regression",
                "a calibration threshold that cuts off one activation in a hundred",
                (
                    Edit(
                        f"{_AUTO}/picodet_xs_160_lcnet_ptq.yaml",
                        "hist_percent: 0.9999",
                        "hist_percent: 0.99",
                    ),
                ),
                1,
            ),
        ),
    ),
}
