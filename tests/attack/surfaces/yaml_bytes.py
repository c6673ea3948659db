"""YAML as bytes: recipes, manifests and configs that break parsers."""

from collections.abc import Iterator

from tests.attack.attack import ANY, Attack

N = 300_000
HASH = 2**61 - 1
"""Multiples of it have one hash."""

DEEP = {
    "brackets": "a: " + "[" * N,
    "closed brackets": "a: " + "[" * (N // 2) + "]" * (N // 2),
    "braces": "a: " + "{" * N,
    "braces with keys": "{a: " * (N // 4),
    "dashes": "- " * N,
    "question marks": "? " * N,
    "question marks and colons": "? : " * (N // 2),
    "steps": "".join(f"{' ' * i}a:\n" for i in range(1300)),
    "steps of lists": "".join(f"{' ' * i}-\n" for i in range(1300)),
    "mixed": "[{a: " * (N // 5),
    "30 kB of brackets": "[" * 30_000,
    "30 kB of dashes": "- " * 15_000,
    "brackets as a key": "[" * N + ": 1",
    "brackets after a document": "a: 1\n---\n" + "[" * N,
    "tags and brackets": "!a [" * (N // 4),
    "anchors and brackets": "".join(f"&a{i} [" for i in range(N // 8)),
}
MANY = {
    "integer keys of one hash": "\n".join(f"{i * HASH}: 1" for i in range(1, 30_000)),
    "negative integer keys of one hash": "\n".join(f"-{i * HASH}: 1" for i in range(1, 30_000)),
    "hexadecimal keys of one hash": "\n".join(f"{hex(i * HASH)}: 1" for i in range(1, 30_000)),
    "integer keys of one hash, flow": "{"
    + ", ".join(f"{i * HASH}: 1" for i in range(1, 30_000))
    + "}",
    "a set of one hash": "!!set {" + ", ".join(f"{i * HASH}" for i in range(1, 30_000)) + "}",
    "float keys of one hash": "\n".join(f"{float(i * HASH)!r}0: 1" for i in range(1, 30_000)),
    "sexagesimal keys": "\n".join(f"{i}:{'00:' * 20}00: 1" for i in range(1, 10_000)),
    "merge keys": "a: &a {b: 1}\nc:\n" + "  <<: *a\n" * 30_000,
    "a merge of many": "a: &a {b: 1}\nc:\n  <<: [" + "*a, " * 60_000 + "]\n",
    "merges of merges": "a0: &a0 {b: 1, c: 2}\n"
    + "".join(
        f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}], k{i}: 1}}\n" for i in range(1, 12)
    ),
    "merges of large mappings": "a: &a {"
    + ", ".join(f"k{i}: {i}" for i in range(3000))
    + "}\n"
    + "".join(f"m{i}: {{<<: *a}}\n" for i in range(3000)),
    "aliases": "a: &a [1]\nb: [" + "*a, " * 100_000 + "]\n",
    "anchors": "".join(f"k{i}: &a{i} {i}\n" for i in range(40_000)),
    "laughs": "a0: &a0 [x, x]\n"
    + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40)),
    "laughs as keys": "a0: &a0 {x: 1}\n"
    + "".join(f"a{i}: &a{i} {{? *a{i - 1} : *a{i - 1}}}\n" for i in range(1, 30)),
    "an alias of itself": "a: &a [*a]\n",
    "a mapping of itself": "a: &a {b: *a}\n",
    "a merge of itself": "a: &a {<<: *a}\n",
    "documents": "---\n" * 200_000,
    "empty documents with text": "a: 1\n...\n" * 50_000,
    "directives": "%TAG !e! tag:e,2000:\n" * 20_000 + "---\na: 1\n",
    "tag directives": "".join(f"%TAG !e{i}! tag:e,2000:\n" for i in range(20_000)) + "---\na: 1\n",
    "commas": "a: [" + "," * 500_000 + "]",
    "keys": "".join(f"k{i}: {i}\n" for i in range(70_000)),
    "entries": "a: [" + "1," * 400_000 + "]",
    "the same key": "a: 1\n" * 100_000,
    "a long key": "k" * 500_000 + ": 1",
    "a long quoted key": '"' + "k" * 500_000 + '": 1',
    "colons": "a:" * 300_000,
    "spaces": "a:" + " " * 900_000 + "1",
    "line ends": "a: 1" + "\n" * 900_000,
    "blank text": 'a: "' + "\n" * 900_000 + '"',
    "folded text": "a: >\n" + "  b\n" * 200_000,
    "escapes": 'a: "' + r"\u0041" * 100_000 + '"',
    "comments": "#\n" * 400_000 + "a: 1",
    "twice a megabyte": "a: " + "x" * 2_000_000,
    "quotes": "a: " + "''" * 400_000,
    "pairs": "!!pairs [" + "a: 1, " * 100_000 + "]",
    "ordered map": "!!omap [" + "a: 1, " * 100_000 + "]",
}
NUMBERS = {
    "digits": "a: " + "9" * 200_000,
    "digits with underscores": "a: " + "9_" * 100_000,
    "hexadecimal digits": "a: 0x" + "f" * 200_000,
    "octal digits": "a: 0" + "7" * 200_000,
    "binary digits": "a: 0b" + "1" * 200_000,
    "sexagesimal": "a: 1" + ":59" * 100_000,
    "sexagesimal float": "a: 1" + ":59" * 50_000 + ".5",
    "digits in a key": "9" * 200_000 + ": 1",
    "digits in a key of a list": "? [" + "9" * 200_000 + "]\n: 1",
    "tagged digits": "a: !!int " + "9" * 200_000,
    "tagged float": "a: !!float " + "9" * 200_000,
    "10**400": "a: 1" + "0" * 400,
    "infinity": "a: .inf",
    "not a number": "a: .nan\n.nan: 1\n",
    "huge exponent": "a: 1.0e+999999999",
    "tagged text as a number": "a: !!int x",
    "empty number": "a: !!int ''",
    "underscores": "a: !!int '_'",
    "a year": "a: 99999-01-01",
    "a month": "a: 2001-99-99",
    "a time": "a: 2001-01-01T99:99:99Z",
    "a zone": "a: 2001-01-01T00:00:00+99:99",
    "tagged time": "a: !!timestamp x",
    "bad base64": "a: !!binary '***'",
    "base64 with letters": "a: !!binary 'äöü'",
    "boolean": "a: !!bool x",
    "value": "a: {=: 1}\nb: !!value =\n",
    "null tagged": "a: !!null x",
}
BYTES = {
    "zeros": b"\0" * 1000,
    "a zero": b"a: 1\0b",
    "latin-1": b"a: \xe4\xf6\n",
    "invalid UTF-8": b"a: \xff\xfe\xfd\n",
    "UTF-16": "a: 1\n".encode("utf-16"),
    "UTF-16 without its end": b"\xff\xfea",
    "UTF-16 half a pair": b"\xff\xfea\x00:\x00 \x00\x00\xd8\n\x00",
    "UTF-32": "a: 1\n".encode("utf-32"),
    "a byte order mark in the middle": "a: 1\n\ufeffb: 2\n".encode(),
    "surrogates": b"a: \xed\xa0\x80\n",
    "surrogate escapes": b'a: "\\ud800"\n',
    "a pair of surrogate escapes": b'a: "\\ud83d\\ude00"\n',
    "escape beyond Unicode": b'a: "\\U00110000"\n',
    "escape of a negative": b'a: "\\UFFFFFFFF"\n',
    "control characters": bytes(range(1, 32)),
    "delete": b"a: \x7f\x80\n",
    "next line": "a: 1\u0085b: 2\u2028c: 3\u2029d: 4\n".encode(),
    "only a mark": b"\xef\xbb\xbf",
    "empty": b"",
    "blanks": b" \t \n",
    "a scalar": b"text",
    "a list": b"- 1\n",
    "a null": b"~",
    "a tag alone": b"!",
    "an anchor alone": b"&",
    "an alias alone": b"*",
    "an unknown alias": b"a: *b",
    "an anchor twice": b"a: &a 1\nb: &a 2\n",
    "an anchor of 100 kB": b"a: &" + b"a" * 100_000 + b" 1",
    "a tag of 100 kB": b"a: !" + b"a" * 100_000 + b" 1",
    "a bad tag escape": b"a: !%zz 1",
    "a tag of control characters": b"a: !%1b[2J 1",
    "a tag with line ends": b"a: !%0A::error 1",
    "a verbatim tag": b"a: !<tag:yaml.org,2002:python/object/apply:os.system> [id]",
    "a python tag": b"a: !!python/object/apply:os.system ['touch CANARY']",
    "a python name": b"a: !!python/name:os.system",
    "a python module": b"a: !!python/module:os",
    "a python tuple": b"a: !!python/tuple [1, 2]",
    "a python tag by a directive": b"%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!name:os.system",
    "a tag for the map": b"!!map {a: 1}",
    "a tag for text": b"!!str {a: 1}",
    "a list as a key": b"? [1, 2]\n: 1\n",
    "a mapping as a key": b"? {a: 1}\n: 1\n",
    "tabs": b"\ta:\t1\n",
    "a bad indent": b"a: 1\n  b: 2\n c: 3\n",
    "an open quote": b"a: 'x\n",
    "an open flow": b"a: [1, 2\n",
    "YAML 9.9": b"%YAML 9.9\n---\na: 1\n",
    "YAML of no version": b"%YAML x\n---\na: 1\n",
    "a directive twice": b"%YAML 1.1\n%YAML 1.1\n---\na: 1\n",
}


def attacks() -> Iterator[Attack]:
    """Each text as a recipe for lint; the heaviest also as a manifest and as a file to fix."""
    for group in (DEEP, MANY, NUMBERS, BYTES):
        for name, text in group.items():
            yield attack(f"{name}, lint", text, ("lint", "f.yaml"), ANY[:3])
    for name, text in {**DEEP, **MANY}.items():
        manifest = ("plan", "--suite", "f.yaml", "--repo", ".", "--base", "main")
        yield attack(f"{name}, manifest", text, manifest, (2,))
    for name, text in {**NUMBERS, **BYTES}.items():
        yield attack(f"{name}, lint --fix", text, ("lint", "--fix", "f.yaml"), ANY[:3])


def attack(
    name: str, text: str | bytes, command: tuple[str, ...], codes: tuple[int, ...]
) -> Attack:
    return Attack(name, command, lambda ground: ground.write("f.yaml", text), codes)
