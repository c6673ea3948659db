"""Changes of configs that must not run before a maintainer has agreed."""

import functools
import json
from collections.abc import Iterator
from typing import Any

from bot.plan.words import READ_BY_WORKERS
from compress.suites import find_dialect
from compress.suites.impact import view
from tests.attack.attack import Attack, Ended, Ground
from tests.attack.suites import REQUEST, change_config

Changes = dict[str, tuple[Any, str]]
"""By name: what is merged into a model's config, and the key that the refusal has to name."""
MARK = "CANARY"
"""A text in each change."""
CODE = f'exec(\'open("{MARK}", "w")\') or nn.LayerNorm'
ADDRESS = f"https://evil.example/{MARK}"
PICKLE = {
    "K\u038c%" + "a" * 10: "b" * 25 + "00Vposix",
    "K\u038c%" + "c" * 10: "b" * 25 + "00Vsystem",
    "K\u038c%" + "d" * 10: "b" * 25 + "00q\u0393(Vtouch CANARY",
    "tR.": "x",
}
"""Keys whose YAML is a pickle that runs a command."""
UNREAD = "only training keys differ"
"""Why nothing runs for keys that no worker is given."""
PLAN = ("plan", "--repo", "suite", "--request", REQUEST, "--out", "out/plan.json")


def config_attacks(suite: str, changes: Changes) -> Iterator[Attack]:
    """Each change as a stranger's pull request."""
    for title, (patch, key) in changes.items():
        yield Attack(
            title,
            (*PLAN, "--suite", f"example-{suite}"),
            functools.partial(change_config, name=suite, patch=patch),
            codes=(0, 2),
            check=functools.partial(require_hold, key=key),
        )


def require_hold(ground: Ground, ended: Ended, key: str) -> str | None:
    """What is wrong if a worker would see the mark of the change before a maintainer has agreed, or
    if neither the plan nor the error names the key.
    """
    if ended.code == 2:
        return None if key in ended.stderr else f"the error does not name {key}: {ended.stderr}"
    plan = json.loads((ground.work / "out" / "plan.json").read_text())
    if plan["held"]:
        return None if key in plan["held"] else f"held without naming {key}: {plan['held']}"
    if not plan["jobs"]:
        reasons = json.dumps(plan["skipped"], ensure_ascii=False)
        if key in reasons or UNREAD in reasons:
            return None
        return f"nothing runs, and {key} is not named: {reasons[:500]}"
    dialect = find_dialect(plan["dialect"])
    seen = [
        view(side[part], dialect, READ_BY_WORKERS)
        for job in plan["jobs"]
        for side in job["sides"].values()
        for part in ("config", "data_config")
    ]
    return "runs without a maintainer" if MARK in json.dumps(seen) else None
