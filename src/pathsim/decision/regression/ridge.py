"""Penalised least squares: from columns to what is expected of each outcome.

    minimise over c and w:  |y - c - Z w|^2 + penalty |w|^2

The columns Z are turned first so that none leans on another. Then a fit at any penalty costs a
product, and shuffling the outcomes costs no more than that. The penalty is found by generalised
cross-validation (Golub, Heath and Wahba, Technometrics 21 (1979), 215-223), which is leaving out
one draw at a time, evened out over the draws.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pathsim.elementary.arrays import Floats

_NOTHING: Final = 1e-7
"""Size of a turned column, relative to the largest, below which it is rounding."""
_EXACT: Final = 1e-13
"""Share of the squares left by a fit, below which it is rounding."""
_WARY: Final = 1.2
"""Weight of each number that a fit takes from the draws. With 1 it follows noise too often (Kim and
Gu, Journal of the Royal Statistical Society B 66 (2004), 337-356: 1.2 to 1.4)."""
_PENALTIES: Final = np.append(np.logspace(-6.0, 6.0, 49), np.inf)
"""Tried, for each draw; the last leaves the mean alone."""


class Basis(NamedTuple):
    """Columns of a regression, at right angles and of mean 0."""

    columns: Floats
    """[D, r]"""
    squares: Floats
    """[r] of each column, added up over the draws."""


class Chosen(NamedTuple):
    """Penalties by cross-validation, [outcomes]."""

    penalty: Floats
    score: Floats
    """Mean square, warily judged, by which the fit misses a draw that it has not seen."""


def basis_of(features: Floats) -> Basis:
    """Return features, [D, p], turned into at most as many columns, with the same fits."""
    centred = features - features.mean(axis=0)
    if centred.size == 0:
        return Basis(np.empty((len(features), 0)), np.empty(0))
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    kept = sizes > _NOTHING * sizes[0]
    return Basis(left[:, kept] * sizes[kept], sizes[kept] ** 2)


def cross_validated(basis: Basis, values: Floats) -> Chosen:
    """Return the penalty for each of the outcomes, values [D, outcomes]."""
    draws = len(values)
    penalties = _PENALTIES * draws
    kept = _kept(basis, penalties)
    centred = values - values.mean(axis=0)
    along = (basis.columns.T @ centred) ** 2 / basis.squares[:, None]
    squares = np.sum(centred**2, axis=0)
    left = squares - (1.0 - (1.0 - kept) ** 2).T @ along
    left = np.maximum(left, _EXACT * squares)
    free = draws - _WARY * (1.0 + kept.sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(free[:, None] >= 1.0, draws * left / free[:, None] ** 2, np.inf)
    # Of penalties as good as each other the last: the flattest fit.
    best = len(score) - 1 - np.argmin(score[::-1], axis=0)
    return Chosen(penalties[best], np.min(score, axis=0))


def fitted(basis: Basis, values: Floats, penalty: Floats) -> Floats:
    """Return what is expected of each outcome in each draw, [D, outcomes].

    penalty: [outcomes]; infinity leaves the mean alone.
    """
    mean = values.mean(axis=0)
    weights = basis.columns.T @ (values - mean) / basis.squares[:, None]
    found: Floats = mean + basis.columns @ (_kept(basis, penalty) * weights)
    return found


def degrees(basis: Basis, penalty: Floats) -> Floats:
    """Return how many numbers each fit has taken from the draws, its mean included."""
    taken: Floats = 1.0 + _kept(basis, penalty).sum(axis=0)
    return taken


def refitted(basis: Basis, values: Floats, penalty: Floats, counts: Floats) -> Floats:
    """Return the fits to draws that count so many times, in each draw, [D, outcomes].

    penalty: [outcomes], above 0; it stays: a draw that counts twice would otherwise foresee itself.
    counts: [D], 0 or more.
    """
    share = counts / counts.sum()
    mean, middle = share @ values, share @ basis.columns
    off = basis.columns - middle
    weighted = off * counts[:, None]
    sizes, turn = np.linalg.eigh(weighted.T @ off)
    along = turn.T @ (weighted.T @ (values - mean))
    slopes = turn @ (along / (np.maximum(sizes, 0.0)[:, None] + penalty))
    found: Floats = mean + off @ slopes
    return found


def _kept(basis: Basis, penalty: Floats) -> Floats:
    """Return the share of each column that a penalty leaves, [r, penalties]."""
    kept: Floats = basis.squares[:, None] / (basis.squares[:, None] + penalty)
    return kept
