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
