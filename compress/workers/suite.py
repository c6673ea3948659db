"""Prepares a worker process for a suite: working folder, code, seeds, threads."""

from __future__ import annotations

import importlib
import os
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np

from compress.safe_yaml import dump_yaml
from compress.suites import DRIVERS
from compress.suites.base import Driver, without_downloads


def enter_suite(request: dict[str, Any]) -> Driver:
    """Makes this process ready for ``request['suite']`` and returns the suite's driver.

    ``suite``: ``dialect``, ``code`` (folder with the suite's packages, or None for the installed
    ones), ``data_dir`` (the name that configs use), ``data`` (the real folder, or None).
    ``request['seed']``: 0 where there is none.
    """
    seed = request.get("seed", 0)
    suite = request["suite"]
    if suite["data"] is not None and not Path(suite["data_dir"]).exists():
        os.symlink(suite["data"], suite["data_dir"])
    if suite["code"] is not None:
        sys.path.insert(0, suite["code"])
    random.seed(seed)
    np.random.seed(seed)
    import paddle

    paddle.set_device("cpu")
    paddle.seed(seed)
    driver: Driver = importlib.import_module(DRIVERS[suite["dialect"]]).DRIVER
    return driver


def write_config(resolved: dict[str, Any], name: str = "config.yml") -> Path:
    """Writes a resolved config for the suite's own loader: no bases, no downloads, inert tags."""
    path = Path(name)
    path.write_text(dump_yaml(without_downloads(resolved)), encoding="utf-8")
    return path
