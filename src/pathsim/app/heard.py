"""Warnings that are told on the page and not on the terminal."""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pathsim.errors import InputWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

_one_at_a_time = threading.RLock()
"""What catches warnings holds for the whole process."""


@contextmanager
def heard() -> Iterator[list[str]]:
    """Give a list that has what was warned of, each once, when the work is done."""
    said: list[str] = []
    with _one_at_a_time, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InputWarning)
        yield said
        said += dict.fromkeys(
            str(each.message) for each in caught if issubclass(each.category, InputWarning)
        )


@contextmanager
def unheard() -> Iterator[None]:
    """Keep warnings of input to nobody: they are told where the input is used."""
    with heard():
        yield
