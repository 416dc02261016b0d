"""How a cohort differs from a scenario's own people: shares and mean risk, side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pathsim.vocabulary import GROUPS

from .columns import FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cells import Bools
    from .cohort import Cohort

RISKS = ("risk_one_year_percent", "risk_two_year_percent")
COLUMNS = ("of", "level", "people", "value", "scenario", "difference")


def beside(cohort: Cohort, scenario: Cohort) -> pd.DataFrame:
    """Return a row a level, a need and a risk, for those who enter.

    Columns: `of`, `level`, `people` of the cohort, `value` (a share from 0 to 1; of a risk the mean
    in percent), the same of the `scenario`'s own people, and the `difference`. Levels that neither
    has are left out.
    """
    rows = [*_shares(cohort, scenario), *_flags(cohort, scenario), *_risks(cohort, scenario)]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    return table.assign(difference=table["value"] - table["scenario"])


def _shares(cohort: Cohort, scenario: Cohort) -> Iterator[tuple[object, ...]]:
    groups, others = cohort.groups(), scenario.groups()
    inside, there = cohort.enters(), scenario.enters()
    for attribute in GROUPS:
        own = groups[attribute][inside].astype(object).value_counts()
        other = others[attribute][there].astype(object).value_counts()
        for level in dict.fromkeys([*others[attribute].cat.categories, *sorted(own.index)]):
            people, of_scenario = int(own.get(level, 0)), int(other.get(level, 0))
            if people or of_scenario:
                shares = (people / max(inside.sum(), 1), of_scenario / max(there.sum(), 1))
                yield (attribute, str(level), people, *shares)


def _flags(cohort: Cohort, scenario: Cohort) -> Iterator[tuple[object, ...]]:
    for name in FLAGS:
        own, other = _of(cohort, name).astype(np.bool_), _of(scenario, name).astype(np.bool_)
        if own.any() or other.any():
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
