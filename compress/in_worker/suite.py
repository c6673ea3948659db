"""Prepares a worker process for a suite: working folder, code, seeds, threads."""

from __future__ import annotations

import importlib
import os
import random
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from compress.in_worker.old_programs import teach_old_programs
from compress.suites import find_suite
from compress.suites.driver import Driver
from compress.worker.requests import SuiteRequest
from core.safe_yaml import dump_yaml

NOT_A_PICKLE = "# Resolved by slimgate.\n"
"""First line of a config. A YAML file can be a pickle as well, which ``paddle.load`` would execute
if a config named itself as weights; no pickle begins with ``#``.
"""


def enter_suite(suite: SuiteRequest, seed: int = 0) -> Driver:
    """Prepares this process for a revision of a suite, sets seeds and returns its driver."""
    if suite.data is not None and not Path(suite.data_dir).exists():
        os.symlink(suite.data, suite.data_dir)
    if suite.code is not None:
        sys.path.insert(0, str(suite.code))
    random.seed(seed)
    np.random.seed(seed)
    import paddle

    teach_old_programs()
    paddle.set_device("cpu")
    paddle.seed(seed)
    return load_driver(suite.dialect)


def load_driver(dialect: str) -> Driver:
    """The driver of the suite with that name; imports Paddle and the suite when it is used."""
    driver: Driver = importlib.import_module(find_suite(dialect).driver).DRIVER
    return driver


def write_config(resolved: dict[str, Any], tags: Collection[str], name: str = "config.yml") -> Path:
    """Writes a resolved config for the suite's loader, without bases or downloads.

    ``tags``: those that the driver can construct; raises ValueError for any other.
    """
    path = Path(name)
    text = dump_yaml(without_downloads(resolved), tags)
    path.write_text(NOT_A_PICKLE + text, encoding="utf-8")
    return path


def without_downloads(document: Any) -> Any:
    """The document with null for every ``pretrained`` address, so that building fetches nothing."""
    if isinstance(document, dict):
        return {
            key: None
            if key == "pretrained" and isinstance(value, str)
            else without_downloads(value)
            for key, value in document.items()
        }
    return [without_downloads(v) for v in document] if isinstance(document, list) else document
