"""Post-training quantisation: Paddle's own, which ACT's ``QuantPost`` calls, or PaddleSlim's
``quant_recon_static``.

They are called directly, since ACT passes no ``skip_tensor_list`` on and has no default for
``batch_nums``.
"""

from __future__ import annotations

from typing import Any

import paddle

from compress.artifacts.record import Made
from compress.doctor.facts import DataFacts
from compress.in_worker.method import CompressionJob
from compress.recipes.op_types import PTQ_OP_TYPES

DEFAULT_BATCHES = 32
MATMUL = {"matmul", "matmul_v2"}
RECONSTRUCTION = (
    "recon_level",
    "regions",
    "region_weights_names",
    "simulate_activation_quant",
    "epochs",
    "lr",
)
DEFAULTS = {
    "algo": "hist",
    "hist_percent": 0.999,
    "bias_correction": False,
    "is_full_quantize": False,
    "weight_bits": 8,
    "activation_bits": 8,
    "activation_quantize_type": "range_abs_max",
    "weight_quantize_type": "channel_wise_abs_max",
    "onnx_format": True,
    "skip_tensor_list": None,
}
"""Defaults of ACT 2.6; those of ``quant_post_static`` differ."""


class PostTrainingQuantisation:
    """ACT's ``QuantPost``, with a default for ``batch_nums``: ACT would use all training data."""

    def compress(self, job: CompressionJob) -> Made:
        section = job.sections["QuantPost"]
        op_types = tuple(section.get("quantize_op_types") or PTQ_OP_TYPES)
        remarks = []
        if job.vector_products and set(op_types) & MATMUL:
            op_types = tuple(op_type for op_type in op_types if op_type not in MATMUL)
            remarks.append(
                f"matmul left in fp32: the weight {job.vector_products[0]!r} is a vector, "
                "on which channel-wise quantisation fails"
            )
        batches = min(section.get("batch_nums", DEFAULT_BATCHES), job.batches.length)
        options = {
            **{key: section.get(key, default) for key, default in DEFAULTS.items()},
            "quantizable_op_type": list(op_types),
            "batch_nums": batches,
            "batch_size": job.batches.batch_size,
            "data_loader": job.batches.loader,
            "model_dir": str(job.model),
            "model_filename": "model.pdmodel",
            "params_filename": "model.pdiparams",
            "quantize_model_path": str(job.out),
        }
        if section.get("recon_level") is None:
            remarks += _calibrate(job, options)
        else:
            _reconstruct(paddle.static.Executor(paddle.CPUPlace()), options, section)
        return Made(remarks=tuple(remarks), data=_data_facts(job, batches))


def _data_facts(job: CompressionJob, batches: int) -> DataFacts | None:
    """Number and sizes of the calibration images; None for noise."""
    if not job.batches.sizes:
        return None
    sizes = tuple(sorted(job.batches.sizes))
    return DataFacts(images=batches * job.batches.batch_size, calibration_sizes=sizes)


def _calibrate(job: CompressionJob, options: dict[str, Any]) -> list[str]:
    from compress.methods.ptq.in_worker.calibration import Calibration

    options = dict(options)
    out = options.pop("quantize_model_path")
    executor = paddle.static.Executor(paddle.CPUPlace())
    calibration = Calibration(job.tell, job.executor, executor=executor, **options)
    calibration.run()
    calibration.save_quantized_model(
        out, model_filename="model.pdmodel", params_filename="model.pdiparams"
    )
    tensors = calibration.left_out
    if not tensors:
        return []
    reasons = "in branches not taken, or infinite"
    return [f"{len(tensors)} tensors were not calibrated: {reasons} ({tensors[0]})"]


def _reconstruct(executor: Any, options: dict[str, Any], section: dict[str, Any]) -> None:
    from paddleslim.quant import quant_recon_static

    settings = {key: section[key] for key in RECONSTRUCTION if key in section}
    quant_recon_static(executor, **options, **settings)


METHOD = PostTrainingQuantisation()
