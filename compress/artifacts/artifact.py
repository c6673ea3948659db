"""An inference model on disk, with its content hash and the record of how it was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compress.artifacts.record import RECORD, ArtifactRecord, Effects
from core.canonical import content_hash
from core.schema import load_json
from core.store import hash_file

MODEL_FILES = ("model.pdmodel", "model.pdiparams")


@dataclass(frozen=True)
class Artifact:
    """An inference model in the store. ``content_hash`` covers program and parameters;
    ``cached`` says that it was there before; ``record`` tells how it was made, None for a model
    that somebody else exported; ``notes`` are the remarks of all steps that led to it, ``changes``
    the effects of all of them together.
    """

    folder: Path
    content_hash: str
    size_bytes: int
    cached: bool
    record: ArtifactRecord | None
    notes: tuple[str, ...] | None = None
    changes: Effects | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was repaired or chosen while it was built."""
        if self.notes is not None:
            return self.notes
        return self.record.made.remarks if self.record else ()

    @property
    def effects(self) -> Effects:
        """What the methods did, by name: counted before and after."""
        if self.changes is not None:
            return self.changes
        return self.record.made.effects if self.record else {}

    @property
    def losses(self) -> tuple[float, ...]:
        """What training minimised, step by step; empty for what does not train."""
        return self.record.made.curve.losses.get("loss", ()) if self.record else ()

    @property
    def op_types(self) -> tuple[str, ...]:
        """Those of the recipe's op types that carry quantisation ops in the program itself."""
        return self.record.made.quantised if self.record else ()


def load_artifact(folder: Path, cached: bool) -> Artifact:
    """An artifact that lies in the folder."""
    paths = [folder / name for name in MODEL_FILES]
    record = folder / RECORD
    return Artifact(
        folder,
        content_hash([hash_file(path) for path in paths]),
        sum(path.stat().st_size for path in paths),
        cached,
        load_json(ArtifactRecord, record) if record.exists() else None,
    )
