"""Worker: holds one predictor and times it on demand; proves what precision it runs in."""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path
from typing import Any

from bench.engine import (
    Engine,
    EngineOptions,
    count_low_precision_ops,
    load_engine,
)
from bench.kernels import profile
from compress.graph.feeds import synthetic_feeds
from compress.graph.program import read_feed_specs


class Session:
    """One predictor for the life of the process."""

    engine: Engine
    feeds: dict[str, Any]

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """``do``: ``load`` (``model``, ``options``, ``shape``), ``run`` (``runs``) or ``prove``."""
        actions = {"load": self._load, "run": self._run, "prove": self._prove}
        return actions[request["do"]](request)

    def _load(self, request: dict[str, Any]) -> dict[str, Any]:
        self.engine = load_engine(Path(request["model"]), _options(request["options"]))
        specs = read_feed_specs(Path(request["model"]))
        self.feeds = synthetic_feeds(specs, request["shape"], seed=0)
        self.engine.run(self.feeds)
        return {}

    def _run(self, request: dict[str, Any]) -> dict[str, Any]:
        samples = self.engine.time_runs(self.feeds, request["runs"])
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"samples_ms": samples, "peak_memory_bytes": peak_kib * 1024}

    def _prove(self, request: dict[str, Any]) -> dict[str, Any]:
        """Loads the model a second time, in this process that is never timed afterwards, and runs
        it once: a proof of what then crashes would be none. Once more, to see where the time goes.
        """
        with tempfile.TemporaryDirectory(dir=".") as dump:
            self._load({**request, "options": {**request["options"], "dump": dump}})
            ops = count_low_precision_ops(Path(dump), request["precision"])
        kernels = profile(lambda: self.engine.run(self.feeds))
        return {"ops": ops, "kernels": kernels.model_dump() if kernels else None}


def _options(fields: dict[str, Any]) -> EngineOptions:
    lists = {key: tuple(fields[key]) for key in ("op_types", "left_out")}
    return EngineOptions(**{**fields, **lists})


handle = Session().handle
