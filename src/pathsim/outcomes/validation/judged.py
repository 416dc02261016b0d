"""Predictions judged by what happened: all figures as tidy tables, for everybody and by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.elementary.ordered import total

from .calibration import calibration
from .discrimination import area_under_curve
from .shares import UNDEFINED, Interval, wilson
from .small import FEWEST, hidden, points_told
from .survival import kaplan_meier
from .tenths import by_tenth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats

    Bools = NDArray[np.bool_]

ALL: Final = "all"
FIGURES: Final = (
    "people",
    "reoffended",
    "observed",
    "predicted",
    "observed_over_predicted",
    "auc",
    "calibration_in_the_large",
    "calibration_intercept",
    "calibration_slope",
)
"""What is told of each prediction in each group."""


class Prediction(NamedTuple):
    """What was foretold of each person."""

    within: Floats
    """[people] chance of a reoffence within the days; needed of those who are known."""
    survival: Floats
    """[people, days] chance of none by each day."""


class Happened(NamedTuple):
    """What happened to each person; each [people]."""

    known: Bools
    counts: Bools
    """Whether it counts in shares: followed for long enough."""
    reoffended: Bools
    days: Floats
    """To the reoffence, or for how long there was none; nan where it is not known."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Figures, tenths and curves, a row each; nan where a small number would be told."""

    figures: pd.DataFrame
    """prediction, group, figure, value, low, high"""
    tenths: pd.DataFrame
    """prediction, group, tenths, people, predicted, reoffended, observed, low, high"""
    survival: pd.DataFrame
    """prediction, group, day, predicted, and at days that are told observed, low, high"""


def judged(
    predictions: Mapping[str, Prediction],
    happened: Happened,
    groups: pd.DataFrame,
    *,
    at: Floats,
) -> Judged:
    """Return how each prediction lies against what happened, for everybody and by group.

    groups: columns of levels, by which to tell people apart. at: the days of the curves. The order
    of the people may change the last bit: give them in an order of their own.
    """
    whole = list(_groups(happened, groups))
    figures: list[tuple[Any, ...]] = []
    tenths: list[tuple[Any, ...]] = []
    curves: list[tuple[Any, ...]] = []
    for name, prediction in predictions.items():
        for group, members, told in whole:
            row = (name, group)
            counted = members & happened.counts
            p, yes = prediction.within[counted], happened.reoffended[counted]
            enough = told and _enough(yes)
            figures += [(*row, *each) for each in _figures(p, yes, told=enough)]
            if enough:
                tenths += [(*row, *each) for each in _tenths(p, yes)]
            timed = members & happened.known & ~np.isnan(happened.days)
            if enough and timed.any():
                curves += [(*row, *each) for each in _curve(prediction, happened, timed, at)]
    ends = ("observed", "low", "high")
    return Judged(
        figures=_table(figures, "figure", "value", "low", "high"),
        tenths=_table(tenths, "tenths", "people", "predicted", "reoffended", *ends),
        survival=_table(curves, "day", "predicted", *ends),
    )


def _table(rows: list[tuple[Any, ...]], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["prediction", "group", *columns])


def _enough(yes: Bools) -> bool:
    return min(int(np.count_nonzero(yes)), int(np.count_nonzero(~yes))) >= FEWEST


def _groups(happened: Happened, groups: pd.DataFrame) -> Iterator[tuple[str, Bools, bool]]:
    """Yield each group, who is in it, and whether it is told."""
    yield ALL, np.ones(len(groups), np.bool_), True
    for attribute in groups:
        codes = groups[attribute].cat.codes.to_numpy()
        levels = groups[attribute].cat.categories
        yes, no = (
            np.bincount(codes[happened.counts & side], minlength=len(levels)).tolist()
            for side in (happened.reoffended, ~happened.reoffended)
        )
        for code, out in enumerate(hidden(yes, no)):
            if yes[code] + no[code]:
                yield f"{attribute}={levels[code]}", codes == code, not out


def _figures(p: Floats, yes: Bools, *, told: bool) -> Iterator[tuple[str, float, float, float]]:
    for figure, found in zip(FIGURES, _intervals(p, yes, told=told), strict=True):
        yield (figure, *found)


def _intervals(p: Floats, yes: Bools, *, told: bool) -> tuple[Interval, ...]:
    """Return the figures in the order of FIGURES."""
    if not told:
        return (UNDEFINED,) * len(FIGURES)
    count = int(np.count_nonzero(yes))
    fitted = calibration(p, yes)
    return (
        _alone(len(yes)),
        _alone(count),
        wilson(count, len(yes)),
        _alone(float(total(p)) / len(p)),
        fitted.ratio,
        area_under_curve(p, yes),
        fitted.in_the_large,
        fitted.intercept,
        fitted.slope,
    )


def _alone(value: float) -> Interval:
    return Interval(float(value), np.nan, np.nan)


def _tenths(p: Floats, yes: Bools) -> Iterator[tuple[str, int, float, int, float, float, float]]:
    for part in by_tenth(p, yes):
        name = f"{part.first}" if part.first == part.last else f"{part.first}-{part.last}"
        yield name, part.people, part.predicted, part.reoffended, *part.observed


def _curve(
    prediction: Prediction, happened: Happened, timed: Bools, at: Floats
) -> Iterator[tuple[float, float, float, float, float]]:
    people = int(np.count_nonzero(timed))
    found = kaplan_meier(happened.days[timed], happened.reoffended[timed], at=at)
    predicted = total(prediction.survival[timed].T.copy()) / people
    told = np.zeros(len(at), np.bool_)
    told[points_told(found, people=people)] = True
    observed, low, high = (
        np.where(told, each, np.nan) for each in (found.survival, found.low, found.high)
    )
    yield from zip(at, predicted, observed, low, high, strict=True)
