"""Recipes for lint and lint --fix: nothing breaks, and a fix changes its tokens only."""

import difflib
from collections.abc import Iterator

import yaml

from tests.attack.attack import Attack, Ended, Ground
from tests.attack.values import some

FIX = ("lint", "--fix", "r.yaml")
LINT = ("lint", "r.yaml")
BASE = """\
Global:
  model_dir: ./export
  model_filename: model.pdmodel
  params_filename: model.pdiparams
QuantAware:
  use_pact: true  # kept
  activation_quantize_type: moving_average_abs_max
  quantize_op_types: [conv2d, depthwise_conv2d]
Distillation:
  alpha: 1.0
  loss: l2
TrainConfig:
  train_iter: 2000
  eval_iter: 500
  learning_rate:
    type: CosineAnnealingDecay
    learning_rate: 0.0005
    T_max: 2000
  optimizer_builder:
    optimizer: {type: SGD}
    weight_decay: 4.0e-05
"""
EDITS = {
    "a slip in a section": ("QuantAware", "QuantAwer"),
    "a slip in a key": ("eval_iter", "eval_itter"),
    "a slip in a quoted key": ("eval_iter", '"eval_itter"'),
    "a slip in an escaped key": ("eval_iter", '"eval\\x5fitter"'),
    "a slip in a flow": ("{type: SGD}", "{tipe: SGD}"),
    "a slip in a value": ("SGD", "Sgd"),
    "a slip in a schedule": ("CosineAnnealingDecay", "CosineAnealingDecay"),
    "a slip behind an anchor": ("eval_iter: 500", "eval_itter: &n 500\n  epochs: *n"),
    "a slip before an alias": (
        "train_iter: 2000\n  eval_iter: 500",
        "train_iter: &n 2000\n  eval_itter: *n",
    ),
    "an anchor on a section": ("QuantAware:", "QuantAwer: &q"),
    "an anchor on a key": ("eval_iter", "&k eval_itter"),
    "a tag on a key": ("eval_iter", "!!str eval_itter"),
    "a tag on a value": ("500", "!!int '500'"),
    "an exponent": ("2000", "2e3"),
    "an exponent with a sign": ("2000", "2.0e+3"),
    "a fraction": ("2000", "2000.0"),
    "an octal number": ("2000", "03720"),
    "a hexadecimal number": ("2000", "0x7d0"),
    "a sexagesimal number": ("2000", "33:20"),
    "underscores": ("2000", "2_000"),
    "a plus": ("2000", "+2000"),
    "a number in quotes": ("2000", "'2000'"),
    "a number in other digits": ("2000", "２０００"),
    "a date": ("2000", "2000-01-01"),
    "infinity": ("4.0e-05", ".inf"),
    "not a number": ("4.0e-05", ".nan"),
    "10**400": ("2000", "1" + "0" * 400),
    "negative": ("2000", "-1"),
    "yes": ("true", "yes"),
    "a null": ("true", "None"),
    "a tilde": ("true", "~"),
    "an empty value": ("true  # kept", ""),
    "a list": ("500", "[500]"),
    "a mapping": ("500", "{a: 500}"),
    "a multi-line value": ("l2", "|\n    l2\n"),
    "a folded value": ("l2", ">-\n    l2\n"),
    "a value on its own line": ("loss: l2", "loss:\n    l2"),
    "a complex key": ("eval_iter: 500", "? eval_itter\n  : 500"),
    "the same key twice": ("eval_iter: 500", "eval_iter: 500\n  eval_iter: 600"),
    "the same slip twice": ("eval_iter: 500", "eval_itter: 500\n  eval_itter: 600"),
    "a slip beside the right key": ("eval_iter: 500", "eval_iter: 500\n  eval_itter: 600"),
    "the same section twice": ("Distillation:", "QuantAware:\n  use_pact: false\nDistillation:"),
    "a merge key": ("Distillation:", "Base: &b\n  loss: l2\nDistillation:\n  <<: *b"),
    "a comment between": ("eval_iter: 500", "eval_itter:  # why\n    500"),
    "a comment of the key": ("eval_iter: 500", "# eval_itter: 1\n  eval_itter: 500"),
    "a text of the key": ("loss: l2", "loss: 'eval_itter: 500'"),
    "a flow document": (
        BASE,
        "{QuantAwer: {use_pact: true}, Distillation: {loss: l2}, TrainConfig: {train_iter: 2e3}}\n",
    ),
    "a flow document in lines": (
        BASE,
        "{\n  QuantAwer: {use_pact: true},\n  TrainConfig: {train_iter: 2e3,\n  epoch: 1},\n}\n",
    ),
    "a document end": ("Distillation:", "...\n---\nDistillation:"),
    "a document start": ("Global:", "--- # x\nGlobal:"),
    "a directive": ("Global:", "%YAML 1.1\n---\nGlobal:"),
    "an indent of tabs": ("  eval_iter", "\teval_iter"),
    "tabs after values": ("500", "500\t# x"),
    "blanks at the ends": ("500\n", "500   \n"),
    "no indent": ("  eval_iter: 500", "eval_iter: 500"),
    "another indent": ("  eval_iter", "   eval_iter"),
    "an ignore": ("eval_iter: 500", "eval_itter: 500  # slimgate: ignore[SG101]"),
    "an ignore of all": (
        "eval_iter: 500",
        "eval_itter: 500  # slimgate: ignore[" + ",".join(["SG1"] * 999) + "]",
    ),
    "an ignore with a terminal": ("eval_iter: 500", "eval_itter: 500  # slimgate: ignore[\u202e]"),
    "a key of a terminal": ("eval_iter", '"eval_iter\\e[2J"'),
    "a key of line separators": ("eval_iter", '"eval_iter\\L\\N\\P"'),
    "a key of a workflow command": ("eval_iter", '"::error::x"'),
    "a key of Markdown": ("eval_iter", '"`|<img src=x>"'),
    "a very long key": ("eval_iter", "e" * 1000),
    "a very long slip": ("eval_iter", "eval_iter" + "r" * 900),
    "a key of another alphabet": ("eval_iter", "еval_iter"),
    "a number as a key": ("eval_iter", "1"),
    "a boolean as a key": ("eval_iter", "yes"),
    "a list of slips": (
        "[conv2d, depthwise_conv2d]",
        "[conv2D, conv2D, depthwise_conv, x, 1, null, {a: 1}]",
    ),
    "many op types": ("[conv2d, depthwise_conv2d]", "[" + "conv2dd, " * 20_000 + "]"),
    "many slips": (
        "Distillation:",
        "".join(f"  use_pactt{i}: 1\n" for i in range(3000)) + "Distillation:",
    ),
    "many sections": (
        "Distillation:",
        "".join(f"QuantAwar{i}: {{}}\n" for i in range(3000)) + "Distillation:",
    ),
    "many ignores": ("Distillation:", "# slimgate: ignore[SG112]\n" * 30_000 + "Distillation:"),
}
ENCODINGS = {
    "Windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "old line ends": lambda text: text.replace("\n", "\r").encode(),
    "mixed line ends": lambda text: text.replace("\n", "\r\n", 5).encode(),
    "next-line characters": lambda text: text.replace("\n", "\u0085", 3).encode(),
    "line separators": lambda text: text.replace("# kept", "# kept\u2028x: 1").encode(),
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "wide characters": lambda text: text.replace("kept", "\U0001f468\u200d\U0001f469").encode(),
}


def attacks() -> Iterator[Attack]:
    """Each edit of a good recipe, alone and in each encoding; random ones; folders of files."""
    for name, (old, new) in EDITS.items():
        text = BASE.replace(old, new, 1)
        yield fixing(name, text.encode())
    slip = BASE.replace("eval_iter", "eval_itter").replace("2000", "2e3", 1)
    for name, encode in ENCODINGS.items():
        yield fixing(f"slips in {name}", encode(slip))
    for seed in range(40):
        yield fixing(f"random edits {seed}", shaken(seed).encode("utf-8", "surrogatepass"))
    for seed in range(20):
        yield fixing(f"random bytes {seed}", noisy(seed))
    for form in ("text", "json", "sarif", "github"):
        for name in (
            "a key of a workflow command",
            "a key of a terminal",
            "a key of line separators",
        ):
            text = BASE.replace(*EDITS[name], 1)
            yield Attack(
                f"{name} as {form}",
                (*LINT, "--format", form),
                lambda g, t=text: g.write("r.yaml", t),
                (0, 1, 2),
                check=one_line if form == "github" else nothing_else,
            )


def fixing(name: str, content: bytes) -> Attack:
    return Attack(
        name,
        FIX,
        lambda ground: ground.write("r.yaml", content),
        (0, 1, 2),
        check=lambda ground, ended: unharmed(ground, content),
    )


def nothing_else(ground: Ground, ended: Ended) -> None:
    """Only what holds for every command."""


def one_line(ground: Ground, ended: Ended) -> str | None:
    """What is wrong with annotations: each is one line that starts as slimgate's do."""
    lines = ended.stdout.rstrip("\n").split("\n")
    bad = [
        line
        for line in lines
        if line
        and not line.startswith(
            ("::error file=r.yaml", "::warning file=r.yaml", "::notice file=r.yaml")
        )
    ]
    return f"a line that is no annotation: {bad[0]!r}" if bad else None


def unharmed(ground: Ground, before: bytes) -> str | None:
    """What is wrong with a file after its fix: it no longer parses, its line ends or untouched
    lines changed, or the number of lines did.
    """
    after = (ground.work / "r.yaml").read_bytes()
    if after == before:
        return None
    if loads(before) and not loads(after):
        return "the fixed file no longer parses"
    if before.count(b"\r") != after.count(b"\r") or before[:3] != after[:3]:
        return "line ends or the byte order mark changed"
    old, new = before.split(b"\n"), after.split(b"\n")
    changed = sum(
        1
        for line in difflib.ndiff([repr(x) for x in old], [repr(x) for x in new])
        if line[0] == "-"
    )
    return f"{changed} lines changed" if changed > 12 else None


def loads(content: bytes) -> bool:
    """Whether PyYAML reads it."""
    try:
        yaml.load(content, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, UnicodeDecodeError, TypeError):
        return False
    return True


def shaken(seed: int) -> str:
    """The recipe with some of the edits, in a random order."""
    random, text = some(seed), BASE
    for name in random.sample([*EDITS], random.randint(2, 6)):
        old, new = EDITS[name]
        if old in text and len(new) < 2000:
            text = text.replace(old, new, 1)
    return text


def noisy(seed: int) -> bytes:
    """The recipe with some bytes replaced."""
    random, content = some(seed), bytearray(BASE.encode())
    for _ in range(random.randint(1, 10)):
        content[random.randrange(len(content))] = random.choice(
            b"\x00\t\r\n :#&*!|>'\"%@`{}[],-?\xc2\x85\xe2\x80\xa8\xff"
        )
    return bytes(content)
