"""``slimgate admit``: answers a GitHub event and decides what to measure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import Outputs, Suite
from bot.commands.wiring import now, open_client, read_environment

if TYPE_CHECKING:
    from bot.events.comments.base import ValidNames
    from bot.plan.request import RunRequest
    from compress.manifest import Manifest

AT_ONCE, PER_DAY = 3, 30
EventName = Annotated[
    str,
    typer.Option(
        envvar="GITHUB_EVENT_NAME",
        help="Name of the GitHub event: pull_request_target, merge_group, issue_comment or "
        "schedule.",
    ),
]
EventFile = Annotated[
    Path,
    typer.Option(
        "--event", envvar="GITHUB_EVENT_PATH", help="JSON file with the payload of the event."
    ),
]


def admit(
    suite: Suite,
    event: EventFile,
    event_name: EventName,
    runners: Annotated[
        list[str],
        typer.Option(
            help="Kind of runner that the suite has, as in its label slimgate-KIND; repeatable."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            help="Request file (JSON) to write; it is not written if there is nothing to measure."
        ),
    ],
    branch_head: Annotated[
        str,
        typer.Option(
            envvar="GITHUB_SHA",
            help="Commit at the head of the default branch, for scheduled runs.",
        ),
    ] = "",
    runs_at_once: Annotated[
        int,
        typer.Option(min=1, help="Pull requests of one author that may be measured at a time."),
    ] = AT_ONCE,
    runs_per_day: Annotated[
        int, typer.Option(min=1, help="Runs that one author may start within 24 hours.")
    ] = PER_DAY,
    outputs: Outputs = None,
) -> int:
    """Answer a GitHub event: authorise it, acknowledge it, open the check and request a run.

    Used by the bot's workflow (docs/github.md). The token is read from GITHUB_TOKEN, the
    repository from GITHUB_REPOSITORY. The limits on one author's runs do not concern people who
    may write to the repository, and not what they start by a comment.

    Example: slimgate admit --suite PaddleSeg --event event.json --event-name issue_comment
    --runners cpu --out request.json
    """
    from bot.events.gatekeeper import answer_event
    from bot.events.limits import AuthorLimits
    from bot.events.steps import Circumstances
    from bot.github.events import load_event, pull_number
    from compress.manifest import find_manifest, load_manifest

    manifest = load_manifest(find_manifest(suite))
    loaded = load_event(event_name, event)
    environment = read_environment()
    client = open_client(environment, pull_number(loaded))
    circumstances = Circumstances(
        _valid_names(manifest, runners),
        branch_head,
        environment.run_id,
        now(),
        AuthorLimits(runs_at_once, runs_per_day),
    )
    _write(answer_event(loaded, client, circumstances), out, outputs)
    return 0


def _valid_names(manifest: Manifest, runners: list[str]) -> ValidNames:
    from bot.events.comments.base import KindRuntimes, ValidNames
    from bot.run.kinds import other_runtimes, own_runtime_of
    from core.errors import InputError

    recipes = dict.fromkeys(recipe.name for model in manifest.models for recipe in model.recipes)
    models = tuple(model.name for model in manifest.models)
    for runner in runners:
        if runner not in manifest.kinds:
            raise InputError(
                f"unknown kind of runner {runner!r}",
                key="--runners",
                given=runner,
                choices=tuple(manifest.kinds),
                hint="name one of these, or describe it in the manifest (docs/manifest.md)",
            )
    runtimes = {
        runner: KindRuntimes(own_runtime_of(kind), other_runtimes(kind))
        for runner, kind in manifest.kinds.items()
        if runner in runners
    }
    return ValidNames(models, tuple(recipes), tuple(runners), runtimes)


def _write(request: RunRequest | None, out: Path, outputs: Path | None) -> None:
    import json

    from bot.github.outputs import write_outputs
    from bot.text.output import print_text
    from core.schema import dump_json, write_json

    if request is None:
        print_text("nothing to measure")
        return
    write_json(out, request)
    roles = (request.head, request.base_commit, request.trusted_commit)
    commits = dict.fromkeys(commit for commit in roles if commit is not None)
    if outputs is not None:
        write_outputs(
            outputs,
            request=dump_json(request),
            number=str(request.number or ""),
            head=request.head,
            commits=" ".join(commits),
            runners=json.dumps(request.runners),
            measure="false" if request.results_run else "true",
        )
    print_text(f"to measure: {request.head[:12]}, see {out}")


COMMAND = admit
