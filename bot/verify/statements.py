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
    """Where a statement was found to hold, or not to. ``recorded``: the date, as in
    ``2026-01-31``.
    """

    statement: Name
    holds: bool
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
    """All statements: what docs and checks go by. ``runtime``: the one that they are about."""

    schema_: Literal["slimgate.hardware-statements/1"] = Field(alias="schema")
    runtime: Name
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]


class Verifications(StrictModel):
    """What was found to hold or not, by the records that were read."""

    schema_: Literal["slimgate.verified/1"] = Field("slimgate.verified/1", alias="schema")
    verified: tuple[Verified, ...] = ()

    @property
    def confirmed(self) -> set[str]:
        """The statements that hold on some GPU, and were found not to hold on none."""
        refuted = {found.statement for found in self.verified if not found.holds}
        return {found.statement for found in self.verified} - refuted


def load_statements() -> tuple[Statement, ...]:
    """All statements; raises InputError."""
    return read_statements().statements


def read_statements() -> Statements:
    """All statements with what they are about; raises InputError, also for an id that occurs
    twice.
    """
    path = shipped("configs") / "hardware.yml"
    document = parse_mapping(read_file(path, MAX_BYTES), str(path))
    read = validate(Statements, document, str(path))
    statements = read.statements
    ids = [statement.id for statement in statements]
    for statement in statements:
        if ids.count(statement.id) > 1:
            raise InputError(
                f"the id {statement.id!r} occurs twice",
                file=str(path),
                key="statements.id",
                hint="give each statement an id of its own",
            )
    return read


def judge_statements(
    statements: tuple[Statement, ...], record: HardwareRecord
) -> Iterator[tuple[Statement, Ruling]]:
    """Each statement with what the record says of it. Pure."""
    for statement in statements:
        yield statement, statement.check.judge(record)
