"""Fail when the engine is slower, beside its rivals in the same run, than the limits allow.

    python -m benchmarks.check_ratios build/ratios.json

The limits stand in `ratios.py`. Machines differ, and one machine differs from hour to hour; the
median of ratios within one run's rounds does not much.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .ratios import Measured, measured


def verdict(each: Measured) -> str:
    """Return what is to be said of a ratio."""
    ratio = each.ratio
    if ratio.holds(each.median):
        return "ok" if ratio.guarded else "not guarded"
    if each.median > ratio.most:
        return f"ABOVE THE LIMIT of {ratio.most:g}"
    if each.median < ratio.least:
        return f"BELOW THE FLOOR of {ratio.least:g}"
    return "NOT A NUMBER"


def main(path: str) -> int:
    """Print each ratio with its verdict; return 1 if one is outside its limits, else 0."""
    run = json.loads(Path(path).read_text(encoding="utf-8"))
    found = measured(run)
    for each in found:
        sys.stdout.write(f"{each.ratio.words}: {each.median:.3g}, {verdict(each)}\n")
    for name, reason in run["skipped"].items():
        sys.stdout.write(f"{name}: skipped, {reason}\n")
    return int(not all(each.ratio.holds(each.median) for each in found))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m benchmarks.check_ratios FILE.json")
    sys.exit(main(sys.argv[1]))
