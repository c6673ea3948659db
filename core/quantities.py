"""Quantities with their units and physical ranges, as types of fields.

Values from outside are refused beyond these ranges, which real machines, models and data sets never
leave. Ratios, sums and squares of what lies within neither overflow nor divide by zero.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

MIN_LATENCY_MS, MAX_LATENCY_MS = 1e-6, 1e7

LatencyMs = Annotated[float, Field(ge=MIN_LATENCY_MS, le=MAX_LATENCY_MS)]
"""Milliseconds of one inference: from a picosecond's thousandfold to almost three hours."""
ShareMs = Annotated[float, Field(ge=0, le=MAX_LATENCY_MS)]
"""Milliseconds of a part of an inference, which may be none."""
DurationS = Annotated[float, Field(ge=0, le=1e8)]
"""Seconds of a stage or job: up to three years."""
TotalS = Annotated[float, Field(ge=0, le=1e12)]
"""Seconds of many stages together."""
Fraction = Annotated[float, Field(ge=0, le=1)]
"""A share, or a metric, from 0 to 1."""
Points = Annotated[float, Field(ge=0, le=100)]
"""Hundredths of a metric."""
Loss = Annotated[float, Field(ge=-1e30, le=1e30)]
"""The value of a loss function, in no unit."""
Measure = Annotated[float, Field(ge=-1e30, le=1e30)]
"""A count, size or distance of a model's contents, whatever its unit."""
Load = Annotated[float, Field(ge=0, le=1e6)]
"""The average number of processes that want to run."""

Bytes = Annotated[int, Field(ge=0, le=2**60)]
SomeBytes = Annotated[int, Field(gt=0, le=2**60)]
"""Bytes of something that is never empty, such as a model."""
Count = Annotated[int, Field(ge=0, le=2**48)]
"""How many there are of something: ops, parameters, steps."""
SomeCount = Annotated[int, Field(gt=0, le=2**48)]
Line = Annotated[int, Field(ge=1, le=2**31)]
"""The number of a line or column of a text, from 1."""
Offset = Annotated[int, Field(ge=0, le=2**31)]
"""Characters before a place in a text."""
Cores = Annotated[int, Field(ge=1, le=2**20)]
"""Processors or threads."""
Axis = Annotated[int, Field(ge=-1, le=2**24)]
"""The size of one dimension of a tensor; -1 where it is free."""
Pixels = Annotated[int, Field(ge=0, le=2**24)]
"""The height or width of an image."""
Size = tuple[Pixels, Pixels]
"""(height, width)."""
Seed = Annotated[int, Field(ge=-(2**63), lt=2**63)]
RunId = Annotated[int, Field(ge=0, lt=2**63)]
"""GitHub's number of a workflow run, pull request or comment."""
