"""Morris screening and Sobol indices by SALib, of a function of inputs as they were drawn.

Both take inputs to be independent, each distributed as its draws are: a number from 0 to 1 stands
for the quantile of the draws. (Morris, Technometrics 33 (1991), 161-174; Campolongo, Cariboni and
Saltelli, Environmental Modelling and Software 22 (2007), 1509-1518; Saltelli and others, Computer
Physics Communications 181 (2010), 259-270.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from pathsim.elementary.arrays import Floats

from .curves import ENDS

TRAJECTORIES: Final = 20
_LEVELS: Final = 4
STEP: Final = _LEVELS / (2.0 * (_LEVELS - 1))
"""Of the way from end to end, by which one point of a trajectory is from the next."""
_SAMPLE: Final = 1024
"""Points of a Sobol estimate, for each of two and as many more as there are inputs."""
_RESAMPLES: Final = 100
_SEEDS: Final = 2**32
Function = Callable[[Floats], Floats]
"""From inputs, [n, P], to an outcome, [n]."""


def morris_points(inputs: pd.DataFrame, *, seed: int, trajectories: int = TRAJECTORIES) -> Floats:
    """Return where Morris's method asks, as quantiles: [trajectories (P + 1), P]."""
    from SALib.sample import morris  # noqa: PLC0415 of an extra, and slow to import

    problem = _problem(inputs, ENDS)
    found = morris.sample(problem, trajectories, num_levels=_LEVELS, seed=seed % _SEEDS)
    return np.asarray(found, np.float64)


def morris_effects(
    inputs: pd.DataFrame, points: Floats, outcome: Floats, *, seed: int
) -> pd.DataFrame:
    """Return how far each input moves an outcome found at `morris_points`: a row an input.

    Columns: `input`, `mu_star` (mean size of what its middle 95% moves, end to end), `conf` (half
    of its 95% interval), `mu` (likewise with signs), `sigma` (how far that hangs on the other
    inputs, or on where it is); from the largest `mu_star`.
    """
    from SALib.analyze import morris  # noqa: PLC0415 of an extra, and slow to import

    found = morris.analyze(
        _problem(inputs, ENDS),
        *(points, outcome),
        num_resamples=_RESAMPLES,
        num_levels=_LEVELS,
        seed=seed % _SEEDS,
    )
    names = {"mu_star": "mu_star", "conf": "mu_star_conf", "mu": "mu", "sigma": "sigma"}
    columns = {name: np.asarray(found[theirs], np.float64) for name, theirs in names.items()}
    return _sorted(pd.DataFrame({"input": list(inputs.columns)} | columns), by="mu_star")


def sobol_indices(inputs: pd.DataFrame, function: Function, *, seed: int) -> pd.DataFrame:
    """Return the shares of a function's variance: a row an input, from the largest `st`.

    Columns: `input`, `s1` (by itself), `s1_conf`, `st` (with all in which it has part),
    `st_conf`; conf: half of the 95% interval. A function that never moves has 0.
    """
    from SALib.analyze import sobol as analysis  # noqa: PLC0415 of an extra, and slow to import
    from SALib.sample import sobol as design  # noqa: PLC0415 of an extra, and slow to import

    problem = _problem(inputs, (0.0, 1.0))
    points = design.sample(problem, _SAMPLE, calc_second_order=False, seed=seed % _SEEDS)
    outcome = function(at_quantiles(inputs, points))
    names = {"s1": "S1", "s1_conf": "S1_conf", "st": "ST", "st_conf": "ST_conf"}
    if not outcome.std() > 1e-12 * np.abs(outcome).max(initial=0.0):
        found: Any = dict.fromkeys(names.values(), np.zeros(inputs.shape[1]))
    else:
        found = analysis.analyze(
            problem,
            outcome,
            calc_second_order=False,
            num_resamples=_RESAMPLES,
            seed=seed % _SEEDS,
        )
    columns = {name: np.asarray(found[theirs], np.float64) for name, theirs in names.items()}
    return _sorted(pd.DataFrame({"input": list(inputs.columns)} | columns), by="st")


def at_quantiles(inputs: pd.DataFrame, points: Floats) -> Floats:
    """Return the inputs at quantiles of their draws, [n, P]."""
    drawn = inputs.to_numpy()
    return np.column_stack([np.quantile(drawn[:, k], at) for k, at in enumerate(points.T)])


def _problem(inputs: pd.DataFrame, ends: tuple[float, float]) -> dict[str, Any]:
    many = inputs.shape[1]
    names = [f"x{k}" for k in range(many)]
    return {"num_vars": many, "names": names, "bounds": [list(ends)] * many}


def _sorted(table: pd.DataFrame, *, by: str) -> pd.DataFrame:
    order = np.argsort(-table[by].to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)
