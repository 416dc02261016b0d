"""How far a study is, shown to whoever waits for it: in a notebook, or as the caller asks."""

from __future__ import annotations

import sys
from collections.abc import Callable

from pathsim.errors import wrong_type

from .registry import presenter

Progress = Callable[[int, int], None]


def progress_of(progress: Progress | bool | None) -> Progress | None:
    """Return what to tell how far a study is: left out, what a notebook shows; False: nothing.

    Raises InputError.
    """
    if progress is False:
        return None
    if progress is not None and not callable(progress):
        allowed = "a function of two numbers: done, and of how many; or False"
        raise wrong_type("progress", progress, allowed)
    if progress is None and "IPython" in sys.modules:
        return presenter().notebook_progress()
    return progress or None
