"""The tables of a portfolio."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.decision.acceptability import chance_best
from pathsim.decision.compared import deflated, with_baseline
from pathsim.decision.told import Told, told

from .levers import Lever, named, scenario_of
from .result import Pick
from .spend import yearly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.elementary.arrays import Floats

    from .evaluate import Bench
    from .explore import Found
    from .space import Mix

_A_MIX: Final = 32
"""Replications beyond each draw's first, for each mix, by which chance is known well enough to be
taken out."""
_NOTHING: Final = Told(0.0, 0.0, 0.0, math.nan)
_PLACES: Final = ".capacity"


def behind_pick(found: Found) -> dict[Mix, float]:
    """Return how far each of the last mixes is behind the pick, in the draws of both."""
    best = found.final[found.pick].mean(axis=1)
    behind = {}
    for mix in found.last:
        own = found.final[mix].mean(axis=1)
        draws = min(len(own), len(best))
        behind[mix] = float((best[:draws] - own[:draws]).mean())
    return behind


def not_told_apart(found: Found, *, delta: float) -> list[Mix]:
    """Return the pick, then the last mixes no more than delta behind it or not told apart."""
    behind = behind_pick(found)
    kept = {found.last[k] for k in found.selected.kept}
    alike = [mix for mix in found.last if mix in kept or behind[mix] <= delta]
    return sorted(alike, key=lambda mix: (mix != found.pick, behind[mix]))


def told_of(worth: Floats, mix: Mix) -> Told:
    """Return what a mix is worth with its doubt; the baseline is worth nothing more."""
    return told(worth) if any(mix) else _NOTHING


def mixes_table(
    found: Found, levers: Sequence[Lever], bench: Bench, *, delta: float
) -> pd.DataFrame:
    """Return a row a mix simulated, the best first."""
    behind, alike = behind_pick(found), set(not_told_apart(found, delta=delta))
    rows: list[dict[str, Any]] = []
    for mix, values in found.seen.items():
        worth = told_of(values, mix)
        last = mix in behind
        rows.append(
            {"mix": named(levers, mix)}
            | levels_of(levers, mix)
            | {
                "spend": found.space.spend(mix),
                "worth": worth.mean,
                "low": worth.low,
                "high": worth.high,
                "chance": worth.probability,
                "public_year_1": bench.public.get(mix, 0.0),
                "last": last,
                "again": float(found.final[mix].mean()) if last else math.nan,
                "behind": behind.get(mix, math.nan),
                "indifferent": mix in alike,
            }
        )
    return pd.DataFrame(rows).sort_values(
        ["worth", "mix"], ascending=[False, True], ignore_index=True
    )


def levels_of(levers: Sequence[Lever], mix: Mix) -> dict[str, float]:
    """Return a mix by lever."""
    return {lever.name: lever.levels[k] for lever, k in zip(levers, mix, strict=True)}


def frontier_table(found: Found, levers: Sequence[Lever]) -> pd.DataFrame:
    """Return the steps of the best mix simulated by what may be spent, from the least."""
    names = ["budget", "mix", "worth", "low", "high", "worth_a_pound"]
    order = sorted(found.seen, key=lambda mix: (found.space.spend(mix), -found.seen[mix].mean()))
    rows: list[tuple[Any, ...]] = []
    for mix in order:
        worth, spend = told_of(found.seen[mix], mix), found.space.spend(mix)
        if rows and worth.mean <= rows[-1][2]:
            continue
        more = spend - rows[-1][0] if rows else 0.0
        a_pound = (worth.mean - rows[-1][2]) / more if more > 0.0 else math.nan
        rows.append((spend, named(levers, mix), worth.mean, worth.low, worth.high, a_pound))
    return pd.DataFrame(rows, columns=names)


def shadow_table(
    found: Found, levers: Sequence[Lever], bench: Bench, *, draws: int
) -> pd.DataFrame:
    """Return what one more place than the pick's is worth, simulated with all the rest of it."""
    names = ["lever", "places", "spend", "worth", "low", "high", "chance", "worth_a_pound"]
    pick = found.pick
    own = scenario_of(bench.baseline, levers, pick) if any(pick) else bench.baseline
    capacities = [
        (lever, lever.levels[k] + 1.0)
        for lever, k in zip(levers, pick, strict=True)
        if lever.name.endswith(_PLACES) and not lever.is_option
    ]
    more = [own.change(f"{own.title} + 1", {lever.name: places}) for lever, places in capacities]
    if not more:
        return pd.DataFrame(columns=names)
    worth = bench.worth_of(more, draws, fresh=not found.everything)
    rows = []
    for k, (lever, places) in enumerate(capacities):
        spend = yearly(more[k]) - yearly(own)
        gain = told(worth[:, :, k] - found.final[pick][:draws])
        a_pound = gain.mean / spend if spend > 0.0 else math.nan
        rows.append((lever.name, places, spend, *gain, a_pound))
    return pd.DataFrame(rows, columns=names)


def pick_of(found: Found, levers: Sequence[Lever]) -> Pick:
    """Return the pick: the chance that it is the best, and how much worse it can be."""
    pick = found.pick
    closest = _closest(found)
    draws = min([len(found.final[mix]) for mix in closest] or [len(found.final[pick])])
    chance, behind = 1.0, np.zeros(1)
    if closest:
        worth = np.stack([found.final[mix][:draws] for mix in closest], axis=2)
        certain = with_baseline(deflated(worth))
        own = 1 + closest.index(pick) if any(pick) else 0
        chance = float(chance_best(certain)[own])
        behind = certain.max(axis=1) - certain[:, own]
    return Pick(
        mix=named(levers, pick),
        levels=levels_of(levers, pick),
        spend=found.space.spend(pick),
        worth=told_of(found.final[pick], pick),
        chance_best=chance,
        among=1 + len(closest),
        behind_on_average=float(behind.mean()),
        behind_in_5_of_100=float(np.quantile(behind, 0.95)),
    )


def _closest(found: Found) -> list[Mix]:
    """Return the mixes closest to the pick and the pick, so many that chance can be taken out."""
    behind = behind_pick(found)
    order = sorted((mix for mix in found.last if any(mix)), key=lambda mix: behind[mix])
    if found.pick in order:
        order.remove(found.pick)
        order.insert(0, found.pick)
    if not order:
        return []
    draws, replications = found.seen[order[0]].shape
    return order[: max(2, draws * (replications - 1) // _A_MIX)]
