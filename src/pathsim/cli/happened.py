"""What happened to people: a table of its own, or what the mapping of their table says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from pathsim.people.cohort import Cohort

ObservedFile = Annotated[
    Path | None,
    typer.Option(
        help="Table of what happened, .csv or .xlsx: id, and reoffended (yes or no) or days "
        "(to the first reoffence, empty if none), and followed_days where that differs; left out, "
        "what the mapping says in its table of what was observed."
    ),
]

WithinDays = Annotated[
    float | None,
    typer.Option(
        help="Days from the index date; left out, what the mapping says, or the scenario's "
        "follow_up.days."
    ),
]


def happened_to(
    cohort: Cohort, observed: Path | None, *, within_days: float | None
) -> tuple[Any, float | None]:
    """Return what happened, and within how many days, None where nothing says it.

    Raises InputError where neither a table nor a mapping says what happened.
    """
    if observed is not None:
        return observed, within_days
    if cohort.mapped is None or cohort.mapped.mapping.observed is None:
        message = "is missing, and no mapping says what happened to these people"
        allowed = "a table, or a mapping with a table [observed]"
        raise InputError(Problem(message, key="--observed", allowed=allowed))
    outcomes = cohort.outcomes()
    days = outcomes.within_days
    if within_days is not None and outcomes.only_within and within_days != days:
        message = "is not what the mapping's yes and no are of"
        raise InputError(
            Problem(message, key="--within-days", found=within_days, allowed=f"{days:g}")
        )
    return outcomes.table, days if within_days is None else within_days
