"""Lines of memory: records that begin where they do, so that few are read for each."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LINE: Final = 64
"""Bytes that the processor fetches at once."""


def on_lines(count: int, dtype: np.dtype[np.void]) -> NDArray[Any]:
    """Return records, not set, the first of which begins where a line does."""
    # Not zeros: only of `empty` does NumPy ask the system for large pages.
    room = np.empty(count * dtype.itemsize + LINE, np.uint8)
    first = -room.ctypes.data % LINE
    return room[first : first + count * dtype.itemsize].view(dtype)


def whole_lines(dtype: np.dtype[np.void]) -> np.dtype[np.void]:
    """Return a record whose size is that of whole lines."""
    fields = [dtype.fields[name] for name in dtype.names or ()] if dtype.fields else []
    return np.dtype(
        {
            "names": list(dtype.names or ()),
            "formats": [field[0] for field in fields],
            "offsets": [field[1] for field in fields],
            "itemsize": -(-dtype.itemsize // LINE) * LINE,
        },
        align=True,
    )
