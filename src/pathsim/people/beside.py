"""How a cohort differs from a scenario's own people: shares and mean risk, side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pathsim.vocabulary import GROUPS

from .columns import COLUMNS as COLUMNS_OF_PEOPLE
from .columns import FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cells import Bools
    from .cohort import Cohort

RISKS = ("risk_one_year_percent", "risk_two_year_percent")
COLUMNS = ("of", "level", "people", "value", "scenario", "difference", "assumed")
UNKNOWN = "unknown"
"""The sentence band of custody whose length nobody says."""


def beside(cohort: Cohort, scenario: Cohort) -> pd.DataFrame:
    """Return a row a level, a need and a risk, for those who enter.

    Columns: `of`, `level`, `people` of the cohort, `value` (a share from 0 to 1; of a risk the mean
    in percent), the same of the `scenario`'s own people, the `difference`, and for how many people
    of the cohort's table the level is `assumed`, as nothing says it. Levels that neither has are
    left out. A sentence of custody without a length is of the band `unknown`.
    """
    rows = [*_shares(cohort, scenario), *_flags(cohort, scenario), *_risks(cohort, scenario)]
    table = pd.DataFrame(rows, columns=COLUMNS[:5])
    assumed = [_assumed(cohort, *row[:2]) for row in rows]
    return table.assign(difference=table["value"] - table["scenario"], assumed=assumed)


def _assumed(cohort: Cohort, name: object, level: object) -> int:
    """Return for how many people of the table nothing says a level that stands in a row."""
    people = dict(cohort.origin.assumed).get(str(name), 0)
    usual = COLUMNS_OF_PEOPLE[str(name)].default if people else ""
    # Areas and flags have no usual level by name: each of their rows may hold it.
    return people if people == cohort.origin.people or usual in ("", level) else 0


def _shares(cohort: Cohort, scenario: Cohort) -> Iterator[tuple[object, ...]]:
    groups, others = cohort.groups(), scenario.groups()
    inside, there = cohort.enters(), scenario.enters()
    for attribute in GROUPS:
        own = _levels(cohort, groups, attribute)[inside].value_counts()
        other = _levels(scenario, others, attribute)[there].value_counts()
        known = others[attribute].cat.categories
        for level in dict.fromkeys([*known, *sorted(own.index), *sorted(other.index)]):
            people, of_scenario = int(own.get(level, 0)), int(other.get(level, 0))
            if people or of_scenario:
                shares = (people / max(inside.sum(), 1), of_scenario / max(there.sum(), 1))
                yield (attribute, str(level), people, *shares)


def _levels(cohort: Cohort, groups: pd.DataFrame, attribute: str) -> pd.Series[Any]:
    """Return the level of each person in an attribute."""
    found = groups[attribute].astype(object)
    if attribute != "sentence_band":
        return found
    frame = cohort.frame
    return found.mask((frame["disposal"] == "custody") & frame["sentence_days"].isna(), UNKNOWN)


def _flags(cohort: Cohort, scenario: Cohort) -> Iterator[tuple[object, ...]]:
    for name in FLAGS:
        own, other = _of(cohort, name).astype(np.bool_), _of(scenario, name).astype(np.bool_)
        if own.any() or other.any() or _assumed(cohort, name, "yes"):
            yield (name, "yes", int(own.sum()), _share(own), _share(other))


def _risks(cohort: Cohort, scenario: Cohort) -> Iterator[tuple[object, ...]]:
    for name in RISKS:
        own, other = _of(cohort, name), _of(scenario, name)
        yield (name, "mean", len(own), _mean(own), _mean(other))


def _share(truths: Bools) -> float:
    return int(truths.sum()) / max(len(truths), 1)


def _mean(values: np.ndarray) -> float:
    return math.fsum(values.tolist()) / max(len(values), 1)


def _of(cohort: Cohort, name: str) -> np.ndarray:
    enters: Bools = cohort.enters()
    return cohort.frame[name].to_numpy()[enters]
