"""What a worker gets of a suite: the code of one revision, the data, checked weights."""

import hashlib
import os

import pytest

from compress import source
from compress.runtimes.runtime import own_runtime
from compress.source import (
    SuiteSource,
    find_data,
    find_index,
    find_training_data,
    find_weights,
    fingerprint_data,
    fingerprint_files,
    lay_out_code,
)
from compress.suites import find_dialect
from compress.suites.dialect import DataPlace
from core.errors import InputError, JobFailure
from core.git import MAX_BLOB_BYTES, open_repo
from core.store import Store

DIALECT = find_dialect("paddleseg")
OWN = own_runtime()


def lay_out(suite, tmp_path, revision="HEAD"):
    repo = open_repo(suite.path)
    return lay_out_code(repo, repo.resolve(revision), DIALECT, Store(tmp_path / "store"), OWN)


def files_in(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_only_regular_source_files_of_the_packages_are_written(suite, tmp_path):
    (suite.path / "paddleseg").mkdir()
    (suite.path / "paddleseg" / "link.py").symlink_to("/etc/passwd")
    suite.commit(
        {
            "paddleseg/__init__.py": "x = 1",
            "paddleseg/models/unet.py": "y = 2",
            "paddleseg/data.json": "{}",
            "paddleseg/library.so": "binary",
            "paddleseg/huge.txt": "x" * (MAX_BLOB_BYTES + 1),
            "tools/train.py": "z = 3",
        }
    )
    folder, _ = lay_out(suite, tmp_path)
    assert files_in(folder) == [
        "entry.json",
        "paddleseg/__init__.py",
        "paddleseg/data.json",
        "paddleseg/models/unet.py",
    ]
    assert (folder / "paddleseg" / "models" / "unet.py").read_text() == "y = 2"


def test_the_code_has_a_name_that_changes_with_its_content(suite, tmp_path):
    suite.commit({"paddleseg/a.py": "1"})
    first = lay_out(suite, tmp_path)
    suite.commit({"configs/a.yml": "x: 1"})
    assert lay_out(suite, tmp_path) == first
    suite.commit({"paddleseg/a.py": "2"})
    assert lay_out(suite, tmp_path)[1] != first[1]


def test_a_revision_without_packages_uses_the_installed_ones(suite, tmp_path):
    suite.commit({"configs/a.yml": "x: 1"})
    folder, code_id = lay_out(suite, tmp_path)
    assert folder is None
    assert len(code_id) == 64
    assert not (tmp_path / "store").exists()


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "sets"
    (folder / "city").mkdir(parents=True)
    (folder / "city" / "train.txt").write_text("a.png a_label.png")
    (folder / "empty").mkdir()
    return folder


@pytest.mark.parametrize(
    ("root", "index", "place", "reason"),
    [
        ("data/city", "data/city/train.txt", "city", ""),
        ("data/city", None, "city", ""),
        ("data", None, ".", ""),
        ("./data/../data/city/", None, "city", ""),
        (None, None, None, "the config names no data set"),
        ("data/absent", None, None, "no data at data/absent"),
        ("data/empty", "data/empty/val.txt", None, "no data: data/empty/val.txt is missing"),
        ("data/../../etc", None, None, "no data at data/../../etc"),
        ("/etc", None, None, "no data at /etc"),
        ("other/city", None, None, "no data at other/city"),
        ("", None, None, "no data at "),
        ("data/city", "/etc/passwd", None, "no data: /etc/passwd is missing"),
    ],
)
def test_data_is_found_below_the_data_folder_or_there_is_a_reason(data, root, index, place, reason):
    folder = data / place if place else None
    assert find_data(DataPlace(root, index), "data", data) == (folder, reason)


def test_without_a_data_folder_there_is_no_data():
    place = DataPlace("data/city", None)
    assert find_data(place, "data", None) == (None, "no data at data/city")


def test_the_list_of_a_data_set_is_found_behind_links(data, tmp_path):
    (data / "link.txt").symlink_to(data / "city" / "train.txt")
    place = DataPlace("data/city", "data/link.txt")
    assert find_index(place, "data", data) == data / "city" / "train.txt"
    assert find_index(DataPlace("data/city", None), "data", data) is None


def config(training, evaluation):
    return {
        "train_dataset": {"dataset_root": training},
        "val_dataset": {"dataset_root": evaluation},
    }


def test_training_reads_the_data_of_both_splits_and_a_shared_folder_once(data):
    def find(*roots):
        return find_training_data(DIALECT, config(*roots), "data", data)

    assert find("data/city", "data/empty") == ((data / "city", data / "empty"), "")
    assert find("data/city", "data/city") == ((data / "city",), "")
    assert find("data/city", "data/absent") == (None, "no data at data/absent")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", b"x"), ("a.png", b""), ("list.txt", b"x"), ("sub/boxes.json", b"[1]")],
)
def test_the_fingerprint_changes_with_new_files(data, name, content):
    before = fingerprint_data(data)
    (data / name).parent.mkdir(exist_ok=True)
    (data / name).write_bytes(content)
    assert fingerprint_data(data) != before


def test_the_fingerprint_changes_with_the_size_of_an_image(data):
    (data / "a.png").write_bytes(b"123")
    before = fingerprint_data(data)
    (data / "a.png").write_bytes(b"1234")
    assert fingerprint_data(data) != before


@pytest.mark.parametrize(("name", "changes"), [("a.png", False), ("a.txt", True)])
def test_of_equal_size_only_lists_and_boxes_count_by_content(data, name, changes):
    (data / name).write_bytes(b"123")
    before = fingerprint_data(data)
    (data / name).write_bytes(b"456")
    assert (fingerprint_data(data) != before) is changes


def test_the_fingerprint_does_not_depend_on_the_place_or_on_links(data, tmp_path):
    (data / "dangling").symlink_to("absent")
    (tmp_path / "link").symlink_to(data)
    before = fingerprint_data(data)
    assert fingerprint_data(tmp_path / "link") == before
    data.rename(tmp_path / "moved")
    assert fingerprint_data(tmp_path / "moved") == before


def test_files_are_told_apart_by_their_contents_and_read_once(data, monkeypatch):
    files, read = [data / "a.png", data / "b.png", data / "absent", data], []
    monkeypatch.setattr(source, "hash_file", lambda file: read.append(file) or file.read_text())
    for file in files[:2]:
        file.write_bytes(b"123")
    first = fingerprint_files(files)
    assert fingerprint_files(files) == first
    assert read == files[:2]
    os.utime(data / "a.png", ns=(0, 0))
    assert fingerprint_files(files) == first
    (data / "b.png").write_bytes(b"456")
    os.utime(data / "b.png", ns=(1, 1))
    assert fingerprint_files(files) != first
    assert fingerprint_files(files[::-1]) != first


def test_weights_are_checked_against_their_hash(tmp_path):
    path = tmp_path / "w.pdparams"
    path.write_bytes(b"weights")
    assert find_weights(path, None) == path
    assert find_weights(path, hashlib.sha256(b"weights").hexdigest()) == path
    with pytest.raises(JobFailure, match=r"w\.pdparams does not match its sha256") as caught:
        find_weights(path, "0" * 64)
    assert caught.value.stage == "export"


def test_missing_weights_name_file_key_and_next_step(tmp_path):
    with pytest.raises(InputError, match="does not exist") as caught:
        find_weights(tmp_path, None)
    error = caught.value
    assert (error.file, error.key) == (str(tmp_path), "weights.path")
    assert error.hint


def test_a_worker_reads_code_data_and_the_targets_of_links(data, tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    (tmp_path / "disk").mkdir()
    (data / "coco").symlink_to(tmp_path / "disk")
    source = SuiteSource("paddleseg", code, "id", "data", data)
    assert set(source.places) == {code, data, tmp_path / "disk"}
    absent = SuiteSource("paddleseg", None, "id", "data", tmp_path / "absent")
    assert absent.places == ()


def test_a_request_carries_the_side(data):
    request = SuiteSource("paddleseg", None, "id", "data", data).request()
    assert request.model_dump() == {
        "dialect": "paddleseg",
        "code": None,
        "data_dir": "data",
        "data": data,
    }
