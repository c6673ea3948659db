"""SG126: gradual pruning against its mode, its schedule and the length of the training."""

import pytest

from compress.doctor.rules.sg126_gradual_pruning import RULE
from tests.compress.doctor.rules import findings, messages


def gradual(lines="", schedule=None, train_iter=3000):
    table = f"  gmp_config: {{{schedule}}}\n" if schedule is not None else ""
    training = f"TrainConfig:\n  train_iter: {train_iter}\n" if train_iter else ""
    return f"UnstructurePrune:\n  prune_strategy: gmp\n{lines}{table}{training}"


FITTING = "stable_iterations: 100, pruning_iterations: 2000, pruning_steps: 100"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            gradual("  prune_mode: threshold\n", FITTING),
            3,
            "gmp prunes by ratio and ignores prune_mode and threshold: to a ratio of 0.55",
        ),
        (
            gradual("", "pruning_iterations: 1000, pruning_steps: 100"),
            3,
            (
                "100 pruning_steps need more than 1000 pruning_iterations, not 1000: PaddleSlim "
                "asserts more than 10 for a step"
            ),
        ),
        (
            gradual("", FITTING, 2099),
            3,
            (
                "the ratio is reached after 2100 iterations, but training ends after 2099: the "
                "model stays denser than the recipe says"
            ),
        ),
        (
            gradual("  ratio: 0.7\n", None, 2222),
            2,
            (
                "without gmp_config ACT prunes 2222 iterations in a single step, not gradually: "
                "after 1000 iterations the ratio jumps from 0.15 to 0.7; slimgate makes a schedule "
                "that fits"
            ),
        ),
        (
            gradual("", None, 30),
            2,
            (
                "without gmp_config ACT prunes 30 iterations in a single step, not gradually: they "
                "end before the 30 iterations that it takes to reach the ratio; slimgate makes a "
                "schedule that fits"
            ),
        ),
        (
            gradual("  ratio: 0.5\n", f"{FITTING}, initial_ratio: 0.7"),
            4,
            (
                "initial_ratio 0.7 is above ratio 0.5, but zeros stay zeros: the model ends "
                "sparser than the recipe says; start lower"
            ),
        ),
        (
            gradual("", None, None),
            2,
            (
                "without gmp_config ACT makes a schedule from epochs or train_iter of TrainConfig "
                "and ends in a RuntimeError without either; add one of them"
            ),
        ),
        (
            "UnstructurePrune:\n  gmp_config: {}\n",
            2,
            "ACT ignores gmp_config unless prune_strategy is gmp",
        ),
    ],
)
def test_what_differs_from_the_recipe_is_said(text, line, message):
    assert messages(RULE, text) == [(line, message)]


@pytest.mark.parametrize(
    "text",
    [
        gradual("  prune_mode: ratio\n", FITTING, 2100),
        gradual("", FITTING, None),
        gradual("", None, 2223),
        gradual("", f"{FITTING}, initial_ratio: 0.55"),
        gradual("", None, 30) + "  epochs: 5\n",  # as many iterations as the data makes of them
        gradual("", None, None) + "TrainConfig:\n  epochs: 5\n",
        gradual("  gmp_config:\n  pruning_steps: 5\n", None, 100),  # SG122
        gradual("", "pruning_iterations: many, pruning_steps: 0"),
        "UnstructurePrune:\n  prune_mode: threshold\n",
        "UnstructurePrune:\n",
    ],
)
def test_schedules_that_fit_and_other_strategies_pass(text):
    assert findings(RULE, text) == []
