"""Runs the command line as a person does: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def slimgate(*arguments, cwd=None, encoding="utf-8", **environment):
    """The finished process; ``environment`` is added to this one's."""
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *map(str, arguments)],
        capture_output=True,
        encoding=encoding,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )
