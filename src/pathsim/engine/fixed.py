"""Sums in fixed point: back to ordinary numbers, and whether all amounts were in range."""

from __future__ import annotations

import numpy as np

from pathsim.elementary.fixed import LARGEST, LARGEST_SUM
from pathsim.engine.contract import (
    LOAD_UNITS,
    PERSON_UNITS,
    UNITS_A_DAY,
    Counts,
    Floats,
    Ints,
    OutcomeColumn,
    ServiceCount,
)
from pathsim.errors import InputError, Problem
from pathsim.vocabulary import PAYERS


def counts_of(  # noqa: PLR0913 the parts of Counts
    *, person: Ints, load: Ints, busy: Ints, queue: Ints, in_custody: Floats, events: int
) -> Counts:
    """Return what has been added up in units as counts, days and pounds.

    Arrays as in `contract.Counts`. Units are powers of two, so equal sums stay equal.
    """
    return Counts(
        person=person / PERSON_UNITS,
        load=load / LOAD_UNITS,
        busy_days=busy / UNITS_A_DAY,
        queue_days=queue / UNITS_A_DAY,
        in_custody=in_custody,
        events=events,
    )


def check_people(largest: Floats, *, people: int) -> None:
    """Refuse amounts of one person, [N_PERSON_COLUMNS], so large that a sum may not fit.

    Raises InputError.
    """
    most = _most(PERSON_UNITS, people)
    # So written that what is no number is refused too; nothing that is added up is below 0.
    problems = [
        _problem(_name(column), largest[column], most[column], people, "people")
        for column in np.flatnonzero(~((largest >= 0.0) & (largest < most))).tolist()
    ]
    if problems:
        raise InputError(*problems)


def check_days(*, longest: float, load: Ints, people: int, window: float) -> None:
    """Refuse waits or services, or an intake window, so long that a sum of days may not fit.

    longest: days of a wait or in a service. load: [..., N_LOADS] by service, of everybody.
    Raises InputError.
    """
    starts = int(load[..., ServiceCount.STARTS].max(initial=0))
    # People have one place in a service at a time, so their days there lie in the window.
    for name, days, count, word in (
        ("days of one wait or in one service", longest, starts, "starts"),
        ("days of the intake window", window, people, "people"),
    ):
        most = float(_most(np.array(UNITS_A_DAY), count))
        if not days < most:
            raise InputError(_problem(name, days, most, count, word))


def _most(units: Floats, count: int) -> Floats:
    return np.asarray(min(LARGEST, LARGEST_SUM / max(count, 1)) / units)


def _problem(name: str, amount: float, most: float, count: int, word: str) -> Problem:
    return Problem(
        f"too many {name} to be added up over {count:,} {word}",
        found=float(amount),
        allowed=f"less than {most:,.0f}",
    )


def _name(column: int) -> str:
    if column >= OutcomeColumn.COST:
        return f"pounds of {PAYERS[column - OutcomeColumn.COST]} for one person"
    return f"{OutcomeColumn(column).name.lower().replace('_', ' ')} of one person"
