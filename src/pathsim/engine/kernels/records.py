"""The record: in which band a number of previous convictions or cautions is."""

from __future__ import annotations

from pathsim.vocabulary import PREVIOUS_BAND_LOWER

from .jit import inline_helper

_PREVIOUS_FROM = PREVIOUS_BAND_LOWER[1:]


@inline_helper
def previous_band(previous: int) -> int:
    """Return the band of so many previous convictions or cautions."""
    band = 0
    for lower in _PREVIOUS_FROM:
        band += previous >= lower
    return band
