"""Control variates: what is known to have mean 0 takes chance out of what is not known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pathsim.engine.contract import Floats


class Controlled(NamedTuple):
    """An estimate with controls."""

    mean: float
    sd: float
    """Of one replication, with the controls taken out."""


def controlled(values: Floats, controls: Floats) -> Controlled:
    """Return the mean of `values` less the best multiple of `controls`, without bias.

    values: [R]. controls: [R, K], each with mean 0. The coefficients of either half of the
    replications are estimated on the other half, so they are independent of the controls that
    they multiply, and the product has mean 0 too. Coefficients from the same replications would
    not be, and bias the mean. Raises ValueError where a half has too few replications to fit.
    """
    half = len(values) // 2
    if half < controls.shape[1] + 2:
        raise ValueError(f"{len(values)} replications are too few for {controls.shape[1]} controls")
    halves = (slice(None, half), slice(half, None))
    left = np.empty(len(values))
    for mine, other in (halves, halves[::-1]):
        fitted = np.column_stack([np.ones(len(values[other])), controls[other]])
        coefficients = np.linalg.lstsq(fitted, values[other], rcond=None)[0][1:]
        left[mine] = values[mine] - controls[mine] @ coefficients
    return Controlled(float(left.mean()), float(left.std(ddof=1)))
