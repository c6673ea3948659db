"""Pins are read from requirements files as pip-compile writes them."""

from compress.runtimes.pins import read_pins


def test_names_are_normalised_and_markers_and_comments_left_out(tmp_path):
    file = tmp_path / "r.txt"
    file.write_text(
        "# a==1\nNumPy==1.26.4 ; python_version < '3.13' \\\n    --hash=sha256:00\n"
        "    # via numpy==9\nruamel_yaml==0.18 \\\nopencv-python @ file:///x\n"
    )
    assert read_pins([file]) == {"numpy": "1.26.4", "ruamel-yaml": "0.18"}


def test_text_that_is_not_utf8_hides_no_pin(tmp_path):
    (tmp_path / "r.txt").write_bytes(b"# \xff\ntiny==1\n")
    assert read_pins([tmp_path / "r.txt"]) == {"tiny": "1"}


def test_the_last_pin_of_a_package_counts(tmp_path):
    for name, version in (("a", "1"), ("b", "2")):
        (tmp_path / name).write_text(f"tiny=={version}\n")
    assert read_pins([tmp_path / "a", tmp_path / "b"]) == {"tiny": "2"}
