"""``slimgate init``: what it says it wrote and kept."""

import pytest

USES = f"someone/slimgate@{'a' * 40}"


def init(prepared, **options):
    prepared.manifest.unlink(missing_ok=True)
    values = {"repo": prepared.suite.path, "slimgate": USES, **options}
    words = [word for name, value in values.items() for word in (f"--{name}", value)]
    from tests.bot.shell import slimgate

    return slimgate("init", *words)


def test_files_are_written_once_and_then_kept(prepared):
    first = init(prepared, dialect="paddleseg")
    assert first.returncode == 0, first.stderr
    marks = [line.split() for line in first.stdout.splitlines()[:-1]]
    assert [mark for mark, _ in marks] == ["wrote"] * 3
    for _, path in marks:
        assert (prepared.suite.path / path).is_file()
    assert first.stdout.splitlines()[-1].startswith("next: commit these to the default branch")
    second = init(prepared, dialect="paddleseg")
    assert [line.split()[0] for line in second.stdout.splitlines()[:-1]] == ["kept"] * 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"slimgate": "someone/slimgate@main"}, ["--slimgate", "OWNER/NAME@COMMIT"]),
        ({"bundled": "PadleSeg"}, ["--bundled", "nearest: PaddleSeg"]),
        ({"dialect": "torch"}, ["unknown dialect 'torch'", "choices: paddleseg, paddledet"]),
    ],
)
def test_wrong_values_are_refused_and_nothing_is_written(prepared, options, words):
    ended = init(prepared, **options)
    assert ended.returncode == 2
    for word in words:
        assert word in ended.stderr
    assert not (prepared.suite.path / ".github").exists()


def test_a_folder_that_is_no_repository_is_refused(prepared):
    ended = init(prepared, repo=prepared.folder)
    assert ended.returncode == 2
    assert "not a git repository" in ended.stderr
