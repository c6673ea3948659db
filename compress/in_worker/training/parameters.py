"""Checks that the parameters in a recipe are in the model."""

from __future__ import annotations

import difflib

from compress.in_worker.method import CompressionJob


def require_known(job: CompressionJob, section: str) -> None:
    """Raises ValueError with the nearest name if ``prune_params_name`` of the section has a name
    that the export lacks; PaddleSlim would prune nothing, without a message.
    """
    names = job.sections[section].get("prune_params_name") or []
    missing = [name for name in names if name not in job.variables]
    if missing:
        near = difflib.get_close_matches(missing[0], job.variables, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"{section}.prune_params_name: {missing[0]!r} is not in this export{hint}")
