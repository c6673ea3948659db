"""What no command may do is seen: each fault of a command becomes a problem in words."""

from dataclasses import replace

import pytest

from tests.attack.attack import Attack, Ended, Ground
from tests.attack.verdict import MAX_OUTPUT, SECRET, listing, problems


@pytest.fixture
def ground(tmp_path):
    ground = Ground(tmp_path)
    for folder in (ground.work, ground.secret.parent):
        folder.mkdir()
    ground.secret.write_text(SECRET)
    return ground


def ended(code=2, stdout="", stderr=""):
    return Ended(code, stdout, stderr, 1.0, 50.0)


LINT = Attack("x", ("lint",), lambda ground: None)


def judge(ground, end, attack=LINT, act=lambda: None):
    before = listing(ground.root)
    act()
    return list(problems(attack, ground, end, before))


def test_a_refusal_in_words_is_right(ground):
    assert judge(ground, ended(stderr="error: not a recipe\n  file: a.yaml")) == []


@pytest.mark.parametrize(
    ("end", "problem"),
    [
        (ended(None), "killed after 60 s"),
        (ended(-11), "signal 11"),
        (ended(70), "exit 70, not 2: "),
        (ended(1), "exit 1, not 2: "),
        (ended(stderr="Traceback (most recent call last)"), "a traceback: "),
        (ended(stdout="x" * (MAX_OUTPUT + 1)), "more than a megabyte of output"),
        (ended(stdout="a\x1b[2J"), "characters that steer a terminal in its output: '\\x1b'"),
        (ended(stderr="a\n::error::b"), "a workflow command in its output"),
        (ended(stdout="a ##[group]b"), "a workflow command in its output"),
        (ended(stdout=SECRET), "its output holds the text of a file outside"),
    ],
)
def test_a_wrong_end_is_seen(ground, end, problem):
    assert [found[: len(problem)] for found in judge(ground, end)] == [problem]


def test_an_attack_that_a_missing_answer_ended_shows_nothing(ground):
    end = replace(ended(stderr="404"), unanswered=("/pulls",))
    assert judge(ground, end) == ["the emulated GitHub has no answer to /pulls"]


def test_code_that_ran_is_seen(ground):
    assert judge(ground, ended(), act=(ground.work / "CANARY").touch) == ["hostile code ran"]


def test_a_file_outside_that_was_removed_is_seen(ground):
    changed = judge(ground, ended(), act=ground.secret.unlink)
    assert changed == ["files outside of the working folder changed"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("report.md", f"a {SECRET}", "report.md holds the text of a file outside"),
        ("report.json", '{"a": NaN}', "report.json is no JSON: NaN is no number"),
    ],
)
def test_a_wrong_file_is_seen(ground, name, text, problem):
    assert judge(ground, ended(), act=lambda: ground.write(f"out/{name}", text)) == [problem]


def test_what_an_attack_asks_for_is_seen(ground):
    attack = Attack("x", (), print, says=("a.yaml",), check=lambda ground, end: "too few rows")
    assert judge(ground, ended(stderr="b"), attack) == ["does not say 'a.yaml': b", "too few rows"]
