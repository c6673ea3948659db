"""Tar files from strangers: what ``tarfile`` writes is read, and what costs much is refused."""

import io
import tarfile

import pytest

from compress.weights import tar
from compress.weights.tar import read_contents, tar_members

DATA = b"weights" * 1000
MOST = 2**30


def block(name="w", kind=tarfile.REGTYPE, content=b"", size=None):
    """A header and contents in whole blocks; ``size`` is what the header says of them."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(content) if size is None else size
    return info.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)


def read(content, most=MOST):
    stream = io.BytesIO(content)
    return [(m.name, b"".join(read_contents(stream, m))) for m in tar_members(stream, most)]


def record(key, value):
    """A record of a pax header with at most two digits of length."""
    return next(r for n in range(99) if len(r := b"%d %s=%s\n" % (n, key, value)) == n)


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_what_is_written_is_read(form):
    """Also long names, members that are no files, global headers and headers of attributes."""
    names = ("w", f"{'d' * 90}/{'n' * 90}", "模型/é", "empty")
    headers = {"comment": "x"} if form == tarfile.PAX_FORMAT else None
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form, pax_headers=headers) as out:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(DATA) if name != "empty" else 0
            info.pax_headers = {"SCHILY.xattr.user.a": "=\n1"}
            out.addfile(info, io.BytesIO(DATA))
        for number, kind in enumerate((tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE)):
            info = tarfile.TarInfo(f"other{number}")
            info.type, info.linkname = kind, "w" * 200 if form != tarfile.USTAR_FORMAT else "w"
            out.addfile(info)
    content = stream.getvalue()
    members = list(tar_members(io.BytesIO(content), MOST))
    assert [m.name for m in members] == [*names, "other0", "other1", "other2"]
    assert [m.is_file for m in members] == [True] * 4 + [False] * 3
    assert [data for _, data in read(content)] == [DATA] * 3 + [b""] * 4


def test_a_size_too_large_for_a_plain_header_is_read():
    content = block(kind=tarfile.XHDTYPE, content=record(b"size", b"7000"))
    assert read(content + block(size=0) + DATA + bytes(512 + 1024)) == [("w", DATA)]


@pytest.mark.parametrize("key", [b"GNU.sparse.map", b"GNU.sparse.size", b"GNU.sparse.major"])
def test_sparse_files_are_refused(key):
    content = block(kind=tarfile.XHDTYPE, content=record(key, b"1")) + block(content=DATA)
    with pytest.raises(ValueError, match="sparse files are not read"):
        read(content)


def test_old_sparse_files_are_refused_also_cut_short():
    content = block(kind=tarfile.GNUTYPE_SPARSE, content=DATA)
    for end in (len(content), 512):
        with pytest.raises(ValueError, match="sparse files are not read"):
            read(content[:end])


@pytest.mark.parametrize("kind", tar.EXTENSIONS)
def test_the_headers_before_members_have_a_size_in_all(monkeypatch, kind):
    monkeypatch.setattr(tar, "MAX_EXTENSIONS", 100)
    member = block(kind=kind, content=record(b"path", b"x" * 38)) + block()
    assert len(read(member * 2 + bytes(1024))) == 2
    with pytest.raises(ValueError, match="a header of 47 bytes is too large"):
        read(member * 3 + bytes(1024))


@pytest.mark.parametrize(
    "records",
    [
        (b"2 " * 2**16)[:-3] + b"=xx",  # records that overlap
        b"1" * 2**16,
        b"0 a=b\n",
        b"-5 a=b\n",
        b"6 a=bc\n",
        b"600 a=b\n",
        b"6 abc\n",
        record(b"size", b"-1"),
        record(b"size", b"1" * 21),
        record(b"size", "²".encode()),
    ],
)
def test_malformed_records_are_refused(records):
    with pytest.raises(ValueError, match="malformed"):
        read(block(kind=tarfile.XHDTYPE, content=records) + block() + bytes(1024))


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_negative_size_leads_nowhere(kind):
    with pytest.raises(ValueError, match="a negative size"):
        read(block(content=DATA) + block(kind=kind, size=-7680) + bytes(1024))


def test_reading_and_skipping_end_at_the_limit():
    content = block(content=DATA) + bytes(1024)
    assert read(content, most=512 + 7168 + 512) == [("w", DATA)]
    with pytest.raises(ValueError, match="holds more than 8191 bytes"):
        read(content, most=512 + 7168 + 511)
    with pytest.raises(ValueError, match="holds more than"):
        list(tar_members(io.BytesIO(block(size=2**40)), MOST))


@pytest.mark.parametrize("end", [0, 511, 600, 7679])
def test_what_is_cut_off_is_refused(end):
    with pytest.raises((EOFError, tarfile.TarError)):
        list(tar_members(io.BytesIO(block(content=DATA)[:end]), MOST))


@pytest.mark.parametrize("end", [600, 1024])
def test_a_header_without_its_member_is_refused(end):
    content = block(kind=tarfile.XHDTYPE, content=record(b"path", b"x") * 60)
    with pytest.raises(EOFError):
        list(tar_members(io.BytesIO(content[:end]), MOST))


def test_an_archive_may_end_without_blocks_of_zeros():
    assert read(block(content=DATA)) == [("w", DATA)]
