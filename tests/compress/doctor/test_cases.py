"""Recipes after public bug reports: what is found in which line, and what a fix makes of them."""

import re

import pytest

from compress.doctor.diagnose import diagnose, fixed_text
from compress.doctor.rule import subject_of

TEACHER = "Distillation:\n  loss: l2\n"
TRAIN = "TrainConfig:\n  train_iter: 3000\n  learning_rate: 0.01\n"
WIDTH = "in ACT's own nodes, the last layers of a segmentation or detection model"

CASES = {
    "carriage returns": (
        "# calibration\r\nQuantPost:\r\n  batch_nums: 20  # few\r\n  recon_level: None\r\n",
        [("SG105", 4, "write null")],
        [("None", "null")],
    ),
    "keys of the tools for dynamic graphs": (
        "QuantAware:\n  activation_preprocess_type: PACT\n  weight_preprocess_type: PACT\n"
        "  quantizable_layer_type: [Linear]\n" + TEACHER + TRAIN,
        [
            ("SG102", 2, "ACT's PACT is use_pact: true"),
            ("SG102", 3, "ACT's PACT is use_pact: true"),
            ("SG102", 4, "list op types, such as conv2d, in quantize_op_types"),
        ],
        [],
    ),
    "sections of PaddleDetection's own compression": (
        "slim: PTQ\nPTQ:\n  ptq_config: {activation_quantizer: KLQuantizer}\n" + TRAIN,
        [("SG107", 1, "ignore slim, PTQ"), ("SG101", 2, "did you mean QuantPost?")],
        [],
    ),
    "sections with short names": (
        "Quant:\n  weight_bits: 8\nDistil:\n  loss: l2\n" + TRAIN,
        [
            ("SG101", 1, "did you mean QuantAware or QuantPost?"),
            ("SG107", 1, "ignore Quant, Distil"),
            ("SG101", 3, "did you mean Distillation?"),
        ],
        [],
    ),
    "whole numbers with an exponent": (
        "QuantAware:\n  weight_bits: 8\n" + TEACHER + "TrainConfig:\n  train_iter: 3e3\n"
        "  eval_iter: 6e2\n  learning_rate: 0.01\n",
        [("SG104", 6, "write 3000"), ("SG104", 7, "write 600")],
        [("3e3", "3000"), ("6e2", "600")],
    ),
    "anchors": (
        (
            "QuantAware:\n  weight_bits: 8\nDistillation:\n  alpha: &one 1\n"
            "TrainConfig:\n  train_iter: 3000\n  learning_rate: &slow 2e-4\n  optimizer_builder:\n"
            "    optimizer:\n      type: SGD\n    weight_decay: *slow\n"
        ),
        [
            ("SG106", 4, "write 1.0"),
            ("SG104", 7, "write 0.0002"),
            ("SG104", 11, "write 0.0002"),
        ],
        [("&one 1", "&one 1.0"), ("2e-4", "0.0002")],
    ),
    "a schedule without its length": (
        "QuantAware:\n  use_pact: true\n"
        + TEACHER
        + "TrainConfig:\n  epochs: 3\n  learning_rate:\n"
        "    type: CosineAnnealingDecay\n    learning_rate: 0.001\n",
        [("SG123", 8, "CosineAnnealingDecay needs T_max")],
        [],
    ),
    "a misspelt schedule and optimizer": (
        "QuantAware:\n  weight_bits: 8\n"
        + TEACHER
        + "TrainConfig:\n  epochs: 3\n  learning_rate:\n"
        "    type: PiecewiseDecays\n    boundaries: [900]\n    values: [0.01, 0.001, 0.0001, 0.5]\n"
        "  optimizer_builder:\n    optimizer:\n      type: Sgd\n    weigth_decay: 0.0002\n",
        [
            ("SG123", 8, "did you mean PiecewiseDecay?"),
            ("SG123", 10, "the rate jumps from 0.01 to the last value, 0.5"),
            ("SG124", 13, "did you mean SGD?"),
            ("SG102", 14, "did you mean weight_decay?"),
        ],
        [("Decays", "Decay"), ("Sgd", "SGD"), ("weigth", "weight")],
    ),
    "an optimizer of an earlier release": (
        "QuantAware:\n  weight_bits: 8\n" + TEACHER + TRAIN + "  optimizer: Momentum\n"
        "  optim_args:\n    weight_decay: 0.0002\n",
        [
            ("SG102", 8, "the optimizer stands in optimizer_builder: {optimizer: {type: SGD}"),
            ("SG102", 9, "the optimizer stands in optimizer_builder: {optimizer: {type: SGD}"),
        ],
        [],
    ),
    "scores of classes asked of a detector": (
        "Global:\n  arch: PPYOLOE\n  Evaluation: True\nQuantization:\n  use_pact: True\n"
        "Distillation:\n  loss: soft_label\n" + TRAIN,
        [("SG101", 4, "did you mean QuantAware?"), ("SG128", 7, WIDTH)],
        [("Quantization", "QuantAware")],
    ),
    "scores of classes asked of a segmentation model": (
        "QuantAware:\n  use_pact: true\nDistillation:\n  loss: soft_label\n" + TRAIN,
        [("SG128", 4, WIDTH)],
        [],
    ),
    "fewer ratios than names": (
        "ChannelPrune:\n  pruned_ratio: [0.1, 0.2]\n  prune_params_name: [a.w_0, b.w_0, c.w_0]\n"
        + TEACHER
        + TRAIN,
        [("SG125", 2, "2 values for 3 names in prune_params_name: there are parameters without")],
        [],
    ),
    "ratios without names": (
        "ChannelPrune:\n  pruned_ratio: [0.1, 0.2]\n" + TEACHER + TRAIN,
        [("SG125", 2, "a list of ratios needs prune_params_name")],
        [],
    ),
    "names as one text": (
        "ChannelPrune:\n  pruned_ratio: 0.1\n  prune_params_name: 'a.w_0, b.w_0'\n"
        + TEACHER
        + TRAIN,
        [("SG103", 3, "write [a.w_0, b.w_0]")],
        [],
    ),
    "gradual pruning without a schedule": (
        "UnstructurePrune:\n  prune_strategy: gmp\n  ratio: 0.8\n"
        + TEACHER
        + TRAIN.replace("3000", "2200"),
        [("SG126", 2, "after 990 iterations the ratio jumps from 0.15 to 0.8")],
        [],
    ),
    "gradual pruning by threshold, longer than the training": (
        "UnstructurePrune:\n  prune_strategy: gmp\n  prune_mode: threshold\n  gmp_config:\n"
        "    stable_iterations: 0\n    pruning_iterations: 4000\n    tunning_iterations: 400\n"
        "    resume_iteration: -1\n    pruning_steps: 40\n    initial_ratio: 0.2\n"
        + TEACHER
        + TRAIN,
        [
            ("SG126", 3, "to a ratio of 0.55"),
            ("SG126", 6, "reached after 4000 iterations, but training ends after 3000"),
        ],
        [],
    ),
    "a misspelt key of the schedule": (
        "UnstructurePrune:\n  prune_strategy: gmp\n  gmp_config:\n    stable_iterations: 0\n"
        "    pruning_iterations: 900\n    tuning_iterations: 900\n" + TEACHER + TRAIN,
        [
            ("SG103", 3, "gmp_config needs the key 'resume_iteration'"),
            ("SG103", 3, "gmp_config needs the key 'pruning_steps'"),
            ("SG103", 3, "gmp_config needs the key 'initial_ratio'"),
            ("SG102", 6, "did you mean tunning_iterations?"),
        ],
        [("tuning", "tunning")],
    ),
    "a scale of weights that Paddle cannot calibrate": (
        "QuantPost:\n  batch_nums: 8\n  weight_quantize_type: range_abs_max\n",
        [("SG103", 3, "should be 'abs_max' or 'channel_wise_abs_max'")],
        [],
    ),
    "a scale of activations that Paddle cannot train": (
        "QuantAware:\n  activation_quantize_type: channel_wise_abs_max\n" + TEACHER + TRAIN,
        [("SG103", 2, "should be 'abs_max', 'range_abs_max' or 'moving_average_abs_max'")],
        [],
    ),
    "keys beside their sections": (
        "QuantAware:\nweight_bits: 8\nuse_pact: true\nDistillation:\nloss: l2\n" + TRAIN,
        [
            ("SG122", 2, "weight_bits, use_pact stand beside QuantAware, not below it"),
            ("SG122", 5, "loss stands beside Distillation, not below it; indent it"),
        ],
        [],
    ),
    "sections below another": (
        "Global:\n  model_dir: m\n  QuantAware:\n    use_pact: on\n  Distillation:\n    loss: l2\n",
        [("SG122", 3, "QuantAware, Distillation below Global: ACT reads sections at the top")],
        [],
    ),
    "a search of an earlier release": (
        (
            "HyperParameterOptimization:\n  batch_num: [4, 8]\n  ptq_algo: [KL, hist]\n"
            "Quantization:\n  use_pact: false\n  weight_bits: 8\n"
        ),
        [("SG101", 4, "did you mean QuantPost?"), ("SG102", 5, "delete it: only QuantAware")],
        [("Quantization", "QuantPost")],
    ),
    "a prune of an earlier release": (
        TEACHER + "Prune:\n  prune_algo: prune\n  pruned_ratio: 0.4\n" + TRAIN,
        [("SG101", 3, "did you mean ChannelPrune?"), ("SG102", 4, "the section's name says which")],
        [("Prune:", "ChannelPrune:")],
    ),
    "a training of an earlier release": (
        "Distillation:\n  distill_lambda: 1\n  distill_loss: l2_loss\n  distill_node_pair:\n"
        "  - teacher_conv2d_9.tmp_0\n  - conv2d_9.tmp_0\n  merge_feed: true\nQuantization:\n"
        "  not_quant_pattern: [skip_quant]\n" + TRAIN + "  optimizer: SGD\n",
        [
            ("SG102", 2, "did you mean alpha?"),
            ("SG106", 2, "write 1.0"),
            ("SG102", 3, "did you mean loss?"),
            ("SG103", 3, "write l2"),
            ("SG102", 4, "did you mean node?"),
            ("SG102", 7, "delete it"),
            ("SG101", 8, "did you mean QuantAware?"),
            ("SG102", 13, "the optimizer stands in optimizer_builder"),
        ],
        [
            ("distill_lambda: 1", "alpha: 1.0"),
            ("distill_loss: l2_loss", "loss: l2"),
            ("distill_node_pair", "node"),
            ("Quantization", "QuantAware"),
        ],
    ),
    "keys beside the nested table": (
        "UnstructurePrune:\n  prune_strategy: gmp\n  pruned_ratio: 0.6\n  gmp_config:\n"
        "  stable_iterations: 0\n  pruning_iterations: 900\n  local_sparsity: True\n"
        + TEACHER
        + TRAIN,
        [
            ("SG102", 3, "did you mean ratio?"),
            ("SG122", 5, "stable_iterations, pruning_iterations stand beside UnstructurePrune.gmp"),
        ],
        [("pruned_ratio", "ratio")],
    ),
    "a key of the suite's script": (
        "QuantPost:\n  batch_nums: 8\n  input_list: [image]\n",
        [("SG102", 3, "it belongs to Global, which the suite's scripts read")],
        [],
    ),
    "the other sections' ratio": (
        "UnstructurePrune:\n  prune_mode: ratio\n  pruned_ratio: 0.6\n" + TEACHER + TRAIN,
        [("SG102", 3, "did you mean ratio?")],
        [("pruned_ratio", "ratio")],
    ),
    "outputs that the suite cannot decode": (
        "Global:\n  include_nms: False\n  Evaluation: True\n  model_dir: ./picodet_s\n"
        "QuantAware:\n  weight_bits: 8\n" + TEACHER + TRAIN,
        [("SG127", 2, "can evaluate PPYOLOE only")],
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_found_where_it_stands(name):
    text, expected, _ = CASES[name]
    found = [(f.code, f.line, f.message) for f in diagnose(subject_of(text, {}))]
    assert [finding[:2] for finding in found] == [finding[:2] for finding in expected]
    for (*_, message), (*_, part) in zip(found, expected, strict=True):
        assert part in message


@pytest.mark.parametrize("name", CASES)
def test_a_fix_changes_the_tokens_that_it_names(name):
    text, _, changes = CASES[name]
    fixed = text
    for written, meant in changes:
        assert fixed.count(written) == 1
        fixed = fixed.replace(written, meant)
    assert fixed_text(subject_of(text, {}))[0] == fixed


@pytest.mark.parametrize("name", CASES)
def test_after_a_fix_nothing_is_found_that_was_not_found_before(name):
    text, *_ = CASES[name]
    before = [(f.code, f.line) for f in diagnose(subject_of(text, {}))]
    fixed, fixes = fixed_text(subject_of(text, {}))
    after = [(f.code, f.line) for f in diagnose(subject_of(fixed, {}))]
    assert sorted([*after, *((f.code, f.line) for f in fixes)]) == sorted(before)
    assert not any(f.edits for f in diagnose(subject_of(fixed, {})))


def test_messages_name_no_class_of_python():
    for text, *_ in CASES.values():
        for finding in diagnose(subject_of(text, {})):
            assert re.search(r"\b(dict|tuple|NoneType)\b", finding.message) is None
