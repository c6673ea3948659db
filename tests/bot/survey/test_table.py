"""The survey's table: its cells, the shares, what failed, and its Markdown."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from bench.survey_row import RowFailure
from bot.survey.table import HEADERS, cells, failures, print_survey, shares, write_survey
from tests.bot.survey.rows import failed_row, interval, make_row


def test_a_failure_is_named():
    row = failed_row()
    assert [one.code for one in row.findings] == ["SG602"]
    assert "SG602 export took longer than it may" in next(failures([row]))
    lines = list(shares([row, make_row()]))
    assert lines[:3] == [
        "1 of 2 export (50%)",
        "1 of 2 compress (50%)",
        "1 of 2 run compressed (50%)",
    ]
    assert "1 of 1 failure has a finding that names the cause" in lines


def test_cells_say_what_was_reduced_and_what_is_not_known():
    row = make_row(
        size_bytes=(10_000_000, 2_500_000),
        latency_ms=(interval(10.0), interval(5.0)),
        speedup=interval(2.0),
        effects={"flops": (100.0, 60.0), "zeros": (0.0, 0.5)},
    )
    found = cells(row)
    assert "256×512 (reduced)" in found
    assert "10.0 → 2.5 MB" in found
    assert "initial weights" in found
    assert "-40% FLOPs, 50% zeros" in found
    trained = make_row(weights="trained", accuracy=(0.8, 0.79), fake_quantised=0.795)
    assert "80.00 → 79.00 (79.50 before conversion)" in cells(trained)


def test_the_target_is_shown_where_one_was_named():
    row = make_row(target="cpu-native-fp32")
    assert row.id != make_row().id
    assert "cpu-native-fp32" in cells(row)
    assert "m.yml ptq cpu-native-fp32: export: SG602" in next(
        failures([failed_row(target="cpu-native-fp32")])
    )


def test_a_row_that_ended_early_has_dashes():
    row = failed_row()
    by_header = dict(zip(HEADERS, cells(row), strict=True))
    assert by_header["export"] == "failed"
    silent = ("compress", "memory", "low precision", "fp32", "compressed", "speed-up", "size")
    assert {by_header[header] for header in silent} == {"–"}


@pytest.mark.parametrize(
    ("speedup", "text"),
    [
        (interval(2.0), "2.00×"),
        (interval(2.0, 1.9, 2.1), "2.00×"),
        (interval(2.0, 1.8, 2.21), "2.00× (1.8–2.2)"),
        (None, "–"),
    ],
)
def test_a_wide_interval_is_printed_beside_the_speed_up(speedup, text):
    assert cells(make_row(speedup=speedup), ("speed-up",)) == (text,)


@pytest.mark.parametrize(
    ("effects", "text"),
    [
        ({}, "–"),
        ({"zeros": (0.0, 0.018)}, "–"),
        ({"zeros": (0.0, 0.02)}, "2% zeros"),
        ({"weights": (100.0, 110.0)}, "+10% weights"),
        ({"zeros_2_4": (0.0, 1.0), "flops": (10.0, 5.0)}, "-50% FLOPs, 100% in 2:4"),
    ],
)
def test_effects_are_those_of_compression_and_not_of_rounding(effects, text):
    assert cells(make_row(effects=effects), ("effect",)) == (text,)


def test_the_target_has_a_column_only_if_one_was_named(tmp_path):
    checkout = SimpleNamespace(manifest=SimpleNamespace(suite="s"), commit="c" * 40)
    write_survey([make_row()], checkout, tmp_path)
    assert "target" not in (tmp_path / "survey.md").read_text()
    write_survey([make_row(), make_row(target="cpu-native-fp32")], checkout, tmp_path)
    text = (tmp_path / "survey.md").read_text()
    assert text.startswith(f"# s at {'c' * 12}\n")
    assert "| target |" in text
    assert "as deployed" in text


def test_untrusted_text_is_escaped_in_the_file(tmp_path):
    checkout = SimpleNamespace(manifest=SimpleNamespace(suite="s"), commit="c" * 40)
    write_survey([failed_row(config="configs/a|<b>@eve.yml")], checkout, tmp_path)
    text = (tmp_path / "survey.md").read_text()
    assert "<b>" not in text
    assert "@eve" not in text


def test_the_terminal_shows_the_narrow_columns_and_what_failed():
    stream = io.StringIO()
    console = Console(file=stream, width=200, highlight=False)
    print_survey([make_row(config="configs/a/\x1bm.yml"), failed_row()], console)
    text = stream.getvalue()
    header = next(line for line in text.splitlines() if "config" in line).split()
    assert header[0] == "config"
    assert "export" not in header
    assert "\x1b" not in text
    assert "1 of 2 export (50%)" in text
    assert "configs/a/m.yml ptq: export: SG602" in text


@pytest.mark.parametrize("row", [make_row, failed_row])
def test_a_terminal_gets_no_control_characters(row):
    stream = io.StringIO()
    console = Console(file=stream, width=200, highlight=False)
    print_survey([row(config="configs/a/\x1b[2Jm\u202e.yml")], console)
    assert "[2Jm" in stream.getvalue()
    assert not {"\x1b", "\u202e"} & set(stream.getvalue())


def test_no_rows_are_no_match():
    assert list(shares([])) == ["no model matches"]


def test_medians_of_speed_ups_are_by_target():
    rows = [make_row(speedup=interval(value)) for value in (1.0, 2.0, 4.0)]
    rows += [make_row(target="cpu-onednn-bf16", speedup=interval(3.0)), make_row()]
    lines = list(shares(rows))[3:]
    assert lines == [
        "median speed-up 2.00× of 3",
        "median speed-up on cpu-onednn-bf16 3.00× of 1",
    ]


def test_a_failure_without_a_cause_shows_its_own_message():
    failure = RowFailure(stage="run", kind="error", message="a\n  b" + "c" * 400, log_tail="")
    (line,) = failures([make_row(failure=failure)])
    assert line.startswith("configs/a/m.yml ptq: run: a bccc")
    assert len(line) < 340
    assert "0 of 1 failure has a finding that names the cause" in shares(
        [make_row(failure=failure)]
    )
