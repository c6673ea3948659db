"""Modules that tests start in worker processes, and how they start them."""

from pydantic import ConfigDict

from compress.worker import start
from core.schema import StrictModel


class Free(StrictModel):
    """A request or an answer of any form: these workers take and return plain data."""

    model_config = ConfigDict(extra="allow")


def run_worker(module, stage, request, **circumstances):
    """``compress.worker.start.run_worker`` with plain data."""
    answer, usage = start.run_worker(module, stage, Free(**request), Free, **circumstances)
    return answer.model_dump(), usage
