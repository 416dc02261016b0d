"""Do intervals of doubt hold the truth? Simulated studies, written into docs/doubt.md.

A town whose mentors' effect is drawn from a known distribution is compared with itself in states of
the world, again and again with another seed. The truth of a new state is known: the same town with
many more people. About 95% of the 95% intervals should hold it, and of options said to be better
with 80%, 80% should be. `make doubt-coverage`; some fifteen minutes.
"""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.polynomial import Polynomial

import pathsim as ps
from pathsim.scenario.doubt import doubt
from pathsim.study.calibration.pages import page_marks, replace_between

if TYPE_CHECKING:
    from pathsim.scenario.model import Scenario

PAGE = Path(__file__).parent / "doubt.md"
OUTCOME = "reoffences_per_person"
TOWN = """
title = "Town"
source = "made for a trial"
grade = "definition"
[cohort]
kind = "rows"
rows = [{{ people = {people}, disposal = "community_order" }}]
[follow_up]
days = 365
waiting_days = 0
intake_days = 365
[hazard]
score = "none"
adult_level = 0.002
youth_level = 0.002
[sentencing]
disposals = {{ fine = 1.0 }}
custody_days = 30
[services.mentor]
title = "Mentor"
trigger = {{ disposals = ["community_order"] }}
referral = 1.0
capacity = 0
duration_days = 365
hazard_ratio = {{ value = {value}, low = {low}, high = {high}, source = "a trial", grade = "rct" }}
"""
MENTORS = {"services.mentor.capacity": "unlimited"}
MANY = 400_000
"""People of the town whose figures are taken for what is expected."""
NODES = 7
"""Ratios at which they are."""


class Setting(NamedTuple):
    """Studies of one kind; the ratio's 95% interval is its centre times and over `wide`."""

    studies: int
    draws: int
    people: int
    wide: float


SETTINGS = (
    Setting(studies=400, draws=64, people=100, wide=1.5),
    Setting(studies=400, draws=64, people=25, wide=1.11),
)


class Studied(NamedTuple):
    """What studies said, and what was so in a new state of the world; each [studies]."""

    noise: np.ndarray
    """Chance in the mean of a draw over doubt as told, as standard deviations."""
    inside: np.ndarray
    said_better: np.ndarray
    is_better: np.ndarray


def main() -> None:
    """Run the studies and write how many intervals held."""
    lines = [
        "| states | chance over doubt | studies | intervals that hold "
        "| said 20 to 50% better: are | said 50 to 80%: are |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for number, setting in enumerate(SETTINGS):
        lines.append(_row(setting, studied(setting, first_seed=1 + 10_000 * number)))
        sys.stderr.write(f"{lines[-1]}\n")
    replace_between(PAGE, page_marks("coverage"), "\n".join(["", *lines, "", ""]))


def studied(setting: Setting, *, first_seed: int) -> Studied:
    """Return what studies with seeds in turn say of a centre drawn anew in each."""
    luck = np.random.default_rng(first_seed)
    low, high = 0.8 / setting.wide, 1.25 * setting.wide
    truth = expected(low, high)
    found = []
    for number in range(setting.studies):
        # Centres close enough to 1 that either side may be better.
        centre = setting.wide ** luck.uniform(-0.5, 0.5)
        town = _town(setting.people, centre, setting.wide)
        option = town.change("Mentors", MENTORS)
        result = ps.compare(town, option, draws=setting.draws, seed=first_seed + number)
        (drawn,) = doubt(town).drawn
        new = truth(math.log(float(drawn.at(np.array([luck.normal()]))[0])))
        (told,) = result.options
        row = told.rows.index((OUTCOME, "all"))
        columns = {name: float(values[row]) for name, values in told.columns().items()}
        each = result.provenance["replications_per_draw"]
        chance = columns["sd_chance"] / math.sqrt(each)
        found.append(
            (
                chance / columns["sd_doubt"] if columns["sd_doubt"] > 0.0 else np.inf,
                columns["low"] <= new <= columns["high"],
                columns["probability_better"],
                new < 0.0,
            )
        )
    return Studied(*(np.array(column) for column in zip(*found, strict=True)))


def expected(low: float, high: float) -> Polynomial:
    """Return the expected difference by the logarithm of the ratio, from many people."""
    at = np.linspace(math.log(low), math.log(high), NODES)
    differences = []
    for each in at:
        town = _town(MANY, math.exp(each), 1.0)
        result = ps.compare(town, town.change("Mentors", MENTORS), draws=0, replications=2)
        differences.append(float(result.options[0].everybody[OUTCOME].mean()))
    return Polynomial.fit(at, differences, 4)


def _town(people: int, centre: float, wide: float) -> Scenario:
    text = TOWN.format(people=people, value=centre, low=centre / wide, high=centre * wide)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "town.toml"
        file.write_text(text, encoding="utf-8")
        return ps.load(file)


def _row(setting: Setting, found: Studied) -> str:
    cells = [
        f"{setting.draws}",
        f"{np.median(found.noise):.2f}",
        f"{setting.studies}",
        f"{100 * found.inside.mean():.1f}%",
    ]
    for low, high in ((0.2, 0.5), (0.5, 0.8)):
        some = (found.said_better >= low) & (found.said_better < high)
        said, true = 100 * found.said_better[some].mean(), 100 * found.is_better[some].mean()
        cells.append(f"{true:.0f}% of {some.sum()}, said {said:.0f}%")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
