"""What a config may say without a maintainer: data that the base branch's configs vouch for.

Both suites build any registered class wherever a config names it, and some of these classes
evaluate strings. So a config is held to a grammar of data: numbers, truth values and null; words
that configs of the base branch use at the same kind of place; registered names where the base
branch has names of that kind; paths of data sets. Whatever else it says waits for a maintainer.

A *place* is where a word stands: the keys that lead to it from the component around it (lists
count as ``*``), under the component's name, and under each of its kinds. So ``act: relu`` of one
backbone vouches for ``act: relu`` of another one, but not for that of a transform.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from compress.suites.dialect import Document
from compress.suites.registry_names import Registry
from core.safe_yaml import TAG_KEY, VALUE_KEY

Place = tuple[str, ...]
NUMBER = re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9]*)?([eE][-+]?[0-9]+)?")
"""YAML 1.1 reads ``1e-4`` as text."""
PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*/?")
PICKLES = (".pkl", ".pickle", ".pdparams", ".pdopt", ".pth", ".pt", ".npz", ".npy")
MAX_SHOWN = 60


@dataclass(frozen=True)
class Naming:
    """How a suite's configs name components. ``name_key``: the key whose value is a component's
    name; ``keys_name``: whether a registered name may be a key as well (sections and transforms);
    ``path_keys``: the keys of a data set's paths; ``data_dir``: what these begin with, empty if
    they are relative to a path that does.
    """

    name_key: str
    keys_name: bool
    path_keys: frozenset[str]
    data_dir: str = ""


@dataclass(frozen=True)
class Word:
    """A word of a config, with its dotted path and its places. ``form``: ``name`` for the name of a
    component and ``named key`` for one that is a key, ``tag``, ``key`` or ``text``.
    """

    form: str
    text: str
    path: str
    places: tuple[Place, ...]

    @property
    def shown(self) -> str:
        """The word in its path, as a person reads it."""
        text = self.text if len(self.text) <= MAX_SHOWN else f"{self.text[:MAX_SHOWN]}…"
        return self.path if "key" in self.form else f"{self.path}: {text}"


@dataclass(frozen=True)
class _Around:
    """What surrounds a value: its dotted path, its keys from the component around it, and the name
    and kinds of that component (empty for the document itself).
    """

    path: str = ""
    keys: Place = ()
    owners: tuple[str, ...] = ("",)

    def at(self, key: str, step: str | None = None) -> _Around:
        path = f"{self.path}.{key}" if self.path else key
        return replace(self, path=path, keys=(*self.keys, key if step is None else step))

    def inside(self, name: str, registry: Registry) -> _Around:
        kinds = sorted(f"<{kind}>" for kind in registry.kinds(name))
        return replace(self, keys=(), owners=(name, *kinds))

    def word(self, form: str, text: str) -> Word:
        places = tuple((owner, *self.keys) for owner in self.owners)
        return Word(form, text, self.path, places)


def words_of(document: Document, naming: Naming, registry: Registry) -> Iterator[Word]:
    """Every word of a resolved document."""
    yield from _words(document, _Around(), naming, registry)


def _words(value: Any, around: _Around, naming: Naming, registry: Registry) -> Iterator[Word]:
    if isinstance(value, dict):
        yield from _words_of_mapping(value, around, naming, registry)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _words(inner, around.at(str(number), "*"), naming, registry)
    elif isinstance(value, str):
        yield around.word("text", value)


def _words_of_mapping(
    mapping: Document, around: _Around, naming: Naming, registry: Registry
) -> Iterator[Word]:
    inside = around
    if TAG_KEY in mapping:
        tag = str(mapping[TAG_KEY])
        yield around.word("tag", tag)
        inside = around.inside(tag, registry)
    name = mapping.get(naming.name_key)
    if isinstance(name, str):
        yield around.at(naming.name_key).word("name", name)
        inside = around.inside(name, registry) if registry.kinds(name) else inside
    for key, inner in mapping.items():
        if key in (TAG_KEY, VALUE_KEY):
            continue
        if key == naming.name_key and isinstance(name, str):
            continue
        below = inside.at(key)
        if naming.keys_name and registry.kinds(key):
            yield replace(below, keys=(*inside.keys, "<name>")).word("named key", key)
            below = below.inside(key, registry)
        else:
            yield replace(below, keys=inside.keys).word("key", key)
        yield from _words(inner, below, naming, registry)
    if VALUE_KEY in mapping:
        yield from _words(mapping[VALUE_KEY], inside, naming, registry)


@dataclass(frozen=True)
class Vocabulary:
    """What the base branch's configs say. ``words``: by form and place; ``kinds``: the kinds of the
    names at a place.
    """

    naming: Naming
    registry: Registry
    words: dict[tuple[str, Place], set[str]] = field(default_factory=lambda: defaultdict(set))
    kinds: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, documents: Iterable[Document]) -> None:
        """Adds the words of resolved documents."""
        for document in documents:
            for word in words_of(document, self.naming, self.registry):
                for place in word.places:
                    self.words[word.form, place].add(word.text)
                    self.kinds[place] |= self.registry.kinds(word.text)

    def unknown(self, document: Document) -> Iterator[Word]:
        """The words of a resolved document that a maintainer has to read, in its order."""
        for word in words_of(document, self.naming, self.registry):
            if not self._is_data(word):
                yield word

    def _is_data(self, word: Word) -> bool:
        if word.text in UNSPEAKABLE:
            return False
        if any(word.text in self.words.get((word.form, place), ()) for place in word.places):
            return True
        if word.form == "key":
            return False
        return self._is_known_kind(word) or (word.form == "text" and self._is_value(word))

    def _is_known_kind(self, word: Word) -> bool:
        """Whether it is a registered name where the base branch has names of all its kinds."""
        kinds = self.registry.kinds(word.text)
        return bool(kinds) and any(kinds <= self.kinds.get(p, set()) for p in word.places)

    def _is_value(self, word: Word) -> bool:
        """Whether it is a number, or a path of a data set."""
        key = next((step for step in reversed(word.places[0]) if step != "*"), "")
        return bool(NUMBER.fullmatch(word.text)) or (
            key in self.naming.path_keys and is_data_path(word.text, self.naming.data_dir)
        )


UNSPEAKABLE = frozenset({"Callable"})
"""Names that call whatever a config says, and never pass even if the base branch has them."""


def is_data_path(text: str, data_dir: str) -> bool:
    """Whether the text is a plain relative path (below ``data_dir``, if there is one) that no
    loader takes for a pickle.
    """
    if not PATH.fullmatch(text) or text.endswith(PICKLES):
        return False
    return not data_dir or text.split("/")[0] == data_dir
