"""SG124: optimizers that Paddle cannot build (compared with Paddle in test_paddle_classes)."""

import pytest

from compress.doctor.rules.sg124_optimizer import RULE
from tests.compress.doctor.rules import corrected, findings, messages


def builder(inner):
    return f"TrainConfig:\n  optimizer_builder: {{{inner}}}\n"


SGD = "optimizer: {type: SGD}"


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("weight_decay: 0.1", "optimizer_builder needs optimizer: {type: SGD}"),
        ("optimizer: Momentum", "optimizer has to be a table such as optimizer: {type: Momentum}"),
        ("optimizer: sgd", "optimizer has to be a table such as optimizer: {type: SGD}, not 'sgd'"),
        ("optimizer: {type: Lamb}", "ACT cannot use Lamb: it takes no weight_decay, which ACT"),
        (
            "optimizer: {type: SGD, learning_rate: 0.1}",
            (
                "ACT passes learning_rate itself, and twice is a TypeError; learning_rate belongs "
                "to TrainConfig"
            ),
        ),
        (
            "optimizer: {type: SGD, weight_decay: 0.1}",
            (
                "ACT passes weight_decay itself, and twice is a TypeError; weight_decay belongs to "
                "optimizer_builder"
            ),
        ),
        ("optimizer: {type: SGD, momentum: 1}", "SGD has no argument 'momentum'; it takes"),
        ("optimizer: {type: Adam, beta1: 1.0}", "beta1 of Adam should be below 1, not 1.0"),
        ("optimizer: {type: AdamW}", "AdamW needs weight_decay: ACT passes null where the recipe"),
        (
            "optimizer: {type: AdamW}, regularizer: {type: L2Decay}",
            "AdamW takes weight_decay and no regularizer",
        ),
        (f"{SGD}, weight_decay: much", "weight_decay should be a number with a point, not 'much'"),
        (
            f"{SGD}, weight_decay: 0.1, regularizer: {{type: L2Decay}}",
            "ACT ignores weight_decay beside regularizer",
        ),
        (f"{SGD}, grad_clip: null", "grad_clip has to be a table such as grad_clip: {type: Clip"),
        (f"{SGD}, grad_clip: {{type: ClipGradByNorm}}", "ClipGradByNorm needs clip_norm"),
        (
            f"{SGD}, weight_decay: -0.1",
            "weight_decay of -0.1 makes weights grow; it should be 0 or",
        ),
        (
            "optimizer: {type: Momentum, momentum: null}",
            "momentum of Momentum should not be null; leave it out to have its default",
        ),
        (
            "optimizer: {type: AdamW, lr_ratio: 0.5}, weight_decay: 0.1",
            "lr_ratio of AdamW should be left out (a recipe cannot hold an object of Python), not",
        ),
        (
            f"{SGD}, grad_clip: {{type: ClipGradByValue, max: 0}}",
            "max of ClipGradByValue should be greater than 0 without min, not 0",
        ),
        (
            f"{SGD}, grad_clip: {{type: ClipGradByValue, max: 1, min: 2}}",
            "min of ClipGradByValue should not be greater than max, 1, as 2 is",
        ),
        (f"{SGD}, warmup: 5", "ACT ignores 'warmup' in optimizer_builder; it reads optimizer, "),
    ],
)
def test_what_paddle_would_refuse_or_act_ignore_is_named(inner, message):
    (finding,) = findings(RULE, builder(inner))
    assert finding.message.startswith(message)
    assert (finding.line, finding.edits) == (2, ())


def test_a_slip_in_the_name_is_corrected():
    text = builder("optimizer: {type: Momentun, momentum: 0.9}")
    message = "Paddle has no 'Momentun'; did you mean Momentum?"
    assert messages(RULE, text) == [(2, message)]
    assert corrected(RULE, text) == text.replace("Momentun", "Momentum")


@pytest.mark.parametrize("name", ["NAdam", "RAdam", "ASGD"])
def test_an_optimizer_of_another_release_is_no_slip(name):
    (finding,) = findings(RULE, builder(f"optimizer: {{type: {name}}}"))
    assert finding.message.startswith(f"Paddle has no {name!r}; ACT can use Adadelta, ")
    assert finding.edits == ()


@pytest.mark.parametrize("value", ["SGD", "null", "[SGD]"])
def test_other_values_are_left_to_the_schema(value):
    assert findings(RULE, f"TrainConfig:\n  optimizer_builder: {value}\n") == []
