"""A repository is read as data: trees, contents and merge bases of real repositories."""

import os
import subprocess

import pytest

from core.errors import InputError
from core.git import MAX_BLOB_BYTES, Entry, GitRepo, open_repo, run_git


def read_texts(repo, commit):
    """Contents of a commit's files by path."""
    files = repo.tree(commit)
    contents = dict(repo.read(entry.blob for entry in files.values()))
    return {path: contents[entry.blob] for path, entry in files.items()}


def test_a_revision_is_a_branch_a_tag_or_a_commit(suite):
    commit = suite.commit({"a.yml": "x: 1"})
    suite.git("tag", "-a", "v1", "-m", "annotated")
    repo = open_repo(suite.path)
    assert {repo.resolve(name) for name in ("main", "HEAD", "v1", commit[:8])} == {commit}


def test_an_unknown_revision_lists_branches_and_tags(suite):
    suite.commit({"a.yml": "x: 1"})
    suite.git("branch", "develop")
    suite.git("tag", "v1")
    with pytest.raises(InputError, match="unknown revision 'devel'") as caught:
        open_repo(suite.path).resolve("devel")
    assert sorted(caught.value.choices) == ["develop", "main", "v1"]
    assert caught.value.nearest == "develop"
    assert "git fetch --unshallow" in str(caught.value)


def test_choices_are_given_though_a_tag_is_not_utf8(suite):
    suite.commit({"a.yml": "x: 1"})
    suite.git("tag", os.fsdecode(b"v\xff"))
    with pytest.raises(InputError, match="unknown revision 'devel'") as caught:
        open_repo(suite.path).resolve("devel")
    assert sorted(caught.value.choices) == ["main", "v\ufffd"]


def place(suite, *references):
    """Gives each reference a commit of its own; returns the commits."""
    commits = [suite.commit({"a.yml": f"x: {name}"}) for name in references]
    for name, commit in zip(references, commits, strict=True):
        suite.git("update-ref", name, commit)
    return commits


@pytest.mark.parametrize(
    ("revision", "references"),
    [
        ("develop", ["refs/tags/develop", "refs/heads/develop"]),
        ("develop~0", ["refs/tags/develop", "refs/heads/develop"]),
        ("develop@{0}", ["refs/tags/develop", "refs/heads/develop"]),
        ("origin/develop", ["refs/heads/origin/develop", "refs/remotes/origin/develop"]),
        ("origin", ["refs/heads/origin", "refs/remotes/origin/HEAD"]),
        ("heads/develop", ["refs/heads/develop", "refs/tags/heads/develop"]),
    ],
)
def test_a_name_of_several_commits_is_refused_and_their_full_names_are_not(
    suite, revision, references
):
    commits = place(suite, *references)
    repo = open_repo(suite.path)
    with pytest.raises(InputError, match="names different commits") as caught:
        repo.resolve(revision)
    assert sorted(caught.value.choices) == sorted(references)
    assert [repo.resolve(name) for name in references] == commits


def test_a_name_of_several_references_to_one_commit_is_taken(suite):
    commit = suite.commit({"a.yml": "x: 1"})
    suite.git("tag", "-a", "main", "-m", "annotated")
    assert open_repo(suite.path).resolve("main") == commit


def test_a_reference_does_not_stand_for_the_commit_whose_name_begins_so(suite):
    commit = suite.commit({"a.yml": "x: 1"})
    (other,) = place(suite, f"refs/tags/{commit[:7]}")
    repo = open_repo(suite.path)
    with pytest.raises(InputError, match="names different commits") as caught:
        repo.resolve(commit[:7])
    assert caught.value.choices == (f"refs/tags/{commit[:7]}", commit)
    place(suite, f"refs/tags/{commit}", f"refs/heads/{commit}")
    assert (repo.resolve(commit), repo.resolve(commit[:8])) == (commit, commit)
    assert repo.resolve(f"refs/tags/{commit[:7]}") == other


def test_a_full_name_stands_for_no_other_reference(suite):
    place(suite, "refs/tags/refs/remotes/origin/develop")
    with pytest.raises(InputError, match="unknown revision"):
        open_repo(suite.path).resolve("refs/remotes/origin/develop")


def test_head_is_where_the_clone_stands_whatever_else_is_called_so(suite):
    place(suite, "refs/tags/HEAD", "refs/heads/HEAD")
    commit = suite.commit({"a.yml": "x: 1"})
    assert open_repo(suite.path).resolve("HEAD") == commit


def test_references_are_found_by_their_whole_names(suite):
    first, _ = place(suite, "refs/remotes/origin/main", "refs/remotes/origin/master/x")
    names = ["refs/remotes/origin/main", "refs/remotes/origin/master"]
    assert open_repo(suite.path).refs(names) == [first]


@pytest.mark.parametrize(
    "revision", ["--help", "-n", "--all", "main..HEAD", "", "main:a.yml", "^HEAD", "^main"]
)
def test_a_revision_is_never_read_as_an_option_or_a_range(suite, revision):
    suite.commit({"a.yml": "x: 1"})
    with pytest.raises(InputError, match="unknown revision"):
        open_repo(suite.path).resolve(revision)


def test_the_merge_base_is_where_head_left_base(suite):
    fork = suite.commit({"a.yml": "x: 1"})
    suite.git("checkout", "-q", "-b", "topic")
    head = suite.commit({"a.yml": "x: 2"})
    suite.git("checkout", "-q", "main")
    base = suite.commit({"b.yml": "y: 1"})
    assert open_repo(suite.path).merge_base(base, head) == fork


def test_unrelated_histories_have_no_merge_base(suite):
    base = suite.commit({"a.yml": "x: 1"})
    suite.git("checkout", "-q", "--orphan", "other")
    head = suite.commit({"b.yml": "y: 1"})
    assert open_repo(suite.path).merge_base(base, head) is None


def test_a_tree_holds_every_file_with_its_mode(suite):
    (suite.path / "link").symlink_to("/etc/passwd")
    (suite.path / "run.sh").write_text("#!/bin/sh\n")
    (suite.path / "run.sh").chmod(0o755)
    commit = suite.commit({"configs/über.yml": "x: 1", "a b.yml": "y: 1"})
    files = open_repo(suite.path).tree(commit)
    modes = {path: entry.mode for path, entry in files.items()}
    assert modes == {
        "a b.yml": "100644",
        "configs/über.yml": "100644",
        "link": "120000",
        "run.sh": "100755",
    }


def test_names_that_are_not_utf8_and_submodules_are_left_out(suite):
    (suite.path / os.fsdecode(b"caf\xe9.yml")).write_text("x: 1")
    commit = suite.commit({"a.yml": "x: 1"})
    suite.git("update-index", "--add", "--cacheinfo", f"160000,{commit},module")
    suite.git("commit", "-q", "-m", "with a submodule")
    assert list(open_repo(suite.path).tree("HEAD")) == ["a.yml"]


@pytest.mark.parametrize("part", ["..", "."])
def test_paths_that_lead_out_of_the_tree_are_left_out(suite, part):
    """git refuses to write such trees by its ordinary commands, but reads them."""
    suite.commit({"a.yml": "x: 1"})
    blob = suite.git("rev-parse", "HEAD:a.yml")

    def write_tree(mode, kind, name, inner):
        entry = f"{mode} {name}".encode() + b"\0" + bytes.fromhex(inner)
        arguments = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
        done = subprocess.run(
            ["git", "-C", str(suite.path), *arguments], input=entry, capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    outside = write_tree("40000", "tree", part, write_tree("100644", "blob", "evil.yml", blob))
    assert open_repo(suite.path).tree(outside) == {}


def test_the_name_of_a_folder_changes_exactly_with_its_content(suite):
    repo = open_repo(suite.path)
    first = suite.commit({"code/a.py": "1", "b.txt": "1"})
    second = suite.commit({"b.txt": "2"})
    third = suite.commit({"code/a.py": "2"})
    names = [repo.tree_id(commit, "code") for commit in (first, second, third)]
    assert names[0] == names[1] != names[2]
    assert repo.tree_id(third, "absent") is None


def test_contents_come_in_order_and_missing_ones_are_none(suite):
    commit = suite.commit({"a": "one\n", "b": "", "c": "a\0b\n\n"})
    files = open_repo(suite.path).tree(commit)
    blobs = [files["c"].blob, "0" * 40, files["b"].blob, files["a"].blob, files["a"].blob]
    contents = [content for _, content in open_repo(suite.path).read(blobs)]
    assert contents == [b"a\0b\n\n", None, b"", b"one\n", b"one\n"]


def test_nothing_but_missing_contents_is_read_too(suite):
    suite.commit({"a": "1"})
    assert list(GitRepo(suite.path).read(["0" * 40, "1" * 40])) == [
        ("0" * 40, None),
        ("1" * 40, None),
    ]


def test_commits_trees_and_large_files_are_not_contents(suite):
    commit = suite.commit({"large": "x" * (MAX_BLOB_BYTES + 1), "just": "x" * MAX_BLOB_BYTES})
    repo = open_repo(suite.path)
    files = repo.tree(commit)
    tree = suite.git("rev-parse", "HEAD^{tree}")
    names = [commit, tree, files["large"].blob, files["just"].blob]
    sizes = [content and len(content) for _, content in repo.read(names)]
    assert sizes == [None, None, None, MAX_BLOB_BYTES]


def test_reading_nothing_starts_no_process(tmp_path):
    assert list(GitRepo(tmp_path / "absent").read([])) == []


def test_content_is_not_changed_by_attributes_of_the_repository(suite):
    commit = suite.commit({".gitattributes": "* text eol=crlf\n", "a.yml": "x: 1\n"})
    assert read_texts(open_repo(suite.path), commit)["a.yml"] == b"x: 1\n"


def test_a_broken_repository_is_an_error_with_gits_words(suite):
    suite.commit({"a.yml": "x: 1"})
    with pytest.raises(InputError, match="git ls-tree failed") as caught:
        open_repo(suite.path).tree("0" * 40)
    assert str(suite.path) in str(caught.value)
    assert "git fsck" in caught.value.hint


def test_a_folder_that_is_missing_or_not_a_repository_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such folder") as caught:
        open_repo(tmp_path / "absent")
    assert "--repo DIR" in caught.value.hint
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / ".git").write_text("gitdir: /nonexistent")
    with pytest.raises(InputError, match="not a git repository"):
        open_repo(tmp_path / "plain")


def test_variables_are_added_to_this_processes_own(suite, monkeypatch):
    monkeypatch.setenv("SLIMGATE_TEST_A", "kept")
    alias = "alias.show-variables=!echo $SLIMGATE_TEST_A $SLIMGATE_TEST_B"
    shown = run_git(
        suite.path, "-c", alias, "show-variables", environment={"SLIMGATE_TEST_B": "added"}
    )
    assert shown.stdout == b"kept added\n"


def test_entries_are_values():
    assert Entry("100644", "a") == Entry("100644", "a")


@pytest.fixture
def partial_clone(suite, tmp_path):
    """A clone without blobs of 1000 bytes and more, whose origin would hand them out."""
    suite.commit({"small.yml": "x: 1", "large.yml": f"x: {'y' * 5000}", "also.yml": "x: 2"})
    for key in ("allowFilter", "allowAnySHA1InWant"):
        suite.git("config", f"uploadpack.{key}", "true")
    clone = tmp_path / "clone"
    source = f"file://{suite.path}"
    options = ("--quiet", "--no-checkout", "--filter=blob:limit=1000")
    subprocess.run(["git", "clone", *options, source, str(clone)], check=True)
    return clone


def local_objects(folder):
    form = ("--batch-check=%(objectname)", "--batch-all-objects")
    return set(run_git(folder, "cat-file", *form).stdout.split())


def test_objects_that_a_partial_clone_left_out_are_not_fetched(partial_clone):
    repo, before = open_repo(partial_clone), local_objects(partial_clone)
    texts = read_texts(repo, repo.resolve("HEAD"))
    assert texts == {"small.yml": b"x: 1", "large.yml": None, "also.yml": b"x: 2"}
    assert local_objects(partial_clone) == before


def test_objects_that_a_partial_clone_left_out_are_fetched_by_the_named_command(partial_clone):
    git = ["git", "-C", str(partial_clone)]
    subprocess.run([*git, "fetch", "--quiet", "--refetch", "--no-filter"], check=True)
    repo = open_repo(partial_clone)
    assert len(read_texts(repo, repo.resolve("HEAD"))["large.yml"]) == 5003


def test_a_tree_that_a_partial_clone_left_out_is_named(suite, tmp_path):
    suite.commit({"configs/a.yml": "x: 1"})
    suite.git("config", "uploadpack.allowFilter", "true")
    clone, source = tmp_path / "clone", f"file://{suite.path}"
    options = ("--quiet", "--no-checkout", "--filter=tree:0")
    subprocess.run(["git", "clone", *options, source, str(clone)], check=True)
    repo = open_repo(clone)
    with pytest.raises(InputError, match="git ls-tree failed") as caught:
        repo.tree(repo.resolve("HEAD"))
    assert caught.value.hint.endswith("git fetch --refetch --no-filter")


def test_variables_of_a_hook_lead_to_no_other_repository(suite, tmp_path, monkeypatch):
    commit = suite.commit({"a.yml": "1"})
    (tmp_path / "other").mkdir()
    other = type(suite)(tmp_path / "other")
    other.commit({"b.yml": "2"})
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    repo = open_repo(suite.path)
    assert repo.resolve("HEAD") == commit
    assert list(repo.tree(commit)) == ["a.yml"]


def test_a_commit_shows_its_own_content_though_the_repository_names_a_replacement(suite):
    first, second = (suite.commit({"a.yml": text}) for text in ("1", "2"))
    suite.git("replace", second, first)
    repo = open_repo(suite.path)
    assert repo.tree(second) != repo.tree(first)


def test_authors_are_read_though_log_is_configured_to_show_signatures(suite, tmp_path):
    """The program that checks them would come from the repository's own configuration."""
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\ntouch ran\necho 'gpg: odd'\nexit 1\n")
    program.chmod(0o755)
    plain = suite.commit({"a.yml": "1"})
    head = suite.git("cat-file", "commit", plain).split("\n\n", 1)[0]
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    (tmp_path / "commit").write_text(f"{head}\n{signature}\n\nm\n")
    name = suite.git("hash-object", "-t", "commit", "-w", str(tmp_path / "commit"))
    suite.git("config", "log.showSignature", "true")
    suite.git("config", "gpg.program", str(program))
    repo = open_repo(suite.path)
    assert repo.authors([name], [], 5) == [(name, "t@example.invalid")]
    assert list(repo.commit_facts([name])) == [name]
    assert not list(tmp_path.rglob("ran"))
