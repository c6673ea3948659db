"""Numbers, formatted for people."""

from __future__ import annotations

from bench.stats import Interval


def half_width(interval: Interval) -> str:
    """Half of the interval's width with two significant digits, never an exponent."""
    width = interval.half_width
    return f"{width:.2g}" if 0.001 < width < 99.5 else f"{width:.0f}"


def milliseconds(value: float) -> str:
    """A latency with three significant digits, or one decimal from 100 up."""
    if value >= 100:
        return f"{value:.1f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"
