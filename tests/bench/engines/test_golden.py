"""Paddle's own config holds what the calls of a processor's targets say; ``make check-calls`` tries
the GPU's.
"""

import pytest

from compress.runtimes.runtime import own_runtime
from compress.worker.start import Workplace, start_worker
from tests.bench.engines.golden import CPU_CASES, GPU_CASES, ROOT, cases_for, compare
from tests.bench.engines.test_targets import NAMES, OPENVINO


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("configs"), {"PYTHONPATH": ROOT})
    with start_worker("tests.workers.configs", "config", place) as started:
        yield started


@pytest.mark.paddle
@pytest.mark.parametrize("case", cases_for(own_runtime()), ids=lambda case: case.name)
def test_the_config_holds_what_the_calls_say(worker, case):
    assert compare(case, worker) == []


def test_every_target_has_a_case():
    """OpenVINO's are tried in ``tests/bench/test_openvino_form.py``."""
    assert {case.target for case in (*CPU_CASES, *GPU_CASES)} == set(NAMES) - set(OPENVINO)
    names = [case.name for case in (*CPU_CASES, *GPU_CASES)]
    assert len(names) == len(set(names))
