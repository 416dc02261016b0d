"""How a result is drawn by `present`, though this package knows no drawing.

`present` stands to the right of `outcomes`, so it is never imported here. The package
front hands it over as a function that imports it when it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pathsim.errors import PathsimError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes


class Presenter(Protocol):
    """What `present` offers to a result, a `Comparison` or a `Run`, which rests on this file."""

    def draw_difference(
        self, comparison: Any, *, outcome: str, group: str, ax: Axes | None
    ) -> Axes:
        """Draw the options' paired differences with their intervals."""

    def write_report(self, result: Any, path: Path) -> None:
        """Write the one-file report."""

    def write_portfolio_report(self, found: Any, path: Path) -> None:
        """Write the one-file report of a portfolio."""

    def notebook_html(self, result: Any) -> str:
        """Return the result as a notebook shows it."""

    def notebook_progress(self) -> Callable[[int, int], None] | None:
        """Return what shows progress in a notebook; None elsewhere."""


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


_fetch_saver: list[Callable[[], Callable[[object, Any], None]]] = []


def register_saver(fetch: Callable[[], Callable[[object, Any], None]]) -> None:
    """Remember how to fetch what saves a result."""
    _fetch_saver[:] = [fetch]


def saver() -> Callable[[object, Any], None]:
    """Return what saves a result, as the front of the package gave it."""
    if not _fetch_saver:
        raise PathsimError("saving needs `import pathsim` first")
    (fetch,) = _fetch_saver
    return fetch()
