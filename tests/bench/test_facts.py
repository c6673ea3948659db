"""What the doctor's rules get to know of a measurement."""

import pytest

from bench.facts import data_facts, failure_facts, pair_facts, versions_facts
from bench.proven import KernelTimes, PrecisionProof
from bench.stats import Interval
from compress.doctor.facts import DataFacts, FailureFacts, ResultFacts, Versions
from compress.suites import find_dialect
from core.errors import JobFailure

KERNELS = KernelTimes(
    total_ms=10.0, computing_ms=6.0, converting_ms=1.0, reference_ms=2.0, reference=3
)
PROOF = PrecisionProof(
    precision="int8",
    op_types=(),
    ops={"fused_conv2d": (3, 4), "depthwise_conv2d": (1, 2), "pool2d": (1, 1)},
    kernels=KERNELS,
)
CONFIG = {
    "train_dataset": {"transforms": [{"type": "Normalize", "mean": [0.4] * 3}]},
    "val_dataset": {"transforms": [{"type": "Resize", "target_size": [64, 32]}]},
}


@pytest.mark.parametrize(
    ("installed", "versions"),
    [
        ({}, Versions()),
        ({"paddlepaddle": "2.6.2", "numpy": "1.26.4"}, Versions(paddle="2.6.2", numpy="1.26.4")),
        ({"paddlepaddle-gpu": "2.6.1"}, Versions(paddle="2.6.1")),
        ({"paddleslim": "2.6.0"}, Versions(paddleslim="2.6.0")),
    ],
)
def test_paddle_is_either_distribution(installed, versions):
    assert versions_facts(installed) == versions


def test_data_facts_join_what_compression_saw_and_what_the_config_says():
    seen = DataFacts(images=8, calibration_sizes=((32, 64),))
    facts = data_facts(find_dialect("paddleseg"), CONFIG, (1, 3, 32, 64), False, seen)
    assert (facts.images, facts.calibration_sizes) == (8, ((32, 64),))
    assert (facts.export_size, facts.fixed_size) == ((32, 64), (32, 64))
    assert facts.training == ("mean=[0.4, 0.4, 0.4] std=[0.5, 0.5, 0.5]",)
    assert facts.evaluation == ()


def test_a_model_of_any_size_has_no_export_size():
    facts = data_facts(find_dialect("paddleseg"), {}, (1, 3, 32, 64), True, None)
    assert (facts.export_size, facts.dynamic_shape) == (None, True)
    assert (facts.images, facts.training) == (None, None)


def test_a_failure_is_passed_on_with_its_log():
    failure = JobFailure("export", "timeout", "no answer", "the log's end")
    assert failure_facts(failure) == FailureFacts("export", "timeout", "no answer", "the log's end")


def test_a_pair_of_measurements_becomes_facts():
    facts = pair_facts(
        accuracy=(0.9, 0.8),
        chance=0.1,
        latency_ms=(4.0, 2.0),
        speedup=Interval(value=2.0, low=1.9, high=2.1),
        proof=PROOF,
        flags=("avx2", "avx512_vnni"),
        losses=(2.0, 1.0),
    )
    assert facts == ResultFacts(
        accuracy_before=0.9,
        accuracy_after=0.8,
        chance=0.1,
        latency_before_ms=4.0,
        latency_after_ms=2.0,
        speedup=(1.9, 2.1),
        low_precision=4,
        convolutions=6,
        vnni=True,
        computing=0.6,
        converting=0.1,
        reference=0.2,
        reference_kernels=3,
        losses=(2.0, 1.0),
    )


@pytest.mark.parametrize("proof", [None, PROOF.model_copy(update={"kernels": None})])
def test_without_kernel_times_no_shares_of_time_are_known(proof):
    facts = pair_facts(
        accuracy=(None, None),
        chance=0.0,
        latency_ms=(None, None),
        speedup=None,
        proof=proof,
        flags=("avx2",),
    )
    assert (facts.computing, facts.converting, facts.reference_kernels) == (None, 0.0, 0)
    assert (facts.convolutions, facts.speedup, facts.vnni) == (6 if proof else None, None, False)


def test_the_processor_is_this_one_unless_flags_are_given(monkeypatch):
    nothing = {"accuracy": (None, None), "latency_ms": (None, None), "speedup": None}
    for flags, vnni in ((("avx_vnni",), True), (("avx2",), False)):
        monkeypatch.setattr("bench.facts.cpu_flags", lambda flags=flags: flags)
        assert pair_facts(**nothing, chance=0.0, proof=None).vnni == vnni
    assert pair_facts(**nothing, chance=0.0, proof=None, flags=()).vnni is False
