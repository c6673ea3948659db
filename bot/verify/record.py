"""Fills the record of one machine, model by model; an interrupted one continues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.engines.machine import Gpu, Machine
from bench.engines.targets import runnable
from bench.fingerprint import take_fingerprint
from bot.verify.observation import HardwareRecord, SeenGpu
from bot.verify.observe import ChosenModel, observe_model, observe_rebuilding
from compress.workshop import Workshop
from core.errors import InputError
from core.files import is_file
from core.schema import load_json, write_json

RECORD = "hardware.json"
REFERENCES = ("cpu-native-fp32", "cpu-onednn-int8")
"""What the targets of a GPU are held against, in the same runtime."""


@dataclass(frozen=True)
class Place:
    """Where models are measured: the targets of this machine."""

    machine: Machine
    targets: tuple[str, ...]


def gpu_place(machine: Machine) -> Place:
    """The targets on the machine's GPU, after those that they are held against."""
    on_gpu = [name for name, t in runnable(machine).items() if t.engine.device == "gpu"]
    return Place(machine, (*REFERENCES, *on_gpu))


def open_record(place: Place, now: datetime, workshop: Workshop, out: Path) -> HardwareRecord:
    """The record of this machine, with what an earlier run left in ``out``; written at once, so
    that the folder is known to be ours. Raises InputError.
    """
    file = out / RECORD
    record = _begin(place, now, workshop)
    if is_file(file):
        record = _continue(record, load_json(HardwareRecord, file))
    write_json(file, record)
    return record


def fill_record(
    record: HardwareRecord,
    subjects: Sequence[ChosenModel],
    place: Place,
    workshop: Workshop,
    out: Path,
) -> HardwareRecord:
    """The record with every model that it lacks; it is written after each."""
    file = out / RECORD
    for subject in subjects:
        if subject.model.name not in {o.model for o in record.observations}:
            seen = observe_model(subject, place.targets, workshop)
            record = record.model_copy(update={"observations": (*record.observations, *seen)})
            write_json(file, record)
    if record.outgrown is None and "gpu-trt-fp32" in place.targets and subjects:
        outgrown = observe_rebuilding(subjects[0], workshop)
        record = record.model_copy(update={"outgrown": outgrown})
    write_json(file, record)
    return record


def _begin(place: Place, now: datetime, workshop: Workshop) -> HardwareRecord:
    sandbox = workshop.sandbox.describe() if workshop.sandbox else ""
    return HardwareRecord(
        recorded=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        gpu=_seen(place.machine.gpu),
        fingerprint=take_fingerprint(workshop.threads, workshop.runtime, sandbox),
        targets=place.targets,
    )


def _seen(gpu: Gpu | None) -> SeenGpu | None:
    if gpu is None:
        return None
    return SeenGpu(
        name=gpu.name,
        capability=".".join(map(str, gpu.capability)),
        memory_bytes=gpu.memory_bytes,
        driver=gpu.driver,
    )


def _continue(record: HardwareRecord, earlier: HardwareRecord) -> HardwareRecord:
    """The record with the models of an earlier one in which nothing failed; those of another
    machine do not count.
    """
    same = (
        earlier.gpu == record.gpu
        and earlier.targets == record.targets
        and earlier.fingerprint.identity == record.fingerprint.identity
        and earlier.fingerprint.sandbox == record.fingerprint.sandbox
    )
    if not same:
        raise InputError(
            "this is the record of another machine, runtime or sandbox",
            file=RECORD,
            key="--out",
            hint="name another folder",
        )
    failed = {o.model for o in earlier.observations if o.failure is not None}
    kept = tuple(o for o in earlier.observations if o.model not in failed)
    outgrown = earlier.outgrown
    if outgrown is not None and outgrown.failure is not None:
        outgrown = None
    return record.model_copy(update={"observations": kept, "outgrown": outgrown})
