"""``slimgate runtime``: installs, lists and checks the environments that workers run in."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.wiring import complain, runtimes_root

Name = Annotated[
    str,
    typer.Argument(
        help="Runtime that ships with slimgate, or the path of a runtime's file (YAML)."
    ),
]

COMMAND = typer.Typer(
    help="Install, list and check runtimes: environments for workers, each with its own Paddle.\n\n"
    "Example: slimgate runtime ls",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)


@COMMAND.command("install")
def install(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Runtime that ships with slimgate, or the path of a runtime's file (YAML)."
        ),
    ] = None,
    suite: Annotated[
        str | None,
        typer.Option(
            help="Suite, or its manifest, whose --kind names the runtime (default: NAME)."
        ),
    ] = None,
    kind: Annotated[
        str, typer.Option(help="Kind of runner that this machine is, with --suite.")
    ] = "cpu",
) -> int:
    """Install a runtime into a folder of its own; an interrupted installation leaves nothing.

    Exit code: 0 installed, 2 bad input or a failed download, 3 Paddle does not start in it.

    Example: slimgate runtime install paddle-3.2.2-cpu
    """
    from bot.run.runtimes import install_described
    from bot.text.output import print_text
    from compress.runtimes.spec import describe_runtime

    chosen = name or _runtime_of(suite, kind)
    if chosen is None:
        print_text(f"runners of kind {kind} measure in slimgate's own environment")
        return 0
    return install_described(describe_runtime(chosen), runtimes_root(), complain)


def _runtime_of(suite: str | None, kind: str) -> str | None:
    """The runtime that runners of the kind measure in; raises InputError without a suite."""
    from bot.run.kinds import choose_runtime, find_kind
    from compress.manifest import find_manifest, load_manifest
    from compress.runtimes.spec import bundled_runtimes
    from core.errors import InputError

    if suite is None:
        raise InputError(
            "no runtime to install",
            key="NAME",
            choices=tuple(bundled_runtimes()),
            hint="name one (slimgate runtime ls), or give --suite",
        )
    manifest = find_manifest(suite)
    measured = find_kind(load_manifest(manifest).runners, kind, str(manifest))
    return choose_runtime(measured, None, manifest)


@COMMAND.command("ls")
def list_runtimes() -> int:
    """List the runtimes that ship with slimgate, and where each is installed.

    Example: slimgate runtime ls
    """
    from bot.run.runtimes import print_runtimes

    return print_runtimes(runtimes_root())


@COMMAND.command("check")
def check(name: Name) -> int:
    """Start a runtime's Paddle, and show its versions.

    Exit code: 0 it starts, 2 it is not installed, 3 it does not start.

    Example: slimgate runtime check paddle-3.2.2-cpu
    """
    from bot.run.runtimes import check_installed

    return check_installed(name, runtimes_root())
