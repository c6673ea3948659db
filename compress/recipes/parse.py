"""Reads compression recipes (ACT YAML): their steps and the op types that they quantise.

ACT accepts several spellings that then fail or do nothing; ``normalise`` corrects them and reports
what it changed. docs/recipes.md lists them with sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from compress.methods import METHODS, methods_of
from compress.methods.base import MethodSpec
from compress.recipes.act import (
    DISTILLATIONS,
    METHOD_SECTIONS,
    PRUNES,
    SECTIONS,
    validate_section,
)
from compress.recipes.op_types import TENSORRT_OP_TYPES
from compress.recipes.slips import meant_sections
from compress.recipes.values import normalise
from compress.suites.dialect import Document
from core.errors import InputError

TAUGHT = tuple(spec.asked_by[0] for spec in METHODS.values() if spec.asked_by and spec.teacher)
"""The sections of methods that learn from a teacher."""
QUANTISING = {name: spec.asked_by[0] for name, spec in methods_of("quantise").items()}
"""The section with the op types, by the method that quantises."""
MEANINGFUL_NULLS = {("UnstructurePrune", "prune_params_type")}
"""Keys whose ``null`` differs from the default. Here it prunes every layer, not only 1×1
convolutions."""
SECOND_PACE = 0.1
"""Quantisation after pruning trains for a tenth of the iterations at a tenth of the learning rate,
as in ACT."""
DEFAULT_EPOCHS = 100
"""ACT's default; ``train_iter`` usually ends the training earlier."""
QUICK_TRIALS, QUICK_SEARCH_BATCHES = 20, 30
"""A search with a limit on calibration does no more than a search does by default. Without that, a
recipe could keep a runner busy for days.
"""


@dataclass(frozen=True)
class RecipeStep:
    """One method with the sections that it reads; ``method`` is a name of ``compress.methods``."""

    method: str
    sections: Document


@dataclass(frozen=True)
class ParsedRecipe:
    """A recipe that can be run: its steps, each of which starts from the previous step's model.

    ``op_types``: those to quantise, empty for a recipe that does not quantise; ``search``: the
    HyperParameterOptimization section, if any; ``repairs``: remarks on what was changed or ignored.
    """

    steps: tuple[RecipeStep, ...]
    op_types: tuple[str, ...]
    repairs: tuple[str, ...]
    search: Document | None = None

    @property
    def method(self) -> str:
        """The methods in their order, such as ``sparse + qat``."""
        searching = {"ptq": "ptq_search"} if self.search is not None else {}
        return " + ".join(searching.get(step.method, step.method) for step in self.steps)


def parse_recipe(document: Document, file: str) -> ParsedRecipe:
    """The recipe's steps with normalised values; raises InputError for what ACT would ignore,
    misread or refuse.
    """
    repairs: list[str] = []
    for section in document:
        candidates = meant_sections(section, document)
        if candidates:
            raise InputError(
                "unknown section: ACT would ignore it",
                file=file,
                key=section,
                given=section,
                choices=tuple(SECTIONS),
                hint=f"did you mean {' or '.join(candidates)}? slimgate explain SG101",
            )
        if section not in SECTIONS:
            repairs.append(f"{section}: not a section of ACT, ignored")
    sections = {
        key: normalise(value, key, repairs)
        for key, value in document.items()
        if key in SECTIONS and key != "Global"
    }
    for section, value in sections.items():
        if value is not None and not isinstance(value, dict):
            raise InputError("a section must hold 'key: value' lines", file=file, key=section)
    sections = {key: _without_nulls(value or {}, key) for key, value in sections.items()}
    for name, content in sections.items():
        _check_section(name, content, file)
    steps = tuple(_steps(sections, file, repairs))
    search = sections.get("HyperParameterOptimization")
    return ParsedRecipe(steps, _op_types(steps), tuple(repairs), search)


def _steps(sections: Document, file: str, repairs: list[str]) -> Iterator[RecipeStep]:
    present = [name for name in METHOD_SECTIONS if name in sections]
    _refuse(present, file)
    teaching = _teaching(sections, present, repairs)
    training = {"TrainConfig": sections.get("TrainConfig", {})}
    first = True
    for name, spec in methods_of("prune").items():
        if spec.asked_by[0] in sections:
            yield _step(name, spec, sections, teaching, training)
            if first:
                training, first = {"TrainConfig": _slower(training["TrainConfig"])}, False
    quantising = _quantising_method(sections)
    if quantising is not None:
        yield _step(quantising, METHODS[quantising], sections, teaching, training)
    elif first:
        yield RecipeStep("distill", {**teaching, **training})


def _step(
    name: str, spec: MethodSpec, sections: Document, teaching: Document, training: Document
) -> RecipeStep:
    """A step with exactly the sections that its method reads."""
    own = {section: sections[section] for section in spec.asked_by}
    taught = teaching if spec.teacher else {}
    return RecipeStep(name, {**own, **taught, **(training if spec.trains else {})})


def _quantising_method(sections: Document) -> str | None:
    """Of the methods whose sections are all present, the most specific one; None if none is."""
    candidates = {
        name: len(spec.asked_by)
        for name, spec in methods_of("quantise").items()
        if set(spec.asked_by) <= set(sections)
    }
    return max(candidates, key=lambda name: candidates[name], default=None)


def _teaching(sections: Document, present: list[str], repairs: list[str]) -> Document:
    """The distillation sections; training without one gets the uncompressed model as teacher."""
    teachers = {name: sections[name] for name in DISTILLATIONS if name in sections}
    trains = [name for name in present if name in TAUGHT]
    if teachers or not trains or "TaskLoss" in sections:
        return teachers
    repairs.append(f"Distillation added: ACT ignores {trains[0]} without it")
    return {"Distillation": {}}


def _refuse(present: list[str], file: str) -> None:
    """Raises InputError for combinations that ACT drops, reorders or crashes on."""
    names = set(present)
    combinations = (
        "QuantAware + Distillation; QuantPost [+ HyperParameterOptimization]; "
        "a prune + Distillation [+ QuantAware or QuantPost]; Distillation; QuantAware + TaskLoss"
    )
    problems = (
        (not names, "the recipe names no compression method"),
        (set(DISTILLATIONS) <= names, "two kinds of distillation exclude each other"),
        ({"QuantAware", "QuantPost"} <= names, "QuantAware and QuantPost exclude each other"),
        (
            "HyperParameterOptimization" in names and "QuantPost" not in names,
            "HyperParameterOptimization needs QuantPost, whose settings it searches",
        ),
        ("TaskLoss" in names and "QuantAware" not in names, "TaskLoss needs QuantAware"),
        ("TaskLoss" in names and len(names) > 2, "TaskLoss goes with QuantAware alone"),
        (
            "QuantPost" in names and bool(names & set(DISTILLATIONS)) and not names & set(PRUNES),
            "distillation does nothing beside QuantPost, which does not train",
        ),
    )
    for applies, message in problems:
        if applies:
            sections = f" ({' + '.join(present)})" if present else ""
            choices = METHOD_SECTIONS if not present else ()
            hint = f"supported combinations: {combinations}"
            raise InputError(f"{message}{sections}", file=file, choices=choices, hint=hint)


def _slower(training: Document) -> Document:
    """TrainConfig of the steps after a prune, as in ACT's ``_get_final_train_config``."""
    slower = dict(training)
    for key in ("epochs", "train_iter"):
        if training.get(key):
            slower[key] = max(1, int(training[key] * SECOND_PACE))
    rate = training.get("learning_rate")
    if isinstance(rate, dict):
        scaled = {k: rate[k] * SECOND_PACE for k in ("learning_rate",) if k in rate}
        if "values" in rate:
            scaled["values"] = [value * SECOND_PACE for value in rate["values"]]
        slower["learning_rate"] = {**rate, **scaled}
    elif rate is not None:
        slower["learning_rate"] = rate * SECOND_PACE
    return slower


def _check_section(name: str, content: Document, file: str) -> None:
    for problem in validate_section(name, content):
        key = ".".join([name, *(str(part) for part in problem["loc"][:1])])
        if problem["type"] == "extra_forbidden":
            raise InputError(
                "unknown key",
                file=file,
                key=key,
                given=str(problem["loc"][-1]),
                choices=tuple(SECTIONS[name].model_fields),
                hint="correct or delete the key",
            )
        value = problem["input"]
        raise InputError(
            f"{problem['msg']}, not {value!r}"
            if problem["type"] != "missing"
            else "the key is missing",
            file=file,
            key=key,
            hint="correct the value; slimgate schema recipe lists what each key takes",
        )


def _op_types(steps: tuple[RecipeStep, ...]) -> tuple[str, ...]:
    method, sections = steps[-1].method, steps[-1].sections
    if method not in QUANTISING:
        return ()
    section = sections[QUANTISING[method]]
    if section.get("for_tensorrt"):
        return TENSORRT_OP_TYPES
    return tuple(section.get("quantize_op_types") or METHODS[method].op_types)


def _without_nulls(section: Document, name: str) -> Document:
    """The section without its null values, except where null differs from the default."""
    return {
        key: value
        for key, value in section.items()
        if value is not None or (name, key) in MEANINGFUL_NULLS
    }


def cap_recipe(
    recipe: ParsedRecipe, train_iter: int | None, ptq_batches: int | None
) -> ParsedRecipe:
    """The recipe with training and calibration cut to a budget; None sets no limit."""
    remarks: list[str] = []
    steps = tuple(
        replace(step, sections=_capped(step.sections, train_iter, ptq_batches, remarks))
        for step in recipe.steps
    )
    search = recipe.search
    if search is not None and ptq_batches is not None:
        search = _capped_search(search, max(ptq_batches, QUICK_SEARCH_BATCHES), remarks)
    return replace(recipe, steps=steps, repairs=(*recipe.repairs, *remarks), search=search)


def _capped_search(search: Document, batches: int, remarks: list[str]) -> Document:
    """The section with at most ``QUICK_TRIALS`` trials, of at most ``batches`` batches each."""
    capped = dict(search)
    trials = search.get("max_quant_count", QUICK_TRIALS)
    if trials > QUICK_TRIALS:
        capped["max_quant_count"] = QUICK_TRIALS
        remarks.append(f"quick budget: searched with {QUICK_TRIALS} trials at most, not {trials}")
    numbers = search.get("batch_num", ())
    if max(numbers, default=0) > batches:
        capped["batch_num"] = list(dict.fromkeys(min(number, batches) for number in numbers))
        remarks.append(f"quick budget: trials calibrate on {batches} batches at most")
    return capped


def _capped(
    sections: Document, train_iter: int | None, ptq_batches: int | None, remarks: list[str]
) -> Document:
    capped = {name: dict(section) for name, section in sections.items()}
    training = capped.get("TrainConfig")
    if training is not None and train_iter is not None:
        limit = training.get("train_iter")
        if limit is None or limit > train_iter:
            training["train_iter"] = train_iter
            epochs = training.get("epochs") or DEFAULT_EPOCHS
            previous = f"{limit} iterations" if limit else f"{epochs} epochs"
            remarks.append(
                f"quick budget: trained for {train_iter} iterations at most, not {previous}"
            )
    if "QuantPost" in capped and ptq_batches is not None:
        limit = capped["QuantPost"].get("batch_nums")
        if limit is None or limit > ptq_batches:
            capped["QuantPost"]["batch_nums"] = ptq_batches
            remarks.append(
                f"quick budget: calibrated on {ptq_batches} batches, "
                f"not {limit or 'the default number'}"
            )
    return capped
