"""What a mapping says happened to people, as the table of outcomes that validation takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from .apply import Mapped

_A_DAY = np.timedelta64(1, "D")


class Outcomes(NamedTuple):
    """A table of outcomes, and the days that they are of."""

    table: pd.DataFrame
    """`id`, and of `reoffended`, `days` and `followed_days` what is known."""
    within_days: float | None
    """None: not said."""


def outcomes_of(frame: pd.DataFrame, about: Mapped | None) -> Outcomes:
    """Return the outcomes of people, in their order.

    frame: the cohort's. Raises InputError where no mapping says what happened, or it says dates of
    reoffences and no dates from which days are counted.
    """
    observed = None if about is None else about.mapping.observed
    if about is None or observed is None:
        message, allowed = "no mapping says what happened", "a table [observed]"
        raise InputError(Problem(message, key="observed", allowed=allowed))
    seen = about.observed
    table = pd.DataFrame({"id": frame["id"].to_numpy()})
    days = _days(frame, about)
    if "censored" in seen and days is not None:
        # Until then nothing had happened, and nobody looked further.
        censored = seen["censored"].fillna(value=False).to_numpy(np.bool_)
        table["followed_days"] = np.where(censored, days, np.nan)
        days = np.where(censored, np.nan, days)
    if days is not None:
        table["days"] = days
    if "reoffended" in seen:
        said = seen["reoffended"]
        yes = np.where(said.fillna(value=False).to_numpy(np.bool_), "yes", "no")
        table["reoffended"] = np.where(said.isna().to_numpy(), "", yes)
    return Outcomes(table, observed.within_days)


def _days(frame: pd.DataFrame, about: Mapped) -> np.ndarray | None:
    """Return the days to each reoffence, nan where there is none; None: they are not told."""
    seen = about.observed
    if "days" in seen:
        return seen["days"].to_numpy(np.float64)
    if "date" not in seen:
        return None
    start = about.mapping.columns.get("start_day")
    if start is None or start.first_day is None:
        message = "needs the dates from which days are counted"
        allowed = "columns.start_day with first_day, beside observed.date"
        raise InputError(Problem(message, key="observed.date", allowed=allowed))
    since = pd.to_datetime(seen["date"]) - pd.Timestamp(start.first_day)
    days: np.ndarray = (since / _A_DAY).to_numpy(np.float64) - frame["start_day"].to_numpy()
    return days
