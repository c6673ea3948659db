"""Odd ways to write recipes: bad ones in another form of YAML, and texts that are traps."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable

import yaml

from compress.doctor.rules import RULES
from tests.compress.doctor.test_cases import CASES

VALUE = re.compile(r"(?m)^( *(?:- )?[\w-]+: )([^\s&*\[{|>'\"#][^#\r\n]*?)( *(?:#.*)?)$")
KEY = re.compile(r"(?m)^( *)([\w-]+):")


def recipes() -> dict[str, str]:
    """Every bad recipe that there is, by name."""
    examples = {rule.code: rule.example.bad for rule in RULES if rule.stage == "text"}
    return {**examples, **{name: text for name, (text, *_) in CASES.items()}}


def each_value(change: Callable[[int, str], str]) -> Callable[[str], str]:
    """A form in which every plain value at the end of a line is written otherwise."""

    def form(text: str) -> str:
        numbers = iter(range(10**6))
        return VALUE.sub(lambda m: m[1] + change(next(numbers), m[2]) + m[3], text)

    return form


def flow(text: str) -> str:
    """The same content in flow style on one line."""
    return yaml.safe_dump(
        yaml.safe_load(text), default_flow_style=True, width=10**6, sort_keys=False
    )


def as_json(text: str) -> str:
    """The same content as JSON without a space."""
    return json.dumps(yaml.safe_load(text), separators=(",", ":"), default=str)


def aliased(text: str) -> str:
    """Every value as an anchor that a section of others uses as well."""
    anchored = each_value(lambda number, value: f"&a{number} {value}")(text)
    names = [f"*a{number}" for number in range(anchored.count("&a"))]
    return f"{anchored.rstrip()}\nShared: [{', '.join(names)}]\n"


def merged(text: str) -> str:
    """Every section as a merged mapping that two sections share."""
    data = yaml.safe_load(text)
    tables = {k: v for k, v in data.items() if isinstance(v, dict) and v}
    lines = [
        f"base{n}: &b{n} {flow(yaml.safe_dump(v)).strip()}" for n, v in enumerate(tables.values())
    ]
    lines += [f"{name}:\n  <<: *b{number}" for number, name in enumerate(tables)]
    return "\n".join(lines) + "\n"


def twice(text: str) -> str:
    """Every line with a value written twice."""
    return VALUE.sub(lambda m: f"{m[0]}\n{m[0]}", text)


FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "CRLF": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\r\n", "\n").replace("\n", "\r"),
    "NEL": lambda text: text.replace("\r\n", "\n").replace("\n", "\x85"),
    "line separators": lambda text: text.replace("\r\n", "\n").replace("\n", "\u2028"),
    "no last line end": lambda text: text.rstrip(),
    "BOM": lambda text: f"\ufeff{text}",
    "directive": lambda text: f"%YAML 1.1\n---\n{text}...\n",
    "two documents": lambda text: f"{text}---\n{text}",
    "comments": lambda text: re.sub(r"(?m)(?<=\S)$", "  # 'None' 1e-4: {", text),
    "tabs after values": lambda text: re.sub(r"(?m)(?<=\S)$", "\t", text),
    "tabs before": lambda text: text.replace("  ", "\t"),
    "spaces after values": lambda text: re.sub(r"(?m)(?<=\S)$", "   ", text),
    "spaces before colons": lambda text: KEY.sub(r"\1\2 :", text),
    "single quotes": each_value(lambda _, value: f"'{value.strip()}'"),
    "double quotes": each_value(lambda _, value: f'"{value.strip()}"'),
    "quoted keys": lambda text: KEY.sub(r'\1"\2":', text),
    "explicit keys": lambda text: KEY.sub(r"\1? \2\n\1:", text),
    "anchors": each_value(lambda number, value: f"&a{number} {value}"),
    "the same anchor": each_value(lambda _, value: f"&a {value}"),
    "aliases": aliased,
    "anchored keys": lambda text: KEY.sub(r"\1&\2 \2:", text),
    "tags": each_value(lambda _, value: f"!!str {value}"),
    "local tags": each_value(lambda _, value: f"!local {value}"),
    "block scalars": each_value(lambda _, value: f"|\n        {value}"),
    "folded scalars": each_value(lambda _, value: f">-\n        {value}"),
    "flow": flow,
    "JSON": as_json,
    "merge keys": merged,
    "keys twice": twice,
    "sections twice": lambda text: f"{text.rstrip()}\n{text}",
    "deeper": lambda text: text.replace("\n  ", "\n      "),
    "below a list": lambda text: re.sub(r"(?m)^", "  ", f"- {text}")[2:],
    "upper case": str.upper,
    "ignored": lambda text: re.sub(r"(?m)(?<=\S)$", "  # slimgate: ignore", text),
}

NUMBERS = [
    "1e3",
    "1E3",
    "1.e3",
    ".5e1",
    "1e+3",
    "1e-3",
    "-1e-3",
    "+1e3",
    "1e400",
    "1e-400",
    "1e",
    "1e3e",
    "0e0",
    "1_000",
    "1_0e3",
    "0o17",
    "017",
    "0x1F",
    "0b11",
    "1:30",
    "190:20:30",
    "2020-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "½",
    "٣",
    "１e３",
    "1,000",
    "50%",
    ".inf",
    "-.inf",
    ".nan",
    "inf",
    "nan",
    "None",
    "null",
    "~",
    "yes",
    "NO",
    "on",
    "True",
    "'None'",
    '"1e-4"',
    "1.0",
    "1.5",
    "-1",
    "0",
    "99999999999999999999",
    "1e15",
    "1e16",
    "!!float",
    "3",
    "!!int",
    "'3'",
    "!!null",
    "''",
    "2.0e+3",
    "5e-324",
    "1.7e308",
]
KEYS = (
    ("TrainConfig", "train_iter"),
    ("TrainConfig", "learning_rate"),
    ("Distillation", "alpha"),
    ("QuantPost", "hist_percent"),
    ("QuantPost", "recon_level"),
    ("QuantAware", "weight_bits"),
    ("ChannelPrune", "pruned_ratio"),
)

TRAPS = (
    "",
    "---\n",
    "# nothing\n",
    "{}\n",
    "[]\n",
    "QuantPost\n",
    "QuantPost: {algoo: avg, algo: KL}\n",
    "QuantPost: {algoo: avg, algoo: KL}\n",
    "QuantPost: {? algoo : avg}\n",
    "QuantPost: {'algoo': avg, ? [a, b] : c}\n",
    "? {QuantAwares: 1}\n: {weight_bits: 4}\n",
    "QuantAwares: &q {weight_bits: 4}\nQuantPost: *q\n",
    "QuantAware: &q {weight_bit: 4}\nQuantPost: *q\n",
    "Quantization: &q {weight_bits: 4}\nQuantization: *q\n",
    "QuantAware: {<<: {weight_bits: 4}}\n",
    "b: &b {weight_bits: 4, alpha: 1}\nQuantAware: {<<: *b}\nDistillation: {<<: *b}\n",
    "b: &b {weight_bits: 4}\nQuantAware: {<<: [*b, {weight_bits: 5}], weight_bits: 6}\n",
    "QuantAware: {<<: 1}\n",
    "n: &n None\nQuantPost: {recon_level: *n, algo: *n}\n",
    "n: &n 1e3\nTrainConfig: {train_iter: *n, learning_rate: *n}\nHardware: *n\n",
    "TrainConfig:\n  train_iter: &n 1e3\n  eval_iter: *n\n  learning_rate: *n\n",
    "TrainConfig:\n  learning_rate: &r 1\nDistillation:\n  alpha: *r\nQuantPost:\n  epochs: *r\n",
    "&k QuantAwares: {weight_bits: 8}\nGlobal: {name: *k}\n",
    "? &k QuantAwares\n: {weight_bits: 8}\n? *k\n: 1\n",
    "QuantPost:\n  recon_level: !!str None\n",
    "QuantPost:\n  recon_level: !!null None\n",
    "Distillation:\n  alpha: !!int 1\n",
    "QuantAware:\n  weight_bits: ! 4\n",
    "QuantPost: !custom {algoo: avg}\n",
    "QuantPost:\n  algoo: !custom avg\n",
    "QuantPost:\n  algo:\n    None\n  recon_level:\n    # why\n    None\n",
    "QuantPost:\n  recon_level: No\n    ne\n",
    "QuantPost:\n  recon_level: 'No\\\n    ne'\n",
    'QuantPost:\n  recon_level: "N\\x6fne"\n',
    'QuantPost:\n  "alg\\x6fo": avg\n',
    "QuantPost:\n  recon_level: None#no comment\n",
    "QuantPost:\n  recon_level: None # comment\n",
    "QuantPost: {recon_level: None}# no comment\n",
    "QuantPost: {recon_level: None,algo: KL}\n",
    'QuantPost: {"recon_level":None}\n',
    "QuantPost: {recon_level:None}\n",
    "QuantPost: [algoo, avg]\n",
    "QuantPost:\n- algoo: avg\n",
    "QuantPost:\n  algo : KL\n  algoo : KL\n",
    "QuantPost:\n  skip_tensor_list: [1e3, None]\n  regions: [[None]]\n",
    "Distillation:\n  node: [None, 1e3]\n  alpha: [1, 1e0]\n  loss: [l2_loss, None]\n",
    "Distillation: {loss: l2_loss, distill_loss: soft_label_loss}\n",
    "Prune: {prune_algo: asp}\nASPPrune: {}\n",
    "Prune: {prune_algo: [asp]}\n",
    "Prune: {prune_algo: None}\n",
    "Prune: {prune_algo: prune}\nQuantization: {use_pact: 1}\nChannelPrunes: {}\n",
    "QuantAwares: {}\nQuantAwarez: {}\n",
    "TrainConfig: {learning_rate: {type: 1, T_max: 2e1}}\n",
    "TrainConfig: {learning_rate: {type: [x], boundaries: 1, values: {a: 1}}}\n",
    "TrainConfig: {learning_rate: {type: PiecewiseDecay, boundaries: [a], values: [1e-3, None]}}\n",
    "TrainConfig: {learning_rate: [1e-3], optimizer_builder: [SGD]}\n",
    "TrainConfig: {optimizer_builder: {optimizer: [SGD], weight_decay: {a: 1}, grad_clip: 1}}\n",
    "TrainConfig: {optimizer_builder: {optimizer: {type: {a: 1}, learning_rate: 1}}}\n",
    "TrainConfig: {optimizer_builder: {optimizer: {type: Sgd}, optimiser: {type: Sgd}}}\n",
    "UnstructurePrune: {gmp_config: [1], prune_strategy: [gmp]}\n",
    "UnstructurePrune: {prune_strategy: gmp, gmp_config: {pruning_steps: 0, initial_ratio: 1e}}\n",
    "UnstructurePrune: {gmp_config: {}, prune_strategy: gmp, ratio: [1]}\n",
    "ChannelPrune: {pruned_ratio: {a: 1}, prune_params_name: {b: 2}}\n",
    "ChannelPrune: {pruned_ratio: [None, 1e-1], prune_params_name: [[a], null]}\n",
    "Global: [1]\nQuantAware: {Global: {}}\n",
    "Global: {Evaluation: true, include_nms: False, arch: [PPYOLOE]}\n",
    "Global: {QuantAware: null}\n",
    "QuantAware: {QuantAware: {QuantAware: {}}}\n",
    "QuantAware:\nweight_bits: 4\nweight_bits: 4\n",
    "1: 2\nnull: 3\ntrue: 4\n2020-01-01: 5\n",
    "QuantAware: {1: 2, null: 3, true: 4, 1.5: 5}\n",
    "QuantAware: {? : 1}\n",
    "QuantAware: {weight_bits}\n",
    "QuantAware: {weight_bits: , activation_bits: 4}\n",
    "QuantAware:\n  weight_bits:\n  activation_bits: 4\n",
    "QuantAware:\n  quantize_op_types: [Conv2D, conv2d, Conv2D, 1, null, {a: 1}]\n",
    "QuantAware:\n  quantize_op_types:\n  - 'Conv2D'\n  - \"depthwise_conv\"\n  - &x Mul\n  - *x\n",
    "QuantAware:\n  weight_bits: 4 \n   \n\n  \n# end",
    "\n\n\nQuantAware:\n\n  weight_bits: 4\n\n",
    "QuantAware:\n  weight_bits: 4\n...\n# after the end\n",
    "%TAG ! tag:x,2000:\n---\nQuantAware: {weight_bits: 4}\n",
    "QuantAware: {weight_bits: 4}\n---\n",
    "QuantAware: {weight_bits: 4}\n\x00",
    "QuantAware: {weight_bits: 4}\n# \x07\n",
    "QuantAware: {weight_bits: 4} # \U0001f600 𝟜\n",
    "\U0001f600: &é {weight_bits: 4}\nQuantAware: *é\n",
    "QuantAware: {weight_bits: 4}\n# \ufeff in between\n",
    "a: &a [*a]\n",
    "a: &a {b: *a}\nQuantAware: *a\n",
    "QuantAware: *missing\n",
)


def odd_recipes() -> dict[str, str]:
    """Each bad recipe in each form, odd numbers at several keys, and the traps."""
    odd = {f"trap {number}": text for number, text in enumerate(TRAPS)}
    for section, key in KEYS:
        for number in NUMBERS:
            odd[f"{section}.{key} {number}"] = f"{section}:\n  {key}: {number}  # odd\n"
    for name, text in recipes().items():
        for form, change in FORMS.items():
            with contextlib.suppress(yaml.YAMLError, AttributeError):  # not every form suits all
                odd[f"{name}, {form}"] = change(text)
    return odd
