"""Plans and results made up for tests of judging, rendering and publishing."""

import numpy as np

from bench.candidate import Candidate, Origin
from bench.fingerprint import Fingerprint
from bench.job import Job, SideSpec
from bench.metrics.segmentation import SegmentationStatistics
from bench.metrics.storage import save_statistics
from bench.programs import Compared, NotCompared, ProgramsResult
from bench.proven import PrecisionProof, TensorRtEngines
from bench.result import (
    Accuracy,
    ArtifactFacts,
    Failed,
    GpuConditions,
    JobResult,
    Latency,
    Measured,
    NotMeasured,
)
from bench.stats import score
from bot.judge.assemble import build_report
from bot.judge.programs import load_programs
from bot.judge.results import load_results
from bot.plan.values import Affected, Plan, Reason, Skipped
from compress.manifest import Budget, Gate, Published, Weights
from compress.programs.changes import OpChange, ProgramChange
from core.schema import write_json

PUBLISHED = Published(
    recipe="qat",
    accuracy_before_points=77.04,
    accuracy_after_points=76.58,
    latency_before_ms=641,
    latency_after_ms=450,
    machine="Xeon",
)
SHAPE = (1, 3, 8, 8)
QUALITY = {"base fp32": 0.9, "base qat": 0.89, "head fp32": 0.9, "head qat": 0.89}

MANIFEST = """
schema: slimgate.manifest/1
suite: s
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy]
models:
  - name: m
    config: configs/m.yml
    recipes: [{name: qat, file: deploy/qat.yaml}]
"""
"""Of a suite with one model and one recipe."""


def make_plan(count=1, because="deploy/qat.yaml"):
    side = SideSpec(
        commit="a" * 40, config={}, recipe={"QuantAware": {}}, data_config={}, input_shape=SHAPE
    )
    jobs = tuple(
        Job(
            id=f"m{i}.qat",
            model=f"m{i}",
            recipe="qat",
            config_file="configs/m.yml",
            recipe_file="deploy/qat.yaml",
            sides={"base": side, "head": side},
            weights=Weights(url="https://example.org/m.pdparams"),
            output_op="none",
            delete_passes=(),
            gate=Gate(max_drop_vs_base_points=0.5, max_drop_vs_fp32_points=2),
            published=(PUBLISHED,),
            because=(because,),
            base_problem=None,
        )
        for i in range(count)
    )
    return Plan(
        suite="s",
        dialect="paddleseg",
        manifest="/m.yml",
        manifest_name="s",
        repo="/r",
        base="a" * 40,
        head="b" * 40,
        data_dir="data",
        threads=2,
        budget_name="quick",
        budget=Budget(),
        affected=(
            Affected(
                config=because,
                change="modified",
                reasons=(Reason(changed=because),),
                keys=("TrainConfig.epochs",),
                impact="compression",
            ),
        ),
        jobs=jobs,
        skipped=(Skipped(case="x.qat", reason="only training keys differ"),),
    )


def make_result(folder, job="m0.qat", quality=None, measured=True, failures=()):
    variants = []
    for index, (name, value) in enumerate({**QUALITY, **(quality or {})}.items()):
        side, recipe = name.split()
        if name in failures:
            variants.append(
                Failed(
                    side=side,
                    recipe=recipe,
                    stage="compress",
                    kind="signal",
                    message="the worker was killed by SIGKILL",
                    log_tail="last ``` words",
                )
            )
            continue
        truth = np.full((150, 2), 1000)
        hits = (truth * value).astype(np.int64)
        hits[:, 0] += np.random.default_rng(0).integers(-40, 40, 150)
        statistics = SegmentationStatistics(np.stack([hits, truth, truth], axis=1))
        (folder / job).mkdir(exist_ok=True)
        file = f"{job}/{side}-{recipe}.npz"
        save_statistics(folder / file, statistics)
        rng = np.random.default_rng(index)
        accuracy = Accuracy(
            metric="mIoU",
            value=score(statistics),
            images=150,
            chance=0.25,
            statistics=file,
            cached=False,
        )
        middle = 4.0 if recipe == "fp32" else 2.0
        rounds = tuple(tuple(map(float, rng.normal(middle, 0.05, 10))) for _ in range(10))
        variants.append(
            Measured(
                side=side,
                recipe=recipe,
                artifact=ArtifactFacts(
                    content_hash=f"{value}{recipe}",
                    size_bytes=10**6,
                    cached=False,
                    method=recipe,
                    trained_op_types=(),
                    remarks=("nudged | `x`",),
                ),
                accuracy=accuracy if measured else NotMeasured(reason="no weights"),
                latency=Latency(
                    target="cpu-onednn-fp32",
                    rounds_ms=rounds,
                    warmup_runs=10,
                    peak_memory_bytes=10**8,
                ),
                proof=PrecisionProof(
                    precision="int8", op_types=("conv2d",), ops={"fused_conv2d": (4, 5)}
                )
                if recipe == "qat"
                else None,
                same_as=None,
            )
        )
    fingerprint = Fingerprint(
        cpu="cpu",
        cores=2,
        threads=2,
        flags=(),
        memory_bytes=1,
        kernel="k",
        governor=None,
        versions={},
        load_average=0.1,
    )
    return JobResult(
        job=job,
        base="a" * 40,
        head="b" * 40,
        fingerprint=fingerprint,
        weights="trained",
        data="suite",
        variants=tuple(variants),
        pictures=(),
        duration_s=1.0,
        stage_s={},
    )


CHANGE = ProgramChange(
    ops=(3, 3),
    flops=(2_097_355_008, 2_097_355_008),
    weights=(5_996_422, 5_996_422),
    changes=(
        OpChange(before="relu6", after="sigmoid", count=2, places=("after a.0", "after a.1")),
    ),
)


def plan_candidates(*names, jobs=0, settles=True, uses=None):
    """A plan whose changed code can affect these models; the first ``jobs`` of them have jobs.
    ``uses``: by name, the numbers of what they use of it, by default the same.
    """
    configs = [f"configs/{name}.yml" for name in names]
    sides = {"base": Origin(commit="a" * 40), "head": Origin(commit="b" * 40)}
    plan = make_plan(jobs)
    affected = tuple(
        Affected(
            config=config,
            change="code",
            reasons=(Reason(changed="net.py"),),
            keys=(),
            impact="graph",
            code_impacts=("graph",),
        )
        for config in configs
    )
    candidates = tuple(
        Candidate(
            config_file=config,
            config={},
            sides=sides,
            input_shape=SHAPE,
            output_op="argmax",
            definitions=(uses or {}).get(name, (0,)),
            settles=settles,
        )
        for name, config in zip(names, configs, strict=True)
    )
    marked = tuple(
        job.model_copy(update={"config_file": config, "because": (config,), "only_by_code": True})
        for job, config in zip(plan.jobs, configs, strict=False)
    )
    update = {"affected": affected, "candidates": candidates, "jobs": marked, "skipped": ()}
    return plan.model_copy(update=update)


def compared(kind="error", **outcomes):
    """What a runner says of models by name: None for equal programs, a change, or the sides that
    cannot be exported, for a reason of this kind.
    """

    def item(config, outcome):
        if outcome is None or isinstance(outcome, ProgramChange):
            return Compared(config_file=config, change=outcome)
        failures = (
            Failed(
                side=side,
                recipe="fp32",
                stage="export",
                kind=kind,
                message=f"TypeError on {side}",
                log_tail="",
            )
            for side in outcome
        )
        return NotCompared(config_file=config, failures=tuple(failures))

    return ProgramsResult(
        base="a" * 40,
        head="b" * 40,
        duration_s=1.0,
        candidates=tuple(item(f"configs/{name}.yml", o) for name, o in outcomes.items()),
    )


def on_gpu(result):
    """A stand-in for the result of a runner with a GPU: a processor's, with the figures as they are
    and the names of targets on TensorRT.
    """
    layers = {"Int8": 4, "Half": 1}
    engines = TensorRtEngines(engines=1, dynamic=False, outside={}, layers=layers, loaded=True)
    conditions = GpuConditions(
        clock_mhz=(1300, 1380), temperature_c=(40, 62), dropped_rounds={"the GPU was too warm": 2}
    )

    def moved(variant):
        target = "gpu-trt-fp32" if variant.recipe == "fp32" else "gpu-trt-int8"
        latency = variant.latency.model_copy(update={"target": target, "gpu": conditions})
        update = {"target": target, "latency": latency}
        if variant.proof is not None:
            update["proof"] = variant.proof.model_copy(
                update={"kernels": None, "tensorrt": engines}
            )
        return variant.model_copy(update=update)

    return result.model_copy(
        update={
            "recorded": "a stand-in without a GPU: the figures are a processor's",
            "fingerprint": result.fingerprint.model_copy(update={"runtime": "paddle-2.6.2-gpu"}),
            "variants": tuple(map(moved, result.variants)),
        }
    )


def write_results(folder, results):
    """Puts results where a runner leaves them."""
    for job, result in results.items():
        write_json(folder / f"{job}.json", result)


def judge(folder, results, plan=None):
    """The report of these results, through the files."""
    write_results(folder, results)
    plan = plan or make_plan()
    programs = {"cpu": load_programs(plan, folder)}
    return build_report(plan, {"cpu": load_results(plan, folder)}, programs=programs)
