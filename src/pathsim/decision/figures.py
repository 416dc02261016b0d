"""The Green Book's figures as data: schedules with their vintage, bounds, grades, rules.

All of it stands in `data/green_book.toml`, each with its source, or with its reason if assumed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np

from pathsim.arguments import whole
from pathsim.elementary.arrays import Floats

from .inputs import share, unknown

MOST_YEARS: Final = 1000
"""Of a schedule or an appraisal."""


@dataclass(frozen=True)
class Schedule:
    """Discount rates by year: each holds from its first year on, until the next takes over."""

    name: str
    vintage: str
    use: str
    from_year: tuple[int, ...]
    """First year of each rate, rising from 1."""
    rate: tuple[float, ...]
    """A year, as decimals: 0.035 is 3.5%."""
    source: str
    last_year: int = MOST_YEARS
    """The last year for which there is a rate."""

    def rates(self, years: int) -> Floats:
        """Return the rates of years 1 to `years`, [years]. Raises InputError past the last."""
        years = whole(years, key="years", least=0, most=self.last_year)
        place = np.searchsorted(self.from_year, np.arange(1, years + 1), side="right") - 1
        return np.array(self.rate)[place]

    def factors(self, years: int) -> Floats:
        """Return what a pound of each of years 0 to `years` - 1 is worth at present, [years].

        The factor of year t is 1 / ((1 + r_1) ... (1 + r_t)), that of year 0 is 1: every rate
        counts in its own years only. Raises InputError past the last year.
        """
        years = whole(years, key="years", least=1, most=self.last_year + 1)
        found: Floats = np.concatenate([[1.0], 1.0 / np.cumprod(1.0 + self.rates(years - 1))])
        return found


def flat(rate: float) -> Schedule:
    """Return the schedule of one rate for all years, as a sensitivity.

    rate: a year, as a decimal from 0 to 1. Raises InputError.
    """
    number = share(rate, key="rate")
    return Schedule(f"flat {number:.2%}", "", "a sensitivity", (1,), (number,), "")


class ProjectBias(NamedTuple):
    """By what share first estimates of a kind of project turn out too low, at most."""

    costs: float
    duration: float
    costs_low: float
    """What is left of the first where risks are managed."""
    duration_low: float
    """Likewise; nan where nothing is published."""


class CashableRule(NamedTuple):
    """Whose savings release money."""

    name: str
    payers: tuple[str, ...]
    reason: str


def schedule_of(name: str | Schedule, vintage: str | None = None) -> Schedule:
    """Return a schedule by its name and vintage; a schedule as it is.

    vintage: the edition; none is the one that is in force. Raises InputError.
    """
    if isinstance(name, Schedule):
        return name
    vintage = vintage or default_vintage()
    schedules = {each.name: each for each in shipped_schedules() if each.vintage == vintage}
    if not schedules:
        known = sorted({each.vintage for each in shipped_schedules()})
        raise unknown("vintage", vintage, known)
    if name not in schedules:
        raise unknown("schedule", name, list(schedules))
    return schedules[name]


def default_vintage() -> str:
    """Return the edition that is in force."""
    return str(_shipped()["vintage"])


@cache
def shipped_schedules() -> tuple[Schedule, ...]:
    """Return every schedule of every vintage, in the order of the file."""
    return tuple(
        Schedule(**{**row, "from_year": tuple(row["from_year"]), "rate": tuple(row["rate"])})
        for row in _shipped()["schedules"]
    )


def project_bias(kind: str) -> ProjectBias:
    """Return the bounds of a kind of project, such as `"outsourcing"`. Raises InputError."""
    kinds = _with_figures("projects")
    if kind not in kinds:
        raise unknown("kind", kind, list(kinds))
    bounds = kinds[kind]
    return ProjectBias(
        bounds["costs"],
        bounds["duration"],
        bounds["costs_low"],
        bounds.get("duration_low", np.nan),
    )


def grade_bias(grade: str) -> float:
    """Return the share by which estimates of a grade of evidence are held too hopeful.

    Costs are raised and benefits lowered by it. Assumed: `data/green_book.toml` has the reason.
    Raises InputError.
    """
    grades = _with_figures("grades")
    if grade not in grades:
        raise unknown("grade", grade, list(grades))
    return float(grades[grade])


def cashable_rule(name: str) -> CashableRule:
    """Return the rule of this name, such as `"bought"`. Raises InputError."""
    rules = _shipped()["cashable"]
    if name not in rules:
        raise unknown("cashable", name, list(rules))
    return CashableRule(name, tuple(rules[name]["payers"]), rules[name]["reason"])


def income_elasticity() -> float:
    """Return by how many percent a pound is worth less to whom has one percent more."""
    return float(_shipped()["distribution"]["elasticity"])


def _with_figures(part: str) -> dict[str, Any]:
    """Return the entries of a part of the file but for its words."""
    return {key: each for key, each in _shipped()[part].items() if not isinstance(each, str)}


@cache
def _shipped() -> dict[str, Any]:
    text = (files("pathsim.data") / "green_book.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
