"""Only folders that hold an exported model are inspected."""

import pytest

from compress.artifacts.inspection import check_model, inspect_model
from core.errors import InputError


def test_both_files_make_a_model(tmp_path):
    for name in ("model.pdmodel", "model.pdiparams"):
        (tmp_path / name).touch()
    check_model(tmp_path)


@pytest.mark.parametrize("missing", ["model.pdmodel", "model.pdiparams"])
@pytest.mark.parametrize("check", [check_model, inspect_model])
def test_a_missing_file_is_named_with_the_next_step(tmp_path, missing, check):
    for name in {"model.pdmodel", "model.pdiparams"} - {missing}:
        (tmp_path / name).touch()
    with pytest.raises(InputError, match=f"no {missing} in") as caught:
        check(tmp_path)
    assert caught.value.file == str(tmp_path / missing)
    assert "slimgate compress" in caught.value.hint


def test_a_folder_of_that_name_is_not_a_file(tmp_path):
    (tmp_path / "model.pdmodel").mkdir()
    with pytest.raises(InputError, match=r"no model\.pdmodel"):
        check_model(tmp_path)


def test_a_program_of_paddle_3s_new_form_is_refused_with_the_way_out(tmp_path):
    for name in ("model.json", "model.pdiparams"):
        (tmp_path / name).touch()
    with pytest.raises(InputError, match="new form of Paddle 3") as caught:
        check_model(tmp_path)
    assert caught.value.file == str(tmp_path / "model.json")
    assert "FLAGS_enable_pir_api=0" in caught.value.hint
    (tmp_path / "model.pdmodel").touch()
    check_model(tmp_path)
