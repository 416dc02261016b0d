"""Every outcome by name, with its unit and the direction that is better.

`down` is better for reoffending, homelessness, costs, waits and people who gave up
waiting or were turned away; `up` for the time to the first reoffence. No direction is better for
days in custody (a sentence served is neither a success nor a failure), nor for what
describes a service's use (starts, completions, utilisation, queue): an option may
mean to raise or to lower them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.engine.counted import DOWN, NEITHER, OUTCOMES, TOTALS
from pathsim.engine.counted import Unit as Unit
from pathsim.vocabulary import PAYER_TITLES, PUBLIC_PURSE

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

SAME: Final = "the same"
"""What stands in place of a chance of being better, where nothing differs."""


class Meaning(NamedTuple):
    """Unit of an outcome and the sign of a better difference (0: no direction is better)."""

    unit: Unit
    better: int
    title: str


_PEOPLE: Final = {each.name: Meaning(each.unit, each.better, each.title) for each in OUTCOMES}
_TOTALS: Final = {each.name: Meaning(each.unit, DOWN, each.title) for each in TOTALS}
_CUSTODY: Final[dict[str, Meaning]] = {
    "custody_places_mean": Meaning("number", NEITHER, "Custody places used, mean"),
    "custody_places_peak": Meaning("number", NEITHER, "Custody places used, peak"),
    "custody_places_first": Meaning("number", NEITHER, "Custody places used, first day"),
    "custody_places_last": Meaning("number", NEITHER, "Custody places used, last day"),
    "custody_nights_elsewhere": Meaning("number", DOWN, "Nights beyond the custody places"),
}
_COSTS: Final[dict[str, Meaning]] = {
    "cost_total": Meaning("gbp", DOWN, "Cost, total of both"),
    "cost_public": Meaning("gbp", DOWN, "Cost: public purse"),
    **{
        f"cost_{name}": Meaning("gbp", DOWN, f"Cost: {title}")
        for name, title in PAYER_TITLES.items()
    },
}
_CUSTODY_BOOKS: Final = {
    f"cost_public_{price}_refill_{share}": Meaning(
        "gbp", DOWN, f"Cost: public purse, custody at {price} price, refill {share}"
    )
    for price in ("marginal", "average")
    for share in (0, 1)
}
_SERVICE: Final[dict[str, Meaning]] = {
    "starts": Meaning("number", NEITHER, "starts"),
    "mean_wait_days": Meaning("days", DOWN, "mean wait, days"),
    "reneged": Meaning("number", DOWN, "gave up waiting"),
    "turned_away": Meaning("number", DOWN, "turned away"),
    "completed": Meaning("number", NEITHER, "completed"),
    "utilisation": Meaning("share", NEITHER, "places in use"),
    "mean_queue": Meaning("number", NEITHER, "mean queue"),
    "supply_years": Meaning("number", NEITHER, "years of its places that one cohort uses"),
}
OWN_PREFIX: Final = "own."
"""Of an outcome that the analyst's own function reads from the event log."""
SERVICE_PREFIX: Final = "service."
POOL_PREFIX: Final = "pool."
"""Of the load on places that several services share."""
PEOPLE_OUTCOMES: Final = tuple(_PEOPLE)
TOTAL_OUTCOMES: Final = tuple(_TOTALS)
CUSTODY_OUTCOMES: Final = tuple(_CUSTODY)
COST_OUTCOMES: Final = tuple(_COSTS)
CUSTODY_BOOK_OUTCOMES: Final = tuple(_CUSTODY_BOOKS)
"""Of a comparison, and of everybody only: at each price of custody, first with no saved day filled
by others, then with all."""
SERVICE_OUTCOMES: Final = tuple(_SERVICE)
SHARED_OUTCOMES: Final = ("utilisation", "mean_queue")
"""Those of a service that are known of everybody only."""
EXPECTED_OUTCOMES: Final = tuple(name for name in _PEOPLE if name.startswith("expected_"))
"""What was to be expected of people on their paths: the same means as the counts, less chance."""
RATE: Final = "proven_reoffending_rate"
HEADLINES: Final = (
    RATE,
    "reoffences_per_person",
    "reoffences_from_sentence_per_person",
    *EXPECTED_OUTCOMES,
    "reoffences_per_reoffender",
    "days_to_first_reoffence",
    "days_in_custody_per_person",
    "days_homeless_per_person",
    "cost_public",
    "cost_society",
    "cost_total",
)
"""What a first table shows of every option."""
COSTS_SHOWN: Final = (
    *(f"cost_{name}" for name in PUBLIC_PURSE),
    *("cost_public", "cost_society", "cost_total"),
)
"""The costs in the order in which they add up."""
HEADLINE_LOADS: Final = ("starts", "mean_wait_days", "reneged", "utilisation")
"""What it shows of a service that an option changes."""


def headline_loads(place: str, *, may_be_full: bool = False) -> list[str]:
    """Return the outcomes a first table shows of `place`, such as `service.x` or `pool.y`.

    may_be_full: whether its queue has a limit, so that people may be turned away.
    """
    loads = list(HEADLINE_LOADS)
    if may_be_full:
        loads.insert(loads.index("reneged") + 1, "turned_away")
    return [f"{place}.{load}" for load in loads]


def headline_outcomes(places: Iterable[str], *, may_be_full: Container[str] = ()) -> list[str]:
    """Return the outcomes a first table shows: the headlines, then the load on `places`.

    may_be_full: the places whose queue has a limit.
    """
    loads = (headline_loads(place, may_be_full=place in may_be_full) for place in places)
    return [*HEADLINES, *chain.from_iterable(loads)]


def meaning(outcome: str) -> Meaning:
    """Return the unit, the better direction and the title of `outcome`; KeyError if unknown.

    The title of a load leaves out whose it is: `place_of` tells.
    """
    if outcome.startswith(OWN_PREFIX):
        title = outcome.removeprefix(OWN_PREFIX).replace("_", " ").capitalize()
        return Meaning("number", NEITHER, title)
    return _SERVICE[outcome.rsplit(".", 1)[1]] if place_of(outcome) else _PLAIN[outcome]


def outcome_names(*, services: Iterable[str], pools: Iterable[str]) -> list[str]:
    """Return every outcome of a scenario with these services and pools, whatever its runs say."""
    places = [f"{SERVICE_PREFIX}{name}" for name in services]
    places += [f"{POOL_PREFIX}{name}" for name in pools]
    loads = [f"{place}.{load}" for place in places for load in SERVICE_OUTCOMES]
    return [*PEOPLE_OUTCOMES, *TOTAL_OUTCOMES, *CUSTODY_OUTCOMES, *COST_OUTCOMES, *loads]


def place_of(outcome: str) -> str:
    """Return `service.x` or `pool.y`, of which the outcome is the load; empty if of none."""
    is_load = outcome.startswith((SERVICE_PREFIX, POOL_PREFIX))
    return outcome.rsplit(".", 1)[0] if is_load else ""


_PLAIN: Final = _PEOPLE | _TOTALS | _CUSTODY | _COSTS | _CUSTODY_BOOKS
BUILT_IN: Final = frozenset(_PLAIN)
"""Outcomes of people, totals, custody and costs, whatever the services."""
