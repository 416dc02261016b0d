"""Whom an option helps: its benefit, starts and waits by group, with doubt.

A group's benefit is set beside everybody's, draw by draw: an interval of the group alone does not
say whether others gain more. Groups of fewer than ten people are not told. Where everybody is in
one group, nothing is known of the attribute, and nothing is told of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem, wrong_type
from pathsim.outcomes.group_words import attribute, whole_group
from pathsim.outcomes.results import Comparison, OptionResult
from pathsim.outcomes.values import EVERYBODY

from .told import Told, told

ATTRIBUTES: Final = ("sex", "age_band", "ethnicity", "area")
FEWEST_PEOPLE: Final = 10
TOO_FEW: Final = f"fewer than {FEWEST_PEOPLE} people"
NOTHING_KNOWN: Final = "nothing known: everybody is in one group"
NOBODY_STARTS: Final = "nobody starts what the option changes"


class GroupBenefit(NamedTuple):
    """What an option does for one group."""

    attribute: str
    group: str
    people: int
    change: Told | None = None
    """Of the group's proven reoffending rate, below 0 where it falls; None: it is not told."""
    beside: Told | None = None
    """That change less everybody's: below 0 where the group gains more than others."""
    starts: tuple[float, float] = (np.nan, np.nan)
    """Of what the option changes, in the baseline and in the option; nan: it is no service."""
    wait: tuple[float, float] = (np.nan, np.nan)
    """Mean days of waiting for it; nan: nobody waits."""
    note: str = ""
    """Why nothing is told, or who is left out."""

    @property
    def apart(self) -> bool:
        """Whether the group gains more or less than everybody, beyond doubt."""
        return self.beside is not None and (self.beside.low > 0.0 or self.beside.high < 0.0)


def equality(comparison: Comparison) -> pd.DataFrame:
    """Return what each option does for whom: a row an option and a group.

    Parameters
    ----------
    comparison
        In states of the world, as `compare` returns where anything is in doubt.

    Returns
    -------
    pandas.DataFrame
        option, attribute, group, people; change, low, high: of the group's proven reoffending rate,
        a share; beside_everybody, beside_low, beside_high: that change less everybody's;
        starts_baseline, starts_option, wait_baseline, wait_option: of the services that the option
        changes, and days; note: why nothing is told.

    Raises
    ------
    InputError
        When there are no states of the world.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    >>> found = ps.equality(ps.compare(town, more, draws=8, replications=2))
    >>> sorted(set(found.loc[found["attribute"] == "sex", "group"]))
    ['sex=female', 'sex=male']
    """
    if not isinstance(comparison, Comparison):
        raise wrong_type("comparison", comparison, "a Comparison, as pathsim.compare returns")
    draws = 0 if comparison.states is None else comparison.states.draws
    if not draws:
        message = "no states of the world, so nothing is known of doubt"
        raise InputError(Problem(message, key="draws", found=0, allowed="such as draws=64"))
    rows = [
        _row(option.request.title, each)
        for option in comparison.options
        for each in benefits(option, draws=draws)
    ]
    return pd.DataFrame(rows)


def benefits(option: OptionResult, *, draws: int) -> tuple[GroupBenefit, ...]:
    """Return what an option does for each group, attribute by attribute. draws: states."""
    return tuple(
        each for attribute in ATTRIBUTES for each in _of_attribute(option, attribute, draws=draws)
    )


def _of_attribute(option: OptionResult, attribute: str, *, draws: int) -> Iterator[GroupBenefit]:
    groups = [group for group in option.by_group if group.partition("=")[0] == attribute]
    sizes = [option.sizes.get(group, 0) for group in groups]
    if sum(size > 0 for size in sizes) < 2:
        everybody = option.sizes.get(EVERYBODY, 0)
        yield GroupBenefit(attribute, EVERYBODY, everybody, note=NOTHING_KNOWN)
        return
    for group, people in zip(groups, sizes, strict=True):
        if people < FEWEST_PEOPLE:
            yield GroupBenefit(attribute, group, people, note=TOO_FEW)
        else:
            yield _benefit(option, attribute, group, draws=draws)


def _benefit(option: OptionResult, attribute: str, group: str, *, draws: int) -> GroupBenefit:
    change = option.by_group[group]
    starts, wait = _starts(option, group), _waits(option, group)
    everybody = _starts(option, EVERYBODY)
    left_out = max(everybody) > 0.0 and max(starts) == 0.0
    return GroupBenefit(
        attribute,
        group,
        option.sizes[group],
        change=_told(change, draws),
        beside=_told(change - option.by_group[EVERYBODY], draws),
        starts=starts,
        wait=wait,
        note=NOBODY_STARTS if left_out else "",
    )


def _told(values: Floats, draws: int) -> Told:
    return told(values.reshape(draws, -1))


def _starts(option: OptionResult, group: str) -> tuple[float, float]:
    """Return the starts of what the option changes on both sides; nan: it changes no service."""
    sides = [np.nansum(values) for values in _of_places(option, "starts", group) if len(values)]
    return (float(sides[0]), float(sides[1])) if sides else (np.nan, np.nan)


def _waits(option: OptionResult, group: str) -> tuple[float, float]:
    """Return the mean wait on both sides, of several services by their starts."""
    sides = []
    both = zip(
        _of_places(option, "starts", group),
        _of_places(option, "mean_wait_days", group),
        strict=True,
    )
    for starts, waits in both:
        weight = np.where(np.isnan(waits), 0.0, starts)
        some = weight.sum() > 0.0
        days = np.nansum(np.where(np.isnan(waits), 0.0, waits) * weight)
        sides.append(float(days / weight.sum()) if some else np.nan)
    return sides[0], sides[1]


def _of_places(option: OptionResult, outcome: str, group: str) -> tuple[Floats, Floats]:
    """Return the means of an outcome of each service changed, in the baseline and the option."""
    names = [(f"{place}.{outcome}", group) for place in option.places]
    rows = [option.rows.index(name) for name in names if name in option.rows]
    return option.paired.baseline[rows], option.paired.option[rows]


def _row(title: str, each: GroupBenefit) -> dict[str, Any]:
    change, beside = (list(told[:3]) if told else [np.nan] * 3 for told in each[3:5])
    return {
        "option": title,
        "attribute": each.attribute,
        "group": each.group,
        "people": each.people,
        **dict(zip(("change", "low", "high"), change, strict=True)),
        **dict(zip(("beside_everybody", "beside_low", "beside_high"), beside, strict=True)),
        **dict(zip(("starts_baseline", "starts_option"), each.starts, strict=True)),
        **dict(zip(("wait_baseline", "wait_option"), each.wait, strict=True)),
        "note": each.note,
    }


def equality_sentence(found: Sequence[GroupBenefit]) -> str:
    """Return in words who does better or worse by an option than others, and who is left out."""
    told_of = [each for each in found if each.change is not None]
    parts = []
    for more, words in ((True, "better"), (False, "worse")):
        names = [
            whole_group(each.group)
            for each in told_of
            if each.apart and (each.beside.high < 0.0) == more  # type: ignore[union-attr] # apart
        ]
        if names:
            parts.append(f"do {words} by it than everybody: {', '.join(names)}")
    if parts:
        said = (
            f"With doubt counted, of {len(told_of)} groups these {'; these '.join(parts)} (one in "
            "twenty may look so by chance)."
        )
    elif told_of:
        said = f"No group of {len(told_of)} is seen to do better or worse by it than everybody."
    else:
        said = ""
    left_out = [whole_group(each.group) for each in told_of if each.note == NOBODY_STARTS]
    if left_out:
        said += f" Nobody starts it among: {', '.join(left_out)}."
    unknown = [attribute(each.attribute) for each in found if each.note == NOTHING_KNOWN]
    if unknown:
        said += f" Nothing is known of {', '.join(unknown)}: everybody is in one group."
    return said.strip()
