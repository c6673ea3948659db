"""What GitHub's OpenAPI description says about the fields that the bot reads.

``python -m tests.bot.github.schema`` takes it from the npm package ``@octokit/openapi`` (MIT
licence) in ``examples/github/openapi``, which ``make check-api`` installs, and writes
``schema.json``: for every model the read fields, and a sparse example, in which all that may be
null is null and all that may be missing is missing, whether the bot reads it or not.
"""

import copy
import json
from pathlib import Path

from bot.github import answers, events
from bot.github.payload import Payload
from examples.github.prism import DESCRIPTION

FILE = Path(__file__).with_name("schema.json")
REPO = "/repos/{owner}/{repo}"
ANSWERS = {
    answers.CommentAnswer: ("/issues/{issue_number}/comments", ["items"]),
    answers.NoteAnswer: ("/pulls/{pull_number}/comments", ["items"]),
    answers.CheckAnswer: ("/commits/{ref}/check-runs", ["check_runs", "items"]),
    answers.RunAnswer: ("/actions/runs", ["workflow_runs", "items"]),
    answers.PullAnswer: ("/pulls/{pull_number}", []),
    answers.ListedPullAnswer: ("/pulls", ["items"]),
    answers.RefAnswer: ("/git/matching-refs/{ref}", ["items"]),
    answers.RoleAnswer: ("/collaborators/{username}/permission", []),
    answers.CommitAnswer: ("/commits/{ref}", []),
    answers.ComparisonAnswer: ("/compare/{basehead}", []),
    answers.GitCommitAnswer: ("/git/commits/{commit_sha}", []),
}
EVENTS = {
    ("pull_request_target", events.PullRequestEvent): [
        "pull-request-opened",
        "pull-request-reopened",
        "pull-request-synchronize",
        "pull-request-edited",
        "pull-request-closed",
    ],
    ("issue_comment", events.CommentEvent): ["issue-comment-created"],
    ("merge_group", events.MergeGroupEvent): [
        "merge-group-checks-requested",
        "merge-group-destroyed",
    ],
}
SHA = "0123456789abcdef0123456789abcdef01234567"
PLAIN = {"integer": 7, "number": 7, "boolean": True, "string": "x", "array": [], "object": {}}


def submodel(model, name):
    """The model of a field that is itself a part of the payload; None for a plain value."""
    annotation = model.model_fields[name].annotation
    options = getattr(annotation, "__args__", (annotation,))
    models = [o for o in options if isinstance(o, type) and issubclass(o, Payload)]
    return models[0] if models else None


class Description:
    """GitHub's description, with references followed and alternatives merged."""

    def __init__(self, data):
        self.data = data

    def flat(self, schema):
        """One object schema: properties, required names, whether it may be null."""
        while "$ref" in schema:
            node = self.data
            for part in schema["$ref"].removeprefix("#/").split("/"):
                node = node[part]
            schema = node
        result = {"properties": {}, **schema, "required": set(schema.get("required", ()))}
        for part in map(self.flat, schema.get("allOf", ())):
            result["properties"] = {**result["properties"], **part["properties"]}
            result["required"] |= part["required"]
            result["nullable"] = result.get("nullable") or part.get("nullable")
            result.setdefault("type", part.get("type"))
        options = [self.flat(part) for key in ("oneOf", "anyOf") for part in schema.get(key, ())]
        for option in options:
            result["properties"] = {**option["properties"], **result["properties"]}
            result["nullable"] = result.get("nullable") or option.get("nullable")
            result.setdefault("type", option.get("type"))
        if options:
            result["required"] |= set.intersection(*(option["required"] for option in options))
        return result

    def answer(self, path, keys):
        body = self.data["paths"][REPO + path]["get"]["responses"]["200"]
        schema = self.flat(self.flat(body)["content"]["application/json"]["schema"])
        for key in keys:
            schema = self.flat(schema["items"] if key == "items" else schema["properties"][key])
        return schema

    def event(self, name):
        body = self.data["x-webhooks"][name]["post"]["requestBody"]
        return self.flat(body["content"]["application/json"]["schema"])

    def fields(self, schema, model):
        """The fields that a model reads: whether they may be missing or null, and their values."""
        described = {}
        for name in sorted(model.model_fields.keys() & schema["properties"].keys()):
            part = self.flat(schema["properties"][name])
            inner = submodel(model, name)
            described[name] = {
                "missing": name not in schema["required"],
                "null": bool(part.get("nullable")) or None in part.get("enum", ()),
                "example": example(name, part),
                "choices": [choice for choice in part.get("enum", ()) if choice is not None],
                **({"fields": self.fields(part, inner)} if inner else {}),
            }
        return described

    def sparse(self, schema):
        """An example with as little in it as the description allows."""
        values = {}
        for name in sorted(schema["required"]):
            part = self.flat(schema["properties"].get(name, {"nullable": True}))
            if part.get("nullable"):
                values[name] = None
            elif part["properties"]:
                values[name] = self.sparse(part)
            else:
                values[name] = example(name, part)
        return values


def example(name, schema):
    """A value of a plain type."""
    if "sha" in name.split("_"):
        return SHA
    if schema.get("format") == "date-time":
        return "2026-01-02T03:04:05Z"
    if schema.get("enum"):
        return next(choice for choice in schema["enum"] if choice is not None)
    kind = schema.get("type") or "string"
    return copy.copy(PLAIN[kind if isinstance(kind, str) else kind[0]])


def full(fields):
    """A payload with every field that is read."""
    return {
        name: full(field["fields"]) if "fields" in field else field["example"]
        for name, field in fields.items()
    }


def variants(fields, path=()):
    """Every way in which one field may differ from the full payload: path and value, or
    ``...`` for a missing field.
    """
    for name, field in fields.items():
        here = (*path, name)
        if field["missing"]:
            yield here, ...
        if field["null"]:
            yield here, None
        for choice in field["choices"]:
            yield here, choice
        yield from variants(field.get("fields", {}), here)


def changed(payload, path, value):
    """The payload with another value at a path, or without the field."""
    result = copy.deepcopy(payload)
    node = result
    for part in path[:-1]:
        node = node[part]
    if value is ...:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return result


def load():
    """The stored extract: by model's name, or by webhook."""
    return json.loads(FILE.read_text())


def extract(data):
    """All that the tests need of the description."""
    description = Description(data)
    schemas = {
        model.__name__: (model, description.answer(*place)) for model, place in ANSWERS.items()
    } | {
        webhook: (model, description.event(webhook))
        for (_, model), webhooks in EVENTS.items()
        for webhook in webhooks
    }
    return {
        "version": data["info"]["version"],
        **{
            name: {
                "fields": description.fields(schema, model),
                "sparse": description.sparse(schema),
            }
            for name, (model, schema) in schemas.items()
        },
    }


def main():
    """Writes the extract anew, one line for each model."""
    parts = extract(json.loads(DESCRIPTION.read_text()))
    lines = [f"{json.dumps(name)}: {json.dumps(part)}" for name, part in parts.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
