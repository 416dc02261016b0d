"""`calibrate` and `backcast` as Python calls them: what the shell does, with the same names."""

from __future__ import annotations

import logging
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.arguments import whole
from pathsim.errors import InputError, Problem
from pathsim.paths import path_of
from pathsim.people.cohort import Cohort
from pathsim.people.observed import observed_of
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.scale import with_scale
from pathsim.study.balance import has_entries
from pathsim.study.doing import Progress
from pathsim.study.foretold import counted_for

from .backcast import backcast as backcast_of
from .entries import at_rates_in_balance, entries_at, in_balance
from .fit import Calibration, Sizes
from .fit import calibrate as fit
from .own import own_targets
from .posterior import MOST_DRAWS, Posterior, read_posterior
from .targets import Targets, read_targets, targets_of

RUNS = 640
RUNS_TO_OWN = 160
"""Two levels take fewer runs than the shape of the hazard."""
FEWEST_RUNS = 40
_PACKAGES = ("sklearn", "emcee")
_OF_OWN = ("observed", "mapping", "within_days", "scale")
_log = logging.getLogger(__name__)


def calibrate(  # noqa: PLR0913 keyword-only choices of one calibration
    scenario: Scenario | str | Path,
    targets: Targets | str | Path | None = None,
    *,
    to: Cohort | pd.DataFrame | str | Path | None = None,
    observed: pd.DataFrame | str | Path | None = None,
    mapping: str | Path | None = None,
    within_days: float | None = None,
    scale: float | None = None,
    prior_from: Posterior | str | Path | None = None,
    runs_file: str | Path | None = None,
    draws: int = 200,
    runs: int | None = None,
    replications: int = 2,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Fit the free parameters of a scenario to published rates; return a posterior sample.

    Where clocks open by quarters, the entry shares of a sampled cohort are solved too: before the
    fit, and at its centre. Needs the extra `calibrate`.

    Parameters
    ----------
    scenario
        A scenario, the path of a file, or the name of a shipped one.
    targets
        Calibration targets, a file of them, or a shipped name; left out, the scenario's own.
    to
        People: fit the levels to what happened to them, in place of published rates.
    observed
        What happened to these people, a table or a file; left out, what their mapping says.
    mapping
        What the columns of their file mean.
    within_days
        Days from the index date; left out, what the mapping says, or the scenario's follow-up.
    scale
        Factor of all places, for another number of people.
    prior_from
        An earlier posterior: the prior of what the targets do not name.
    runs_file
        Where runs are kept as they are made; the same call goes on from there.
    draws
        Of the posterior.
    runs
        Of the model, in three waves; left out, 640, and with `to` 160.
    replications
        Of each run, 2 or more.
    seed
        Of everything random.
    workers
        Threads; left out, one a processor. They change no result.
    progress
        Called with how many runs are done, and of how many.

    Returns
    -------
    Calibration
        `posterior`, `check` (the model run again at its draws), `chain` and `entries`.

    Raises
    ------
    InputError
        For what cannot be fitted, and without the extra `calibrate`.

    Examples
    --------
    >>> import pathsim as ps
    >>> from pathsim.study.calibration import Parameter, Target, Targets
    >>> level = Parameter(key="hazard.adult_level", median=0.0015, log_sd=0.5, reason="weak")
    >>> rate = Target(
    ...     id="all", title="All", published=0.4, se=0.02, source="a report", fitted=True
    ... )
    >>> asked = Targets(title="Town", parameters=(level,), targets=(rate,))
    >>> found = ps.calibrate(ps.example(), asked, runs=40, draws=20)
    >>> len(found.posterior)
    20
    """
    _need_packages()
    _refuse_mixed(
        to=to,
        targets=targets,
        observed=observed,
        mapping=mapping,
        within_days=within_days,
        scale=scale,
    )
    read = scenario if isinstance(scenario, Scenario) else load(scenario)
    people = None
    if to is None:
        asked = _targets(read, targets)
    else:
        read = read if scale is None else with_scale(read, scale)
        people = to if isinstance(to, Cohort) else _people(to, mapping, read)
        read, asked = _asked_of_own(read, people, observed, within_days)
    runs = RUNS_TO_OWN if runs is None and to is not None else RUNS if runs is None else runs
    sizes = Sizes(
        waves=_waves(whole(runs, key="runs", least=FEWEST_RUNS, most=MOST_DRAWS)),
        replications=replications,
        draws=draws,
    )
    of_entries = has_entries(read) and to is None
    if of_entries:
        _log.info("entry shares at the scenario's own values ...")
        read = in_balance(read, asked, seed=seed)
    result = fit(
        read,
        asked,
        cohort=people,
        prior_from=_posterior(prior_from),
        runs_file=None if runs_file is None else path_of(runs_file, key="runs_file"),
        sizes=sizes,
        seed=seed,
        workers=workers,
        progress=progress,
    )
    if not of_entries:
        return result
    _log.info("entry shares at the posterior's centre and at some of its draws ...")
    met = at_rates_in_balance(read, asked, result.posterior, seed=seed)
    entries = entries_at(read, asked, met, seed=seed, workers=workers)
    return replace(result, posterior=met, entries=entries)


def backcast(  # noqa: PLR0913 keyword-only choices of one study
    scenario: Scenario | str | Path,
    posterior: Posterior | str | Path,
    targets: Targets | str | Path | None = None,
    *,
    draws: int = 40,
    replications: int = 10,
    seed: int = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compare the model with every published figure, fitted or left out.

    Parameters
    ----------
    scenario
        A scenario, the path of a file, or the name of a shipped one.
    posterior
        A posterior sample, its file, or the name of a shipped one.
    targets
        Calibration targets, a file of them, or a shipped name; left out, the scenario's own.
    draws
        Of the posterior, at which the model is run, 1 or more.
    replications
        Of each draw.
    seed
        Of everything random.
    progress
        Called with how many draws are done, and of how many.

    Returns
    -------
    pandas.DataFrame
        A row a target: published, model mean, `low` and `high` (95%), verdict and others.

    Raises
    ------
    InputError
        For a scenario, sample, target or number that cannot be used.

    Examples
    --------
    >>> import pathsim as ps
    >>> import pandas as pd
    >>> from pathsim.study.calibration import Parameter, Target, Targets
    >>> level = Parameter(key="hazard.adult_level", median=0.0015, log_sd=0.5, reason="weak")
    >>> rate = Target(id="all", title="All", published=0.4, se=0.02, source="a report")
    >>> asked = Targets(title="Town", parameters=(level,), targets=(rate,))
    >>> sample = ps.Posterior(pd.DataFrame({"hazard.adult_level": [0.0014, 0.0016, 0.0017]}))
    >>> table = ps.backcast(ps.example(), sample, asked, draws=2, replications=2)
    >>> list(table["target"])
    ['All']
    """
    read = scenario if isinstance(scenario, Scenario) else load(scenario)
    sample = _posterior(posterior)
    if sample is None:
        raise InputError(Problem("is missing", key="posterior", allowed="a posterior sample"))
    return backcast_of(
        read,
        sample,
        _targets(read, targets),
        n_draws=whole(draws, key="draws", least=1, most=MOST_DRAWS),
        replications=replications,
        seed=seed,
        progress=progress,
    )


def _need_packages() -> None:
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        message = f"calibrate needs {' and '.join(missing)}"
        raise InputError(Problem(message, allowed="pip install 'offender-pathsim[calibrate]'"))


def _refuse_mixed(*, to: object, targets: object, **of_own: object) -> None:
    """Refuse arguments that do not go together, before anything is read."""
    wrong = {"targets": targets} if to is not None else of_own
    for key, value in wrong.items():
        if value is not None:
            allowed = "without `to`" if to is not None else "with `to`, the people it is about"
            found = type(value).__name__
            raise InputError(Problem("does not go here", key=key, found=found, allowed=allowed))


def _targets(scenario: Scenario, targets: Targets | str | Path | None) -> Targets:
    if isinstance(targets, Targets):
        return targets
    return read_targets(targets_of(scenario) if targets is None else targets)


def _posterior(source: Posterior | str | Path | None) -> Posterior | None:
    return source if source is None or isinstance(source, Posterior) else read_posterior(source)


def _people(
    to: pd.DataFrame | str | Path, mapping: str | Path | None, scenario: Scenario
) -> Cohort:
    if isinstance(to, pd.DataFrame):
        return Cohort.from_frame(to)
    return Cohort.from_file(to, mapping=mapping, scenario=scenario)


def _asked_of_own(
    scenario: Scenario, cohort: Cohort, observed: Any, within_days: float | None
) -> tuple[Scenario, Targets]:
    """Return a scenario with a clock a person, and what happened to people as targets."""
    days = within_days
    if observed is None:
        outcomes = cohort.outcomes()
        observed, days = outcomes.table, outcomes.within_days if days is None else days
    days = scenario.follow_up.days.value if days is None else days
    seen = observed_of(observed, cohort, within_days=days)
    return counted_for(scenario, days), own_targets(cohort, seen, scenario, days=days)


def _waves(runs: int) -> tuple[int, int, int]:
    """Return a quarter, three tenths and the rest of `runs`."""
    first, second = runs // 4, 3 * runs // 10
    return first, second, runs - first - second
