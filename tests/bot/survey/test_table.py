"""The survey's table: its cells, the shares, what failed, and its Markdown."""

from bot.survey.table import cells, failures, shares
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
