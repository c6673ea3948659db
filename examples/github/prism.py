"""Holds every request against GitHub's own OpenAPI description: Prism as a proxy on the way."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from examples.github.server import free_port, node

HERE = Path(__file__).parent / "openapi"
DESCRIPTION = HERE / "node_modules" / "@octokit" / "openapi" / "generated" / "api.github.com.json"
PATHS = re.compile(r"/repos/\{owner\}/\{repo\}(/|$)")
"""What the bot may ask for; the rest of the description takes ten seconds to load."""
VIOLATION = re.compile(r"Violation: (request\S*) (.*)")
DATE = r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?"
RANGE = {"type": "string", "pattern": rf"^((>=|>|<=|<)?{DATE}|{DATE}\.\.{DATE})$"}
"""The schema of the parameter ``created``. GitHub's own says a date and time, although the text of
its description, and its documentation, say a range of them.
"""


@dataclass
class Proxy:
    """A running proxy. ``violations`` are those of requests; the emulator's answers lack fields."""

    url: str
    violations: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def read(self, stream: IO[str]) -> None:
        """Takes down what the proxy says, to its end."""
        for line in stream:
            self.log.append(line)
            found = VIOLATION.search(line)
            unknown = "no matching path" in line.lower() or "route not resolved" in line.lower()
            if found or unknown:
                self.violations.append(line.strip())


@contextlib.contextmanager
def validate(upstream: str) -> Iterator[Proxy]:
    """A proxy before ``upstream``; needs ``npm ci`` in the ``openapi`` folder."""
    description = json.loads(DESCRIPTION.read_text())
    description["paths"] = {p: o for p, o in description["paths"].items() if PATHS.match(p)}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        description["components"]["parameters"]["created"]["schema"] = RANGE
        json.dump(description, file)
        file.flush()
        port = str(free_port())
        cli = str(HERE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js")
        command = [node(), cli, "proxy", file.name, upstream, "-p", port]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    if "listening" in line:
                        break
                proxy = Proxy(f"http://127.0.0.1:{port}")
                reader = threading.Thread(target=proxy.read, args=(process.stdout,), daemon=True)
                reader.start()
                yield proxy
            finally:
                process.terminate()
                process.wait()
                reader.join()
