"""The manifest of a suite: its models, recipes, data, weights, gates and published figures."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from compress.suites import SUITES
from core.errors import InputError
from core.files import is_file, read_file
from core.installation import shipped
from core.quantities import Cores, LatencyMs, Points, SomeCount
from core.safe_yaml import MAX_BYTES, parse_mapping
from core.schema import StrictModel, validate

MAX_TIMEOUT_S = 30 * 86_400.0
"""A month: threads cannot wait for more than a few hundred years, nor does anybody want to."""
Side = Annotated[int, Field(gt=0, le=2**24)]
"""The size of one dimension of an input."""
MAX_NAME = 100
"""Characters of a suite's, model's or recipe's name, which are parts of the names of files."""
SHIPPED = "slimgate:"
"""Prefix of the recipes that ship with slimgate."""


def under(path: str, roots: Sequence[str]) -> bool:
    """Whether a path lies below one of the folders; ``.`` stands for the whole suite."""
    return any(root == "." or path.startswith(root.rstrip("/") + "/") for root in roots)


def _inside(path: str) -> str:
    normal = posixpath.normpath(path)
    outside = normal == ".." or normal.startswith("../")
    if path.startswith(("/", "~")) or outside or "\0" in path:
        raise ValueError(f"{path!r} lies outside the suite; give a path below its root")
    return normal


class Weights(StrictModel):
    """Where trained weights come from. ``path`` is relative to the manifest's own folder.
    ``member``: the file to take out of a zip or tar archive; ``sha256`` is then the archive's.
    """

    path: str | None = None
    url: str | None = None
    sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$")
    member: str | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _one_place(self) -> Weights:
        if (self.path is None) == (self.url is None):
            raise ValueError("give either a path or a url")
        return self


class Gate(StrictModel):
    """How far accuracy may fall, in points (hundredths of the metric), before the gate fails."""

    max_drop_vs_base_points: Points = 0.5
    max_drop_vs_fp32_points: Points = 1.0


class TargetOptions(StrictModel):
    """Options of a model on a target. ``delete_passes``: graph passes that must not run;
    ``disable_ops``: op types that oneDNN leaves to Paddle's own kernels, or that stay outside
    TensorRT's engines; ``min_subgraph``: the least
    number of ops of an engine; ``workspace_mb``: memory to build engines with, in MiB; ``threads``:
    CPU threads, by default those of the run; ``dynamic_shape``: whether TensorRT's engines take the
    sizes of all images.
    """

    delete_passes: tuple[str, ...] = ()
    disable_ops: tuple[str, ...] = ()
    min_subgraph: SomeCount = 3
    workspace_mb: SomeCount = 1024
    threads: Cores | None = None
    dynamic_shape: bool = False


class RunnerKind(StrictModel):
    """What runners of one kind measure. ``runtime``: the name of a runtime that ships with
    slimgate, or the path of its file relative to the manifest; ``before``, ``after``: the targets
    of models before and after compression.
    """

    runtime: str | None = Field(None, min_length=1)
    before: str = "cpu-onednn-fp32"
    after: str = "cpu-onednn-int8"


KINDS = {
    "cpu": RunnerKind(),
    "gpu": RunnerKind(runtime="paddle-2.6.2-gpu", before="gpu-trt-fp32", after="gpu-trt-int8"),
    "openvino": RunnerKind(
        runtime="paddle-2.6.2-cpu-openvino", before="cpu-openvino-fp32", after="cpu-openvino-int8"
    ),
}
"""Kinds of runners that a manifest need not describe."""


class Recipe(StrictModel):
    """A compression config of the suite. ``data_config`` holds calibration and training data."""

    name: str = Field(pattern="^[a-z0-9][a-z0-9_-]*$", max_length=MAX_NAME)
    file: str
    data_config: str | None = None
    gate: Gate | None = None
    delete_passes: tuple[str, ...] = ()

    _file_inside = field_validator("file", "data_config")(lambda p: p if p is None else _inside(p))

    @field_validator("name")
    @classmethod
    def _not_fp32(cls, name: str) -> str:
        if name == "fp32":
            raise ValueError("'fp32' is the empty recipe; choose another name")
        return name


class Published(StrictModel):
    """A row of a published table: accuracy in points, latency in milliseconds."""

    recipe: str
    accuracy_before_points: Points | None = None
    accuracy_after_points: Points | None = None
    latency_before_ms: LatencyMs | None = None
    latency_after_ms: LatencyMs | None = None
    machine: str


class Model(StrictModel):
    """One model of the suite with the recipes that it ships in. ``targets``: its options, by target
    or by ``DEVICE-ENGINE`` for all of an engine's targets.
    """

    name: str = Field(pattern="^[A-Za-z0-9][A-Za-z0-9_.+-]*$", max_length=MAX_NAME)
    config: str
    weights: Weights | None = None
    input_shape: tuple[Side, ...] | None = Field(None, min_length=4, max_length=4)
    dynamic_shape: bool = False
    output_op: Literal["argmax", "softmax", "none"] = "argmax"
    targets: dict[str, TargetOptions] = Field(default_factory=dict)
    recipes: tuple[Recipe, ...] = ()
    gate: Gate | None = None
    published: tuple[Published, ...] = ()

    _config_inside = field_validator("config")(_inside)

    @field_validator("input_shape", mode="before")
    @classmethod
    def _measured_at_a_size(cls, shape: Any) -> Any:
        """Frameworks write -1 for a free axis; here latency is measured at this very shape."""
        if isinstance(shape, (list, tuple)) and any(axis in (-1, None) for axis in shape):
            raise ValueError(
                "-1 is not a size to measure at; give one, and add dynamic_shape: true if the "
                "model takes other sizes too"
            )
        return shape


class Budget(StrictModel):
    """Limits on the work of one job; None means no limit beyond the recipe and the data."""

    train_iter: SomeCount | None = None
    ptq_batches: SomeCount | None = None
    eval_images: SomeCount | None = None
    latency_s: float = Field(20.0, gt=0, le=MAX_TIMEOUT_S)
    stage_timeout_s: float = Field(3600.0, gt=0, le=MAX_TIMEOUT_S)


KindName = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,29}$")]
"""Names of kinds of runners, which become labels and folder names."""


class Manifest(StrictModel):
    """A suite as slimgate sees it; ``dialect`` names the folder under compress/suites; ``runners``:
    what runners measure, by kind.
    """

    schema_: Literal["slimgate.manifest/1"] = Field(alias="schema")
    suite: str = Field(min_length=1, max_length=MAX_NAME)
    dialect: str
    config_roots: tuple[str, ...]
    recipe_roots: tuple[str, ...] = ()
    data_dir: str | None = None
    threads: Cores | None = None
    runners: dict[KindName, RunnerKind] = Field(default_factory=dict)
    gate: Gate = Gate()
    default_recipe: Recipe | None = None
    max_jobs: int = Field(40, gt=0, le=10_000)
    quick: Budget = Budget(train_iter=100, ptq_batches=8, eval_images=500)
    full: Budget = Budget(latency_s=60.0, stage_timeout_s=12 * 3600.0)
    models: tuple[Model, ...] = ()

    @property
    def kinds(self) -> dict[str, RunnerKind]:
        """The kinds of runners, by name."""
        return {**KINDS, **self.runners}

    @property
    def data_configs(self) -> frozenset[str]:
        """The configs that recipes name for their data."""
        recipes = (recipe for model in self.models for recipe in model.recipes)
        return frozenset(recipe.data_config for recipe in recipes if recipe.data_config)

    _roots_inside = field_validator("config_roots", "recipe_roots")(
        lambda roots: tuple(map(_inside, roots))
    )

    @field_validator("suite")
    @classmethod
    def _printable(cls, suite: str) -> str:
        if not suite.isprintable():
            raise ValueError(f"{suite!r} holds characters that cannot be shown; name it otherwise")
        return suite

    @field_validator("dialect")
    @classmethod
    def _known_dialect(cls, dialect: str) -> str:
        if dialect not in SUITES:
            raise ValueError(f"{dialect!r} is not a dialect; the dialects are {', '.join(SUITES)}")
        return dialect

    @model_validator(mode="after")
    def _unique_names(self) -> Manifest:
        cases = [f"{model.name}.{recipe.name}" for model in self.models for recipe in model.recipes]
        for names in ([model.name for model in self.models], cases):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ValueError(f"the name {min(twice)!r} is used twice")
        return self

    @model_validator(mode="after")
    def _some_recipe(self) -> Manifest:
        for model in self.models:
            if not model.recipes and self.default_recipe is None:
                raise ValueError(
                    f"{model.name} has no recipe; give it one, or add a default_recipe"
                )
        return self

    @model_validator(mode="after")
    def _inside_roots(self) -> Manifest:
        recipes = [recipe for model in self.models for recipe in model.recipes]
        files = [file for recipe in recipes for file in (recipe.file, recipe.data_config) if file]
        roots = (*self.config_roots, *self.recipe_roots)
        for file in (*(model.config for model in self.models), *files):
            if not file.startswith(SHIPPED) and not under(file, roots):
                raise ValueError(
                    f"{file!r} lies below none of {', '.join(roots)}: its changes "
                    "would be missed; add its folder to config_roots or recipe_roots"
                )
        return self


def bundled_suites() -> dict[str, Path]:
    """The manifests that ship with slimgate, by name."""
    folder = shipped("configs") / "suites"
    return {path.stem: path for path in sorted(folder.glob("*.yml"))}


def find_manifest(suite: str) -> Path:
    """The manifest that ``--suite`` names: a bundled one, whose name may be written in any letter
    case, or a file; raises InputError with the bundled names.
    """
    bundled = bundled_suites()
    path = Path(suite)
    if suite not in bundled and is_file(path):
        return path
    folded = {name.casefold(): manifest for name, manifest in bundled.items()}
    if suite.casefold() in folded:
        return folded[suite.casefold()]
    if "/" in suite or path.suffix in (".yml", ".yaml"):
        hint = "give the path of a manifest, or the name of one that ships with slimgate"
        raise InputError("no such file", file=suite, key="--suite", choices=(*bundled,), hint=hint)
    raise InputError(
        f"unknown suite {suite!r}",
        key="--suite",
        given=suite,
        choices=tuple(bundled),
        hint="give one of these names, or the path of your own manifest",
    )


def load_manifest(path: Path) -> Manifest:
    """Reads and validates; the error names the file, the key and the valid keys."""
    text = read_file(path, MAX_BYTES, "give the path of a manifest")
    data: Any = parse_mapping(text, str(path), unique_keys=True)
    return validate(Manifest, data, str(path))
