"""Which quantities move an option's difference: everything that its draws say, put together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pathsim.decision.doubted import Input, as_table, screened
from pathsim.decision.regression.smooth import one_thread
from pathsim.elementary.arrays import Floats
from pathsim.outcomes.doubt import estimate_draws

from .curves import tornado
from .designs import (
    STEP,
    TRAJECTORIES,
    at_quantiles,
    morris_effects,
    morris_points,
    sobol_indices,
)
from .emulator import GOOD_ENOUGH, MOST_CHANCE, Emulator, Quality, fit_emulator, quality
from .failure import Failure, failure_box
from .indices import CHANCE, REST, first_order

MOST_INPUTS: Final = 10
"""Quantities, at most, that are looked at closely: those that go with the difference the most."""
EMULATOR: Final = "emulator"
MODEL: Final = "model"
ASKED: Final = (EMULATOR, MODEL)
"""What Morris's screening may ask."""
_OF_MODEL: Final = 10
"""Trajectories of a screening that simulates."""
Model = Callable[[Mapping[str, Floats]], Floats]
"""From columns of inputs by name, [n], to a difference simulated there, [n, r]."""


@dataclass(frozen=True, eq=False)
class Moved:
    """What moves a difference, [D, r]; tables name quantities by their labels."""

    inputs: tuple[Input, ...]
    """Those looked at closely; of the others none goes with it by more than chance would."""
    mean: float
    tornado: pd.DataFrame
    """`input`, `low` and `high` (2.5% and 97.5% of the quantity), `at_low` and `at_high` (the
    difference to be expected there), `swing`, `se` (of the swing), `turns` (whether it has both
    signs in between)."""
    shares: pd.DataFrame
    """`input`, `share`, `se`: of the variance of the difference in a single replication; the last
    two rows are what quantities do together or was not resolved, and chance."""
    quality: Quality
    morris: pd.DataFrame
    """`input`, `mu_star`, `conf`, `mu`, `sigma`: see `designs.morris_effects`."""
    morris_of: str
    """Of what: one of `ASKED`."""
    morris_chance: float
    """What chance alone gives an input's `mu_star`: 0 of an emulator, which has none."""
    sobol: pd.DataFrame | None
    """`input`, `s1`, `s1_conf`, `st`, `st_conf`, of what is to be expected, chance apart; None: not
    resolved."""
    failure: Failure | None
    """None: no direction of the difference is better."""

    @property
    def sobol_said(self) -> str:
        """Why there are no indices of Sobol's; empty: there are."""
        if self.sobol is not None:
            return ""
        found = self.quality
        if not self.inputs:
            return "not resolved: no quantity is seen to move it"
        if np.isnan(found.chance):
            return "not resolved: the difference is the same in all states"
        if not found.chance <= MOST_CHANCE:
            return (
                f"not resolved: chance is {100 * found.chance:.0f}% of the variance of the draws' "
                f"means, above {100 * MOST_CHANCE:.0f}%; more replications in each state show more"
            )
        return (
            f"not resolved: the emulator foresees {100 * found.r2_doubt:.0f}% of the doubt about "
            f"unseen states, below {100 * GOOD_ENOUGH:.0f}%"
        )


@one_thread
def moved(
    values: Floats, inputs: list[Input], *, better: int, seed: int, model: Model | None = None
) -> Moved:
    """Return what moves a difference, [D, r].

    better: the sign of a better difference; 0: none is. seed: of shuffles and resamples. model:
    what Morris's screening asks; None: the emulator. Raises InputError where there are too few
    draws.
    """
    means = values.mean(axis=1)
    few = len(inputs) <= MOST_INPUTS
    near = list(inputs) if few else screened(means, inputs, most=MOST_INPUTS, seed=seed)
    table = labelled(near).reindex(range(len(means)))
    chance = chance_of(values)
    found = quality(table.to_numpy(), means, chance=chance) if near else _unknown(means, chance)
    emulator = fit_emulator(table.to_numpy(), means) if near else None
    screening, luck = _no_morris(), 0.0
    if emulator is not None:
        screening, luck = _screening(table, near, emulator, model, seed=seed)
    resolved = emulator is not None and found.enough
    return Moved(
        inputs=tuple(near),
        mean=float(means.mean()),
        tornado=_tornado(means, table, near, seed=seed),
        shares=_shares(values, means, table, chance, seed=seed),
        quality=found,
        morris=screening,
        morris_of=EMULATOR if model is None else MODEL,
        morris_chance=luck,
        sobol=sobol_indices(table, emulator, seed=seed) if emulator and resolved else None,
        failure=failure_box(better * means, in_units(near, means), seed=seed) if better else None,
    )


def chance_of(values: Floats) -> float:
    """Return the variance that chance leaves in the mean of a draw, at most that of the means."""
    found = estimate_draws(values[:, :, None])
    least = float(values.mean(axis=1).var())
    return min(float(np.nan_to_num(found.chance_in_a_draw[0])), least)


def labelled(inputs: list[Input]) -> pd.DataFrame:
    """Return the columns as they were drawn, by label: [D, P]."""
    return as_table([each._replace(name=each.label) for each in inputs])


def in_units(inputs: list[Input], means: Floats) -> pd.DataFrame:
    """Return the quantities' own values, by label: [D, P]."""
    columns = {each.label: _values(each, each.column) for each in inputs}
    return pd.DataFrame(columns, index=range(len(means)))


def _values(each: Input, numbers: Floats) -> Floats:
    return np.array([each.value(number) for number in numbers.tolist()])


def _tornado(means: Floats, table: pd.DataFrame, inputs: list[Input], *, seed: int) -> pd.DataFrame:
    found = tornado(means, table, seed=seed)
    by_label = {each.label: each for each in inputs}
    for end in ("low", "high"):
        numbers = zip(found["input"], found[end], strict=True)
        found[end] = [by_label[label].value(float(number)) for label, number in numbers]
    return found.drop(columns="seen")


def _shares(
    values: Floats, means: Floats, table: pd.DataFrame, chance: float, *, seed: int
) -> pd.DataFrame:
    """Return shares of the variance of a single replication, from those of the draws' means."""
    of_means = first_order(means, table, chance=chance, seed=seed)
    variance = float(means.var(ddof=1))
    luck = float(np.nan_to_num(estimate_draws(values[:, :, None]).sd_chance[0])) ** 2
    whole = variance - chance + luck
    scale = variance / whole if whole > 0.0 else 0.0
    rows = of_means[~of_means["input"].isin((CHANCE, REST))]
    rows = rows.assign(share=rows["share"] * scale, se=rows["se"] * scale)
    of_chance = luck / whole if whole > 0.0 else 0.0
    rest = 1.0 - of_chance - float(rows["share"].sum()) if whole > 0.0 else 0.0
    last = [(REST, rest, np.nan), (CHANCE, of_chance, np.nan)]
    return pd.concat([rows, pd.DataFrame(last, columns=rows.columns)], ignore_index=True)


def _screening(
    table: pd.DataFrame, inputs: list[Input], emulator: Emulator, model: Model | None, *, seed: int
) -> tuple[pd.DataFrame, float]:
    """Return Morris's screening, and what chance alone gives its sizes."""
    many = TRAJECTORIES if model is None else _OF_MODEL
    points = morris_points(table, seed=seed, trajectories=many)
    at = at_quantiles(table, points)
    if model is None:
        return morris_effects(table, points, emulator(at), seed=seed), 0.0
    columns = {each.name: at[:, place] for place, each in enumerate(inputs)}
    values = model(columns)
    noise = float(np.nan_to_num(estimate_draws(values[:, :, None]).chance_in_a_draw[0]))
    # Of two points that differ in luck alone, on the mean size of a normal difference.
    luck = math.sqrt(2.0 * noise) * math.sqrt(2.0 / math.pi) / STEP
    return morris_effects(table, points, values.mean(axis=1), seed=seed), luck


def _unknown(means: Floats, chance: float) -> Quality:
    variance = float(means.var())
    return Quality(np.nan, np.nan, chance / variance if variance > 0.0 else np.nan)


def _no_morris() -> pd.DataFrame:
    return pd.DataFrame(columns=["input", "mu_star", "conf", "mu", "sigma"])
