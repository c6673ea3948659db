"""Shared libraries are found under the names by which Paddle opens them."""

import shutil

from compress.runtimes import libraries
from compress.runtimes.libraries import link_libraries, link_own, unversioned
from compress.runtimes.runtime import own_runtime


def test_versions_are_taken_off():
    assert unversioned("libcudnn.so.8") == "libcudnn.so"
    assert unversioned("libnvrtc-builtins.so.11.8") == "libnvrtc-builtins.so"
    assert unversioned("libx.so") == "libx.so"


def test_each_library_is_linked_under_both_names_even_if_everything_is_moved(tmp_path):
    made = tmp_path / "made"
    for name in ("nvidia/cudnn/lib/libcudnn.so.8", "tensorrt/libnvinfer.so.8", "other/libz.so.1"):
        library = made / "site" / name
        library.parent.mkdir(parents=True, exist_ok=True)
        library.write_text(name)
    (made / "site" / "nvidia" / "cudnn" / "lib" / "readme.txt").write_text("")
    names = link_libraries(made / "site", ("nvidia", "tensorrt"), made / "libraries")
    assert names == ["libcudnn.so", "libcudnn.so.8", "libnvinfer.so", "libnvinfer.so.8"]
    moved = tmp_path / "moved"
    shutil.move(made, moved)
    for name in names:
        assert (moved / "libraries" / name).read_text().endswith(f"{unversioned(name)}.8")


def test_of_two_libraries_with_one_name_the_first_is_linked(tmp_path):
    for name in ("b/libx.so.2", "a/libx.so.1"):
        library = tmp_path / "site" / "all" / name
        library.parent.mkdir(parents=True)
        library.write_text(name)
    link_libraries(tmp_path / "site", ("all",), tmp_path / "libraries")
    assert (tmp_path / "libraries" / "libx.so").read_text() == "a/libx.so.1"
    assert (tmp_path / "libraries" / "libx.so.2").read_text() == "b/libx.so.2"


def test_slimgates_own_environment_finds_its_libraries_once_they_are_linked(tmp_path, monkeypatch):
    monkeypatch.setattr(libraries.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(libraries.sysconfig, "get_path", lambda name: str(tmp_path / name))
    assert own_runtime().libraries is None
    library = tmp_path / "purelib" / "nvidia" / "cudnn" / "libcudnn.so.8"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"code")
    assert link_own() == link_own() == ["libcudnn.so", "libcudnn.so.8"]
    assert own_runtime().libraries == tmp_path / "libraries"
