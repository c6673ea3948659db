"""How a statement about hardware is checked: by what was seen. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from bench.judge import ROUNDING
from bot.verify.observation import HardwareRecord, Observation
from core.quantities import Points
from core.schema import StrictModel
from core.texts import Message, Name

NOT_RUN = "no model was measured there"
STAGES = ("load", "build", "proof", "accuracy", "latency")
"""Those in which a model runs on its target."""


class Ruling(StrictModel):
    """``holds``: None if it cannot be told; ``seen``: what speaks for it, or against it."""

    holds: bool | None
    seen: Message


class Runs(StrictModel):
    """Every model runs on the targets; with ``sandboxed``, in a sandbox."""

    by: Literal["runs"] = "runs"
    targets: tuple[Name, ...]
    sandboxed: bool = False

    def judge(self, record: HardwareRecord) -> Ruling:
        """Refuted by the first failure of a target; cannot be told before all targets were run."""
        if self.sandboxed and not record.fingerprint.sandbox:
            return Ruling(holds=None, seen="the workers ran without a sandbox")
        measured = [o for o in record.observations if o.target in self.targets]
        ruling = _all(measured, lambda o: o.failure is None)
        absent = sorted(set(self.targets) - {o.target for o in measured if is_of_target(o)})
        if absent and ruling.holds:
            return Ruling(holds=None, seen=f"no model was measured on {', '.join(absent)}")
        return ruling


class Agrees(StrictModel):
    """The accuracy of each model on the target differs from that on ``reference`` by ``points`` at
    most.
    """

    by: Literal["agrees"] = "agrees"
    target: Name
    reference: Name
    points: Points

    def judge(self, record: HardwareRecord) -> Ruling:
        """Cannot be told where no accuracy was measured."""
        expected = {
            o.model: o.accuracy
            for o in record.observations
            if o.target == self.reference and not o.dynamic and o.accuracy is not None
        }
        changes = {
            o.name: (o.accuracy - expected[o.model]) * 100
            for o in record.observations
            if o.target == self.target and o.accuracy is not None and o.model in expected
        }
        if not changes:
            return Ruling(holds=None, seen=f"no accuracy was measured on {self.target}")
        told = ", ".join(f"{name} {change:+.2f}" for name, change in changes.items())
        holds = all(abs(change) <= self.points + ROUNDING for change in changes.values())
        return Ruling(holds=holds, seen=f"points against {self.reference}: {told}")


class Layers(StrictModel):
    """TensorRT describes layers of ``precision`` in each model on the target."""

    by: Literal["layers"] = "layers"
    target: Name
    precision: Literal["Int8", "Half"]

    def judge(self, record: HardwareRecord) -> Ruling:
        """Cannot be told for a model without a proof."""
        counts = {
            o.name: o.proof.tensorrt.layers.get(self.precision, 0)
            for o in _proven(record, self.target)
            if o.proof is not None and o.proof.tensorrt is not None
        }
        return _counts(counts, f"layers in {self.precision}")


class EnginesLoaded(StrictModel):
    """The process that proves a model on the targets loads the engines that were built for it."""

    by: Literal["loaded"] = "loaded"
    targets: tuple[Name, ...]

    def judge(self, record: HardwareRecord) -> Ruling:
        """Cannot be told for a model without a proof."""
        loaded = {
            o.name: o.proof.tensorrt.loaded
            for target in self.targets
            for o in _proven(record, target)
            if o.proof is not None and o.proof.tensorrt is not None
        }
        if not loaded:
            return Ruling(holds=None, seen=NOT_RUN)
        told = (f"{name} {'loaded' if holds else 'built anew'}" for name, holds in loaded.items())
        return Ruling(holds=all(loaded.values()), seen=", ".join(told))


class LowPrecision(StrictModel):
    """Ops of each model on the target run in its precision."""

    by: Literal["converted"] = "converted"
    target: Name

    def judge(self, record: HardwareRecord) -> Ruling:
        """Cannot be told for a model without a proof."""
        counts = {
            o.name: sum(low for low, _ in o.proof.ops.values())
            for o in _proven(record, self.target)
            if o.proof is not None
        }
        return _counts(counts, "ops converted")


class RangesAgree(StrictModel):
    """In TensorRT's engines as many convolutions have ranges as ``slimgate ranges`` counts."""

    by: Literal["ranges"] = "ranges"

    def judge(self, record: HardwareRecord) -> Ruling:
        """Matrix products are left out: Paddle makes ops of other types of them."""
        pairs = {
            o.name: (o.proof.convolutions[0], o.ranges)
            for o in _proven(record, "gpu-trt-int8")
            if o.proof is not None and o.ranges is not None
        }
        if not pairs:
            return Ruling(holds=None, seen=NOT_RUN)
        told = ", ".join(f"{name}: {now} of {before}" for name, (now, before) in pairs.items())
        return Ruling(holds=all(now == before for now, before in pairs.values()), seen=told)


class Unranged(StrictModel):
    """TensorRT runs no more layers in int8 than have ranges: one without runs in fp32 or fp16."""

    by: Literal["unranged"] = "unranged"

    def judge(self, record: HardwareRecord) -> Ruling:
        """Compares layers that TensorRT describes with ops that have ranges. It can be told only
        where some op has none.
        """
        pairs: dict[str, tuple[int, int, int]] = {}
        for o in _proven(record, "gpu-trt-int8"):
            if o.proof is not None and o.proof.tensorrt is not None:
                ranged = sum(low for low, _ in o.proof.ops.values())
                total = sum(all_ for _, all_ in o.proof.ops.values())
                pairs[o.name] = (o.proof.tensorrt.layers.get("Int8", 0), ranged, total)
        if not any(ranged < total for _, ranged, total in pairs.values()):
            return Ruling(holds=None, seen="no model has an op without ranges")
        told = (
            f"{name}: {layers} layers, {ranged} of {total} ops with ranges"
            for name, (layers, ranged, total) in pairs.items()
        )
        holds = all(layers <= ranged for layers, ranged, _ in pairs.values())
        return Ruling(holds=holds, seen=", ".join(told))


class Dynamic(StrictModel):
    """TensorRT takes the collected ranges: each model runs in engines with dynamic shape."""

    by: Literal["dynamic"] = "dynamic"

    def judge(self, record: HardwareRecord) -> Ruling:
        """A model in fp32 has no proof: that it runs is enough."""
        measured = [o for o in record.observations if o.dynamic]
        return _all(
            measured,
            lambda o: (
                o.failure is None
                and (o.proof is None or o.proof.tensorrt is None or o.proof.tensorrt.dynamic)
            ),
        )


class DynamicSlower(StrictModel):
    """Engines for a range of sizes are slower than those for one size."""

    by: Literal["slower"] = "slower"

    def judge(self, record: HardwareRecord) -> Ruling:
        """It holds if some model is slower, certainly, and none is faster; refuted if one is
        certainly faster.
        """
        speedups = {o.name: o.speedup for o in record.observations if o.dynamic and o.speedup}
        if not speedups:
            return Ruling(holds=None, seen=NOT_RUN)
        slower = [s for s in speedups.values() if s.high < 1]
        faster = [s for s in speedups.values() if s.low > 1]
        told = ", ".join(f"{name} {s.value:.2f}×" for name, s in speedups.items())
        unclear = not slower and not faster
        return Ruling(holds=None if unclear else not faster, seen=f"as fast: {told}")


class Watched(StrictModel):
    """NVIDIA's driver tells clocks and temperatures while models are timed."""

    by: Literal["watched"] = "watched"

    def judge(self, record: HardwareRecord) -> Ruling:
        """A clock or temperature of zero is no answer."""
        timed = [o for o in record.observations if o.latency_ms and o.target.startswith("gpu-")]
        seen = [o.gpu for o in timed if o.gpu and min(*o.gpu.clock_mhz, *o.gpu.temperature_c) > 0]
        if not timed:
            return Ruling(holds=None, seen=NOT_RUN)
        told = "; ".join(dict.fromkeys(map(str, seen))) or "nothing"
        return Ruling(holds=len(seen) == len(timed), seen=told)


class Rebuilds(StrictModel):
    """Paddle rebuilds an engine for an image outside of its ranges, where that is allowed."""

    by: Literal["rebuilds"] = "rebuilds"

    def judge(self, record: HardwareRecord) -> Ruling:
        """Shown by the file of ranges, which Paddle then writes anew."""
        outgrown = record.outgrown
        if outgrown is None:
            return Ruling(holds=None, seen=NOT_RUN)
        if outgrown.failure is not None:
            return Ruling(holds=None, seen=f"{outgrown.model}: {outgrown.failure.message}")
        told = "written anew" if outgrown.rebuilt else "as it was"
        return Ruling(holds=outgrown.rebuilt, seen=f"{outgrown.model}: the file is {told}")


Check = Annotated[
    Runs
    | Agrees
    | Layers
    | EnginesLoaded
    | LowPrecision
    | RangesAgree
    | Unranged
    | Dynamic
    | DynamicSlower
    | Watched
    | Rebuilds,
    Field(discriminator="by"),
]


def _proven(record: HardwareRecord, target: str) -> Iterator[Observation]:
    return (o for o in record.observations if o.target == target and o.failure is None)


def is_of_target(observation: Observation) -> bool:
    """Whether it says something about the target: a model that could not be made does not, and
    neither does a GPU that others used.
    """
    return observation.failure is None or observation.failure.stage in STAGES


def _all(observations: Sequence[Observation], good: Callable[[Observation], bool]) -> Ruling:
    measured = [o for o in observations if is_of_target(o)]
    if not measured:
        failed = next((o.failure.message for o in observations if o.failure), NOT_RUN)
        return Ruling(holds=None, seen=failed)
    bad = [o for o in measured if not good(o)]
    if not bad:
        return Ruling(holds=True, seen=", ".join(_distinct(o.name for o in measured)))
    why = bad[0].failure.message if bad[0].failure else "its engines take one shape"
    return Ruling(holds=False, seen=f"{len(bad)} of {len(measured)} failed; {bad[0].name}: {why}")


def _counts(counts: Mapping[str, int], what: str) -> Ruling:
    if not counts:
        return Ruling(holds=None, seen=NOT_RUN)
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    return Ruling(holds=all(counts.values()), seen=f"{what}: {told}")


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
