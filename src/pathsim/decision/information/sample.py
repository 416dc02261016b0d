"""EVSI: what a study of so many people on one input would be worth before the decision.

What a study of n tells moves the expected value of an input by less than knowing it would: if what
is known already weighs as much as n0 people, the variance that the study takes from doubt into
knowledge is the share n / (n + n0) of all. So what is expected of the options, given the input, is
drawn to its mean by the root of that share, and the gain found as for EVPPI (Jalal and
Alarid-Escudero, Medical Decision Making 38 (2018), 174-188). That is exact where everything is
normal and linear; elsewhere the study's result is taken to be normal.

    n0 = variance of what one person tells / variance of the input as drawn
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from pathsim.arguments import plain_number, whole
from pathsim.decision.draws import differences_of, groups_of, inputs_of
from pathsim.decision.regression.smooth import SHUFFLES, Smooth, one_thread, resampled
from pathsim.decision.resampling import RESAMPLES
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem

from .partial import NOT_SEEN, choice_gain, partial_value, prepare_partial

LEAST_DRAWS: Final = 512
"""With half as many, a value is off by half of itself where the truth is known."""
TOO_FEW: Final = "too few draws"


class Sample(NamedTuple):
    """What a study of one input may tell."""

    smooth: Smooth
    """What is expected of each option's difference from the baseline, given the input."""
    prior_size: float
    reducible: float
    most: float
    """More than this a study is not worth; 0 where the input is not seen."""


def prior_size(*, per_person: float, drawn: float) -> float:
    """Return as how many people what is known already counts.

    per_person: variance of the estimate of a study, times its people. drawn: variance of the input
    as drawn, both on the same scale, such as of the logarithm of a ratio. Raises InputError.
    """
    of_one = _positive(per_person, key="per_person")
    return of_one / _positive(drawn, key="drawn")


def log_ratio_variance(*, control: float, treated: float) -> float:
    """Return the variance of one person's tale of a log risk ratio, in a trial of two equal arms.

    control, treated: shares with the outcome, between 0 and 1. A trial of n people has the variance
    2 (1 - p) / (n p) of each arm's log share, p its share (delta method; Woolf's). Raises
    InputError.
    """
    shares = {"control": control, "treated": treated}
    odds_against = [1.0 / _share(value, key=key) - 1.0 for key, value in shares.items()]
    return 2.0 * sum(odds_against)


def log_hazard_ratio_variance(*, control: float, ratio: float) -> float:
    """Return the variance of one person's tale of a log ratio of hazards, in a trial as above.

    control: share of the untreated with the outcome. ratio: of the hazards, the treated's over the
    others', under which 1 - (1 - control)^ratio of the treated have it. The log of a total hazard,
    ln(-ln(1 - p)), has variance p / (n (1 - p) ln(1 - p)^2) in an arm of n (delta method). Raises
    InputError.
    """
    untreated = _share(control, key="control")
    treated = 1.0 - (1.0 - untreated) ** _positive(ratio, key="ratio")
    shares = (untreated, _share(treated, key="ratio"))
    return 2.0 * sum(p / ((1.0 - p) * math.log1p(-p) ** 2) for p in shares)


@one_thread
def evsi(  # noqa: PLR0913 keyword-only choices of one estimate
    net_benefit: ArrayLike,
    inputs: pd.DataFrame,
    *,
    of: str,
    sizes: Sequence[float],
    prior_size: float,
    reducible: float = 1.0,
    evpi: float | None = None,
    shuffles: int = SHUFFLES,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> pd.DataFrame:
    """Return what studies of one input are worth before the decision: a row a size.

    net_benefit, inputs, evpi: as for `evppi`. of: the input studied. sizes: people in the study.
    prior_size: people as which what is known counts (`prior_size`). reducible: share of the input's
    variance that a study here could take away; the rest is doubt of another kind, such as whether
    a result from elsewhere holds here for the years to come.

    Columns: `size`, `evsi`, `se`, `said` (why there is no value, or none but 0; else empty). With
    fewer than 512 draws values are nan and `said` is "too few draws". Raises InputError.
    """
    people = [_positive(size, key="sizes") for size in sizes]
    differences = differences_of(net_benefit)
    table = inputs_of(inputs, draws=len(differences))
    (column,) = groups_of({"of": [of]}, inputs=table)["of"]
    shuffles = whole(shuffles, key="shuffles", least=19, most=10_000)
    resamples = whole(resamples, key="resamples", least=20, most=10_000)
    known = _positive(prior_size, key="prior_size")
    share = _share(reducible, key="reducible", up_to_one=True)
    if len(differences) < LEAST_DRAWS:
        return _table(people, [math.nan] * len(people), [math.nan] * len(people), TOO_FEW)
    prepared = prepare_sample(
        differences,
        table[column].to_numpy(),
        prior_size=known,
        reducible=share,
        most=math.inf if evpi is None else float(evpi),
        shuffles=shuffles,
        seed=seed,
    )
    values = [sample_value(prepared, size=size) for size in people]
    errors = sample_error(prepared, sizes=people, resamples=resamples, seed=seed)
    return _table(people, values, errors, "" if prepared.most > 0.0 else NOT_SEEN)


def prepare_sample(  # noqa: PLR0913 keyword-only choices of one estimate
    differences: Floats,
    column: Floats,
    *,
    prior_size: float,
    reducible: float = 1.0,
    most: float = math.inf,
    shuffles: int = SHUFFLES,
    seed: int = 1,
) -> Sample:
    """Return what a study of an input, [D], may tell of the differences, [D, N - 1]."""
    partial = prepare_partial(differences, column[:, None])
    value = partial_value(partial, shuffles=shuffles, seed=seed)
    return Sample(partial.judge, prior_size, reducible, min(most, math.inf if value.seen else 0.0))


def sample_value(prepared: Sample, *, size: float) -> float:
    """Return what a study of so many people is worth, in the unit of net benefit."""
    expected = prepared.smooth.expected
    drawn = _drawn_in(expected, expected.mean(axis=0), _share_told(prepared, size))
    return min(choice_gain(drawn), prepared.most)


def sample_error(
    prepared: Sample, *, sizes: Sequence[float], resamples: int, seed: int
) -> list[float]:
    """Return the standard error over draws for each size."""
    again = []
    for counts, expected in resampled(prepared.smooth, resamples=resamples, seed=seed):
        mean = counts @ expected / counts.sum()
        drawn = [_drawn_in(expected, mean, _share_told(prepared, size)) for size in sizes]
        again.append([choice_gain(each, counts) for each in drawn])
    return [float(each) for each in np.std(again, axis=0, ddof=1)]


def _share_told(prepared: Sample, size: float) -> float:
    """Return the share of the input's variance that a study takes from doubt into knowledge."""
    return prepared.reducible * size / (size + prepared.prior_size)


def _drawn_in(expected: Floats, mean: Floats, share: float) -> Floats:
    return np.asarray(mean + math.sqrt(share) * (expected - mean))


def _table(
    sizes: Sequence[float], values: Sequence[float], errors: Sequence[float], said: str
) -> pd.DataFrame:
    columns = {"size": sizes, "evsi": values, "se": errors, "said": said}
    return pd.DataFrame(columns, columns=list(columns))


def _positive(value: object, *, key: str) -> float:
    number = plain_number(value)
    if number is None or not 0.0 < number < math.inf:
        problem = Problem("is out of range", key=key, found=value, allowed="a number above 0")
        raise InputError(problem)
    return number


def _share(value: object, *, key: str, up_to_one: bool = False) -> float:
    number = plain_number(value)
    if number is None or not 0.0 < number < 1.0 + up_to_one * 1e-15:
        allowed = "above 0, up to 1" if up_to_one else "between 0 and 1"
        raise InputError(Problem("is out of range", key=key, found=value, allowed=allowed))
    return number
