"""However odd a recipe: a fix changes tokens that it names, and makes nothing worse."""

import re
from collections import Counter

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from compress.doctor.diagnose import diagnose, fixed_text
from compress.doctor.rule import Subject, subject_of
from compress.doctor.rules import RULES
from compress.recipes.act import SECTIONS
from core.errors import InputError
from tests.compress.doctor.odd_recipes import FORMS, TRAPS, odd_recipes, recipes

ODD = odd_recipes()
LINE_ENDS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def subject(text):
    """The recipe, or None if it is refused in words."""
    try:
        return subject_of(text, {})
    except InputError as error:
        assert error.message
        return None


def outside_scalars(text):
    """What stands around the scalars: structure, anchors, tags, comments, line ends."""
    tokens = [t for t in yaml.scan(text, Loader=yaml.SafeLoader) if isinstance(t, yaml.ScalarToken)]
    ends = [0, *(token.end_mark.index for token in tokens)]
    starts = [*(token.start_mark.index for token in tokens), len(text)]
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


def scalars(text):
    return [t for t in yaml.scan(text, Loader=yaml.SafeLoader) if isinstance(t, yaml.ScalarToken)]


def readable(text):
    """Whether ACT's own reader takes the text."""
    try:
        yaml.load(text, Loader=yaml.FullLoader)
    except (yaml.YAMLError, ValueError, TypeError):
        return False
    return True


def places(recipe: Subject):
    return Counter((finding.code, finding.line) for finding in diagnose(recipe))


def check(text):
    """The invariant of ``lint --fix``; returns how many scalars were changed."""
    recipe = subject(text)
    if recipe is None:
        return 0
    fixed, fixes = fixed_text(recipe)
    after = subject(fixed)
    assert after is not None
    assert readable(fixed) or not readable(text)
    assert places(after) <= places(recipe)
    assert LINE_ENDS.findall(fixed) == LINE_ENDS.findall(text)
    assert outside_scalars(fixed) == outside_scalars(text)
    assert fixed_text(after) == (fixed, [])
    changed = [
        number
        for number, (old, new) in enumerate(zip(scalars(text), scalars(fixed), strict=True))
        if (old.value, old.plain) != (new.value, new.plain)
    ]
    assert len(changed) <= len(fixes)
    return len(changed)


@pytest.mark.parametrize("form", FORMS)
def test_a_fix_makes_no_form_of_a_bad_recipe_worse(form):
    texts = [text for name, text in ODD.items() if name.endswith(f", {form}")]
    assert len(texts) > len(recipes()) / 2
    for text in texts:
        check(text)


@pytest.mark.parametrize("name", [name for name in ODD if name.startswith("trap ")])
def test_a_trap_harms_nothing(name):
    check(ODD[name])


def test_no_trap_ends_in_an_error_when_more_is_known():
    examples = {key: value for rule in RULES for key, value in rule.example.bad_facts.items()}
    for text in TRAPS:
        try:
            recipe = subject_of(text, examples)
        except InputError:
            continue
        assert all(finding.message for finding in diagnose(recipe))


@pytest.mark.parametrize("name", [name for name in ODD if name.split(".")[0].isalpha()])
def test_an_odd_number_harms_nothing(name):
    assert check(ODD[name]) <= 1


@pytest.mark.parametrize("value", ["null", "1", "-1.5", "x", "{}", "{a: 1}", "[]", "[1]", "[[]]"])
def test_no_key_ends_in_an_error_whatever_its_value(value):
    for name, section in SECTIONS.items():
        check(f"{name}: {value}\n")
        for key in section.model_fields:
            check(f"{name}:\n  {key}: {value}\n")


CHANGED = ("plain", "CRLF", "BOM", "comments", "spaces after values", "quoted keys", "flow", "JSON")


@pytest.mark.parametrize("form", CHANGED)
def test_common_forms_are_fixed_as_much_as_the_plain_one(form):
    for name in recipes():
        odd, plain = ODD.get(f"{name}, {form}"), ODD[f"{name}, plain"]
        if odd is not None and subject(plain) is not None and "&" not in plain:
            assert check(odd) == check(plain), name


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_recipe_with_letters_changed_anywhere_is_not_made_worse(data):
    name = data.draw(st.sampled_from(sorted(ODD)))
    text = ODD[name]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 2))
        piece = data.draw(
            st.sampled_from(
                ["", " ", "  ", "\n", "\t", ":", ": ", "- ", "#", "'", '"', "&a ", "*a"]
            )
            | st.sampled_from(["{", "}", "[", "]", ",", "|", "!", "None", "1e3", "\r\n", "e", "_"])
        )
        text = text[:place] + piece + text[place + length :]
    check(text)
