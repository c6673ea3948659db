"""Long lists are cut, and the rest is counted."""

from bot.text.lists import first_of


def test_the_first_names_and_how_many_there_are_besides():
    assert first_of(["a", "b"], 3) == "a, b"
    assert first_of(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert first_of(["a"], 2, more=7) == "a and 7 more"
