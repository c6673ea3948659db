"""``make check-suites SEG=… DET=…``: the rules on failures, on the models that they were met on.

``python -m examples.proofs.suites PADDLESEG PADDLEDETECTION [CODE…]`` sweeps each model as the rule
says it fails, and, where somebody other than the suite can do something about it, as it then runs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.survey_row import SurveyRow
from bot.survey.sweep import load_rows

SMALL = ("--max-side", "256")


@dataclass(frozen=True)
class Failure:
    """A model that fails with ``bad`` options, or with so little memory, without a package, or with
    a distribution in another version; ``good`` are the options that cure it, with all that again,
    None if only a change of the suite does.
    """

    code: str
    suite: str
    config: str
    bad: tuple[str, ...] = SMALL
    good: tuple[str, ...] | None = None
    memory_bytes: int | None = None
    without: str | None = None
    version: str | None = None


FAST = "fastscnn/fastscnn_cityscapes_1024x1024_160k.yml"
TRAINED = (*SMALL, "--recipe", "qat", "--iterations", "2")
FAILURES = (
    Failure("SG306", "PaddleSeg", FAST, TRAINED, TRAINED, version="paddleslim==2.4.1"),
    Failure("SG601", "PaddleSeg", "gscnn/gscnn_resnet50_os8_cityscapes_1024x512_80k.yml"),
    Failure("SG602", "PaddleSeg", FAST, (*SMALL, "--stage-timeout", "3"), SMALL),
    Failure("SG603", "PaddleSeg", FAST, good=SMALL, memory_bytes=10**9),
    Failure("SG605", "PaddleSeg", FAST, good=SMALL, without="skimage"),
    Failure("SG606", "PaddleSeg", "segmenter/segmenter_vit_small_linear_ade20k_512x512_160k.yml"),
    Failure("SG607", "PaddleDetection", "sparse_rcnn/sparse_rcnn_r50_fpn_3x_pro100_coco.yml"),
    Failure(
        "SG608",
        "PaddleDetection",
        "dino/dino_r50_4scale_2x_coco.yml",
        good=("--max-side", "320"),
    ),
    Failure(
        "SG609",
        "PaddleSeg",
        "lraspp/lraspp_mobilenetv3_cityscapes_1024x512_80k_large_kernel.yml",
        good=(),
    ),
    Failure("SG610", "PaddleDetection", "solov2/solov2_r50_fpn_1x_coco.yml"),
)


def main() -> int:
    """Prints a line for each; returns 1 if any is not as the rule says."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    repos = {"PaddleSeg": sys.argv[1], "PaddleDetection": sys.argv[2]}
    wanted = sys.argv[3:]
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for failure in (one for one in FAILURES if not wanted or one.code in wanted):
            said = list(_prove(failure, repos[failure.suite], Path(folder) / failure.code))
            lost += not said[-1]
            print(f"{'holds' if said[-1] else 'LOST'}  {failure.code}  {failure.config}")
            print(*(f"       {line}" for line in said[:-1]), sep="\n", flush=True)
    return min(lost, 1)


def _prove(failure: Failure, repo: str, out: Path) -> list[str | bool]:
    """What was seen, and at the end whether the rule holds."""
    command = [] if failure.memory_bytes is None else ["prlimit", f"--as={failure.memory_bytes}"]
    command += ["env", f"PYTHONPATH={_packages(failure, out / 'packages')}"]
    bad = _sweep(failure, repo, failure.bad, out / "bad", command)
    found = next((one for one in bad.findings if one.code == failure.code), None)
    if bad.failure is None or found is None:
        return [f"did not fail as it should: {bad.failure}", False]
    said: list[str | bool] = [f"defect: {bad.failure.stage}: {found.message}"]
    if failure.good is None:
        return [*said, "fixed:  by the suite alone", True]
    good = _sweep(failure, repo, failure.good, out / "good")
    shape = "×".join(map(str, good.shape[2:]))
    options = " ".join(failure.good) or "without options"
    how = f"{options}, {shape}"
    if good.failure is not None or good.speedup is None:
        return [*said, f"fixed:  {how}: fails, too: {good.failure}", False]
    return [*said, f"fixed:  {how}: runs, speed-up {good.speedup.value:.2f}", True]


def _packages(failure: Failure, folder: Path) -> Path:
    """A folder that hides the package, or holds the other version of a distribution."""
    folder.mkdir(parents=True)
    if failure.without is not None:
        words = f"No module named {failure.without!r}"
        (folder / f"{failure.without}.py").write_text(f"raise ModuleNotFoundError({words!r})\n")
    if failure.version is not None:
        pip = [*(sys.executable, "-m", "pip"), "--quiet", "install", "--no-deps"]
        subprocess.run([*pip, "--target", str(folder), failure.version], check=True)
    return folder


def _sweep(
    failure: Failure,
    repo: str,
    options: tuple[str, ...],
    out: Path,
    prefix: Sequence[str] = (),
) -> SurveyRow:
    """The model's row, with a store of its own: what is stored already does not fail."""
    command = [*prefix, *(sys.executable, "-m", "bot.cli", "survey", "--suite", failure.suite)]
    command += ["--repo", repo, "--configs", f"configs/{failure.config}", "--out", str(out)]
    command += ["--store", str(out / "store"), *options]
    subprocess.run(command, capture_output=True, check=False)
    return load_rows(out)[-1]


if __name__ == "__main__":
    sys.exit(main())
