"""Builds the command line that runs another command in a bubblewrap sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from compress.sandbox.access import Access, Limits

NOBODY = "65534"
SYSTEM = (
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
    "/sys/devices/system/cpu",
)
"""The host's files outside /usr that the loader and thread libraries read."""

GPU_SYSTEM = ("bus/pci/devices", "devices/pci*", "module/nvidia*")
"""What of /sys CUDA looks at, read-only. That it suffices is
not verified on hardware (`sandbox`)."""
KERNELS = ("acpi", "bus", "fs", "irq", "scsi", "sys", "sysrq-trigger")
"""What of /proc belongs to the kernel and not to a process."""

ROOM_BYTES = 2**20
"""How far one file may exceed the limit on all files, so that polling notices the excess."""

ENTER = 'for file in $1; do echo $$ > "$file" || exit 125; done; shift; exec "$@"'
"""Shell program that joins control groups and then executes the command."""


def sandbox_command(
    command: Sequence[str],
    folder: Path,
    access: Access,
    limits: Limits,
    groups: Sequence[Path] = (),
    user_threads: int = 0,
    seen: Sequence[tuple[Path, Path]] = (),
    refusals: int | None = None,
) -> list[str]:
    """``command`` in a sandbox that starts in ``folder``, to which it may write.

    Inside, the command sees its own processes, no network, only harmless devices, and of the disk
    /usr and the paths of ``access``, at the same places as outside. It has no capabilities and
    cannot make namespaces. /proc is read-only because a sandbox that root starts could otherwise
    write to /proc/sys (bubblewrap 0.8 covers it only if it can write to the folder).

    ``seen`` are folders that it sees, read-only, at other places than their own, whatever
    ``access`` shows there.

    With ``access.gpu`` it also sees NVIDIA's devices and what of /sys CUDA looks at. CUDA writes
    the names of its threads to /proc, of which only the kernel's part is read-only then.

    ``groups`` are files to which the command first writes its process id. Without groups, the
    kernel refuses threads beyond the limit plus ``user_threads``, the number that this user already
    runs; it never refuses them to root. ``refusals`` is the descriptor of a filter of system calls.
    """
    memory = str(limits.memory_bytes // 8)
    filtered = [] if refusals is None else ["--seccomp", str(refusals)]
    reads = _binds("--ro-bind", access.reads)
    covers = [word for real, place in seen for word in ("--ro-bind", str(real), str(place))]
    writes = _binds("--bind", [*access.writes, folder])
    bubblewrap = [
        *("bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"),
        *("--cap-drop", "ALL", "--uid", NOBODY, "--gid", NOBODY, "--hostname", "sandbox"),
        *filtered,
        *("--ro-bind", "/usr", "/usr", *_system_folders()),
        *(word for path in SYSTEM for word in ("--ro-bind-try", path, path)),
        *("--proc", "/proc", *(_kernels_part() if access.gpu else ("--remount-ro", "/proc"))),
        *("--dev", "/dev", "--size", memory, "--tmpfs", "/dev/shm"),  # noqa: S108
        *(_gpu_places() if access.gpu else ()),
        *("--remount-ro", "/dev"),
        *("--size", memory, "--tmpfs", "/tmp"),  # noqa: S108
        *(*reads, *covers, *writes, "--remount-ro", "/", "--chdir", str(folder), "--"),
    ]
    largest = limits.disk_bytes + ROOM_BYTES
    limited = ["prlimit", "--core=0", f"--fsize={largest}"]
    if not groups:
        limited.append(f"--nproc={user_threads + limits.processes}")
    limited.append("--")
    joined = ["sh", "-c", ENTER, "sh", " ".join(map(str, groups))] if groups else []
    return [*joined, *limited, *bubblewrap, *command]


def _kernels_part() -> Iterator[str]:
    """Arguments for /proc, in which only processes' own files can be written."""
    for name in KERNELS:
        yield from ("--ro-bind-try", f"/proc/{name}", f"/proc/{name}")


def _gpu_places() -> Iterator[str]:
    """Arguments for the devices of NVIDIA's driver, and for what CUDA reads about them."""
    for device in sorted(Path("/dev").glob("nvidia*")):
        yield from ("--dev-bind-try", str(device), str(device))
    for pattern in GPU_SYSTEM:
        for place in sorted(Path("/sys").glob(pattern)):
            yield from ("--ro-bind-try", str(place), str(place))


def _binds(option: str, paths: Iterable[Path]) -> list[str]:
    """Parents before children, so that none hides another; paths in /usr are bound already."""
    names = sorted({str(path) for path in paths if not path.is_relative_to("/usr")})
    return [word for path in names for word in (option, path, path)]


def _system_folders() -> list[str]:
    """Arguments for /bin, /lib and the like: links into /usr on current systems, else folders."""
    words: list[str] = []
    for path in map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")):
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    return words
