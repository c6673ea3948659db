"""Finds what a change's configs say beyond data, which a maintainer has to read first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.job import Job, SideSpec
from bot.plan.trees import config_paths, resolve_or_none
from compress.manifest import Manifest
from compress.recipes.words import unknown_in_recipe
from compress.registered import find_registry
from compress.resolve import ConfigTree
from compress.suites import find_suite
from compress.suites.dialect import Document, Impact
from compress.suites.grammar import Vocabulary, Word
from compress.suites.impact import view

READ_BY_WORKERS: tuple[Impact, ...] = ("graph", "evaluation", "compression")


@dataclass(frozen=True)
class Reader:
    """Reads configs as the base branch's ``vocabulary`` allows; None for a suite whose registry
    cannot be read, whose configs nobody can vouch for.
    """

    dialect: str
    vocabulary: Vocabulary | None

    def unknown_in(self, job: Job) -> Iterator[str]:
        """What the job's sides that belong to the change say beyond data, with file and reason."""
        for spec in job.sides.values():
            if spec.change is not None:
                yield from self.unknown_in_side(spec, job.config_file, job.recipe_file)

    def unknown_in_side(
        self, spec: SideSpec, config_file: str, recipe_file: str | None
    ) -> Iterator[str]:
        """What one side says beyond data."""
        for document in (spec.config, spec.data_config):
            for word in self._unknown_words(document):
                yield f"{config_file}: {word}"
        for text in unknown_in_recipe(spec.recipe or {}):
            yield f"{recipe_file}: {text}"

    def _unknown_words(self, document: Document) -> Iterator[str]:
        read = view(document, find_suite(self.dialect).dialect, READ_BY_WORKERS)
        if self.vocabulary is None:
            yield "what this suite's code registers could not be read"
            return
        for word in self.vocabulary.unknown(read):
            yield f"{word.shown} ({_reason(word, self.vocabulary)})"


def read_base_branch(tree: ConfigTree, manifest: Manifest) -> Reader:
    """A reader that knows what all configs of the base branch say."""
    suite, registry = (
        find_suite(manifest.dialect),
        find_registry(tree, find_suite(manifest.dialect)),
    )
    if registry is None or suite.naming is None:
        return Reader(manifest.dialect, None)
    vocabulary = Vocabulary(suite.naming, registry)
    documents = (resolve_or_none(tree, path) for path in config_paths(tree, manifest))
    vocabulary.learn(document for document in documents if document is not None)
    return Reader(manifest.dialect, vocabulary)


def _reason(word: Word, vocabulary: Vocabulary) -> str:
    kinds = sorted(vocabulary.registry.kinds(word.text))
    if kinds:
        return f"a {' or '.join(kinds)}, where the base branch has none"
    if "://" in word.text:
        return "an address that is new there"
    return {"key": "a key that is new there", "tag": "a tag that is new there"}.get(
        word.form, "a text that is new there"
    )
