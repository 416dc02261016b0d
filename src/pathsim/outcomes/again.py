"""A comparison simulated again, in states of the world that are chosen and not drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.errors import InputError, Problem
from pathsim.study.plan import make_plan
from pathsim.study.run import run_study

from .against import Against

if TYPE_CHECKING:
    from collections.abc import Callable

    from pathsim.study.states import States

    from .results import Comparison


def compare_again(
    result: Comparison, states: States, *, progress: Callable[[int, int], None] | None = None
) -> Comparison:
    """Return the comparison of the same scenarios in other states of the world.

    Seed, engine and replications of each state are those of `result`. Raises InputError where
    people were brought, whom a comparison does not keep.
    """
    origin = result.provenance
    if any(file["of"] == "people" for file in origin["inputs"]):
        message = "cannot be simulated again with the people who were brought"
        allowed = "a comparison of the scenarios' own people"
        raise InputError(Problem(message, key="comparison", allowed=allowed))
    request = [result.baseline.request, *(option.request for option in result.options)]
    scenarios = [each.scenario for each in request]
    plan = make_plan(
        replications=origin["replications_per_draw"],
        seed=origin["seed"],
        workers=origin["workers"],
        engine=origin["engine"],
        least_replications=2,
        posterior=states.posterior,
        draws=states.draws,
    )
    services = {name for each in scenarios for regime in each.regimes for name in regime.services}
    changed = [option.changes for option in result.options]
    against = Against(request, changed, services=services, draws=plan.draws)
    study = run_study(scenarios, plan=plan, progress=progress, take=against.take, states=states)
    return against.comparison(study)
