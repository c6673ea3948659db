"""Rows of the survey made up for tests."""

from bench.stats import Interval
from bench.survey import diagnose_row
from bench.survey_row import RowFailure, SurveyRow
from compress.runtimes.runtime import own_runtime
from compress.worker.process import Usage

USAGE = Usage(duration_s=2.0, peak_memory_bytes=10**9)


def interval(value, low=None, high=None):
    """An interval, by default without width."""
    return Interval(
        value=value, low=value if low is None else low, high=value if high is None else high
    )


def make_row(**facts):
    """A row that got through every stage."""
    base = {
        "commit": "c" * 40,
        "config": "configs/a/m.yml",
        "recipe": "slimgate:ptq.yaml",
        "shape": (1, 3, 256, 512),
        "full_shape": (1, 3, 512, 1024),
        "costs": {"export": USAGE, "compress": USAGE, "run": USAGE},
    }
    return SurveyRow(**{**base, **facts})


def failed_row(**facts):
    """A row whose export took too long, with the doctor's findings."""
    failure = RowFailure(
        stage="export", kind="timeout", message="no answer within 9 s", log_tail=""
    )
    row = make_row(costs={}, failure=failure, **facts)
    return row.model_copy(update={"findings": diagnose_row(row, own_runtime())})
