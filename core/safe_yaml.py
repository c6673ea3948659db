"""Reads untrusted YAML: runs no code, keeps tags inert, and reads nothing but what it can write.

The suites read configs with loaders that run code (PyYAML's ``Loader`` and ``FullLoader``).
This loader keeps a local tag such as ``!CosineDecay`` as data, so that a changed tag counts as a
change, and refuses ``!!python/...``. As in the suites, the last of two equal keys wins unless
the caller demands unique keys. What JSON cannot hold, or what ``dump_yaml`` would write
differently, is refused: so the suites read from a dumped config what they would have read from
its files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

import yaml
from yaml.constructor import SafeConstructor

from core.errors import ErrorCode, InputError
from core.yaml_bounds import LOADER, check_bounds, place_of
from core.yaml_bounds import MAX_BYTES as MAX_BYTES
from core.yaml_bounds import MAX_DEPTH as MAX_DEPTH

MAX_DIGITS = 64
MAX_KEY = 200
"""Characters of a key: the longest in the suites' configs has 36."""
SEVERAL = "expected a single document in the stream"
"""What PyYAML says of a file with several documents."""
RESERVED = "!"
TAG_KEY, VALUE_KEY = "!tag", "!value"
"""Keys of the loaded data that hold a tag, and the value of a tagged list or scalar."""
_NAMESPACE = "tag:yaml.org,2002:"
_OTHER_TYPES = {
    "timestamp": "a date or time",
    "binary": "binary data",
    "set": "a set",
    "omap": "an ordered mapping",
    "pairs": "a list of pairs",
}
_CLASS = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_WHOLE = re.compile(r"0|-?[1-9][0-9]*")
"""How ``str`` writes whole numbers: a key of this form stands for the number."""


_NUMBERS = SafeConstructor()


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML that this reader does not take; ``note`` is the next step."""


def _refuse(problem: str, node: yaml.Node, hint: str) -> NoReturn:
    raise _Refused(problem=problem, problem_mark=node.start_mark, note=hint)


class _Loader(LOADER):  # type: ignore[misc]
    """A safe loader whose local tags are inert and whose keys are text."""

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[str, Any]:
        """Keys become text before they are looked up: many numbers can share one hash."""
        if not isinstance(node, yaml.MappingNode):
            _refuse("a list or scalar with the tag of a mapping", node, "correct the tag")
        self.flatten_mapping(node)
        return {_key(key): self.construct_object(value, deep=deep) for key, value in node.value}


def _key(node: yaml.Node) -> str:
    """A key as text. Booleans are refused because Python's mappings hold 1 and true as one key."""
    if not isinstance(node, yaml.ScalarNode):
        _refuse("a list or mapping as a key", node, "write text")
    shown = repr(node.value[:40])
    if len(node.value) > MAX_KEY:
        hint = "write a shorter one"
        _refuse(f"the key {shown} of more than {MAX_KEY} characters", node, hint)
    if node.tag == f"{_NAMESPACE}int":
        return str(_construct_int(_NUMBERS, node))
    if node.tag != f"{_NAMESPACE}str":
        _refuse(f"the key {shown} is neither text nor a whole number", node, "put it in quotes")
    if node.value.startswith(RESERVED):
        hint = "write a tag before the value: key: !Tag {…}"
        _refuse(f"a key cannot begin with {RESERVED}", node, hint)
    if _WHOLE.fullmatch(node.value):
        _refuse(f"the key {shown} is a number in quotes", node, "remove the quotes")
    return str(node.value)


def _construct_int(loader: Any, node: yaml.ScalarNode) -> int:
    _require_short(node)
    return int(SafeConstructor.construct_yaml_int(loader, node))


def _construct_float(loader: Any, node: yaml.ScalarNode) -> float:
    _require_short(node)
    return float(SafeConstructor.construct_yaml_float(loader, node))


def _require_short(node: yaml.ScalarNode) -> None:
    if len(node.value) > MAX_DIGITS:
        _refuse(f"a number of more than {MAX_DIGITS} digits", node, "quote it if it is text")


def _refuse_type(_: Any, node: yaml.Node) -> NoReturn:
    kind = _OTHER_TYPES[node.tag.removeprefix(_NAMESPACE)]
    _refuse(f"{kind} is not read", node, "put it in quotes if it is text")


def _construct_tagged(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if not _CLASS.fullmatch(suffix):
        _refuse(f"the tag {suffix[:40]!r} is not the name of a class", node, "correct the tag")
    if isinstance(node, yaml.MappingNode):
        return {TAG_KEY: suffix, **loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return {TAG_KEY: suffix, VALUE_KEY: loader.construct_sequence(node, deep=True)}
    return {TAG_KEY: suffix, VALUE_KEY: loader.construct_scalar(node)}


_Loader.add_multi_constructor("!", _construct_tagged)
_Loader.add_constructor(f"{_NAMESPACE}int", _construct_int)
_Loader.add_constructor(f"{_NAMESPACE}float", _construct_float)
for _kind in _OTHER_TYPES:
    _Loader.add_constructor(f"{_NAMESPACE}{_kind}", _refuse_type)


def parse_yaml(text: str | bytes, file: str, *, unique_keys: bool = False) -> Any:
    """Parses one YAML document to plain data; raises InputError that names ``file`` and line."""
    try:
        decoded = text.decode() if isinstance(text, bytes) else text.encode().decode()
        check_bounds(decoded, file)
        return _construct(decoded, file, unique_keys)
    except UnicodeError as error:
        raise InputError("not UTF-8 text", file=file, hint="save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise unreadable(error, decoded, file) from error
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        raise InputError(f"not valid YAML: {error}", file=file, hint="correct the file") from error


def unreadable(error: yaml.YAMLError, text: str, file: str) -> InputError:
    """The error of a YAML reader, in words and with its place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = place_of(mark.index, text) if mark else None
    where = f" (line {place[0]}, column {place[1]})" if place else ""
    problem = getattr(error, "problem", None) or str(error)
    if isinstance(error, _Refused):
        message, hint = f"{problem}{where}", error.note
    else:
        message, hint = f"not valid YAML: {problem}{where}", "correct the file"
    several = getattr(error, "context", None) == SEVERAL
    others = several or isinstance(error, (_Refused, yaml.constructor.ConstructorError))
    code: ErrorCode = "not-plain" if others else "input"
    return InputError(message, file=file, hint=hint, code=code, place=place)


def _construct(text: str, file: str, unique_keys: bool) -> Any:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if unique_keys:
            _refuse_duplicates(node, text, file)
        return _written_out(loader.construct_document(node), file)
    finally:
        loader.dispose()


def _written_out(value: Any, file: str, where: tuple[str, ...] = ()) -> Any:
    """The value with a copy of its own in place of each alias. JSON has no word for NaN and
    infinity, so that a plan would lose them.
    """
    if isinstance(value, dict):
        return {key: _written_out(inner, file, (*where, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_written_out(v, file, (*where, str(i))) for i, v in enumerate(value)]
    if isinstance(value, float) and not math.isfinite(value):
        key, problem = ".".join(where), f"{value} is not a finite number"
        hint = "write a number"
        raise InputError(problem, file=file, key=key, hint=hint, code="not-plain")
    return value


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
    tag = f"{_NAMESPACE}map"
    if TAG_KEY in data:
        if data[TAG_KEY] not in dumper.tags:
            raise ValueError(f"the tag !{data[TAG_KEY]} is none of the suite's")
        tag = f"!{data[TAG_KEY]}"
    if VALUE_KEY not in data:
        pairs = [(_written_key(key), value) for key, value in data.items() if key != TAG_KEY]
        return dumper.represent_mapping(tag, pairs)
    value = data[VALUE_KEY]
    if isinstance(value, list):
        return dumper.represent_sequence(tag, value)
    return dumper.represent_scalar(tag, str(value))


def _written_key(key: str) -> str | int:
    return int(key) if _WHOLE.fullmatch(key) and len(key) <= MAX_DIGITS else key


_Dumper.add_representer(dict, _represent_mapping)


def dump_yaml(data: dict[str, Any], tags: Collection[str] = ()) -> str:
    """YAML that the suites' loaders read as ``data``. Raises ValueError for a tag beyond ``tags``,
    the names of local tags without their exclamation mark. It is ASCII: PyYAML would write U+0085
    and U+2028 as they are, and read them as line breaks.
    """

    class Dumper(_Dumper):
        pass

    Dumper.tags = frozenset(tags)
    return yaml.dump(data, Dumper=Dumper, sort_keys=False)


def _refuse_duplicates(root: yaml.Node, text: str, file: str) -> None:
    for node in _mappings(root):
        keys = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in keys:
                place = place_of(key.start_mark.index, text)
                raise InputError(
                    f"the same key twice (line {place[0]})",
                    file=file,
                    key=key.value,
                    hint="keep one of them",
                    place=place,
                )
            keys.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))


def _mappings(root: yaml.Node) -> Iterator[yaml.MappingNode]:
    """Every mapping of the document once, however many aliases it has."""
    pending, seen = [root], {id(root)}
    while pending:
        node = pending.pop()
        if isinstance(node, yaml.MappingNode):
            yield node
        new = [child for child in _children(node) if id(child) not in seen]
        seen.update(map(id, new))
        pending += new


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
