"""The rules, one module each. To add one: a module with ``RULE`` and a line here; its page is
written by ``make rule-docs``.
"""

from __future__ import annotations

from compress.doctor.rule import Rule
from compress.doctor.rules import (
    sg100_not_yaml,
    sg101_unknown_section,
    sg102_unknown_key,
    sg103_wrong_value,
    sg104_number_as_text,
    sg105_none_as_text,
    sg106_distillation_weight,
    sg107_no_method,
    sg108_dropped_method,
    sg109_exclusive_methods,
    sg110_skip_list_ignored,
    sg111_lengths_differ,
    sg112_never_evaluated,
    sg113_op_types_overridden,
    sg114_search_of_one,
    sg115_endless_calibration,
    sg116_few_bits,
    sg117_metric_in_points,
    sg118_duplicate_key,
    sg119_unknown_op_type,
    sg120_manifest,
)

RULES: tuple[Rule, ...] = (
    sg100_not_yaml.RULE,
    sg101_unknown_section.RULE,
    sg102_unknown_key.RULE,
    sg103_wrong_value.RULE,
    sg104_number_as_text.RULE,
    sg105_none_as_text.RULE,
    sg106_distillation_weight.RULE,
    sg107_no_method.RULE,
    sg108_dropped_method.RULE,
    sg109_exclusive_methods.RULE,
    sg110_skip_list_ignored.RULE,
    sg111_lengths_differ.RULE,
    sg112_never_evaluated.RULE,
    sg113_op_types_overridden.RULE,
    sg114_search_of_one.RULE,
    sg115_endless_calibration.RULE,
    sg116_few_bits.RULE,
    sg117_metric_in_points.RULE,
    sg118_duplicate_key.RULE,
    sg119_unknown_op_type.RULE,
    sg120_manifest.RULE,
)


def find_rule(code: str) -> Rule | None:
    """The rule of that code or name, in letters of either case."""
    wanted = code.casefold()
    return next((r for r in RULES if wanted in (r.code.casefold(), r.name)), None)
