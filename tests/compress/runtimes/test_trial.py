"""Paddle starts in a runtime, or the reason is known."""

from dataclasses import replace

import pytest

from compress.runtimes.runtime import own_runtime
from compress.runtimes.trial import greet
from core.errors import JobFailure


@pytest.mark.paddle
def test_paddle_says_its_version():
    own = own_runtime()
    name = "paddlepaddle-gpu" if own.runs_on_gpu else "paddlepaddle"
    assert greet(own).paddle == own.version(name)


def test_a_python_without_paddle_is_a_failure(tmp_path):
    with pytest.raises(JobFailure) as caught:
        greet(
            replace(own_runtime(), environment={"PYTHONPATH": "", "PATH": ""}, python="/bin/true")
        )
    assert "exit code 0" in caught.value.message
