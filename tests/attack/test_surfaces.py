"""Every surface has attacks, each under a name of its own."""

from collections import Counter

import pytest

from tests.attack.surfaces import NAMES, attacks_of


@pytest.mark.parametrize("surface", NAMES)
def test_every_attack_has_a_name_of_its_own(surface):
    names = Counter(attack.name for attack in attacks_of(surface))
    assert names
    assert [name for name, count in names.items() if count > 1] == []
