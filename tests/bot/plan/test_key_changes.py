"""Changed keys: what they were and are, and where a file says so."""

import pytest

from bot.plan.affected import find_affected
from bot.plan.key_changes import MAX_CHANGES, MAX_VALUE
from tests.bot.plan.conftest import FILES

DATA, MID, M = "configs/_base_/data.yml", "configs/_base_/mid.yml", "configs/m/m.yml"


def changes(plan, files, config=M):
    trees = plan.trees(files)
    (item,) = (i for i in find_affected(trees, plan.manifest) if i.config == config)
    return [(str(change), change.place) for change in item.changes]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {M: FILES[M].replace("num_classes: 2", "num_classes: 3")},
            [("model.num_classes: 2 → 3", f"{M}:2")],
        ),
        ({DATA: FILES[DATA] + "seed: 7\n"}, [("seed: absent → 7", f"{DATA}:4")]),
        ({DATA: FILES[DATA].replace("iters: 10\n", "")}, [("iters: 10 → absent", DATA)]),
        (
            {DATA: FILES[DATA].replace("batch_size: 2", 'batch_size: "2"')},
            [('batch_size: 2 → "2"', f"{DATA}:1")],
        ),
        (
            {MID: FILES[MID].replace("_base_: data.yml\n", "")},
            [
                ("batch_size: 2 → absent", MID),
                ("iters: 10 → absent", MID),
                ('val_dataset: {"dataset_root":"data/x"} → absent', MID),
            ],
        ),
    ],
)
def test_values_before_and_after_with_the_line_that_says_so(plan, files, expected):
    assert changes(plan, files) == expected


def test_a_key_that_two_files_change_is_the_nearest_ones(plan):
    files = {DATA: FILES[DATA].replace("iters: 10", "iters: 11"), M: FILES[M] + "iters: 12\n"}
    assert changes(plan, files) == [("iters: 10 → 12", f"{M}:3")]
    assert changes(plan, files, DATA) == [("iters: 10 → 11", f"{DATA}:2")]


def test_long_values_and_long_lists_are_cut(plan):
    many = "".join(f"key{n}: {'x' * 200}\n" for n in range(20))
    found = changes(plan, {M: FILES[M] + many})
    assert len(found) == MAX_CHANGES
    assert all(len(text) < MAX_VALUE + 40 for text, _ in found)


def test_a_config_that_is_new_has_no_changes(plan):
    assert changes(plan, {"configs/m/new.yml": "model: {type: A}\n"}, "configs/m/new.yml") == []


def test_a_key_with_a_dot_is_one_key(plan):
    plan.base = plan.suite.commit({M: FILES[M] + "a.b: 1\n"})
    assert changes(plan, {M: FILES[M] + "a.b: 2\n"}) == [("a.b: 1 → 2", f"{M}:3")]


def test_a_key_that_is_a_number_for_python_alone_is_none(plan):
    plan.base = plan.suite.commit({M: FILES[M] + "a: [1]\n"})
    assert changes(plan, {M: FILES[M] + "a: {²: 2}\n"}) == [('a: [1] → {"\\u00b2":2}', f"{M}:3")]


def test_a_value_is_that_of_the_file_that_gives_it(plan):
    first, second = "configs/_base_/one.yml", "configs/_base_/two.yml"
    base = {first: "seed: 1\n", second: "_base_: one.yml\nseed: 5\n"}
    heir = {M: FILES[M].replace("_base_/mid.yml", "_base_/two.yml")}
    plan.base = plan.suite.commit({**base, **heir})
    found = changes(plan, {first: "seed: 2\n", second: "_base_: one.yml\nseed: 6\n"})
    assert found == [("seed: 5 → 6", f"{second}:2")]
