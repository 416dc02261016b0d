"""Seconds and memory of a large table of people of one's own: drafted, checked, read.

    python -m benchmarks.many_people [--rows 1000000]

Writes the table in docs/own-people.md. The people are made up; titles, words and units are those of
other systems, so that every column is mapped. Each step is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks.peak import high_water_mib
from pathsim.study.calibration.pages import page_marks, replace_between

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "own-people.md"
MARKS = page_marks("many people")
ROWS, SEED = 1_000_000, 3
DISPOSALS = {"Immediate custody": 0.12, "Community Order": 0.2, "Fine": 0.43, "Caution": 0.25}
OFFENCES = ("01: Violence against the person", "Theft Offences", "Drug offences")
PEOPLE, MAPPING = "people.csv", "mapping.toml"
STEPS = {
    "draft": ("cohort", "draft", PEOPLE, "--out", MAPPING),
    "check, beside the scenario": (
        *("cohort", "check", PEOPLE, "--mapping", MAPPING),
        *("--scenario", "dorset/baseline"),
    ),
}
READ = "cohort, in Python"


def people(rows: int) -> pd.DataFrame:
    """Return made-up people under the titles of another system."""
    rng = np.random.default_rng(SEED)

    def one_of(words: ArrayLike, shares: list[float] | None = None) -> np.ndarray:
        return rng.choice(np.array(words, dtype=object), rows, p=shares)

    disposal = one_of(list(DISPOSALS), list(DISPOSALS.values()))
    age = rng.integers(18, 70, rows)
    months = np.round(rng.lognormal(1.3, 0.9, rows), 1).astype(str).astype(object)
    return pd.DataFrame(
        {
            "CRN": [f"X{number:07d}" for number in range(rows)],
            "Gender": one_of(["Male", "Female"]),
            "Age": age,
            "Offence Group": one_of(OFFENCES),
            "Previous Offences": np.minimum(rng.geometric(0.15, rows) - 1, age - 15),
            "Disposal": disposal,
            "Sentence Months": np.where(disposal == "Immediate custody", months, ""),
            "Team": one_of(["North", "South", "East"]),
        }
    )


def table(rows: int) -> str:
    """Return the table of what each step takes, measured now."""
    lines = [
        f"| {rows:,} people in `.csv` | seconds of processor time | memory at most, MB |",
        "|---|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        people(rows).to_csv(Path(folder, PEOPLE), index=False)
        for step in (*STEPS, READ):
            found = _in_child(step, folder)
            lines.append(f"| {step} | {found['seconds']:.0f} | {found['mib'] * 1.048576:,.0f} |")
            mapping = Path(folder, MAPPING)
            answered = mapping.read_text(encoding="utf-8").replace('"?"  # draw', '"missing"  #')
            mapping.write_text(answered, encoding="utf-8")
    return "\n".join(lines) + "\n"


def _in_child(step: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.many_people", "--step", step, "--folder", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _do(step: str, folder: Path) -> None:
    if step == READ:
        from pathsim.people.cohort import Cohort  # noqa: PLC0415 what the import takes is measured

        Cohort.from_file(folder / PEOPLE, mapping=folder / MAPPING)
        return
    from pathsim.cli.app import run_command_line  # noqa: PLC0415 the same

    paths = {name: str(folder / name) for name in (PEOPLE, MAPPING)}
    code = run_command_line([paths.get(word, word) for word in STEPS[step]])
    if code:
        sys.exit(code)


def main() -> None:
    """Measure and write the table, or do the one step that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--step")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.step is None:
        replace_between(PAGE, MARKS, f"\n{table(asked.rows)}\n")
        return
    _do(asked.step, asked.folder)
    marks = {"seconds": time.process_time(), "mib": high_water_mib()}
    sys.stdout.write(f"\n{json.dumps(marks)}\n")


if __name__ == "__main__":
    main()
