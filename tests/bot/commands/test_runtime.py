"""``slimgate runtime`` as a person calls it."""

from tests.bot.shell import slimgate


def test_runtimes_are_listed(tmp_path):
    listed = slimgate("runtime", "ls", SLIMGATE_RUNTIMES=str(tmp_path))
    assert listed.returncode == 0
    assert "paddle-3.2.2-cpu" in listed.stdout


def test_a_wrong_name_is_answered_with_the_right_ones(tmp_path):
    for command in ("install", "check"):
        refused = slimgate("runtime", command, "paddle-3", SLIMGATE_RUNTIMES=str(tmp_path))
        assert refused.returncode == 2
        assert "paddle-3.2.2-cpu" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_kind_of_a_runner_names_the_runtime_to_install(tmp_path):
    install = ("runtime", "install", "--suite", "example-seg")
    own = slimgate(*install, SLIMGATE_RUNTIMES=str(tmp_path))
    assert (own.returncode, own.stderr) == (0, "")
    assert "slimgate's own environment" in own.stdout
    other = slimgate(*install, "--kind", "gpus", SLIMGATE_RUNTIMES=str(tmp_path))
    assert other.returncode == 2
    assert "nearest: gpu" in other.stderr
    absent = slimgate("runtime", "install", SLIMGATE_RUNTIMES=str(tmp_path))
    assert absent.returncode == 2
    assert "slimgate runtime ls" in absent.stderr
    assert list(tmp_path.iterdir()) == []


def test_models_are_not_measured_in_a_runtime_that_is_not_installed(tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    for name in ("model.pdmodel", "model.pdiparams"):
        (model / name).write_bytes(b"x")
    words = ("bench", model, "--shape", "1x3x8x8", "--runtime", "paddle-3.2.2-cpu")
    refused = slimgate(*words, SLIMGATE_RUNTIMES=str(tmp_path / "none"))
    assert refused.returncode == 2
    assert "slimgate runtime install paddle-3.2.2-cpu" in refused.stderr
