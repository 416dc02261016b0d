"""What a call of a verb asks for: scenarios, people, and how much is simulated."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from pathsim.errors import InputError, Problem, wrong_type
from pathsim.people.cohort import Cohort
from pathsim.scenario.doubt import doubt
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.scale import with_scale
from pathsim.study.calibration.posterior import Posterior, read_posterior
from pathsim.study.drawable import warn_of_no_sample
from pathsim.study.plan import Plan, make_plan
from pathsim.study.states import sample_beside

from .provenance import Request

Source = Scenario | str | Path
People = Cohort | pd.DataFrame | str | Path


DRAWS: Final = 64
"""States of the world, where nothing else is asked for."""
REPLICATIONS_PER_DRAW: Final = 4
REPLICATIONS: Final = 200
"""Where there are no states of the world."""
A_SOURCE = "a Scenario, the path of a scenario file, or the name of a shipped one"


class Effort(NamedTuple):
    """How much is simulated, as it was asked for."""

    draws: int | None
    replications: int | None
    seed: int
    workers: int | None
    engine: str
    posterior: str | Path | Posterior | None


def plan_of(
    scenarios: Sequence[Scenario],
    effort: Effort,
    *,
    unpaired: bool = False,
    least_replications: int = 1,
) -> Plan:
    """Return the plan of what was asked for, with states of the world if any quantity is in doubt.

    Raises InputError.
    """
    draws = effort.draws
    if unpaired and draws:
        message = "are not drawn for independent samples, which share no state of the world"
        raise InputError(Problem(message, key="draws", found=draws, allowed="0 with unpaired"))
    if draws is None:
        in_doubt = not unpaired and any(doubt(each).drawn for each in scenarios)
        draws = DRAWS if in_doubt else 0
    usual = REPLICATIONS_PER_DRAW if draws else REPLICATIONS
    posterior = posterior_of(effort.posterior)
    if draws and posterior is None:
        posterior = sample_beside(scenarios[0])
        if posterior is None:
            warn_of_no_sample(scenarios[0])
    return make_plan(
        replications=usual if effort.replications is None else effort.replications,
        seed=effort.seed,
        workers=effort.workers,
        engine=effort.engine,
        least_replications=2 if draws else least_replications,
        posterior=posterior,
        draws=draws,
    )


def posterior_of(source: str | Path | Posterior | None) -> Posterior | None:
    """Return a sample, read where it is a path; None without one. Raises InputError."""
    if isinstance(source, str | os.PathLike):
        return read_posterior(source)
    if source is None or isinstance(source, Posterior):
        return source
    allowed = "the path of a posterior sample (.csv), the name of a shipped one, or a Posterior"
    raise wrong_type("posterior", source, allowed)


def scaled(request: Request, scale: float | None) -> Request:
    """Return a request with the places scaled, where a scale is asked for. Raises InputError."""
    return (
        request if scale is None else request._replace(scenario=with_scale(request.scenario, scale))
    )


def people_of(source: People | None) -> Cohort | None:
    """Return the people brought; None: the scenario's own. Raises InputError."""
    return None if source is None else Cohort.of(source)


def as_list(options: Source | Sequence[Source]) -> list[Source]:
    """Return the options as a list, also where there is one. Raises InputError."""
    if isinstance(options, Scenario | str | os.PathLike):
        return [options]
    table = hasattr(options, "columns")  # going through one gives its columns' names
    if isinstance(options, Iterable) and not isinstance(options, Mapping | bytes) and not table:
        return list(options)
    raise wrong_type("options", options, f"{A_SOURCE}, or a list of them")


def request_of(source: Source, *, key: str = "scenario") -> Request:
    """Return a scenario as it was asked for, read where it is a path. Raises InputError."""
    if isinstance(source, Scenario):
        return Request(source.title, None, source)
    if not isinstance(source, str | os.PathLike):
        raise wrong_type(key, source, A_SOURCE)
    scenario = load(source)
    return Request(scenario.title, os.fspath(source), scenario)


def distinct(request: Iterable[Request]) -> list[Request]:
    """Give a number to titles that occur again: a table tells options apart by them."""
    seen: dict[str, int] = {}
    distinct = []
    for each in request:
        seen[each.title] = seen.get(each.title, 0) + 1
        again = f" ({seen[each.title]})" if seen[each.title] > 1 else ""
        distinct.append(each._replace(title=each.title + again))
    return distinct
