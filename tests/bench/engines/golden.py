"""What Paddle's own ``Config`` holds after the calls of every target with every option.

    python -m tests.bench.engines.golden [--runtime NAME]

starts a worker in the runtime, makes the config of each case, and prints where it differs. The
GPU's cases need the Paddle that is built for GPUs, but no GPU. What a case expects was written down
from the documentation of ``paddle.inference.Config`` and from the suites' own scripts.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bench.deployment import Deployment
from bench.engines.targets import find_target
from bot.commands.wiring import runtimes_root
from compress.manifest import TargetOptions
from compress.runtimes.installed import find_runtime
from compress.runtimes.runtime import Runtime
from compress.runtimes.spec import DEFAULT
from compress.worker.start import Workplace, start_worker
from core.private_folder import scratch_folder

ROOT = str(Path(__file__).parents[3])
OPS = ("conv2d", "elementwise_add", "batch_norm", "matmul_v2", "reshape2")
"""Types of the ops of the cases' program."""
OFF, ON = "false", "true"
DINO = ("reshape2", "slice", "stack", "elementwise_add")
SHAPES = "ranges.pbtxt"


@dataclass(frozen=True)
class Case:
    """``rows``: of Paddle's summary. ``states``: what its own getters say; all others are False.
    ``passes``: that are in its list; ``without``: that are not.
    """

    target: str
    rows: dict[str, str] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    op_types: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    batch: int = 1
    options: TargetOptions = field(default_factory=TargetOptions)
    dynamic: bool = False

    @property
    def name(self) -> str:
        chosen = self.options.model_dump(exclude_defaults=True)
        words = [f"{key}={value}" for key, value in chosen.items()]
        words += [f"batch={self.batch}"] * (self.batch > 1) + ["dynamic shape"] * self.dynamic
        words += [f"without {name}" for name in self.left_out]
        return " ".join((self.target, *(f":{name}" for name in self.op_types), *words))


def on_cpu(target: str, mkldnn: bool, **more: object) -> Case:
    """A processor's case: two threads, and oneDNN or not."""
    rows = {"cpu_math_thread": "2", "use_gpu": OFF, "ir_optim": ON, "memory_optim": ON}
    given = more.pop("rows", {})
    assert isinstance(given, dict)
    states = ("mkldnn_enabled",) if mkldnn else ()
    states += more.pop("states", ())  # type: ignore[operator]
    rows = {**rows, "enable_mkldnn": ON if mkldnn else OFF, **given}
    return Case(target, rows, states, **more)  # type: ignore[arg-type]


def on_trt(precision: str, **more: object) -> Case:
    """A case on TensorRT, with the suites' settings unless ``rows`` has others."""
    given = more.pop("rows", {})
    assert isinstance(given, dict)
    rows = {
        **GPU_ROWS,
        "mixed_precision_mode": "fp32",
        "use_tensorrt": ON,
        "tensorrt_precision_mode": precision,
        "tensorrt_workspace_size": "1073741824",
        "tensorrt_max_batch_size": "1",
        "tensorrt_min_subgraph_size": "3",
        "tensorrt_use_static_engine": ON,
        "tensorrt_use_calib_mode": OFF,
        "tensorrt_enable_dynamic_shape": OFF,
        **given,
    }
    states = ("use_gpu", "tensorrt_engine_enabled")
    states += ("tensorrt_inspector_enabled",) if precision != "fp32" else ()
    passes = ("tensorrt_subgraph_pass", "delete_quant_dequant_linear_op_pass")
    return Case(f"gpu-trt-{precision}", rows, ("mkldnn_enabled", *states), passes, **more)  # type: ignore[arg-type]


GPU_ROWS = {
    "cpu_math_thread": "2",
    "use_gpu": ON,
    "gpu_device_id": "0",
    "memory_pool_init_size": "100MB",
    "ir_optim": ON,
    "memory_optim": ON,
}
CPU_CASES = (
    on_cpu("cpu-native-fp32", mkldnn=False, passes=("conv_bn_fuse_pass",)),
    on_cpu(
        "cpu-native-fp32",
        mkldnn=False,
        left_out=("conv_bn_fuse_pass", "batch_norm"),
        without=("conv_bn_fuse_pass",),
    ),
    on_cpu("cpu-onednn-fp32", mkldnn=True, without=("cpu_quantize_pass", "cpu_bfloat16_pass")),
    on_cpu(
        "cpu-onednn-fp32",
        mkldnn=True,
        options=TargetOptions(delete_passes=("gpu_cpu_map_matmul_v2_to_mul_pass",)),
        without=("gpu_cpu_map_matmul_v2_to_mul_pass",),
    ),
    on_cpu(
        "cpu-onednn-fp32",
        mkldnn=True,
        options=TargetOptions(threads=1),
        rows={"cpu_math_thread": "1"},
    ),
    on_cpu("cpu-onednn-fp32", mkldnn=True, left_out=("batch_norm",)),
    *(
        on_cpu(
            f"cpu-onednn-{precision}",
            mkldnn=True,
            states=states,
            left_out=("conv_bn_fuse_pass",),
            options=TargetOptions(delete_passes=("fc_fuse_pass",)),
            without=("conv_bn_fuse_pass", "fc_fuse_pass"),
        )
        for precision, states in (("int8", ("mkldnn_int8_enabled",)), ("bf16", ()))
    ),
    *(
        on_cpu(
            "cpu-onednn-int8",
            mkldnn=True,
            op_types=op_types,
            states=("mkldnn_int8_enabled",),
            passes=("cpu_quantize_pass", "quant_dequant_mkldnn_pass"),
        )
        for op_types in ((), ("conv2d", "fused_conv2d"))
    ),
    on_cpu("cpu-onednn-bf16", mkldnn=True, passes=("cpu_bfloat16_pass",)),
)
GPU_CASES = (
    *(
        Case(
            f"gpu-native-{precision}",
            {**GPU_ROWS, "mixed_precision_mode": precision, "use_tensorrt": OFF, **mixed},
            ("mkldnn_enabled", "use_gpu"),
            passes=("conv_bn_fuse_pass",),
            without=("tensorrt_subgraph_pass",),
        )
        for precision, mixed in (
            ("fp32", {"enable_gpu_mixed": "0"}),
            ("fp16", {"enable_gpu_mixed": "1"}),
        )
    ),
    *(
        case
        for precision in ("fp32", "fp16", "int8")
        for case in (
            on_trt(precision),
            on_trt(precision, batch=4, rows={"tensorrt_max_batch_size": "4"}),
            on_trt(precision, dynamic=True, rows={"tensorrt_tuned_dynamic_shape": SHAPES}),
            on_trt(precision, options=TargetOptions(disable_ops=DINO)),
            on_trt(
                precision,
                options=TargetOptions(min_subgraph=4, workspace_mb=512),
                rows={
                    "tensorrt_min_subgraph_size": "4",
                    "tensorrt_workspace_size": str(2**29),
                },
            ),
            on_trt(
                precision,
                options=TargetOptions(disable_ops=("reshape2",)),
                left_out=("conv_bn_fuse_pass",),
                without=("conv_bn_fuse_pass",),
            ),
        )
    ),
)


def compare(case: Case, worker: object) -> list[str]:
    """Where the config that the worker makes differs from what the case expects."""
    model = Deployment(
        Path("."),
        find_target(case.target),
        case.op_types,
        case.left_out,
        (case.batch, 3, 64, 64),
        options=case.options,
        shape_ranges=Path(SHAPES) if case.dynamic else None,
    )
    proof = model.target.engine.proof(model.target.precision)
    request = {
        "engine": model.configured(threads=2).model_dump(mode="json"),
        "proof": proof and proof.model_dump(),
        "ops": OPS,
    }
    made = worker.call(request, 60)  # type: ignore[attr-defined]
    return [
        *_unequal(case.rows, made["summary"]),
        *_unequal({name: name in case.states for name in made["states"]}, made["states"]),
        *(f"{name} is missing" for name in case.passes if name not in made["passes"]),
        *(f"{name} is there" for name in case.without if name in made["passes"]),
    ]


def _unequal(expected: dict[str, object], found: dict[str, object]) -> list[str]:
    return [
        f"{name} is {found.get(name)}, not {value}"
        for name, value in expected.items()
        if found.get(name) != value
    ]


def cases_for(runtime: Runtime) -> tuple[Case, ...]:
    """The cases that the runtime's Paddle can take."""
    return (*CPU_CASES, *GPU_CASES) if runtime.runs_on_gpu else CPU_CASES


def main() -> int:
    """Prints each case and its differences; returns 1 if there is any."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runtime", default=DEFAULT, help="name or file of the runtime")
    runtime = find_runtime(parser.parse_args().runtime, runtimes_root())
    different = 0
    with scratch_folder() as scratch:
        place = Workplace(scratch, {"PYTHONPATH": ROOT}, runtime=runtime)
        with start_worker("tests.workers.configs", "config", place) as worker:
            cases = cases_for(runtime)
            for case in cases:
                differences = compare(case, worker)
                different += bool(differences)
                print(f"{case.name}: {'; '.join(differences) or 'as expected'}")
    print(f"{len(cases) - different} of {len(cases)} configs hold what their calls say")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
