"""What git says of commits, patches, reflogs and remotes, as values."""

import hashlib

from core.git_history import (
    CommitFacts,
    Move,
    digest_patches,
    parse_facts,
    parse_remotes,
    read_moves,
)

A, B, NONE = "a" * 40, "b" * 40, "0" * 40


def test_moves_of_all_references_and_worktrees_are_read(tmp_path):
    for name, line in {
        "logs/HEAD": f"{NONE} {A} me <me@x> 1700000000 +0100\tcommit (initial): a\tb",
        "logs/refs/heads/x/y": f"{A} {B}  <> 1700000000 -0000\t",
        "worktrees/w/logs/HEAD": f"{B} {A} me <me@x> 1700000000 +0100\treset: moving to x",
        "worktrees/w/HEAD": f"{A} {B} me <me@x> 1700000000 +0100\tcommit: no reflog",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{line}\nno move\n")
    assert read_moves(tmp_path) == [
        Move(NONE, A, "commit (initial): a\tb"),
        Move(A, B, ""),
        Move(B, A, "reset: moving to x"),
    ]


def test_facts_of_commits():
    listing = f"{A}\n17\n{B} {NONE}\nme@x\0{B}\n18\n\n\0".encode()
    assert parse_facts(listing) == {A: CommitFacts("me@x", "17", 2), B: CommitFacts("", "18", 0)}


def test_a_patch_is_the_same_wherever_it_applies():
    patch = "diff --git a/x b/x\nindex {0}..{1} 100644\n@@ -{0},3 +{0},3 @@ f\n-{2}\n+b\n"
    listing = f"{A}\n{patch.format(1, 2, 'a')}{B}\n{patch.format(3, 4, 'a')}".encode()
    digests = digest_patches([A, B, NONE], listing)
    assert digests[A] == digests[B]
    assert digests[NONE] == hashlib.sha256().digest()
    other = f"{A}\n{patch.format(1, 2, 'c')}".encode()
    assert digest_patches([A], other)[A] != digests[A]


def test_a_line_of_a_file_cannot_begin_another_patch():
    listing = f"{A}\n+x\r{B}\n+y\n".encode()
    digests = digest_patches([A, B], listing)
    assert digests[B] == hashlib.sha256().digest()
    assert digests[A] == hashlib.sha256(f"+x\r{B}\n+y\n".encode()).digest()


def test_remotes_by_the_address_that_git_fetches_from():
    listing = (
        b"origin\thttps://x/y (fetch)\norigin\tgit@x:y (push)\n"
        b"part\t/a folder (fetch) [blob:none]\npart\t/a folder (push)\n"
    )
    assert parse_remotes(listing) == {"origin": "https://x/y", "part": "/a folder"}
