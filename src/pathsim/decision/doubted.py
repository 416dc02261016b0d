"""What was drawn in the states of the world, as columns that a decision is held against."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.elementary.arrays import Floats
from pathsim.elementary.words import Draws

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.scenario.doubt import Doubted
    from pathsim.scenario.model import Scenario
    from pathsim.study.states import States

_SHUFFLES: Final = 199


class Input(NamedTuple):
    """A quantity in doubt, or several that share a draw."""

    name: str
    column: Floats
    """[D] standard normal numbers, or logarithms of what a sample says."""
    key: str
    """Of the first of the quantities."""
    others: int
    """Further quantities that share the draw."""
    low: float
    high: float
    """95% interval of the first one."""
    value: Callable[[float], float]
    """Of the first one, from a number on the scale of the column."""
    first: Doubted | None = None
    """The first one, where it is drawn alone and not from a sample of a fit."""

    @property
    def label(self) -> str:
        """Return what to call it: the key, and how many more go with it."""
        return f"{self.key} and {self.others} more" if self.others else self.key


def inputs_of(states: States, scenarios: Iterable[Scenario]) -> list[Input]:
    """Return what was drawn for any of the scenarios, each draw once, in their order."""
    found: dict[str, Input] = {}
    for regime in (each for scenario in scenarios for each in scenario.regimes):
        drawn = states.of(regime)
        mine: dict[str, list[Doubted]] = {}
        for each in drawn.alone:
            mine.setdefault(each.id, []).append(each)
        for name, group in mine.items():
            if name not in found:
                found[name] = _alone(name, group, states.normal(name))
        for each in drawn.together:
            if each.key not in found:
                found[each.key] = _together(each, states.sampled(each.key))
    return list(found.values())


def _alone(name: str, group: list[Doubted], normal: Floats) -> Input:
    first = group[0]
    return with_value(
        name=name,
        column=normal,
        key=first.key,
        others=len(group) - 1,
        low=first.low,
        high=first.high,
        first=first,
    )


def _together(doubted: Doubted, sampled: Floats) -> Input:
    return with_value(
        name=doubted.key,
        column=np.log(sampled),
        key=doubted.key,
        others=0,
        low=doubted.low,
        high=doubted.high,
        first=None,
    )


def with_value(*, first: Doubted | None, **parts: Any) -> Input:
    """Return an input with the function from its column's scale to the first quantity's."""
    if first is None:
        return Input(value=math.exp, **parts)

    def value(number: float) -> float:
        return float(first.at(np.array([number]))[0])

    return Input(value=value, first=first, **parts)


def as_table(inputs: Iterable[Input]) -> pd.DataFrame:
    """Return the columns by name, [D, P]."""
    return pd.DataFrame({each.name: each.column for each in inputs})


def screened(outcome: Floats, inputs: list[Input], *, most: int, seed: int) -> list[Input]:
    """Return the inputs that go with an outcome by more than chance, the closest first.

    outcome: [D]. Of some hundred inputs one goes with anything by chance. So the outcome is
    shuffled, and an input must go with it more than the closest of all inputs does with any of 199
    shuffles. Ranks are compared, so that a few far draws decide nothing. most: so many at most.
    """
    if not inputs:
        return []
    outcome = _ranked(outcome)
    columns = np.stack([_standard(_ranked(each.column)) for each in inputs], axis=1)
    draws = Draws(seed, "screened inputs")
    places = np.arange(len(outcome))
    shuffled = [
        outcome[np.argsort(draws.uniform(f"shuffle {k}", places), kind="stable")]
        for k in range(_SHUFFLES)
    ]
    floor = max(float(np.abs(_standard(each) @ columns).max()) for each in shuffled)
    found = np.abs(_standard(outcome) @ columns)
    order = np.argsort(-found, kind="stable")
    return [inputs[k] for k in order[:most] if found[k] > floor]


def _ranked(values: Floats) -> Floats:
    """Return places in order, from 0; equal values share theirs."""
    _, places = np.unique(values, return_inverse=True)
    return places.astype(np.float64)


def _standard(values: Floats) -> Floats:
    off = values - values.mean()
    size = float(np.sqrt((off * off).sum()))
    standard: Floats = off / size if size > 0.0 else off
    return standard
