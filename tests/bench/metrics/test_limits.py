"""Files of workers are read up to a size."""

import json
import zipfile

import pytest

from bench.metrics.limits import load_limited_json, require_size, require_unpacked_size
from core.errors import JobFailure


def test_a_size_equal_to_the_limit_is_allowed():
    require_size("a.json", 2**20, 2**20)
    with pytest.raises(JobFailure, match=r"a\.json is larger than 1 MiB") as caught:
        require_size("a.json", 2**20 + 1, 2**20)
    assert (caught.value.stage, caught.value.kind) == ("accuracy", "limit")


def test_json_is_read_up_to_the_limit(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps([1, 2]))
    assert load_limited_json(file, 6) == [1, 2]
    with pytest.raises(JobFailure, match="larger"):
        load_limited_json(file, 5)
    file.write_text("[1, 2")
    with pytest.raises(ValueError, match="delimiter"):
        load_limited_json(file, 100)


def test_an_archive_counts_by_its_own_size_before_it_is_opened(tmp_path):
    file = tmp_path / "a.npz"
    file.write_bytes(b" " * 30_000)  # no archive: opening it would be another error
    with pytest.raises(JobFailure, match=r"a\.npz is larger"):
        require_unpacked_size(file, 29_999)
    with pytest.raises(zipfile.BadZipFile):
        require_unpacked_size(file, 30_000)


def test_an_archive_counts_by_what_it_unpacks_to(tmp_path):
    file = tmp_path / "a.npz"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 10_000)
        archive.writestr("b", b"0" * 10_000)
    assert file.stat().st_size < 1000
    require_unpacked_size(file, 20_000)
    with pytest.raises(JobFailure, match=r"a\.npz is larger"):
        require_unpacked_size(file, 19_999)
