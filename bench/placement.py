"""Where the models of a case run on a kind of runner: targets before and after compression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.deployment import Deployment, deploy
from bench.engines.targets import TARGETS, Target
from compress.artifacts.artifact import Artifact
from compress.manifest import RunnerKind, TargetOptions


@dataclass(frozen=True)
class Placement:
    """``before``, ``after``: the targets of a model before and after compression; ``options``: by
    target, or by ``DEVICE-ENGINE`` for all of its targets.
    """

    before: Target = TARGETS["cpu-onednn-fp32"]
    after: Target = TARGETS["cpu-onednn-int8"]
    options: Mapping[str, TargetOptions] = field(default_factory=dict)

    def deploy(
        self,
        artifact: Artifact,
        shape: tuple[int, ...],
        *,
        compressed: bool,
        left_out: tuple[str, ...] = (),
    ) -> Deployment:
        """The model on its target. A compressed one runs where it would before compression if it
        would compute nonsense on the other, as a pruned one does in int8.
        """
        quantised = bool(artifact.op_types)
        fits = self.after.engine.unfit(self.after.precision, quantised=quantised) is None
        target = self.after if compressed and fits else self.before
        return deploy(artifact, shape, target, left_out, self.options_on(target))

    @property
    def dynamic_shape(self) -> bool:
        """Whether models have to be exported for images of any size."""
        return any(self.options_on(target).dynamic_shape for target in (self.before, self.after))

    def options_on(self, target: Target) -> TargetOptions:
        """The options on a target; those of the target itself go before those of its engine."""
        chosen: dict[str, object] = {}
        for name in (target.name.rpartition("-")[0], target.name):
            if name in self.options:
                chosen |= self.options[name].model_dump(exclude_unset=True)
        return TargetOptions.model_validate(chosen)


def place(kind: RunnerKind, options: Mapping[str, TargetOptions]) -> Placement:
    """Where models run on runners of the kind, by checked names of targets."""
    return Placement(TARGETS[kind.before], TARGETS[kind.after], options)
