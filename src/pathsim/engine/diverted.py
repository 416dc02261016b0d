"""Shares of disposals where cases that would go to court end out of court instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pathsim.vocabulary import AGE_GROUPS, DISPOSALS, DIVERTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.engine.contract import Floats
    from pathsim.scenario.justice import Diversion


def diverted_shares(caution: Floats, court: Floats, diversion: Diversion) -> tuple[Floats, Floats]:
    """Return the shares with some of the cases without a prison sentence out of court instead."""
    caution, court = caution.copy(), court.copy()
    lesser = [DISPOSALS.index(name) for name in DIVERTED]
    for age, name in enumerate(AGE_GROUPS):
        share = getattr(diversion, name).value
        if share > 0:
            taken = share * _added(court[age], lesser)
            caution[age] += (1.0 - caution[age]) * taken
            court[age][..., lesser] *= 1.0 - share
            left = _added(court[age], range(len(DISPOSALS)))[..., np.newaxis]
            court[age] = np.divide(court[age], left, out=court[age], where=left > 0.0)
    return caution, court


def lesser_shares(court: Floats) -> Floats:
    """Return the shares of disposals among the cases that may be diverted, from those in court.

    Where there are none, all are of the first disposal that may be diverted.
    """
    lesser = [DISPOSALS.index(name) for name in DIVERTED]
    kept = np.zeros_like(court)
    kept[..., lesser] = court[..., lesser]
    kept[_added(kept, lesser) == 0.0, lesser[0]] = 1.0
    return np.asarray(kept / _added(kept, lesser)[..., np.newaxis])


def _added(shares: Floats, columns: Iterable[int]) -> Floats:
    """Return the sum over some of the last axis, one after another: NumPy chooses no order."""
    total = np.zeros(shares.shape[:-1])
    for column in columns:
        total = total + shares[..., column]
    return total
