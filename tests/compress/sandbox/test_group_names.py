"""Control groups of killed runs are removed, and never meet a later process of the same number."""

import os
import subprocess
import sys
import time

import pytest

from compress.sandbox import group_names
from compress.sandbox.group_names import ABANDONED_S, own_name, remove_leftovers


@pytest.fixture
def dead():
    """The name of a group whose maker has died."""
    program = "from compress.sandbox.group_names import own_name; print(own_name())"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_group_of_a_dead_process_is_removed_with_its_workers(tmp_path, dead):
    (tmp_path / dead / "worker-1").mkdir(parents=True)
    (tmp_path / f"{dead}-probe").mkdir()
    remove_leftovers([tmp_path])
    assert list(tmp_path.iterdir()) == []


def test_the_group_of_a_living_process_stays_even_while_it_is_empty(tmp_path):
    (tmp_path / own_name()).mkdir()
    remove_leftovers([tmp_path])
    assert [path.name for path in tmp_path.iterdir()] == [own_name()]


def test_a_later_process_of_the_same_number_has_another_name(tmp_path, monkeypatch):
    name = own_name()
    (tmp_path / name).mkdir()
    monkeypatch.setattr(group_names, "_started", lambda pid: "999")
    assert own_name() != name
    remove_leftovers([tmp_path])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["slimgate-1-2-3", "slimgate-4711", "slimgate-probe-4711"])
def test_a_maker_that_is_not_seen_is_gone_once_no_job_takes_so_long(tmp_path, name):
    (tmp_path / name).mkdir()
    remove_leftovers([tmp_path])
    assert (tmp_path / name).exists()
    before = time.time() - ABANDONED_S - 10
    os.utime(tmp_path / name, (before, before))
    remove_leftovers([tmp_path])
    assert not (tmp_path / name).exists()


def test_other_groups_and_those_with_processes_stay(tmp_path, dead):
    (tmp_path / "system.slice").mkdir()
    (tmp_path / dead).mkdir()
    (tmp_path / dead / "process").touch()  # stands for one: such a folder cannot be removed either
    remove_leftovers([tmp_path])
    assert {path.name for path in tmp_path.iterdir()} == {"system.slice", dead}
