"""What upstream's own inference scripts reach in int8, against slimgate, side by side in one run.

``python -m examples.check_upstream PADDLESEG PADDLEDETECTION [MAX_SIDE]`` compresses three models
of the checkouts by PTQ (initial weights, so that only latency means something) and times each
compressed model with upstream's settings and with ours, taking turns; beside each stands what the
doctor says of it. Upstream's settings are those of ``deploy/slim/act/test_seg.py`` and
``deploy/auto_compression/test_det.py``: the op types given to ``enable_mkldnn_int8`` and the passes
deleted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bench.fingerprint import cpu_flags, has_vnni
from bench.result import PrecisionProof
from bench.rounds import Patience, sample_in_rounds
from bench.stats import median_interval, ratio_interval
from bench.targets import target_for
from bench.timing import TimedModel, prove_precision, timed_worker
from bot.checkout import open_checkout
from bot.coverage import reduced_shape
from bot.diagnosis import time_shares
from bot.pipeline import open_publisher
from bot.single import choose_recipe, recipe_named, recipe_path, resolve_single
from compress.artifacts import Artifact, Workshop, default_threads, export_artifact
from compress.compression import CompressSpec, compress_artifact
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import ResultFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.text import load_text
from compress.recipes.inference_ops import inference_op_types
from compress.store import Store, default_root

PATIENCE = Patience(wish_s=30.0, limit_s=150.0, warmup_runs=2)
UPSTREAM_OPS = ("conv2d", "depthwise_conv2d")
RT_DETR_PASSES = ("fc_mkldnn_pass", "fc_act_mkldnn_fuse_pass")


@dataclass(frozen=True)
class Entry:
    """A model of a bundled manifest, and the passes that upstream deletes for it."""

    suite: str
    model: str
    deleted: tuple[str, ...] = ()


ENTRIES = (
    Entry("PaddleSeg", "PP-LiteSeg-Tiny"),
    Entry("PaddleDetection", "PP-YOLOE+_crn_l_80e"),
    Entry("PaddleDetection", "RT-DETR-L", RT_DETR_PASSES),
)


def main() -> int:
    """Prints a table; returns 1 if ours is slower than upstream's anywhere."""
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    repos = {"PaddleSeg": Path(sys.argv[1]), "PaddleDetection": Path(sys.argv[2])}
    max_side = int(sys.argv[3]) if len(sys.argv) > 3 else None
    slower = 0
    with tempfile.TemporaryDirectory() as scratch:
        workshop = Workshop(Store(default_root()), Path(scratch), 3600.0, default_threads())
        print(f"{default_threads()} threads; medians with 95 % intervals")
        for entry in ENTRIES:
            slower += _is_slower(entry, repos[entry.suite], max_side, workshop)
    return min(slower, 1)


def _is_slower(entry: Entry, repo: Path, max_side: int | None, workshop: Workshop) -> bool:
    """Prints a model's lines; returns whether ours is slower than upstream's for certain."""
    exported, made, shape = _make(entry, repo, max_side, workshop)
    int8 = target_for(True)
    ours = TimedModel(made.folder, int8, tuple(inference_op_types(made.op_types)), (), shape)
    variants = {
        "fp32": TimedModel(exported.folder, target_for(False), (), (), shape),
        "upstream's int8": replace(ours, op_types=UPSTREAM_OPS, left_out=entry.deleted),
        "slimgate's int8": ours,
    }
    if entry.deleted:  # what SG305 warns of
        variants["with upstream's deleted passes"] = replace(ours, left_out=entry.deleted)
    print(f"\n{entry.model}, {shape[2]}×{shape[3]}")
    proofs = {
        name: prove_precision(model, workshop)
        for name, model in variants.items()
        if model.target is int8
    }
    peaks: dict[str, int] = {}
    with ExitStack() as stack:
        runs = {
            name: stack.enter_context(timed_worker(model, workshop, name, peaks))
            for name, model in variants.items()
        }
        rounds = sample_in_rounds(runs, PATIENCE, time.monotonic)
    medians = {name: median_interval(rounds[name]) for name in variants}
    for name, median in medians.items():
        print(f"  {name:30} {median.value:8.1f} ms ({median.low:.1f} to {median.high:.1f})", end="")
        if name in proofs:
            low, every = proofs[name].convolutions
            speedup = ratio_interval(rounds["fp32"], rounds[name])
            measured = medians["fp32"].value, median.value, (speedup.low, speedup.high)
            found = _diagnose(variants[name], *measured, proofs[name])
            print(
                f"  {low} of {every} convolutions in int8; {', '.join(found) or 'no finding'}",
                end="",
            )
        print()
    ratio = ratio_interval(rounds["upstream's int8"], rounds["slimgate's int8"])
    print(f"  slimgate is {ratio.value:.2f} times as fast ({ratio.low:.2f} to {ratio.high:.2f})")
    return ratio.high < 1.0


def _diagnose(
    model: TimedModel,
    before_ms: float,
    after_ms: float,
    speedup: tuple[float, float],
    proof: PrecisionProof,
) -> list[str]:
    """Codes of the rules that find fault with how the model is run, and with what comes of it."""
    low, every = proof.convolutions
    result = ResultFacts(
        latency_before_ms=before_ms,
        latency_after_ms=after_ms,
        speedup=speedup,
        low_precision=low,
        convolutions=every,
        vnni=has_vnni(cpu_flags()),
        **time_shares(proof),
    )
    target = TargetFacts(model.target.name, model.op_types, model.left_out)
    recipe = load_text(recipe_path(recipe_named("ptq")))
    found = diagnose(Subject(recipe, target=target, result=result))
    return [one.code for one in found if one.code.startswith(("SG3", "SG5"))]


def _make(
    entry: Entry, repo: Path, max_side: int | None, workshop: Workshop
) -> tuple[Artifact, Artifact, tuple[int, ...]]:
    """The export, the compressed model, and the shape of their input."""
    checkout = open_checkout(entry.suite, repo, "HEAD", None)
    model = checkout.model(entry.model)
    full = model.input_shape or checkout.dialect.input_shape(checkout.tree.resolve(model.config))
    recipe = choose_recipe(checkout, model, recipe_named("ptq"), checkout.manifest.quick)
    publisher = open_publisher(workshop.store, False, print)
    one = resolve_single(
        checkout, model, recipe, workshop.store, publisher, reduced_shape(tuple(full), max_side)
    )
    assert one.recipe is not None
    exported = export_artifact(workshop, one.source, one.export)
    spec = CompressSpec(one.recipe, one.data_config, one.data, one.export.input_shape)
    return exported, compress_artifact(workshop, one.source, exported, spec), one.export.input_shape


if __name__ == "__main__":
    sys.exit(main())
