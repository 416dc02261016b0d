"""Which rows a reader sees first, as words."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

from pathsim.outcomes.changes import by_phase, place_title, places, with_a_limit
from pathsim.outcomes.names import (
    COSTS_SHOWN,
    CUSTODY_BOOK_OUTCOMES,
    HEADLINES,
    SERVICE_PREFIX,
    headline_loads,
    meaning,
)
from pathsim.outcomes.values import EVERYBODY
from pathsim.scenario.titles import title_of, with_id
from pathsim.vocabulary import PUBLIC_PURSE

from .words import (
    UNDEFINED,
    DifferenceWords,
    MeanWords,
    Style,
    difference_words,
    load_words,
    mean_words,
    money,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathsim.outcomes.changes import Change
    from pathsim.outcomes.effects import Effect
    from pathsim.outcomes.results import Comparison, OptionResult, Run
    from pathsim.outcomes.values import Row
    from pathsim.scenario.model import Scenario

CUSTODY_BOOKS = "Public purse, by the price of a day in custody"
CUSTODY_BOOKS_MEAN = (
    "refill: share of the custody days saved that others fill, at the same price. Other costs hold "
    "the marginal price and the option's own share."
)


def headline_differences(option: OptionResult) -> list[DifferenceWords]:
    """Return the headline outcomes of everybody."""
    return _differences(option, HEADLINES)


def overview(comparison: Comparison, outcomes: Sequence[str]) -> list[list[DifferenceWords]]:
    """Return `outcomes` of each option, money in one unit for all of them."""
    pairs = [_amounts(option, outcomes) for option in comparison.options]
    levels, spreads = ([*chain.from_iterable(side)] for side in zip(*pairs, strict=True))
    amounts = money(levels, spreads)
    return [_differences(option, outcomes, amounts=amounts) for option in comparison.options]


def load_differences(option: OptionResult) -> dict[str, list[DifferenceWords]]:
    """Return, for each service or pool that the option changes, what is defined of its load.

    They are called by their titles, with the id beside.
    """
    limited = option.places_with_a_limit
    return {
        _called(place, option.request.scenario): [
            words
            for words in _differences(option, headline_loads(place, may_be_full=place in limited))
            if {words.baseline, words.option} != {UNDEFINED}
        ]
        for place in option.places
    }


def cost_differences(option: OptionResult) -> list[DifferenceWords]:
    """Return the cost to every payer who pays anything, then the public purse, and both."""
    rows = _places(option.rows, COSTS_SHOWN)
    paid = [row for row in rows if option.paired.baseline[row] or option.paired.option[row]]
    return _differences(option, [option.rows[row][0] for row in paid])


def custody_book_differences(option: OptionResult) -> list[DifferenceWords]:
    """Return the public purse's cost at each price of custody, with none and all refilled.

    Nothing where the option changes days in custody by no more than chance.
    """
    if not _differs(option, "days_in_custody_per_person"):
        return []
    costs = option.request.scenario.costs
    booked = costs.custody_day_gbp
    prices = {"marginal": booked, "average": booked | costs.custody_average_day_gbp}
    words = _differences(option, CUSTODY_BOOK_OUTCOMES)
    shown = [name for name in CUSTODY_BOOK_OUTCOMES if (name, EVERYBODY) in option.rows]
    found = []
    for name, each in zip(shown, words, strict=True):
        price, _, share = name.removeprefix("cost_public_").partition("_refill_")
        day = sum(prices[price][payer].value for payer in PUBLIC_PURSE if payer in prices[price])
        found.append(each._replace(outcome=f"{price}, £{day:,.10g} a day, refill {share}"))
    return found


def group_differences(option: OptionResult, outcome: str) -> list[tuple[str, str, DifferenceWords]]:
    """Return one outcome for every group that has people: group, size, words."""
    return [
        (group, f"{option.sizes.get(group, 0):,}", difference_words(option, row))
        for row, (name, group) in enumerate(option.rows)
        if name == outcome
    ]


def headline_means(run: Run) -> list[MeanWords]:
    """Return the headline outcomes of everybody."""
    return _means(run, _places(run.rows, HEADLINES))


def load_means(run: Run) -> dict[str, list[str]]:
    """Return each service's or pool's starts, mean wait, people who gave up, places in use.

    Between the last two, where any queue has a limit, people turned away. A service without places
    that somebody shares or waits for has no queue to show.
    """
    scenario = run.request.scenario
    any_limit = _has_limits(run)
    return {
        _called(place, scenario): [
            load_words(float(run.estimates.mean[row]), meaning(run.rows[row][0]).unit)
            for row in _places(run.rows, headline_loads(place, may_be_full=any_limit))
        ]
        for place in places(sorted(scenario.services), scenario)
        if _is_offered(run, place)
    }


def load_heads(run: Run) -> tuple[str, ...]:
    """Return the heads of a table of `load_means`."""
    loads = headline_loads("service", may_be_full=_has_limits(run))
    return ("service", *(meaning(f"service.{load}").title for load in loads))


def _has_limits(run: Run) -> bool:
    scenario = run.request.scenario
    return bool(with_a_limit(places(sorted(scenario.services), scenario), scenario))


def not_offered(run: Run) -> list[str]:
    """Return the titles of the services that have no places and that nobody starts."""
    scenario = run.request.scenario
    shown = places(sorted(scenario.services), scenario)
    return [place_title(place, scenario) for place in shown if not _is_offered(run, place)]


def cost_means(run: Run) -> list[MeanWords]:
    """Return the cost to every payer who pays anything, then the public purse, and both."""
    rows = _places(run.rows, COSTS_SHOWN)
    return _means(run, [row for row in rows if run.estimates.mean[row]])


def changes_by_phase(option: OptionResult) -> dict[str, list[Change]]:
    """Return what an option changes, by the days for which it is in force; empty: always."""
    return by_phase(option.changes, option.request.scenario)


def change_words(change: Change, scenario: Scenario) -> str:
    """Return what a change is of: the title, with the key beside it."""
    return with_id(title_of(change.key, scenario), change.key)


def effect_words(effect: Effect, scenario: Scenario) -> str:
    """Return an effect by its title, with value, interval, grade and the key beside it."""
    _, _, figures = effect.in_words().partition(" ")
    return with_id(f"{title_of(effect.key, scenario)} {figures}", effect.key)


def _called(place: str, scenario: Scenario) -> str:
    return with_id(place_title(place, scenario), place.removeprefix(SERVICE_PREFIX))


def _is_offered(run: Run, place: str) -> bool:
    """Return whether a place has starts, or places that nobody took."""
    starts, *_, in_use = _places(run.rows, headline_loads(place))
    mean = run.estimates.mean
    return bool(mean[starts] > 0 or mean[in_use] == 0 or _is_unlimited(run, place))


def _is_unlimited(run: Run, place: str) -> bool:
    service = run.request.scenario.services.get(place.removeprefix(SERVICE_PREFIX))
    return service is not None and service.capacity == "unlimited" and not service.pool


def _differences(
    option: OptionResult, outcomes: Iterable[str], *, amounts: Style | None = None
) -> list[DifferenceWords]:
    rows = _places(option.rows, outcomes)
    amounts = amounts or money(*_amounts(option, outcomes))
    return [difference_words(option, row, amounts=amounts) for row in rows]


def _differs(option: OptionResult, outcome: str) -> bool:
    """Return whether an outcome of everybody differs by more than chance."""
    (row,) = _places(option.rows, [outcome])
    number = {name: float(column[row]) for name, column in option.columns().items()}
    if math.isfinite(number["same_in"]):
        return number["difference"] != 0.0
    return number["low"] > 0.0 or number["high"] < 0.0


def _amounts(option: OptionResult, outcomes: Iterable[str]) -> tuple[list[float], list[float]]:
    """Return the levels and the differences of an option's costs."""
    columns = option.columns()
    rows = _places(option.rows, outcomes)
    costs = [row for row in rows if meaning(option.rows[row][0]).unit == "gbp"]
    levels = [float(columns["baseline"][row]) for row in costs]
    ends = ("low", "difference", "high")
    every = ([abs(float(columns[end][row])) for end in ends] for row in costs)
    spreads = [max(filter(math.isfinite, row), default=math.nan) for row in every]
    return levels, spreads


def _means(run: Run, rows: list[int]) -> list[MeanWords]:
    costs = [row for row in rows if meaning(run.rows[row][0]).unit == "gbp"]
    amounts: Style = money([float(run.estimates.mean[row]) for row in costs])
    return [mean_words(run, row, amounts=amounts) for row in rows]


def _places(rows: tuple[Row, ...], outcomes: Iterable[str]) -> list[int]:
    place = {outcome: number for number, (outcome, group) in enumerate(rows) if group == EVERYBODY}
    return [place[outcome] for outcome in outcomes if outcome in place]
