"""Which lines of a change replace others, so that findings can point at them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plan.affected import find_affected
from bot.plan.cases import Request
from bot.plan.changed_lines import (
    MAX_LINE_CHARACTERS,
    MAX_LINES,
    MAX_STEPS,
    changed_lines,
    find_difference,
)
from bot.plan.planning import Suite, plan_range
from bot.run.demo import make_repository
from examples.scenarios import DEMOS
from tests.bot.plan.conftest import FILES


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", [(2, "B", "b")]),
        ("a\nb\n", "x\ny\n", [(1, "x", "a"), (2, "y", "b")]),
        ("a\nb\n", "a\n", []),
        ("a\n", "a\nb\n", []),
        ("a\n", "a\nx\ny\n", []),
        ("a\nb\n", "a\nx\ny\n", []),  # one line became two
        ("a\n", "a\n", []),
        ("", "", []),
        ("a\r\nb", "a\r\nc", [(2, "c", "b")]),
        ("a\r\nb\r\n", "a\nc\r\n", [(2, "c", "b")]),
        ("# \u2028\x85\f\x1e\r.\na\n", "# \u2028\x85\f\x1e\r.\nb\n", [(2, "b", "a")]),
        ("a\u2028a\n", "a\u2028b\n", [(1, "a\u2028b", "a\u2028a")]),
    ],
)
def test_lines_that_replace_others(old, new, lines):
    assert list(find_difference(old, new).replaced()) == lines


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "a\u2028b", "\x85"]), max_size=12).map(
    "\n".join
)


@given(TEXTS, TEXTS)
def test_every_line_stands_where_it_says_and_was_in_the_old_text(old, new):
    after, before = new.split("\n"), old.split("\n")
    numbers = []
    for number, text, former in find_difference(old, new).replaced():
        assert after[number - 1] == text
        assert former in before
        numbers.append(number)
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", 1),  # equal lines at both ends do not count
        ("a\nb\nc\n", "A\nb\nC\n", 2 * (3 + 1)),
        ("x\na\na\nx\n", "y\na\na\ny\n", 3 * (4 + 4)),
    ],
)
def test_every_equal_line_is_looked_for_in_all_lines_and_pairs(old, new, steps):
    assert find_difference(old, new).steps == steps


def alternating(count):
    """Two texts with an equal line between any two that differ."""
    return (
        "".join(f"{word}{number}: 1\nsame{number}: 1\n" for number in range(count))
        for word in ("old", "new")
    )


def test_texts_that_take_minutes_to_compare_are_not_compared(plan):
    old, new = alternating(5000)
    assert find_difference(old, new).steps > MAX_STEPS
    plan.base = plan.suite.commit({"configs/a.yml": old, "configs/b.yml": "a: 1\n"})
    lines = lines_of(plan, {"configs/a.yml": new, "configs/b.yml": "a: 2\n"})
    assert [(line.file, line.text) for line in lines] == [("configs/b.yml", "a: 2")]


def test_all_files_together_are_compared_in_a_bounded_number_of_steps(plan, monkeypatch):
    old, new = alternating(4)
    assert find_difference(old, new).steps == 4 * (7 + 3)
    names = ("a", "b", "c")
    plan.base = plan.suite.commit({f"configs/{name}.yml": old for name in names})
    monkeypatch.setattr("bot.plan.changed_lines.MAX_STEPS", 80)
    lines = lines_of(plan, {f"configs/{name}.yml": new for name in names})
    assert {line.file for line in lines} == {"configs/a.yml", "configs/b.yml"}


def test_the_plan_holds_the_changed_lines(tmp_path):
    repo = make_repository(DEMOS["seg"], tmp_path / "suite")
    plan, _ = plan_range(Suite("example-seg", repo), "main", "regression", Request())
    (line,) = plan.changed_lines
    assert (line.text.strip(), line.before.strip()) == (
        "hist_percent: 0.99",
        "hist_percent: 0.9999",
    )
    assert (repo / line.file).read_text().splitlines()[line.line - 1] == line.before


def lines_of(plan, files):
    trees = plan.trees(files)
    return changed_lines(trees, find_affected(trees, plan.manifest))


def test_a_line_of_a_base_counts_once_for_all_its_heirs(plan):
    text = FILES["configs/_base_/data.yml"].replace("batch_size: 2", "batch_size: 3")
    lines = lines_of(plan, {"configs/_base_/data.yml": text})
    assert [(line.file, line.line, line.text, line.before) for line in lines] == [
        ("configs/_base_/data.yml", 1, "batch_size: 3", "batch_size: 2")
    ]


def test_white_space_new_files_and_long_lines_are_left_out(plan):
    plan.base = plan.suite.commit({"configs/m/far.yml": "model:\n  type: C\n  a: 1\n"})
    long = "x" * MAX_LINE_CHARACTERS
    files = {
        "configs/m/far.yml": f"model:\n    type: C\n    a: {long}\n",
        "configs/m/new.yml": "model: {type: D}\n",
    }
    assert lines_of(plan, files) == ()


def test_only_so_many_lines_are_kept(plan):
    names = [f"k{number}" for number in range(MAX_LINES + 50)]
    plan.base = plan.suite.commit(
        {"configs/m/far.yml": "model: {type: C}\n" + "".join(f"{name}: 1\n" for name in names)}
    )
    changed = "model: {type: C}\n" + "".join(f"{name}: 2\n" for name in names)
    assert len(lines_of(plan, {"configs/m/far.yml": changed})) == MAX_LINES
