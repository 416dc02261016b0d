"""Outcomes that an analyst's own functions read from the event log of each replication."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.arguments import plain_number
from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.log import log_table
from pathsim.errors import EngineError, InputError, Problem, wrong_type

if TYPE_CHECKING:
    from pathsim.elementary.arrays import Floats
    from pathsim.engine.contract import Counts, Log
    from pathsim.engine.lowering import Lowered

Derived = Callable[[pd.DataFrame], Any]
"""From an event log, as `pathsim.log` returns one, to a number or a Series of them by person."""
_ALLOWED = "functions of an event log, each with a name of its own"


def named(outcomes: Iterable[Derived]) -> dict[str, Derived]:
    """Return functions by name. Raises InputError for what is no function, or has no name."""
    if callable(outcomes) or isinstance(outcomes, str) or not isinstance(outcomes, Iterable):
        raise wrong_type("outcomes", outcomes, f"a list of {_ALLOWED}")
    found: dict[str, Derived] = {}
    for each in outcomes:
        name = getattr(each, "__name__", "")
        if not callable(each):
            raise wrong_type("outcomes", each, _ALLOWED)
        if not name.isidentifier():
            problem = Problem("needs a name", key="outcomes", found=name, allowed=_ALLOWED)
            raise InputError(problem)
        if name in found:
            problem = Problem("is given twice", key="outcomes", found=name, allowed=_ALLOWED)
            raise InputError(problem)
        found[name] = each
    return found


def room(outcomes: Mapping[str, Derived], replications: int) -> dict[str, Floats]:
    """Return where the values of each replication go, [R] by name."""
    return {name: np.full(replications, np.nan) for name in outcomes}


def read_log(
    outcomes: Mapping[str, Derived],
    log: Log | None,
    lowered: Lowered,
    counts: Counts,
    replication: int,
) -> dict[str, float]:
    """Return what each function makes of the log of a replication. Raises InputError."""
    if log is None:
        raise EngineError("the engine kept no log")
    table = log_table(lowered, log, replication)
    people = float(counts.person[0, OutcomeColumn.PEOPLE])
    # Each has a table of its own: what one does to it is nothing to the others.
    return {
        name: _figure(name, function(table.copy()), lowered.ids, people)
        for name, function in outcomes.items()
    }


def _figure(name: str, found: object, ids: NDArray[Any], people: float) -> float:
    """Return a figure, or the mean of one a person over the people counted."""
    if isinstance(found, pd.Series):
        try:
            of_each = found.reindex(pd.Index(ids.astype(str))).astype(np.float64)
        except (TypeError, ValueError):
            allowed = "numbers by the id of the person, each id once"
            raise wrong_type(name, found, allowed) from None
        if np.isinf(of_each).any():
            allowed = "finite numbers, or NaN for whom there is none"
            raise InputError(Problem("is infinite for some people", key=name, allowed=allowed))
        return float(of_each.fillna(0.0).sum()) / people if people else np.nan
    number = plain_number(found)
    if number is None:
        raise wrong_type(name, found, "a number, or a pandas.Series of them by the person's id")
    if np.isinf(number):
        allowed = "a finite number, or NaN where there is none"
        raise InputError(Problem("is infinite", key=name, found=number, allowed=allowed))
    return number
