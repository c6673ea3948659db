"""``slimgate survey``: choosing nothing, wrong names, and going on from rows that exist."""

import pytest

from bot.survey.sweep import ROWS
from core.lines import append_line
from tests.bot.survey.rows import failed_row, make_row


def survey(prepared, *extra, **options):
    return prepared.call("survey", *extra, **{"out": prepared.out, **options})


def test_no_match_is_a_table_that_says_so(prepared):
    ended = survey(prepared, configs="*gone*")
    assert ended.returncode == 0, ended.stderr
    assert "no model matches" in ended.stdout
    assert "no model matches" in (prepared.out / "survey.md").read_text()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"recipe": "ptqq"}, ["unknown recipe 'ptqq'", "--recipe", "nearest: ptq"]),
        ({"target": "cpu-onednn-int9"}, ["cpu-onednn-int9", "nearest: cpu-onednn-int8"]),
        ({"rev": "gone"}, ["unknown revision 'gone'"]),
    ],
)
def test_wrong_names_are_refused_and_leave_nothing(prepared, options, words):
    ended = survey(prepared, **options)
    assert ended.returncode == 2, ended.stderr
    for word in words:
        assert word in ended.stderr
    assert not prepared.out.exists()


def facts(prepared):
    return {
        "commit": prepared.suite.git("rev-parse", "HEAD"),
        "config": "configs/m.yml",
        "shape": (1, 3, 1024, 1024),
        "full_shape": (1, 3, 1024, 1024),
    }


def shape_of(prepared):
    """The shape that the dialect gives to a model that names none."""
    from compress.suites import find_dialect

    return tuple(find_dialect("paddleseg").input_shape({"model": {"type": "A"}}))


def test_rows_of_an_earlier_run_are_not_measured_again(prepared):
    shape = shape_of(prepared)
    row = make_row(**{**facts(prepared), "shape": shape, "full_shape": shape})
    append_line(prepared.out / ROWS, row)
    ended = survey(prepared)
    assert ended.returncode == 0, ended.stderr
    assert "1 of 1 run compressed (100%)" in ended.stdout
    assert len((prepared.out / ROWS).read_text().splitlines()) == 1


def test_a_failure_of_an_earlier_run_is_kept_and_ends_with_exit_1(prepared):
    shape = shape_of(prepared)
    row = failed_row(**{**facts(prepared), "shape": shape, "full_shape": shape})
    append_line(prepared.out / ROWS, row)
    ended = survey(prepared, "--listed")
    assert ended.returncode == 1, ended.stderr
    assert "export: SG602" in ended.stdout
