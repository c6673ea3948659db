"""Published inference models: two files come out of an archive, whatever else it holds."""

import pytest
import requests

from compress.weights import published
from compress.weights.download import Network
from compress.weights.exports import fetch_export
from compress.weights.published import Publisher
from core.errors import InputError, JobFailure
from tests.compress.archives import make_tar, make_zip

URL = "https://bj.bcebos.com/paddle-slim-models/act/model.tar"
PROGRAM, PARAMETERS = ("m/inference.pdmodel", b"program"), ("m/inference.pdiparams", b"parameters")


@pytest.fixture
def publisher(tmp_path):
    return Publisher(tmp_path / "downloads", Network(requests.Session()), lambda *_: None)


def keep(publisher, make, *members):
    """As if the archive had been fetched before."""
    publisher.downloads.mkdir()
    make(publisher.downloads / published._name(URL, None), *members)


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_both_files_come_out_under_their_usual_names(tmp_path, publisher, make):
    keep(publisher, make, ("m/._inference.pdmodel", b"mac"), ("../x", b"evil"), PROGRAM, PARAMETERS)
    fetch_export(URL, None, tmp_path / "out", publisher)
    contents = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert contents == {"model.pdmodel": b"program", "model.pdiparams": b"parameters"}
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([PROGRAM], "0 files end in .pdiparams"),
        ([PROGRAM, PARAMETERS, ("n/other.pdmodel", b"x")], "2 files end in .pdmodel"),
    ],
)
def test_an_archive_without_one_model_leaves_nothing(tmp_path, publisher, members, message):
    keep(publisher, make_tar, *members)
    with pytest.raises(JobFailure, match=message):
        fetch_export(URL, None, tmp_path / "out", publisher)
    assert not (tmp_path / "out").exists()


def test_other_hosts_are_refused(tmp_path, publisher):
    with pytest.raises(InputError, match="not allowed"):
        fetch_export("https://evil.invalid/m.tar", None, tmp_path / "out", publisher)


@pytest.mark.parametrize("sha256", ["", "zz", "AB" * 32, "ab" * 31])
def test_a_value_that_is_not_a_sha256_is_refused(tmp_path, publisher, sha256):
    with pytest.raises(InputError, match="not a sha256") as caught:
        fetch_export(URL, sha256, tmp_path / "out", publisher)
    assert (caught.value.key, caught.value.given) == ("--sha256", sha256)


def test_an_archive_that_was_not_fetched_is_a_failure(tmp_path):
    offline = Publisher(tmp_path / "downloads", None, lambda *_: None)
    with pytest.raises(JobFailure, match="not fetched"):
        fetch_export(URL, None, tmp_path / "out", offline)


def test_a_second_fetch_replaces_the_first(tmp_path, publisher):
    keep(publisher, make_tar, PROGRAM, PARAMETERS)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "model.pdmodel").write_bytes(b"old")
    fetch_export(URL, None, tmp_path / "out", publisher)
    assert (tmp_path / "out" / "model.pdmodel").read_bytes() == b"program"
    assert len(list((tmp_path / "out").iterdir())) == 2
