"""Kills a sweep in the middle of each stage and starts it again: ``make check-kill``.

After each kill, no process and no worker may be left; the second run has to end well, to leave no
half-made entry and no scratch folder, and to make the models that an undisturbed run makes, byte
for byte.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.run.demo import make_repository
from compress.artifacts.artifact import MODEL_FILES
from compress.artifacts.record import RECORD
from core.store import hash_file
from examples.make_data import make_dataset
from examples.scenarios import DEMOS

STAGES = {
    "export": "compress.in_worker.export",
    "compress": "compress.in_worker.compress",
    "accuracy": "bench.in_worker.accuracy",
    "latency": "bench.in_worker.latency",
}
MIDDLE_S, GONE_S, START_S = 2.0, 10.0, 900.0


@dataclass(frozen=True)
class Place:
    """The example suite and its data, and where one run keeps its things."""

    suite: Path
    data: Path
    folder: Path

    def command(self) -> list[str]:
        """A sweep over one model by two recipes, one of which trains."""
        return [
            *(sys.executable, "-m", "bot.cli", "survey", "--suite", "example-seg"),
            *("--repo", str(self.suite), "--rev", "main", "--data", str(self.data)),
            *("--configs", "*humanseg*", "--recipe", "ptq", "--recipe", "qat"),
            *("--iterations", "6", "--threads", "1", "--retry"),
            *("--store", str(self.folder / "store"), "--out", str(self.folder / "out")),
        ]

    def start(self) -> subprocess.Popen[bytes]:
        """The sweep, with a scratch folder of its own."""
        scratch = self.folder / "tmp"
        scratch.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                self.command(),
                env={**os.environ, "TMPDIR": str(scratch)},
                stdout=log,
                stderr=log,
            )

    def models(self) -> dict[str, str]:
        """Hashes of all models in the store by key and file."""
        entries = [entry.parent for entry in (self.folder / "store").glob(f"??/*/{RECORD}")]
        return {
            f"{entry.name}/{name}": hash_file(entry / name)
            for entry in entries
            for name in MODEL_FILES
        }

    def leftovers(self) -> list[str]:
        """What a killed run left and the next one did not remove."""
        found = [*(self.folder / "store").glob(".*"), *(self.folder / "tmp").iterdir()]
        return sorted(path.name for path in found)


def main() -> int:
    """Prints a line for each stage; returns how many went wrong."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_dataset("seg", root / "data" / "shapes")
        make_repository(DEMOS["seg"], root / "suite")
        calm = Place(root / "suite", root / "data", root / "calm")
        code = calm.start().wait()
        print(f"undisturbed: exit {code}, {len(calm.models()) // 2} models", flush=True)
        for stage, module in STAGES.items():
            troubles = list(_disturb(Place(calm.suite, calm.data, root / stage), module, calm))
            wrong += bool(troubles)
            print(
                f"{stage:9} killed: {'; '.join(troubles) or 'as if nothing had happened'}",
                flush=True,
            )
    return min(wrong, 1)


def _disturb(place: Place, module: str, calm: Place) -> Iterator[str]:
    """What is wrong after a kill in the middle of a stage and a second run."""
    run = place.start()
    workers = _wait_for(place, module, run)
    if not workers:
        yield "the stage was never reached"
    time.sleep(MIDDLE_S)
    run.send_signal(signal.SIGKILL)
    run.wait()
    before = place.models()
    time.sleep(GONE_S)
    if left := _processes(place):
        yield f"processes are left: {left}"
    code = place.start().wait()
    if code:
        yield f"the second run ends with {code}"
    after = place.models()
    if any(after.get(name) != digest for name, digest in before.items()):
        yield "a finished model was made again otherwise"
    if after != calm.models():
        yield "models differ from those of the undisturbed run"
    if found := place.leftovers():
        yield f"left behind: {', '.join(found)}"


def _wait_for(place: Place, module: str, run: subprocess.Popen[bytes]) -> list[int]:
    """Processes of a worker, as soon as there are any."""
    end = time.monotonic() + START_S
    while run.poll() is None and time.monotonic() < end:
        if found := [pid for pid, words in _processes(place).items() if module in words]:
            return found
        time.sleep(0.05)
    return []


def _processes(place: Place) -> dict[int, str]:
    """Command lines of the processes whose scratch folder is this place's, by number."""
    found = {}
    marker = str(place.folder / "tmp").encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if marker in (entry / "environ").read_bytes():
                    words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if words:  # none: it has died and waits for its parent
                        found[int(entry.name)] = words
            except OSError:
                continue  # it has ended
    return found


if __name__ == "__main__":
    sys.exit(main())
