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
from dataclasses import dataclass, replace
from pathlib import Path

from bench.deployment import Deployment, deploy
from bench.engines.targets import target_for
from bench.facts import data_facts, pair_facts
from bench.make import Blueprint, make_compressed, make_export
from bench.proven import PrecisionProof
from bench.rounds import Patience
from bench.single import choose_recipe, recipe_named, recipe_path, single_blueprint
from bench.stats import median_interval, ratio_interval
from bench.together import Contender, Outcome, Timing, measure_together
from bot.commands.wiring import open_workshop
from bot.survey.sweep import reduced_shape
from compress.checkout import open_checkout
from compress.doctor.diagnose import diagnose
from compress.doctor.facts import DataFacts, ResultFacts, TargetFacts
from compress.doctor.rule import Subject
from compress.doctor.text import load_text
from compress.suites import find_dialect
from compress.worker.start import run_worker
from compress.workshop import Workshop
from core.safe_yaml import parse_mapping
from examples.act_worker import ActMade, ActRequest

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
    with open_workshop(None, lambda _: None, stage_timeout_s=3600.0) as workshop:
        print(f"{workshop.threads} threads; medians with 95 % intervals")
        for entry in ENTRIES:
            slower += _is_slower(entry, repos[entry.suite], max_side, workshop)
    return min(slower, 1)


def _is_slower(entry: Entry, repo: Path, max_side: int | None, workshop: Workshop) -> bool:
    """Prints a model's lines; returns whether ours is slower than upstream's for certain."""
    blueprint = _blueprint(entry, repo, max_side, workshop)
    shape = blueprint.export.input_shape
    variants, data = _variants(entry, blueprint, workshop)
    print(f"\n{entry.model}, {shape[2]}×{shape[3]}")
    contenders = {name: Contender(model) for name, model in variants.items()}
    outcomes = measure_together(contenders, workshop, PATIENCE, workshop.say)
    timings = {name: _timing(outcome) for name, outcome in outcomes.items()}
    for name, outcome in outcomes.items():
        median = median_interval(timings[name].rounds_ms)
        print(f"  {name:32} {median.value:8.1f} ms ({median.low:.1f} to {median.high:.1f})", end="")
        if isinstance(outcome.proof, PrecisionProof):
            low, every = outcome.proof.convolutions
            result = _result(outcome.proof, timings[FP32], timings[name])
            codes = _diagnose(outcome.model, result, data if name == ANY_SIZE else None)
            print(f"  {low} of {every} convolutions in int8; {', '.join(codes) or 'no finding'}")
        else:
            print()
    ratio = ratio_interval(timings[UPSTREAMS].rounds_ms, timings[OURS].rounds_ms)
    print(f"  slimgate is {ratio.value:.2f} times as fast ({ratio.low:.2f} to {ratio.high:.2f})")
    return ratio.high < 1.0


def _timing(outcome: Outcome) -> Timing:
    """The latency; raises JobFailure if the model failed."""
    for failure in outcome.failures:
        raise failure
    assert isinstance(outcome.timing, Timing)
    return outcome.timing


def _variants(
    entry: Entry, blueprint: Blueprint, workshop: Workshop
) -> tuple[dict[str, Deployment], DataFacts]:
    """What is timed, by name; and what is known of the data of a model of any size."""
    exported, ours = _make(blueprint, workshop)
    theirs = replace(ours, op_types=UPSTREAM_OPS, left_out=entry.deleted)
    variants = {
        FP32: replace(ours, folder=exported, target=target_for(False), op_types=()),
        UPSTREAMS: replace(theirs, folder=_by_act(exported, ours.shape, workshop)),
        "ours, upstream's settings": theirs,
        OURS: ours,
    }
    if entry.deleted:  # what SG305 warns of
        variants["ours, upstream's passes deleted"] = replace(ours, left_out=entry.deleted)
    dialect = find_dialect(blueprint.source.dialect)
    data = data_facts(dialect, blueprint.data_config, ours.shape, True, None)
    if data.fixed_size:  # what SG303 warns of
        free = replace(blueprint, export=replace(blueprint.export, dynamic_shape=True))
        variants[ANY_SIZE] = _make(free, workshop)[1]
    return variants, data


def _result(proof: PrecisionProof, before: Timing, after: Timing) -> ResultFacts:
    medians = (median_interval(before.rounds_ms).value, median_interval(after.rounds_ms).value)
    return pair_facts(
        accuracy=(None, None),
        chance=0.0,
        latency_ms=medians,
        speedup=ratio_interval(before.rounds_ms, after.rounds_ms),
        proof=proof,
    )


def _diagnose(model: Deployment, result: ResultFacts, data: DataFacts | None) -> list[str]:
    """Codes of the rules that find fault with how the model is run, and with what comes of it."""
    target = TargetFacts(model.target.name, model.op_types, model.left_out)
    recipe = load_text(recipe_path(recipe_named("ptq")))
    found = diagnose(Subject(recipe, target=target, data=data, result=result))
    return [one.code for one in found if one.code.startswith(("SG3", "SG5"))]


def _blueprint(entry: Entry, repo: Path, max_side: int | None, workshop: Workshop) -> Blueprint:
    """What the model is made from, with the default recipe."""
    checkout = open_checkout(entry.suite, repo, "HEAD", None)
    model = checkout.model(entry.model)
    full = model.input_shape or checkout.dialect.input_shape(checkout.tree.resolve(model.config))
    recipe = choose_recipe(checkout, model, recipe_named("ptq"), checkout.manifest.quick)
    shape = reduced_shape(tuple(full), max_side)
    return single_blueprint(checkout, model, recipe, workshop, shape)


def _make(blueprint: Blueprint, workshop: Workshop) -> tuple[Path, Deployment]:
    """The folder of the export, and the compressed model as slimgate runs it."""
    exported = make_export(blueprint, workshop)
    made = make_compressed(blueprint, exported, workshop)
    return exported.folder, deploy(made, blueprint.export.input_shape, target_for(True))


def _by_act(exported: Path, shape: tuple[int, ...], workshop: Workshop) -> Path:
    """The folder of what PaddleSlim's ACT makes of the exported model by the same recipe."""
    path = recipe_path(recipe_named("ptq"))
    out = Path(tempfile.mkdtemp(dir=workshop.scratch))
    request = ActRequest(
        model=exported,
        sections=parse_mapping(path.read_bytes(), str(path)),
        shape=shape,
        out=out,
    )
    place = workshop.workplace
    run_worker(
        "examples.act_worker",
        "compress by ACT",
        request,
        ActMade,
        workplace=replace(place, environment={**place.environment, "PYTHONPATH": str(ROOT)}),
        timeout_s=workshop.stage_timeout_s,
    )
    return out


if __name__ == "__main__":
    sys.exit(main())
