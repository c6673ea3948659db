"""``slimgate nodes``: a folder without a model is refused."""

from tests.bot.shell import slimgate


def test_a_folder_without_a_model_is_named(tmp_path):
    ended = slimgate("nodes", tmp_path)
    assert ended.returncode == 2
    assert f"no model.pdmodel in {tmp_path}" in ended.stderr
    assert "next:" in ended.stderr
