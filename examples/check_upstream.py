"""What upstream's own scripts reach in int8, against slimgate, side by side in one run.

``python -m examples.check_upstream PADDLESEG PADDLEDETECTION [MAX_SIDE]`` compresses three models
of the checkouts by PTQ (initial weights, so that only latency means something), by PaddleSlim's ACT
as the suites' scripts call it and by slimgate, with the same recipe. They are timed taking turns:
upstream's model with upstream's settings, our model with upstream's and with ours; beside each
stands what the doctor says of it. Upstream's settings are those of ``deploy/slim/act/test_seg.py``
and ``deploy/auto_compression/test_det.py``: the op types given to ``enable_mkldnn_int8`` and the
passes deleted.
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
from bot.diagnosis import data_facts, time_shares
from bot.pipeline import open_publisher
from bot.single import (
    Single,
    choose_recipe,
    compress_single,
    recipe_named,
    recipe_path,
    resolve_single,
)
from compress.artifacts import Workshop, default_threads, export_artifact
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import DataFacts, ResultFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.text import load_text
from compress.recipes.inference_ops import inference_op_types
from compress.safe_yaml import parse_mapping
from compress.store import Store, default_root
from compress.suites import find_dialect
from compress.worker import run_worker

PATIENCE = Patience(wish_s=30.0, limit_s=150.0, warmup_runs=2)
ROOT = Path(__file__).parents[1]
FP32, UPSTREAMS, OURS, ANY_SIZE = (
    "fp32",
    "upstream's int8",
    "slimgate's int8",
    "ours, of any size",
)
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
    one = _single(entry, repo, max_side, workshop.store)
    shape = one.export.input_shape
    variants, data = _variants(entry, one, workshop)
    proofs = {
        name: prove_precision(model, workshop) for name, model in variants.items() if name != FP32
    }
    print(f"\n{entry.model}, {shape[2]}×{shape[3]}")
    rounds = _rounds(variants, workshop)
    for name, model in variants.items():
        median = median_interval(rounds[name])
        print(f"  {name:32} {median.value:8.1f} ms ({median.low:.1f} to {median.high:.1f})", end="")
        if name in proofs:
            low, every = proofs[name].convolutions
            result = _result(proofs[name], rounds[FP32], rounds[name])
            found = _diagnose(model, result, data if name == ANY_SIZE else None)
            print(f"  {low} of {every} convolutions in int8; {', '.join(found) or 'no finding'}")
        else:
            print()
    ratio = ratio_interval(rounds[UPSTREAMS], rounds[OURS])
    print(f"  slimgate is {ratio.value:.2f} times as fast ({ratio.low:.2f} to {ratio.high:.2f})")
    return ratio.high < 1.0


def _variants(
    entry: Entry, one: Single, workshop: Workshop
) -> tuple[dict[str, TimedModel], DataFacts]:
    """What is timed, by name; and what is known of the data of a model of any size."""
    exported, ours = _make(one, workshop)
    theirs = replace(ours, op_types=UPSTREAM_OPS, left_out=entry.deleted)
    variants = {
        FP32: replace(ours, folder=exported, target=target_for(False), op_types=()),
        UPSTREAMS: replace(theirs, folder=_by_act(exported, ours.shape, workshop)),
        "ours, upstream's settings": theirs,
        OURS: ours,
    }
    if entry.deleted:  # what SG305 warns of
        variants["ours, upstream's passes deleted"] = replace(ours, left_out=entry.deleted)
    data = data_facts(find_dialect(one.source.dialect), one.data_config, ours.shape, True, None)
    if data.fixed_size:  # what SG303 warns of
        free = replace(one, export=replace(one.export, dynamic_shape=True))
        variants[ANY_SIZE] = _make(free, workshop)[1]
    return variants, data


def _result(
    proof: PrecisionProof, before: list[list[float]], after: list[list[float]]
) -> ResultFacts:
    low, every = proof.convolutions
    speedup = ratio_interval(before, after)
    return ResultFacts(
        latency_before_ms=median_interval(before).value,
        latency_after_ms=median_interval(after).value,
        speedup=(speedup.low, speedup.high),
        low_precision=low,
        convolutions=every,
        vnni=has_vnni(cpu_flags()),
        **time_shares(proof),
    )


def _rounds(variants: dict[str, TimedModel], workshop: Workshop) -> dict[str, list[list[float]]]:
    """Milliseconds of each variant by rounds, in which all take turns."""
    peaks: dict[str, int] = {}
    with ExitStack() as stack:
        runs = {
            name: stack.enter_context(timed_worker(model, workshop, name, peaks))
            for name, model in variants.items()
        }
        return sample_in_rounds(runs, PATIENCE, time.monotonic)


def _diagnose(model: TimedModel, result: ResultFacts, data: DataFacts | None) -> list[str]:
    """Codes of the rules that find fault with how the model is run, and with what comes of it."""
    target = TargetFacts(model.target.name, model.op_types, model.left_out)
    recipe = load_text(recipe_path(recipe_named("ptq")))
    found = diagnose(Subject(recipe, target=target, data=data, result=result))
    return [one.code for one in found if one.code.startswith(("SG3", "SG5"))]


def _single(entry: Entry, repo: Path, max_side: int | None, store: Store) -> Single:
    """The model with the default recipe, ready to be made."""
    checkout = open_checkout(entry.suite, repo, "HEAD", None)
    model = checkout.model(entry.model)
    full = model.input_shape or checkout.dialect.input_shape(checkout.tree.resolve(model.config))
    recipe = choose_recipe(checkout, model, recipe_named("ptq"), checkout.manifest.quick)
    publisher = open_publisher(store, False, print)
    shape = reduced_shape(tuple(full), max_side)
    return resolve_single(checkout, model, recipe, store, publisher, shape)


def _make(one: Single, workshop: Workshop) -> tuple[Path, TimedModel]:
    """The folder of the export, and the compressed model as slimgate runs it."""
    assert one.recipe is not None
    shape = one.export.input_shape
    exported = export_artifact(workshop, one.source, one.export)
    made = compress_single(one, exported, workshop)
    op_types = tuple(inference_op_types(made.op_types))
    return exported.folder, TimedModel(made.folder, target_for(True), op_types, (), shape)


def _by_act(exported: Path, shape: tuple[int, ...], workshop: Workshop) -> Path:
    """The folder of what PaddleSlim's ACT makes of the exported model by the same recipe."""
    path = recipe_path(recipe_named("ptq"))
    out = Path(tempfile.mkdtemp(dir=workshop.scratch))
    request = {
        "model": str(exported),
        "sections": parse_mapping(path.read_bytes(), str(path)),
        "shape": shape,
        "out": str(out),
    }
    place = workshop.workplace
    run_worker(
        "examples.act_worker",
        "compress by ACT",
        request,
        workplace=replace(place, environment={**place.environment, "PYTHONPATH": str(ROOT)}),
        timeout_s=workshop.stage_timeout_s,
    )
    return out


if __name__ == "__main__":
    sys.exit(main())
