"""The tables of Paddle's classes against the installed Paddle, and the doctor against ACT."""

import json
from pathlib import Path

import pytest

from compress.doctor.diagnose import diagnose
from compress.doctor.rule import subject_of
from compress.recipes.paddle_classes import (
    CLIPS,
    OPTIMIZERS,
    PASSED,
    REGULARIZERS,
    SCHEDULES,
    PaddleClass,
    usable,
)
from compress.worker.start import Workplace, start_worker

ROOT = str(Path(__file__).parents[3])
MODULE = "tests.workers.paddle_classes"
TABLES = {
    "schedules": SCHEDULES,
    "optimizers": OPTIMIZERS,
    "regularizers": REGULARIZERS,
    "clips": CLIPS,
}
BESIDE = {"optimizers": {*PASSED}}
"""Arguments that the tables leave out: ACT passes them itself."""
VALUES = {
    "integer": 3,
    "number": 0.1,
    "float": 0.3,
    "truth": False,
    "numbers": [1, 2],
}
SPECIAL = {"values": [0.1, 0.2, 0.3], "milestones": [1, 2], "start_lr": 0.0}


def training(rate=0.1, **builder):
    return {"learning_rate": rate, "optimizer_builder": {"optimizer": {"type": "SGD"}, **builder}}


def example(name, described):
    """A table with every required argument."""
    needed = {key: SPECIAL.get(key, VALUES.get(kind)) for key, kind in described.required.items()}
    return {"type": name, **needed}


def schedule(name, **arguments):
    """A schedule with these arguments besides."""
    return training({**example(name, SCHEDULES[name]), **arguments})


WORKING = [
    *(training(example(name, SCHEDULES[name])) for name in usable(SCHEDULES)),
    *(
        training(optimizer=example(name, OPTIMIZERS[name]), weight_decay=0.01)
        for name in usable(OPTIMIZERS)
    ),
    *(training(regularizer={"type": name, "coeff": 0.1}) for name in REGULARIZERS),
    *(training(grad_clip=example(name, CLIPS[name])) for name in CLIPS),
    training(weight_decay=0.0),
    training(weight_decay=None),
    schedule("LinearLR", start_factor=1, end_factor=0),
    schedule("OneCycleLR", phase_pct=0.4, three_phase=True),
    schedule("CyclicLR", step_size_down=None, scale_fn=None, verbose=None),
    schedule("StepDecay", gamma=0, last_epoch=-1),
    training(grad_clip={"type": "ClipGradByValue", "max": -0.1, "min": -0.2}),
    training(grad_clip={"type": "ClipGradByValue", "max": 0.1, "min": None}),
    training(optimizer={"type": "Momentum", "rescale_grad": None, "use_nesterov": None}),
    training(optimizer={"type": "AdamW", "apply_decay_param_fun": None}, weight_decay=0.01),
]
FAILING = [
    training({"type": "CosineAnnealingDecay", "learning_rate": 0.1}),
    training({"type": "CosineAnnealingDecay", "learning_rate": 0.1, "T_max": 3.0}),
    training({"type": "CosineAnnealingDecay", "learning_rate": 0.1, "T_max": 0}),
    training({"type": "StepDecay", "learning_rate": 0.1, "step_size": 2, "gamma": 1.5}),
    training({"type": "StepDecay", "learning_rate": 0.1, "step_size": 2, "gama": 0.5}),
    training({"type": "PiecewiseDecay", "boundaries": [2], "values": [0.1]}),
    training({"type": "PiecewiseDecay", "boundaries": [], "values": [0.1]}),
    training({"type": "OneCycleLR", "max_learning_rate": 0.1, "total_steps": 9, "phase_pct": 1}),
    training({"type": "ExponentialDecay", "learning_rate": -0.1, "gamma": 0.9}),
    training({"type": "StepLR", "learning_rate": 0.1}),
    training({**example("LinearWarmup", SCHEDULES["LinearWarmup"]), "start_lr": 0.5}),
    training({**example("MultiStepDecay", SCHEDULES["MultiStepDecay"]), "milestones": [2, 2]}),
    training({**example("PolynomialDecay", SCHEDULES["PolynomialDecay"]), "power": 0}),
    training({**example("CyclicLR", SCHEDULES["CyclicLR"]), "mode": "square"}),
    training({**example("OneCycleLR", SCHEDULES["OneCycleLR"]), "anneal_strategy": "log"}),
    training(optimizer={"type": "Adam", "beta1": 1.0}),
    training(optimizer={"type": "RMSProp", "rho": -0.1}),
    training({"type": "ReduceOnPlateau", "learning_rate": 0.1}),
    training({"type": "LambdaDecay", "learning_rate": 0.1, "lr_lambda": "x"}),
    training({"learning_rate": 0.1}),
    training(1),
    training(optimizer="SGD"),
    training(optimizer={}),
    training(optimizer={"type": "Sgd"}),
    training(optimizer={"type": "Lamb"}),
    training(optimizer={"type": "LBFGS"}),
    training(optimizer={"type": "AdamW"}),
    training(optimizer={"type": "AdamW"}, regularizer={"type": "L2Decay", "coeff": 0.1}),
    training(optimizer={"type": "SGD", "momentum": 0.9}),
    training(optimizer={"type": "SGD", "learning_rate": 0.1}),
    training(optimizer={"type": "Momentum", "momentum": "much"}),
    training(weight_decay=1),
    training(weight_decay="1e-4"),
    training(regularizer={"type": "L3Decay"}),
    training(regularizer=None),
    training(grad_clip={"type": "ClipGradByNorm"}),
    training(grad_clip=None),
    {"learning_rate": 0.1, "optimizer_builder": {"weight_decay": 0.1}},
    {"learning_rate": 0.1, "optimizer_builder": None},
    schedule("ExponentialDecay", gamma=0),
    schedule("NaturalExpDecay", gamma=-0.5),
    schedule("InverseTimeDecay", gamma=-1),
    schedule("LinearLR", start_factor=0),
    schedule("LinearLR", start_factor=1.5),
    schedule("LinearLR", end_factor=-0.5),
    schedule("LinearLR", end_factor=2),
    schedule("LinearWarmup", start_lr=-0.5),
    schedule("CosineAnnealingWarmRestarts", T_mult=0),
    schedule("CyclicLR", step_size_down=0),
    schedule("CyclicLR", scale_fn="abs"),
    schedule("CyclicLR", exp_gamma=None),
    schedule("CyclicLR", mode=None),
    schedule("OneCycleLR", phase_pct=1.5),
    schedule("OneCycleLR", phase_pct=0.5, three_phase=True),
    schedule("OneCycleLR", divide_factor=0),
    schedule("OneCycleLR", end_learning_rate=-0.1),
    schedule("NoamDecay", d_model=0),
    schedule("NoamDecay", last_epoch=-2),
    schedule("PolynomialDecay", power=None),
    schedule("StepDecay", gamma=None),
    schedule("StepDecay", last_epoch=None),
    training(optimizer={"type": "Momentum", "momentum": None}),
    training(optimizer={"type": "Adam", "epsilon": None}),
    training(optimizer={"type": "AdamW", "lr_ratio": 1.0}, weight_decay=0.01),
    training(optimizer={"type": "AdamW", "apply_decay_param_fun": "x"}, weight_decay=0.01),
    training(grad_clip={"type": "ClipGradByNorm", "clip_norm": 0}),
    training(grad_clip={"type": "ClipGradByGlobalNorm", "clip_norm": 1, "auto_skip_clip": None}),
    training(grad_clip={"type": "ClipGradByValue", "max": -0.1}),
    training(grad_clip={"type": "ClipGradByValue", "max": 0.1, "min": 0.2}),
    training(regularizer={"type": "L2Decay", "coeff": None}),
]
AWAY = [
    schedule("StepDecay", gamma=-0.5),
    schedule("MultiStepDecay", gamma=-0.5),
    schedule("PolynomialDecay", end_lr=-0.1),
    schedule("CosineAnnealingDecay", eta_min=-0.1),
    schedule("PiecewiseDecay", values=[0.1, -0.1, 0.1]),
    training(regularizer={"type": "L2Decay", "coeff": -0.1}),
    training(weight_decay=-0.1),
    training(optimizer={"type": "Momentum", "momentum": -0.9}),
    training(grad_clip={"type": "ClipGradByGlobalNorm", "clip_norm": -1}),
]
"""What Paddle takes although it trains the wrong way."""


def recipe(settings):
    return f"Distillation: {{loss: l2}}\nTrainConfig: {json.dumps(settings)}\n"


def faults(settings):
    return [f.message for f in diagnose(subject_of(recipe(settings), {})) if f.severity == "error"]


@pytest.mark.parametrize("settings", WORKING, ids=str)
def test_the_doctor_is_silent_on_what_works(settings):
    assert faults(settings) == []


@pytest.mark.parametrize("settings", FAILING, ids=str)
def test_the_doctor_speaks_of_what_fails(settings):
    assert faults(settings) != []


@pytest.mark.parametrize("settings", AWAY, ids=str)
def test_the_doctor_speaks_of_numbers_below_zero(settings):
    (fault,) = faults(settings)
    assert "0 or greater" in fault or "greater than 0" in fault


def test_only_classes_that_act_can_use_are_proposed():
    assert {"Lamb", "LBFGS"} & set(usable(OPTIMIZERS)) == set()
    assert "ReduceOnPlateau" not in set(usable(SCHEDULES))
    assert set(PaddleClass({"a": "any"}, {"b": "any"}).arguments) == {"a", "b"}


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    place = Workplace(tmp_path_factory.mktemp("scratch"), {"PYTHONPATH": ROOT})
    with start_worker(MODULE, "classes", place) as started:
        yield started


@pytest.mark.paddle
@pytest.mark.parametrize("kind", TABLES)
def test_the_tables_are_those_of_the_installed_paddle(worker, kind):
    described = worker.call({"do": "describe"}, 120)[kind]
    beside = BESIDE.get(kind, set())
    expected = {
        name: (set(found["required"]) - beside, set(found["optional"]) - beside)
        for name, found in described.items()
    }
    table = {name: (set(c.required), set(c.optional)) for name, c in TABLES[kind].items()}
    assert table == expected


@pytest.mark.paddle
def test_act_builds_what_the_doctor_passes_and_fails_on_what_it_does_not(worker):
    texts = [recipe(settings) for settings in (*WORKING, *AWAY, *FAILING)]
    errors = worker.call({"do": "build", "texts": texts}, 250)["errors"]
    wrong = [
        (text, error)
        for number, (text, error) in enumerate(zip(texts, errors, strict=True))
        if (error is None) != (number < len(WORKING) + len(AWAY))
    ]
    assert wrong == []
