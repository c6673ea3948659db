"""Compares two folders of demonstration reports, apart from latencies, paths and wording.

``python -m examples.compare_reports BEFORE AFTER`` compares every ``report.json`` below both:
verdicts, accuracies with their intervals to the last digit, counts of int8 ops, findings, failures.
Exits 1 if anything differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compress.differences import differing_keys

KINDS = {
    "compressed: head against base": "vs_base",
    "head: compressed against fp32": "vs_fp32",
    "fp32: head against base": "fp32_vs_base",
}
"""What version 1 of reports called the kinds of comparisons."""
VARIANT = (
    *("side", "recipe", "method", "target", "metric", "accuracy_points", "images"),
    *("int8_ops", "low_precision", "op_types", "same_as"),
)
"""Hashes and sizes are left out: programs record paths and lines of the code that made them."""
BY_LATENCY = ("SG501",)
"""Findings that follow from latencies."""
FINDING = ("code", "severity", "file", "line", "fix")


def main() -> int:
    """Prints a line for each report, and each key that differs."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    before, after = (Path(argument) for argument in sys.argv[1:])
    names = sorted({*_reports(before), *_reports(after)})
    if not names:
        sys.exit(f"no report.json below {before} or {after}")
    differing = 0
    for name in names:
        keys = compare(before / name, after / name)
        print(f"{name}: {'equal' if not keys else 'differs in ' + ', '.join(keys)}")
        differing += bool(keys)
    print(f"{len(names) - differing} of {len(names)} reports are equal")
    return min(differing, 1)


def compare(before: Path, after: Path) -> list[str]:
    """Dotted paths of what differs."""
    if not before.is_file() or not after.is_file():
        return ["its being there"]
    old, new = (essence(json.loads(path.read_text())) for path in (before, after))
    return differing_keys(old, new)


def essence(report: dict[str, Any]) -> dict[str, Any]:
    """What a report says, without latencies, paths and wording."""
    return {
        "conclusion": report["conclusion"],
        "affected": report["affected"],
        "skipped": [[s["config"], s["case"], s["needed"]] for s in report["skipped"]],
        "cases": {case["label"]: _case(case) for case in report["cases"]},
    }


def _case(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "conclusion": case["conclusion"],
        "because": case["because"],
        "variants": [{key: v[key] for key in VARIANT} for v in case["variants"]],
        "comparisons": dict(_comparison(c) for c in case["comparisons"]),
        "failures": [[f["side"], f["recipe"], f["stage"], f["kind"]] for f in case["failures"]],
        "findings": [
            [finding[key] for key in FINDING]
            for finding in case["findings"]
            if finding["code"] not in BY_LATENCY
        ],
        "weights": [case["weights"], case["data"]],
        "pictures": [sorted(picture["panels"]) for picture in case["pictures"]],
    }


def _comparison(comparison: dict[str, Any]) -> tuple[str, Any]:
    judged = comparison["accuracy"]
    kind = comparison.get("kind") or KINDS[comparison["name"]]
    verdict = judged and [judged["verdict"], judged["change_points"], judged["limit_points"]]
    return kind, [comparison["old"], comparison["new"], verdict]


def _reports(root: Path) -> Iterator[str]:
    for path in root.rglob("report.json"):
        yield path.relative_to(root).as_posix()


if __name__ == "__main__":
    sys.exit(main())
