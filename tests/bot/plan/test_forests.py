"""Random forests of configs, against a resolver that does what the suites' loaders do."""

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.plan.affected import find_affected
from bot.plan.trees import Trees
from compress.manifest import Manifest
from compress.resolve import ConfigTree
from compress.suites import find_suite
from core.git import Entry

NAMES = [f"configs/{letter}.yml" for letter in "abcdefg"]
MANIFEST = {
    "schema": "slimgate.manifest/1",
    "suite": "s",
    "config_roots": ["configs"],
    "recipe_roots": ["deploy"],
    "models": [],
}
BASES = {"paddleseg": "_base_", "paddledet": "_BASE_"}
SCALARS = st.integers(0, 2) | st.sampled_from(["x", "y"]) | st.lists(st.integers(0, 1), max_size=2)
PLAIN = st.dictionaries(st.sampled_from(["l", "m"]), SCALARS, max_size=2)
CONTENTS = st.recursive(
    PLAIN, lambda inner: st.builds(lambda own, k: {**own, "k": k}, PLAIN, inner), max_leaves=4
)
"""Mappings stand below ``k`` alone: PaddleSeg cannot merge a mapping with anything else."""


@st.composite
def changed_forests(draw):
    """A dialect, the files of base, and those of head: some are others, new or gone."""
    dialect = draw(st.sampled_from(sorted(BASES)))
    files = {name: draw(_documents(dialect, name)) for name in NAMES}
    edited = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))
    head = files | {name: draw(_documents(dialect, name)) for name in edited}
    gone = draw(st.lists(st.sampled_from(NAMES[-2:]), unique=True, max_size=1))
    used = {base for name in head for base in _bases(head[name], dialect) if name not in gone}
    return dialect, files, {n: d for n, d in head.items() if n not in gone or n in used}


def _documents(dialect, name):
    """Contents that inherit from files further down the list, so that there are no circles."""
    below = [other.rpartition("/")[2] for other in NAMES[NAMES.index(name) + 1 :]]
    chosen = st.lists(st.sampled_from(below), unique=True, max_size=2) if below else st.just([])

    def document(content, bases, alone, replaced):
        is_text = (
            alone and len(bases) == 1 and dialect == "paddleseg"
        )  # the other suite takes lists
        first = {BASES[dialect]: bases[0] if is_text else bases} if bases else {}
        inner = content.get("k")
        if dialect == "paddleseg" and replaced and isinstance(inner, dict):
            content = {**content, "k": {**inner, "_inherited_": False}}
        return {**first, **content}

    return st.builds(document, CONTENTS, chosen, st.booleans(), st.booleans())


def _bases(document, dialect):
    named = document.get(BASES[dialect], [])
    return [f"configs/{base}" for base in ([named] if isinstance(named, str) else named)]


def load(files, name, dialect):
    """As ``paddleseg.cvlibs.Config`` and ``ppdet.core.workspace.load_config`` do."""
    own = {key: value for key, value in files[name].items() if key != BASES[dialect]}
    bases = [load(files, base, dialect) for base in _bases(files[name], dialect)]
    if dialect == "paddleseg":
        for base in bases:
            own = merge(base, own)
        return own
    merged = {}
    for content in (*bases, own):
        merged = merge(merged, content)
    return merged


def merge(base, content):
    """What is not to be inherited says so where there is something to inherit."""
    merged = dict(base)
    for key, value in content.items():
        if not isinstance(value, dict) or key not in base:
            merged[key] = value
        elif "_inherited_" in value:
            merged[key] = {k: v for k, v in value.items() if k != "_inherited_"}
        else:
            merged[key] = merge(base[key], value)
    return merged


def trees_of(dialect, base, head):
    suite, texts, sides = find_suite(dialect), {}, []
    for files in (base, head):
        written = {name: yaml.safe_dump(d, sort_keys=False) for name, d in files.items() if d}
        texts |= {text: text.encode() for text in written.values()}
        entries = {name: Entry("100644", text) for name, text in written.items()}
        sides.append(ConfigTree(entries, texts.get, suite.dialect, *sides[:1]))
    return Trees(*sides, suite)


@settings(deadline=None)
@given(changed_forests())
def test_contents_and_affected_configs_are_those_of_a_naive_loader(forest):
    dialect, base, head = forest
    base, head = ({n: d or {"l": 0} for n, d in files.items()} for files in (base, head))
    trees = trees_of(dialect, base, head)
    for tree, files in ((trees.base, base), (trees.head, head)):
        for name in files:
            assert tree.resolve(name) == load(files, name, dialect)
    manifest = Manifest.model_validate({**MANIFEST, "dialect": dialect})
    affected = {item.config for item in find_affected(trees, manifest)}
    contents = [{name: load(files, name, dialect) for name in files} for files in (base, head)]
    differing = {name for name in NAMES if contents[0].get(name) != contents[1].get(name)}
    assert affected == differing
