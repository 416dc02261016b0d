"""Shares as cumulative ones, among which a uniform number chooses."""

from __future__ import annotations

import numpy as np

from pathsim.elementary.ordered import running
from pathsim.engine.contract import Floats


def cumulative(shares: Floats) -> Floats:
    """Return the running sums of the last axis, each exactly 1 from the last share above 0 on."""
    sums = running(shares)
    # Rounding must not leave a gap below 1 into which a uniform number could fall.
    last = shares.shape[-1] - 1 - np.argmax(shares[..., ::-1] > 0, axis=-1)
    sums[np.arange(shares.shape[-1]) >= last[..., None]] = 1.0
    return sums
