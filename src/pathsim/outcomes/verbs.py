"""The two verbs: `run` one scenario, `compare` options with a baseline."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pathsim.engine.contract import Ints
from pathsim.errors import InputError, Problem, warn_caller, wrong_type
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.scale import warn_of_scale, with_scale
from pathsim.study.calibration.posterior import Posterior, read_posterior
from pathsim.study.drawable import check_posterior
from pathsim.study.plan import make_plan
from pathsim.study.prepare import cohorts
from pathsim.study.run import StudyRuns, event_log, run_study

from .balance import is_an_option, out_of_balance
from .changes import Change, changes, touched_services
from .custody_books import custody_books
from .names import EXPECTED_OUTCOMES, meaning
from .order import warn_of_order, warn_of_repeats
from .people import refuse_different, run_apart
from .provenance import Request, provenance
from .results import Comparison, OptionResult, Run
from .statistics import Paired, compare_pairs, estimate_levels, joined, joined_pairs
from .unlike import refuse_unlike
from .unpaired import compare_apart
from .values import EVERYBODY, Row, Values, by_outcome, outcome_values, refilled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from pathsim.engine.contract import Ints

    Source = Scenario | str | Path
    People = Cohort | pd.DataFrame | str | Path


_A_SOURCE = "a Scenario, the path of a scenario file, or the name of a shipped one"


def run(  # noqa: PLR0913 keyword-only choices of one study
    scenario: Source,
    *,
    replications: int = 100,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "kernel",
    cohort: People | None = None,
    scale: float | None = None,
    posterior: str | Path | Posterior | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Simulate one scenario and return its outcomes with their 95% intervals.

    scenario: a scenario, or the path of a scenario file. workers: threads; left out, one a
    processor; their number changes no result. engine: `kernel`, or `reference` (slow, readable).
    cohort: the people to follow, as a `Cohort`, a table or the path of a file; left out, the
    scenario's own. scale: factor of all places and their fixed costs, in place of the
    scenario's own. posterior: a sample of calibrated parameters, from which every replication
    draws anew. progress: called with how many replications are done, and of how many. Raises
    InputError; warns of what brought people cannot do in the scenario.
    """
    _check_progress(progress)
    plan = make_plan(
        replications=replications,
        seed=seed,
        workers=workers,
        engine=engine,
        posterior=_posterior(posterior),
    )
    request = _scaled(_request(scenario), scale)
    if scale is not None:
        warn_of_scale(scale, stacklevel=2)
    check_posterior(plan.posterior, [request.scenario], stacklevel=2)
    people = _people_of(cohort)
    study = run_study([request.scenario], plan=plan, cohort=people, progress=progress)
    return _run([request], [study])


def compare(  # noqa: PLR0913 keyword-only choices of one study
    baseline: Source,
    options: Source | Sequence[Source],
    *,
    replications: int = 100,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "kernel",
    cohort: People | None = None,
    scale: float | None = None,
    unpaired: bool = False,
    posterior: str | Path | Posterior | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Simulate a baseline and its options on the same random numbers and compare them.

    Every replication gives each option's difference from the baseline; the result holds
    their mean, its 95% interval and the chance that the option is better. The arguments are
    those of `run`, but for two replications or more. Scenarios of different people are refused
    unless `unpaired`: then each is simulated on random numbers of its own, and intervals are
    those of two independent samples (Welch). An option with other clocks, another horizon,
    another discount rate or a record that grows otherwise is refused. Raises InputError; warns
    of an option that changes nothing.
    """
    _check_progress(progress)
    if not isinstance(unpaired, bool | np.bool_):
        raise wrong_type("unpaired", unpaired, "True or False")
    plan = make_plan(
        replications=replications,
        seed=seed,
        workers=workers,
        engine=engine,
        least_replications=2,
        posterior=_posterior(posterior),
    )
    sources = [_request(each, key="options") for each in _as_list(options)]
    if not sources:
        message = "compare needs at least one option"
        raise InputError(Problem(message, key="options", allowed=f"{_A_SOURCE}, or a list of them"))
    request = [_scaled(each, scale) for each in (_request(baseline, key="baseline"), *sources)]
    if scale is not None:
        warn_of_scale(scale, stacklevel=2)
    warn_of_order(request)
    warn_of_repeats(request)
    request[1:] = _distinct(request[1:])
    changed = [changes(request[0].scenario, option.scenario) for option in request[1:]]
    scenarios = [each.scenario for each in request]
    check_posterior(plan.posterior, scenarios, stacklevel=2)
    refuse_unlike(request)
    people = cohorts(scenarios, _people_of(cohort))
    if unpaired:
        return unpaired_comparison(
            request, changed, run_apart(scenarios, people, plan=plan, progress=progress)
        )
    refuse_different(request, people)
    study = run_study(scenarios, plan=plan, cohort=people[0], progress=progress)
    return comparison(request, changed, study)


def log(
    scenario: Source, *, seed: int = 1, engine: str = "kernel", cohort: People | None = None
) -> pd.DataFrame:
    """Return the event log of replication 0: replication, person, time, event, detail.

    Times are days from the first day of the intake window, in order. Raises InputError.
    """
    plan = make_plan(replications=1, seed=seed, workers=1, engine=engine)
    return event_log(_request(scenario).scenario, plan=plan, cohort=_people_of(cohort))


def _posterior(source: str | Path | Posterior | None) -> Posterior | None:
    if isinstance(source, str | os.PathLike):
        return read_posterior(source)
    if source is None or isinstance(source, Posterior):
        return source
    allowed = "the path of a posterior sample (.csv), the name of a shipped one, or a Posterior"
    raise wrong_type("posterior", source, allowed)


def _check_progress(progress: object) -> None:
    if progress is not None and not callable(progress):
        raise wrong_type("progress", progress, "a function of two numbers: done, and of how many")


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


def comparison(
    request: Sequence[Request], changed: Sequence[tuple[Change, ...]], study: StudyRuns
) -> Comparison:
    """Return what a study says of options.

    asked: the baseline, then the options, as in the study. changed: of each option.
    """
    services = {name for runs in study.runs for name in runs.services}
    first = study.runs[0]
    options = []
    for option, change, runs in zip(request[1:], changed, study.runs[1:], strict=True):
        before, after = custody_books(first, runs)
        baseline = outcome_values(first, services=services, more=before)
        values = outcome_values(refilled(runs, first), services=services, more=after)
        options.append(_option(option, change, baseline, values))
    return Comparison(baseline=_run(request, [study]), options=tuple(options))


def unpaired_comparison(
    request: Sequence[Request], changed: Sequence[tuple[Change, ...]], studies: Sequence[StudyRuns]
) -> Comparison:
    """Return the comparison of scenarios that were simulated apart, with people of their own.

    What is refilled of custody is not: other people save no days for each other.
    """
    each_alone = [runs for study in studies for runs in study.runs]
    services = {name for runs in each_alone for name in runs.services}
    values = [outcome_values(runs, services=services) for runs in each_alone]
    run = _run(request, studies)
    people = [value.sizes[EVERYBODY] for value in values]
    return Comparison(
        baseline=replace(run, provenance={**run.provenance, "unpaired": people}),
        options=tuple(
            _option(option, change, values[0], value, compare_with=compare_apart)
            for option, change, value in zip(request[1:], changed, values[1:], strict=True)
        ),
    )


def _run(request: Sequence[Request], studies: Sequence[StudyRuns]) -> Run:
    baseline, *_ = studies[0].runs
    values = outcome_values(baseline)
    origin = provenance(studies, request=request, people=values.sizes[EVERYBODY])
    found = [estimate_levels(values.aligned(rows)) for rows in by_outcome(values.rows)]
    made = Run(
        request=request[0],
        provenance=origin,
        values=values,
        estimates=joined([estimates for estimates, _ in found]),
        same_in=np.concatenate([same_in for _, same_in in found]),
    )
    # An option that is run alone may change disposals: that is its effect.
    alone = len(request) == 1 and is_an_option(made.request.scenario)
    return _looked_at(made) if studies[0].own_entries and not alone else made


def _looked_at(run: Run) -> Run:
    """Return a run with what is wrong with its entry shares, of which it warns."""
    off = out_of_balance(
        run.request.scenario,
        run.rows,
        run.estimates,
        replications=run.provenance["replications"],
    )
    if off:
        warn_caller(off)
    return replace(run, out_of_balance=off)


def _option(
    request: Request,
    changed: tuple[Change, ...],
    baseline: Values,
    option: Values,
    *,
    compare_with: Callable[..., Paired] = compare_pairs,
) -> OptionResult:
    rows = tuple(dict.fromkeys([*baseline.rows, *option.rows]))
    # One outcome after another: together they would take much memory.
    paired = joined_pairs(
        [
            compare_with(baseline.aligned(some), option.aligned(some), better=_better(some))
            for some in by_outcome(rows)
        ]
    )
    services = touched_services(changed, request.scenario)
    return OptionResult(request, changed, services, rows, paired, option.sizes)


def _better(rows: Iterable[Row]) -> Ints:
    # The chance that a year turns out better is about luck, which what is expected leaves out.
    return np.array([0 if name in EXPECTED_OUTCOMES else meaning(name).better for name, _ in rows])
