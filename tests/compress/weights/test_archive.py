"""Archives from the network: one member is read, whatever else they hold."""

import io
import stat
import tarfile
import zipfile

import pytest

from compress.weights import archive as archives
from compress.weights.archive import extract_member, member_names, shorten
from core.errors import JobFailure
from tests.compress.archives import make_tar, make_zip

DATA = b"weights" * 1000


def link(name, target):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return info


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_one_member_comes_out_and_nothing_else(tmp_path, make):
    archive = make(tmp_path / "a", ("../evil", b"x"), ("m/model.pdparams", DATA), ("/etc/x", b"x"))
    target = tmp_path / "out" / "w"
    target.parent.mkdir()
    extract_member(archive, "m/model.pdparams", target, 2**20)
    assert target.read_bytes() == DATA
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "out", "w"]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_the_names_of_files_are_listed(tmp_path, make):
    archive = make(tmp_path / "a", ("m/a", b"x"), ("b", DATA))
    assert member_names(archive, 2**20) == ["m/a", "b"]


def test_links_are_not_listed_as_files(tmp_path):
    archive = make_tar(tmp_path / "a", link("b", "/etc/passwd"), ("c", b"x"))
    assert member_names(archive, 2**20) == ["c"]
    zipped = zipfile.ZipInfo("b")
    zipped.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = make_zip(tmp_path / "z", (zipped, b"/etc/passwd"), ("c", b"x"))
    assert member_names(archive, 2**20) == ["c"]


def test_a_bomb_is_not_listed_to_its_end(tmp_path):
    archive = make_tar(tmp_path / "a", ("m", bytes(2**23)), ("n", b"x"))
    with pytest.raises(JobFailure, match="holds more than"):
        member_names(archive, 2**20)


def test_a_member_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("key")
    archive = make_tar(tmp_path / "a", link("model.pdparams", str(tmp_path / "secret")))
    with pytest.raises(JobFailure, match="no regular file"):
        extract_member(archive, "model.pdparams", tmp_path / "w", 2**20)
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_bomb_stops_at_the_limit(tmp_path, make):
    archive = make(tmp_path / "a", ("w", bytes(10 * 2**20)))
    assert archive.stat().st_size < 2**16
    with pytest.raises(JobFailure, match="larger than"):
        extract_member(archive, "w", tmp_path / "w", 2**20)
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_file_that_is_not_an_archive_or_is_cut_off_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"<html>")
    with pytest.raises(JobFailure, match="cannot be read"):
        extract_member(tmp_path / "a", "w", tmp_path / "w", 2**20)
    whole = make_tar(tmp_path / "b", ("w", DATA)).read_bytes()
    (tmp_path / "b").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(JobFailure, match="cannot be read"):
        extract_member(tmp_path / "b", "w", tmp_path / "w", 2**20)


def test_a_wrong_name_lists_the_members(tmp_path):
    archive = make_zip(tmp_path / "a", ("deploy/model.pdiparams", DATA))
    with pytest.raises(JobFailure, match="but deploy/model"):
        extract_member(archive, "model.pdparams", tmp_path / "w", 2**20)


def test_a_zip_member_that_is_a_link_or_a_folder_is_refused(tmp_path):
    linked = zipfile.ZipInfo("model.pdparams")
    linked.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a", "w") as out:
        out.writestr(linked, "/etc/passwd")
        out.writestr("folder/", "")
    for name in ("model.pdparams", "folder/"):
        with pytest.raises(JobFailure, match="no regular file"):
            extract_member(tmp_path / "a", name, tmp_path / "w", 2**20)


def test_only_members_that_are_inflated_in_small_steps_are_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_BZIP2) as out:
        out.writestr("w", bytes(2**20))
    with pytest.raises(JobFailure, match="not stored or deflated"):
        extract_member(tmp_path / "a", "w", tmp_path / "w", 2**20)


def test_headers_and_other_members_count_too(tmp_path):
    long_name = "x" * (4 * 2**20)
    archive = make_tar(tmp_path / "a", (long_name, b""), ("w", b"x"))
    with pytest.raises(JobFailure, match="a header of"):
        extract_member(archive, "w", tmp_path / "w", 2**30)
    archive = make_tar(tmp_path / "b", ("big", bytes(8 * 2**20)), ("w", b"x"))
    with pytest.raises(JobFailure, match="the archive holds more than"):
        extract_member(archive, "w", tmp_path / "w", 2**20)


@pytest.mark.parametrize("kind", ["", "gz", "bz2", "xz"])
def test_every_kind_of_tar_is_read_and_its_broken_form_refused(tmp_path, kind):
    info = tarfile.TarInfo("w")
    info.size = len(DATA)
    with tarfile.open(tmp_path / "a", f"w:{kind}") as out:
        out.addfile(info, io.BytesIO(DATA))
    extract_member(tmp_path / "a", "w", tmp_path / "w", 2**20)
    assert (tmp_path / "w").read_bytes() == DATA
    broken = bytearray((tmp_path / "a").read_bytes())
    broken[len(broken) // 3 : len(broken) // 2] = b"\xff" * (len(broken) // 2 - len(broken) // 3)
    (tmp_path / "a").write_bytes(bytes(broken[: len(broken) // 2]))
    with pytest.raises(JobFailure, match="cannot be read"):
        extract_member(tmp_path / "a", "w", tmp_path / "v", 2**20)
    assert not (tmp_path / "v").exists()


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_too_many_members_are_refused(tmp_path, monkeypatch, make):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    make(tmp_path / "three", *((str(number), b"") for number in range(3)))
    assert member_names(tmp_path / "three", 2**20) == ["0", "1", "2"]
    make(tmp_path / "four", *((str(number), b"") for number in range(4)))
    with pytest.raises(JobFailure, match="more than 3 members"):
        member_names(tmp_path / "four", 2**20)


def test_the_list_of_a_zip_is_measured_before_it_is_read(tmp_path, monkeypatch):
    """With and without a comment, behind which its end is searched."""
    monkeypatch.setattr(archives, "CHUNK", 2**17)
    for comment in (b"", b"note" * 10):
        for members, text in ((2600, None), (2700, "cannot be read: a list of")):
            with zipfile.ZipFile(tmp_path / "a", "w") as out:
                for number in range(members):
                    out.writestr(str(number), b"")
                out.comment = comment
            if text is None:
                assert len(member_names(tmp_path / "a", 2**20)) == members
                continue
            with pytest.raises(JobFailure, match=text):
                member_names(tmp_path / "a", 2**20)
            with pytest.raises(JobFailure, match=text):
                extract_member(tmp_path / "a", "1", tmp_path / "w", 2**20)


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_an_empty_archive_holds_nothing(tmp_path, make):
    archive = make(tmp_path / "a")
    assert member_names(archive, 2**20) == []
    with pytest.raises(JobFailure, match="but nothing"):
        extract_member(archive, "w", tmp_path / "w", 2**20)


def test_of_many_members_five_are_named(tmp_path):
    archive = make_tar(tmp_path / "a", *((f"m{number}", b"") for number in range(7)))
    with pytest.raises(JobFailure, match="but m0, m1, m2, m3, m4, …"):
        extract_member(archive, "w", tmp_path / "w", 2**20)


def test_a_tar_member_may_be_named_with_or_without_a_dot(tmp_path):
    archive = make_tar(tmp_path / "a", ("./m/w", DATA))
    extract_member(archive, "m/w", tmp_path / "w", 2**20)
    assert (tmp_path / "w").read_bytes() == DATA


def test_a_member_of_exactly_the_limit_is_taken(tmp_path):
    archive = make_zip(tmp_path / "a", ("w", DATA))
    extract_member(archive, "w", tmp_path / "w", len(DATA))
    with pytest.raises(JobFailure, match=f"larger than {len(DATA) - 1} bytes"):
        extract_member(archive, "w", tmp_path / "w", len(DATA) - 1)


def test_a_failed_extraction_keeps_the_old_file(tmp_path):
    (tmp_path / "w").write_bytes(b"old")
    archive = make_zip(tmp_path / "a", ("w", DATA))
    with pytest.raises(JobFailure):
        extract_member(archive, "absent", tmp_path / "w", 2**20)
    assert (tmp_path / "w").read_bytes() == b"old"


def test_an_encrypted_member_is_refused(tmp_path):
    archive = make_zip(tmp_path / "a", ("w", DATA))
    content = bytearray(archive.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    archive.write_bytes(bytes(content))
    with pytest.raises(JobFailure, match="w is encrypted"):
        extract_member(archive, "w", tmp_path / "w", 2**20)


def test_long_names_are_cut():
    assert shorten("x" * 80) == "x" * 80
    assert shorten("x" * 81) == "x" * 79 + "…"
