import pytest

from core.store import Store

KEY = "ab" * 32


def write(text):
    def make(folder):
        (folder / "sub").mkdir()
        (folder / "sub" / "f").write_text(text)

    return make


def test_built_once(tmp_path):
    store = Store(tmp_path)
    folder, cached = store.build(KEY, write("one"))
    assert not cached
    again, cached = store.build(KEY, write("two"))
    assert cached
    assert again == folder
    assert (folder / "sub" / "f").read_text() == "one"


def test_a_build_that_fails_leaves_nothing(tmp_path):
    def fail(folder):
        (folder / "half").write_text("x")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Store(tmp_path).build(KEY, fail)
    assert list(tmp_path.iterdir()) == []


def test_damage_is_noticed_and_built_again(tmp_path):
    store = Store(tmp_path)
    folder, _ = store.build(KEY, write("one"))
    (folder / "sub" / "f").write_text("tampered")
    assert store.find(KEY) is None
    folder, cached = store.build(KEY, write("one"))
    assert not cached
    assert (folder / "sub" / "f").read_text() == "one"


def test_links_are_refused(tmp_path):
    def link(folder):
        (folder / "l").symlink_to("/etc/passwd")

    with pytest.raises(ValueError, match="symbolic link"):
        Store(tmp_path).build(KEY, link)


def test_collect_keeps_what_was_used_last(tmp_path):
    import os

    store = Store(tmp_path)
    for number in range(3):
        key = f"{number:02d}" * 32
        folder, _ = store.build(key, write("x" * 100))
        os.utime(folder / "entry.json", (1000 + number, 1000 + number))
    size = next(store.entries()).size_bytes
    removed = store.collect(max_bytes=2 * size, max_age_s=1e12)
    assert [entry.key[:2] for entry in removed] == ["00"]
    assert store.collect(max_bytes=10**9, max_age_s=10) != []
    assert list(store.entries()) == []
