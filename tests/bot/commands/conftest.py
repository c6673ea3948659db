"""A small suite with a manifest, on which commands run in processes of their own."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bot.builders import MANIFEST
from tests.bot.shell import slimgate

FILES = {"configs/m.yml": "model: {type: PPLiteSeg}\n", "deploy/qat.yaml": "QuantAware: {}\n"}
CHANGED = {"deploy/qat.yaml": "QuantAware: {}\nTrainConfig: {epochs: 1}\n"}


@dataclass
class Prepared:
    """A suite whose head changes a recipe, its manifest, and a folder for what commands write."""

    suite: object
    folder: Path

    @property
    def manifest(self):
        return self.folder / "m.yml"

    @property
    def out(self):
        return self.folder / "out"

    def call(self, command, *extra, environment=None, **options):
        """Runs a command with ``--suite`` and ``--repo``; options replace these and add others."""
        values = {"suite": self.manifest, "repo": self.suite.path, **options}
        words = [word for name, value in values.items() for word in (f"--{name}", value)]
        variables = {"SLIMGATE_STORE": str(self.folder / "store"), **(environment or {})}
        return slimgate(command, *words, *extra, **variables)


@pytest.fixture
def prepared(suite, tmp_path):
    suite.commit(FILES)
    suite.commit(CHANGED)
    (tmp_path / "m.yml").write_text(MANIFEST)
    return Prepared(suite, tmp_path)
