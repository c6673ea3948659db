"""The classic quant-aware flow: fake quantisation, training on labels, conversion.

Keeps the fake-quantised model beside the converted one, so that both can be evaluated: if they
differ, the conversion is the cause, not the training.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import paddle
from paddleslim.auto_compression.create_compressed_program import _create_optimizer
from paddleslim.auto_compression.strategy_config import TrainConfig
from paddleslim.common.recover_program import recover_inference_program
from paddleslim.quant import convert, quant_aware

from compress.artifacts.record import FAKE_QUANTISED, Made
from compress.artifacts.training_log import curve_of
from compress.in_worker.graph.program import Program, export_program, load_program
from compress.in_worker.graph.skipping import mark_skipped
from compress.in_worker.method import CompressionJob
from compress.in_worker.training.distil import count_iterations, run_steps

LABEL = "label"
PLACE = paddle.CPUPlace()


@dataclass(frozen=True)
class _Programs:
    """``train`` computes ``loss``; ``test`` is the model with the same weights."""

    train: Any
    test: Any
    loss: Any


class ClassicQuantAware:
    """``QuantAware`` + ``TaskLoss``: cross entropy on the suite's labels."""

    def compress(self, job: CompressionJob) -> Made:
        if job.batches.labelled is None:
            raise ValueError("TaskLoss needs labelled training data")
        section, remarks = mark_skipped(job, job.sections["QuantAware"])
        loaded = load_program(job.model)
        builder = {"optimizer_builder": {"optimizer": {"type": "SGD"}}}
        config = TrainConfig(**copy.deepcopy({**builder, **job.sections["TrainConfig"]}))
        startup = paddle.static.Program()
        programs = _build(loaded, startup, config, job.sections["TaskLoss"])
        section = {key: value for key, value in section.items() if key != "use_pact"}
        test = quant_aware(programs.test, PLACE, dict(section), for_test=True)
        train = quant_aware(
            programs.train, PLACE, dict(section), for_test=False, return_program=True
        )
        loaded.executor.run(startup)
        total = count_iterations(config.epochs, config.train_iter, job.batches.length)

        def run(batch: Any) -> dict[str, float]:
            (loss,) = loaded.executor.run(train, feed=batch, fetch_list=[programs.loss])
            return {"loss": float(np.mean(loss))}

        steps = run_steps(run, job.batches.labelled, total, job.tell)
        (job.out / FAKE_QUANTISED).mkdir()
        export_program(loaded, test, job.out / FAKE_QUANTISED)
        export_program(loaded, convert(test, PLACE, dict(section)), job.out)
        return Made(curve=curve_of(steps), remarks=tuple(remarks))


def _build(loaded: Program, startup: Any, config: Any, task: dict[str, Any]) -> _Programs:
    """The train program with a loss on labels, and the test program that shares its weights."""
    # A separate startup program that is never run: it would initialise the weights again.
    train = recover_inference_program(loaded.program, paddle.static.Program())
    block = train.global_block()
    for index in reversed([i for i, op in enumerate(block.ops) if op.type == "feed"]):
        block._remove_op(index)  # Paddle adds feed ops again, including the label
    test = train.clone(for_test=True)
    for op in train.global_block().ops:
        if op.type == "batch_norm":
            op._set_attr("use_global_stats", False)
    names = paddle.utils.unique_name.guard("task")
    with names, paddle.static.program_guard(train, startup):
        scores = _scores(train.global_block(), loaded.fetches[0].name)
        label = paddle.static.data(LABEL, [-1, *scores.shape[2:]], "int64")
        loss = paddle.mean(
            paddle.nn.functional.cross_entropy(
                scores, label, ignore_index=task.get("ignore_index", 255), axis=1
            )
        )
        optimizer, _ = _create_optimizer(config.__dict__)
        optimizer.minimize(loss)
    return _Programs(train, test, loss)


def _scores(block: Any, fetched: str) -> Any:
    """The scores by class, (N, C, H, W): the output, or the input of an exported argmax or softmax.

    Raises ValueError for scores of another shape.
    """
    producers = {name: op for op in block.ops for name in op.output_arg_names}
    name = fetched
    while (op := producers.get(name)) is not None and op.type in (
        "arg_max",
        "softmax",
        "scale",
        "cast",
    ):
        name = op.input("X")[0]
    scores = block.var(name)
    if len(scores.shape) != 4 or scores.shape[1] < 2:
        raise ValueError(
            f"TaskLoss needs scores of shape (N, classes, H, W); this model ends in {scores.shape}"
        )
    return scores


METHOD = ClassicQuantAware()
