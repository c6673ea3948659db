"""How PaddleSeg registers classes (``paddleseg/cvlibs/manager.py``)."""

from __future__ import annotations

from compress.suites.paddle_names import SCHEDULERS
from compress.suites.registry_names import Registrars, Registration

KINDS = {
    "MODELS": "model",
    "BACKBONES": "backbone",
    "DATASETS": "dataset",
    "TRANSFORMS": "transform",
    "LOSSES": "loss",
    "OPTIMIZERS": "optimizer",
}
"""The kinds by the manager's variable; any other manager is a kind of its own."""


def _registration(decorator: str, file: str) -> Registration | None:
    """``manager.MODELS.add_component`` registers a model; the builder finds any kind anywhere."""
    del file
    *_, manager, method = ("", "", *decorator.split("."))
    if method not in ("add_component", "_components_dict") or not manager.isupper():
        return None
    return Registration(KINDS.get(manager, manager.lower()), by_name=True)


REGISTRARS = Registrars(
    words=(b"add_component", b"_components_dict"),
    read=_registration,
    given={"scheduler": SCHEDULERS},
)
