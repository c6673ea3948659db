"""``slimgate fetch`` without a network: what the store has, and what is refused."""

import hashlib

import pytest

from compress.weights import published
from compress.weights.published import DOWNLOADS
from tests.bot.shell import slimgate
from tests.compress.archives import make_tar

URL = "https://bj.bcebos.com/paddle-slim-models/act/model.tar"


@pytest.fixture
def store(tmp_path):
    """A store that has the archive."""
    downloads = tmp_path / "store" / DOWNLOADS
    downloads.mkdir(parents=True)
    make_tar(tmp_path / "model.tar", ("m/i.pdmodel", b"program"), ("m/i.pdiparams", b"parameters"))
    content = (tmp_path / "model.tar").read_bytes()
    (downloads / published._name(URL, hashlib.sha256(content).hexdigest())).write_bytes(content)
    (downloads / published._name(URL, None)).write_bytes(content)
    return tmp_path / "store"


def test_a_model_comes_out_of_what_the_store_has(tmp_path, store):
    ended = slimgate("fetch", URL, "--out", tmp_path / "out", "--store", store)
    assert (ended.returncode, ended.stdout) == (0, f"{tmp_path}/out/model.pdmodel\n")
    assert (tmp_path / "out" / "model.pdiparams").read_bytes() == b"parameters"


@pytest.mark.parametrize(
    ("address", "more", "said"),
    [
        ("http://bj.bcebos.com/m.tar", (), "the address http://bj.bcebos.com/m.tar is not allowed"),
        ("https://evil.invalid/m.tar", (), "the host evil.invalid is not allowed"),
        (URL, ("--sha256", "abc"), "not a sha256"),
    ],
)
def test_wrong_arguments_are_refused_and_leave_nothing(tmp_path, store, address, more, said):
    ended = slimgate("fetch", address, "--out", tmp_path / "out", "--store", store, *more)
    assert ended.returncode == 2
    assert said in " ".join(ended.stderr.split())
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_left_alone(tmp_path, store):
    (tmp_path / "mine").write_text("x")
    ended = slimgate("fetch", URL, "--out", tmp_path, "--store", store)
    assert ended.returncode == 2
    assert (tmp_path / "mine").read_text() == "x"
