"""The hatch to `present`: a result can be drawn, though this room knows no drawing.

`present` stands to the right of `outcomes`, so it is never imported here. The package
front hands it over as a function that imports it when it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pathsim.errors import PathsimError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

    from .results import Comparison, Run


class Presenter(Protocol):
    """What `present` offers to a result."""

    def draw_difference(
        self, comparison: Comparison, *, outcome: str, group: str, ax: Axes | None
    ) -> Axes:
        """Draw the options' paired differences with their intervals."""

    def write_report(self, result: Comparison | Run, path: Path) -> None:
        """Write the one-file report."""

    def notebook_html(self, result: Comparison | Run) -> str:
        """Return the result as a notebook shows it."""


_hatch: list[Callable[[], Presenter]] = []


def hand_over(fetch: Callable[[], Presenter]) -> None:
    """Remember how to fetch the presenter."""
    _hatch[:] = [fetch]


def presenter() -> Presenter:
    """Return the presenter that the package front handed over."""
    if not _hatch:
        raise PathsimError("nothing to draw with was handed over; import pathsim first")
    return _hatch[0]()
