"""What a brought cohort cannot do in a scenario: services nobody can start, places of others."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.errors import InputError, warn_caller
from pathsim.people.areas import read_as
from pathsim.people.cohort import Cohort
from pathsim.people.columns import NEED_COLUMNS
from pathsim.people.origin import name_of
from pathsim.scenario.cohort import SampledCohort, TableCohort
from pathsim.scenario.scale import has_places, places_for, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pathsim.engine.contract import Words
    from pathsim.engine.lowering import Lowered
    from pathsim.people.origin import Origin
    from pathsim.scenario.model import Scenario
    from pathsim.scenario.service import Eligible, Service

SAME_SIZE: Final = 0.01
"""Relative difference in the number of people up to which places are still theirs."""

MOST_PLACES: Final = 8
"""Rounded places that a warning lists."""


def warn_of_people(
    scenarios: Sequence[Scenario], cohorts: Sequence[Cohort], lowered: Sequence[Lowered]
) -> None:
    """Warn of what the people of these scenarios cannot do; each thing once."""
    said: dict[str, None] = {}
    for scenario, cohort, low in zip(scenarios, cohorts, lowered, strict=True):
        if cohort.origin.name:
            said |= dict.fromkeys(read_as(cohort.origin, scenario.areas))
            said |= dict.fromkeys(neverstarted(scenario, cohort.origin, low))
            said |= dict.fromkeys(late_starts(scenario, cohort))
            said |= dict.fromkeys(all_enter(scenario, cohort))
        else:
            said |= dict.fromkeys(other_entries(scenario, cohort))
        said |= dict.fromkeys(places_of_others(scenario, cohort))
    said |= dict.fromkeys(rounded_places(scenarios))
    for message in said:
        warn_caller(message)


def neverstarted(scenario: Scenario, origin: Origin, lowered: Lowered) -> Iterator[str]:
    """Yield which services nobody can start, and which missing columns keep people out."""
    word = np.bitwise_or.reduce(_open_to(lowered))
    open_to = {
        name for number, name in enumerate(lowered.services) if int(word) >> number & 1
    } & scenario.services.keys()
    court = scenario.sentencing.presumption.with_service
    can = started(scenario.services, open_to, with_presumption=court)
    # What nobody at all can start is told of the scenario, not of these people.
    ever = started(scenario.services, set(scenario.services), with_presumption=court)
    never = sorted(ever - can)
    missing = origin.missing()
    wants = {name: missing & _asked_columns(scenario.services[name].eligible) for name in never}
    for_want = [name for name in never if wants[name]]
    others = [name for name in never if not wants[name]]
    if for_want:
        columns = set().union(*wants.values())
        names = sorted(columns - set(NEED_COLUMNS)) + ["needs"] * bool(columns & set(NEED_COLUMNS))
        yield (
            f"{origin.name}: nothing is given of {', '.join(names)}, so nobody can start "
            f"{', '.join(for_want)}"
        )
    if others:
        yield f"{origin.name}: of these people nobody can start {', '.join(others)}"


def _open_to(lowered: Lowered) -> Words:
    """Return the services that take each person, now or for a later offence, one bit each."""
    people, tables = lowered.people, lowered.tables
    at_hand = tables.for_offence[-1]
    groups = at_hand[people.offence_group]
    if tables.rules["same_group"][-1] < 1.0:
        groups = groups | np.bitwise_or.reduce(at_hand)
    open_to: Words = people.eligible[-1] & groups
    return open_to


def started(
    services: Mapping[str, Service], open_to: set[str], *, with_presumption: str = ""
) -> set[str]:
    """Return the services that somebody can start, given whom they take.

    with_presumption: the one to which a court brings those whom it spares custody.
    """
    can = {with_presumption} & open_to
    while True:
        done = {name for name in can if services[name].drop_out_share.value < 1.0}
        more = {name for name in open_to - can if _reached(services[name], can, done)}
        if not more:
            return can
        can |= more


def _reached(service: Service, can: set[str], done: set[str]) -> bool:
    """Return whether something can bring a person to a service, and it may begin then.

    can, done: the services that somebody can start, and complete.
    """
    trigger = service.trigger
    own = trigger.disposals or trigger.release or trigger.reoffence
    brought = own or trigger.homeless or trigger.pre_release or can.intersection(trigger.services)
    brought = brought or done.intersection(trigger.of)
    allowed = not service.requires_any or can.intersection(service.requires_any)
    return bool(brought and allowed)


def _asked_columns(eligible: Eligible) -> set[str]:
    """Return the columns, of those that may be left out, that decide whom a service takes."""
    request = {f"need_{need}" for need in eligible.needs_any}
    request |= {name for name in ("ethnicity", "area") if getattr(eligible, name)}
    return request | ({"domestic_abuse"} if eligible.domestic_abuse is not None else set())


def late_starts(scenario: Scenario, cohort: Cohort) -> Iterator[str]:
    """Yield that people start after the intake window."""
    window = scenario.follow_up.intake_days.value
    late = int((cohort.frame["start_day"].to_numpy(np.float64) > window).sum())
    if late:
        yield (
            f"{cohort.origin.name}: start_day of {late:,} people is after the intake window of "
            f"{window:g} days; it is in days from the window's first day"
        )


def all_enter(scenario: Scenario, cohort: Cohort) -> Iterator[str]:
    """Yield that the scenario's shares of entries are not those of these people."""
    source = scenario.cohort
    if isinstance(source, SampledCohort) and source.entry_shares and cohort.enters().all():
        yield (
            f"{cohort.origin.name}: all {len(cohort):,} people enter: the scenario's "
            "cohort.entry_shares are of the occasions of its own cohort. Give people, each once, "
            "or their reoffences come on top of occasions that are theirs already"
        )


def enter_as_in(scenario: Scenario, cohort: Cohort) -> bool:
    """Return whether people enter by a scenario's own entry shares."""
    source = scenario.cohort
    shares = source.entry_share_values() if isinstance(source, SampledCohort) else {}
    return cohort.entry_shares() == shares


def other_entries(scenario: Scenario, cohort: Cohort) -> Iterator[str]:
    """Yield that the people of another scenario enter by its shares and not by this one's."""
    if not enter_as_in(scenario, cohort):
        yield (
            f"{int(cohort.enters().sum()):,} of the {len(cohort):,} people given enter, by the "
            "cohort.entry_shares of the scenario that they were made from; those of "
            f"'{scenario.title}' are others. Give Cohort.from_scenario of it, or leave them out"
        )


def places_of_others(scenario: Scenario, cohort: Cohort) -> Iterator[str]:
    """Yield that the scenario's places are those of another number of people."""
    meant = len(cohort) if _are_its_own(scenario, cohort) else people_of_places(scenario)
    if meant is None or not has_places(scenario):
        return
    meant = _who_enter(scenario, cohort, meant)
    served = meant * scenario.scale.value
    if abs(len(cohort) - served) > SAME_SIZE * served:
        so_far = (
            "" if scenario.scale.value == 1 else f" times the scale of {scenario.scale.value:g}"
        )
        yield (
            f"places of services and custody are those of {meant:,} people{so_far}, and "
            f"{len(cohort):,} are followed; scale = {len(cohort) / meant:.4g} would fit them"
        )


def _who_enter(scenario: Scenario, cohort: Cohort, occasions: int) -> int:
    """Return how many people enter with so many occasions, where everybody of a cohort enters."""
    source = scenario.cohort
    if not (isinstance(source, SampledCohort) and source.entry_shares and cohort.enters().all()):
        return occasions
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # these people are not followed
        enters = Cohort.from_scenario(scenario).enters()
    return round(occasions * float(enters.mean()))


def _are_its_own(scenario: Scenario, cohort: Cohort) -> bool:
    """Return whether the cohort was read from the scenario's own table."""
    source = scenario.cohort
    own = isinstance(source, TableCohort) and cohort.origin.name == name_of(Path(source.file))
    return own and scenario.places_for is None


def people_of_places(scenario: Scenario) -> int | None:
    """Return for how many people a scenario's places are; None if that cannot be known."""
    known = places_for(scenario)
    if known is not None:
        return known
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # these people are not followed
            return len(Cohort.from_scenario(scenario))
    except InputError:
        return None


def rounded_places(scenarios: Iterable[Scenario]) -> Iterator[str]:
    """Yield which places the scale rounds, and to how many, those most changed first."""
    regimes = [each for one in scenarios for each in one.regimes]
    found = {place for regime in regimes for place in rounded(regime)}
    ordered = sorted(found, key=lambda place: (-abs(place.places / place.exact - 1), place.key))
    if ordered:
        words = [f"{key} {exact:.4g} to {places:,}" for key, exact, places in ordered[:MOST_PLACES]]
        more = len(ordered) - MOST_PLACES
        yield f"scale rounds places: {', '.join(words)}" + (f" and {more} more" if more > 0 else "")
