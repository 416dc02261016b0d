"""Does the fit find what made the figures? Simulated truth, written into docs/calibration.md.

    python docs/coverage.py RUNS.jsonl POSTERIOR.csv

Parameters are drawn from what the fit believes of them; the model makes the figures, with the
errors that each published one has; the fit, with that belief as its prior and its own emulator
again, says what it would believe of them. About 95% of its 95% intervals should hold them.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

import pathsim as ps
from pathsim.people.cohort import Cohort
from pathsim.study.calibration import read_posterior
from pathsim.study.calibration.design import Belief, belief_of
from pathsim.study.calibration.emulator import Emulator, fit_emulator
from pathsim.study.calibration.measure import observe
from pathsim.study.calibration.pages import page_marks, replace_between
from pathsim.study.calibration.posterior import at
from pathsim.study.calibration.sampler import sample
from pathsim.study.calibration.scales import from_scale, to_scale
from pathsim.study.calibration.store import Run
from pathsim.study.calibration.targets import Target, Targets, read_targets
from pathsim.study.threads import alone

PAGE = Path(__file__).parent / "calibration.md"
NATIONAL = "england-and-wales"
TRUTHS = 8
REPLICATIONS = 40
"""Of the model at each truth: a published figure has no noise of a simulation in it."""
DRAWS = 400
SEED = 11
INTERVAL = (0.025, 0.975)


class Found(NamedTuple):
    """Of each parameter of one truth, whether its interval holds it."""

    inside: np.ndarray
    converged: bool


def main() -> None:
    """Draw truths, fit to what the model makes of them, and write how many intervals hold."""
    runs_file, posterior_file = (Path(each) for each in sys.argv[1:3])
    targets = read_targets(NATIONAL)
    posterior = read_posterior(posterior_file)
    belief = belief_of(tuple(posterior.table.columns), np.log(posterior.table.to_numpy(float)))
    emulator = emulator_of(runs_file, targets, belief.keys)
    found = [one(belief, emulator, targets, number) for number in range(TRUTHS)]
    inside = np.array([each.inside for each in found])
    for key, times in zip(belief.keys, inside.sum(axis=0), strict=True):
        sys.stdout.write(f"{key}: {times} of {TRUTHS}\n")
    many, held = inside.size, int(inside.sum())
    long_enough = sum(each.converged for each in found)
    text = (
        f"At {TRUTHS} draws of the parameters {held} of {many} intervals ({held / many:.1%}) held "
        f"what made the figures; 95% should, and 91% to 98% do by chance alone. {long_enough} of "
        f"{TRUTHS} chains were long enough.\n"
    )
    sys.stdout.write(text)
    replace_between(PAGE, page_marks("coverage"), text)


def emulator_of(runs_file: Path, targets: Targets, keys: tuple[str, ...]) -> Emulator:
    """Return the emulator that counts of a calibration, from its file of runs."""
    head, *lines = (json.loads(line) for line in runs_file.read_text("utf-8").splitlines())
    assert tuple(head["keys"]) == keys
    last = len(head["waves"]) - 1
    lines.sort(key=lambda line: (line["wave"], line["number"]))
    runs, earlier = (
        [
            Run(np.array(line["point"]), np.array(line["figures"]))
            for line in lines
            if first <= line["wave"] <= end
        ]
        for first, end in ((last, last), (1, last - 1))
    )
    return fit_emulator(runs, targets.fitted, earlier=earlier)


def one(belief: Belief, emulator: Emulator, targets: Targets, number: int) -> Found:
    """Return which intervals hold the parameters of one truth."""
    drawn = np.random.default_rng([SEED, number])
    truth = belief.mean + np.linalg.cholesky(belief.covariance) @ drawn.standard_normal(
        len(belief.mean)
    )
    figures = made_by(dict(zip(belief.keys, np.exp(truth).tolist(), strict=True)), targets, number)
    told = tuple(
        with_error(target, figure, drawn.standard_normal())
        for target, figure in zip(targets.fitted, figures, strict=True)
    )
    chain = sample(belief, replace(emulator, targets=told), draws=DRAWS, seed=SEED + number)
    low, high = np.quantile(chain.points, INTERVAL, axis=0)
    return Found((low <= truth) & (truth <= high), chain.converged)


def made_by(values: dict[str, float], targets: Targets, number: int) -> np.ndarray:
    """Return what the model says of each figure with these parameters."""
    scenario = at(ps.load(f"{NATIONAL}/baseline"), values, source="simulated truth")
    cohort = Cohort.from_scenario(scenario)
    first = (number + 1) << 28
    seen = alone(
        lambda stop: observe(
            scenario,
            cohort,
            targets.fitted,
            seed=SEED,
            replications=range(first, first + REPLICATIONS),
            stop=stop,
        )
    )
    return np.asarray(seen.mean(axis=0))


def with_error(target: Target, figure: float, normal: float) -> Target:
    """Return the target with a figure that is off by so many of its standard errors."""
    scaled = to_scale(np.array([figure]), target) + target.log_error * normal
    return target.model_copy(update={"published": float(from_scale(scaled, target)[0])})


if __name__ == "__main__":
    main()
