"""The scales on which figures are compared: logit for shares, log for ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, logit

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats

    from .targets import Target

_CLOSEST = 1e-4
"""A share is kept this far from 0 and 1, where the logit has no value."""


def to_scale(figures: Floats, target: Target) -> Floats:
    """Return figures of a target on the scale on which it is compared."""
    if target.is_share:
        return np.asarray(logit(np.clip(figures, _CLOSEST, 1 - _CLOSEST)))
    return np.log(np.maximum(figures, _CLOSEST))


def from_scale(values: Floats, target: Target) -> Floats:
    """Return figures from values on the target's scale."""
    return np.asarray(expit(values)) if target.is_share else np.exp(values)
