"""SG123: schedules that Paddle cannot build (compared with Paddle in test_paddle_classes)."""

import pytest

from compress.doctor.rules.sg123_schedule import RULE
from tests.compress.doctor.rules import corrected, findings, messages


def rate(inner, before=""):
    return f"{before}TrainConfig:\n  learning_rate: {{{inner}}}\n"


ONE_CYCLE = "type: OneCycleLR, max_learning_rate: 1, total_steps: 9"
COSINE = "type: CosineAnnealingDecay, learning_rate: 0.1"


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("T_max: 5", "TrainConfig.learning_rate needs the key 'type', the name of a class of"),
        (COSINE, "CosineAnnealingDecay needs T_max"),
        (f"{COSINE}, T_max: five", "T_max of CosineAnnealingDecay should be a whole number, not"),
        (f"{COSINE}, T_max: 5, gamma: 1", "CosineAnnealingDecay has no argument 'gamma'; it takes"),
        (f"{COSINE}, T_max: 0", "T_max of CosineAnnealingDecay should be greater than 0, not 0"),
        ("type: StepLR", "Paddle has no 'StepLR'; ACT can use CosineAnnealingDecay, "),
        ("type: 1", "Paddle has no 1; ACT can use CosineAnnealingDecay, "),
        ("type: ReduceOnPlateau", "ACT cannot use ReduceOnPlateau: its step() needs a metric"),
        (
            "type: PiecewiseDecay, boundaries: [5, 9], values: [1, 2]",
            "2 boundaries need 3 values, not 2: Paddle refuses the list",
        ),
        (
            "type: PiecewiseDecay, boundaries: [5], values: [3, 2, 1]",
            "1 boundaries need 2 values, not 3: the rate jumps from 3 to the last value, 1",
        ),
        (
            "type: PiecewiseDecay, boundaries: [9, 5], values: [3, 2, 1]",
            "boundaries have to rise: others are skipped",
        ),
        (
            "type: PiecewiseDecay, boundaries: [], values: [1]",
            "boundaries is empty, which Paddle refuses",
        ),
        (
            "type: PiecewiseDecay, boundaries: [5], values: [3, -2]",
            "a rate of -2 trains away from the teacher; values should be 0 or greater",
        ),
        (
            "type: StepDecay, learning_rate: 0.1, step_size: 2, gamma: null",
            "gamma of StepDecay should not be null; leave it out to have its default",
        ),
        (
            "type: LinearLR, learning_rate: 0.1, total_steps: 2, end_factor: 2",
            "end_factor of LinearLR should be 1 or less, not 2",
        ),
        (
            "type: NaturalExpDecay, learning_rate: 0.1, gamma: 0",
            "gamma of NaturalExpDecay should be greater than 0, not 0",
        ),
        (
            "type: NoamDecay, d_model: 2, warmup_steps: 2, last_epoch: -2",
            "last_epoch of NoamDecay should be -1 or greater, not -2",
        ),
        (
            f"{ONE_CYCLE}, three_phase: true, phase_pct: 0.5",
            "phase_pct should be below 0.5 with three_phase, not 0.5: the first two phases take",
        ),
    ],
)
def test_what_paddle_would_refuse_is_named(inner, message):
    (finding,) = findings(RULE, rate(inner))
    assert finding.message.startswith(message)
    assert (finding.line, finding.edits) == (2, ())


def test_a_slip_in_the_name_is_corrected_in_its_quotes():
    text = rate("type: 'PolynomialDecey', learning_rate: 0.1, decay_steps: 5")
    message = "Paddle has no 'PolynomialDecey'; did you mean PolynomialDecay?"
    assert messages(RULE, text) == [(2, message)]
    assert corrected(RULE, text) == text.replace("Decey", "Decay")


@pytest.mark.parametrize(
    "before",
    [
        "Global: {data_dir: ILSVRC2012, batch_size: 32}\n",
        "Global: {input_name: inputs, batch_size: 32}\n",
        "Train: {}\nEval: {}\n",
    ],
)
def test_examples_whose_script_computes_the_length_pass(before):
    assert findings(RULE, rate(COSINE, before)) == []


@pytest.mark.parametrize("before", ["Global: {batch_size: 32}\n", "Global: [1]\n", "Train: {}\n"])
def test_other_recipes_have_to_give_the_length(before):
    assert len(findings(RULE, rate(COSINE, before))) == 1


def test_training_may_not_outlast_one_cycle():
    text = "TrainConfig:\n  train_iter: {}\n  learning_rate:\n    type: OneCycleLR\n"
    text += "    max_learning_rate: 0.1\n    total_steps: 100\n"
    assert findings(RULE, text.format(100)) == []
    ((line, message),) = messages(RULE, text.format(101))
    assert (line, message) == (
        6,
        "OneCycleLR ends after 100 steps and fails at the next one, but training has 101",
    )


def test_act_cannot_slow_down_every_schedule_after_a_prune():
    cycle = rate("type: OneCycleLR, max_learning_rate: 0.1, total_steps: 9")
    sections = "ASPPrune: {}\nDistillation: {}\nQuantAware: {}\n"
    assert findings(RULE, cycle) == findings(RULE, f"ASPPrune: {{}}\n{cycle}") == []
    ((line, message),) = messages(RULE, sections + cycle)
    assert line == 5
    assert message.endswith("by its learning_rate or values, and it has neither: KeyError")


@pytest.mark.parametrize("value", ["0.1", "text", "[0.1]", "null"])
def test_other_values_are_left_to_the_schema(value):
    assert findings(RULE, f"TrainConfig:\n  learning_rate: {value}\n") == []
