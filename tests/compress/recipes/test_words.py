"""Texts of recipes are plain words: names of ops, nodes, methods and files."""

import pytest

from compress.recipes.words import unknown_in_recipe


def test_what_recipes_say_is_plain_words():
    recipe = {
        "Global": {"model_dir": "./inference/model-1", "input_list": ["image"]},
        "Distillation": {"loss": "l2", "node": ["conv2d_47.tmp_0", "a/b:0@x"], "alpha": 1.0},
        "TrainConfig": {"learning_rate": "1e-4", "target_metric": None, "empty": ""},
    }
    assert list(unknown_in_recipe(recipe)) == []


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        ({"A": {"x": "exec('1')"}}, "A.x: exec('1') (a text that is no plain word)"),
        ({"A": ["a b"]}, "A.0: a b (a text that is no plain word)"),
        ({"A": "/etc/passwd"}, "A: /etc/passwd (a text that is no plain word)"),
        ({"A": "a/../../b"}, "A: a/../../b (a text that is no plain word)"),
        ({"A": "x" * 201}, f"A: {'x' * 60} (a text that is no plain word)"),
        ({"A": {"b()": 1}}, "A.b() (a key that is no plain word)"),
    ],
)
def test_anything_else_is_named(recipe, text):
    assert list(unknown_in_recipe(recipe)) == [text]
