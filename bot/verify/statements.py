"""The statements about hardware that the project makes, from ``configs/hardware.yml``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from bot.verify.checks import Check, Ruling
from bot.verify.observation import HardwareRecord
from core.errors import InputError
from core.files import read_file
from core.installation import shipped
from core.safe_yaml import MAX_BYTES, parse_mapping
from core.schema import StrictModel, validate
from core.texts import Name


class Verified(StrictModel):
    """Where a statement was found to hold. ``recorded``: the date, as in ``2026-01-31``."""

    statement: Name
    gpu: Name
    driver: Name
    runtime: Name
    recorded: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class Statement(StrictModel):
    """``id``: the name by which marks in the docs refer to it; ``says``: a whole sentence."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    says: str
    check: Check


class Statements(StrictModel):
    """All statements: what docs and checks go by."""

    schema_: Literal["slimgate.hardware-statements/1"] = Field(alias="schema")
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]


class Verifications(StrictModel):
    """What was found to hold, by the records that were read."""

    schema_: Literal["slimgate.verified/1"] = Field("slimgate.verified/1", alias="schema")
    verified: tuple[Verified, ...] = ()


def load_statements() -> tuple[Statement, ...]:
    """All statements; raises InputError, also for an id that occurs twice."""
    path = shipped("configs") / "hardware.yml"
    document = parse_mapping(read_file(path, MAX_BYTES), str(path))
    statements = validate(Statements, document, str(path)).statements
    ids = [statement.id for statement in statements]
    for statement in statements:
        if ids.count(statement.id) > 1:
            raise InputError(
                f"the id {statement.id!r} occurs twice", file=str(path), key="statements.id"
            )
    return statements


def judge_statements(
    statements: tuple[Statement, ...], record: HardwareRecord
) -> Iterator[tuple[Statement, Ruling]]:
    """Each statement with what the record says of it. Pure."""
    for statement in statements:
        yield statement, statement.check.judge(record)
