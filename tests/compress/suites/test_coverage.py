"""Every key has a fate: the tables, their lookup, and the page that is made from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.demo import make_repository
from compress.checkout import open_checkout
from compress.suites import SUITES, find_suite
from compress.suites.coverage import Coverage, leaves
from core.installation import shipped
from examples.check_keys import fates_of
from examples.key_page import render
from examples.scenarios import DEMOS

TABLE = Coverage(
    measured={"model": "m", "data.*.size": "any", "data.val.size": "exact"},
    without_influence={"model.pretrained": "w"},
    not_measured={"data.flags.odd": "n"},
    counted=("data.*.labels", "metric"),
)


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("model", ("model", "measured", "m")),
        ("model.backbone.type", ("model", "measured", "m")),
        ("model.pretrained", ("model.pretrained", "without influence", "w")),
        ("model.pretrained_not", ("model", "measured", "m")),
        ("data.train.size.0", ("data.*.size", "measured", "any")),
        ("data.val.size", ("data.val.size", "measured", "exact")),
        ("data.flags.odd", ("data.flags.odd", "not measured", "n")),
        ("data.flags", None),
        ("models", None),
    ],
)
def test_the_longest_path_decides(key, row):
    assert TABLE.find(key) == row


def test_what_is_counted_is_told_by_its_paths():
    assert TABLE.counts("data.val.labels.0")
    assert TABLE.counts("metric")
    assert not TABLE.counts("data.val.size")
    assert not TABLE.counts("data.labels")


def test_leaves_do_not_look_into_lists():
    document = {"a": {"b": 1, "c": {}}, "d": [{"e": 1}], "f": None}
    assert list(leaves(document)) == ["a.b", "a.c", "d", "f"]


@pytest.mark.parametrize("name", SUITES)
def test_no_path_has_two_fates(name):
    paths = [path for path, _, _ in find_suite(name).coverage.rows()]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("demo", DEMOS)
def test_every_key_of_the_example_suites_is_classified(demo, tmp_path):
    repo = make_repository(DEMOS[demo], tmp_path / "suite")
    fates = list(fates_of(open_checkout(DEMOS[demo].manifest, repo, "main", None)))
    assert {path for path, _, _ in fates} >= {"configs/runtime.yml"} or demo == "seg"
    assert [key for _, key, fate in fates if fate is None] == []


def test_the_page_is_up_to_date():
    page = shipped("configs").parent / "docs" / "config-keys.md"
    assert Path(page).read_text(encoding="utf-8") == render()
