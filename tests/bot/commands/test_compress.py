"""``slimgate compress``: what it refuses before a model is built."""

import pytest


def compress(prepared, **options):
    return prepared.call("compress", **{"model": "m", "out": prepared.out, **options})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": "n"}, ["unknown model 'n'", "--model", "choices: m"]),
        ({"recipe": "qatt"}, ["qatt", "--recipe"]),
        ({"rev": "gone"}, ["unknown revision 'gone'"]),
        ({"budget": "huge"}, ["huge"]),
    ],
)
def test_wrong_names_are_refused_and_leave_nothing(prepared, options, words):
    ended = compress(prepared, **options)
    assert ended.returncode == 2, ended.stderr
    for word in words:
        assert word in ended.stderr
    assert not prepared.out.exists()


def test_a_folder_in_use_is_left_alone(prepared):
    prepared.out.mkdir()
    (prepared.out / "mine").write_text("x")
    ended = compress(prepared)
    assert ended.returncode == 2
    assert "is not an empty folder" in ended.stderr
    assert "name an empty or a new folder" in ended.stderr
    assert [path.name for path in prepared.out.iterdir()] == ["mine"]
