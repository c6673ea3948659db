"""Computes the coordinates of the report's plots; the template draws them as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.stats import Interval
from bot.report.report import VariantReport

WIDTH, LEFT, RIGHT, ROW, TOP, BOTTOM = 360.0, 84.0, 12.0, 26.0, 6.0, 22.0
"""In SVG units, each about a pixel on a phone."""
MAX_DOTS = 220


@dataclass(frozen=True)
class Tick:
    """A mark on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class PlotRow:
    """One variant: a dot for each sample, the ends of the interval, and the point estimate."""

    label: str
    y: float
    dots: tuple[tuple[float, float], ...]
    low: float
    high: float
    middle: float
    text: str


@dataclass(frozen=True)
class Plot:
    """A plot with one row for each variant over a common axis."""

    title: str
    width: float
    height: float
    axis_y: float
    ticks: tuple[Tick, ...]
    rows: tuple[PlotRow, ...]


def latency_plot(variants: Sequence[VariantReport]) -> Plot | None:
    """The latency of every run in milliseconds, with the median and its interval; None if there is
    none. A variant that is the same model as another one is not drawn.
    """
    timed = [v for v in variants if v.latency_ms and not v.same_as]
    if not timed:
        return None
    samples = [np.concatenate([np.asarray(r) for r in v.rounds_ms]) for v in timed]
    low = min(float(np.percentile(s, 1)) for s in samples)
    high = max(float(np.percentile(s, 97)) for s in samples)
    entries = [
        (_label(v), v.latency_ms, s, f"{v.latency_ms.value:.2f} ms")
        for v, s in zip(timed, samples, strict=True)
        if v.latency_ms
    ]
    return _plot("Latency of every run, in milliseconds", entries, low, high)


def accuracy_plot(variants: Sequence[VariantReport]) -> Plot | None:
    """Accuracy in points with its interval; None if there is none."""
    distinct = [v for v in variants if not v.same_as]
    entries = [
        (_label(v), v.accuracy_points, np.empty(0), f"{v.accuracy_points.value:.2f}")
        for v in distinct
        if v.accuracy_points
    ]
    if not entries:
        return None
    low = min(interval.low for _, interval, _, _ in entries)
    high = max(interval.high for _, interval, _, _ in entries)
    metric = next(v.metric for v in distinct if v.metric)
    return _plot(f"{metric} in points, with 95 % intervals", entries, low, high)


def _plot(
    title: str,
    entries: Sequence[tuple[str, Interval, np.ndarray, str]],  # type: ignore[type-arg]
    low: float,
    high: float,
) -> Plot:
    margin = max((high - low) * 0.08, abs(high) * 0.005, 1e-6)
    low, high = low - margin, high + margin

    def x_of(value: float) -> float:
        share = (min(max(value, low), high) - low) / (high - low)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    rows = []
    for index, (label, interval, samples, text) in enumerate(entries):
        y = TOP + ROW * (index + 0.5)
        ends = x_of(interval.low), x_of(interval.high), x_of(interval.value)
        rows.append(PlotRow(label, y, _dots(samples, y, x_of), *ends, text))
    height = TOP + ROW * len(rows)
    ticks = tuple(Tick(x_of(value), f"{value:g}") for value in nice_ticks(low, high))
    return Plot(title, WIDTH, height + BOTTOM, height, ticks, tuple(rows))


def _dots(samples: np.ndarray, y: float, x_of) -> tuple[tuple[float, float], ...]:  # type: ignore[type-arg,no-untyped-def]
    """At most ``MAX_DOTS`` samples, evenly chosen, and spread vertically by a fixed pattern so that
    dots do not hide one another.
    """
    step = max(1, math.ceil(len(samples) / MAX_DOTS))
    thinned = samples[::step]
    return tuple(
        (x_of(float(value)), round(y + ((i * 0.618034) % 1 - 0.5) * ROW * 0.62, 1))
        for i, value in enumerate(thinned)
    )


def nice_ticks(low: float, high: float, count: int = 4) -> list[float]:
    """About ``count`` round numbers from ``low`` to ``high``."""
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough)
    first = math.ceil(low / step)
    return [round(step * k, 10) for k in range(first, math.floor(high / step) + 1)]


def _label(variant: VariantReport) -> str:
    return str(variant.variant)
