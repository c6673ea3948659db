"""Git trees that no checkout could make: links, parents, submodules, names and sizes."""

import os
import subprocess
from collections.abc import Callable, Iterator

from bot.run.demo import IDENTITY
from tests.attack.attack import Attack, Ground
from tests.attack.held import PLAN
from tests.attack.suites import CONFIGS, Suite, copy_suite, request

Entry = tuple[str, bytes, bytes]
"""Mode, name in its folder or path, content."""
CONFIG = CONFIGS["seg"].encode()
HEIR = b"_base_: '%s'\nmodel: {type: PPLiteSeg, note: CANARY}\n"
ENTRIES: dict[str, list[Entry]] = {
    "a link as a config": [("120000", CONFIG, b"../../../../outside/secret.txt")],
    "a link to a device": [("120000", CONFIG, b"/dev/zero")],
    "a link as a base": [("120000", b"configs/_base_/shapes.yml", b"/etc/passwd")],
    "a link as a folder": [
        ("120000", b"configs/link", b"../../outside"),
        ("100644", CONFIG, HEIR % b"../link/secret.txt"),
    ],
    "a link to itself": [("120000", CONFIG, b"pp_liteseg_mobilenetv2_shapes_160x160.yml")],
    "a submodule as a config": [("160000", CONFIG, b"")],
    "a submodule as a folder": [("160000", b"configs/sub", b"")],
    "modules": [
        (
            "100644",
            b".gitmodules",
            b'[submodule "x"]\n\tpath = configs/x\n\turl = ext::sh -c touch% CANARY\n',
        )
    ],
    "attributes": [
        ("100644", b".gitattributes", b"* filter=evil ident\n*.yml working-tree-encoding=UTF-16\n")
    ],
    "a pointer of large files": [
        (
            "100644",
            CONFIG,
            b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 1\n" % (b"0" * 64),
        )
    ],
    "an executable": [("100755", CONFIG, b"model: {type: PPLiteSeg}\n")],
    "an old mode": [("100664", CONFIG, b"model: {type: PPLiteSeg}\n")],
    "a name that is not UTF-8": [("100644", b"configs/\xff\xfe.yml", b"model: {}\n")],
    "a name of a terminal": [
        ("100644", b"configs/\x1b[2J\xe2\x80\xae.yml", b"model: {type: PPLiteSeg}\n")
    ],
    "a name with a line end": [
        ("100644", b"configs/a\n::error::x.yml", b"model: {type: PPLiteSeg}\n")
    ],
    "a name with a tab": [("100644", b"configs/a\tb.yml", b"model: {type: PPLiteSeg}\n")],
    "a name with quotes": [
        ("100644", b"configs/a\"'`$(touch CANARY).yml", b"model: {type: PPLiteSeg}\n")
    ],
    "a name of an option": [
        ("100644", b"configs/--upload-pack=x.yml", b"model: {type: PPLiteSeg}\n")
    ],
    "a name of Markdown": [
        (
            "100644",
            b"configs/`|<img src=x onerror=alert(1)>@suite #1.yml",
            b"model: {type: PPLiteSeg}\n",
        )
    ],
    "a name of separators": [
        ("100644", "configs/a\u2028b\u0085c.yml".encode(), b"model: {type: PPLiteSeg}\n")
    ],
    "a name of 255 bytes": [
        ("100644", b"configs/" + b"x" * 251 + b".yml", b"model: {type: PPLiteSeg}\n")
    ],
    "a name of 4000 bytes": [
        ("100644", b"configs/" + b"x" * 4000 + b".yml", b"model: {type: PPLiteSeg}\n")
    ],
    "a path of 4000 bytes": [
        ("100644", b"configs/" + b"x/" * 2000 + b"a.yml", b"model: {type: PPLiteSeg}\n")
    ],
    "a name with a backslash": [
        ("100644", b"configs/..\\..\\x.yml", b"model: {type: PPLiteSeg}\n")
    ],
    "a name of a drive": [("100644", b"configs/C:x.yml", b"model: {type: PPLiteSeg}\n")],
    "names that differ by case": [
        ("100644", b"configs/A.yml", b"a: 1\n"),
        ("100644", b"configs/a.yml", b"a: 2\n"),
    ],
    "names that differ by form": [
        ("100644", "configs/é.yml".encode(), b"model: {}\n"),
        ("100644", "configs/e\u0301.yml".encode(), b"model: {}\n"),
    ],
    "a config of 21 MB": [("100644", CONFIG, b"#" * 21 * 2**20)],
    "a config of 2 MB": [("100644", CONFIG, b"#" * 2**21)],
    "a base of a parent": [("100644", CONFIG, HEIR % b"../../../../outside/secret.txt")],
    "an absolute base": [("100644", CONFIG, HEIR % b"/etc/passwd")],
    "a base at home": [("100644", CONFIG, HEIR % b"~/.netrc")],
    "a base of itself": [("100644", CONFIG, HEIR % b"pp_liteseg_mobilenetv2_shapes_160x160.yml")],
    "a base with a zero": [("100644", CONFIG, b'_base_: "a\\0b"\n')],
    "a base that is a number": [("100644", CONFIG, b"_base_: 1\n")],
    "a base that is a mapping": [("100644", CONFIG, b"_base_: {a: 1}\n")],
    "bases of bases": [
        ("100644", b"configs/c%d.yml" % i, b"_base_: c%d.yml\n" % (i + 1)) for i in range(400)
    ],
    "1500 bases of bases": [
        ("100644", b"configs/c%d.yml" % i, b"_base_: c%d.yml\n" % (i + 1)) for i in range(1500)
    ],
    "layers of bases": [
        (
            "100644",
            b"configs/l%d_%d.yml" % (layer, i),
            b"_base_: [%s]\n" % b", ".join(b"l%d_%d.yml" % (layer + 1, j) for j in range(50)),
        )
        for layer in range(15)
        for i in range(50)
    ]
    + [("100644", b"configs/l15_%d.yml" % i, b"a: %d\n" % i) for i in range(50)],
    "bases that multiply": [
        (
            "100644",
            b"configs/m%d.yml" % i,
            b"_base_: [%s]\nk%d: 1\n" % (b", ".join([b"m%d.yml" % (i + 1)] * 9), i),
        )
        for i in range(14)
    ]
    + [("100644", b"configs/m14.yml", b"a: 1\n")],
    "one base with many heirs": [
        ("100644", b"configs/h%d.yml" % i, b"_base_: _base_/shapes.yml\nmodel: {type: PPLiteSeg}\n")
        for i in range(3000)
    ]
    + [("100644", b"configs/_base_/shapes.yml", b"iters: 1\n")],
    "many configs": [
        ("100644", b"configs/n%d.yml" % i, b"model: {type: PPLiteSeg, n: %d}\n" % i)
        for i in range(5000)
    ],
    "many bases": [("100644", CONFIG, b"_base_: [" + b"../_base_/shapes.yml, " * 40_000 + b"]\n")],
    "a file in place of a folder": [("100644", b"configs", b"x")],
    "a folder in place of a file": [("100644", CONFIG + b"/x.yml", b"a: 1\n")],
    "code as a link": [("120000", b"paddleseg", b"../outside")],
    "code as a submodule": [("160000", b"paddleseg", b"")],
    "code as a file": [("100644", b"paddleseg", b"import os\n")],
    "code in a name like the package's": [
        ("100644", b"paddleseg.py", b"open('CANARY','w')\n"),
        ("100644", b"sitecustomize.py", b"open('CANARY','w')\n"),
    ],
    "no configs": [],
}
RAW: dict[str, bytes] = {
    "a parent as a name": b"100644 ..\0",
    "a dot as a name": b"100644 .\0",
    "an empty name": b"100644 \0",
    "a slash in a name": b"100644 ../../x.yml\0",
    "a git folder": b"100644 .git\0",
    "a git folder in other letters": b"100644 .GIT\0",
    "an unknown mode": b"100777 x.yml\0",
    "a mode of zeros": b"000000 x.yml\0",
    "a long mode": b"1006440000000 x.yml\0",
    "a name twice": b"100644 x.yml\0%s100644 x.yml\0",
}


def attacks() -> Iterator[Attack]:
    """Each tree as a stranger's head, planned."""
    for name, entries in ENTRIES.items():
        yield attack(name, lambda suite, entries=entries: commit_entries(suite, entries))
    for name, entry in RAW.items():
        yield attack(f"raw: {name}", lambda suite, entry=entry: commit_raw(suite, entry))
    yield attack("folders 3000 deep", commit_deep)
    yield attack("a tree that is missing", commit_missing)
    for name in REVISIONS:
        command = ("plan", "--suite", "example-seg", "--repo", "suite", "--base", name)
        yield Attack(
            f"the revision {name[:30]!r}", command, lambda ground: copy_suite(ground, "seg"), (0, 2)
        )


REVISIONS = (
    "",
    "-",
    "--help",
    "--output=CANARY",
    "HEAD..main",
    "HEAD^{/x}",
    ":/x",
    "@{-1}",
    "@{9999999999}",
    "main:configs",
    "a\nb",
    "x" * 10_000,
    "\x1b[2J",
    "$(touch CANARY)",
    "HEAD~999999999",
    "^HEAD",
    "refs/../../x",
    "main^{tree}",
)


def attack(name: str, make: Callable[[Suite], str]) -> Attack:
    def prepare(ground: Ground) -> None:
        suite = copy_suite(ground, "seg")
        head = make(suite)
        request(ground, suite, head)

    return Attack(name, (*PLAN, "--suite", "example-seg"), prepare, (0, 2))


def commit_entries(suite: Suite, entries: list[Entry]) -> str:
    """A commit on main's tree with these entries."""
    if not entries:
        return commit(suite, git(suite, "mktree"))
    git(suite, "read-tree", "main")
    taken = b"".join(path + b"\0" for path in {name for _, name, _ in entries})
    git(suite, "update-index", "--force-remove", "-z", "--stdin", stdin=taken)
    lines = []
    for mode, name, content in entries:
        sha = (
            "c" * 40
            if mode == "160000"
            else git(suite, "hash-object", "-w", "--stdin", stdin=content)
        )
        lines.append(f"{mode} {sha}\t".encode() + name + b"\0")
    git(suite, "update-index", "--replace", "-z", "--index-info", stdin=b"".join(lines))
    return commit(suite, git(suite, "write-tree", "--missing-ok"))


def commit_raw(suite: Suite, entry: bytes) -> str:
    """A commit whose folder configs has a raw tree entry."""
    sha = bytes.fromhex(
        git(suite, "hash-object", "-w", "--stdin", stdin=b"model: {type: PPLiteSeg}\n")
    )
    content = b"".join(part + sha for part in entry.split(b"%s"))
    tree = git(suite, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=content)
    return commit(suite, git(suite, "mktree", stdin=f"040000 tree {tree}\tconfigs\n".encode()))


def commit_deep(suite: Suite) -> str:
    """A commit with a config below 3000 folders."""
    blob = git(suite, "hash-object", "-w", "--stdin", stdin=b"model: {type: PPLiteSeg}\n")
    line, sha = f"100644 blob {blob}\tx.yml\n", ""
    for depth in range(3000):
        sha = git(suite, "mktree", stdin=line.encode())
        line = f"040000 tree {sha}\t{'configs' if depth == 2999 else 'd'}\n"
    return commit(suite, sha)


def commit_missing(suite: Suite) -> str:
    """A commit whose folder configs is not in the repository."""
    line = f"040000 tree {'d' * 40}\tconfigs\n"
    return commit(suite, git(suite, "mktree", "--missing", stdin=line.encode()))


def commit(suite: Suite, tree: str) -> str:
    return git(suite, "commit-tree", tree, "-p", "main", "-m", "change")


def git(suite: Suite, *arguments: str, stdin: bytes = b"") -> str:
    command = [
        "git",
        "-c",
        "core.protectNTFS=false",
        "-c",
        "core.protectHFS=false",
        "-C",
        str(suite.path),
    ]
    done = subprocess.run(
        [*command, *arguments],
        input=stdin,
        capture_output=True,
        check=True,
        env={**os.environ, **IDENTITY},
    )
    return done.stdout.decode("utf-8", "replace").strip()
