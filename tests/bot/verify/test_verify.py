"""The command's end: what it writes and prints, and its exit code."""

from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from bench.engines.machine import Machine
from bench.gpu import NoGpu
from bot.verify import verify as module
from bot.verify.record import Place
from bot.verify.verify import PAGE, Sources, no_gpu, verify_runner
from compress.workshop import Workshop
from core.errors import InputError
from core.store import Store
from tests.bot.verify.builders import BROKEN, record, seen

NOW = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
RUNS = seen("gpu-native-fp32")


@pytest.fixture
def verify(tmp_path, monkeypatch):
    """Ends with this record; returns the exit code and the models that were to be measured."""
    workshop = Workshop(Store(tmp_path / "store"), tmp_path, 1, 1)
    place = Place(Machine(flags=(), runtime="r"), ())

    def call(filled, out=tmp_path / "out", clones=None):
        asked = []

        def fill(begun, subjects, *_):
            asked.extend((subject.model.name, subject.recipe) for subject in subjects)
            return filled

        monkeypatch.setattr(module, "fill_record", fill)
        monkeypatch.setattr(module, "make_dataset", lambda name, folder: None)
        sources = Sources(tmp_path / "data", clones or {})
        return verify_runner(sources, place, NOW, workshop, out), asked

    return call


@pytest.mark.parametrize(
    ("observation", "code", "line"),
    [
        (RUNS, 0, "✅ holds  sandbox: M on gpu-native-fp32"),
        (
            RUNS.model_copy(update={"failure": BROKEN}),
            1,
            "❌ does not hold  sandbox: 1 of 1 failed",
        ),
        (seen("cpu-native-fp32"), 3, "❔ cannot be told  sandbox: no model was measured there"),
    ],
)
def test_the_exit_code_says_whether_a_statement_is_refuted(
    verify, tmp_path, capsys, observation, code, line
):
    ended, asked = verify(record(observation))
    assert ended == code
    assert [name for name, _ in asked] == [
        *("PP-HumanSeg-Lite", "PP-LiteSeg-MobileNetV2", "PP-LiteSeg-320", "PP-PicoDet-XS")
    ]
    printed = capsys.readouterr().out
    assert line in printed
    assert f"page:   {tmp_path / 'out' / PAGE}" in printed
    assert "| statement |" in (tmp_path / "out" / PAGE).read_text()


def test_models_of_clones_are_measured_with_the_shipped_recipe(verify, tmp_path, monkeypatch):
    real = module.open_checkout

    def opened(suite, repo, revision, data):
        if suite.startswith("example"):
            return real(suite, repo, revision, data)
        return SimpleNamespace(model=lambda name: SimpleNamespace(name=name))

    monkeypatch.setattr(module, "open_checkout", opened)
    _, asked = verify(record(RUNS), clones={"PaddleSeg": tmp_path, "PaddleDetection": tmp_path})
    assert asked[4:] == [
        (name, "slimgate:ptq.yaml")
        for name in ("PP-LiteSeg-Tiny", "PP-PicoDet-S-320", "PP-YOLOE+_crn_l_80e")
    ]


def test_models_of_clones_are_in_the_bundled_manifests():
    from compress.manifest import bundled_suites, load_manifest

    for suite, names in module.UPSTREAM.items():
        models = {model.name for model in load_manifest(bundled_suites()[suite]).models}
        assert models.issuperset(names)


def test_a_folder_with_other_files_is_left_alone(verify, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("words")
    with pytest.raises(InputError, match="holds other files"):
        verify(record(RUNS))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


def test_no_gpu_is_said_in_words(monkeypatch):
    def absent():
        raise NoGpu("this machine has no NVIDIA driver")

    monkeypatch.setattr(module, "find_gpu", absent)
    assert no_gpu() == "this machine has no NVIDIA driver"
    monkeypatch.setattr(module, "find_gpu", object)
    assert no_gpu() is None
