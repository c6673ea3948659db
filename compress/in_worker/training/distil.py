"""Training with a teacher: PaddleSlim's ACT builds the programs, slimgate runs the loop.

ACT's loop floods the log, keeps no losses, chooses weights on the validation set, and fails to
apply the masks of unstructured sparsity at the end (it tests ``'unstructure' in self._strategy``,
which is a list of longer names).
"""

from __future__ import annotations

import copy
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import paddle
from paddleslim.auto_compression import AutoCompression, compressor, create_compressed_program
from paddleslim.core import GraphWrapper

from compress.artifacts.record import Made
from compress.artifacts.training_log import Step, curve_of
from compress.in_worker.graph.effects import multiplications
from compress.in_worker.graph.program import Program
from compress.in_worker.graph.repair import replace_dropouts
from compress.in_worker.method import CompressionJob, Tell
from compress.in_worker.training.masks import KeptZeros
from compress.in_worker.training.nodes import flat_nodes, with_known_nodes
from compress.recipes.act import DISTILLATIONS
from compress.recipes.parse import DEFAULT_EPOCHS

TELL_EVERY_S = 2.0
KEPT_STEPS = 200
TEACHER = re.compile(r"^teacher\d*_")


def _targets(pairs: Any, teacher: bool = False) -> list[str]:
    """The variables of teachers or student to keep. ACT searches for ``teacher_`` only, but names
    the variables of several teachers ``teacher1_``, ``teacher2_``, …
    """
    flat = {n for group in pairs for n in (group if isinstance(group, list) else [group])}
    if teacher:
        return sorted({TEACHER.sub("", name) for name in flat if TEACHER.match(name)})
    return sorted(name for name in flat if not TEACHER.match(name))


def _final_nodes(program: Any) -> list[Any]:
    """ACT's default distillation nodes, also for models with loops."""
    loaded = Program(program, None, [], [])
    wrapped = GraphWrapper(program)
    return [wrapped.var(name) for name in loaded.distillation_nodes()]


create_compressed_program._get_target_node = _targets
create_compressed_program.flops = multiplications  # PaddleSlim's fails on products with a vector
compressor.find_final_nodes = _final_nodes


class _Compression(AutoCompression):  # type: ignore[misc]
    """ACT with a training loop that reports progress and keeps losses."""

    def __init__(self, job: CompressionJob, save_dir: Path) -> None:
        self.job = job
        self.steps: list[Step] = []
        super().__init__(
            model_dir=str(job.model),
            model_filename="model.pdmodel",
            params_filename="model.pdiparams",
            save_dir=str(save_dir),
            config=_act_config(job),
            train_dataloader=job.batches.loader,
            eval_dataloader=job.batches.labelled or job.batches.loader,
            deploy_hardware=None,
        )

    def _start_train(self, train: Any, test: Any, strategy: str, config: Any) -> Any:
        """Runs the iterations and returns ``test``, whose parameters they trained."""
        self.final_metric = -1.0
        total = count_iterations(config.epochs, config.train_iter, self.job.batches.length)
        fetched = [*train.fetch_targets, *train.loss_dict.values()]
        names = ["loss", *train.loss_dict]
        zeros = KeptZeros(paddle.static.global_scope(), self._trained(strategy))

        def run(batch: Any) -> dict[str, float]:
            losses = self._exe.run(train.program, feed=batch, fetch_list=fetched)
            if not isinstance(train.learning_rate, float):
                train.learning_rate.step()
            if self._masks(strategy, config):
                self._pruner.step()
            zeros.put_back()
            return dict(zip(names, (float(np.mean(loss)) for loss in losses), strict=True))

        self.steps = run_steps(run, self.job.batches.loader, total, self.job.tell)
        if self._masks(strategy, config):
            self._pruner.update_params()
        return test

    def _trained(self, strategy: str) -> list[str]:
        """Weights whose zeros must stay: those that quantisation trains."""
        if "qat" not in strategy:
            return []
        return [name for name in self.job.layers if name in self.job.variables]

    def _masks(self, strategy: str, config: Any) -> bool:
        return "unstructure" in strategy or bool(config.sparse_model)


def distil(job: CompressionJob) -> Made:
    """Trains ``job.model`` with a teacher according to the recipe; the last weights are kept.

    If the export lacks a distillation node, ACT's default nodes take the place of all, with a
    remark. Choosing the best iteration on the validation set, as the suites' scripts do, would bias
    the accuracy that the gate then judges.
    """
    job, remarks = with_known_nodes(job)
    save_dir = Path("act")
    compression = _Compression(job, save_dir)
    nodes = compression.default_distill_node_pair
    compression.compress()
    for name in ("model.pdmodel", "model.pdiparams"):
        shutil.copyfile(save_dir / name, job.out / name)
    taught = [job.sections[name] for name in DISTILLATIONS if name in job.sections]
    section = taught[0] if taught else {}
    students = [node for node in flat_nodes(section) or nodes if not TEACHER.match(node)]
    distilled = tuple(dict.fromkeys(students))
    return Made(remarks=remarks, curve=curve_of(compression.steps), nodes=distilled)


def _act_config(job: CompressionJob) -> dict[str, Any]:
    """The sections in ACT's form, with the teacher's files. They are copied and always have an
    optimiser, since ACT removes settings from its arguments, and from its own defaults.
    """
    sections = copy.deepcopy(job.sections)
    sections["TrainConfig"].setdefault("optimizer_builder", {"optimizer": {"type": "SGD"}})
    for name in DISTILLATIONS:
        section = sections.get(name, {})
        if "teacher_model_dir" in section:
            section["teacher_model_dir"] = _own_copies(section["teacher_model_dir"])
    if "Distillation" in sections and "teacher_model_dir" not in sections["Distillation"]:
        sections["Distillation"].update(
            teacher_model_dir=str(job.teacher),
            teacher_model_filename="model.pdmodel",
            teacher_params_filename="model.pdiparams",
        )
    return sections


def _own_copies(teachers: str | list[str]) -> Any:
    """Copies of the recipe's teachers without dropout; the job's own teacher has none already."""
    if not isinstance(teachers, str):
        return [_own_copies(folder) for folder in teachers]
    own = Path(tempfile.mkdtemp(prefix="teacher-", dir="."))
    shutil.copytree(teachers, own, dirs_exist_ok=True)
    for file in own.glob("*.pdmodel"):
        replace_dropouts(file)
    return str(own)


def count_iterations(epochs: int | None, train_iter: int | None, batches: int) -> int:
    """Number of iterations of a TrainConfig, with ``batches`` in an epoch."""
    by_epochs = (epochs or DEFAULT_EPOCHS) * max(batches, 1)
    return min(train_iter, by_epochs) if train_iter else by_epochs


def run_steps(run: Any, loader: Any, total: int, tell: Tell) -> list[Step]:
    """Calls ``run(batch) -> losses`` for ``total`` batches, reports progress, returns the steps.

    Of long trainings, 200 to 400 evenly spaced steps are kept. Raises FloatingPointError as soon as
    a loss is not finite.
    """
    history: list[Step] = []
    start = reported = time.monotonic()
    every = max(1, total // KEPT_STEPS)
    for number, batch in enumerate(_forever(loader, total), 1):
        losses = run(batch)
        if not all(map(np.isfinite, losses.values())):
            raise FloatingPointError(
                f"training diverged: a loss of iteration {number} is not finite; "
                "lower the recipe's learning rate"
            )
        left_s = (time.monotonic() - start) / number * (total - number)
        step = Step(
            doing="training", step=number, steps=total, losses=losses, left_s=round(left_s, 1)
        )
        if number % every == 0 or number in (1, total):
            history.append(step)
        if number == 1 or number == total or time.monotonic() - reported > TELL_EVERY_S:
            reported = time.monotonic()
            tell(step.model_dump())
    return history


def _forever(loader: Any, total: int) -> Iterator[Any]:
    """``total`` batches, pass after pass; unpacks batches that come in a list.

    Raises ValueError if a pass has no batch.
    """
    remaining = total
    while remaining:
        before = remaining
        for batch in loader():
            if not remaining:
                return
            remaining -= 1
            yield batch[0] if isinstance(batch, (list, tuple)) else batch
        if remaining == before:
            raise ValueError("the training data yields no batch: fewer samples than batch_size")
