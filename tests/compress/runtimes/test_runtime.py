"""What is asked of a runtime that is there, without importing anything of it."""

import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from compress.runtimes.runtime import own_runtime


def test_slimgates_own_environment_has_its_own_distributions():
    own = own_runtime()
    assert own.is_own
    assert own.version("numpy") == version("numpy")
    assert own.version("no-such-distribution-of-slimgate") is None
    assert own.reads == (Path(sys.base_prefix), Path(sys.prefix))


def test_a_package_is_found_in_the_runtimes_own_folders(tmp_path):
    (tmp_path / "paddleseg").mkdir()
    runtime = replace(own_runtime(), packages=(tmp_path,))
    assert runtime.packages_with("paddleseg") is None  # a folder that is no package
    (tmp_path / "paddleseg" / "__init__.py").touch()
    assert runtime.packages_with("paddleseg") == tmp_path
    assert runtime.version("numpy") is None


def test_another_python_is_another_environment(tmp_path):
    assert not replace(own_runtime(), python=tmp_path / "bin" / "python").is_own
