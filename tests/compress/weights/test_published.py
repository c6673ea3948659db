"""Where trained weights come from, and what is said where there are none."""

import zipfile

import pytest
import requests

from compress.manifest import Weights
from compress.weights.download import Network
from compress.weights.published import Publisher, locate_weights
from core.errors import InputError, JobFailure

URL = "https://bj.bcebos.com/paddleseg/model.pdparams"


def publisher(tmp_path, network=None):
    return Publisher(tmp_path / "downloads", network, lambda *_: None)


def test_without_weights_the_reason_is_said(tmp_path):
    assert locate_weights(None, tmp_path, publisher(tmp_path)) == (
        None,
        "the manifest names no weights",
    )
    found, why = locate_weights(Weights(url=URL), tmp_path, publisher(tmp_path))
    assert (found, why) == (None, "the weights were not fetched")


def test_a_path_is_relative_to_the_manifest_and_checked(tmp_path):
    (tmp_path / "w.pdparams").write_bytes(b"x")
    found, why = locate_weights(Weights(path="w.pdparams"), tmp_path, publisher(tmp_path))
    assert (found, why) == (tmp_path / "w.pdparams", "")
    with pytest.raises(JobFailure, match="sha256"):
        locate_weights(Weights(path="w.pdparams", sha256="0" * 64), tmp_path, publisher(tmp_path))
    with pytest.raises(InputError, match="does not exist"):
        locate_weights(Weights(path="v.pdparams"), tmp_path, publisher(tmp_path))


def test_what_was_fetched_before_is_taken_and_checked_again(tmp_path):
    keeper = publisher(tmp_path)
    network = Network(requests.Session())
    with pytest.raises(InputError, match="not allowed"):
        locate_weights(
            Weights(url="https://evil.invalid/w"), tmp_path, publisher(tmp_path, network)
        )
    keeper.downloads.mkdir()
    from compress.weights import published

    kept = keeper.downloads / published._name(URL, None)
    kept.write_bytes(b"x")
    assert locate_weights(Weights(url=URL), tmp_path, keeper) == (kept, "")
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
    refused = Network(requests.Session(), ("127.0.0.1",), ("http",))
    weights = Weights(url="http://127.0.0.1:9/w")
    found, why = locate_weights(weights, tmp_path, publisher(tmp_path, refused))
    assert found is None
    assert why.startswith("cannot be had")


def test_weights_in_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.zip", "w") as out:
        out.writestr("pretrained/model.pdparams", b"x")
    weights = Weights(path="w.zip", member="pretrained/model.pdparams")
    found, why = locate_weights(weights, tmp_path, publisher(tmp_path))
    assert (found.read_bytes(), why) == (b"x", "")
    assert locate_weights(weights, tmp_path, publisher(tmp_path)) == (found, "")
