"""Quantities of the model: from the number of a distribution to a value."""

from __future__ import annotations

import numpy as np

from .jit import inline_helper
from .model import Model
from .random import draw
from .sampling import quantity


@inline_helper
def sample(
    m: Model, which: int, person: np.uint64, purpose: np.uint64, draw_index: np.uint64
) -> float:
    """Draw from distribution number `which`; a constant needs no random number."""
    d = m.distributions[which]
    if d.kind == 0:
        return float(d.a)
    return quantity(m.distributions, m.knots, which, draw(person, purpose, draw_index))
