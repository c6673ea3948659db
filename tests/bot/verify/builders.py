"""Records as a machine with a GPU would write them; every figure is made up."""

from bench.fingerprint import Fingerprint
from bench.proven import PrecisionProof, TensorRtEngines
from bench.result import GpuConditions, Stopped
from bench.stats import Interval
from bot.verify.observation import HardwareRecord, Observation, SeenGpu

GPU = SeenGpu(name="NVIDIA A10", capability="8.6", memory_bytes=24 * 2**30, driver="535.1")
CONDITIONS = GpuConditions(clock_mhz=(1300, 1380), temperature_c=(40, 62), dropped_rounds={})
BROKEN = Stopped(stage="latency", kind="error", message="no such device", log_tail="")


def interval(value):
    return Interval(value=value, low=value - 0.01, high=value + 0.01)


def proof(precision="int8", ops=None, layers=None, dynamic=False, loaded=True):
    engines = TensorRtEngines(
        engines=1, dynamic=dynamic, outside={}, layers=layers or {}, loaded=loaded
    )
    ops = {"conv2d": (4, 5)} if ops is None else ops
    return PrecisionProof(precision=precision, op_types=(), ops=ops, tensorrt=engines)


def seen(target, model="M", **more):
    return Observation(model=model, target=target, **more)


def record(*observations, gpu=GPU, sandbox="bubblewrap", **more):
    fingerprint = Fingerprint(
        cpu="cpu",
        cores=2,
        threads=2,
        runtime="paddle-2.6.2-gpu",
        flags=(),
        memory_bytes=1,
        kernel="k",
        governor=None,
        versions={"paddlepaddle-gpu": "2.6.2"},
        load_average=0.1,
        sandbox=sandbox,
    )
    return HardwareRecord(
        recorded="2026-01-31T12:00:00Z",
        gpu=gpu,
        fingerprint=fingerprint,
        targets=tuple({o.target for o in observations}),
        observations=observations,
        **more,
    )
