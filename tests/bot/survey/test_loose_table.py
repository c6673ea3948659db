"""The table of ``slimgate bench``."""

import io

from rich.console import Console

from bench.loose import BenchRow
from bench.proven import PrecisionProof
from bench.result import Stopped
from bench.stats import Interval
from bot.survey.loose_table import HEADERS, print_benchmark
from core.finding import Finding


def make_row(**facts):
    base = {
        "model": "out/int8",
        "target": "cpu-onednn-int8",
        "op_types": (),
        "latency_ms": Interval(value=4.0, low=3.9, high=4.1),
        "speedup": Interval(value=1.523, low=1.5, high=1.55),
        "runs": 100,
        "peak_memory_bytes": 240_000_000,
        "proof": PrecisionProof(
            precision="int8",
            op_types=("conv2d",),
            ops={"conv2d": (40, 41), "depthwise_conv2d": (7, 8), "fc": (2, 2), "pool2d": (0, 3)},
        ),
    }
    return BenchRow(**{**base, **facts})


def printed(*rows, width=200):
    stream = io.StringIO()
    print_benchmark(list(rows), Console(file=stream, width=width, highlight=False))
    return [line.strip() for line in stream.getvalue().splitlines() if line.strip()]


def cells(line):
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_a_row_shows_every_figure():
    header, _, row = printed(make_row())
    assert cells(header) == list(HEADERS)
    assert cells(row) == [
        *("out/int8", "cpu-onednn-int8", "4.00 ±0.1 ms", "1.52× [1.50, 1.55]", "100", "240 MB"),
        "47 of 49 convolutions; 2 fc",
    ]


def test_chosen_op_types_belong_to_the_target():
    assert "cpu-onednn-int8:conv2d,fc" in printed(make_row(op_types=("conv2d", "fc")))[2]
    assert (
        "cpu-onednn-int8:fc,-add" in printed(make_row(op_types=("fc",), disabled_ops=("add",)))[2]
    )


def test_conversions_are_not_counted_as_ops():
    ops = {"conv2d": (1, 1), "quantize": (3, 3), "dequantize": (2, 2)}
    proof = PrecisionProof(precision="int8", op_types=(), ops=ops)
    assert printed(make_row(proof=proof))[2].endswith("1 of 1 convolutions")


def test_a_failure_has_dashes_and_says_why_below():
    failure = Stopped(stage="latency", kind="error", message="[red]no\x1b[31m", log_tail="")
    row = make_row(
        latency_ms=None, speedup=None, runs=0, peak_memory_bytes=None, proof=None, failure=failure
    )
    lines = printed(row)
    assert cells(lines[2]) == ["out/int8", "cpu-onednn-int8", "failed", "–", "–", "–"]
    assert lines[3] == "out/int8 cpu-onednn-int8: failed at latency: [red]no[31m"


def test_a_name_with_control_characters_is_shown_without_them():
    text = "\n".join(printed(make_row(model="out/\x1b[2Jint8\u202e", remarks=("\x1b[31mred",))))
    assert "out/[2Jint8" in text
    assert "[31mred" in text
    assert not {"\x1b", "\u202e"} & set(text)


def test_remarks_and_findings_stand_below_the_table():
    finding = Finding(code="SG301", severity="warning", message="not quantised", file="m")
    lines = printed(make_row(remarks=("a remark",), findings=(finding,)))
    assert lines[3:] == [
        "out/int8 cpu-onednn-int8: a remark",
        "out/int8 cpu-onednn-int8: warning SG301: not quantised",
    ]
