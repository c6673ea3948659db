"""Templates are found, escape where they should, and have no undefined names."""

import pytest
from jinja2 import UndefinedError

from bot.text.templates import template_environment


@pytest.mark.parametrize(("autoescape", "text"), [(True, "&lt;b&gt;"), (False, "<b>")])
def test_escaping_is_the_callers_choice(autoescape, text):
    template = template_environment(autoescape).from_string("{{ x }}\n")
    assert template.render(x="<b>") == text + "\n"


def test_an_undefined_name_is_an_error():
    with pytest.raises(UndefinedError, match="'x' is undefined"):
        template_environment(autoescape=False).from_string("{{ x }}").render()


def test_lines_of_statements_leave_no_trace():
    template = template_environment(False).from_string("a\n  {% if true %}\nb\n  {% endif %}\nc")
    assert template.render() == "a\nb\nc"


def test_shipped_templates_are_found():
    names = template_environment(autoescape=False).list_templates()
    assert {"answer.md.j2", "report.md.j2"} <= set(names)
