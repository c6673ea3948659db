"""The changed keys of all affected configs together, as every format of the report lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.plan.values import Affected


def key_changes(affected: Iterable[Affected]) -> list[str]:
    """A line for each change of a key, those of most configs first: ``log_iter: 20 → 21
    (configs/runtime.yml:3, 253 configs)``.
    """
    changes = Counter(change for item in affected for change in item.changes)
    return [
        f"{change} ({', '.join(filter(None, (change.place, _configs(count))))})"
        for change, count in changes.most_common()
    ]


def _configs(count: int) -> str:
    return "1 config" if count == 1 else f"{count} configs"
