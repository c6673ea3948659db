"""The table of ``slimgate bench``, for people."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from bench.loose import BenchRow
from bench.proven import PrecisionProof
from bot.text.progress import plain_text
from bot.text.quantities import half_width, milliseconds

HEADERS = ("model", "target", "median", "speed-up", "runs", "memory", "low precision")
CONVOLUTIONS = (
    *("conv2d", "depthwise_conv2d", "fused_conv2d", "conv2d_transpose"),
    "convolution",  # OpenVINO's
)


def print_benchmark(rows: list[BenchRow], console: Console) -> None:
    """Prints the table, and below it failures, remarks and the doctor's findings."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in HEADERS:
        grid.add_column(header, overflow="fold")
    for row in rows:
        grid.add_row(*(plain_text(cell) for cell in _cells(row)))
    console.print(grid)
    for row in rows:
        for line in _lines(row):
            text = plain_text(f"{row.model} {_target(row)}: {line}")
            console.print(text, highlight=False, soft_wrap=True)


def _cells(row: BenchRow) -> tuple[str, ...]:
    latency, s, memory = row.latency_ms, row.speedup, row.peak_memory_bytes
    return (
        row.model,
        _target(row),
        f"{milliseconds(latency.value)} ±{half_width(latency)} ms" if latency else "failed",
        f"{s.value:.2f}× [{s.low:.2f}, {s.high:.2f}]" if s else "–",
        str(row.runs) if row.runs else "–",
        f"{memory / 1e6:.0f} MB" if memory is not None else "–",
        _low_precision(row.proof),
    )


def _lines(row: BenchRow) -> list[str]:
    failed = row.failure and f"failed at {row.failure.stage}: {row.failure.message}"
    findings = [f"{f.severity} {f.code}: {f.message}" for f in row.findings]
    return [*([failed] if failed else []), *row.remarks, *findings]


def _target(row: BenchRow) -> str:
    listed = (*row.op_types, *(f"-{name}" for name in row.disabled_ops))
    return row.target + (f":{','.join(listed)}" if listed else "")


def _low_precision(proof: PrecisionProof | None) -> str:
    """``47 of 47 convolutions; 2 fc``: the ops that run in low precision; empty without a proof."""
    if proof is None:
        return ""
    counts = [proof.ops[name] for name in CONVOLUTIONS if name in proof.ops]
    low, every = sum(count[0] for count in counts), sum(count[1] for count in counts)
    remaining = [
        f"{low} {name}"
        for name, (low, _) in proof.ops.items()
        if low and name not in (*CONVOLUTIONS, "quantize", "dequantize")
    ]
    return "; ".join([f"{low} of {every} convolutions", *remaining])
