"""Post-training quantisation (PaddleSlim's ``quant_post_static`` through ACT)."""

from __future__ import annotations

from compress.methods.act import run_act
from compress.methods.base import CompressionJob
from compress.recipe import PTQ_OP_TYPES

DEFAULT_BATCHES = 32
MATMUL = {"matmul", "matmul_v2"}


class QuantPost:
    """ACT's ``QuantPost``; without ``batch_nums`` it would run through all training data."""

    def compress(self, job: CompressionJob) -> list[str]:
        sections = dict(job.sections)
        quant = {"batch_nums": DEFAULT_BATCHES, **sections["QuantPost"]}
        remarks = []
        if quant.get("skip_tensor_list") and quant.get("recon_level") is None:
            remarks.append("skip_tensor_list has no effect in ACT unless recon_level is set")
        asked = tuple(quant.get("quantize_op_types") or PTQ_OP_TYPES)
        if job.vector_products and set(asked) & MATMUL:
            quant["quantize_op_types"] = [op_type for op_type in asked if op_type not in MATMUL]
            remarks.append(
                f"matmul left in fp32: the weight {job.vector_products[0]!r} is a vector, "
                "on which channel-wise quantisation fails"
            )
        sections["QuantPost"] = {**quant, "batch_size": job.batches.batch_size}
        sections.setdefault("TrainConfig", {"train_iter": 1, "learning_rate": 0.001})
        run_act(job, sections)
        return remarks


METHOD = QuantPost()
