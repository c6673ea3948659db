"""``slimgate demo``: it does not write into a folder with other files."""

from tests.bot.shell import slimgate


def test_a_folder_with_other_files_is_refused_before_anything_is_made(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    ended = slimgate("demo", "seg", "--out", tmp_path, SLIMGATE_STORE=str(tmp_path / "store"))
    assert ended.returncode == 2
    assert f"{tmp_path} holds other files" in ended.stderr
    assert "next:    name an empty folder" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_unknown_example_lists_the_valid_ones(tmp_path):
    ended = slimgate("demo", "both", "--out", tmp_path)
    assert ended.returncode == 2
    assert all(word in ended.stderr for word in ("both", "seg", "det", "all"))
