"""The record as one page of Markdown, to attach to an issue."""

from __future__ import annotations

from bench.proven import PrecisionProof
from bot.text.escape import code, escape_markdown
from bot.text.quantities import half_width, milliseconds
from bot.text.templates import template_environment
from bot.verify.observation import HardwareRecord, Observation
from bot.verify.statements import Statement, judge_statements

MARKS = {True: "✅ holds", False: "❌ does not hold", None: "❔ cannot be told"}


def render_page(record: HardwareRecord, statements: tuple[Statement, ...]) -> str:
    """Every statement with what was seen of it, and every measurement."""
    environment = template_environment(autoescape=False)
    environment.filters |= {
        "md": escape_markdown,
        "code": code,
        "ms": milliseconds,
        "half": half_width,
    }
    return environment.get_template("hardware.md.j2").render(
        title=f"slimgate on {record.gpu.name if record.gpu else record.fingerprint.cpu}",
        record=record,
        judged=list(judge_statements(statements, record)),
        marks=MARKS,
        told=_told,
        notes=_notes,
    )


def _told(proof: PrecisionProof | None) -> str:
    """``48 of 48 convolutions in int8``."""
    if proof is None:
        return "–"
    low, total = proof.convolutions
    return f"{low} of {total} convolutions in {proof.precision}"


def _notes(observation: Observation) -> str:
    proof = observation.proof
    engines = proof.tensorrt if proof else None
    parts = (*observation.remarks, engines, observation.gpu)
    return "; ".join(str(part) for part in parts if part)
