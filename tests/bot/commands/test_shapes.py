"""``slimgate shapes``: options that contradict one another, and folders without what they need."""

import pytest

from tests.bot.shell import slimgate


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ((), "exactly one of --out and --check is needed"),
        (("--out", "a", "--check", "b"), "exactly one of --out and --check is needed"),
        (("--out", "a", "--resize", "800x1333"), "apply to --images only"),
        (("--out", "a", "--size", "8x8", "--stride", "32"), "apply to --images only"),
        (("--check", "a", "--size", "8x8", "--batch", "2"), "--batch applies to --out only"),
        (("--out", "a"), "--images FOLDER, or --size 480x640"),
        (("--out", "a", "--size", "8by8"), "--size 480x640"),
        (("--out", "a", "--images", "gone"), "gone"),
        (("--out", "a", "--size", "8x8"), "no model.pdmodel"),
    ],
)
def test_mistakes_are_named_and_leave_nothing(tmp_path, words, complaint):
    (tmp_path / "model").mkdir()
    ended = slimgate("shapes", "model", *words, cwd=tmp_path)
    assert ended.returncode == 2, ended.stderr
    assert complaint in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
