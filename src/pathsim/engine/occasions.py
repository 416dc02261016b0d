"""How many offences an occasion is of: one, and a geometric number of further ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.elementary import ln
from pathsim.vocabulary import OFFENCE_GROUPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathsim.engine.contract import Floats


def offences_mean(given: Mapping[Any, Any], *, further_ratio: float) -> Floats:
    """Return how many offences an occasion is of on average, [O].

    given: a mean by offence group. further_ratio: multiplier of what is beyond the first.
    """
    means = [given[group].value if group in given else 1.0 for group in OFFENCE_GROUPS]
    return 1.0 + further_ratio * (np.array(means) - 1.0)


def offences_scale(mean: Floats) -> Floats:
    """Return the factor of an exponential number, rounded down, that makes further offences.

    mean: offences an occasion, at least 1. With E exponential of mean 1, floor(E x factor) is j or
    more with probability (1 - 1 / mean)^j: geometric, of mean `mean` - 1.
    """
    several = mean > 1.0
    share = np.where(several, 1.0 - 1.0 / np.where(several, mean, 2.0), 0.5)
    return np.where(several, -1.0 / ln(share), 0.0)
