"""Which files of a suite its models enter, as Python tells while the suite's own code runs.

A model is built and runs forward (``graph``), an image is read as for the evaluation
(``evaluation``), and a sample is read, run and scored as for training (``training``). Each model
runs in a process of its own, since PaddleDetection keeps a config for as long as a process lives.
What files enter while they are imported is told apart: which class of the file does is not known.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from compress.in_worker.suite import load_driver, write_config
from compress.suites.dialect import Document, Impact

SIDE = 320
TIMEOUT_S = 240.0
Step = tuple[Impact, Callable[[], object]]


@dataclass
class Entered:
    """``files``: by what they decide, those that were entered; ``errors``: what ended a part;
    ``imported``: what these files enter while they are imported.
    """

    files: dict[Impact, frozenset[str]] = field(default_factory=dict)
    errors: dict[Impact, str] = field(default_factory=dict)
    imported: frozenset[str] = frozenset()

    @property
    def every(self) -> frozenset[str]:
        return frozenset[str]().union(*self.files.values())


def enter_all(
    dialect: str, checkout: Path, models: Iterable[tuple[str, Document]], record: Path
) -> dict[str, Entered]:
    """What each model enters, by config; ``record`` keeps it, so that a second run goes on."""
    known = _read_record(record)
    root = checkout.resolve()
    by_imports = _prepare(dialect, root)
    for config, resolved in models:
        if config not in known:
            known[config] = _run_alone(dialect, root, resolved)
            _add_to_record(record, config, known[config])
    return {config: _with_imports(entered, by_imports) for config, entered in known.items()}


def _with_imports(entered: Entered, by_imports: Mapping[str, set[str]]) -> Entered:
    imported = (by_imports.get(file, set()) for file in entered.every)
    return Entered(entered.files, entered.errors, frozenset[str]().union(*imported))


def _read_record(record: Path) -> dict[str, Entered]:
    known: dict[str, Entered] = {}
    for line in record.read_text().splitlines() if record.exists() else ():
        item = json.loads(line)
        files = {impact: frozenset(files) for impact, files in item["files"].items()}
        known[item["config"]] = Entered(files, item["errors"])
    return known


def _add_to_record(record: Path, config: str, entered: Entered) -> None:
    files = {impact: sorted(files) for impact, files in entered.files.items()}
    with record.open("a") as lines:
        lines.write(json.dumps({"config": config, "files": files, "errors": entered.errors}) + "\n")


def _prepare(dialect: str, root: Path) -> dict[str, set[str]]:
    """Imports the checkout's code once; each model then runs in a fork of this process. By file,
    those that it enters while it is imported.
    """
    sys.path.insert(0, str(root))
    import paddle

    paddle.set_device("cpu")
    by_imports: defaultdict[str, set[str]] = defaultdict(set)
    importing: list[str] = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        del argument
        code = frame.f_code
        file = code.co_filename.removeprefix(f"{root}/")
        if code.co_name == "<module>":
            {"call": importing.append, "return": lambda _: importing.pop()}.get(event, id)(file)
        elif event == "call" and importing and code.co_filename.startswith(f"{root}/"):
            by_imports[importing[-1]].add(file)

    sys.setprofile(note)
    try:
        load_driver(dialect).constructible()
        if dialect == "paddleseg":
            importlib.import_module("paddleseg.core")
    finally:
        sys.setprofile(None)
    return by_imports


def _run_alone(dialect: str, checkout: Path, resolved: Document) -> Entered:
    forks = get_context("fork")
    ours, theirs = forks.Pipe(duplex=False)
    process = forks.Process(target=_run, args=(dialect, checkout, resolved, theirs))
    process.start()
    theirs.close()
    entered = Entered()
    try:
        while ours.poll(TIMEOUT_S):
            impact, files, error = ours.recv()
            entered.files[impact] = entered.files.get(impact, frozenset()) | files
            if error:
                entered.errors[impact] = error
    except EOFError:
        pass
    else:
        entered.errors.setdefault("graph", "no answer in time")
    process.kill()
    process.join()
    if not entered.files:
        entered.errors.setdefault("graph", "the process died")
    return entered


def _run(dialect: str, checkout: Path, resolved: Document, answer: Connection) -> None:
    steps = {"paddleseg": _segmentation, "paddledet": _detection}[dialect]
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        os.chdir(folder)
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
        config = write_config(resolved, load_driver(dialect).constructible())
        for impact, step in steps(config):
            entered: set[str] = set()
            error = ""
            try:
                with _telling(entered, f"{checkout}/"):
                    step()
            except BaseException as raised:  # noqa: BLE001  the suite's code also calls exit()
                error = f"{type(raised).__name__}: {str(raised).strip()[-150:]}"
            answer.send((impact, frozenset(entered), error))
            if error and impact == "graph":
                break
    os._exit(0)


@contextlib.contextmanager
def _telling(entered: set[str], root: str) -> Iterator[None]:
    """Adds the files below ``root`` whose functions are entered inside."""

    def note(frame: FrameType, event: str, argument: Any) -> None:
        del argument
        if event == "call" and frame.f_code.co_filename.startswith(root):
            entered.add(frame.f_code.co_filename.removeprefix(root))

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def _segmentation(config: Path) -> Iterator[Step]:
    """The steps of ``paddleseg.core``'s export, evaluation and training."""
    import paddle
    from paddleseg.core.train import loss_computation
    from paddleseg.cvlibs import SegBuilder
    from paddleseg.transforms import Compose

    from compress.suites.paddleseg.in_worker.driver import build_config

    built = build_config(config)
    built.dic.setdefault("train_dataset", {"type": "Dataset"})
    builder = SegBuilder(built)

    def forward() -> None:
        builder.model.eval()
        with paddle.no_grad():
            builder.model(paddle.zeros([1, 3, SIDE, SIDE]))

    def read(section: str) -> Any:
        items = built.dic.get(section, {}).get("transforms", [])
        transforms = [builder.build_component(item) for item in items]
        image = np.zeros((SIDE, SIDE, 3), np.float32)
        label = np.zeros((SIDE, SIDE), np.uint8)
        return Compose(transforms)({"img": image, "label": label, "gt_fields": ["label"]})

    def train() -> None:
        builder.model.train()
        sample = read("train_dataset")
        areas = {key: sample[key][..., :SIDE, :SIDE] for key in ("img", "label")}
        data = {key: paddle.to_tensor(area)[None] for key, area in areas.items()}
        data["edge"] = paddle.zeros(data["label"].shape, "int64")
        logits = builder.model(paddle.concat([data["img"].astype("float32")] * 2))
        label = paddle.concat([data["label"].astype("int64")] * 2)
        losses = builder.loss["types"]
        losses.extend(losses[-1:] * (len(logits) - len(losses)))
        if hasattr(builder.model, "loss_computation"):
            builder.model.loss_computation(logits, builder.loss, {**data, "label": label})
        else:
            loss_computation(logits, label, paddle.concat([data["edge"]] * 2), builder.loss)

    yield "graph", lambda: builder.model
    yield "graph", forward
    yield "evaluation", lambda: read("val_dataset")
    yield "training", lambda: builder.optimizer
    yield "training", lambda: builder.loss
    yield "training", lambda: read("train_dataset")
    yield "training", train


def _detection(config: Path) -> Iterator[Step]:
    """The steps of ``ppdet.engine.Trainer``'s export, evaluation and training."""
    import paddle
    from PIL import Image
    from ppdet.core.workspace import create

    from compress.suites.paddledet.in_worker.driver import fix_size, load_config_file

    cfg = load_config_file(config)
    fix_size(cfg, (1, 3, SIDE, SIDE))
    Image.new("RGB", (SIDE, SIDE)).save("image.png")
    models: list[Any] = []
    batches: list[Any] = []

    def forward() -> None:
        models[0].eval()
        feeds = {
            "image": paddle.zeros([1, 3, SIDE, SIDE]),
            "im_shape": paddle.to_tensor([[float(SIDE)] * 2]),
            "scale_factor": paddle.to_tensor([[1.0, 1.0]]),
            "im_id": paddle.to_tensor([[0]]),
        }
        with paddle.no_grad():
            models[0](feeds)

    def read(reader: str) -> Any:
        made = create(reader)
        return made._batch_transforms([made._sample_transforms(_record())])

    def train() -> None:
        models[0].train()
        models[0](_batch(batches[0]))

    def optimize() -> None:
        rate = create("LearningRate")(10)
        create("OptimizerBuilder")(rate, models[0])

    yield "graph", lambda: models.append(create(cfg.architecture))
    yield "graph", forward
    yield "evaluation", lambda: read("EvalReader")
    yield "training", optimize
    yield "training", lambda: batches.append(read("TrainReader"))
    yield "training", train


def _record() -> dict[str, Any]:
    """A sample as PaddleDetection's data sets give them."""
    corners = [10.0, 10.0, 90.0, 10.0, 90.0, 120.0, 10.0, 120.0]
    return {
        "im_file": "image.png",
        "im_id": np.array([0]),
        "curr_iter": 0,
        "h": SIDE,
        "w": SIDE,
        "is_crowd": np.zeros((1, 1), np.int32),
        "difficult": np.zeros((1, 1), np.int32),
        "gt_class": np.zeros((1, 1), np.int32),
        "gt_bbox": np.array([[10, 10, 90, 120]], np.float32),
        "gt_score": np.ones((1, 1), np.float32),
        "gt_poly": [[corners]],
    }


def _batch(arrays: dict[str, Any]) -> dict[str, Any]:
    """What ``Trainer`` feeds. Large images are cut, which leaves the box in them."""
    if max(arrays["image"].shape[-2:]) > 2 * SIDE:
        sizes = {"im_shape": np.full((1, 2), SIDE, np.float32)}
        cut = arrays.keys() & {"image", "pad_mask"}
        areas = {key: arrays[key][..., :SIDE, :SIDE] for key in cut}
        arrays = {**arrays, **sizes, **areas}
    tensors = {key: _tensors(value) for key, value in arrays.items()}
    return {**tensors, "epoch_id": 0, "num_gpus": 1}


def _tensors(value: Any) -> Any:
    """Arrays as tensors, in lists, too."""
    import paddle

    if isinstance(value, list):
        return [_tensors(item) for item in value]
    return paddle.to_tensor(value)
