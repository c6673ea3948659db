"""Files from outside are looked at without an error and read up to a limit."""

from pathlib import Path

import pytest

from core.errors import InputError
from core.files import is_file, is_folder, read_file


@pytest.mark.parametrize("name", ["x" * 400, "a/" * 3000, "a\0b", "missing", ""])
def test_what_cannot_be_a_path_is_no_file_and_no_folder(name, tmp_path):
    assert not is_file(tmp_path / name / "f")
    assert not is_folder(tmp_path / name / "f")


def test_a_file_and_a_folder_are_told_apart(tmp_path):
    file = tmp_path / "f"
    file.touch()
    assert (is_file(file), is_folder(file)) == (True, False)
    assert (is_file(str(tmp_path)), is_folder(str(tmp_path))) == (False, True)


def test_a_file_is_read_up_to_its_limit(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"12345")
    assert read_file(file, 5) == b"12345"
    with pytest.raises(InputError) as caught:
        read_file(file, 4, "give a smaller one")
    assert (caught.value.message, caught.value.file) == ("larger than 4 bytes", str(file))
    assert caught.value.hint == "give a smaller one"


def test_a_device_is_read_up_to_the_limit():
    with pytest.raises(InputError, match="larger than 1000 bytes"):
        read_file(Path("/dev/zero"), 1000)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 400, "cannot be read: File name too long"),
        ("missing", "cannot be read: No such file or directory"),
        (".", "cannot be read: Is a directory"),
        ("a\0b", "cannot be read: embedded null byte"),
    ],
)
def test_what_cannot_be_read_is_said(name, reason, tmp_path):
    with pytest.raises(InputError) as caught:
        read_file(tmp_path / name, 10)
    assert (caught.value.message, caught.value.hint) == (reason, "check the path")
