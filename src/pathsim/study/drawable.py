"""A posterior sample is held against the scenarios before anything runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pathsim.engine.with_parameters import undrawable
from pathsim.errors import InputError
from pathsim.scenario.options import apply, document_of
from pathsim.scenario.unusual import unusual, warn_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.scenario.model import Scenario

    from .calibration.posterior import Posterior


def check_posterior(
    posterior: Posterior | None, scenarios: Sequence[Scenario], *, stacklevel: int
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
