"""A front before the emulator: supplies what that lacks, keeps a record, injects faults.

Supplied: reactions, the ``app`` of check runs, lists of active workflow runs, the comments of
reviews, the heads of pull requests after a push. Every request that
passes is recorded; ``faults`` may answer instead of the emulator, before or after it acted.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import requests

HOP_HEADERS = {"transfer-encoding", "connection", "content-encoding", "content-length"}


@dataclass(frozen=True)
class Request:
    """One request of a client; ``path`` is without the query."""

    method: str
    path: str
    query: str
    body: Any


@dataclass(frozen=True)
class Fault:
    """What a client meets instead of the answer. ``status`` 0 drops the connection; ``acted``
    lets the emulator do its work first, so that only the answer is lost.
    """

    status: int
    message: str = "injected"
    headers: dict[str, str] = field(default_factory=dict)
    acted: bool = False
    delay_s: float = 0.0


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Front:
    """The server's state; ``fault`` is asked about each request with its number."""

    upstream: str
    app: dict[str, Any]
    active_runs: list[dict[str, Any]] = field(default_factory=list)
    reactions: dict[int, list[str]] = field(default_factory=dict)
    cancelled: list[int] = field(default_factory=list)
    record: list[Request] = field(default_factory=list)
    fault: Callable[[int, Request], Fault | None] = lambda _number, _request: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request, headers: dict[str, str], raw: bytes) -> Answer | None:
        """The answer to a request; None drops the connection."""
        with self.lock:
            self.record.append(request)
            number = len(self.record) - 1
        fault = self.fault(number, request)
        if fault is not None and not fault.acted:
            return self._fail(fault)
        answer = self._supplied(request) or self._forward(request, headers, raw)
        return self._fail(fault) if fault is not None else answer

    def _fail(self, fault: Fault) -> Answer | None:
        time.sleep(fault.delay_s)
        if fault.status == 0:
            return None
        return _json(fault.status, {"message": fault.message}, fault.headers)

    def _supplied(self, request: Request) -> Answer | None:
        reaction = re.fullmatch(r".*/issues/comments/(\d+)/reactions", request.path)
        cancel = re.fullmatch(r".*/actions/runs/(\d+)/cancel", request.path)
        if reaction and request.method == "POST":
            content = request.body["content"]
            self.reactions.setdefault(int(reaction[1]), []).append(content)
            return _json(201, {"id": 1, "node_id": "", "content": content, "user": None})
        if cancel and request.method == "POST":
            self.cancelled.append(int(cancel[1]))
            self.active_runs = [r for r in self.active_runs if r["id"] != int(cancel[1])]
            return _json(202, {})
        if request.path.endswith("/actions/runs") and request.method == "GET":
            runs = [run for run in self.active_runs if _matches(run, parse_qs(request.query))]
            return _json(200, {"total_count": len(runs), "workflow_runs": runs})
        return None

    def _forward(self, request: Request, headers: dict[str, str], raw: bytes) -> Answer:
        url = self.upstream + request.path + (f"?{request.query}" if request.query else "")
        kept = {k: v for k, v in headers.items() if k.lower() not in ("host", "accept-encoding")}
        got = requests.request(request.method, url, headers=kept, data=raw, timeout=30)
        self._keep_line_notes(request, kept)
        passed = {k: v for k, v in got.headers.items() if k.lower() not in HOP_HEADERS}
        return got.status_code, passed, self._complete(request, got.content)

    def _keep_line_notes(self, request: Request, headers: dict[str, str]) -> None:
        """The comments of a review, which the emulator drops."""
        if request.method == "POST" and request.path.endswith("/reviews"):
            url = self.upstream + request.path.removesuffix("/reviews") + "/comments"
            for note in request.body.get("comments", ()):
                body = {**note, "commit_id": request.body.get("commit_id")}
                known = {k: v for k, v in headers.items() if k.lower() != "content-length"}
                requests.post(url, headers=known, json=body, timeout=30).raise_for_status()

    def _complete(self, request: Request, content: bytes) -> bytes:
        """Check runs with the App that made them, and the head of a pull request where its branch
        is now: both are left out by the emulator.
        """
        pull = re.fullmatch(r"(.*)/pulls(/\d+)?", request.path)
        if not content or not (pull or "check-runs" in request.path):
            return content
        body = json.loads(content)
        if pull:
            for shown in body if isinstance(body, list) else [body]:
                self._move_head(shown, pull[1])
        else:
            for run in body.get("check_runs", [body] if "/check-runs" in request.path else []):
                run["app"] = run.get("app") or self.app
        return json.dumps(body).encode()

    def _move_head(self, pull: dict[str, Any], repository: str) -> None:
        if "head" in pull:
            url = f"{self.upstream}{repository}/branches/{pull['head']['ref']}"
            pull["head"]["sha"] = requests.get(url, timeout=30).json()["commit"]["sha"]


def _matches(run: dict[str, Any], query: dict[str, list[str]]) -> bool:
    """Whether a workflow run is in the list that was asked for."""
    (since,) = query.get("created", [">="])
    return (
        query.get("status", [run["status"]]) == [run["status"]]
        and query.get("event", [run["event"]]) == [run["event"]]
        and query.get("actor", [run["actor"]["login"]]) == [run["actor"]["login"]]
        and run["created_at"] >= since.removeprefix(">=")
    )


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Answer:
    return (
        status,
        {"Content-Type": "application/json", **(headers or {})},
        json.dumps(body).encode(),
    )


@contextlib.contextmanager
def serve(front: Front) -> Iterator[str]:
    """Serves on a free port of this machine, in threads; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path, _, query = self.path.partition("?")
            request = Request(self.command, path, query, json.loads(raw) if raw else None)
            answer = front.answer(request, dict(self.headers), raw)
            if answer is None:
                self.close_connection = True
                self.connection.close()
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _handle  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Keeps quiet; requests are in the record."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
