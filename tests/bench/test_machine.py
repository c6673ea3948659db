"""A machine is seen with its runtime; NVIDIA's driver is asked only where Paddle runs on GPUs."""

from dataclasses import dataclass, replace

import pytest

from bench import machine
from bench.engines.machine import Gpu
from bench.gpu import NoGpu
from bench.machine import see_machine
from compress.runtimes.runtime import Runtime, own_runtime

V100 = Gpu("V100", (7, 0), 2**34, "525")


@dataclass(frozen=True)
class Described(Runtime):
    """A runtime with these distributions."""

    versions: tuple[tuple[str, str], ...] = ()

    def version(self, distribution):
        return dict(self.versions).get(distribution)


@pytest.fixture
def runtime(monkeypatch):
    monkeypatch.setattr(machine, "cpu_flags", lambda: ("avx2",))
    own = own_runtime()
    fields = {name: getattr(own, name) for name in own.__dataclass_fields__}
    return Described(**{**fields, "name": "mine"})


def test_a_runtime_for_processors_has_no_gpu(runtime, monkeypatch):
    monkeypatch.setattr(machine, "find_gpu", lambda: pytest.fail("asked for a GPU"))
    seen = see_machine(runtime)
    assert (seen.flags, seen.runtime, seen.gpu, seen.runs_on_gpu) == (
        ("avx2",),
        "mine",
        None,
        False,
    )
    assert (seen.tensorrt, seen.capabilities) == (None, None)


def test_a_runtime_for_gpus_is_seen_with_the_gpu(runtime, monkeypatch):
    monkeypatch.setattr(machine, "find_gpu", lambda: V100)
    versions = (("paddlepaddle-gpu", "2.6.2"), ("tensorrt", "8.5.3.1"))
    seen = see_machine(replace(runtime, versions=versions, capabilities=((6, 1), (8, 9))))
    assert (seen.gpu, seen.runs_on_gpu) == (V100, True)
    assert (seen.tensorrt, seen.capabilities) == ("8.5.3.1", ((6, 1), (8, 9)))


def test_it_says_why_there_is_no_gpu(runtime, monkeypatch):
    def find():
        raise NoGpu("no driver")

    monkeypatch.setattr(machine, "find_gpu", find)
    seen = see_machine(replace(runtime, versions=(("paddlepaddle-gpu", "2.6.2"),)))
    assert (seen.gpu, seen.no_gpu, seen.runs_on_gpu) == (None, "no driver", True)
