"""A runtime is installed whole or not at all, by real pip, into a real virtual environment."""

import subprocess
import sys

import pytest

from compress.runtimes.install import find_python, install_runtime
from compress.runtimes.installed import find_runtime, folder_of, read_installed
from core.errors import InputError, JobFailure
from core.private_folder import remove_orphans


def install(described, root, attempt=lambda runtime: None):
    said = []
    return install_runtime(described.describe(), root, said.append, attempt), said


def test_it_holds_its_packages_its_variables_and_its_libraries(described, tmp_path):
    described.write("environment: {FLAGS_x: '1'}\nlibraries: [tiny]\n")
    tried = []
    runtime, said = install(described, tmp_path / "root", tried.append)
    assert said[-2:] == ["linked 2 names of shared libraries", "start Paddle in it"]
    assert tried[0].name == runtime.name == "small"
    assert runtime.version("tiny") == "1.5"
    assert runtime.version("numpy") is None
    assert runtime.environment == {"FLAGS_x": "1"}
    assert (runtime.libraries / "libtiny.so").resolve().name == "libtiny.so.8"
    program = "import sys, tiny; print(sys.prefix)"
    ran = subprocess.run(
        [runtime.python, "-c", program], check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == str(folder_of(described.describe(), tmp_path / "root"))
    again, said = install(described, tmp_path / "root", lambda runtime: pytest.fail("tried again"))
    assert (again, said) == (runtime, [])
    assert find_runtime(str(described.file), tmp_path / "root") == runtime


def test_a_package_with_another_hash_leaves_nothing(described, tmp_path):
    described.pin("0" * 64)
    with pytest.raises(InputError, match=r"cannot install small\.txt") as caught:
        install(described, tmp_path / "root")
    assert "hash" in caught.value.message.lower()
    assert list((tmp_path / "root").iterdir()) == []


def test_a_runtime_in_which_paddle_does_not_start_is_not_kept(described, tmp_path):
    def fail(runtime):
        raise JobFailure("start", "error", "no libcudnn")

    with pytest.raises(JobFailure, match="no libcudnn"):
        install(described, tmp_path / "root", fail)
    assert read_installed(folder_of(described.describe(), tmp_path / "root")) is None
    assert list((tmp_path / "root").iterdir()) == []


def test_of_two_installations_at_once_one_is_kept(described, tmp_path):
    first = []

    def attempt(runtime):
        if not first:
            first.append(runtime)
            install(described, tmp_path / "root", attempt)

    runtime, _ = install(described, tmp_path / "root", attempt)
    assert runtime.version("tiny") == "1.5"
    assert [path.name for path in (tmp_path / "root").iterdir()] == [runtime.python.parents[1].name]


def test_what_a_killed_installation_left_is_removed(described, tmp_path):
    program = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[3]); from pathlib import Path\n"
        "from compress.runtimes.install import install_runtime\n"
        "from compress.runtimes.spec import describe_runtime\n"
        "kill = lambda runtime: os.kill(os.getpid(), signal.SIGKILL)\n"
        "install_runtime(describe_runtime(sys.argv[1]), Path(sys.argv[2]), print, kill)\n"
    )
    root = tmp_path / "root"
    words = [sys.executable, "-c", program, described.file, root, "."]
    killed = subprocess.run(words, check=False, capture_output=True, timeout=120)
    assert killed.returncode == -9
    assert read_installed(folder_of(described.describe(), root)) is None
    assert list(root.iterdir()) != []
    remove_orphans(root, ".making-")
    assert list(root.iterdir()) == []


def test_wheels_of_another_python_are_taken_for_their_libraries(described, tmp_path):
    described.write("libraries: [tiny]\n", python="3.9")
    runtime, _ = install(described, tmp_path / "root")
    assert (runtime.libraries / "libtiny.so").exists()


def test_a_python_that_is_not_here_is_named(described, monkeypatch):
    described.write(pythons="['3.77']")
    with pytest.raises(InputError, match=r"needs Python 3\.77") as caught:
        find_python(described.describe())
    assert "python3.77" in caught.value.hint


def test_this_python_is_taken_where_it_will_do(described):
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert find_python(described.describe()).name == f"python{own}"
