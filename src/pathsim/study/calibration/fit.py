"""The calibration: run the model in waves, emulate it, sample the posterior, check it.

The first wave covers the midst of the prior; its emulator is rough, and only says where to look.
Each later one covers, somewhat widened, where the posterior before it lies. The emulator that
counts is made by all waves after the first, and judged by the last.
Every run has replications of its own, so that the noise of one run is not that of all: the
surface averages it out.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b, sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pathsim.arguments import whole
from pathsim.engine.contract import Floats
from pathsim.engine.kernels.cache import digest
from pathsim.engine.stop import Stop
from pathsim.errors import InputError, InputWarning, Problem, wrong_type
from pathsim.people.cohort import Cohort
from pathsim.scenario.lineage import count_files
from pathsim.scenario.model import Scenario
from pathsim.study.plan import count_workers
from pathsim.study.threads import do_all
from pathsim.text import counted

from .design import Belief, belief_of, prior_of
from .emulator import Emulator, fit_emulator
from .entries import Entries
from .measure import observe, refuse_changing, refuse_nobody
from .posterior import MOST_DRAWS, Posterior, at
from .sampler import Chain, sample
from .scales import from_scale
from .store import Run, Store
from .targets import Targets

Progress = Callable[[int, int], None]
_NOT_ASKED: dict[str, Any] = {
    "title": True,
    "description": True,
    "cohort": {"counts": {"file"}, "margins": {"file"}, "ethnicity": {"file"}},
}
"""Of a scenario, what changes nothing that is fitted; the tables' content is added."""
_FIRST_NARROWED = 0.75
"""The first wave, so that many weak priors together leave no run with more offences than there
can be; a first posterior may lie beyond, and later waves follow it."""
_WIDENED = 1.2
"""Of each wave after the first; wider than this, the surface bends more than a quadratic does."""
_WAVE = 1 << 24
"""Replications of different waves lie this far apart, and so never coincide."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much work a calibration is."""

    waves: tuple[int, ...] = (160, 192, 288)
    """Runs in each wave, of which there are two or more."""
    replications: int = 2
    """Of each run."""
    draws: int = 200
    """Of the posterior."""
    checks: int = 20
    """Draws at which the model itself is run again."""

    def checked(self) -> Sizes:
        """Return the same in Python's own numbers. Raises InputError."""

        def size(key: str, value: object, least: int = 1) -> int:
            return whole(value, key=f"sizes.{key}", least=least, most=MOST_DRAWS)

        if not isinstance(self.waves, tuple) or len(self.waves) < 2:
            allowed = "two numbers of runs or more, such as (160, 192, 288)"
            raise wrong_type("sizes.waves", self.waves, allowed)
        return Sizes(
            waves=tuple(size("waves", each) for each in self.waves),
            replications=size("replications", self.replications, least=2),
            draws=size("draws", self.draws, least=2),
            checks=size("checks", self.checks),
        )


@dataclass(frozen=True, eq=False, repr=False)
class Calibration:
    """A posterior, and what shows whether to trust it."""

    posterior: Posterior
    chain: Chain
    check: pd.DataFrame
    """By fitted target: published, model and emulator at the same draws, held-out error."""
    entries: Entries | None = None
    """Entry shares at the posterior's centre; None: there are none, or people were brought."""

    def _repr_html_(self) -> str:
        return str(self.posterior.summary().to_html())

    def __repr__(self) -> str:
        keys = ", ".join(map(str, self.posterior.table.columns))
        return f"<Calibration of {keys}: {len(self.posterior):,} draws>"


def calibrate(  # noqa: PLR0913 keyword-only choices of one calibration
    scenario: Scenario,
    targets: Targets,
    *,
    cohort: Cohort | None = None,
    prior_from: Posterior | None = None,
    runs_file: Path | None = None,
    sizes: Sizes | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Return a posterior sample of the free parameters.

    cohort: the people followed; left out, the scenario's own. prior_from: an earlier posterior,
    the prior of all its parameters that the targets do not name themselves. runs_file: where runs
    are kept as they are made; the same call goes on from there after an interrupt. workers:
    threads; left out, one a processor; they change no result. progress: called with how many runs
    are done, and of how many. Raises InputError.
    """
    sizes = (sizes or Sizes()).checked()
    seed = whole(seed, key="seed", least=0, most=2**32 - 1)
    prior = prior_of(targets, prior_from)
    _refuse_before_runs(scenario, targets, prior)
    _refuse_few_runs(sizes, prior)
    brought = None if cohort is None else _hash_of(cohort)
    cohort = Cohort.from_scenario(scenario) if cohort is None else cohort
    refuse_nobody(cohort, targets.fitted)
    identity = _identity(scenario, targets, prior, sizes, seed)
    if brought is not None:
        identity["people"] = brought
    bench = _Bench(
        scenario=scenario,
        cohort=cohort,
        targets=targets,
        keys=prior.keys,
        sizes=sizes,
        seed=seed,
        workers=count_workers(workers),
        store=Store(runs_file, identity=identity),
        progress=progress,
    )
    chain, emulator = _sampled(bench, prior)
    table = pd.DataFrame(np.exp(chain.points), columns=list(prior.keys))
    posterior = Posterior(table, tuple(_origin(bench, chain)))
    return Calibration(posterior, chain, _check(bench, emulator, chain))


@dataclass(frozen=True, kw_only=True)
class _Bench:
    """What every run of a calibration needs."""

    scenario: Scenario
    cohort: Cohort
    targets: Targets
    keys: tuple[str, ...]
    sizes: Sizes
    seed: int
    workers: int
    store: Store
    progress: Progress | None

    def run(self, wave: int, points: Floats) -> list[Run]:
        """Return the runs at `points`, made now unless they are in the store."""
        found = {k: self.store.get(wave, k, point) for k, point in enumerate(points)}
        runs = {k: run for k, run in found.items() if run is not None}
        before = sum((*self.sizes.waves, self.sizes.checks)[:wave])
        self._tell(before + len(runs))
        to_make = [k for k in range(len(points)) if k not in runs]

        def keep(job: int, run: Run) -> None:
            number = to_make[job]
            runs[number] = run
            self.store.add(wave, number, run)
            self._tell(before + len(runs))

        jobs = (partial(self._one, wave, k, points[k]) for k in to_make)
        do_all(jobs, workers=self.workers, done=keep)
        return [runs[k] for k in range(len(points))]

    def _one(self, wave: int, number: int, point: Floats, stop: Stop) -> Run:
        values = dict(zip(self.keys, np.exp(point).tolist(), strict=True))
        scenario = at(self.scenario, values, source="design of a calibration")
        first = wave * _WAVE + number * self.sizes.replications
        figures = observe(
            scenario,
            self.cohort,
            self.targets.fitted,
            seed=self.seed,
            replications=range(first, first + self.sizes.replications),
            stop=stop,
        )
        return Run(point, figures)

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done, sum(self.sizes.waves) + self.sizes.checks)


def _sampled(bench: _Bench, prior: Belief) -> tuple[Chain, Emulator]:
    around, widened = prior, _FIRST_NARROWED
    earlier: list[Run] = []
    for wave, count in enumerate(bench.sizes.waves):
        runs = bench.run(wave, around.spread(count, widened=widened, seed=bench.seed + wave))
        emulator = fit_emulator(runs, bench.targets.fitted, earlier=earlier)
        last = wave == len(bench.sizes.waves) - 1
        draws = bench.sizes.draws if last else max(1000, bench.sizes.draws)
        chain = sample(prior, emulator, draws=draws, seed=bench.seed + wave)
        around, widened = belief_of(prior.keys, chain.points), _WIDENED
        earlier = [*runs, *earlier] if wave else []
    return chain, emulator


def _check(bench: _Bench, emulator: Emulator, chain: Chain) -> pd.DataFrame:
    """Run the model again at some draws of the posterior, with new random numbers."""
    chosen = np.linspace(0, len(chain.points) - 1, bench.sizes.checks).round().astype(int)
    points = chain.points[chosen]
    model = np.array(
        [run.figures.mean(axis=0) for run in bench.run(len(bench.sizes.waves), points)]
    )
    surface = emulator(points)
    rows = []
    for place, target in enumerate(emulator.targets):
        said = from_scale(surface[:, place], target)
        slope = target.published * (1 - target.published if target.is_share else 1)
        rows.append(
            {
                "target": target.title,
                "published": target.published,
                "model": model[:, place].mean(),
                "emulator": said.mean(),
                "emulator_sd": emulator.error[place] * slope,
                "held_out_rms": emulator.held_out[place] * slope,
            }
        )
    return pd.DataFrame(rows)


def _refuse_before_runs(scenario: Scenario, targets: Targets, prior: Belief) -> None:
    """Raise InputError where nothing is fitted, or a key cannot have its prior's median."""
    if not targets.fitted:
        message = "none is fitted: say `fitted = true` of those that the fit is to meet"
        raise InputError(Problem(message, key="targets"))
    refuse_changing(scenario, targets.targets)
    problems: list[Problem] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)  # a scenario may stand at its medians
        for key, middle in zip(prior.keys, np.exp(prior.mean).tolist(), strict=True):
            try:
                at(scenario, {key: middle}, source="median of a prior")
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(*problems)


def _refuse_few_runs(sizes: Sizes, prior: Belief) -> None:
    """Raise InputError where a wave has too few runs to tell its parameters apart."""
    free, fewest = len(prior.keys), min(sizes.waves)
    if fewest <= free:
        message = f"leave a wave with {fewest} runs, too few for {counted(free, 'parameter')}"
        allowed = f"{free + 1} or more in each wave"
        raise InputError(Problem(message, key="runs", found=sum(sizes.waves), allowed=allowed))


def _identity(
    scenario: Scenario, targets: Targets, prior: Belief, sizes: Sizes, seed: int
) -> dict[str, Any]:
    """Return what two calibrations must share to share runs."""
    fixed = scenario.model_dump(mode="json", exclude=_NOT_ASKED)
    for key in prior.keys:
        _leave_out(fixed, key)
    beliefs = [prior.mean.tolist(), prior.covariance.tolist()]
    tables = [file.sha256 for file in count_files(scenario)]
    said = json.dumps([fixed, tables, targets.model_dump(mode="json"), beliefs])
    return {
        "pathsim": version("offender-pathsim"),
        "engine": digest(),
        "question": blake2b(said.encode(), digest_size=8).hexdigest(),
        "keys": list(prior.keys),
        "targets": [target.id for target in targets.fitted],
        "seed": seed,
        "waves": list(sizes.waves),
        "replications": sizes.replications,
    }


def _hash_of(cohort: Cohort) -> str:
    """Return the hash of people as they are followed: one file may be read by two mappings."""
    rows = pd.util.hash_pandas_object(cohort.frame, index=False).to_numpy()
    names = ",".join(map(str, cohort.frame.columns)).encode()
    return sha256(names + rows.tobytes() + cohort.enters().tobytes()).hexdigest()


def _leave_out(tree: dict[str, Any], key: str) -> None:
    """Take out a free parameter: its value in the scenario makes no difference to the runs."""
    first, _, rest = key.partition(".")
    if rest and isinstance(tree.get(first), dict):
        _leave_out(tree[first], rest)
    else:
        tree.pop(first, None)


def _origin(bench: _Bench, chain: Chain) -> list[str]:
    sizes = bench.sizes
    fitted = ", ".join(target.title for target in bench.targets.fitted)
    trust = "" if chain.converged else "; TOO SHORT for its autocorrelation: not converged"
    return [
        f"Calibrated: {bench.targets.title}",
        f"Scenario: {bench.scenario.title}",
        f"Fitted to: {fitted}",
        f"{' + '.join(map(str, sizes.waves))} runs of {sizes.replications} replications of "
        f"{len(bench.cohort):,} people, seed {bench.seed}",
        f"Ensemble sampler: {chain.steps} steps, autocorrelation {chain.autocorrelation:.0f}, "
        f"acceptance {chain.acceptance:.2f}{trust}",
        f"pathsim {version('offender-pathsim')}, engine {digest()}",
        "Columns are keys of the scenario, rows are joint draws",
    ]
