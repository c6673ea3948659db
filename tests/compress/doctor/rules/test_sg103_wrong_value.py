"""SG103: values that PaddleSlim would refuse without a message."""

import pytest

from compress.doctor.rules.sg103_wrong_value import RULE
from tests.compress.doctor.rules import findings, messages


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("QuantPost: [1]\n", 1, "QuantPost must hold 'key: value' lines"),
        (
            "ChannelPrune:\n  criterion: l1_norm\n",
            1,
            "ChannelPrune needs the key 'pruned_ratio'",
        ),
        (
            "QuantPost:\n  batch_nums: 0\n",
            2,
            "QuantPost.batch_nums should be greater than 0, not 0",
        ),
        (
            "HyperParameterOptimization:\n  ptq_algo: []\n",
            2,
            "HyperParameterOptimization.ptq_algo should have at least one item, not []",
        ),
        (
            "TrainConfig:\n  learning_rate: -0.01\n",
            2,
            "TrainConfig.learning_rate should be greater than or equal to 0, not -0.01",
        ),
        (
            "QuantAware:\n  weight_bits: 17\n",
            2,
            "QuantAware.weight_bits should be less than or equal to 16, not 17",
        ),
        (
            "UnstructurePrune:\n  prune_mode: threshold\n  local_sparsity: true\n",
            3,
            (
                "UnstructurePrune.local_sparsity should be false with prune_mode: threshold, which "
                "is one for all layers; prune by ratio, or leave it out"
            ),
        ),
        (
            "TrainConfig:\n  optimizer_builder:\n",
            2,
            (
                "TrainConfig.optimizer_builder is null, which ACT passes on and then fails; leave "
                "the key out to have its default"
            ),
        ),
    ],
)
def test_a_wrong_value_is_reported_where_it_stands(text, line, message):
    assert messages(RULE, text) == [(line, message)]


def test_a_list_with_several_wrong_items_is_one_finding():
    text = "Distillation:\n  loss: [l3, l4]\n"
    assert [finding.key for finding in findings(RULE, text)] == ["Distillation.loss"]


@pytest.mark.parametrize(
    "text",
    [
        "QuantPost:\n",  # a section without content has the defaults
        "QuantPost:\n  recon_level: None\n",  # SG105
        "TrainConfig:\n  learning_rate: 1e-4\n",  # SG104
        "Distillation:\n  alpha: 1\n",  # SG106
        "QuantPost:\n  unknown: 1\n",  # SG102
        "QuantAware:\n  weight_bits: 16\n",
        "UnstructurePrune:\n  local_sparsity: true\n",
        "UnstructurePrune: {local_sparsity: true, prune_mode: threshold, prune_strategy: gmp}\n",
    ],
)
def test_what_other_rules_report_is_left_to_them(text):
    assert findings(RULE, text) == []
