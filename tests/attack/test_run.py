"""An attack runs the program in a fresh folder, within its limits."""

from tests.attack.attack import REFUSED, Attack, Limits
from tests.attack.run import run_attack


def test_the_program_reads_what_the_attack_prepares():
    attack = Attack("x", ("lint", "a.yaml"), lambda ground: ground.write("a.yaml", "a: ["), (1,))
    end, wrong = run_attack(attack)
    assert (end.code, wrong) == (1, [])
    assert "a.yaml:1:5: error SG100" in end.stdout


def test_a_program_that_takes_too_long_is_killed():
    end, wrong = run_attack(Attack("x", ("lint", "."), lambda ground: None, limits=Limits(0.05)))
    assert (end.code, wrong) == (None, ["killed after 0 s"])


def test_the_memory_is_the_commands_own():
    held = b"x" * (300 * 2**20)
    end, _ = run_attack(Attack("x", ("--version",), lambda ground: held, (0,)))
    assert 10 < end.peak_mib < 100


def test_memory_is_limited():
    attack = Attack("x", ("--version",), lambda ground: None, REFUSED, limits=Limits(60, 10))
    _, wrong = run_attack(attack)
    assert wrong
