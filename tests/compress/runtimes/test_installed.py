"""Which runtime a name stands for on this machine."""

from dataclasses import replace

import pytest

from compress.runtimes import installed
from compress.runtimes.installed import (
    RECORD,
    RuntimeRecord,
    find_runtime,
    folder_of,
    name_own,
    read_installed,
    serves,
)
from compress.runtimes.runtime import own_runtime
from compress.runtimes.spec import DEFAULT, bundled_runtimes, describe_runtime
from core.errors import InputError
from core.schema import write_json

GPU = "paddle-2.6.2-gpu"


def test_slimgates_own_environment_is_a_bundled_runtime(tmp_path):
    own = GPU if own_runtime().runs_on_gpu else DEFAULT
    assert name_own().name == own
    assert find_runtime(None, tmp_path) == find_runtime(own, tmp_path) == name_own()


def test_a_runtime_that_is_not_installed_is_refused_with_the_command_that_installs_it(tmp_path):
    with pytest.raises(InputError) as caught:
        find_runtime("paddle-3.2.2-cpu", tmp_path)
    assert caught.value.hint == "slimgate runtime install paddle-3.2.2-cpu"


def test_without_a_paddle_of_its_own_the_default_has_to_be_installed(tmp_path, monkeypatch):
    bare = replace(own_runtime(), packages=(tmp_path,))
    monkeypatch.setattr(installed, "own_runtime", lambda *_: bare)
    assert name_own() is None
    with pytest.raises(InputError, match=f"{DEFAULT} is not installed"):
        find_runtime(None, tmp_path)


@pytest.mark.parametrize("name", sorted(set(bundled_runtimes()) - {name_own().name}))
def test_other_versions_are_other_runtimes(name):
    assert not serves(own_runtime(), describe_runtime(name))


def test_own_versions_that_are_no_runtimes_have_no_runtimes_name(monkeypatch):
    monkeypatch.setattr(installed, "serves", lambda *_: False)
    assert name_own().name == "own"


def test_a_runtime_whose_python_is_gone_is_refused_with_the_remedy(tmp_path, described):
    folder = folder_of(described.describe(), tmp_path)
    folder.mkdir()
    values = {"name": "small", "python": "3.11.1", "base": "/gone", "packages": "lib"}
    write_json(folder / RECORD, RuntimeRecord(**values, environment={}))
    with pytest.raises(InputError, match="is gone") as caught:
        find_runtime(str(described.file), tmp_path)
    assert caught.value.hint == f"remove {folder}, then: slimgate runtime install {described.file}"


def test_a_folder_without_its_record_is_no_runtime(tmp_path, described):
    folder = folder_of(described.describe(), tmp_path)
    folder.mkdir()
    assert read_installed(folder) is None
    assert read_installed(tmp_path / "absent") is None
