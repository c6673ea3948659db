"""Where slimgate's own time goes: ``make bench`` prints medians and ratios taken in one run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import zlib  # noqa: F401  before paddle
from collections.abc import Callable
from pathlib import Path

import numpy as np

REPEATS, CONVOLUTIONS = 5, 60


def median_ms(run: Callable[[], object]) -> float:
    """Median milliseconds of a few calls after one that is not counted."""
    run()
    samples = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        samples.append((time.perf_counter() - start) * 1000)
    return statistics.median(samples)


def bench_help() -> None:
    """The time to help, against a bare interpreter."""
    slimgate = median_ms(lambda: _run("-m", "bot.cli", "run", "--help"))
    bare = median_ms(lambda: _run("-c", "pass"))
    print(f"help        {slimgate:8.1f} ms, a bare interpreter {bare:.1f} ms")


def bench_scoring() -> None:
    """One Cityscapes-sized image: our areas against paddleseg's."""
    import paddle
    from paddleseg.utils import metrics

    from bench.metrics.segmentation import areas_of

    paddle.concat = lambda x, *_: paddle.stack(x)  # 2.8.0 on Paddle 2.6, see check_metrics
    rng = np.random.default_rng(0)
    truth, predicted = rng.integers(0, 19, (2, 1024, 2048))
    tensors = [paddle.to_tensor(a[None]) for a in (predicted, truth)]
    ours = median_ms(lambda: areas_of(predicted, truth, 19, 255))
    theirs = median_ms(lambda: metrics.calculate_area(*tensors, 19))
    print(f"areas       {ours:8.1f} ms, paddleseg {theirs:.1f} ms: {theirs / ours:.1f} times")


def bench_graph() -> None:
    """Inserting quantisation into a chain of convolutions, with Paddle's graph editing and ours."""
    script = (
        "import sys, time, zlib, paddle\n"
        "from paddleslim.quant import quant_aware\n"
        "from compress.in_worker.graph import fast_editing\n"
        "if sys.argv[1] == 'fast': fast_editing.install()\n"
        "paddle.enable_static()\n"
        "main, start = paddle.static.Program(), paddle.static.Program()\n"
        "with paddle.static.program_guard(main, start):\n"
        "    x = paddle.static.data('x', [-1, 8, 32, 32])\n"
        f"    for _ in range({CONVOLUTIONS}): x = paddle.static.nn.conv2d(x, 8, 3, padding=1)\n"
        "paddle.static.Executor().run(start)\n"
        "begin = time.perf_counter()\n"
        "config = {'quantize_op_types': ['conv2d'], 'onnx_format': True}\n"
        "quant_aware(main, paddle.CPUPlace(), config, for_test=True)\n"
        "print(time.perf_counter() - begin)\n"
    )

    def seconds(kind: str) -> float:
        done = subprocess.run(
            [sys.executable, "-c", script, kind], check=True, capture_output=True, text=True
        )
        return float(done.stdout.split()[-1])

    ours, theirs = seconds("fast"), seconds("plain")
    print(
        f"fake quant  {ours * 1000:8.1f} ms for {CONVOLUTIONS} convolutions, "
        f"Paddle {theirs * 1000:.1f} ms: {theirs / ours:.1f} times"
    )


def bench_nodes() -> None:
    """Finding where to distil in a chain of convolutions, PaddleSlim's way and ours."""
    import paddle
    from paddleslim.common.patterns import find_final_nodes

    from compress.in_worker.graph.nodes import final_nodes

    paddle.enable_static()
    main = paddle.static.Program()
    with paddle.static.program_guard(main, paddle.static.Program()):
        x = paddle.static.data("x", [-1, 8, 32, 32])
        for _ in range(CONVOLUTIONS):
            x = paddle.nn.functional.relu(paddle.static.nn.conv2d(x, 8, 3, padding=1))
    ours = median_ms(lambda: final_nodes(main.global_block()))
    theirs = median_ms(lambda: find_final_nodes(main))
    print(
        f"final nodes {ours:8.1f} ms for {CONVOLUTIONS} convolutions, "
        f"PaddleSlim {theirs:.1f} ms: {theirs / ours:.1f} times"
    )


def bench_bootstrap() -> None:
    """The interval of a change of mIoU over 500 images and 19 classes."""
    from bench.metrics.segmentation import SegmentationStatistics
    from bench.stats import change_interval

    rng = np.random.default_rng(0)
    areas = np.sort(rng.integers(1, 10**5, (2, 500, 3, 19)), axis=2)  # the intersection is smallest
    old, new = map(SegmentationStatistics, areas)
    print(f"bootstrap   {median_ms(lambda: change_interval(old, new)):8.1f} ms")


def bench_plan() -> None:
    """Planning a change of one base under 400 configs."""
    from bot.run.demo import _commit, _git

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "configs").mkdir()
        (root / "configs/base.yml").write_text("val_dataset: {dataset_root: data/a}\n")
        for i in range(400):
            text = f"_base_: base.yml\nmodel: {{type: M{i}}}\n"
            (root / f"configs/m{i}.yml").write_text(text)
        manifest = root / "m.yml"
        manifest.write_text(
            "schema: slimgate.manifest/1\nsuite: s\ndialect: paddleseg\nconfig_roots: [configs]\n"
        )
        _git(root, "init", "-q", "-b", "main")
        _commit(root, "base")
        (root / "configs/base.yml").write_text("val_dataset: {dataset_root: data/b}\n")
        _commit(root, "head")
        options = ["--suite", str(manifest), "--repo", folder, "--base", "HEAD~1"]
        spent = median_ms(lambda: _run("-m", "bot.cli", "plan", *options, "--format", "json"))
        print(f"plan        {spent:8.1f} ms for 400 affected configs, start included")


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    bench_help()
    bench_plan()
    bench_bootstrap()
    bench_scoring()
    bench_graph()
    bench_nodes()
