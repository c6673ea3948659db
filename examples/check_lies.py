"""Two pull requests whose configs hold code: that they wait, and what they gain when forced.

    python -m examples.check_lies FOLDER

Each is planned as the bot plans a pull request and has to be held. Then it runs in the sandbox all
the same, as if a maintainer had let it: the code looks for labels, writes scores of its own and
tries to write to the store. Last, an honest change of the same model is measured beside what the
code left, and again with a store of its own: both have to agree.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.result import Accuracy, JobResult, Measured
from bot.commands.wiring import open_workshop
from bot.plan.planning import Suite, plan_request
from bot.plan.request import RunRequest
from bot.plan.values import Plan
from bot.run.demo import IDENTITY, make_repository
from bot.run.execute import execute_plan
from compress.workshop import silent
from core.git import open_repo, run_git
from core.schema import load_json
from examples.make_data import make_dataset
from examples.scenarios import DEMOS, Edit, SuiteName

SPY = """
import builtins, glob, os, sys
worker = sys.modules['bench.in_worker.accuracy']
labels = [f for f in glob.glob(DATA + '/**', recursive=True) if 'annotations' in f]
def write(predictions, out, honest=worker._write_maps):
    honest(predictions, out)
    (out / 'spied.txt').write_text(str(len(labels)))
    for name in ('statistics.npz', 'areas.npz', 'index.json'):
        (out / name).write_text('mIoU: 1.0')
    try:
        open(STORE + '/poison', 'w').close()
    except OSError:
        pass
worker._write_maps = write
VisionTransformer.__call__ = lambda self, data: data
VisionTransformer.init_weight = lambda self: None
"""
"""The config's code. It keeps predictions as they are: a score shows what else it gained."""


@dataclass(frozen=True)
class Hostile:
    """A change with code, of one model; ``runs``: whether the suite executes it at all."""

    suite: SuiteName
    model: str
    edit: Edit
    honest: Edit
    word: str
    runs: bool


def hostile_changes(data: Path, store: Path) -> tuple[Hostile, ...]:
    """A transform that is a class which evaluates a string, and a tag that calls a function."""
    code = SPY.replace("DATA", repr(str(data))).replace("STORE", repr(str(store)))
    layer = f"exec({code!r}, globals()) or nn.LayerNorm"
    normal = "      target_size: [160, 160]\n    - type: Normalize\n"
    spy = f"    - {{type: VisionTransformer, depth: 1, norm_layer: {_quoted(layer)}}}\n"
    call = '{full_type: eval, args: [\'open("/tmp/canary", "w")\']}'
    return (
        Hostile(
            "seg",
            "PP-LiteSeg-MobileNetV2",
            Edit("configs/_base_/shapes.yml", normal, normal + spy),
            Edit("deploy/slim/act/configs/pp_liteseg/pp_liteseg_ptq.yaml", "0.9999", "0.99"),
            "VisionTransformer",
            runs=True,
        ),
        Hostile(
            "det",
            "PP-PicoDet-XS",
            Edit(
                "configs/picodet/picodet_xs_160_lcnet_shapes.yml",
                "LCNet:",
                f"TestDataset: !Callable {call}\nLCNet:",
            ),
            Edit("deploy/auto_compression/configs/picodet_xs_160_lcnet_ptq.yaml", "0.9999", "0.99"),
            "Callable",
            runs=False,
        ),
    )


def main() -> int:
    """Prints a line for each claim; returns 1 if one does not hold."""
    folder = Path(sys.argv[1]).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    claims: list[bool] = []
    for hostile in hostile_changes(folder / "data" / "seg", folder / "store"):
        claims += _play(hostile, folder)
    print(f"{sum(claims)} of {len(claims)} claims hold")
    return 0 if all(claims) else 1


def _play(hostile: Hostile, folder: Path) -> list[bool]:
    demo, name = DEMOS[hostile.suite], hostile.suite
    data = folder / "data" / name
    make_dataset(name, data / "shapes")
    repo = make_repository(demo, folder / f"suite-{name}")
    _branch(repo, "hostile", hostile.edit)
    _branch(repo, "honest", hostile.honest)
    suite = Suite(demo.manifest, repo)
    held = _plan(suite, hostile, "hostile", 1).held or ""
    claims = [_claim(f"{name}: held, and the key named: {held[-260:]}", hostile.word in held)]
    reviewed = _plan(suite, hostile, "hostile", 1, reviewed=True)
    result = _execute(reviewed, repo, folder / f"out-{name}", data, folder / "store")
    scores = _accuracies(result)
    print(f"  forced: {scores or 'nothing could be scored'}")
    if hostile.runs:
        spied = [f.read_text() for f in (folder / "store").rglob("spied.txt")]
        claims.append(_claim(f"{name}: the code ran, and saw {spied} label files", spied != []))
        claims.append(_claim(f"{name}: it saw none", set(spied) == {"0"}))
        same = scores.get("head fp32") == scores["base fp32"]
        claims.append(_claim(f"{name}: its scores are those of the base branch's model", same))
    else:
        claims.append(_claim(f"{name}: the code did not run", "head fp32" not in scores))
    claims.append(_claim(f"{name}: the store is as it was", not _poisoned(folder / "store")))
    honest = _plan(suite, hostile, "honest", 2)
    beside = _accuracies(_execute(honest, repo, folder / f"beside-{name}", data, folder / "store"))
    alone = _accuracies(
        _execute(honest, repo, folder / f"alone-{name}", data, folder / f"store-{name}")
    )
    print(f"  honest: {beside}")
    claims.append(_claim(f"{name}: an honest change is measured as without it", beside == alone))
    return claims


def _claim(text: str, holds: bool) -> bool:
    print(f"{'holds' if holds else 'FAILS'}: {text}", flush=True)
    return holds


def _plan(suite: Suite, hostile: Hostile, branch: str, number: int, reviewed: bool = False) -> Plan:
    repo = open_repo(suite.repo)
    base = repo.resolve("main")
    request = RunRequest(
        origin="push",
        number=number,
        base="main",
        head=repo.resolve(branch),
        base_commit=base,
        trusted_commit=base,
        models=(hostile.model,),
        reviewed=reviewed,
    )
    return plan_request(suite, request)


def _execute(plan: Plan, repo: Path, out: Path, data: Path, store: Path) -> JobResult:
    quick = plan.budget.model_copy(update={"eval_images": 40, "latency_s": 1})
    plan = plan.model_copy(update={"budget": quick})
    with open_workshop(store, silent, confined=True) as workshop:
        execute_plan(plan, open_repo(repo), out, data, workshop)
    return load_json(JobResult, out / "results" / f"{plan.jobs[0].id}.json")


def _accuracies(result: JobResult) -> dict[str, float]:
    return {
        str(variant.variant): variant.accuracy.value
        for variant in result.variants
        if isinstance(variant, Measured) and isinstance(variant.accuracy, Accuracy)
    }


def _poisoned(store: Path) -> bool:
    return (store / "poison").exists()


def _branch(repo: Path, name: str, edit: Edit) -> None:
    path = repo / edit.file
    run_git(repo, "checkout", "-q", "-b", name, "main")
    text = path.read_text()
    if edit.old not in text:
        raise ValueError(f"{edit.file} does not contain {edit.old!r}")
    path.write_text(text.replace(edit.old, edit.new))
    for words in (("add", "-A"), ("commit", "-q", "-m", name), ("checkout", "-q", "main")):
        run_git(repo, *words, environment=IDENTITY)


def _quoted(text: str) -> str:
    """The text as a double-quoted scalar of YAML on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


if __name__ == "__main__":
    raise SystemExit(main())
