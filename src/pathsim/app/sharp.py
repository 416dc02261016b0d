"""Whether an estimate is sharp enough, and what of it is still unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.outcomes.doubt import FEWEST_DRAWS, estimate_draws
from pathsim.outcomes.until import HEADLINE

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison

STAGES: Final = (4, 8, 16, 32, 64, 128, 256)
"""States of the world at which an estimate is shown."""
_FEWEST: Final = 64
"""States from which doubt is told well enough to stop by it."""


class Sharpness(NamedTuple):
    """Whether to go on, with the reason."""

    enough: bool
    words: str


def sharpness(comparison: Comparison) -> Sharpness:
    """Return whether more states of the world would tell more.

    It reads errors and no difference, and only at the stages, so that stopping favours no option.
    """
    draws = int(comparison.provenance["draws"])
    parts = [each.everybody[HEADLINE].reshape(draws, -1) for each in comparison.options]
    found = estimate_draws(np.stack(parts, axis=2))
    doubt = found.sd_doubt
    same = ~np.isnan(found.same_in)
    with np.errstate(invalid="ignore"):
        clear = (found.se <= doubt) & (found.chance_in_a_draw <= doubt * doubt)
    if draws >= FEWEST_DRAWS and same.all():
        return Sharpness(True, "Enough: every run says the same, so more would tell nothing new.")
    if draws >= _FEWEST and (clear | same).all():
        return Sharpness(
            True,
            "Enough: what is left unsure is doubt about the evidence, which more computing does "
            "not narrow.",
        )
    if draws >= STAGES[-1]:
        return Sharpness(
            True,
            "As many as this page simulates. Luck still hides part of the doubt: ask for more in "
            "the shell.",
        )
    if draws < FEWEST_DRAWS:
        return Sharpness(False, "A first, rough estimate: its intervals are still wide.")
    return Sharpness(False, "Luck still adds to the intervals.")
