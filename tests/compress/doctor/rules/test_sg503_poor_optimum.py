"""SG503: training that ended worse than it began."""

import pytest

from compress.doctor.rules.sg503_poor_optimum import RISING, RULE
from tests.compress.doctor.rules import PTQ, QAT, findings, messages

TRAINING = "TrainConfig:\n  epochs: 1\n"


@pytest.mark.parametrize(
    ("text", "line"), [(QAT + TRAINING, None), (f"{QAT}{TRAINING}  learning_rate: 0.1\n", 5)]
)
def test_the_learning_rate_is_the_culprit_where_there_is_one(text, line):
    ((place, message),) = messages(RULE, text, result={"losses": RISING})
    assert place == line
    assert message.startswith("the loss rose from 0.1 to 0.4")


@pytest.mark.parametrize(
    ("text", "losses"), [(PTQ, RISING), (QAT, ()), (QAT, RISING[:3]), (QAT, (0.1,) * 40)]
)
def test_calibration_short_trainings_and_steady_losses_pass(text, losses):
    assert findings(RULE, text, result={"losses": losses}) == []
