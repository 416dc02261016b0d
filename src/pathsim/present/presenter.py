"""What a result asks of this package; each part is opened when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.errors import InputError, Problem

from .extras import REPORT_PACKAGES, need

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

    from pathsim.decision.portfolio.result import Portfolio
    from pathsim.outcomes.results import Comparison, OptionResult, Run


def draw_difference(comparison: Comparison, *, outcome: str, group: str, ax: Axes | None) -> Axes:
    """Draw the options' paired differences; InputError without the extra `report`."""
    need("report", "matplotlib", purpose="drawing")
    from .plots import draw_difference as draw

    return draw(comparison, outcome=outcome, group=group, ax=ax)


def write_report(result: Comparison | Run, path: Path) -> None:
    """Write the report to `path`; InputError without the extra `report` or if unwritable."""
    _check_report(path)
    from pathsim.files import write_whole

    from .report import report_html

    write_whole(path, report_html(result))


def write_portfolio_report(found: Portfolio, path: Path) -> None:
    """Write the report of a portfolio, as `write_report` does."""
    _check_report(path)
    from pathsim.files import write_whole

    from .report.portfolio import portfolio_html

    write_whole(path, portfolio_html(found))


def _check_report(path: Path) -> None:
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(Problem("has no known suffix for a report", file=path, allowed=".html"))
    need("report", *REPORT_PACKAGES, purpose="the report")


def notebook_html(result: Comparison | OptionResult | Run) -> str:
    """Return the result as a notebook shows it."""
    from .html import result_tables

    return result_tables(result)


def notebook_progress() -> Callable[[int, int], None] | None:
    """Return what shows progress in a notebook; None elsewhere."""
    from .progress import notebook_progress as found

    return found()
