"""Files of what is on the page: the report, the figures, the tables and the scenario."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING, Final

from pathsim.present.extras import WORKBOOK_PACKAGES, lacking
from pathsim.text import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathsim.outcomes.results import Comparison

KINDS: Final = {
    "report.html": "text/html; charset=utf-8",
    "workbook.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "results.json": "application/json",
    "summary.csv": "text/csv; charset=utf-8",
    "rate.svg": "image/svg+xml",
    "reoffences.svg": "image/svg+xml",
    "cost.svg": "image/svg+xml",
}
"""Files by name, with their type."""
OUTCOMES: Final = {
    "rate.svg": "proven_reoffending_rate",
    "reoffences.svg": "reoffences_from_sentence_per_person",
    "cost.svg": "cost_public",
}
"""What the figures show."""
WORDS: Final[Mapping[str, str]] = {
    "report.html": "The whole report",
    "workbook.xlsx": "Workbook for a spreadsheet",
    "summary.csv": "All figures, one table",
    "results.json": "All figures, for programs",
    "rate.svg": "Figure: proven reoffending rate",
    "reoffences.svg": "Figure: reoffences from the sentence",
    "cost.svg": "Figure: cost to the public purse",
}
_WORKBOOK: Final = "pathsim.present.workbook"
_draws = threading.Lock()
"""Pictures are drawn one at a time: the library shares its settings."""


def offered() -> tuple[str, ...]:
    """Return the names of the files that can be made here."""
    without = lacking("report", *WORKBOOK_PACKAGES, purpose="workbook.xlsx")
    return tuple(name for name in KINDS if name != "workbook.xlsx" or not without)


def made(name: str, comparison: Comparison) -> bytes:
    """Return a file of a comparison."""
    if name in OUTCOMES:
        from pathsim.present.plots import difference_svg

        with _draws:
            return difference_svg(comparison, outcome=OUTCOMES[name]).encode()
    return {
        "report.html": _report,
        "results.json": _results,
        "summary.csv": _summary,
        "workbook.xlsx": _workbook,
    }[name](comparison)


def _report(comparison: Comparison) -> bytes:
    from pathsim.present.report import report_html

    with _draws:
        return report_html(comparison).encode()


def _results(comparison: Comparison) -> bytes:
    from pathsim.decision.results import results_data

    return as_json(results_data(comparison)).encode()


def _summary(comparison: Comparison) -> bytes:
    from pathsim.outcomes.summary import described_table
    from pathsim.spreadsheet import for_spreadsheets

    table = for_spreadsheets(described_table(comparison))
    return bytes(table.to_csv(index=False, lineterminator="\n").encode())


def _workbook(comparison: Comparison) -> bytes:
    from pathsim.decision.results import results_data

    book = import_module(_WORKBOOK)
    return bytes(book.workbook(results_data(comparison)))
