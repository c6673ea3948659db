"""Models take turns in rounds, until there are enough runs or patience ends."""

import numpy as np
import pytest

from bench.rounds import MIN_RUNS, WARMUP_RUNS, Patience, sample_in_rounds
from bench.stats import ratio_interval


class Machine:
    """A clock that moves when something runs, and a log of who ran when."""

    def __init__(self):
        self.now = 0.0
        self.log: list[tuple[str, int]] = []
        self.rng = np.random.default_rng(0)

    def variant(self, name, milliseconds, drift=0.0, noise=0.0):
        def run(runs):
            self.log.append((name, runs))
            samples = []
            for _ in range(runs):
                slow = 1 + drift * np.sin(self.now)
                samples.append(float(milliseconds * slow * (1 + self.rng.normal(0, noise))))
                self.now += samples[-1] / 1000
            return samples

        return run


def test_warm_up_rounds_and_enough_runs():
    machine = Machine()
    variants = {
        name: machine.variant(name, ms, noise=0.05) for name, ms in (("a", 5.0), ("b", 20.0))
    }
    samples = sample_in_rounds(variants, Patience(2, 60), lambda: machine.now)
    assert machine.log[:2] == [("a", WARMUP_RUNS), ("b", WARMUP_RUNS)]
    assert len(samples["a"]) == len(samples["b"])
    assert all(sum(map(len, rounds)) >= MIN_RUNS for rounds in samples.values())
    turns = machine.log[2:]
    for first, second in zip(turns[::2], turns[1::2], strict=True):
        assert {first[0], second[0]} == {"a", "b"}
    assert len({tuple(turn[0] for turn in turns[i : i + 2]) for i in range(0, len(turns), 2)}) == 2


def test_a_slow_model_ends_at_the_limit():
    machine = Machine()
    samples = sample_in_rounds(
        {"a": machine.variant("a", 10_000.0)}, Patience(5, 30), lambda: machine.now
    )
    assert len(samples["a"]) == 3


def test_nothing_to_time():
    assert sample_in_rounds({}, Patience(1, 1), lambda: 0.0) == {}


@pytest.mark.parametrize("drift", [0.0, 0.3])
def test_a_machine_that_drifts_does_not_bias_the_ratio(drift):
    machine = Machine()
    variants = {
        "slow": machine.variant("slow", 8.0, drift, 0.01),
        "fast": machine.variant("fast", 4.0, drift, 0.01),
    }
    samples = sample_in_rounds(variants, Patience(20, 60), lambda: machine.now)
    ratio = ratio_interval(samples["slow"], samples["fast"])
    assert ratio.value == pytest.approx(2.0, rel=0.05)
    assert ratio.low <= ratio.value <= ratio.high
