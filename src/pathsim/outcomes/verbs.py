"""The two verbs: `run` one scenario, `compare` options with a baseline."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.arguments import whole
from pathsim.errors import InputError, Problem, wrong_type
from pathsim.people.cohort import Cohort
from pathsim.scenario.doubt import doubt
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.scale import warn_of_scale, with_scale
from pathsim.study.calibration.posterior import Posterior, read_posterior
from pathsim.study.drawable import check_posterior, warn_of_no_sample
from pathsim.study.plan import MOST_REPLICATIONS, Plan, make_plan
from pathsim.study.prepare import cohorts
from pathsim.study.run import event_log, run_study
from pathsim.study.states import sample_beside

from .against import Against, run_of, unpaired_comparison
from .changes import changes
from .order import warn_of_order, warn_of_repeats
from .people import refuse_different, run_apart
from .provenance import Request
from .results import Comparison, Run
from .shown import Progress, progress_of
from .unlike import refuse_unlike
from .until import compare_until

Source = Scenario | str | Path
People = Cohort | pd.DataFrame | str | Path


DRAWS: Final = 64
"""States of the world, where nothing else is asked for."""
REPLICATIONS_PER_DRAW: Final = 4
REPLICATIONS: Final = 200
"""Where there are no states of the world."""
_A_SOURCE = "a Scenario, the path of a scenario file, or the name of a shipped one"


def run(  # noqa: PLR0913 keyword-only choices of one study
    scenario: Source,
    *,
    draws: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "kernel",
    cohort: People | None = None,
    scale: float | None = None,
    posterior: str | Path | Posterior | None = None,
    progress: Progress | bool | None = None,
) -> Run:
    """Simulate one scenario and return its outcomes with their 95% intervals.

    draws: states of the world, in each of which every quantity in doubt is drawn anew; left out,
    64 where the scenario has any such quantity. 0: every quantity has its central value, and
    intervals show luck only. replications: of each state, at least 2; left out, 4; without states,
    200.

    scenario: a scenario, or the path of a scenario file. workers: threads; left out, one a
    processor; their number changes no result. engine: `kernel`, or `reference` (slow, readable).
    cohort: the people to follow, as a `Cohort`, a table or the path of a file; left out, the
    scenario's own. scale: factor of all places and their fixed costs, in place of the
    scenario's own. posterior: a sample of calibrated parameters, from which every state of the
    world draws, or without states every replication; left out, the one beside the scenario's
    file, for states. progress: called with how many replications are done, and of how many; left
    out, a notebook shows a line with the time left; False: nothing is shown. Raises
    InputError; warns of what brought people cannot do in the scenario.
    """
    progress = progress_of(progress)
    request = _scaled(_request(scenario), scale)
    plan = _plan(
        [request.scenario],
        Effort(draws, replications, seed, workers, engine, posterior),
    )
    if scale is not None:
        warn_of_scale(scale, stacklevel=2)
    if posterior is not None:
        alone = [request.scenario]
        check_posterior(plan.posterior, alone, in_states=plan.draws > 0, stacklevel=2)
    people = _people_of(cohort)
    study = run_study([request.scenario], plan=plan, cohort=people, progress=progress)
    return run_of([request], [study])


def compare(  # noqa: PLR0913 keyword-only choices of one study
    baseline: Source,
    options: Source | Sequence[Source],
    *,
    draws: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "kernel",
    cohort: People | None = None,
    scale: float | None = None,
    unpaired: bool = False,
    until: float | None = None,
    posterior: str | Path | Posterior | None = None,
    progress: Progress | bool | None = None,
) -> Comparison:
    """Simulate a baseline and its options on the same random numbers and compare them.

    Every replication gives each option's difference from the baseline. The result holds their mean,
    its 95% interval of doubt, the probability that the option is better, and apart from it the
    share of single years in which it would be. The arguments are those of `run`, but for two
    replications or more. Scenarios of different people are refused
    unless `unpaired`: then each is simulated on random numbers of its own, and intervals are
    those of two independent samples (Welch), of luck only. until: simulate in 64 states of the
    world, 128 and so on, until the Monte Carlo error leaves the mean of every option's difference
    in the proven reoffending rate within so much, 95% sure; `draws` is then how many there may be,
    1,024 where it is left out. An option with other clocks, another
    horizon, another discount rate or a record that grows otherwise is refused. Raises InputError;
    warns of an option that changes nothing.
    """
    progress = progress_of(progress)
    if not isinstance(unpaired, bool | np.bool_):
        raise wrong_type("unpaired", unpaired, "True or False")
    if until is not None:
        if unpaired:
            message = "is of states of the world, which independent samples do not share"
            raise InputError(Problem(message, key="until", found=until, allowed="none"))
        again = partial(
            compare,
            *(baseline, options),
            replications=replications,
            seed=seed,
            workers=workers,
            engine=engine,
            cohort=cohort,
            scale=scale,
            posterior=posterior,
            progress=progress or False,
        )
        return compare_until(lambda states: again(draws=states), until=until, draws=draws)
    sources = [_request(each, key="options") for each in _as_list(options)]
    if not sources:
        message = "compare needs at least one option"
        raise InputError(Problem(message, key="options", allowed=f"{_A_SOURCE}, or a list of them"))
    request = [_scaled(each, scale) for each in (_request(baseline, key="baseline"), *sources)]
    scenarios = [each.scenario for each in request]
    effort = Effort(draws, replications, seed, workers, engine, posterior)
    plan = _plan(scenarios, effort, unpaired=bool(unpaired), least_replications=2)
    if scale is not None:
        warn_of_scale(scale, stacklevel=2)
    warn_of_order(request)
    warn_of_repeats(request)
    request[1:] = _distinct(request[1:])
    changed = [changes(request[0].scenario, option.scenario) for option in request[1:]]
    if posterior is not None:
        check_posterior(plan.posterior, scenarios, in_states=plan.draws > 0, stacklevel=2)
    refuse_unlike(request)
    people = cohorts(scenarios, _people_of(cohort))
    if unpaired:
        return unpaired_comparison(
            request, changed, run_apart(scenarios, people, plan=plan, progress=progress)
        )
    refuse_different(request, people)
    services = {name for each in scenarios for regime in each.regimes for name in regime.services}
    against = Against(request, changed, services=services, draws=plan.draws)
    study = run_study(scenarios, plan=plan, cohort=people[0], progress=progress, take=against.take)
    return against.comparison(study)


def log(  # noqa: PLR0913 keyword-only choices of one replication
    scenario: Source,
    *,
    replication: int = 0,
    seed: int = 1,
    engine: str = "kernel",
    cohort: People | None = None,
    scale: float | None = None,
) -> pd.DataFrame:
    """Return the event log of one replication at central values, as the shell's `--log` writes it.

    Times are days from the first day of the intake window, in order. replication: which one, from
    0. The other arguments are those of `run`. Columns: replication, person, time, event, detail.
    Raises InputError.
    """
    number = whole(replication, key="replication", least=0, most=MOST_REPLICATIONS)
    plan = make_plan(replications=1, seed=seed, workers=1, engine=engine)
    request = _scaled(_request(scenario), scale)
    return event_log(request.scenario, plan=plan, cohort=_people_of(cohort), replication=number)


class Effort(NamedTuple):
    """How much is simulated, as it was asked for."""

    draws: int | None
    replications: int | None
    seed: int
    workers: int | None
    engine: str
    posterior: str | Path | Posterior | None


def _plan(
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
    posterior = _posterior(effort.posterior)
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


def _posterior(source: str | Path | Posterior | None) -> Posterior | None:
    if isinstance(source, str | os.PathLike):
        return read_posterior(source)
    if source is None or isinstance(source, Posterior):
        return source
    allowed = "the path of a posterior sample (.csv), the name of a shipped one, or a Posterior"
    raise wrong_type("posterior", source, allowed)


def _scaled(request: Request, scale: float | None) -> Request:
    return (
        request if scale is None else request._replace(scenario=with_scale(request.scenario, scale))
    )


def _people_of(source: People | None) -> Cohort | None:
    return None if source is None else Cohort.of(source)


def _as_list(options: Source | Sequence[Source]) -> list[Source]:
    if isinstance(options, Scenario | str | os.PathLike):
        return [options]
    table = hasattr(options, "columns")  # going through one gives its columns' names
    if isinstance(options, Iterable) and not isinstance(options, Mapping | bytes) and not table:
        return list(options)
    raise wrong_type("options", options, f"{_A_SOURCE}, or a list of them")


def _request(source: Source, *, key: str = "scenario") -> Request:
    if isinstance(source, Scenario):
        return Request(source.title, None, source)
    if not isinstance(source, str | os.PathLike):
        raise wrong_type(key, source, _A_SOURCE)
    scenario = load(source)
    return Request(scenario.title, os.fspath(source), scenario)


def _distinct(request: Iterable[Request]) -> list[Request]:
    """Give a number to titles that occur again: a table tells options apart by them."""
    seen: dict[str, int] = {}
    distinct = []
    for each in request:
        seen[each.title] = seen.get(each.title, 0) + 1
        again = f" ({seen[each.title]})" if seen[each.title] > 1 else ""
        distinct.append(each._replace(title=each.title + again))
    return distinct
