"""A posterior sample is held against the scenarios before anything runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pathsim.engine.with_parameters import undrawable
from pathsim.errors import InputError, warn_caller
from pathsim.scenario.options import apply, document_of
from pathsim.scenario.unusual import unusual, warn_of
from pathsim.text import counted, visible

from .states import NO_SAMPLE, States

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.scenario.model import Scenario

    from .calibration.posterior import Posterior

_NAMED = 3
"""Of the parameters that are held, in a warning."""


def warn_of_no_sample(scenario: Scenario) -> None:
    """Warn of a fit that is held in all states, as there is no sample of it to draw from."""
    held = [each for each in States(draws=2, seed=0).of(scenario).held if each.reason == NO_SAMPLE]
    if held:
        warn_caller(
            f"{counted(len(held), 'calibrated value')} of '{visible(scenario.title)}' "
            f"{'is' if len(held) == 1 else 'are'} held in all states of the world, so doubt about "
            "the fit is left out: there is no posterior.csv beside the scenario; give one "
            "(--posterior FILE, posterior=)"
        )


def warn_of_undrawn(posterior: Posterior, scenario: Scenario) -> None:
    """Warn of a sample of which states of the world draw a part, or nothing.

    States draw what the scenario has from the fit, so what stands elsewhere than at the centre of
    the sample is held.
    """
    states = States(draws=2, seed=0, posterior=posterior)
    drawn = {each.key for each in states.of(scenario).together}
    others = [str(key) for key in posterior.table.columns if str(key) not in drawn]
    if not others:
        return
    first = ", ".join(others[:_NAMED]) + (", ..." if len(others) > _NAMED else "")
    message = (
        f"posterior: {len(others)} of its {counted(len(posterior.table.columns), 'parameter')} are "
        f"held in all states of the world, as '{visible(scenario.title)}' was not written at their "
        f"centre: {visible(first)}"
    )
    warn_caller(message)


def check_posterior(
    posterior: Posterior | None,
    scenarios: Sequence[Scenario],
    *,
    in_states: bool = False,
    stacklevel: int,
) -> None:
    """Refuse a sample that cannot be drawn in the scenarios; warn of one of other units.

    The levels of a scenario with a risk score are multiples, those of one without are rates a
    day, so the sample of one is of no use for the other.
    """
    if posterior is None:
        return
    file = Path(posterior.file.path) if posterior.file else None
    keys = [str(key) for key in posterior.table.columns]
    for scenario in scenarios:
        problems = [replace(each, file=file) for each in undrawable(scenario, keys)]
        if problems:
            raise InputError(*problems)
    document = document_of("posterior", posterior.centre(source="posterior"), file=file)
    known = unusual(scenarios[0])
    found = [each for each in unusual(apply(scenarios[0], document)) if each not in known]
    warn_of(found, [document], stacklevel=stacklevel + 1)
    if in_states:
        warn_of_undrawn(posterior, scenarios[0])
