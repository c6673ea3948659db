"""Worker: holds one predictor and times it on request; proves the precision that it runs in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from bench.engines.proof import ExecutedLayers, MarkedOps, ProofOf, TensorRtOps
from bench.in_worker.engine import load_model
from bench.in_worker.kernels import profile
from bench.in_worker.loaded import LoadedModel
from bench.in_worker.proving import Counts, prove
from bench.proven import TensorRtEngines
from bench.requests import (
    BuildRequest,
    Built,
    Configured,
    Loaded,
    LoadRequest,
    Proven,
    ProveRequest,
    TimeRequest,
    Turn,
)
from compress.in_worker.graph.feeds import synthetic_feeds
from compress.in_worker.memory import peak_memory_bytes
from compress.worker.requests import Shape

Request = Annotated[
    LoadRequest | BuildRequest | TimeRequest | ProveRequest, Field(discriminator="do")
]


class Session:
    """One predictor for the life of the process."""

    model: LoadedModel
    feeds: dict[str, Any]

    def handle(self, request: Request) -> Loaded | Built | Turn | Proven:
        """Loads, builds engines, times or proves."""
        if isinstance(request, LoadRequest):
            self._load(request.engine, request.shape)
            return Loaded()
        if isinstance(request, BuildRequest):
            self._load(request.engine, request.shape, request.out, inspect=True)
            return Built()
        return self._run(request) if isinstance(request, TimeRequest) else self._prove(request)

    def _load(
        self,
        engine: Configured,
        shape: Shape,
        out: Path | None = None,
        *,
        save: bool = False,
        inspect: bool = False,
    ) -> None:
        self.model = load_model(engine, out, save=save, inspect=inspect)
        self.feeds = synthetic_feeds(self.model.feed_specs(), shape, seed=0)
        self.model.run(self.feeds)

    def _run(self, request: TimeRequest) -> Turn:
        samples = self.model.time_runs(self.feeds, request.runs)
        return Turn(samples_ms=tuple(samples), peak_memory_bytes=peak_memory_bytes())

    def _prove(self, request: ProveRequest) -> Proven:
        """Loads the model and runs it once, so that a model which crashes has no proof; a second
        run shows where the time goes. This process is never timed.
        """
        engine, inspect = request.engine, isinstance(request.proof, TensorRtOps)
        with tempfile.TemporaryDirectory(dir=".") as dump:
            self._load(engine, request.shape, Path(dump), save=True, inspect=inspect)
            ops, tensorrt = self._count(Path(dump), request.proof, engine.engines)
        on_onednn = isinstance(request.proof, MarkedOps)
        kernels = profile(lambda: self.model.run(self.feeds)) if on_onednn else None
        return Proven(ops=ops, kernels=kernels, tensorrt=tensorrt)

    def _count(
        self, dump: Path, proof: ProofOf, engines: Path | None
    ) -> tuple[Counts, TensorRtEngines | None]:
        if isinstance(proof, ExecutedLayers):
            from bench.in_worker.openvino_engine import OpenVinoModel

            assert isinstance(self.model, OpenVinoModel)
            return self.model.count_layers(proof), None
        return prove(dump, proof, engines)


handle = Session().handle
