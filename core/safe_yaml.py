"""Reads untrusted YAML: runs no code, keeps tags inert, bounds size, depth and expansion.

The suites read configs with loaders that run code (PyYAML's ``Loader`` and ``FullLoader``).
This loader keeps a local tag such as ``!CosineDecay`` as data, so that a changed tag counts as a
change, and refuses ``!!python/...``. As in the suites, the last of two equal keys wins unless
the caller demands unique keys.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import yaml

from core.errors import InputError

MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_DIGITS = 1_000_000, 64, 200_000, 64
RESERVED = "!"
TAG_KEY, VALUE_KEY = "!tag", "!value"
"""Keys of the loaded data that hold a tag, and the value of a tagged list or scalar."""

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader whose local tags are inert."""


def _construct_tagged(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.MappingNode):
        return {TAG_KEY: suffix, **loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return {TAG_KEY: suffix, VALUE_KEY: loader.construct_sequence(node, deep=True)}
    return {TAG_KEY: suffix, VALUE_KEY: loader.construct_scalar(node)}


_Loader.add_multi_constructor("!", _construct_tagged)


def parse_yaml(text: str | bytes, file: str, *, unique_keys: bool = False) -> Any:
    """Parses one YAML document to plain data; raises InputError that names ``file`` and line."""
    if len(text) > MAX_BYTES:
        raise InputError(f"larger than {MAX_BYTES} bytes", file=file, hint="split the file")
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        _check_node(node, file, unique_keys)
        return _plain(loader.construct_document(node))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise InputError(
            f"not valid YAML: {problem}{where}", file=file, hint="correct the file"
        ) from error
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise InputError(f"not valid YAML: {error}", file=file, hint="correct the file") from error
    finally:
        if loader is not None:
            loader.dispose()


def _plain(value: Any) -> Any:
    """The value in types that JSON can hold: keys as text; dates, sets and bytes as text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def parse_mapping(text: str | bytes, file: str, *, unique_keys: bool = False) -> dict[str, Any]:
    """Parses a document that has to be a mapping; an empty document is an empty mapping. Raises
    InputError.
    """
    data = parse_yaml(text, file, unique_keys=unique_keys)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError(
            f"holds a {type(data).__name__} where a mapping is needed",
            file=file,
            hint="write 'key: value' lines at the top level",
            code="not-a-mapping",
        )
    return data


class _Dumper(yaml.SafeDumper):
    """Writes inert tags back as the suites read them, and no aliases."""

    tags: Collection[str] = ()

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  its name is PyYAML's
        return True


def _represent_mapping(dumper: _Dumper, data: dict[str, Any]) -> yaml.Node:
    tag = "tag:yaml.org,2002:map"
    if TAG_KEY in data:
        if data[TAG_KEY] not in dumper.tags:
            raise ValueError(f"the tag !{data[TAG_KEY]} is none of the suite's")
        tag = f"!{data[TAG_KEY]}"
    if VALUE_KEY not in data:
        plain = {key: value for key, value in data.items() if key != TAG_KEY}
        return dumper.represent_mapping(tag, plain.items())
    value = data[VALUE_KEY]
    if isinstance(value, list):
        return dumper.represent_sequence(tag, value)
    return dumper.represent_scalar(tag, str(value))


_Dumper.add_representer(dict, _represent_mapping)


def dump_yaml(data: dict[str, Any], tags: Collection[str] = ()) -> str:
    """YAML that the suites' loaders read as ``data``. Raises ValueError for a tag beyond ``tags``,
    the names of local tags without their exclamation mark.
    """

    class Dumper(_Dumper):
        pass

    Dumper.tags = frozenset(tags)
    return yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True)


def _check_node(root: yaml.Node, file: str, unique_keys: bool) -> None:
    """Bounds depth and the number of nodes after aliases are expanded (alias bombs)."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise InputError(
                f"nested deeper than {MAX_DEPTH} levels", file=file, hint="flatten the file"
            )
        counted = sizes.get(id(node))
        if counted is not None:
            return counted
        sizes[id(node)] = MAX_NODES  # an alias to a parent would expand without end
        if (
            isinstance(node, yaml.ScalarNode)
            and node.tag.endswith(":int")
            and (len(node.value) > MAX_DIGITS)
        ):
            raise InputError(
                f"a number of more than {MAX_DIGITS} digits",
                file=file,
                hint="quote it if it is text",
            )
        total = 1 + sum(size(child, depth + 1) for child in _children(node))
        if total > MAX_NODES:
            raise InputError(
                f"expands to more than {MAX_NODES} values",
                file=file,
                hint="split the file, or use fewer aliases",
            )
        if isinstance(node, yaml.MappingNode):
            _refuse_reserved(node, file)
        if unique_keys and isinstance(node, yaml.MappingNode):
            _refuse_duplicates(node, file)
        sizes[id(node)] = total
        return total

    size(root, 0)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _refuse_reserved(node: yaml.MappingNode, file: str) -> None:
    """Raises InputError for a plain key that would be read as a tag (``"!tag": name``)."""
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value.startswith(RESERVED):
            raise InputError(
                f"a key cannot begin with {RESERVED} (line {key.start_mark.line + 1})",
                file=file,
                key=key.value,
                hint="write a tag before the value: key: !Tag {…}",
            )


def _refuse_duplicates(node: yaml.MappingNode, file: str) -> None:
    keys = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode):
            if key.value in keys:
                line = key.start_mark.line + 1
                raise InputError(
                    f"the same key twice (line {line})",
                    file=file,
                    key=key.value,
                    hint="keep one of them",
                )
            keys.add(key.value)
