"""OpenVINO on the CPU, in fp32 and int8: a rival to measure Paddle by."""

from __future__ import annotations

from bench.engines.base import Device, Engine, EngineOptions, Library, Precision
from bench.engines.calls import Call, call
from bench.engines.machine import Needs
from bench.engines.proof import ExecutedLayers, ProofOf

SET = "set_property"
BYTES = ("i8", "u8")


class CpuOpenVino:
    """See ``bench.engines.base.Engine``. Where a processor has bf16, OpenVINO takes it for fp32
    unless it is told otherwise. A quantised model runs in int8 as it is.
    """

    device: Device = "cpu"
    name = "openvino"
    precisions: tuple[Precision, ...] = ("fp32", "int8")
    library: Library = "openvino"
    builds_for_shapes = False

    def needs(self, precision: Precision) -> Needs:
        del precision
        return Needs(openvino=True)

    def unfit(self, precision: Precision, *, quantised: bool) -> str | None:
        if precision == "int8" and not quantised:
            return "the model is not quantised, so that no layer of it would run in int8"
        if precision == "fp32" and quantised:
            return "the model is quantised, and OpenVINO runs such a model in int8"
        return None

    def configure(self, options: EngineOptions) -> tuple[Call, ...]:
        return (
            call(SET, "INFERENCE_PRECISION_HINT", "f32"),
            call(SET, "INFERENCE_NUM_THREADS", options.threads),
            call(SET, "PERFORMANCE_HINT", "LATENCY"),
            call(SET, "NUM_STREAMS", 1),
        )

    def proof(self, precision: Precision) -> ProofOf | None:
        return ExecutedLayers(types=BYTES) if precision == "int8" else None


ENGINE: Engine = CpuOpenVino()
