"""The front before the emulated GitHub: who reaches it."""

from pathlib import Path
from urllib.parse import urlsplit

from examples.github.front import Front, serve

LISTENING, LOOPBACK = "0A", "0100007F"
"""As the kernel writes them, in hexadecimal digits."""


def test_it_listens_on_this_machine_only():
    """It has a token that may write, and whoever asks is answered."""
    with serve(Front("http://127.0.0.1:9", {})) as url:
        port = f"{urlsplit(url).port:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().split("\n")[1:-1]]
        places = {row[1] for row in rows if row[3] == LISTENING and row[1].endswith(f":{port}")}
    assert places == {f"{LOOPBACK}:{port}"}
