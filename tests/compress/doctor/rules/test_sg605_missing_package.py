"""SG605: packages that are not installed."""

import pytest

from compress.doctor.rules.sg605_missing_package import RULE
from tests.compress.doctor.rules import PTQ, failure, findings, messages


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("skimage", "the model needs the package skimage, which is not installed"),
        (
            "paddle.fluid",
            "the installed paddle has no paddle.fluid: the suite needs another version",
        ),
    ],
)
@pytest.mark.parametrize("field", ["message", "log"])
def test_an_absent_module_is_distinguished_from_an_absent_package(module, message, field):
    error = f"ModuleNotFoundError: No module named '{module}'"
    facts = {**failure("export", "ImportError"), field: error}
    assert messages(RULE, PTQ, failure=facts) == [(None, message)]


def test_other_import_errors_pass():
    facts = failure("export", "ImportError: cannot import name 'x' from 'y'")
    assert findings(RULE, PTQ, failure=facts) == []
