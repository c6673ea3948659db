"""SG306: versions of Paddle, PaddleSlim and NumPy that do not fit together."""

import pytest

from compress.doctor.rules.sg306_versions import FITTING, HERE, RULE
from tests.compress.doctor.rules import PTQ, messages


def problems(**versions):
    found = messages(RULE, PTQ, target=HERE, versions={**FITTING, **versions})
    return [message for _, message in found]


def test_paddleslim_follows_paddle_s_minor_version():
    (message,) = problems(paddleslim="2.5.9")
    assert message.startswith("PaddleSlim 2.5.9 does not fit Paddle 2.6.2:")
    assert problems(paddleslim="2.6.1") == []


def test_the_versions_of_the_runtime_with_paddle_3_2_fit():
    assert problems(paddle="3.2.2") == []
    assert len(problems(paddle="3.1.1")) == len(problems(paddle="3.2.2", paddleslim="2.5.9")) == 1


def test_numpy_2_does_not_fit_paddle_2():
    (message,) = problems(numpy="2.0.0")
    assert message.startswith("Paddle 2.6.2 and the suites need NumPy 1; with NumPy 2.0.0")
    assert problems(numpy="2.1.0", paddle="3.0.0", paddleslim=None) == []


def test_paddle_3_3_is_broken_on_onednn():
    assert problems(paddle="3.3.1", paddleslim=None) == [
        "inference with oneDNN is broken in Paddle 3.3 (Paddle#77340, #79749)"
    ]


@pytest.mark.parametrize("absent", ["paddle", "paddleslim", "numpy"])
def test_nothing_is_said_of_absent_libraries(absent):
    assert problems(**{absent: None}) == []


def test_nothing_is_said_without_versions():
    assert messages(RULE, PTQ, target=HERE) == []
