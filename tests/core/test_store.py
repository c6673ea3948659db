"""The store: built once, found again, verified on every use, collected by age and size."""

import errno
import fcntl
import os
import shutil
import time

import pytest

from core.errors import InputError
from core.store import Store, hash_file, hash_files

KEY, OTHER_KEY = "ab" * 32, "cd" * 32


def write(text):
    def make(folder):
        (folder / "sub").mkdir()
        (folder / "sub" / "f").write_text(text)

    return make


def fill(store, ages_s, size_bytes=100):
    """An entry for each age; the keys begin with 00, 01 and so on."""
    now = time.time()
    for number, age_s in enumerate(ages_s):
        folder, _ = store.build(f"{number:02d}" * 32, write("x" * size_bytes))
        os.utime(folder / "entry.json", (now - age_s, now - age_s))


def test_an_entry_is_built_once(tmp_path):
    store = Store(tmp_path)
    folder, cached = store.build(KEY, write("one"))
    assert not cached
    again, cached = store.build(KEY, write("two"))
    assert cached
    assert again == folder
    assert (folder / "sub" / "f").read_text() == "one"


def test_a_missing_entry_is_none(tmp_path):
    Store(tmp_path).build(KEY, write("one"))
    assert Store(tmp_path).find(OTHER_KEY) is None


def test_a_build_that_fails_leaves_nothing(tmp_path):
    def fail(folder):
        (folder / "half").write_text("x")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Store(tmp_path).build(KEY, fail)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "sub" / "f").write_text("tampered"),
        lambda folder: (folder / "sub" / "f").unlink(),
        lambda folder: (folder / "sub" / "g").write_text("more"),
        lambda folder: (folder / "sub" / "l").symlink_to("f"),
        lambda folder: (folder / "entry.json").unlink(),
        lambda folder: (folder / "entry.json").write_text("{"),
        lambda folder: (folder / "entry.json").write_text("[]"),
    ],
)
def test_damage_is_noticed_and_built_again(tmp_path, damage):
    store = Store(tmp_path)
    folder, _ = store.build(KEY, write("one"))
    damage(folder)
    assert store.find(KEY) is None
    folder, cached = store.build(KEY, write("one"))
    assert not cached
    assert (folder / "sub" / "f").read_text() == "one"


def test_a_link_in_an_entry_is_refused(tmp_path):
    def link(folder):
        (folder / "l").symlink_to("/etc/passwd")

    with pytest.raises(ValueError, match="symbolic link"):
        Store(tmp_path).build(KEY, link)
    assert list(tmp_path.iterdir()) == []


def test_of_two_builders_the_faster_one_counts(tmp_path):
    def make_slowly(folder):
        Store(tmp_path).build(KEY, write("faster"))
        write("slower")(folder)

    folder, _ = Store(tmp_path).build(KEY, make_slowly)
    assert (folder / "sub" / "f").read_text() == "faster"


def test_a_damaged_entry_that_another_process_leaves_is_replaced(tmp_path):
    def make_slowly(folder):
        faster, _ = Store(tmp_path).build(KEY, write("faster"))
        (faster / "sub" / "f").write_text("damaged")
        write("slower")(folder)

    folder, _ = Store(tmp_path).build(KEY, make_slowly)
    assert (folder / "sub" / "f").read_text() == "slower"
    assert Store(tmp_path).find(KEY) == folder


@pytest.mark.parametrize("damaged", [True, False])
def test_an_entry_that_is_removed_is_gone_at_once(tmp_path, monkeypatch, damaged):
    """A process that is interrupted leaves no part of it, neither in its place nor elsewhere."""
    remove = shutil.rmtree

    def interrupt(path, **options):
        if path.name == KEY:
            raise KeyboardInterrupt
        remove(path, **options)

    folder, _ = Store(tmp_path).build(KEY, write("one"))
    if damaged:
        (folder / "sub" / "f").write_text("tampered")
    monkeypatch.setattr(shutil, "rmtree", interrupt)
    with pytest.raises(KeyboardInterrupt):
        _ = Store(tmp_path).find(KEY) if damaged else Store(tmp_path).collect(0, 0)
    assert [path.name for path in tmp_path.rglob("*")] == ["ab"]


def test_an_entry_that_another_process_removed_leaves_nothing_behind(tmp_path, monkeypatch):
    store = Store(tmp_path)
    fill(store, [30])
    listed = list(store.entries())
    shutil.rmtree(listed[0].folder)
    monkeypatch.setattr(Store, "entries", lambda _: iter(listed))
    assert store.collect(0, 0) == listed
    assert [path.name for path in tmp_path.rglob("*")] == ["00"]


def test_finding_an_entry_counts_as_its_use(tmp_path):
    store = Store(tmp_path)
    fill(store, [1000])
    store.find("00" * 32)
    (entry,) = store.entries()
    assert time.time() - entry.used_at < 100


def test_entries_tell_key_folder_and_size(tmp_path):
    store = Store(tmp_path)
    folder, _ = store.build(KEY, write("x" * 100))
    (entry,) = store.entries()
    assert (entry.key, entry.folder) == (KEY, folder)
    assert entry.size_bytes == 100 + (folder / "entry.json").stat().st_size


def test_the_oldest_entries_go_first_until_the_size_fits(tmp_path):
    store = Store(tmp_path)
    fill(store, [30, 20, 10])
    size = next(store.entries()).size_bytes
    removed = store.collect(max_bytes=2 * size, max_age_s=1e12)
    assert [entry.key[:2] for entry in removed] == ["00"]
    assert [entry.key[:2] for entry in store.entries()] == ["01", "02"]


def test_entries_past_the_age_go_whatever_their_size(tmp_path):
    store = Store(tmp_path)
    fill(store, [5000, 10])
    removed = store.collect(max_bytes=10**9, max_age_s=1000)
    assert [entry.key[:2] for entry in removed] == ["00"]


def test_a_limit_of_nothing_empties_the_store(tmp_path):
    store = Store(tmp_path)
    fill(store, [30, 20])
    assert len(store.collect(0, 1e12)) == 2
    assert list(store.entries()) == []


def test_hashes_are_those_of_sha256_by_relative_path(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "f").write_bytes(b"")
    (tmp_path / "entry.json").write_text("not part of it")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hash_files(tmp_path) == {"a/f": empty}
    (tmp_path / "large").write_bytes(bytes(2**20 + 1))
    assert hash_file(tmp_path / "large") != hash_file(tmp_path / "a" / "f")


def test_what_a_change_makes_is_found_by_that_change_alone(tmp_path):
    store = Store(tmp_path)
    folder, _ = store.for_change("seg-1").build(KEY, write("poisoned"))
    assert folder.is_relative_to(tmp_path / "changes" / "seg-1")
    assert store.for_change("seg-1").find(KEY) == folder
    assert store.find(KEY) is None
    assert store.for_change("seg-2").find(KEY) is None
    assert (store.build(KEY, write("honest"))[0] / "sub" / "f").read_text() == "honest"


def test_a_change_finds_what_the_base_branch_made_and_does_not_write_there(tmp_path):
    store = Store(tmp_path)
    folder, _ = store.build(KEY, write("one"))
    assert store.for_change("seg-1").build(KEY, write("two")) == (folder, True)
    store.for_change("seg-1").build(OTHER_KEY, write("two"))
    assert [entry.key for entry in Store(tmp_path / "changes" / "seg-1").entries()] == [OTHER_KEY]


def test_the_base_branchs_entry_comes_before_a_changes_own(tmp_path):
    change = Store(tmp_path).for_change("seg-1")
    change.build(KEY, write("poisoned"))
    folder, _ = Store(tmp_path).build(KEY, write("honest"))
    assert change.find(KEY) == folder


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "a b\n"])
def test_the_name_of_a_change_is_one_folder(tmp_path, name):
    root = Store(tmp_path).for_change(name).root
    assert root.parent == tmp_path / "changes"
    assert root.resolve().parent == (tmp_path / "changes").resolve()


def test_each_name_of_a_change_has_a_folder_of_its_own(tmp_path):
    """Also where a file system does not tell capital letters apart, and of any length."""
    names = ["a.b", "a-b", "a b", "a..b", "A-b", "x" * 200, "x" * 201, "x" * 2000, "\ud800", "é"]
    names += [Store(tmp_path).for_change("a.b").root.name, ""]
    roots = [Store(tmp_path).for_change(name).root for name in names]
    assert len({str(root).lower() for root in roots}) == len(names)
    for root in roots:
        root.mkdir(parents=True)
        assert root.parent == tmp_path / "changes"
    assert roots[1].name == "a-b"


def test_entries_of_changes_are_listed_and_collected(tmp_path):
    store = Store(tmp_path)
    fill(store, [10])
    fill(store.for_change("seg-1"), [5, 20])
    assert len(list(store.entries())) == 2  # the change finds the first one in the whole store
    assert len(store.collect(0, 0)) == 2
    assert list(store.entries()) == []


def test_an_age_of_nothing_empties_the_store_of_everything(tmp_path):
    """Also of an entry from the future, of a change's, and of downloads, finished or not."""
    store = Store(tmp_path)
    fill(store, [30, -10_000, -3])
    store.for_change("7").build(KEY, write("theirs"))
    (tmp_path / "downloads").mkdir()
    for name in ("w.pdparams", "v.tar.part"):
        (tmp_path / "downloads" / name).write_bytes(b"x" * 10)
    assert len(store.collect(10**12, 0)) == 6
    assert list(store.entries()) == []


def test_a_time_in_the_future_does_not_keep_an_entry(tmp_path):
    store = Store(tmp_path)
    fill(store, [-10_000, 10])
    assert [entry.key[:2] for entry in store.collect(10**12, 1e9)] == ["00"]


def test_downloads_count_by_size_and_last_use(tmp_path):
    store = Store(tmp_path)
    (tmp_path / "downloads").mkdir()
    for name, age_s in (("old", 1000), ("new", 10)):
        file = tmp_path / "downloads" / name
        file.write_bytes(b"x" * 60)
        os.utime(file, (time.time() - age_s,) * 2)
    assert [entry.key for entry in store.collect(100, 1e9)] == ["old"]


def test_a_download_that_is_being_written_stays(tmp_path):
    (tmp_path / "downloads").mkdir()
    part = tmp_path / "downloads" / "w.tar.part"
    part.write_bytes(b"x")
    with (tmp_path / "downloads" / "w.tar.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert Store(tmp_path).collect(0, 0) == []
    assert part.exists()
    assert len(Store(tmp_path).collect(0, 0)) == 1


def test_a_file_named_like_the_record_is_verified_as_well(tmp_path):
    store = Store(tmp_path)
    folder, _ = store.build(KEY, write("one"))
    (folder / "sub" / "entry.json").write_text("slipped in")
    assert store.find(KEY) is None


@pytest.mark.parametrize("link", ["downloads", "changes", "changes/x", "ab", f"ab/{'ab' * 32}"])
def test_what_lies_behind_a_link_is_not_the_stores(tmp_path, link):
    """Listing would count it, and collecting would remove the files of somebody else."""
    store, outside = Store(tmp_path / "store"), tmp_path / "outside"
    for file in (
        *("model", "entry.json", f"{'ab' * 32}/entry.json", f"ab/{'ab' * 32}/entry.json"),
        *(f"x/ab/{'ab' * 32}/entry.json", ".partial-1-x/model", "x/.partial-1-x/model"),
    ):
        (outside / file).parent.mkdir(parents=True, exist_ok=True)
        (outside / file).write_text("{}")
    before = sorted(outside.rglob("*"))
    (store.root / link).parent.mkdir(parents=True)
    (store.root / link).symlink_to(outside)
    assert list(store.entries()) == []
    assert store.collect(0, 0) == []
    assert sorted(outside.rglob("*")) == before


def fail_with(number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    return fail


def test_an_intact_entry_of_a_store_that_cannot_be_written_is_found(tmp_path, monkeypatch):
    folder, _ = Store(tmp_path).build(KEY, write("one"))
    monkeypatch.setattr(os, "utime", fail_with(errno.EROFS))
    assert Store(tmp_path).build(KEY, write("two")) == (folder, True)


def test_a_damaged_entry_that_stays_is_named_before_anything_is_built(tmp_path, monkeypatch):
    folder, _ = Store(tmp_path).build(KEY, write("one"))
    (folder / "sub" / "f").write_text("tampered")
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(InputError, match="a damaged entry of the store cannot be removed"):
        Store(tmp_path).build(KEY, lambda _: pytest.fail("built"))


def test_what_cannot_be_removed_is_told_and_counts(tmp_path, monkeypatch):
    """The newest of three stays and takes the room of the second one."""
    store, kept = Store(tmp_path), []
    fill(store, [30, 20, 10])
    size = next(store.entries()).size_bytes
    remove = shutil.rmtree

    def stuck(path, **options):
        if path.name[:2] != "02":
            remove(path, **options)

    monkeypatch.setattr(shutil, "rmtree", stuck)
    removed = store.collect(size - 1, 1e12, kept.append)
    assert [entry.key[:2] for entry in kept] == ["02"]
    assert [entry.key[:2] for entry in removed] == ["01", "00"]


def test_downloads_of_a_store_that_cannot_be_written_are_told(tmp_path, monkeypatch):
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "w").write_bytes(b"x")
    monkeypatch.setattr(fcntl, "flock", fail_with(errno.EROFS))
    kept = []
    assert Store(tmp_path).collect(0, 0, kept.append) == []
    assert [entry.key for entry in kept] == ["w"]


@pytest.mark.parametrize("change", [None, "seg-1"])
def test_what_is_left_of_an_entry_is_listed_and_collected(tmp_path, change):
    """A process that removed it was killed."""
    store = Store(tmp_path) if change is None else Store(tmp_path).for_change(change)
    folder, _ = store.build(KEY, write("one"))
    (folder / "entry.json").unlink()
    assert [(e.key, e.size_bytes) for e in Store(tmp_path).entries()] == [(KEY, 3)]
    assert len(Store(tmp_path).collect(0, 0)) == 1
    assert not folder.exists()


def test_other_folders_in_the_place_of_a_store_stay(tmp_path):
    for name in ("ab/mine", f"ab/{'AB' * 32}", f"abc/{KEY}", f"ab/x/{KEY}"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "entry.json").write_text("{}")
    assert Store(tmp_path).collect(0, 0) == []


def test_entries_that_another_process_removes_are_left_out(tmp_path):
    store = Store(tmp_path)
    fill(store, [30, 20])
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "w.part").write_bytes(b"x")
    keys = []
    for entry in store.entries():
        keys.append(entry.key[:2])
        shutil.rmtree(tmp_path / "01", ignore_errors=True)
        (tmp_path / "downloads" / "w.part").unlink(missing_ok=True)
    assert keys == ["00"]
