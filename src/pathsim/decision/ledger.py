"""What an option changes, and for whom: its whole difference taken apart by why lives differ.

Baseline and option are simulated with the same random numbers and each person told apart.
Everybody's difference is the sum of people's, by the first thing that touched their story
(`stories.py`), and of what is paid for places whoever uses them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.engine.contract import OutcomeColumn
from pathsim.outcomes.changes import touched_services
from pathsim.outcomes.statistics import estimate_levels
from pathsim.outcomes.values import cost, refilled

from .stories import CAUSES, UNCHANGED, Touch, cause, first_difference, stories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.elementary.arrays import Floats
    from pathsim.outcomes.changes import Change
    from pathsim.scenario.model import Scenario
    from pathsim.study.one_by_one import Records
    from pathsim.study.runs import ScenarioRuns

    from .stories import Story

PLACES: Final = "places"
"""The part of everybody's difference that is nobody's own: what is paid whoever uses it."""
PARTS: Final = (*CAUSES, PLACES)
_COUNTED: Final = {
    "reoffences_total": OutcomeColumn.REOFFENCES_TOTAL,
    "reoffences_from_sentence": OutcomeColumn.REOFFENCES_FROM_SENTENCE,
    "days_in_custody": OutcomeColumn.CUSTODY_DAYS,
    "days_homeless": OutcomeColumn.HOMELESS_DAYS,
}
_NOBODY: Final = -1
_PAID: Final = ("cost_public", "cost_society")
FIGURES: Final = (*_COUNTED, *_PAID)
"""What is told apart: offences and days within the horizon, and pounds at present value."""


class Life(NamedTuple):
    """One person in one replication, on both sides."""

    id: str
    cause: str
    day: float
    """On which the stories part; nan: they do not."""
    before: Story
    after: Story
    difference: Floats
    """Of each of FIGURES."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """The parts of an option's difference."""

    parts: pd.DataFrame
    """A row a part and a figure: part, people (their mean number), figure, mean, low, high: of the
    option less the baseline, with the 95% interval of luck over the
    replications, nan where all say the same. The last part is
    `all`, to which the others add up."""
    people: pd.DataFrame
    """Of the first replication, a row a person whose story differs: person, cause, day, and the
    difference of each figure; the greatest in offences first, then in cost."""
    lives: dict[str, Life]
    """Of the first replication, by id."""
    services: tuple[str, ...]
    """By the numbers that stories have."""
    replications: int


def touch_of(changed: Sequence[Change], option: Scenario, services: tuple[str, ...]) -> Touch:
    """Return what an option's changes touch. services: by the numbers that stories have."""
    keys = [re.sub(r"^(before\.)+", "", change.key) for change in changed]
    more = any(not key.startswith(("services.", "pools.", "from_day")) for key in keys)
    touched = touched_services(changed, option)
    return Touch({services.index(each) for each in touched if each in services}, more)


def ledger(
    baseline: Records, option: Records, *, touch: Touch, services: tuple[str, ...]
) -> Ledger:
    """Return the parts of an option's difference. services: of both, by their shared numbers."""
    people = len(baseline.ids)
    sides = (baseline.runs, refilled(option.runs, baseline.runs))
    before, after = (_figures(runs, people) for runs in sides)
    own = after - before  # [R, N, F]
    pairs = [_pairs(baseline, option, number, services) for number in range(len(own))]
    causes = np.array([[CAUSES.index(cause(*pair, touch)) for pair in each] for each in pairs])
    # An occasion of who is followed already is no person.
    causes[baseline.runs.person[:, -people:, OutcomeColumn.PEOPLE] == 0.0] = _NOBODY
    lives = _lives(baseline, pairs[0], causes[0], own[0])
    return Ledger(
        parts=_parts(causes, own, _everybody(sides[1]) - _everybody(sides[0])),
        people=_people(lives),
        lives=lives,
        services=services,
        replications=len(own),
    )


def _pairs(
    baseline: Records, option: Records, number: int, services: tuple[str, ...]
) -> list[tuple[Story, Story]]:
    """Return everybody's stories in a replication, without the option and with it."""
    sides = [
        stories(
            side.stories[number],
            people=len(side.ids),
            services=np.array([services.index(each) for each in side.services], np.int64),
        )
        for side in (baseline, option)
    ]
    return list(zip(*sides, strict=True))


def _figures(runs: ScenarioRuns, people: int) -> Floats:
    """Return each figure of each person, [R, N, F]."""
    counted = [runs.person[:, -people:, column] for column in _COUNTED.values()]
    paid = [cost(runs, name)[:, -people:] for name in _PAID]
    return np.stack([*counted, *paid], axis=2)


def _everybody(runs: ScenarioRuns) -> Floats:
    """Return each figure of everybody, [R, F]."""
    counted = [runs.person[:, 0, column] for column in _COUNTED.values()]
    return np.stack([*counted, *(cost(runs, name)[:, 0] for name in _PAID)], axis=1)


def _parts(causes: Any, own: Floats, whole: Floats) -> pd.DataFrame:
    rows = []
    by_cause = [((causes == k)[:, :, None] * own).sum(axis=1) for k in range(len(CAUSES))]
    left = whole - np.sum(by_cause, axis=0)
    numbers = [float((causes == k).sum(axis=1).mean()) for k in range(len(CAUSES))]
    every = zip(
        (*PARTS, "all"), (*numbers, 0.0, sum(numbers)), (*by_cause, left, whole), strict=True
    )
    for part, people, values in every:
        found = estimate_levels(values).estimates
        for k, figure in enumerate(FIGURES):
            mean, low, high = (float(each[k]) for each in (found.mean, found.low, found.high))
            rows.append((part, people, figure, mean, low, high))
    return pd.DataFrame(rows, columns=["part", "people", "figure", "mean", "low", "high"])


def _lives(
    records: Records, pairs: list[tuple[Story, Story]], causes: Any, own: Floats
) -> dict[str, Life]:
    found = {}
    for k, (before, after) in enumerate(pairs):
        if causes[k] == _NOBODY:
            continue
        place = first_difference(before, after)
        day = np.nan
        if place is not None:
            day = min(float(side.time[place]) for side in (before, after) if place < len(side.time))
        name = str(records.ids[k])
        found[name] = Life(name, CAUSES[causes[k]], day, before, after, own[k])
    return found


def _people(lives: dict[str, Life]) -> pd.DataFrame:
    rows = [
        (each.id, each.cause, each.day, *each.difference.tolist())
        for each in lives.values()
        if each.cause != UNCHANGED
    ]
    table = pd.DataFrame(rows, columns=["person", "cause", "day", *FIGURES])
    size = table[["reoffences_total", *_PAID]].abs()
    order = size.assign(paid=size[list(_PAID)].sum(axis=1)).sort_values(
        ["reoffences_total", "paid"], ascending=False, kind="stable"
    )
    return table.loc[order.index].reset_index(drop=True)
