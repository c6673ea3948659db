"""SG604: crashes of Paddle Inference."""

import pytest

from compress.doctor.rules.sg604_engine_crash import RULE
from tests.compress.doctor.rules import PTQ, failure, findings, messages

SEGFAULT = "the worker was killed by SIGSEGV"
LOG = (
    "5 void phi::ConvKernel<float, phi::CPUContext>(...)\n"
    "6 void phi::BatchNormKernel<float, phi::OneDNNContext>(phi::OneDNNContext const&)\n"
)


@pytest.mark.parametrize(
    ("log", "place"), [(LOG, " in BatchNormKernel, on oneDNN"), ("FatalError\n", "")]
)
def test_the_last_kernel_of_the_traceback_is_named(log, place):
    facts = failure("latency: compressed", SEGFAULT, kind="signal", log=log)
    message = f"Paddle Inference crashes{place}: {SEGFAULT}"
    assert messages(RULE, PTQ, failure=facts) == [(None, message)]


@pytest.mark.parametrize(
    "facts",
    [
        failure("compress", SEGFAULT, kind="signal"),
        failure("load", SEGFAULT),
        failure("load", "the worker was killed by SIGKILL", kind="signal"),  # SG603
    ],
)
def test_other_stages_and_failures_pass(facts):
    assert findings(RULE, PTQ, failure=facts) == []
