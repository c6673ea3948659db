"""A change by somebody else runs in a sandbox unless the user chose otherwise."""

import pytest

from bot.run.own_work import Authorship
from core.authorship import Stranger


@pytest.fixture
def found(monkeypatch):
    """What the search for strangers' commits ends with."""
    results = {"stranger": None}
    monkeypatch.setattr("bot.run.own_work.find_stranger", lambda *_: results["stranger"])
    return results


def confined(choice, lines=None):
    say = [].append if lines is None else lines.append
    return Authorship(None, "b" * 40).is_confined(choice, ("a" * 40,), say)


def test_own_work_runs_without_a_sandbox(found):
    assert not confined(None)
    assert Authorship(None).change_of("a" * 40, "PaddleSeg") is None


def test_the_work_of_others_runs_in_one_and_the_reason_is_said(found):
    found["stranger"] = Stranger("c" * 40, "you@example.org\x1b[2J")
    lines = []
    assert confined(None, lines)
    (line,) = lines
    assert line.startswith("in a sandbox: cccccccccccc by you@example.org[2J was not made here")
    assert line.endswith("(--no-sandbox runs it without)")
    assert Authorship(None).change_of("a" * 40, "PaddleSeg") == f"PaddleSeg-{'a' * 40}"


@pytest.mark.parametrize("choice", [True, False])
def test_the_users_choice_comes_first(found, choice):
    found["stranger"] = Stranger("c" * 40, "you@example.org")
    assert confined(choice) is choice
