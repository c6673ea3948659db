"""Which commits the reflog says were made here: ``tests/core/test_authorship.py`` runs git."""

import pytest

from core.reflog import AMENDED, COMMITTED, COPIED


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("commit: x", COMMITTED),
        ("commit (initial): x: fast-forward", COMMITTED),
        ("commit (merge): x", COMMITTED),
        ("commit (amend): x", AMENDED),
        ("commit (cherry-pick): x", COPIED),
        ("commit (rebase): x", COPIED),
        ("cherry-pick: x", COPIED),
        ("pull --rebase origin main (pick): x", COPIED),
        ("rebase (pick): x", COPIED),
        ("rebase -i (reword): x", COPIED),
        ("revert: x", None),
        ("rebase (start): checkout origin/main", None),
        ("rebase (finish): returning to refs/heads/x", None),
        ("rebase: fast-forward", None),
        ("cherry-pick: fast-forward", None),
        ("merge x: Fast-forward", None),
        ("pull: Fast-forward", None),
        ("am: commit: x", None),
        ("checkout: moving from a to b", None),
        ("clone: from x", None),
        ("commitment: x", None),
    ],
)
def test_actions_that_make_a_commit(action, kind):
    kinds = [pattern for pattern in (COMMITTED, AMENDED, COPIED) if pattern.match(action)]
    assert kinds == ([kind] if kind else [])
