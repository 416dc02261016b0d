"""Shares of disposals where cases that would go to court end out of court instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pathsim.vocabulary import AGE_GROUPS, DISPOSALS, DIVERTED

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats
    from pathsim.scenario.justice import Diversion


def diverted_shares(caution: Floats, court: Floats, diversion: Diversion) -> tuple[Floats, Floats]:
    """Return the shares with some of the cases without a prison sentence out of court instead."""
    caution, court = caution.copy(), court.copy()
    lesser = [DISPOSALS.index(name) for name in DIVERTED]
    for age, name in enumerate(AGE_GROUPS):
        share = getattr(diversion, name).value
        if share > 0:
            taken = share * court[age][..., lesser].sum(axis=-1)
            caution[age] += (1.0 - caution[age]) * taken
            court[age][..., lesser] *= 1.0 - share
            left = court[age].sum(axis=-1, keepdims=True)
            court[age] = np.divide(court[age], left, out=court[age], where=left > 0.0)
    return caution, court
