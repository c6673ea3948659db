"""Tests of the doctor's rules, a file for each; what they share."""

from compress.doctor.diagnose import diagnose
from compress.doctor.rule import subject_of
from compress.doctor.text import apply_edits

PTQ = "QuantPost:\n  batch_nums: 10\n"
QAT = "QuantAware:\n  weight_bits: 8\n"
GRAPH = {"ops": {}, "variables": (), "candidates": (), "feeds": {}}


def findings(rule, text, **facts):
    """What the rule alone finds in a recipe with these facts."""
    return diagnose(subject_of(text, facts), (rule,))


def messages(rule, text, **facts):
    """Line and message of each finding."""
    return [(finding.line, finding.message) for finding in findings(rule, text, **facts)]


def corrected(rule, text, **facts):
    """The recipe after the rule's edits; None if the rule offers none."""
    edits = [edit for finding in findings(rule, text, **facts) for edit in finding.edits]
    return apply_edits(text, edits) if edits else None


def failure(stage, message, kind="error", log=""):
    """The facts of a run that failed."""
    return {"stage": stage, "kind": kind, "message": message, "log": log}
