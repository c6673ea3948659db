"""Events, facts and the names that a suite has, for tests of comments and events."""

from datetime import datetime, timezone

from bot.events.comments import parse_comment
from bot.events.comments.base import Facts, KindRuntimes, ValidNames
from bot.events.intake import take_comment
from bot.github.events import CommentEvent, PullRequestEvent
from bot.github.values import Check, Identity, Pull, WorkflowRun

NAMES = ValidNames(
    ("PP-LiteSeg-Tiny", "PP-HumanSeg-Lite", "deadbee"),
    ("qat", "ptq"),
    ("cpu", "gpu"),
    {"cpu": KindRuntimes("paddle-2", ("paddle-3", "paddle-3-gpu")), "gpu": KindRuntimes("p", ())},
)
IDENTITY = Identity()
HEAD, BASE = "a" * 40, "b" * 40
PULL = Pull(7, True, HEAD, "develop")
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
FAILED = Check(1, HEAD, "failure", "Accuracy regressed", "", "run-42", 0)
QUEUED = WorkflowRun(3, ".github/workflows/slimgate.yml", "slimgate #7", "queued", "https://x/3")


def make_facts(role="write", runs=(), check=None, commits=None):
    """What is true of pull request 7 when ann comments on it."""
    return Facts(PULL, "ann", role, tuple(runs), check, commits or {})


def meanings(body):
    """What each command of a comment means, or what is wrong with it."""
    return [parsed.meaning for parsed in parse_comment(body, NAMES)]


def take(body, comments=(), **facts):
    """What a comment of ann's leads to."""
    parsed = list(parse_comment(body, NAMES))
    return take_comment(comment_event(body), parsed, make_facts(**facts), comments, IDENTITY, NOW)


def comment_event(body="/rebench", **changes):
    """Ann's new comment 5 on pull request 7; ``changes`` are values by ``__``-joined path."""
    comment = {"id": 5, "body": body, "user": {"login": "ann", "type": "User"}}
    data = {
        "action": "created",
        "issue": {"number": 7, "state": "open", "pull_request": {"url": "u"}},
        "comment": comment,
        "repository": {"full_name": "suite/models"},
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        node = data
        for part in parents:
            node = node[part]
        node[last] = value
    return CommentEvent.model_validate(data)


def pull_event(action="synchronize", head=HEAD, changes=(), base="develop", **pull):
    """An event of pull request 7; ``changes`` names what an edit touched."""
    data = {
        "action": action,
        "pull_request": {
            "number": 7,
            "head": {"sha": head, "ref": "$(touch x)"},
            "base": {"sha": BASE, "ref": base},
            **pull,
        },
        "repository": {"full_name": "suite/models", "default_branch": "develop"},
        "changes": {key: {"from": "x"} for key in changes},
    }
    return PullRequestEvent.model_validate(data)
