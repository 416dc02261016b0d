"""The two verbs: `run` one scenario, `compare` options with a baseline."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pathsim.engine.contract import Person
from pathsim.errors import InputError, InputWarning, Problem
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.study.calibration.posterior import Posterior, read_posterior
from pathsim.study.plan import make_plan
from pathsim.study.run import ScenarioRuns, StudyRuns, event_log, run_study

from .changes import Change, changes, touched_services
from .names import EXPECTED_OUTCOMES, meaning
from .provenance import Asked, provenance
from .results import Comparison, OptionResult, Run
from .statistics import compare_pairs, estimate
from .values import Values, outcome_values, refilled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from pathsim.people.cohort import Cohort

    Source = Scenario | str | Path


def run(  # noqa: PLR0913 keyword-only choices of one study
    scenario: Source,
    *,
    replications: int = 100,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "kernel",
    cohort: Cohort | None = None,
    posterior: str | Path | Posterior | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Simulate one scenario and return its outcomes with their 95% intervals.

    scenario: a scenario, or the path of a scenario file. workers: threads; left out, one a
    processor; their number changes no result. engine: `kernel`, or `twin` (slow, readable).
    cohort: the people to follow; left out, the scenario's own. posterior: a sample of
    calibrated parameters, from which every replication draws anew. progress: called with how
    many replications are done, and of how many. Raises InputError.
    """
    plan = make_plan(
        replications=replications,
        seed=seed,
        workers=workers,
        engine=engine,
        least_replications=1,
        posterior=_posterior(posterior),
    )
    asked = _asked(scenario)
    study = run_study([asked.scenario], plan=plan, cohort=cohort, progress=progress)
    return _run(asked, study, outcome_values(study.runs[0]))


def compare(  # noqa: PLR0913 keyword-only choices of one study
    baseline: Source,
    options: Source | Sequence[Source],
    *,
    replications: int = 100,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "kernel",
    cohort: Cohort | None = None,
    posterior: str | Path | Posterior | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Simulate a baseline and its options on the same random numbers and compare them.

    Every replication gives each option's difference from the baseline; the result holds
    their mean, its 95% interval and the chance that the option is better. The arguments are
    those of `run`, but for two replications or more. Raises InputError; warns of an option
    that changes nothing.
    """
    plan = make_plan(
        replications=replications,
        seed=seed,
        workers=workers,
        engine=engine,
        least_replications=2,
        posterior=_posterior(posterior),
    )
    asked = [_asked(baseline), *map(_asked, _as_list(options))]
    if len(asked) == 1:
        raise InputError(Problem("compare needs at least one option"))
    asked[1:] = _distinct(asked[1:])
    changed = [_changes(asked[0], option) for option in asked[1:]]
    study = run_study(
        [each.scenario for each in asked], plan=plan, cohort=cohort, progress=progress
    )
    return comparison(asked, changed, study)


def log(
    scenario: Scenario, *, seed: int = 1, engine: str = "kernel", cohort: Cohort | None = None
) -> pd.DataFrame:
    """Return the event log of replication 0: replication, person, time, event, detail.

    Times are days from the first day of the intake window, in order. Raises InputError.
    """
    plan = make_plan(replications=1, seed=seed, workers=1, engine=engine, least_replications=1)
    return event_log(scenario, plan=plan, cohort=cohort)


def _posterior(source: str | Path | Posterior | None) -> Posterior | None:
    return read_posterior(source) if isinstance(source, str | Path) else source


def _as_list(options: Source | Sequence[Source]) -> list[Source]:
    return [options] if isinstance(options, Scenario | str | Path) else list(options)


def _asked(source: Source) -> Asked:
    if isinstance(source, Scenario):
        return Asked(source.title, None, source)
    scenario = load(source)
    return Asked(scenario.title, os.fspath(source), scenario)


def _distinct(asked: Iterable[Asked]) -> list[Asked]:
    """Give a number to titles that occur again: a table tells options apart by them."""
    seen: dict[str, int] = {}
    distinct = []
    for each in asked:
        seen[each.title] = seen.get(each.title, 0) + 1
        again = f" ({seen[each.title]})" if seen[each.title] > 1 else ""
        distinct.append(each._replace(title=each.title + again))
    return distinct


def _changes(baseline: Asked, option: Asked) -> tuple[Change, ...]:
    found = changes(baseline.scenario, option.scenario)
    # An option made idle by its own overrides has been warned of where it was made.
    if not found and option.scenario.title == baseline.scenario.title:
        message = f"the option '{option.title}' is the baseline itself and changes nothing"
        warnings.warn(message, InputWarning, stacklevel=3)
    return found


def comparison(
    asked: Sequence[Asked], changed: Sequence[tuple[Change, ...]], study: StudyRuns
) -> Comparison:
    """Return what a study says of options.

    asked: the baseline, then the options, as in the study. changed: of each option.
    """
    services = {name for runs in study.runs for name in runs.services}
    first = study.runs[0]
    values = [outcome_values(refilled(runs, first), services=services) for runs in study.runs]
    return Comparison(
        baseline=_run(asked[0], study, outcome_values(study.runs[0])),
        options=tuple(
            _option(option, change, values[0], value)
            for option, change, value in zip(asked[1:], changed, values[1:], strict=True)
        ),
    )


def _run(asked: Asked, study: StudyRuns, values: Values) -> Run:
    origin = provenance(study, asked=asked, people=_people(study.runs[0]))
    return Run(asked=asked, provenance=origin, values=values, estimates=estimate(values.data))


def _people(runs: ScenarioRuns) -> int:
    return int(runs.person[0, 0, Person.PEOPLE])


def _option(
    asked: Asked, changed: tuple[Change, ...], baseline: Values, option: Values
) -> OptionResult:
    rows = tuple(dict.fromkeys([*baseline.rows, *option.rows]))
    # The chance that a year turns out better is about luck, which what is expected leaves out.
    better = np.array(
        [0 if name in EXPECTED_OUTCOMES else meaning(name).better for name, _ in rows]
    )
    paired = compare_pairs(baseline.aligned(rows), option.aligned(rows), better=better)
    return OptionResult(asked, changed, touched_services(changed, asked.scenario), rows, paired)
