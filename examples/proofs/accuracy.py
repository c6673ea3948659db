"""``make check-accuracy``: rules whose cost is accuracy, on the trained models of the examples.

``python -m examples.proofs.accuracy [CODE…]`` compresses and scores each model twice, as the rule
warns and as it advises. Five minutes on 2 cores.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bench.survey_row import SurveyRow
from bot.commands.wiring import store_root
from bot.run.demo import make_repository
from bot.survey.sweep import load_rows
from examples.make_data import make_dataset
from examples.scenarios import DEMOS, Edit, Scenario, SuiteName

CALIBRATION = "QuantPost: {{batch_nums: 8, quantize_op_types: [{}]}}\n"
SPARSE = """UnstructurePrune: {{prune_mode: ratio, ratio: {}, prune_params_type: conv1x1_only}}
Distillation: {{loss: l2, alpha: 1.0}}
TrainConfig:
  train_iter: 10
  learning_rate: 0.0002
  optimizer_builder: {{optimizer: {{type: Adam}}}}
"""
FEW_BITS = """QuantAware: {{weight_bits: {}, quantize_op_types: [conv2d, depthwise_conv2d]}}
Distillation: {{loss: l2, alpha: 1.0}}
TrainConfig:
  train_iter: 30
  learning_rate: 0.0001
  optimizer_builder: {{optimizer: {{type: SGD}}, weight_decay: 4.0e-05}}
"""
DATA = "configs/_base_/shapes.yml"
SIZE = "mode: train\n  transforms:\n    - type: Resize\n      target_size: "
NORMALIZE = "      saturation_range: 0.3\n    - type: Normalize\n"
OTHERWISE = NORMALIZE + "      mean: [0.0, 0.0, 0.0]\n      std: [0.1, 0.1, 0.1]\n"


@dataclass(frozen=True)
class Cost:
    """A model with two recipes and, where the defect lies there, a change of its training data.
    ``claim`` compares the rows of the defect and of the fix.
    """

    code: str
    suite: SuiteName
    model: str
    bad: str
    good: str
    claim: Callable[[SurveyRow, SurveyRow], bool]
    change: Edit | None = None


def loses_more(bad: SurveyRow, good: SurveyRow) -> bool:
    """The defect costs accuracy that the fix keeps."""
    return bad.accuracy is not None and good.accuracy is not None and _lost(bad) > _lost(good)


COSTS = (
    Cost(
        "SG116",
        "seg",
        "*humanseg*",
        FEW_BITS.format(4),
        FEW_BITS.format(8),
        loses_more,
    ),
    Cost(
        "SG203",
        "det",
        "*picodet*",
        CALIBRATION.format("conv2d, depthwise_conv2d"),
        CALIBRATION.format("conv2d"),
        loses_more,
    ),
    Cost(
        "SG403",
        "seg",
        "*liteseg*160x160*",
        CALIBRATION.format("conv2d, depthwise_conv2d"),
        CALIBRATION.format("conv2d, depthwise_conv2d"),
        loses_more,
        Edit(DATA, SIZE + "[160, 160]", SIZE + "[32, 32]"),
    ),
    Cost(
        "SG404",
        "seg",
        "*humanseg*",
        CALIBRATION.format("conv2d, depthwise_conv2d"),
        CALIBRATION.format("conv2d, depthwise_conv2d"),
        loses_more,
        Edit(DATA, NORMALIZE, OTHERWISE),
    ),
    Cost(
        "SG502",
        "det",
        "*picodet*",
        SPARSE.format(0.9),
        SPARSE.format(0.2),
        loses_more,
    ),
)


def main() -> int:
    """Prints the rows of each; returns 1 if any rule does not hold."""
    wanted = sys.argv[1:]
    chosen = [cost for cost in COSTS if not wanted or cost.code in wanted]
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for cost in chosen:
            rows = [_sweep(cost, Path(folder) / cost.code, wrong) for wrong in (True, False)]
            found = [cost.code in {one.code for one in row.findings} for row in rows]
            holds = found == [True, False] and cost.claim(*rows)
            lost += not holds
            print(f"{'holds' if holds else 'LOST'}  {cost.code}", flush=True)
            for name, row, said in zip(("defect", "fixed"), rows, found, strict=True):
                print(f"       {name}: {_tell(row)}, {'found' if said else 'not found'}")
    print(f"{len(chosen) - lost} of {len(chosen)} rules hold")
    return min(lost, 1)


def _sweep(cost: Cost, folder: Path, wrong: bool) -> SurveyRow:
    """The model's row by one recipe, on its own copy of the suite."""
    demo = DEMOS[cost.suite]
    data = store_root(None).parent / "data" / demo.manifest
    make_dataset(cost.suite, data / "shapes")
    place = folder / ("bad" if wrong else "good")
    defect = (cost.change,) if wrong and cost.change else ()
    trials = (Scenario("trial", "what the rule warns of", defect, 0),) if defect else ()
    suite = make_repository(replace(demo, scenarios=trials), place / "suite")
    recipe = place / "recipe.yaml"
    recipe.write_text(cost.bad if wrong else cost.good)
    command = [*(sys.executable, "-m", "bot.cli", "survey", "--suite", demo.manifest, "--listed")]
    command += ["--repo", str(suite), "--rev", "trial" if trials else "main"]
    command += ["--data", str(data), "--configs", cost.model]
    command += ["--recipe", str(recipe), "--out", str(place / "out")]
    subprocess.run(command, capture_output=True, check=False)
    return load_rows(place / "out")[-1]


def _lost(row: SurveyRow) -> float:
    assert row.accuracy is not None
    return row.accuracy[0] - row.accuracy[1]


def _tell(row: SurveyRow) -> str:
    if row.accuracy is None:
        return str(row.failure)
    before, after = (f"{100 * value:.2f}" for value in row.accuracy)
    return f"{before} to {after}"


if __name__ == "__main__":
    sys.exit(main())
