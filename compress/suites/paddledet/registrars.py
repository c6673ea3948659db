"""How PaddleDetection registers classes (``ppdet/core/workspace.py``, ``yaml_helpers.py``).

``@register`` makes a class a section of configs and lets others name it; ``@serializable`` lets
YAML build it from a tag. Neither says what kind of thing it is: its folder does.
"""

from __future__ import annotations

from compress.suites.paddle_names import OPTIMIZERS
from compress.suites.registry_names import Registrars, Registration

KINDS = {
    "ppdet/core/": "callable",
    "ppdet/data/reader.py": "reader",
    "ppdet/data/source/": "dataset",
    "ppdet/data/transform/": "transform",
    "ppdet/engine/": "callback",
    "ppdet/metrics/": "metric",
    "ppdet/modeling/architectures/": "architecture",
    "ppdet/modeling/assigners/": "assigner",
    "ppdet/modeling/backbones/": "backbone",
    "ppdet/modeling/heads/": "head",
    "ppdet/modeling/layers.py": "layer",
    "ppdet/modeling/losses/": "loss",
    "ppdet/modeling/mot/": "tracker",
    "ppdet/modeling/necks/": "neck",
    "ppdet/modeling/post_process.py": "post-process",
    "ppdet/modeling/proposal_generator/": "proposal-generator",
    "ppdet/modeling/reid/": "reid",
    "ppdet/modeling/ssod/": "loss",
    "ppdet/modeling/transformers/": "transformer",
    "ppdet/optimizer": "scheduler",
    "ppdet/slim/distill_loss.py": "loss",
    "ppdet/slim/distill_model.py": "distillation",
    "ppdet/slim/": "compression",
}
"""The kinds by place; the longest place that fits decides, and an unknown place is ``other``."""


def _registration(decorator: str, file: str) -> Registration | None:
    name = decorator.rpartition(".")[2]
    if name not in ("register", "serializable") or not _is_suites_own(decorator):
        return None
    place = max((place for place in KINDS if file.startswith(place)), key=len, default=None)
    kind = KINDS[place] if place else "other"
    if kind == "scheduler" and name == "register":
        kind = "optimizer-section"  # LearningRate and OptimizerBuilder
    return Registration(kind, by_name=name == "register", by_tag=name == "serializable")


def _is_suites_own(decorator: str) -> bool:
    """``register`` and ``workspace.register``, but not ``atexit.register``."""
    module = decorator.rpartition(".")[0]
    return not module or module.endswith(("workspace", "yaml_helpers"))


REGISTRARS = Registrars(
    words=(b"register", b"serializable"),
    read=_registration,
    public={"ppdet/data/transform/": "plain-transform"},  # ``getattr(transform, NAME)``
    given={"optimizer": OPTIMIZERS},
)
