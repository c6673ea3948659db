"""An inference model on disk, with its content hash and the record of how it was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compress.artifacts.record import RECORD, ArtifactRecord, Effects
from core.canonical import content_hash
from core.schema import load_json
from core.store import hash_file, hash_files

MODEL_FILES = ("model.pdmodel", "model.pdiparams")


def model_places(folder: Path) -> tuple[Path, ...]:
    """What a worker has to read of a model: its folder, and the files of which that holds links."""
    files = (folder / name for name in MODEL_FILES)
    return (folder.resolve(), *(file.resolve() for file in files if file.is_symlink()))


@dataclass(frozen=True)
class Artifact:
    """An inference model on disk. ``content_hash`` covers program and parameters; ``cached``:
    whether the store already had it; ``record``: how it was made, None for a model that was
    exported elsewhere; ``notes``: the remarks of all steps that led to it; ``changes``: the effects
    of all these steps together. Where ``notes`` or ``changes`` are None, the record's apply.
    """

    folder: Path
    content_hash: str
    size_bytes: int
    cached: bool
    record: ArtifactRecord | None
    notes: tuple[str, ...] | None = None
    changes: Effects | None = None

    @property
    def files_hash(self) -> str:
        """Covers every file that a worker can read in the folder; ``content_hash`` covers those
        that an engine loads.
        """
        hashes = hash_files(self.folder)
        return content_hash({name: hashes[name] for name in hashes if name != RECORD})

    @property
    def remarks(self) -> tuple[str, ...]:
        """The repairs and choices made while the model was built, a sentence each."""
        if self.notes is not None:
            return self.notes
        return self.record.made.remarks if self.record else ()

    @property
    def effects(self) -> Effects:
        """The effects of the methods by name: the counts before and after."""
        if self.changes is not None:
            return self.changes
        return self.record.made.effects if self.record else {}

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss of each recorded training step; empty if there was no training."""
        return self.record.made.curve.losses.get("loss", ()) if self.record else ()

    @property
    def weights_misfit(self) -> str:
        """How the trained weights differ from the exported network; empty if they fit."""
        return self.record.made.weights_misfit if self.record else ""

    @property
    def op_types(self) -> tuple[str, ...]:
        """The op types of the recipe whose inputs carry quantisation ops in the program."""
        return self.record.made.quantised if self.record else ()


def load_artifact(folder: Path, cached: bool) -> Artifact:
    """The artifact in the folder; raises InputError if its record is not valid."""
    paths = [folder / name for name in MODEL_FILES]
    record = folder / RECORD
    return Artifact(
        folder,
        content_hash([hash_file(path) for path in paths]),
        sum(path.stat().st_size for path in paths),
        cached,
        load_json(ArtifactRecord, record) if record.exists() else None,
    )
