"""Outcomes that an analyst's own functions read from the event log of each replication."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
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
Given = Derived | tuple[str, Derived]
"""A function, or one with the name it goes by."""
_ALLOWED = "functions of an event log, each with a name of its own, or pairs (name, function)"
_BY_PERSON = "an index of ids, as the log has them under 'person'"


def named(outcomes: Iterable[Given], *, taken: Container[str] = ()) -> dict[str, Derived]:
    """Return functions by name. Raises InputError for what is no function, or has no name.

    taken: names that other outcomes have.
    """
    if callable(outcomes) or isinstance(outcomes, str) or not isinstance(outcomes, Iterable):
        raise wrong_type("outcomes", outcomes, f"a list of {_ALLOWED}")
    found: dict[str, Derived] = {}
    for each in outcomes:
        name, function = _with_name(each)
        if name in taken:
            message = "is the name of a built-in outcome"
            allowed = f"another name, such as own_{name}"
            raise InputError(Problem(message, key="outcomes", found=name, allowed=allowed))
        if name in found:
            problem = Problem("is given twice", key="outcomes", found=name, allowed=_ALLOWED)
            raise InputError(problem)
        found[name] = function
    return found


def _with_name(given: Given) -> tuple[str, Derived]:
    """Return a name and its function. Raises InputError."""
    name: object
    function: object
    if isinstance(given, tuple) and len(given) == 2:
        name, function = given
    else:
        name, function = getattr(given, "__name__", None), given
    if not callable(function):
        raise wrong_type("outcomes", function, _ALLOWED)
    if not (isinstance(name, str) and name.isidentifier()):
        shown = type(function).__name__ if name is None else name
        raise InputError(Problem("needs a name", key="outcomes", found=shown, allowed=_ALLOWED))
    return name, function


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
    return {
        name: _figure(name, _called(name, function, table), table, lowered.ids, people)
        for name, function in outcomes.items()
    }


def _called(name: str, function: Derived, log: pd.DataFrame) -> object:
    """Return what a function makes of a log; its own errors say whose they are."""
    try:
        # Each has a table of its own: what one does to it is nothing to the others.
        return function(log.copy())
    except Exception as error:
        error.add_note(f"in the own outcome '{name}'")
        raise


def _figure(name: str, found: object, log: pd.DataFrame, ids: NDArray[Any], people: float) -> float:
    """Return a figure, or the mean of one a person over the people counted."""
    if isinstance(found, pd.Series):
        counted = pd.Index(ids.astype(str))
        _refuse_strangers(name, found.index, counted, log)
        try:
            of_each = found.reindex(counted).astype(np.float64)
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


def _refuse_strangers(
    name: str, index: pd.Index[Any], counted: pd.Index[Any], log: pd.DataFrame
) -> None:
    """Refuse figures of anybody who is not in the log: they would be left out. Raises InputError.

    People of other generations are in the log and not counted.
    """
    others = index[~index.isin(counted)]
    strangers = others[~others.isin(pd.unique(log["person"]))]
    if len(strangers):
        message = "is a Series by something else than the person"
        found = strangers.tolist()[0]
        raise InputError(Problem(message, key=name, found=found, allowed=_BY_PERSON))
