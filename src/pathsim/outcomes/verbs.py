"""The two verbs: `run` one scenario, `compare` options with a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pathsim.arguments import whole
from pathsim.errors import InputError, Problem, wrong_type
from pathsim.scenario.scale import warn_of_scale
from pathsim.study.anywhere import using
from pathsim.study.calibration.posterior import Posterior
from pathsim.study.derived import Given, named
from pathsim.study.drawable import check_posterior
from pathsim.study.plan import MOST_REPLICATIONS, make_plan
from pathsim.study.prepare import cohorts
from pathsim.study.run import event_log, run_study
from pathsim.study.store import Store

from .against import Against, run_of, unpaired_comparison
from .asked import (
    A_SOURCE,
    Effort,
    People,
    Source,
    as_list,
    distinct,
    people_of,
    plan_of,
    request_of,
    scaled,
)
from .changes import changes
from .names import BUILT_IN
from .order import warn_of_order, warn_of_repeats
from .people import refuse_different, run_apart
from .results import Comparison, Run
from .shown import Progress, progress_of
from .unlike import refuse_unlike
from .until import compare_until


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
    outcomes: Sequence[Given] = (),
    executor: Any = None,
    store: str | Path | Store | None = None,
) -> Run:
    """Simulate one scenario and return its outcomes with their 95% intervals.

    Warns of what brought people cannot do in the scenario.

    Parameters
    ----------
    scenario
        A scenario, the path of a scenario file, or the name of a shipped one.
    draws
        States of the world, in each of which every quantity in doubt is drawn anew; left out, 64
        where there is any such quantity. 0: every quantity has its central value, and intervals
        show luck only.
    replications
        Of each state, at least 2; left out, 4. Without states, at least 1; left out, 200.
    seed
        Of all random numbers.
    workers
        Threads; left out, one a processor. Their number changes no result.
    engine
        `kernel`, or `reference` (slow, readable).
    cohort
        The people to follow, as a `Cohort`, a table or the path of a file; left out, the scenario's
        own.
    scale
        Factor of all places and their fixed costs, in place of the scenario's own.
    posterior
        A sample of calibrated parameters, from which every state of the world draws, or without
        states every replication; left out, the one beside the scenario's file, for states.
    progress
        Called with how many replications are done, and of how many. Left out, a notebook shows a
        line with the time left; False: nothing is shown.
    outcomes
        Functions of the event log of a replication, as `log` returns it, to a number, or to one a
        person (a Series by id, of which the mean over the people counted is taken). Each is an
        outcome `own.<name>`; one without a name of its own is given as a pair (name, function).
        They are called on several threads at once.
    executor
        Where it is simulated, as in `using`: a `concurrent.futures.Executor`, or `"processes"`;
        left out, threads.
    store
        A folder in which all that is simulated is kept, so that nothing is simulated twice, as in
        `using`.

    Returns
    -------
    Run
        Each outcome's mean with its interval, by group.

    Raises
    ------
    InputError
        For a scenario, people or other arguments that cannot be used.

    Examples
    --------
    >>> import pathsim as ps
    >>> found = ps.run(ps.example(), draws=0, replications=20)
    >>> found
    <Run of 'Small town': 300 people, 20 replications, seed 1>
    >>> rate = found.table(group="all").set_index("outcome").loc["proven_reoffending_rate"]
    >>> bool(rate["low"] < rate["mean"] < rate["high"])
    True
    """
    progress = progress_of(progress)
    request = scaled(request_of(scenario), scale)
    plan = plan_of(
        [request.scenario],
        Effort(draws, replications, seed, workers, engine, posterior),
    )
    if scale is not None:
        warn_of_scale(scale, stacklevel=2)
    if posterior is not None:
        alone = [request.scenario]
        check_posterior(plan.posterior, alone, in_states=plan.draws > 0, stacklevel=2)
    people = people_of(cohort)
    with using(executor=executor, store=store, workers=workers):
        study = run_study(
            [request.scenario],
            plan=plan,
            cohort=people,
            progress=progress,
            outcomes=named(outcomes, taken=BUILT_IN),
        )
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
    outcomes: Sequence[Given] = (),
    executor: Any = None,
    store: str | Path | Store | None = None,
) -> Comparison:
    """Simulate a baseline and its options on the same random numbers and compare them.

    Every replication gives each option's difference from the baseline. The result holds their mean,
    its 95% interval of doubt, the probability that the option is better, and apart from it the
    share of single years in which it would be. Warns of an option that changes nothing.

    Parameters
    ----------
    baseline
        A scenario, the path of a scenario file, or the name of a shipped one.
    options
        One such option, or a list of them. One with other clocks, another horizon, another discount
        rate or a record that grows otherwise is refused.
    draws
        States of the world, in each of which every quantity in doubt is drawn anew; left out, 64
        where there is any such quantity. 0: every quantity has its central value, and intervals
        show luck only.
    replications
        Of each state, at least 2; left out, 4. Without states, at least 2; left out, 200.
    seed
        Of all random numbers.
    workers
        Threads; left out, one a processor. Their number changes no result.
    engine
        `kernel`, or `reference` (slow, readable).
    cohort
        The people to follow, as a `Cohort`, a table or the path of a file; left out, the scenario's
        own.
    scale
        Factor of all places and their fixed costs, in place of the scenario's own.
    unpaired
        Whether scenarios of different people may be compared: each is then simulated on random
        numbers of its own, and intervals are those of two independent samples (Welch), of luck
        only.
    until
        Simulate in 64 states of the world, 128 and so on, until the Monte Carlo error leaves the
        mean of every option's difference in the proven reoffending rate within so much, 95% sure;
        `draws` is then how many there may be, 1,024 where it is left out.
    posterior
        A sample of calibrated parameters, from which every state of the world draws, or without
        states every replication; left out, the one beside the scenario's file, for states.
    progress
        Called with how many replications are done, and of how many. Left out, a notebook shows a
        line with the time left; False: nothing is shown.
    outcomes
        Functions of the event log of a replication, as `log` returns it, to a number, or to one a
        person (a Series by id, of which the mean over the people counted is taken). Each is an
        outcome `own.<name>`; one without a name of its own is given as a pair (name, function).
        They are called on several threads at once.
    executor
        Where it is simulated, as in `using`: a `concurrent.futures.Executor`, or `"processes"`;
        left out, threads.
    store
        A folder in which all that is simulated is kept, so that nothing is simulated twice, as in
        `using`.

    Returns
    -------
    Comparison
        The options' results, by title: `found["Twice the mentors"]`.

    Raises
    ------
    InputError
        For scenarios that cannot be compared, or other arguments that cannot be used.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    >>> found = ps.compare(town, more, draws=8, replications=2)
    >>> starts = found["Twice the mentors"].table(group="all").set_index("outcome")
    >>> bool(starts.loc["service.mentor.starts", "difference"] > 0)
    True
    """
    progress, own = progress_of(progress), named(outcomes, taken=BUILT_IN)
    if own and unpaired:
        message = "are not read of independent samples"
        raise InputError(Problem(message, key="outcomes", allowed="without unpaired"))
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
            outcomes=outcomes,
            executor=executor,
            store=store,
        )
        return compare_until(lambda states: again(draws=states), until=until, draws=draws)
    sources = [request_of(each, key="options") for each in as_list(options)]
    if not sources:
        message = "compare needs at least one option"
        raise InputError(Problem(message, key="options", allowed=f"{A_SOURCE}, or a list of them"))
    request = [scaled(each, scale) for each in (request_of(baseline, key="baseline"), *sources)]
    scenarios = [each.scenario for each in request]
    effort = Effort(draws, replications, seed, workers, engine, posterior)
    plan = plan_of(scenarios, effort, unpaired=bool(unpaired), least_replications=2)
    if scale is not None:
        warn_of_scale(scale, stacklevel=2)
    warn_of_order(request)
    warn_of_repeats(request)
    request = distinct(request)
    changed = [changes(request[0].scenario, option.scenario) for option in request[1:]]
    if posterior is not None:
        check_posterior(plan.posterior, scenarios, in_states=plan.draws > 0, stacklevel=2)
    refuse_unlike(request)
    people = cohorts(scenarios, people_of(cohort))
    if unpaired:
        return unpaired_comparison(
            request, changed, run_apart(scenarios, people, plan=plan, progress=progress)
        )
    refuse_different(request, people)
    services = {name for each in scenarios for regime in each.regimes for name in regime.services}
    against = Against(request, changed, services=services, draws=plan.draws)
    with using(executor=executor, store=store, workers=workers):
        study = run_study(
            scenarios,
            plan=plan,
            cohort=people[0],
            progress=progress,
            take=against.take,
            outcomes=own,
        )
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

    Parameters
    ----------
    scenario
        A scenario, the path of a scenario file, or the name of a shipped one.
    replication
        Which one, from 0.
    seed
        Of all random numbers.
    engine
        `kernel`, or `reference`.
    cohort
        The people to follow, as in `run`.
    scale
        Factor of all places, as in `run`.

    Returns
    -------
    pandas.DataFrame
        A row an event, in order of time: replication, person, time (days from the first day of the
        intake window), event, detail. Before the id of a person of another generation stands which.

    Raises
    ------
    InputError
        For a scenario, people or other arguments that cannot be used.

    Examples
    --------
    >>> import pathsim as ps
    >>> log = ps.log(ps.example())
    >>> list(log)
    ['replication', 'person', 'time', 'event', 'detail']
    >>> bool((log["event"] == "service_start").any())
    True
    """
    number = whole(replication, key="replication", least=0, most=MOST_REPLICATIONS)
    plan = make_plan(replications=1, seed=seed, workers=1, engine=engine)
    request = scaled(request_of(scenario), scale)
    return event_log(request.scenario, plan=plan, cohort=people_of(cohort), replication=number)
