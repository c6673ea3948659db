"""Weights are fetched from allowed hosts only, whole, resumed, and checked."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from compress.weights.download import Network, Source, Unreachable, check_address, fetch_file
from core.errors import InputError, JobFailure

CONTENT = bytes(range(256)) * 4000
HASH = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests.append((self.path, self.headers.get("Range")))
        if self.path in ("/away", "/loop", "/inside", "/odd"):
            away = {"/away": "http://evil.invalid/x", "/inside": "/weights", "/odd": "//["}
            target = away.get(self.path, "/loop")
            self.send_response(302)
            self.send_header("Location", target)
            self.end_headers()
            return
        start = 0
        if self.headers.get("Range") and self.path != "/stubborn":
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        if self.path == "/missing" or start >= len(CONTENT):
            self.send_error(404 if self.path == "/missing" else 416)
            return
        body = CONTENT[start:]
        self.send_response(206 if start else 200)
        if self.path != "/unannounced":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if self.path == "/half" else body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Some tests hang up on purpose."""


@pytest.fixture
def server():
    with Server(("127.0.0.1", 0), Handler) as running:
        running.requests = []
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def fetch(server, tmp_path):
    network = Network(requests.Session(), ("127.0.0.1",), ("http",), ())
    base = f"http://127.0.0.1:{server.server_port}"

    def run(path, sha256=HASH, **limits):
        progress = []
        source = Source(base + path, sha256, **limits)
        fetch_file(source, tmp_path / "w", network, lambda *now: progress.append(now))
        return progress

    return run


def test_a_file_arrives_whole_with_progress(fetch, tmp_path):
    progress = fetch("/weights")
    assert (tmp_path / "w").read_bytes() == CONTENT
    assert progress[-1] == (len(CONTENT), len(CONTENT))
    assert not (tmp_path / "w.part").exists()


def test_redirects_within_allowed_hosts_are_followed(fetch, tmp_path):
    fetch("/inside")
    assert (tmp_path / "w").exists()


def test_an_interrupted_attempt_is_continued(fetch, server, tmp_path):
    with pytest.raises(JobFailure):
        fetch("/half")
    size_bytes = (tmp_path / "w.part").stat().st_size
    assert 0 < size_bytes < len(CONTENT)
    fetch("/weights")
    assert server.requests[-1] == ("/weights", f"bytes={size_bytes}-")
    assert (tmp_path / "w").read_bytes() == CONTENT


def test_a_server_that_cannot_continue_starts_over(fetch, tmp_path):
    (tmp_path / "w.part").write_bytes(b"old")
    fetch("/stubborn")
    assert (tmp_path / "w").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("path", "options", "problem"),
    [
        ("/missing", {}, "answers 404"),
        ("/weights", {"sha256": "0" * 64}, "its sha256 is"),
        ("/weights", {"max_bytes": 1000}, "larger than 1000 bytes"),
        ("/unannounced", {"max_bytes": 1000}, "larger than 1000 bytes"),
        ("/loop", {}, "redirects"),
    ],
)
def test_a_file_that_is_not_as_promised_is_refused(fetch, tmp_path, path, options, problem):
    with pytest.raises(JobFailure, match=problem):
        fetch(path, **options)
    assert not (tmp_path / "w").exists()


def test_no_more_than_the_limit_reaches_the_disk(fetch, tmp_path):
    with pytest.raises(JobFailure, match="larger than 100000 bytes"):
        fetch("/unannounced", max_bytes=100_000)
    assert (tmp_path / "w.part").stat().st_size <= 100_000


def test_a_size_that_is_announced_ends_a_download_before_it_begins(fetch, tmp_path):
    with pytest.raises(JobFailure, match="larger than 100000 bytes"):
        fetch("/weights", max_bytes=100_000)
    assert not (tmp_path / "w.part").exists()


def test_a_redirect_off_the_list_is_refused(fetch, server, tmp_path):
    with pytest.raises(InputError, match=r"evil\.invalid is not allowed") as refused:
        fetch("/away")
    assert refused.value.key.startswith("redirect of http://127.0.0.1")
    assert refused.value.choices == ("127.0.0.1",)
    assert "give its path" in refused.value.hint
    assert [path for path, _ in server.requests] == ["/away"]
    assert not (tmp_path / "w.part").exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://bj.bcebos.com/x",
        "file:///etc/passwd",
        "https://bj.bcebos.com.evil.invalid/x",
        "https://user:secret@bj.bcebos.com/x",
        "https://169.254.169.254/latest",
        "https://evil.invalid/?https://bj.bcebos.com",
        "//bj.bcebos.com/x",
        "https://[",
        "https://[bj.bcebos.com]/x",
        "https://bj.bcebos.com:x/y",
        "https://bj.bcebos.com:99999/x",
        "https://bj.bcebos.com/\udcff",
    ],
)
def test_other_addresses_are_not_even_tried(url):
    with pytest.raises(InputError):
        check_address(url, Network(requests.Session()))


@pytest.mark.parametrize("port", [0, 22, 80, 8443])
def test_other_ports_are_not_even_tried(port):
    with pytest.raises(InputError) as caught:
        check_address(f"https://bj.bcebos.com:{port}/x", Network(requests.Session()))
    assert caught.value.message == f"the port {port} is not allowed"
    check_address("https://bj.bcebos.com:443/x", Network(requests.Session()))


def test_a_redirect_to_what_is_no_address_is_refused(fetch):
    with pytest.raises(Unreachable, match="ValueError: Invalid IPv6 URL"):
        fetch("/odd")


def test_a_file_that_is_there_is_not_fetched_again(fetch, server, tmp_path):
    (tmp_path / "w").write_bytes(b"there")
    assert fetch("/weights") == []
    assert server.requests == []
    assert (tmp_path / "w").read_bytes() == b"there"


def test_without_a_hash_any_content_is_taken(fetch, tmp_path):
    fetch("/weights", sha256=None)
    assert (tmp_path / "w").read_bytes() == CONTENT


def test_a_wrong_hash_removes_what_was_fetched(fetch, tmp_path):
    with pytest.raises(JobFailure, match=f"its sha256 is {HASH}, not {'0' * 64}"):
        fetch("/weights", sha256="0" * 64)
    assert not (tmp_path / "w.part").exists()


def test_more_than_the_file_holds_starts_over_the_next_time(fetch, tmp_path):
    (tmp_path / "w.part").write_bytes(CONTENT + b"more")
    with pytest.raises(Unreachable, match="try again"):
        fetch("/weights")
    fetch("/weights")
    assert (tmp_path / "w").read_bytes() == CONTENT


def test_a_server_that_is_away_can_be_tried_again(tmp_path):
    network = Network(requests.Session(), ("127.0.0.1",), ("http",), ())
    with pytest.raises(Unreachable, match="ConnectionError"):
        fetch_file(Source("http://127.0.0.1:9/w"), tmp_path / "w", network, lambda *_: None)


@pytest.mark.parametrize("url", ["https://bj.bcebos.com/x", "https://paddleseg.bj.bcebos.com/y?z"])
def test_addresses_of_the_publishers_are_allowed(url):
    check_address(url, Network(requests.Session()))


def test_a_refused_address_names_the_key_and_the_next_step():
    with pytest.raises(InputError) as caught:
        check_address("ftp://bj.bcebos.com/x", Network(requests.Session()), "ADDRESS")
    assert (caught.value.key, caught.value.hint) == (
        "ADDRESS",
        "give an https address without a user",
    )
