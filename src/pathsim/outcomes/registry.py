"""How a result is drawn by `present`, though this package knows no drawing.

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


_fetch: list[Callable[[], Presenter]] = []


def register_presenter(fetch: Callable[[], Presenter]) -> None:
    """Remember how to fetch the presenter."""
    _fetch[:] = [fetch]


def presenter() -> Presenter:
    """Return the presenter that the front of the package gave."""
    if not _fetch:
        raise PathsimError("tables and plots need `import pathsim` first")
    (fetch,) = _fetch
    return fetch()
