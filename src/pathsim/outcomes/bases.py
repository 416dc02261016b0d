"""Of what each outcome is: of index events in a window, of people over a horizon, of everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.counted import OUTCOMES

from .names import CUSTODY_OUTCOMES, OWN_PREFIX, SHARED_OUTCOMES, meaning, place_of

if TYPE_CHECKING:
    from pathsim.scenario.model import Scenario

_PER: Final = {each.name: each.per or each.column for each in OUTCOMES}
"""What each outcome of people is a mean over; of a total, what is counted."""
_OF_EVERYBODY: Final = (*CUSTODY_OUTCOMES, "disposals_in_year")
_FROM_SENTENCE: Final = "reoffences_from_sentence_per_person"


def base_of(outcome: str, scenario: Scenario) -> str:
    """Return of what an outcome is, in words that follow `of`."""
    window = _window(scenario)
    if place_of(outcome):
        shared = outcome.rsplit(".", 1)[1] in SHARED_OUTCOMES
        return f"everybody {window}" if shared else "people who enter"
    if outcome.startswith(OWN_PREFIX):
        return "what an own function reads from the event log"
    if outcome in _OF_EVERYBODY:
        return f"everybody {window}"
    if outcome == _FROM_SENTENCE:
        return f"people who enter, {scenario.follow_up.days.value:g} days from the sentence"
    per = _PER.get(outcome, OutcomeColumn.PEOPLE)
    if per != OutcomeColumn.PEOPLE:
        return _official(per, window, scenario)
    return f"people who enter, {_account(scenario)}{_present_value(outcome, scenario)}"


def base_lines(scenario: Scenario) -> tuple[str, ...]:
    """Return in a few lines of what the outcomes of a first table are."""
    window = _window(scenario)
    money = _present_value("cost_total", scenario).lstrip(", ")
    lines = [
        "rates, reoffences per person and per reoffender, days to the first: of "
        f"{_official(OutcomeColumn.INDEX_EVENTS, window, scenario)}",
        f"from the sentence, days, costs: of people who enter, {_account(scenario)}"
        + (f"; costs {money}" if money else ""),
    ]
    if scenario.services:
        lines.append(f"starts, waits: of people who enter; places in use: of everybody {window}")
    return tuple(lines)


def _window(scenario: Scenario) -> str:
    return f"in the intake window of {scenario.follow_up.intake_days.value:g} days"


def _official(per: OutcomeColumn, window: str, scenario: Scenario) -> str:
    """Return of what the outcomes on the official clock are."""
    by_person = scenario.follow_up.clocks == "person"
    base = "people, one official clock each" if by_person else f"everybody's index events {window}"
    return f"reoffenders among {base}" if per == OutcomeColumn.REOFFENDERS else base


def _account(scenario: Scenario) -> str:
    """Return for what people are counted and paid for."""
    horizon = scenario.follow_up.horizon
    return "all their account" if horizon is None else f"what they cause in {horizon:,g} days"


def _present_value(outcome: str, scenario: Scenario) -> str:
    rate = scenario.costs.discount_rate_percent.value
    if meaning(outcome).unit != "gbp" or "_year_" in outcome or not rate:
        return ""
    return f", at present value ({rate:g}% a year)"
