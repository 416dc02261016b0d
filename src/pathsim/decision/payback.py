"""When money that was spent has come back, in real pounds that are not discounted."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem

from .inputs import amounts, shape_of_draws

_ROUNDING: Final = 1e-12
"""What is left over, of all that is paid and received, that counts as nothing."""


def payback(flows: ArrayLike, *, outlay: ArrayLike = 0.0) -> Floats:
    """Return after how many years the purse is out of the red for good.

    Flows come evenly over their year, so that a part of a year is told. 0: it is never in the red;
    inf: it still is at the end of the flows.

    flows: [..., Y] pounds received less paid in years 0 to Y - 1. outlay: [...] pounds paid at the
    start. Raises InputError.
    """
    received, paid = amounts(flows, key="flows"), amounts(outlay, key="outlay")
    if received.ndim == 0:
        raise InputError(
            Problem("has no years", key="flows", found=flows, allowed="a row of years")
        )
    standing = _standing(received, paid)
    red = standing < 0.0
    years = received.shape[-1]
    last = np.where(red.any(axis=-1), years - np.argmax(red[..., ::-1], axis=-1), -1)
    from_there = np.clip(last, 0, years - 1)[..., None]
    before = np.take_along_axis(standing, from_there, axis=-1)[..., 0]
    after = np.take_along_axis(standing, from_there + 1, axis=-1)[..., 0]
    rise = after - before
    part = np.divide(-before, rise, out=np.zeros(rise.shape), where=(last >= 0) & (rise > 0.0))
    return np.where(last < 0, 0.0, np.where(last == years, np.inf, last + part))


def _standing(received: Floats, paid: Floats) -> Floats:
    """Return how the purse stands at the start and at the end of each year, [..., Y + 1]."""
    shape = shape_of_draws([received.shape[:-1], paid.shape], key="outlay")
    start = np.broadcast_to(-paid, shape)[..., None]
    yearly = np.broadcast_to(received, (*shape, received.shape[-1]))
    steps = np.concatenate([start, yearly], axis=-1)
    standing = np.cumsum(steps, axis=-1)
    rounding = _ROUNDING * np.abs(steps).sum(axis=-1, keepdims=True)
    return np.where(np.abs(standing) <= rounding, 0.0, standing)
