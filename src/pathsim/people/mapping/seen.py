"""What a file says happened to its people, by the table [observed] of the mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pathsim.people.cells import truths
from pathsim.people.words import EMPTY_WORDS, flag_of

from .alike import alike
from .columns import numbers_of
from .dates import dates

if TYPE_CHECKING:
    from .making import Making
    from .model import Observed


def seen_in(making: Making) -> pd.DataFrame:
    """Return what happened, in the order of the people.

    Columns: of `reoffended` and `censored` (truths, or missing), `days` (nan: none), `date` and
    `since` (no time: none) those that the mapping names.
    """
    seen = pd.DataFrame(index=range(len(making.laid.table)))
    observed = making.loaded.mapping.observed
    if observed is None:
        return seen
    _refuse_unsaid(making, observed)
    for name in ("reoffended", "censored"):
        if column := getattr(observed, name):
            seen[name] = _flags(making, name, _known(making, observed, column))
    if observed.days:
        cells = _known(making, observed, observed.days)
        seen["days"] = numbers_of(making, cells)
        wrong = truths(cells != "") & ~(seen["days"].to_numpy() >= 0)
        making.blame("observed.days", wrong, "must be a number of days, 0 or more")
    for name in ("date", "since"):
        if column := getattr(observed, name):
            seen[name] = _dates(making, observed, name, _known(making, observed, column))
    if {"date", "since"} <= set(seen):
        early = truths(seen["date"] < seen["since"])
        making.blame("observed.date", early, "is before the date from which days are counted")
    return seen


def _refuse_unsaid(making: Making, observed: Observed) -> None:
    """Refuse columns that say nothing without another."""
    if observed.date and observed.days:
        making.refuse("does not go with days", ("observed", "date"), allowed="either of the two")
    if observed.date and not observed.since:
        message = "needs the date from which days are counted"
        allowed = "since: the column with the release from custody, or the disposal of the others"
        making.refuse(message, ("observed", "date"), allowed=allowed)
    if observed.censored and not (observed.days or observed.date):
        message = "says nothing without days, or a date, until when people were followed"
        making.refuse(message, ("observed", "censored"), allowed="with days, or date")
    if observed.reoffended and observed.within_days is None:
        message = "does not say within how many days"
        making.refuse(message, ("observed", "reoffended"), allowed="with within_days")


def _known(making: Making, observed: Observed, column: str) -> pd.Series[Any]:
    """Return the cells of a column, empty where nothing is known."""
    cells = making.cells(column)
    words = {alike(str(each)) for each in observed.unknown}
    gone = {text for text in map(str, cells.unique()) if alike(text) in words}
    return cells.where(~truths(cells.isin([*gone, *EMPTY_WORDS])), "")


def _flags(making: Making, name: str, cells: pd.Series[Any]) -> pd.Series[Any]:
    places, distinct = pd.factorize(cells)
    truth = [flag_of(str(text)) if text else None for text in distinct]
    found = pd.Series(np.array([*truth, None], dtype=object)[places], dtype="boolean")
    bad = truths(cells != "") & truths(found.isna())
    making.blame(f"observed.{name}", bad, "must be true or false", allowed="yes, no, true, false")
    return found


def _dates(making: Making, observed: Observed, name: str, cells: pd.Series[Any]) -> pd.Series[Any]:
    found = pd.Series(dates(cells, date_format=observed.date_format))
    wrong = truths(cells != "") & truths(found.isna())
    written = observed.date_format or "YYYY-MM-DD; say another with date_format"
    making.blame(f"observed.{name}", wrong, "is no date", allowed=written)
    return found
