"""The items of STRESS-DES, version 1.0, filled in from a comparison.

Monks and others (2019), Strengthening the reporting of empirical simulation studies, Journal of
Simulation 13(1), 55-67, doi 10.1080/17477778.2018.1442155. The items are named, not quoted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.outcomes.bases import base_lines
from pathsim.outcomes.names import HEADLINES, meaning
from pathsim.text import counted

from .facts import (
    effort_said,
    grades_said,
    inputs_said,
    interval_said,
    options_said,
    version_said,
)
from .item import Item, QualitySheet

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison

_PAGES: Final = "docs/model.md"


def stress(comparison: Comparison) -> QualitySheet:
    """Return the sheet."""
    return QualitySheet(
        "STRESS-DES",
        "Items of STRESS-DES 1.0 (Monks and others 2019, doi 10.1080/17477778.2018.1442155).",
        (
            *_objectives(comparison),
            *_logic(comparison),
            *_data(comparison),
            *_experimentation(comparison),
            *_implementation(comparison),
        ),
    )


def _objectives(comparison: Comparison) -> tuple[Item, ...]:
    scenario = comparison.baseline.request.scenario
    outcomes = ", ".join(meaning(name).title for name in HEADLINES)
    bases = "; ".join(base_lines(scenario))
    return (
        Item(
            "1.1 Purpose of the model",
            f"{scenario.title}. {scenario.description}".strip(),
            "The decision that this run is for, and who takes it.",
        ),
        Item("1.2 Model outputs", f"{outcomes}. {bases}. {interval_said(comparison)}."),
        Item(
            "1.3 Experimentation aims",
            f"Scenarios: {options_said(comparison)}.",
            "Why these options were chosen and others were not.",
        ),
    )


def _logic(comparison: Comparison) -> tuple[Item, ...]:
    scenario = comparison.baseline.request.scenario
    pools = counted(len(scenario.pools), "pool of shared places", "pools of shared places")
    return (
        Item("2.1 Base model overview diagram", f"{_PAGES}, with the diagram in docs/year.md."),
        Item("2.2 Base model logic", f"{_PAGES}, one section a mechanism."),
        Item("2.3 Scenario logic", options_said(comparison)),
        Item("2.4 Algorithms", f"{_PAGES}: hazards, queues, courts and custody as formulas."),
        Item(
            "2.5.1 Entities",
            f"People, one each: {comparison.provenance['people']:,} counted, from "
            f"{comparison.provenance['people_from'] or 'the scenario'}.",
        ),
        Item(
            "2.5.2 Activities",
            counted(len(scenario.services), "service") + ", court cases, sentences, custody, "
            "licence and homes; durations are in the scenario.",
        ),
        Item(
            "2.5.3 Resources",
            f"Places of the services, {pools}, and custody; limits are in the scenario.",
        ),
        Item("2.5.4 Queues", "One a service or pool; order, patience and limit in the scenario."),
        Item(
            "2.5.5 Entry and exit points",
            f"Entry at a disposal in an intake window of {scenario.follow_up.intake_days.value:g} "
            "days; a person leaves when the account of them is closed.",
        ),
    )


def _data(comparison: Comparison) -> tuple[Item, ...]:
    local = "What data of the area's own was used, with its date and its owner."
    return (
        Item("3.1 Data sources", f"{grades_said(comparison)}. pathsim evidence lists each.", local),
        Item("3.2 Pre-processing", inputs_said(comparison)),
        Item("3.3 Input parameters", "pathsim docs values lists value, interval and source."),
        Item(
            "3.4 Assumptions", f"{_PAGES} and docs/assumptions.md.", "Which were agreed with whom."
        ),
    )


def _experimentation(comparison: Comparison) -> tuple[Item, ...]:
    follow_up = comparison.baseline.request.scenario.follow_up
    return (
        Item(
            "4.1 Initialisation",
            f"{follow_up.generations_before} windows of people before the counted ones fill the "
            "system.",
        ),
        Item(
            "4.2 Run length",
            f"An intake of {follow_up.intake_days.value:g} days, a follow-up of "
            f"{follow_up.days.value:g} days and {follow_up.waiting_days.value:g} days for proof.",
        ),
        Item("4.3 Estimation approach", f"{effort_said(comparison)}; {interval_said(comparison)}."),
    )


def _implementation(comparison: Comparison) -> tuple[Item, ...]:
    run = comparison.provenance
    return (
        Item("5.1 Software or programming language", version_said(comparison)),
        Item(
            "5.2 Random sampling",
            "Counter-based random numbers, addressed by seed, replication, person and purpose; the "
            "same for every scenario.",
        ),
        Item("5.3 Model execution", f"Engine: {run['engine']}; events in the order of time."),
        Item(
            "5.4 System specification",
            f"{run['platform']}; Python {run['python']}, NumPy {run['numpy']}, Numba "
            f"{run['numba']}; {run['workers']} threads; {run['elapsed_seconds']:,.0f} seconds.",
        ),
        Item(
            "6.1 Computer model sharing statement",
            "Code: MIT licence. Data: see LICENSE-DATA.md.",
            "Where this run's files are kept, and who may have them.",
        ),
    )
