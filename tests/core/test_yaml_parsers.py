"""Texts that libyaml takes and PyYAML's own parser refuses, or reads otherwise."""

from __future__ import annotations

import pytest
import yaml

from core.safe_yaml import parse_yaml
from core.yaml_parsers import parsers_differ


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb:\t2\n", "found character '\\t' that cannot start any token (line 2, column 3)"),
        ("a: 1\t# words\n", "found character '\\t' that cannot start any token (line 1, column 5)"),
        ("a: [1,\t2]\n", "found character '\\t' that cannot start any token (line 1, column 7)"),
        ("a: !T\t\n  b: 1\n", "expected ' ', but found '\\t' (line 1, column 6)"),
    ],
)
def test_what_the_suites_parser_refuses_is_told_in_its_words(text, message):
    parse_yaml(text, "x.yml")
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)
    error = parsers_differ(text, "x.yml")
    assert (error.file, error.message) == ("x.yml", f"not valid YAML for the suite: {message}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [\n\ufeff  'c', d]\n", 3),
        ("a: x\ty\n", 1),
        ("a: [0.? 1]\n", 1),
    ],
)
def test_what_both_read_in_different_ways_is_told_with_its_line(text, line):
    parse_yaml(text, "x.yml")
    error = parsers_differ(text, "x.yml")
    assert error.message == f"YAML parsers read this in different ways (line {line})"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1\n",
        "\ufeffa: 1\n",
        "a: 'x\ty'\n",
        "a: &b !T {c: [1, x]}\nd: *b\n",
        "a: |\n  x\n  y\nb: >-\n  x\n",
        "a: x\r\nb: [1,\r\n 2]\r\n",
        "%YAML 1.1\n---\n? a\n: - b\n...\n",
    ],
)
def test_what_both_read_alike_is_fine(text):
    assert parsers_differ(text, "x.yml") is None
