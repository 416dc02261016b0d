"""EVPPI: what it is worth to know some of the inputs before the decision.

Each option's difference from the baseline is regressed on those inputs, which gives what would be
expected if they were known; the value is the gain from choosing by it (Strong, Oakley and Brennan,
Medical Decision Making 34 (2014), 311-326). Common random numbers have taken the luck out of the
differences, and with the baseline as zero there is one regression fewer.

It is done twice: by penalised splines, which one or two inputs are judged by, and by a Gaussian
process, which judges more. Where the two part by more than their errors the value is not resolved.
A regression always finds something. So the draws' inputs are shuffled, which leaves nothing to be
found, and a value that is not above those of 95 in 100 shuffles is 0: an input that nothing reads
is worth nothing, but for one such input in twenty. With few draws that hides small values too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from pathsim.arguments import whole
from pathsim.decision.draws import differences_of, groups_of, inputs_of
from pathsim.decision.regression.points import points_of
from pathsim.decision.regression.smooth import (
    SHUFFLES,
    Smooth,
    by_process,
    by_splines,
    floor_of,
    one_thread,
    resampled,
    shuffled,
)
from pathsim.decision.resampling import RESAMPLES
from pathsim.elementary.arrays import Floats

from .perfect import gain

FEW: Final = 2
"""Inputs, at most, that are judged by splines."""
_MOST: Final = 10_000
NOT_SEEN: Final = "not above what chance gives"
NOT_RESOLVED: Final = "not resolved at this number of draws"


class Partial(NamedTuple):
    """Both regressions of the differences on some inputs."""

    splines: Smooth
    process: Smooth
    judge: Smooth
    """Whichever of the two is believed."""


class PartialValue(NamedTuple):
    """What it is worth to know some inputs, in the unit of net benefit."""

    value: float
    """By the regression that is believed; 0 where it is not above the floor."""
    by_splines: float
    by_process: float
    floor: float
    """What splines give by chance, when inputs are shuffled, once in twenty times."""

    @property
    def seen(self) -> bool:
        """Whether the inputs are worth anything that chance would not give."""
        return self.value > 0.0


class PartialError(NamedTuple):
    """Standard errors over draws."""

    se: float
    by_splines: float
    by_process: float


@one_thread
def evppi(  # noqa: PLR0913 keyword-only choices of one estimate
    net_benefit: ArrayLike,
    inputs: pd.DataFrame,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    evpi: float | None = None,
    shuffles: int = SHUFFLES,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> pd.DataFrame:
    """Return what it is worth to know inputs: a row a group, in the order given.

    net_benefit: [D, N] as simulated, the baseline first; differences from it, with a first column
    of zeros, give the same. Noise in it is left out by the regression; it must not be shrunken
    beforehand. inputs: [D, P], a column an input. groups: names of inputs by the name of their
    group; by default each alone. evpi: more than this nothing is worth; by default that of
    `net_benefit` itself, which its noise makes too large.

    Columns: `group`, `inputs` (how many), `evppi`, `se`, `by_splines`, `by_process`, `floor`,
    `resolved` and `said` (why a value is 0, or not to be relied on; else empty). `evppi` is at most
    `evpi`, and a group's at least that of any group within it, as it must be. Raises InputError.
    """
    differences = differences_of(net_benefit)
    table = inputs_of(inputs, draws=len(differences))
    named = groups_of(groups, inputs=table)
    ceiling = _everything(differences) if evpi is None else float(evpi)
    shuffles = whole(shuffles, key="shuffles", least=19, most=_MOST)
    resamples = whole(resamples, key="resamples", least=20, most=_MOST)
    rows = []
    for members in named.values():
        prepared = prepare_partial(differences, table[list(members)].to_numpy())
        found = partial_value(prepared, shuffles=shuffles, seed=seed)
        rows.append((found, partial_error(prepared, resamples=resamples, seed=seed)))
    values = in_order([found.value for found, _ in rows], list(named.values()), most=ceiling)
    return pd.DataFrame(
        [
            _row(name, len(named[name]), value, found, error)
            for name, value, (found, error) in zip(named, values, rows, strict=True)
        ],
        columns=[
            *("group", "inputs", "evppi", "se", "by_splines", "by_process", "floor"),
            *("resolved", "said"),
        ],
    )


def prepare_partial(differences: Floats, inputs: Floats) -> Partial:
    """Return both regressions of the differences, [D, N - 1], on inputs [D, q]."""
    points = points_of(inputs)
    splines, process = by_splines(points, differences), by_process(points, differences)
    return Partial(splines, process, splines if points.shape[1] <= FEW else process)


def partial_value(prepared: Partial, *, shuffles: int, seed: int) -> PartialValue:
    """Return the value, 0 unless splines see it above what they give by chance."""
    splines, process = _worth(prepared.splines), _worth(prepared.process)
    chance = shuffled(prepared.splines, shuffles=shuffles, seed=seed)
    floor = floor_of(choice_gain(each) for each in chance)
    judged = splines if prepared.judge is prepared.splines else process
    seen = splines > floor
    return PartialValue(judged if seen else 0.0, splines, process, floor)


def partial_error(prepared: Partial, *, resamples: int, seed: int) -> PartialError:
    """Return the standard errors of the value and of both regressions' values."""
    splines, process = (
        _error(each, resamples=resamples, seed=seed)
        for each in (prepared.splines, prepared.process)
    )
    judged = splines if prepared.judge is prepared.splines else process
    return PartialError(judged, splines, process)


def choice_gain(expected: Floats, counts: Floats | None = None) -> float:
    """Return what is gained by choosing by what is expected of differences, [D, N - 1].

    counts: [D] how often each draw counts; by default once.
    """
    draws = len(expected)
    counts = np.ones(draws) if counts is None else counts
    return gain(np.hstack([np.zeros((draws, 1)), expected]), counts)


def in_order(
    values: Sequence[float], groups: Sequence[Sequence[str]], *, most: float
) -> list[float]:
    """Return values of groups, each at most `most` and at least those of the groups within it."""
    sets = [frozenset(group) for group in groups]
    return [
        min(max(v for v, within in zip(values, sets, strict=True) if within <= group), most)
        for group in sets
    ]


def _worth(smooth: Smooth) -> float:
    return choice_gain(smooth.expected)


def _error(smooth: Smooth, *, resamples: int, seed: int) -> float:
    again = resampled(smooth, resamples=resamples, seed=seed)
    return float(np.std([choice_gain(expected, counts) for counts, expected in again], ddof=1))


def _everything(differences: Floats) -> float:
    return choice_gain(differences)


def _row(
    name: str, number: int, value: float, found: PartialValue, error: PartialError
) -> tuple[object, ...]:
    apart = abs(found.by_splines - found.by_process)
    far = apart > max(error.by_splines, error.by_process)
    # A group that is not seen is worth something yet if a part of it is.
    resolved = value == 0.0 or (found.seen and not far)
    said = "" if resolved else NOT_RESOLVED
    return (
        *(name, number, value, error.se, found.by_splines, found.by_process, found.floor),
        *(resolved, said if value > 0.0 else NOT_SEEN),
    )
