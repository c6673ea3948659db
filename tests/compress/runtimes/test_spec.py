"""A runtime's file says what it is made of; a wrong one is refused with its key."""

import re

import pytest

from compress.runtimes.pins import read_pins
from compress.runtimes.spec import DEFAULT, bundled_runtimes, describe_runtime
from core.errors import InputError


def test_the_bundled_runtimes_are_valid_and_pin_every_package_by_hash():
    assert DEFAULT in bundled_runtimes()
    for name in bundled_runtimes():
        described = describe_runtime(name)
        assert described.name == name
        for file in described.requirements():
            packages = re.split(r"\n(?=[^\s#])", file.read_text().strip())
            assert all("--hash=sha256:" in package for package in packages), file.name
        version = name.split("-")[1]
        assert version in read_pins(described.requirements()).values()


def test_a_name_that_is_none_is_refused_with_the_bundled_ones():
    with pytest.raises(InputError) as caught:
        describe_runtime("paddle-3.2.2")
    assert caught.value.nearest == "paddle-3.2.2-cpu"
    with pytest.raises(InputError, match="unknown runtime"):
        describe_runtime("absent.yml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("environment: {LD_PRELOAD: x}\n", "LD_PRELOAD is set by slimgate"),
        ("environment: {PATH: x}\n", "PATH is set by slimgate"),
        ("environment: {'A B': x}\n", "environment"),
        ("library: [nvidia]\n", "library"),
        ("compute_capabilities: ['6.1', '8.9']\n", "only a runtime with device: gpu"),
        ("compute_capabilities: ['6.1']\n", "compute_capabilities"),
        ("compute_capabilities: [6.1, 8.9]\n", "compute_capabilities"),
        ("compute_capabilities: ['6.1', 'sm_89']\n", "compute_capabilities"),
    ],
)
def test_a_wrong_key_or_value_is_named(described, text, words):
    described.write(text)
    with pytest.raises(InputError) as caught:
        described.describe()
    assert words in str(caught.value)
    assert str(described.file) in str(caught.value)


@pytest.mark.parametrize("pythons", ["[]", "['3']", "['2.7']", "[3.11, '3.11 or later']"])
def test_pythons_are_minor_versions(described, pythons):
    described.write(pythons=pythons)
    with pytest.raises(InputError, match="pythons"):
        described.describe()


@pytest.mark.parametrize(
    ("limits", "capabilities"),
    [("['6.1', '8.9']", ((6, 1), (8, 9))), ("['9.0', '10.0']", ((9, 0), (10, 0)))],
)
def test_compute_capabilities_compare_as_versions_do(described, limits, capabilities):
    described.write(f"compute_capabilities: {limits}\n", device="gpu")
    assert described.describe().spec.capabilities == capabilities


def test_the_least_compute_capability_comes_first(described):
    described.write("compute_capabilities: ['10.0', '9.0']\n", device="gpu")
    with pytest.raises(InputError, match="give the least first"):
        described.describe()


def test_its_identity_changes_with_its_file_and_its_requirements(described):
    first = described.describe().identity()
    assert first == described.describe().identity()
    assert re.fullmatch("[0-9a-f]{12}", first)
    second = described.write("environment: {FLAGS_x: '1'}\n").describe().identity()
    described.pin("0" * 64)
    assert len({first, second, described.describe().identity()}) == 3


def test_a_missing_requirements_file_is_named(described):
    (described.folder / "small.txt").unlink()
    with pytest.raises(InputError, match="requirements file does not exist") as caught:
        described.describe().identity()
    assert caught.value.file == str(described.folder / "small.txt")
