"""Both ways to a smooth surface, its error over draws, and what chance alone would give."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Final, NamedTuple, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pathsim.decision.resampling import resample_counts
from pathsim.elementary.arrays import Floats

from .process import LEARNT, learn, noise_of, spanned
from .ridge import Basis, basis_of, cross_validated, degrees, fitted, refitted
from .splines import curves, pairs

SHUFFLES: Final = 99
_SURE: Final = 0.95
_ROUNDING: Final = 1e-12
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Smooth(NamedTuple):
    """A smooth surface of each of several outcomes over the draws."""

    basis: Basis
    outcomes: Floats
    """[D, outcomes] as they were given."""
    penalty: Floats
    """[outcomes]"""
    expected: Floats
    """[D, outcomes] given the inputs."""

    @property
    def degrees(self) -> Floats:
        """How many numbers each surface has taken from the draws."""
        return degrees(self.basis, self.penalty)


def one_thread(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Do linear algebra on one thread: sums then have one order, whatever else the machine does.

    It is also quicker, as the matrices are small.
    """

    @wraps(function)
    def alone(*given: _Given.args, **more: _Given.kwargs) -> _Result:
        with threadpool_limits(1, "blas"):
            return function(*given, **more)

    return alone


def by_splines(points: Floats, values: Floats) -> Smooth:
    """Return penalised splines, with products of inputs where these foresee draws better."""
    if points.shape[1] == 0:
        return _flat(values)
    single = curves(points)
    features = [np.hstack(single)]
    products = pairs(single)
    if products.shape[1]:
        features.append(np.hstack([*single, products]))
    found = [_cross_validated(basis_of(each), values) for each in features]
    return min(found, key=lambda each: each[0])[1]


def by_process(points: Floats, values: Floats) -> Smooth:
    """Return the surfaces of a Gaussian process."""
    moves = _moves(values[:LEARNT])
    if points.shape[1] == 0 or not moves.any():
        return _flat(values)
    basis = basis_of(spanned(points, learn(points, values[:, moves])))
    penalty = np.full(values.shape[1], np.inf)
    penalty[moves] = noise_of(basis, values[:, moves])
    return _surface(basis, values, penalty)


def floor_of(chance: Iterable[float]) -> float:
    """Return the least of a few largest: what chance alone exceeds once in twenty times.

    chance: what was found for each shuffle, 19 or more. What is above the floor has a place among
    the largest twentieth of all, itself included, so that the test is exact.
    """
    sizes = sorted(chance)
    return sizes[math.ceil(_SURE * (len(sizes) + 1)) - 1]


def shuffled(smooth: Smooth, *, shuffles: int, seed: int) -> Iterator[Floats]:
    """Give the fits to outcomes in which draws have each other's inputs, the penalty found anew.

    The rows of all outcomes move together. Whatever of them fits is chance.
    """
    rng = np.random.default_rng(seed)
    for _ in range(shuffles):
        values = smooth.outcomes[rng.permutation(len(smooth.outcomes))]
        penalty = cross_validated(smooth.basis, values).penalty
        yield fitted(smooth.basis, values, penalty)


def resampled(smooth: Smooth, *, resamples: int, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """Give how often each draw counts, [D], and the surface then, for as many resamples.

    The penalty stays, and so does what a process has learnt.
    """
    for counts in resample_counts(len(smooth.outcomes), resamples=resamples, seed=seed):
        yield counts, refitted(smooth.basis, smooth.outcomes, smooth.penalty, counts)


def _cross_validated(basis: Basis, values: Floats) -> tuple[float, Smooth]:
    """Return the surface, and how badly it foresees: by all outcomes, whatever their units."""
    chosen = cross_validated(basis, values)
    badly = float(np.sum(np.log(chosen.score[_moves(values)])))
    return badly, _surface(basis, values, chosen.penalty)


def _moves(values: Floats) -> NDArray[np.bool_]:
    """Return which outcomes, [outcomes], are not the same in all draws, but for rounding."""
    return np.asarray(values.std(axis=0) > _ROUNDING * np.abs(values).max(axis=0))


def _surface(basis: Basis, values: Floats, penalty: Floats) -> Smooth:
    return Smooth(basis, values, penalty, fitted(basis, values, penalty))


def _flat(values: Floats) -> Smooth:
    """Return the means: the inputs say nothing, or there is nothing to say."""
    basis = Basis(np.empty((len(values), 0)), np.empty(0))
    return _surface(basis, values, np.full(values.shape[1], np.inf))
