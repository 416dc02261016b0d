"""States of the world at the points of a design, other quantities at their centres."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .states import States

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathsim.engine.contract import Floats


@dataclass(frozen=True, kw_only=True)
class Designed(States):
    """As many states as a design has points; levels are solved in each as in any other."""

    at: Mapping[str, Floats] = field(default_factory=lambda: MappingProxyType({}))
    """[draws] by what a draw is addressed by: standard normal numbers; by the key of what comes
    from the posterior sample: the values."""

    def normal(self, name: str) -> Floats:
        """Return the standard normal numbers of a quantity, [draws]; 0 is its median."""
        return self.at.get(name, np.zeros(self.draws))

    @cached_property
    def _sample(self) -> dict[str, NDArray[np.float64]]:
        centres = {key: np.full(self.draws, centre) for key, centre in self._centre.items()}
        return centres | {key: self.at[key] for key in centres if key in self.at}
