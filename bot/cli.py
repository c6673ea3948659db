"""The command line: one command per module of ``bot.commands``, errors turned into exit codes."""

from __future__ import annotations

import errno
import gc
import io
import os
import platform
import signal
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any, NoReturn, TextIO

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # which looks through all packages

import click
import typer

from bot.commands import Commands
from bot.github.errors import GitHubError
from core.errors import EXIT_BUG, EXIT_INCOMPLETE, EXIT_INPUT, InputError, JobFailure

STANDARD_ERROR = 2
EXIT_INTERRUPTED, EXIT_BROKEN_PIPE = 130, 141
PATH_ERRORS = (
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR, errno.EISDIR),
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC),
)
"""What is wrong with a path or its disk, and not with slimgate."""
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What may go wrong when an open file is written, of which Python does not know the name."""
GC_THRESHOLD = 100_000
"""High, since collecting garbage while modules load would take a tenth of a short command."""

app = typer.Typer(
    name="slimgate",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _show_version(requested: bool) -> None:
    if requested:
        from core.installation import installed

        typer.echo(f"slimgate {installed('slimgate')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", is_eager=True, callback=_show_version
        ),
    ] = False,
) -> None:
    """Compress and benchmark the models that a change to a suite affects, and gate on accuracy.

    A suite is a repository of models and their configs: PaddleSeg or PaddleDetection.

    Example: slimgate demo
    """


def main() -> NoReturn:
    """Entry point of the ``slimgate`` script."""
    gc.set_threshold(GC_THRESHOLD)
    signal.signal(signal.SIGTERM, _interrupt)
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # some terminals lack characters
    sys.exit(_run())


def _open_missing_streams() -> None:
    """Opens the standard streams that the caller closed, before a file gets their numbers: what is
    printed would be written into it.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= STANDARD_ERROR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdout, sys.stderr = (
        stream or Path(os.devnull).open("w")  # noqa: SIM115  until the end
        for stream in (sys.stdout, sys.stderr)
    )


def _run() -> int:
    try:
        code = _call()
        sys.stdout.flush()
    except BrokenPipeError:
        return _leave_broken_pipe()
    except OSError as error:  # standard output cannot be written, and would be tried again
        _drop(sys.stdout)
        return _print_unusable(error)
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # Typer and Rich exit with 1 then
            return _leave_broken_pipe()
        raise
    return code


def _call() -> int:
    try:
        result = app(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EXIT_INPUT
    except (click.Abort, KeyboardInterrupt):
        return _print_interruption()
    except (InputError, GitHubError, JobFailure) as error:
        return _print_failure(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _print_unusable(error)
    except Exception:  # noqa: BLE001  any other error is a bug
        return _report_bug()
    if result == EXIT_INTERRUPTED:  # what Typer returns after Ctrl-C
        return _print_interruption()
    return result if isinstance(result, int) else 0


def _leave_broken_pipe() -> int:
    """Ends quietly, as shell commands do when their reader closes the pipe."""
    _drop(sys.stdout)
    return EXIT_BROKEN_PIPE


def _drop(stream: TextIO) -> None:
    """Lets what is written to the stream go nowhere, also what Python writes as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _complain(text: str) -> None:
    """Prints to standard error, if that can be written: the exit code says enough."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)


def _print_failure(error: InputError | GitHubError | JobFailure) -> int:
    if isinstance(error, InputError):
        _complain(f"error: {_plain(str(error))}")
        return EXIT_INPUT
    log = error.log_tail[-1500:] if isinstance(error, JobFailure) else ""
    _complain(_plain(f"failed: {error}\n{log}".rstrip()))
    return EXIT_INCOMPLETE


def _print_unusable(error: OSError) -> int:
    if error.filename is None and error.errno in DISK_ERRORS:
        hint = "make room where the output, the store and temporary files are written"
        return _print_failure(InputError(str(error.strerror), hint=hint))
    if error.errno not in PATH_ERRORS or error.filename is None:
        return _report_bug()
    hint = "check the path, its permissions and the space that is left"
    return _print_failure(InputError(str(error.strerror), file=str(error.filename), hint=hint))


def _print_interruption() -> int:
    _complain("\ninterrupted; run the same command again to continue")
    return EXIT_INTERRUPTED


def _plain(text: str) -> str:
    from bot.text.escape import log_text

    return log_text(text)


def _report_bug() -> int:
    from compress.runtimes.runtime import own_runtime
    from compress.versions import library_versions
    from core.installation import installed

    _complain(_plain(traceback.format_exc()))
    versions = {
        "slimgate": installed("slimgate"),
        "python": platform.python_version(),
        **library_versions(own_runtime()),
    }
    _complain(
        "\nThis is a bug in slimgate. Please report it with the lines above and: "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
    )
    return EXIT_BUG


def _interrupt(_signal: int, _frame: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
