"""Where trained weights come from, and the reason where there are none."""

import zipfile

import pytest
import requests

from compress.manifest import Weights
from compress.weights import published
from compress.weights.download import Network
from compress.weights.published import (
    DOWNLOADS,
    REPORT_BYTES,
    Publisher,
    locate_weights,
    open_publisher,
)
from core.errors import InputError, JobFailure
from core.store import Store

URL = "https://bj.bcebos.com/paddleseg/model.pdparams"


def publisher(tmp_path, network=None):
    return Publisher(tmp_path / "downloads", network, lambda *_: None)


def test_without_weights_there_is_a_reason(tmp_path):
    assert locate_weights(None, tmp_path, publisher(tmp_path)) == (
        None,
        "the manifest names no weights",
    )
    path, reason = locate_weights(Weights(url=URL), tmp_path, publisher(tmp_path))
    assert (path, reason) == (None, "the weights were not fetched")


def test_a_path_is_relative_to_the_manifest_and_checked(tmp_path):
    (tmp_path / "w.pdparams").write_bytes(b"x")
    path, reason = locate_weights(Weights(path="w.pdparams"), tmp_path, publisher(tmp_path))
    assert (path, reason) == (tmp_path / "w.pdparams", "")
    with pytest.raises(JobFailure, match="sha256"):
        locate_weights(Weights(path="w.pdparams", sha256="0" * 64), tmp_path, publisher(tmp_path))
    with pytest.raises(InputError, match="does not exist"):
        locate_weights(Weights(path="v.pdparams"), tmp_path, publisher(tmp_path))


def test_a_file_that_was_fetched_before_is_checked_again(tmp_path):
    keeper = publisher(tmp_path)
    network = Network(requests.Session())
    with pytest.raises(InputError, match="not allowed"):
        locate_weights(
            Weights(url="https://evil.invalid/w"), tmp_path, publisher(tmp_path, network)
        )
    keeper.downloads.mkdir()
    copy = keeper.downloads / published._name(URL, None)
    copy.write_bytes(b"x")
    assert locate_weights(Weights(url=URL), tmp_path, keeper) == (copy, "")
    (keeper.downloads / published._name(URL, "0" * 64)).write_bytes(b"x")
    with pytest.raises(JobFailure, match="sha256"):
        locate_weights(Weights(url=URL, sha256="0" * 64), tmp_path, keeper)


def test_a_download_that_is_not_what_was_promised_is_no_reason_to_do_without(tmp_path, monkeypatch):
    def other(*_):
        raise JobFailure("fetch", "error", "its sha256 is another")

    monkeypatch.setattr("compress.weights.published.fetch_file", other)
    keeper = publisher(tmp_path, Network(requests.Session()))
    with pytest.raises(JobFailure, match="its sha256 is another"):
        locate_weights(Weights(url=URL, sha256="0" * 64), tmp_path, keeper)


def test_a_server_that_cannot_be_reached_means_initial_weights(tmp_path):
    refused = Network(requests.Session(), ("127.0.0.1",), ("http",), ())
    weights = Weights(url="http://127.0.0.1:9/w")
    path, reason = locate_weights(weights, tmp_path, publisher(tmp_path, refused))
    assert path is None
    assert reason.startswith("the weights cannot be fetched")


def test_weights_in_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as out:
        out.writestr("pretrained/model.pdparams", b"x")
    weights = Weights(path="w.zip", member="pretrained/model.pdparams")
    path, reason = locate_weights(weights, tmp_path, publisher(tmp_path))
    assert (path.read_bytes(), reason) == (b"x", "")
    assert locate_weights(weights, tmp_path, publisher(tmp_path)) == (path, "")


def test_a_member_is_taken_out_anew_when_the_archive_changes(tmp_path):
    weights = Weights(path="w.zip", member="m")
    contents = []
    for content in (b"x", b"y"):
        with zipfile.ZipFile(tmp_path / "w.zip", "w") as out:
            out.writestr("m", content)
        path, _ = locate_weights(weights, tmp_path, publisher(tmp_path))
        contents.append(path.read_bytes())
    assert contents == [b"x", b"y"]


def test_addresses_and_hashes_have_files_of_their_own():
    other = URL.replace("https", "http")
    names = {published._name(*key) for key in ((URL, None), (URL, "0" * 64), (other, None))}
    assert len(names) == 3
    assert all(name.endswith("-model.pdparams") for name in names)


def test_downloads_lie_beside_the_store_and_need_permission(tmp_path):
    offline = open_publisher(Store(tmp_path), False, print)
    assert (offline.downloads, offline.network) == (tmp_path / DOWNLOADS, None)
    assert open_publisher(Store(tmp_path), True, print).network is not None


def test_progress_is_reported_now_and_then_and_at_the_end(tmp_path):
    lines = []
    progress = open_publisher(Store(tmp_path), False, lines.append).progress
    total = 2 * REPORT_BYTES + 1_000_000
    for size_bytes in range(0, total, 2**16):
        progress(size_bytes, total)
    progress(total, total)
    progress(REPORT_BYTES, None)
    assert lines == [
        "fetched 0 of 35 MB",
        "fetched 17 of 35 MB",
        "fetched 34 of 35 MB",
        "fetched 35 of 35 MB",
        "fetched 17 MB",
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("weights-1.0_x.pdparams?a=b/c", "weights-1.0_x.pdparams"),
        ("x" * 400, "x" * 100),
        ("é" * 400, "_" * 100),
        ("a\0b", "a_b"),
        ("", "bj.bcebos.com"),
    ],
)
def test_every_address_has_a_name_that_file_systems_take(path, name):
    digest, _, rest = published._name(f"https://bj.bcebos.com/{path}", None).partition("-")
    assert (len(digest), rest) == (16, name)
