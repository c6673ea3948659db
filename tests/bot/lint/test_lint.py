"""Which files are linted, what is corrected in them, and what cannot be read."""

from pathlib import Path

import pytest

from bot.lint.lint import is_manifest, is_recipe, lint_files
from compress.doctor.text import parse_text
from core.errors import InputError
from core.installation import shipped

BAD = "# ours\nQuantAwares:  # typo\n  weight_bits: 4\nDistillation: {loss: l2}\n"
GOOD = "# ours\nQuantAware:  # typo\n  weight_bits: 8\nDistillation: {loss: l2}\n"
MANIFEST = "schema: slimgate.manifest/1\nsuite: s\ndialect: paddleseg\nconfig_roots: [configs]\n"


@pytest.fixture
def folder(tmp_path):
    """A recipe with mistakes beside files that are none."""
    (tmp_path / "bad.yaml").write_text(BAD)
    (tmp_path / "model.yml").write_text("model: {type: FCN}\nval_dataset: {}\n")
    (tmp_path / "list.yml").write_text("- 1\n")
    (tmp_path / "notes.txt").write_text("QuantAwares:")
    return tmp_path


def codes(findings):
    return [finding.code for finding in findings]


def test_in_folders_only_recipes_are_checked(folder):
    report = lint_files([folder], None, fix=False)
    assert codes(report.findings) == ["SG101", "SG116"]
    assert (report.checked, report.passed_over) == (1, 2)


def test_a_file_that_is_named_is_checked_whatever_it_is(folder):
    report = lint_files([folder / "model.yml", folder / "list.yml"], None, fix=False)
    assert (report.checked, report.passed_over) == (2, 0)
    unlike = report.findings[-1]
    assert (unlike.code, unlike.severity, unlike.file) == (
        "SG100",
        "warning",
        str(folder / "list.yml"),
    )


def test_without_fix_nothing_is_written(folder):
    report = lint_files([folder], None, fix=False)
    assert (folder / "bad.yaml").read_text() == BAD
    assert report.fixed == ()


def test_fixing_goes_on_until_nothing_remains_and_keeps_comments(folder):
    report = lint_files([folder], None, fix=True)
    assert (folder / "bad.yaml").read_text() == GOOD
    assert codes(report.fixed) == ["SG101", "SG116"]
    assert report.findings == ()


def test_line_ends_marks_and_permissions_are_kept(folder):
    recipe = folder / "crlf.yaml"
    recipe.write_bytes(
        b"\xef\xbb\xbfQuantPost:\r\n  batch_nums: 10  # ten\r\n  recon_level: None\r\n"
    )
    recipe.chmod(0o640)
    lint_files([recipe], None, fix=True)
    assert recipe.read_bytes() == (
        b"\xef\xbb\xbfQuantPost:\r\n  batch_nums: 10  # ten\r\n  recon_level: null\r\n"
    )
    assert recipe.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link_and_its_file_is_corrected(folder):
    (folder / "sub").mkdir()
    link = folder / "sub" / "link.yaml"
    link.symlink_to(folder / "bad.yaml")
    lint_files([link], None, fix=True)
    assert link.is_symlink()
    assert (folder / "bad.yaml").read_text() == GOOD


def test_a_file_without_corrections_is_not_written_again(folder):
    good = folder / "good.yaml"
    good.write_text(GOOD)
    before = good.stat().st_mtime_ns
    lint_files([good], None, fix=True)
    assert good.stat().st_mtime_ns == before


def test_a_file_that_is_not_yaml_is_a_finding_and_stays(folder):
    (folder / "broken.yaml").write_text("a: [1\n")
    report = lint_files([folder / "broken.yaml"], None, fix=True)
    assert codes(report.findings) == ["SG100"]
    assert (folder / "broken.yaml").read_text() == "a: [1\n"
    assert codes(lint_files([folder], None, fix=False).findings) == ["SG101", "SG116", "SG100"]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("on: push\njobs: {}\n", False),  # a workflow of GitHub
        ("a: !Callable 1\n", False),
        ("a: [1\n", True),
        ("a: !!python/name:os.system 1\n", False),
        ("a: .inf\n", False),
        (f"a: {'x' * 200_000}\n", False),
        ("a: *b\n", True),
        ("a: 1\n---\nb: 2\n", False),
        ("on: 1\nQuantAware: {}\n", True),
        ("QuantAwares: [1\n", True),
        ("# on\nDistillation:\n  alpha: !foo 1\n", True),
        ("jobs:\n  on:\n    QuantAware: 1\n", False),
    ],
)
def test_in_folders_yaml_of_another_kind_counts_if_it_names_a_section(tmp_path, text, reported):
    (tmp_path / "x.yml").write_text(text)
    report = lint_files([tmp_path], None, fix=True)
    assert codes(report.findings) == ["SG100"] * reported
    assert (report.checked, report.passed_over) == (0, not reported)
    assert codes(lint_files([tmp_path / "x.yml"], None, fix=True).findings) == ["SG100"]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("QuantPost:\n  a: [1\n", (3, 1), "not valid YAML: "),
        ("# \u2028\nQuantPost:\n a: 1\n  b: 2\n", (4, 4), "not valid YAML: mapping values are not"),
        (
            "# \u2028\nQuantPost:\n  on: 2\n",
            (3, 3),
            "the key 'on' is neither text nor a whole number",
        ),
        (
            "QuantPost:\n  hist_percent: .nan\n",
            (2, 17),
            "QuantPost.hist_percent: nan is not a finite number (write a number)",
        ),
        (
            "QuantPost:\n  regions: [[a], [.inf]]\n",
            (2, 19),
            "QuantPost.regions.1.0: inf is not a finite number (write a number)",
        ),
        (
            "Distillation:\n  alpha: !foo 1\n",
            (2, 10),
            "PaddleSlim cannot read the tag !foo (line 2, column 10) (delete the tag)",
        ),
        (f"A: {'[' * 99}\n", (1, 68), "nested deeper than 64 levels (line 1) (flatten the file)"),
    ],
)
def test_what_cannot_be_read_has_its_line_as_git_counts(tmp_path, content, place, message):
    (tmp_path / "x.yml").write_text(content)
    (finding,) = lint_files([tmp_path / "x.yml"], None, fix=False).findings
    assert (finding.line, finding.column) == place
    assert finding.message.startswith(message)
    assert finding.message.count("line") <= 1


def test_a_file_is_checked_once_and_whatever_the_case_of_its_ending(folder):
    (folder / "bad.yaml").rename(folder / "BAD.YAML")
    report = lint_files([folder, folder / "BAD.YAML", folder / "BAD.YAML"], None, fix=False)
    assert codes(report.findings) == ["SG101", "SG116"]
    assert (report.checked, report.passed_over) == (1, 2)
    report = lint_files([folder, folder / "model.yml"], None, fix=False)
    assert (report.checked, report.passed_over) == (2, 1)


def test_nothing_is_corrected_beside_a_missing_file(folder):
    with pytest.raises(InputError, match="no such file"):
        lint_files([folder / "bad.yaml", folder / "gone.yaml"], None, fix=True)
    assert (folder / "bad.yaml").read_text() == BAD


def test_a_file_that_cannot_be_written_keeps_its_findings(folder, monkeypatch):
    def refuse(path, text):
        raise InputError("cannot be written: Permission denied", file=str(path))

    (folder / "worse.yaml").write_text(BAD)
    monkeypatch.setattr("bot.lint.lint.write_text", refuse)
    report = lint_files([folder], None, fix=True)
    assert (codes(report.findings), report.fixed) == (["SG101", "SG116"] * 2, ())
    reason = " (not fixed: the file cannot be written: Permission denied)"
    assert all(finding.message.endswith(reason) for finding in report.findings)
    assert not any(finding.edits or finding.fix for finding in report.findings)


def test_a_missing_file_is_an_error(folder):
    with pytest.raises(InputError, match="no such file") as caught:
        lint_files([folder / "gone.yaml"], None, fix=False)
    assert caught.value.file == str(folder / "gone.yaml")
    assert caught.value.hint is not None


def test_code_in_yaml_is_refused_and_not_run(folder):
    (folder / "evil.yaml").write_text("a: !!python/object/apply:os.system ['touch pwned']\n")
    report = lint_files([folder / "evil.yaml"], None, fix=False)
    assert codes(report.findings) == ["SG100"]
    assert not Path("pwned").exists()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("config_roots", "config_root", 4, "did you mean config_roots?"),
        ("dialect: paddleseg", "dialect: torch", 3, "is not a dialect"),
        ("suite: s\n", "", None, "suite"),
        ("manifest/1", "manifest/9", 1, "schema"),
        ("slimgate.manifest/1", "slimgat.manifest/1", 1, "schema"),
        ("suite: s", "suite: s\nsuite: t", 3, "the same key twice (line 3): suite"),
        ("config_roots", "roots", 4, "unknown key: roots; valid are schema, suite, "),
    ],
)
def test_manifests_are_checked_by_their_schema(folder, old, new, line, message):
    manifest = folder / "m.yml"
    manifest.write_text(MANIFEST.replace(old, new))
    (finding,) = lint_files([manifest], None, fix=False).findings
    assert (finding.code, finding.severity, finding.line) == ("SG120", "error", line)
    assert message in finding.message


def test_a_valid_manifest_counts_as_checked(folder):
    (folder / "m.yml").write_text(MANIFEST)
    report = lint_files([folder / "m.yml"], None, fix=True)
    assert (report.findings, report.checked) == ((), 1)


def test_all_that_ships_with_slimgate_is_recognised_and_clean():
    for name in ("recipes", "suites"):
        report = lint_files([shipped("configs") / name], None, fix=False)
        assert [f for f in report.findings if f.severity == "error"] == []
        assert report.passed_over == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MANIFEST, True),
        ("schema: slimgate.manifest/9\nQuantAware: {}\n", True),
        ("schema: 1\nsuite: s\ndialect: paddleseg\n", True),
        ("schema: 1\n", False),
        ("schema: 1\nQuantAware: {}\nmodels: []\nDistillation: {}\n", False),
        ("schema: https://json-schema.org\ntitle: x\n", False),
        ("suite: s\ndialect: paddleseg\n", False),
    ],
)
def test_a_manifest_is_recognised_by_its_schema_or_its_keys(text, expected):
    assert is_manifest(parse_text(text, "f.yaml")) is expected


def test_a_recipe_with_a_schema_is_a_recipe(folder):
    (folder / "bad.yaml").write_text(f"schema: 1\n{BAD}")
    assert "SG116" in codes(lint_files([folder], None, fix=False).findings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("QuantAware: {}\n", True),
        ("QuantAwares: {}\nDistilation: {}\n", True),
        ("Global: {}\nTrainConfig: {}\n", True),
        ("Global: {}\n", False),
        ("QuantAware: {}\nmodel: {}\nval_dataset: {}\n", False),
        ("QuantAware: {}\nmodel: {}\n", True),
        ("model: {}\n", False),
        ("{}\n", False),
        ("QuantAware:\nweight_bits: 8\nDistillation:\nloss: l2\n", True),
        ("Global:\n  model_dir: x\n  QuantAware:\n    weight_bits: 8\n", True),
        ("Quant: {}\nDistil: {}\nTrainConfig: {}\n", True),
        ("slim: PTQ\nPTQ: {}\nweights: x\n", False),
        ("slim: PTQ\nPTQ: {}\nTrainConfig: {}\n", True),
        ("epoch: 3\nbatch_size: 4\n", False),
    ],
)
def test_a_recipe_is_recognised_by_most_of_its_sections(text, expected):
    assert is_recipe(parse_text(text, "f.yaml")) is expected
