"""The survey's table, on a terminal and as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from rich import box
from rich.console import Console
from rich.table import Table

from bench.survey_row import SurveyRow, low_precision_convolutions
from bot.text.escape import escape_markdown
from bot.text.progress import plain_text
from compress.checkout import Checkout
from core.finding import Finding
from core.schema import write_text

TARGET = "target"
"""The column that is left out if every model runs on the target that it is deployed on."""
HEADERS = (
    "config",
    "recipe",
    TARGET,
    "input",
    "export",
    "compress",
    "memory",
    "low precision",
    "fp32",
    "compressed",
    "speed-up",
    "size",
    "accuracy",
    "effect",
)

NARROW = (
    "recipe",
    TARGET,
    "compress",
    "low precision",
    "fp32",
    "compressed",
    "speed-up",
    "accuracy",
    "effect",
)

CAUSES = ("SG6", "SG306")
"""Prefixes of the codes of rules that say what stopped a model."""
CLEAR = 0.2
"""An interval wider than this share of its value is printed beside it."""
WORTH_SAYING = 0.02
"""Smaller shares of zeros are not printed: int8 alone rounds up to 1.8 % of the weights to zero."""


def print_survey(rows: list[SurveyRow], console: Console) -> None:
    """Prints the table without its widest columns, the shares, and what failed."""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    headers = _shown(NARROW, rows)
    for header in (HEADERS[0], *headers):
        grid.add_column(header, overflow="fold")
    for row in rows:
        narrow = (PurePosixPath(row.config).stem, *cells(row, headers))
        grid.add_row(*(plain_text(cell) for cell in narrow), style="red" if row.failure else None)
    console.print(grid)
    for line in (*shares(rows), *failures(rows)):
        console.print(plain_text(line), soft_wrap=True)


def write_survey(rows: list[SurveyRow], checkout: Checkout, out: Path) -> None:
    """Writes ``survey.md``."""
    lines = [f"# {checkout.manifest.suite} at {checkout.commit[:12]}", ""]
    lines += [f"{line}  " for line in shares(rows)]
    headers = _shown(HEADERS, rows)
    lines += ["", "| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    lines += ["| " + " | ".join(map(escape_markdown, cells(row, headers))) + " |" for row in rows]
    lines += ["", *(f"- {escape_markdown(line)}" for line in failures(rows)), ""]
    write_text(out / "survey.md", "\n".join(lines))


def _shown(headers: tuple[str, ...], rows: list[SurveyRow]) -> tuple[str, ...]:
    targeted = any(row.target for row in rows)
    return tuple(header for header in headers if targeted or header != TARGET)


def cells(row: SurveyRow, headers: tuple[str, ...] = HEADERS) -> tuple[str, ...]:
    """The cells of one row under these headers; a dash if nothing was measured."""
    before, after = row.latency_ms or (None, None)
    reduced = "" if row.shape == row.full_shape else " (reduced)"
    peak = max((cost.peak_memory_bytes for cost in row.costs.values()), default=0)
    every = (
        row.config,
        _recipe(row),
        row.target or "as deployed",
        "×".join(map(str, row.shape[2:])) + reduced,
        _seconds(row, "export"),
        _seconds(row, "compress"),
        f"{peak / 1e9:.1f} GB" if peak else "–",
        _proof(row),
        f"{before.value:.1f} ms" if before else "–",
        f"{after.value:.1f} ms" if after else "–",
        _speedup(row),
        f"{row.size_bytes[0] / 1e6:.1f} → {row.size_bytes[1] / 1e6:.1f} MB"
        if row.size_bytes
        else "–",
        _accuracy(row),
        ", ".join(_effects(row)) or "–",
    )
    by_header = dict(zip(HEADERS, every, strict=True))
    return tuple(by_header[header] for header in headers)


def shares(rows: list[SurveyRow]) -> Iterator[str]:
    """How many rows got through each stage, the share of explained failures, median speed-ups."""
    total = len(rows)
    if not total:
        yield "no model matches"
        return
    for stage, verb in (("export", "export"), ("compress", "compress"), ("run", "run compressed")):
        count = sum(stage in row.costs for row in rows)
        yield f"{count} of {total} {verb} ({count / total:.0%})"
    failed = [row for row in rows if row.failure]
    if failed:
        explained = sum(bool(_causes(row)) for row in failed)
        noun = "failure has" if len(failed) == 1 else "failures have"
        yield f"{explained} of {len(failed)} {noun} a finding that names the cause"
    for target in dict.fromkeys(row.target for row in rows):
        speedups = [row.speedup.value for row in rows if row.speedup and row.target == target]
        where = f" on {target}" if target else ""
        if speedups:
            median = statistics.median(speedups)
            yield f"median speed-up{where} {median:.2f}× of {len(speedups)}"


def failures(rows: list[SurveyRow]) -> Iterator[str]:
    """One line for each row that failed: what stopped it."""
    for row in rows:
        if row.failure:
            causes = "; ".join(f"{cause.code} {cause.message}" for cause in _causes(row))
            message = causes or " ".join(row.failure.message.split())[:300]
            way = " ".join(filter(None, (row.config, _recipe(row), row.target)))
            yield f"{way}: {row.failure.stage}: {message}"


def _causes(row: SurveyRow) -> list[Finding]:
    return [finding for finding in row.findings if finding.code.startswith(CAUSES)]


def _recipe(row: SurveyRow) -> str:
    return row.recipe.removeprefix("slimgate:").rsplit(".", 1)[0]


def _seconds(row: SurveyRow, stage: str) -> str:
    if row.failure and row.failure.stage == stage:
        return "failed"
    return f"{row.costs[stage].duration_s:.0f} s" if stage in row.costs else "–"


def _speedup(row: SurveyRow) -> str:
    """The speed-up, with its interval if that is wide."""
    if row.speedup is None:
        return "–"
    low, high = row.speedup.low, row.speedup.high
    clear = high - low <= CLEAR * row.speedup.value
    return f"{row.speedup.value:.2f}×" + ("" if clear else f" ({low:.1f}–{high:.1f})")


def _accuracy(row: SurveyRow) -> str:
    """Accuracy in points before and after, and of the fake-quantised model if there is one."""
    if row.accuracy is None:
        return "–" if row.weights == "trained" else "initial weights"
    before, after = (f"{100 * value:.2f}" for value in row.accuracy)
    trained = (
        f" ({100 * row.fake_quantised:.2f} before conversion)"
        if row.fake_quantised is not None
        else ""
    )
    return f"{before} → {after}{trained}"


def _effects(row: SurveyRow) -> Iterator[str]:
    """What compression changed in the model: FLOPs, weights, zeros."""
    for name, unit in (("flops", "FLOPs"), ("weights", "weights")):
        if name in row.effects:
            before, after = row.effects[name]
            yield f"{after / before - 1:+.0%} {unit}"
    for name, words in (("zeros", "zeros"), ("zeros_2_4", "in 2:4")):
        if name in row.effects and row.effects[name][1] >= WORTH_SAYING:
            yield f"{row.effects[name][1]:.0%} {words}"


def _proof(row: SurveyRow) -> str:
    """``47 of 47 convs``: the convolutions that run in low precision."""
    if row.proof is None:
        return "failed" if row.failure and row.failure.stage == "proof" else "–"
    low, every = low_precision_convolutions(row)
    return f"{low} of {every} convs"
