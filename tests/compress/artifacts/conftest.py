"""A store with a worker that stands in for Paddle's: it writes what a test says."""

import pytest

from compress.artifacts import build, distance
from compress.artifacts.record import Made
from compress.source import SuiteSource
from compress.worker.process import Usage
from compress.worker.requests import Distance
from compress.workshop import Workshop
from core.store import Store


class StandIn:
    """Answers like workers of ``compress.in_worker``. ``requests`` are those that reached it;
    ``answer`` decides on each: it writes to ``request.out`` and returns what was made.
    """

    def __init__(self):
        self.requests = []
        self.modules = []
        self.access = []
        self.answer = self.write_model

    def write_model(self, request):
        self.write_files(request)
        return Made()

    def write_files(self, request):
        for name in ("model.pdmodel", "model.pdiparams"):
            text = f"{name} {request.model_dump(exclude={'out'})}"
            (request.out / name).write_text(text)

    def run(self, module, stage, request, expected, *, access, workplace, timeout_s, hear=None):
        del stage, workplace, timeout_s, hear
        self.modules.append(module)
        self.requests.append(request)
        self.access.append(access)
        answer = Distance(distance=0.25) if expected is Distance else self.answer(request)
        assert isinstance(answer, expected)
        return answer, Usage(duration_s=1.5)


@pytest.fixture
def worker(monkeypatch):
    stand_in = StandIn()
    for module in (build, distance):
        monkeypatch.setattr(module, "run_worker", stand_in.run)
    return stand_in


@pytest.fixture
def workshop(tmp_path):
    return Workshop(Store(tmp_path / "store"), tmp_path / "scratch", stage_timeout_s=9, threads=2)


@pytest.fixture
def source(tmp_path):
    """A suite without code of its own, with a data folder."""
    (tmp_path / "data").mkdir()
    return SuiteSource("paddleseg", None, "code-1", "data", tmp_path / "data")
