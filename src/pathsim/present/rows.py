"""Which rows a reader sees first, as words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.outcomes.names import COST_OUTCOMES, HEADLINES, headline_outcomes
from pathsim.outcomes.values import EVERYBODY

from .words import UNDEFINED, DifferenceWords, MeanWords, difference_words, mean_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.outcomes.results import OptionResult, Run
    from pathsim.outcomes.values import Row


def headline_differences(option: OptionResult) -> list[DifferenceWords]:
    """Return the headline outcomes of everybody."""
    return _differences(option, HEADLINES)


def load_differences(option: OptionResult) -> dict[str, list[DifferenceWords]]:
    """Return, for each service that the option changes, what is defined of its load."""
    loads = {
        name: _differences(option, headline_outcomes([name])[len(HEADLINES) :])
        for name in option.services
    }
    return {
        name: [
            words._replace(outcome=words.outcome.removeprefix(f"{name}: "))
            for words in rows
            if {words.baseline, words.option} != {UNDEFINED}
        ]
        for name, rows in loads.items()
    }


def cost_differences(option: OptionResult) -> list[DifferenceWords]:
    """Return the cost to every payer who pays anything."""
    paid = [
        outcome
        for row, (outcome, group) in enumerate(option.rows)
        if group == EVERYBODY
        and outcome in COST_OUTCOMES
        and (option.paired.baseline[row] or option.paired.option[row])
    ]
    return _differences(option, paid)


def group_differences(option: OptionResult, outcome: str) -> list[tuple[str, DifferenceWords]]:
    """Return one outcome for every group that has people."""
    return [
        (group, difference_words(option, row))
        for row, (name, group) in enumerate(option.rows)
        if name == outcome
    ]


def headline_means(run: Run) -> list[MeanWords]:
    """Return the headline outcomes of everybody."""
    return [mean_words(run, row) for row in _places(run.values.rows, HEADLINES)]


def load_means(run: Run) -> dict[str, list[str]]:
    """Return, for each service, its starts, mean wait, people who gave up and places in use."""
    return {
        name: [
            mean_words(run, row).mean
            for row in _places(run.values.rows, headline_outcomes([name])[len(HEADLINES) :])
        ]
        for name in sorted(run.asked.scenario.services)
    }


def cost_means(run: Run) -> list[MeanWords]:
    """Return the cost to every payer who pays anything."""
    rows = _places(run.values.rows, COST_OUTCOMES)
    return [mean_words(run, row) for row in rows if run.estimates.mean[row]]


def _differences(option: OptionResult, outcomes: Iterable[str]) -> list[DifferenceWords]:
    return [difference_words(option, row) for row in _places(option.rows, outcomes)]


def _places(rows: tuple[Row, ...], outcomes: Iterable[str]) -> list[int]:
    place = {outcome: number for number, (outcome, group) in enumerate(rows) if group == EVERYBODY}
    return [place[outcome] for outcome in outcomes if outcome in place]
