"""Lays out the code of one side of a change for workers."""

from __future__ import annotations

from bench.job import JobSettings
from bench.variant import Side
from compress.source import SuiteSource, lay_out_code
from compress.suites import find_dialect
from compress.workshop import Workshop
from core.git import GitRepo


def side_source(
    settings: JobSettings,
    side: Side,
    commit: str,
    change: str | None,
    repo: GitRepo,
    workshop: Workshop,
) -> SuiteSource:
    """The suite at ``commit``, without data. ``change``: that to which the commit belongs, None if
    it is part of the base branch.
    """
    runtime = settings.runtimes.get(side, workshop.runtime)
    store = workshop.for_change(change).store
    dialect = find_dialect(settings.dialect)
    code, code_id = lay_out_code(repo, commit, dialect, store, runtime)
    return SuiteSource(settings.dialect, code, code_id, settings.data_dir, None, change, runtime)
