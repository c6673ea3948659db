"""Files of workers are read up to a size."""

import io
import json
import struct
import zipfile

import pytest

from bench.metrics.limits import (
    directory_bytes,
    load_limited_json,
    require_size,
)
from core.errors import JobFailure


def test_a_size_equal_to_the_limit_is_allowed():
    require_size("a.json", 2**20, 2**20)
    with pytest.raises(JobFailure, match=r"a\.json is larger than 1 MiB") as caught:
        require_size("a.json", 2**20 + 1, 2**20)
    assert (caught.value.stage, caught.value.kind) == ("accuracy", "limit")


def test_json_is_read_up_to_the_limit(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps([1, 2]))
    assert load_limited_json(file, 6, 3) == [1, 2]
    with pytest.raises(JobFailure, match="larger"):
        load_limited_json(file, 5, 3)
    with pytest.raises(ValueError, match="more than 2 values"):
        load_limited_json(file, 6, 2)
    file.write_text("[1, 2")
    with pytest.raises(ValueError, match="delimiter"):
        load_limited_json(file, 100, 3)


def archive_of(members, comment=b""):
    """The bytes of an archive of empty members, and those of the list of them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(members):
            archive.writestr(f"{number:05}.npy", b"")
        archive.comment = comment
    return stream.getvalue()


def test_members_are_counted_by_the_bytes_of_their_list():
    for members in (0, 1, 300):
        listed = directory_bytes(io.BytesIO(archive_of(members)))
        assert listed == members * (46 + len("00000.npy"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a zip file"),
        (b"x" * 50, "not a zip file"),
        (archive_of(1)[:-1], "not a zip file"),
        (archive_of(1, b"note"), "not a zip file"),
        (archive_of(1, b"PK\5\6" + bytes(16) + b"\x16\0"), "a comment"),
        (
            archive_of(1)[:-22] + struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1) + archive_of(1)[-22:],
            "64-bit sizes",
        ),
    ],
)
def test_an_archive_whose_end_may_be_read_in_two_ways_is_refused(content, message):
    with pytest.raises(zipfile.BadZipFile, match=message):
        directory_bytes(io.BytesIO(content))
