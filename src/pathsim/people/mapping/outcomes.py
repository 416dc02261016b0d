"""What a mapping says happened to people, as the table of outcomes that validation takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from .apply import Mapped

LINES: Final = "lines of the file"
"""Under which a table of outcomes has the line of each row, as one of its `attrs`."""
FILE: Final = "file"
_A_DAY = np.timedelta64(1, "D")


class Outcomes(NamedTuple):
    """A table of outcomes, and the days that they are of."""

    table: pd.DataFrame
    """`id`, and of `reoffended`, `days` and `followed_days` what is known; without the people of
    whom nothing is."""
    within_days: float | None
    """None: not said, and not needed where there are days."""
    only_within: bool
    """Whether nothing but `reoffended` is known, which is of those days alone."""


def outcomes_of(frame: pd.DataFrame, about: Mapped | None) -> Outcomes:
    """Return the outcomes of people, in their order.

    frame: the cohort's. Raises InputError where no mapping says what happened.
    """
    observed = None if about is None else about.mapping.observed
    if about is None or observed is None:
        message, allowed = "no mapping says what happened", "a table [observed]"
        raise InputError(Problem(message, key="observed", allowed=allowed))
    seen = about.observed
    table = pd.DataFrame({"id": frame["id"].to_numpy()})
    known = np.ones(len(table), np.bool_)
    if "days" in seen or "date" in seen:
        days, since = _days(seen)
        known &= since
        if "censored" in seen:
            # Until then nothing had happened, and nobody looked further.
            cut = seen["censored"].fillna(value=False).to_numpy(np.bool_)
            known &= ~(cut & np.isnan(days))
            table["followed_days"] = np.where(cut, days, np.nan)
            days = np.where(cut, np.nan, days)
        table["days"] = days
    if "reoffended" in seen:
        table["reoffended"] = _said(seen["reoffended"], table, observed.within_days)
    table.attrs = {LINES: tuple(about.lines[known].tolist()), FILE: about.path}
    kept = table[known].reset_index(drop=True)
    return Outcomes(kept, observed.within_days, only_within="days" not in table)


def _days(seen: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the days to each reoffence, nan where there is none, and of whom they are known."""
    if "days" in seen:
        return seen["days"].to_numpy(np.float64), np.ones(len(seen), np.bool_)
    since = pd.to_datetime(seen["since"])
    days = (pd.to_datetime(seen["date"]) - since) / _A_DAY
    return days.to_numpy(np.float64), ~since.isna().to_numpy()


def _said(said: pd.Series, table: pd.DataFrame, within: float | None) -> np.ndarray:
    """Return yes, no, or nothing where neither the flag nor a day says it."""
    yes = np.where(said.fillna(value=False).to_numpy(np.bool_), "yes", "no")
    silent = said.isna().to_numpy()
    if "days" not in table or within is None:
        return np.where(silent, "", yes)
    days = table["days"].to_numpy()
    by_day = np.where(np.isnan(days), "", np.where(days <= within, "yes", "no"))
    return np.where(silent, by_day, yes)
