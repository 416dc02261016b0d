"""Amounts in fixed point: whole multiples of a unit, so that no order of adding changes a sum."""

from __future__ import annotations

from typing import Final

import numpy as np

ROUNDER: Final = 1.5 * 2.0**52
"""A number below `LARGEST` in size, with this added, is rounded to a whole one: half to even."""
ROUNDER_WORD: Final = int(np.float64(ROUNDER).view(np.int64))
"""Its 64 bits. Those of the sum, as a whole number, are this and the rounded number together."""
LARGEST: Final = 2.0**51
"""Amounts are smaller than this many units."""
LARGEST_SUM: Final = 2.0**62
"""Sums are smaller than this many units, and so fit into 64 bits."""
