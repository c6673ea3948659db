"""What a worker leaves: its size, whether it is plain, and that it can be removed."""

import os
import socket

import pytest

from compress.sandbox.leftovers import (
    MAX_DEPTH,
    Abuse,
    measure_use,
    remove_tree,
    require_plain_files,
)


def nest(folder, levels):
    for _ in range(levels):
        folder = folder / "d"
    folder.mkdir(parents=True)
    return folder


def bind_socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def test_bytes_and_entries_are_counted(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "f").write_bytes(b"x" * 100_000)
    used_bytes, entries = measure_use(tmp_path)
    assert entries == 2
    assert 100_000 <= used_bytes < 150_000


def test_holes_count_as_if_they_were_written(tmp_path):
    (tmp_path / "holes").touch()
    os.truncate(tmp_path / "holes", 2**32)
    assert measure_use(tmp_path) == (2**32, 1)


def test_links_are_counted_but_not_followed(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to("/usr")
    used_bytes, entries = measure_use(tmp_path / "in")
    assert entries == 1
    assert used_bytes < 10_000


def test_an_empty_or_missing_folder_uses_nothing(tmp_path):
    assert measure_use(tmp_path) == (0, 0)
    assert measure_use(tmp_path / "absent") == (0, 0)


@pytest.mark.parametrize("check", [measure_use, require_plain_files])
def test_folders_may_be_nested_up_to_a_depth(tmp_path, check):
    nest(tmp_path / "deep", MAX_DEPTH)
    check(tmp_path / "deep")
    nest(tmp_path / "deeper", MAX_DEPTH + 1)
    with pytest.raises(Abuse, match=f"more than {MAX_DEPTH} deep"):
        check(tmp_path / "deeper")


def test_a_closed_folder_is_an_abuse(tmp_path):
    if os.getuid() == 0:
        pytest.skip("root reads every folder")
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(Abuse, match="made a folder unreadable: 'closed'"):
        measure_use(tmp_path)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: path.symlink_to("/etc/passwd"), "symbolic link"),
        (os.mkfifo, "device, pipe or socket"),
        (bind_socket, "device, pipe or socket"),
    ],
)
def test_anything_but_files_and_folders_is_refused(tmp_path, make, kind):
    make(tmp_path / "x")
    with pytest.raises(Abuse, match=f"the worker left a {kind}: 'x'"):
        require_plain_files(tmp_path)


@pytest.mark.parametrize("mode", [0o4755, 0o2755, 0o1755])
def test_special_permissions_are_refused(tmp_path, mode):
    (tmp_path / "su").touch()
    (tmp_path / "su").chmod(mode)
    with pytest.raises(Abuse, match="special permissions on 'su'"):
        require_plain_files(tmp_path)


def test_plain_files_get_ordinary_permissions(tmp_path):
    (tmp_path / "sub").mkdir(mode=0o700)
    (tmp_path / "sub" / "f").touch(mode=0o600)
    (tmp_path / "tool").touch(mode=0o777)
    require_plain_files(tmp_path)
    modes = [(tmp_path / name).stat().st_mode & 0o7777 for name in ("sub", "sub/f", "tool")]
    assert modes == [0o755, 0o644, 0o644]


def test_a_long_name_is_cut(tmp_path):
    (tmp_path / ("n" * 200)).symlink_to("x")
    with pytest.raises(Abuse) as caught:
        require_plain_files(tmp_path)
    assert len(str(caught.value)) < 120


def test_a_folder_without_permissions_is_removed(tmp_path):
    inner = tmp_path / "tree" / "closed"
    inner.mkdir(parents=True)
    (inner / "f").touch()
    inner.chmod(0)
    remove_tree(tmp_path / "tree")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_nested_beyond_the_limits_of_paths_is_removed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tree").mkdir()
    os.chdir("tree")
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(tmp_path)
    remove_tree(tmp_path / "tree")
    assert list(tmp_path.iterdir()) == []


def test_removing_what_is_gone_does_nothing(tmp_path):
    remove_tree(tmp_path / "absent")
    assert list(tmp_path.iterdir()) == []
