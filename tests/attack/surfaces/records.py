"""The data branch: lines, bytes, links and modes that somebody with write access may leave."""

import json
import os
import subprocess
from collections.abc import Iterator

from bot.run.demo import IDENTITY
from tests.attack.attack import WORK, Attack, Ended, Ground
from tests.attack.finished import REQUEST, lay_out
from tests.attack.hub import HEAD, State
from tests.attack.inert import living
from tests.attack.surfaces.results import PUBLISH
from tests.attack.values import VALUES, some

RECORDED = (*PUBLISH, "--records", f"{WORK}/records")
ANNOUNCED = (
    "announce",
    "--request",
    "request.json",
    "--plan",
    "plan.json",
    "--records",
    f"{WORK}/records",
)
HISTORY = "history/m0.qat.jsonl"
ACCEPTANCES = "acceptances.jsonl"
INTERVAL = {"value": 90.0, "low": 89.0, "high": 91.0}
LINE = {
    "schema": "slimgate.history/1",
    "run_id": 1,
    "commit": "c" * 40,
    "date": "2024-01-01T00:00:00Z",
    "case": "m0.qat",
    "runner": "cpu",
    "machine": "abc",
    "budget": "quick",
    "metric": "mIoU",
    "fp32_points": INTERVAL,
    "compressed_points": INTERVAL,
    "fp32_ms": INTERVAL,
    "compressed_ms": INTERVAL,
    "fp32_bytes": 10,
    "compressed_bytes": 10,
    "duration_s": 10.0,
}
ACCEPTANCE = {
    "schema": "slimgate.acceptance/1",
    "number": 1,
    "case": "m0.qat",
    "case_hash": "0" * 64,
    "reason": "because",
    "author": "maintainer",
}
BYTES: dict[str, bytes] = {
    "invalid UTF-8": b"\xff\xfe\xfd",
    "zeros": b"\0" * 100,
    "a surrogate": b'{"a": "\\ud800"}',
    "raw surrogates": b"\xed\xa0\x80",
    "brackets": b"[" * 200_000,
    "digits": b'{"run_id": ' + b"9" * 100_000 + b"}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "no end": b'{"schema":',
    "blank": b" \t",
    "separators": "\u2028\u2029\u0085\x0b\x0c\x1c".encode(),
    "carriage returns": b"\r{}\r{}\r",
    "a long line": b"x" * 10_000_000,
    "many lines": b"{}\n" * 500_000,
    "many line ends": b"\n" * 2_000_000,
}
FILES = (HISTORY, ACCEPTANCES)


def attacks() -> Iterator[Attack]:
    """Bad lines between good ones; links and folders in place of files; branches that are none."""
    for name, content in BYTES.items():
        for file in FILES:
            yield recorded(f"{name} in {file}", {file: good(file) + content + b"\n" + good(file)})
        yield announced(f"{name} in {HISTORY}", {HISTORY: good(HISTORY) + content})
    for name, value in VALUES.items():
        lines = [{**LINE, key: value} for key in LINE] + [
            {**ACCEPTANCE, key: value} for key in ACCEPTANCE
        ]
        content = good(HISTORY) + b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        yield recorded(f"{name} in every field", {HISTORY: content, ACCEPTANCES: content})
        yield announced(f"{name} in every field", {HISTORY: content})
    for seed in range(10):
        yield recorded(
            f"random lines {seed}", {HISTORY: shaken(seed), ACCEPTANCES: shaken(-seed - 1)}
        )
    for name, (mode, kind, data) in ENTRIES.items():
        for file in FILES:
            yield recorded(f"{name} as {file}", {}, [(mode, kind, data, file)])
    for name, value in NAMES.items():
        yield recorded(f"{name} beside the files", {}, [("100644", "blob", b"x", value)])


def good(file: str) -> bytes:
    """Two lines as slimgate writes them."""
    line = LINE if file == HISTORY else ACCEPTANCE
    return (
        json.dumps(line).encode()
        + b"\n"
        + json.dumps({**line, "runner" if file == HISTORY else "author": "gpu"}).encode()
        + b"\n"
    )


def shaken(seed: int) -> bytes:
    """Good lines with bytes replaced at random."""
    random, content = some(seed), bytearray(good(HISTORY) * 20)
    for _ in range(40):
        content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


ENTRIES = {
    "a link outside": ("120000", "blob", b"../../../outside/secret.txt"),
    "an absolute link": ("120000", "blob", b"/etc/passwd"),
    "a link to a device": ("120000", "blob", b"/dev/zero"),
    "a link to itself": ("120000", "blob", b"acceptances.jsonl"),
    "a submodule": ("160000", "commit", b"c" * 40),
    "an executable": ("100755", "blob", b"{}\n"),
}
NAMES = {
    "a hook": "hooks/post-checkout",
    "attributes": ".gitattributes",
    "modules": ".gitmodules",
    "a name of a colon": "C:x",
    "a long name": "x" * 250,
    "a name with an escape": "a\x1b[2J\u202e\nb",
}


def recorded(name: str, files: dict[str, bytes], entries: list = []) -> Attack:  # noqa: B006  read only
    def prepare(ground: Ground) -> None:
        lay_out(ground, [], "results-cpu")
        accepted = [{"model": "m0", "reason": "because", "author": "maintainer"}]
        ground.write("request.json", json.dumps({**REQUEST, "accepted": accepted}))
        make_branch(ground, files, entries)

    return Attack(f"{name}, publish", RECORDED, prepare, (0, 1, 3), check=published, hub=State)


def announced(name: str, files: dict[str, bytes]) -> Attack:
    def prepare(ground: Ground) -> None:
        lay_out(ground, [])
        make_branch(ground, files, [])

    check = {
        "id": 800,
        "app": {"slug": "github-actions"},
        "head_sha": HEAD,
        "name": "slimgate",
        "conclusion": None,
        "external_id": "run-70",
        "status": "in_progress",
        "output": {"title": "Measuring", "summary": "", "annotations_count": 0},
    }
    return Attack(f"{name}, announce", ANNOUNCED, prepare, (0,), hub=lambda: State(checks=[check]))


def make_branch(ground: Ground, files: dict[str, bytes], entries: list) -> None:
    """A bare repository whose data branch has these files and tree entries."""
    repo = ground.work / "records"
    git(None, "init", "-q", "--bare", str(repo))
    blobs = [("100644", "blob", content, name) for name, content in files.items()]
    index = ground.root / "index"
    for mode, kind, data, name in (*blobs, *entries):
        sha = (
            data.decode()
            if kind == "commit"
            else git(repo, "hash-object", "-w", "--stdin", stdin=data)
        )
        git(repo, "update-index", "--add", "--cacheinfo", f"{mode},{sha},{name}", index=index)
    tree = git(repo, "write-tree", "--missing-ok", index=index)
    commit = git(repo, "commit-tree", tree, "-m", "records")
    git(repo, "update-ref", "refs/heads/slimgate-data", commit)
    index.unlink(missing_ok=True)


def git(repo, *arguments: str, stdin: bytes = b"", index=None) -> str:
    where = ["-C", str(repo)] if repo else []
    extra = {"GIT_INDEX_FILE": str(index)} if index else {}
    done = subprocess.run(
        ["git", "-c", "core.protectNTFS=false", *where, *arguments],
        input=stdin,
        check=True,
        capture_output=True,
        env={**os.environ, **IDENTITY, **extra},
    )
    return done.stdout.decode().strip()


def published(ground: Ground, ended: Ended) -> str | None:
    """What is wrong if the report did not reach GitHub."""
    posts = [path for method, path, _ in ended.sent if method == "POST"]
    complete = any("check-runs" in path for path in posts)
    return living(ground, ended) if complete else f"no check: {posts}"
