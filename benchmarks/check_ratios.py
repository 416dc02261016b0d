"""Fail when pathsim is not faster than SimPy by the floor, within one benchmark run.

    python benchmarks/check_ratios.py build/benchmarks.json

Machines differ, and one machine differs from hour to hour; a ratio within one run does not much.
The best round of each engine is taken, since whatever else the machine does only ever slows one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

FLOOR: Final = 40.0
"""Replications per second of pathsim over those of SimPy, at least, on each model."""
CHECKED: Final = ("m2", "m2u")


def ratios(run: dict[str, Any]) -> dict[str, float]:
    """Return by model how many replications pathsim makes in the time of one of SimPy's.

    run: the JSON of pytest-benchmark. Raises KeyError when an engine or a model is missing.
    """
    seconds = {
        (each["group"], each["extra_info"]["engine"]): each["stats"]["min"]
        / each["extra_info"]["replications"]
        for each in run["benchmarks"]
        if each["group"] in CHECKED
    }
    return {model: seconds[model, "simpy"] / seconds[model, "pathsim"] for model in CHECKED}


def main(path: str) -> int:
    """Print each ratio with its verdict; return 1 if one is below the floor, else 0."""
    measured = ratios(json.loads(Path(path).read_text(encoding="utf-8")))
    for model, ratio in measured.items():
        verdict = "well" if ratio >= FLOOR else f"BELOW THE FLOOR of {FLOOR:g}"
        sys.stdout.write(f"{model}: pathsim / SimPy = {ratio:.1f}, {verdict}\n")
    return int(min(measured.values()) < FLOOR)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python benchmarks/check_ratios.py FILE.json")
    sys.exit(main(sys.argv[1]))
