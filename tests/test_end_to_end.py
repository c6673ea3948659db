"""The whole path with real Paddle on an example suite, and with workers that die."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from examples.make_data import make_dataset
from tests.conftest import Suite
from tests.sweeps import swept

pytestmark = pytest.mark.paddle
ROOT = Path(__file__).parent.parent
RECIPE = "deploy/slim/act/configs/pp_humanseg_lite/pp_humanseg_lite_ptq.yaml"
MANIFEST = """
schema: slimgate.manifest/1
suite: e2e
dialect: paddleseg
config_roots: [configs]
recipe_roots: [deploy/slim/act/configs]
quick: {{ptq_batches: 2, eval_images: 8, latency_s: 1, stage_timeout_s: {timeout}}}
models:
  - name: PP-HumanSeg-Lite
    config: configs/pp_humanseg_lite/pp_humanseg_lite_shapes_160x160.yml
    weights: {{path: {root}/examples/segmentation/weights/pp_humanseg_lite_shapes.pdparams}}
    input_shape: [1, 3, 160, 160]
    output_op: none
    gate: {{max_drop_vs_base_points: 50, max_drop_vs_fp32_points: 50}}
    recipes:
      - name: ptq
        file: {recipe}
        data_config: deploy/slim/act/configs/datasets/shapes_data.yml
"""


class Stage:
    """A suite with a small data set, and the run command on its last change."""

    def __init__(self, folder: Path, timeout: float = 300, store: Path | None = None):
        self.folder = folder
        self.store = store or folder / "store"
        (folder / "suite").mkdir(parents=True)
        self.suite = Suite(folder / "suite")
        for part in ("configs", "deploy"):
            shutil.copytree(ROOT / "examples" / "segmentation" / part, folder / "suite" / part)
        self.suite.commit({})
        (folder / "m.yml").write_text(MANIFEST.format(root=ROOT, timeout=timeout, recipe=RECIPE))
        make_dataset("seg", folder / "data" / "shapes", train=24, val=8)

    def command(self, *more: str) -> list[str]:
        return [
            *(sys.executable, "-m", "bot.cli", "run", "--suite", str(self.folder / "m.yml")),
            *("--repo", str(self.folder / "suite"), "--base", "HEAD~1"),
            *("--data", str(self.folder / "data"), "--store", str(self.store)),
            *("--out", str(self.folder / "out"), *more),
        ]

    def run(self, *more: str) -> tuple[int, dict, str]:
        done = subprocess.run(self.command(*more), capture_output=True, text=True, check=False)
        report = self.folder / "out" / "report.json"
        return (
            done.returncode,
            json.loads(report.read_text()) if report.exists() else {},
            done.stderr,
        )

    def change_recipe(self) -> None:
        text = (self.folder / "suite" / RECIPE).read_text()
        self.suite.commit({RECIPE: text.replace("hist_percent: 0.9999", "hist_percent: 0.999")})


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("e2e"))
    stage.change_recipe()
    return stage, *stage.run()


def variants(report):
    return {f"{v['side']} {v['recipe']}": v for v in report["cases"][0]["variants"]}


def test_the_report_is_complete(played):
    stage, code, report, errors = played
    assert code == 0, errors
    found = variants(report)
    assert set(found) == {"base fp32", "base ptq", "head fp32", "head ptq"}
    assert found["head fp32"]["same_as"] == "base fp32"
    for name, variant in found.items():
        assert variant["accuracy_points"]["value"] > 30, name
        assert variant["latency_ms"]["low"] > 0
        assert variant["runs"] >= 6  # three rounds of two, however busy the machine
    assert found["head ptq"]["int8_ops"]["fused_conv2d"][0] > 40
    assert found["head fp32"]["int8_ops"] == {}
    assert found["head ptq"]["size_bytes"] < found["head fp32"]["size_bytes"]
    assert len(report["cases"][0]["pictures"]) == 3
    page = (stage.folder / "out" / "report.html").read_text()
    assert page.count("data:image/png") == 15


def test_a_second_run_finds_the_models_and_measures_latency_anew(played):
    stage, _, first, _ = played
    code, second, errors = stage.run()
    assert code == 0, errors
    old, new = variants(first), variants(second)
    for name in old:
        assert new[name]["content_hash"] == old[name]["content_hash"]
        assert new[name]["accuracy_points"] == old[name]["accuracy_points"]
        assert new[name]["rounds_ms"] != old[name]["rounds_ms"]
    results = json.loads((stage.folder / "out/results/PP-HumanSeg-Lite.ptq.json").read_text())
    assert all(v["artifact"]["cached"] for v in results["variants"])


def test_the_report_can_be_made_again_from_files(played, tmp_path):
    stage, *_ = played
    done = subprocess.run(
        [
            *(sys.executable, "-m", "bot.cli", "report", "--plan", stage.folder / "out/plan.json"),
            *("--results", stage.folder / "out/results", "--out", tmp_path),
        ],
        check=False,
    )
    assert done.returncode == 0
    assert (tmp_path / "report.json").read_text() == (stage.folder / "out/report.json").read_text()


SEARCH = """
QuantPost: {quantize_op_types: [conv2d, depthwise_conv2d]}
HyperParameterOptimization:
  {ptq_algo: [avg, hist], bias_correct: [false], hist_percent: [0.5], batch_num: [1],
   objective: accuracy}
"""


def compress(stage, recipe, out, *more):
    return subprocess.run(
        [
            *(sys.executable, "-m", "bot.cli", "compress", "--suite", stage.folder / "m.yml"),
            *("--repo", stage.folder / "suite", "--model", "PP-HumanSeg-Lite"),
            *("--data", stage.folder / "data", "--store", stage.store),
            *("--recipe", recipe, "--out", out, *more),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_search_by_accuracy_looks_at_training_images_alone(played, tmp_path):
    stage, *_ = played
    (tmp_path / "search.yaml").write_text(SEARCH)
    done = compress(stage, tmp_path / "search.yaml", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "note: TensorRT can run 48 of 48 convolutions and matrix products" in done.stderr
    assert "best of 2 trials (0 failed): algo avg" in done.stderr  # half the range is cut off else
    judged = [json.loads(file.read_text()) for file in stage.store.rglob("index.json")]
    searched = [index for index in judged if len(index["images"]) == 24]
    assert len(searched) == 3  # fp32 and two trials
    assert all("/train/" in image for index in searched for image, _ in index["images"])
    assert len(list(stage.store.rglob("ranges.json"))) == 1


@pytest.mark.parametrize(("recipe", "option"), [("fp32", "--ranges"), ("ptq", "--no-ranges")])
def test_ranges_are_told_of_quantised_models_unless_they_are_not_wanted(
    played, tmp_path, recipe, option
):
    stage, *_ = played
    done = compress(stage, recipe, tmp_path / "out", option)
    assert done.returncode == 0, done.stderr
    assert "TensorRT" not in done.stderr


HOSTILE = """
import contextlib, os, socket, sys, time
def tried(what, action):
    try:
        print(what, "GOT", action())
    except Exception as error:
        print(what, "refused:", type(error).__name__)
tried("network", lambda: socket.create_connection(("127.0.0.1", int({port})), 5))
tried("token", lambda: os.environ["GITHUB_TOKEN"])
tried("home", lambda: open({secret!r}).read())
tried("results", lambda: os.listdir({results!r}))
tried("parent", lambda: os.kill({pid}, 9))
with contextlib.suppress(OSError):  # it may write where the store would be, in memory of its own
    open({store!r} + "/planted", "w").close()
sys.stdout.flush()
os.makedirs("/".join("x" * 50))
time.sleep(600)
"""
BEHAVIOURS = {
    "kill": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "SIGKILL"),
    "segfault": ("import ctypes\nctypes.string_at(0)\n", "SIGSEGV"),
    "hang": ("import time\ntime.sleep(1000)\n", "no answer within"),
    "raise": ("raise RuntimeError('| broken suite |')\n", "broken suite"),
}


def run_with_code(played, folder, source, *options):
    """The head commit brings a ``paddleseg`` of its own; what base needs is in the store."""
    stage = Stage(folder, timeout=15, store=played[0].store)
    text = (stage.folder / "suite" / RECIPE).read_text()
    stage.suite.commit(
        {
            "paddleseg/__init__.py": source,
            "paddleseg/unreadable.py": "def add_component",  # so that no name is doubted
            RECIPE: text.replace("batch_nums: 20", "batch_nums: 10"),
        }
    )
    code, report, errors = stage.run(*options)
    assert code == 3, errors
    assert report["conclusion"] == "action_required"
    case = report["cases"][0]
    assert {f"{f['side']} {f['recipe']}" for f in case["failures"]} == {"head fp32", "head ptq"}
    assert {f"{v['side']} {v['recipe']}" for v in case["variants"]} == {"base fp32", "base ptq"}
    return case["failures"], (stage.folder / "out" / "report.md").read_text()


@pytest.mark.parametrize("confined", swept(["--sandbox", "--no-sandbox"], "--sandbox"))
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_worker_that_dies_is_a_failed_row(played, tmp_path, behaviour, confined):
    source, message = BEHAVIOURS[behaviour]
    failures, report = run_with_code(played, tmp_path, source, confined)
    assert all(message in failure["message"] for failure in failures)
    assert "failed at export" in report


def test_a_hostile_suite_gets_nothing_and_the_report_tells_of_it(played, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "s3cret")
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = HOSTILE.format(
            port=server.getsockname()[1],
            secret=str(secret),
            results=str(tmp_path / "out" / "results"),
            store=str(played[0].store),
            pid=os.getpid(),
        )
        failures, report = run_with_code(played, tmp_path, source, "--sandbox")
    for failure in failures:
        assert (
            failure["kind"],
            "nested folders more than 40 deep; killed" in failure["message"],
        ) == (
            "limit",
            True,
        )
        assert failure["log_tail"].count("refused:") == 5, failure["log_tail"]
    assert not (played[0].store / "planted").exists()
    assert "s3cret" not in report
    assert "network refused: ConnectionRefusedError" in report


def workers(below: Path) -> set[int]:
    """Worker processes whose working folder lies below ``below``."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            is_worker = b"compress.in_worker.main" in (process / "cmdline").read_bytes()
            if is_worker and (process / "cwd").readlink().is_relative_to(below):
                found.add(int(process.name))
    return found


@pytest.mark.parametrize(
    "sent", swept([signal.SIGINT, signal.SIGTERM, signal.SIGKILL], signal.SIGKILL)
)
def test_an_interruption_leaves_no_process_and_a_rerun_completes(tmp_path, sent):
    stage = Stage(tmp_path)
    stage.change_recipe()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "TMPDIR": str(scratch)}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored if tests run behind a "&"
    with subprocess.Popen(
        stage.command(), stderr=subprocess.PIPE, text=True, env=environment
    ) as run:
        deadline = time.monotonic() + 60
        while not workers(scratch) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert workers(scratch)
        time.sleep(1)
        os.kill(run.pid, sent)
        said = run.communicate(timeout=60)[1]
    time.sleep(1)
    assert workers(scratch) == set()
    assert not (stage.folder / "out" / "report.json").exists()
    if sent is signal.SIGKILL:
        return
    assert "interrupted" in said
    assert not list((stage.folder / "out").rglob(".*"))
    assert list(scratch.iterdir()) == []
    assert not list((stage.folder / "store").glob(".partial-*"))
    if sent is signal.SIGINT:
        assert stage.run()[0] == 0
