"""The rules, one module each. To add one: its module and its name here; its page is written by
``make rule-docs``.

A module offers ``RULE``, a ``compress.doctor.rule.Rule``.
"""

from __future__ import annotations

from compress.doctor.rule import Rule
from core.registry import registered

NAMES = (
    "sg100_not_yaml",
    "sg101_unknown_section",
    "sg102_unknown_key",
    "sg103_wrong_value",
    "sg104_number_as_text",
    "sg105_none_as_text",
    "sg106_distillation_weight",
    "sg107_no_method",
    "sg108_dropped_method",
    "sg109_exclusive_methods",
    "sg110_skip_list_ignored",
    "sg111_lengths_differ",
    "sg112_never_evaluated",
    "sg113_op_types_overridden",
    "sg114_search_of_one",
    "sg115_endless_calibration",
    "sg116_few_bits",
    "sg117_metric_in_points",
    "sg118_duplicate_key",
    "sg119_unknown_op_type",
    "sg120_manifest",
    "sg122_wrong_level",
    "sg123_schedule",
    "sg124_optimizer",
    "sg125_prune_lists",
    "sg126_gradual_pruning",
    "sg127_nms_differs",
    "sg128_soft_label",
    "sg129_search_bounds",
    "sg130_teachers",
    "sg201_missing_node",
    "sg202_absent_op_types",
    "sg203_small_network",
    "sg204_whole_numbers",
    "sg205_vector_product",
    "sg206_idle_skip_pattern",
    "sg207_missing_parameter",
    "sg301_op_types_differ",
    "sg302_fused_names_missing",
    "sg303_needless_dynamic_shape",
    "sg304_tensorrt",
    "sg305_outdated_workaround",
    "sg306_versions",
    "sg307_no_ranges",
    "sg401_shapes_of_few_images",
    "sg402_few_calibration_images",
    "sg403_calibration_size",
    "sg404_preprocessing_differs",
    "sg501_int8_not_faster",
    "sg502_near_chance",
    "sg503_poor_optimum",
    "sg504_reference_kernels",
    "sg601_suite_error",
    "sg602_time_limit",
    "sg603_out_of_memory",
    "sg604_engine_crash",
    "sg605_missing_package",
    "sg606_needs_pretrained",
    "sg607_unfed_input",
    "sg608_small_input",
    "sg609_failing_op",
    "sg610_computed_filters",
)

RULES: tuple[Rule, ...] = tuple(registered(__name__, NAMES, "RULE"))


def find_rule(code: str) -> Rule | None:
    """The rule of that code or name, in letters of either case."""
    lowered = code.casefold()
    return next((r for r in RULES if lowered in (r.code.casefold(), r.name)), None)
