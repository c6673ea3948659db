"""Events and answers of GitHub: fields that are null, absent, of another type, or hostile."""

import json
from collections.abc import Iterator
from typing import Any

from tests.attack.attack import ANY, Attack, Ground
from tests.attack.finished import REQUEST, lay_out, leaves, replaced
from tests.attack.hub import BASE, HEAD, TIME, State, pull, user
from tests.attack.surfaces.comments import ADMIT, RUN, event
from tests.attack.surfaces.result_files import CONTENT
from tests.attack.surfaces.results import PUBLISH
from tests.attack.values import VALUES, some

REPOSITORY = {"full_name": "suite/models", "default_branch": "main"}
PUSH = {
    "action": "synchronize",
    "changes": {},
    "pull_request": {
        "number": 1,
        "head": {"sha": HEAD, "ref": "change", "repo": {"full_name": "stranger/models"}},
        "base": {"sha": BASE, "ref": "main"},
        "merged": False,
        "merge_commit_sha": None,
        "user": user("stranger"),
        "body": None,
        "title": "A change",
    },
    "repository": REPOSITORY,
    "sender": user("stranger"),
}
CLOSED = {
    **PUSH,
    "action": "closed",
    "pull_request": {**PUSH["pull_request"], "merged": True, "merge_commit_sha": "d" * 40},
}
EVENTS = {
    "pull_request_target": PUSH,
    "issue_comment": event(RUN),
    "schedule": {"repository": REPOSITORY, "schedule": "0 0 * * *"},
    "workflow_dispatch": {"repository": REPOSITORY, "inputs": {}},
}
QUERY = {"ref": 'change"; touch CANARY; `touch CANARY` $(touch CANARY)\n::error::x'}
COMMENT = {
    "id": 3,
    "user": user("github-actions[bot]", "Bot"),
    "created_at": TIME,
    "body": f"<!-- slimgate:report {'c' * 40} - -->\n\n\nold",
}
CHECK = {
    "id": 800,
    "app": {"slug": "github-actions"},
    "head_sha": HEAD,
    "name": "slimgate",
    "status": "completed",
    "conclusion": "success",
    "external_id": "run-69",
    "output": {"title": "t", "summary": "s", "annotations_count": 0},
}
RUNNING = {
    "id": 60,
    "path": ".github/workflows/slimgate.yml",
    "display_title": "slimgate #1",
    "status": "queued",
    "html_url": "http://127.0.0.1/x",
}
NOTE = {"id": 4, "path": "configs/m.yml", "line": 1, "body": "x", "user": user()}
ROUNDS = 10


def attacks() -> Iterator[Attack]:
    """Payloads with random changes, payloads that are none, and answers with null everywhere."""
    for name, payload in EVENTS.items():
        for seed in range(ROUNDS):
            yield admitted(f"{name} {seed}", name, shaken(payload, seed))
        for path in leaves(payload):
            if path:
                where = ".".join(map(str, path))
                yield admitted(f"{name}: {where} is null", name, replaced(payload, path, None))
    for name, content in CONTENT.items():
        yield written(f"an event: {name}", content)
    for name in ("merge_group", "push", "", "a\nb", "::error::", "x" * 10_000):
        yield admitted(f"the event {name[:20]!r}", name, PUSH)
    yield admitted("a closed pull request", "pull_request_target", CLOSED)
    yield admitted(
        "a hostile branch",
        "pull_request_target",
        replaced(PUSH, ("pull_request", "head"), {"sha": HEAD, **QUERY}),
    )
    yield from answers()


def answers() -> Iterator[Attack]:
    """Each field of GitHub's answers null that may be, for an event and for a publication; answers
    that refuse.
    """
    for name, path in NULLABLE:
        where = f"{name}.{'.'.join(map(str, path))}"
        state = replaced(STATES[name], path, None)
        yield seen(f"{where} is null, comment", "issue_comment", event(RUN), name, state)
        yield seen(f"{where} is null, push", "pull_request_target", PUSH, name, state)
        yield published(f"{where} is null, publish", name, state)
    for status in (403, 404, 409, 422, 451):
        reply = {r"/comments": (status, {"message": "<b>no</b>\n::error::x" * 200})}
        yield replied(f"status {status} for comments", reply)


NULLABLE = (
    ("pull", ("user",)),
    ("pull", ("body",)),
    ("pull", ("head", "repo")),
    ("pull", ("head", "user")),
    ("comments", (0, "user")),
    ("comments", (0, "body")),
    ("checks", (0, "app")),
    ("checks", (0, "conclusion")),
    ("checks", (0, "external_id")),
    ("checks", (0, "output", "title")),
    ("checks", (0, "output", "summary")),
    ("notes", (0, "user")),
    ("notes", (0, "line")),
    ("runs", (0, "display_title")),
)
"""Fields that GitHub's description allows to be null, or to be absent."""
STATES: dict[str, Any] = {
    "pull": {
        **pull(),
        "user": user(),
        "body": "x",
        "head": {"sha": HEAD, "ref": "c", "repo": {"id": 1}, "user": user()},
    },
    "comments": [COMMENT],
    "checks": [CHECK],
    "notes": [NOTE],
    "runs": [RUNNING],
}


def admitted(name: str, event_name: str, payload: Any, **fields: Any) -> Attack:
    return Attack(
        name,
        ADMIT,
        lambda ground: ground.write("event.json", json.dumps(payload)),
        ANY,
        hub=lambda: State(**fields),
        environment={"GITHUB_EVENT_NAME": event_name, "GITHUB_SHA": HEAD},
    )


def written(name: str, content: str | bytes) -> Attack:
    environment = {"GITHUB_EVENT_NAME": "issue_comment"}
    return Attack(
        name,
        ADMIT,
        lambda ground: ground.write("event.json", content),
        says=("event.json",),
        hub=State,
        environment=environment,
    )


def seen(name: str, event_name: str, payload: Any, part: str, state: Any) -> Attack:
    return admitted(name, event_name, payload, **{part: state})


def published(name: str, part: str, state: Any) -> Attack:
    def prepare(ground: Ground) -> None:
        lay_out(ground, [], "results-cpu")
        ground.write("request.json", json.dumps(REQUEST))

    return Attack(name, PUBLISH, prepare, (0, 1, 3), hub=lambda: State(**{part: state}))


def replied(name: str, replies: dict[str, tuple[int, Any]]) -> Attack:
    return Attack(
        name,
        ADMIT,
        lambda ground: ground.write("event.json", json.dumps(event(RUN))),
        ANY,
        hub=lambda: State(replies=replies),
        environment={"GITHUB_EVENT_NAME": "issue_comment"},
    )


def shaken(document: Any, seed: int) -> Any:
    """The payload with one to three values replaced."""
    random = some(seed)
    for _ in range(random.randint(1, 3)):
        path = random.choice([path for path in leaves(document) if path])
        document = replaced(document, path, random.choice([*VALUES.values()]))
    return document
