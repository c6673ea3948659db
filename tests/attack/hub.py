"""A GitHub in memory: what it answers about one pull request, and what was changed on it."""

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HEAD, BASE = "b" * 40, "a" * 40
TIME = "2024-01-01T00:00:00Z"
MAX_BODY = 65_536
"""Bytes of a text that GitHub takes."""
Reply = tuple[int, Any]


def user(login: str = "maintainer", kind: str = "User") -> dict[str, Any]:
    """An account as GitHub shows it."""
    return {"login": login, "id": 1, "type": kind}


def pull(head: str = HEAD) -> dict[str, Any]:
    """An open pull request."""
    sides = {"head": {"sha": head, "ref": "change"}, "base": {"sha": BASE, "ref": "main"}}
    return {"number": 1, "state": "open", "url": "http://127.0.0.1/pulls/1", **sides}


@dataclass
class State:
    """What GitHub holds; ``replies`` replaces the answers to paths, by pattern."""

    pull: dict[str, Any] = field(default_factory=pull)
    comments: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    role: str = "write"
    replies: dict[str, Reply] = field(default_factory=dict)


@dataclass
class Hub:
    """The state, the requests that changed it as (method, path, body), the paths that it has no
    answer for, and the address.
    """

    state: State
    sent: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, body: Any) -> Reply:
        """The status and body of the answer to one request."""
        if method != "GET":
            self.sent.append((method, path, body or {}))
        for pattern, reply in self.state.replies.items():
            if re.search(pattern, path):
                return reply
        if re.search(r"[?&]page=(?!1\b)", path):
            return 200, []
        if method != "GET":
            return change(self.state, method, path, body)
        answer = read(self.state, path)
        if answer is None:
            self.unanswered.append(path)
        return answer or (404, {"message": "Not Found"})


def read(state: State, path: str) -> Reply | None:
    """The answer to a GET; None to one that nobody thought of."""
    answers: dict[str, Any] = {
        r"/pulls/1$": state.pull,
        r"/pulls$": [state.pull],
        r"/git/matching-refs/": [],
        r"/issues/1/comments$": state.comments,
        r"/pulls/1/comments$": state.notes,
        r"/commits/\w+/check-runs$": {
            "total_count": len(state.checks),
            "check_runs": state.checks,
        },
        r"/permission$": {"permission": state.role, "role_name": state.role, "user": user()},
        r"/compare/": {"merge_base_commit": {"sha": BASE}, "commits": [], "files": []},
        r"/actions/runs$": {"total_count": len(state.runs), "workflow_runs": state.runs},
        r"/commits/[0-9a-f]{40}$": {"sha": HEAD},
        r"/commits/main$": {"sha": BASE},
        **{rf"/check-runs/{check['id']}$": check for check in state.checks},
    }
    plain = path.partition("?")[0]
    found = [answer for pattern, answer in answers.items() if re.search(pattern, plain)]
    return (200, found[0]) if found else None


def change(state: State, method: str, path: str, body: Any) -> Reply:
    """The answer to a change, which GitHub refuses if a text is too long."""
    if any(len(text.encode(errors="replace")) > MAX_BODY for text in texts(body)):
        return 422, {"message": "body is too long"}
    if path.endswith("/issues/1/comments"):
        account = user("github-actions[bot]", "Bot")
        made = {"id": 900 + len(state.comments), "user": account, "created_at": TIME, **body}
        state.comments.append(made)
        return 201, made
    if path.endswith("/check-runs"):
        made = {"id": 800 + len(state.checks), "app": {"slug": "github-actions"}, **check(body)}
        state.checks.append(made)
        return 201, made
    return change_one(state, method, path, body)


def change_one(state: State, method: str, path: str, body: Any) -> Reply:
    """The answer to a change of a comment or a check that exists."""
    for item in (*state.comments, *state.checks):
        if path.endswith(f"/{item['id']}") and method == "DELETE":
            state.comments.remove(item)
            return 204, None
        if path.endswith(f"/{item['id']}"):
            item.update(check({**item, **body}) if "/check-runs/" in path else body)
            return 200, item
    return 201, {"id": 5}


def check(body: dict[str, Any]) -> dict[str, Any]:
    """A check run as GitHub shows it."""
    output = {"title": None, "summary": None, **(body.get("output") or {})}
    output.setdefault("annotations_count", len(output.pop("annotations", ())))
    defaults = {"head_sha": HEAD, "name": "slimgate", "conclusion": None, "external_id": ""}
    return {**defaults, **body, "output": output}


def texts(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


@contextlib.contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """Answers on a free port until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, answer = hub.answer(self.command, self.path, body)
            data = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815  names of http.server

        def log_message(self, *_: object) -> None:
            """Prints nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
