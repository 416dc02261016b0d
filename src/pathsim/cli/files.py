"""What a command writes: result folders, logs, registers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathsim.cli.manifest import MANIFEST
from pathsim.cli.printing import say
from pathsim.errors import InputError, Problem
from pathsim.paths import exists
from pathsim.text import as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.decision.portfolio.result import Portfolio
    from pathsim.files import Outbox
    from pathsim.outcomes.results import Comparison, Run
    from pathsim.scenario.evidence.report import Report

RESULTS = "results.json"
PLAIN = ("summary.csv", RESULTS)
REPORT = "report.html"
WORKBOOK, OPEN_DOCUMENT = "workbook.xlsx", "workbook.ods"
QUALITY = ("quality.md", "quality.html")


def results_in(folder: Path) -> Outbox:
    """Return the place for a result's files; nothing is there until all are."""
    from pathsim.files import Outbox

    return Outbox(folder, names=(*PLAIN, REPORT, WORKBOOK, OPEN_DOCUMENT, *QUALITY, MANIFEST))


def portfolio_in(folder: Path) -> Outbox:
    """Likewise of a portfolio."""
    from pathsim.files import Outbox

    return Outbox(folder, names=(RESULTS, REPORT, MANIFEST))


def log_in(file: Path) -> Outbox:
    """Return the place for an event log."""
    from pathsim.present.output import log_outbox

    return log_outbox(file)


def table_in(file: Path, *, beside: Iterable[Path] = ()) -> Outbox:
    """Return the place for one table, and for the files beside it in the same folder."""
    from pathsim.files import Outbox

    if not file.name:
        raise InputError(Problem("is a folder, not a file", file=file))
    return Outbox(file.parent, names=(file.name, *(each.name for each in beside)))


def write_register(file: Path, report: Report) -> None:
    """Write the register of evidence as CSV."""
    from pathsim.files import write_whole
    from pathsim.scenario.evidence.register import as_csv

    if file.suffix != ".csv":
        problem = Problem("has no known suffix for a register", file=file, allowed=".csv")
        raise InputError(problem)
    write_whole(file, as_csv(report.rows))


def write_results(outbox: Outbox, result: Comparison | Run, *, ods: bool = False) -> None:
    """Write summary.csv, results.json and, where its packages are installed, report and workbook.

    All figures of report and workbook come from the data of results.json, made here once. A
    workbook is of a comparison. ods: whether it is to be there as OpenDocument too.
    """
    from pathsim.decision.results import decision_of, results_data
    from pathsim.outcomes.summary import described_table
    from pathsim.spreadsheet import for_spreadsheets

    table = for_spreadsheets(described_table(result))
    outbox.write("summary.csv", table.to_csv(index=False, lineterminator="\n"))
    decision = decision_of(result)
    told = results_data(result, decision=decision)
    outbox.write(RESULTS, _as_json(told))
    if not _without_report():
        from pathsim.present.report import charts_of, page_html

        outbox.write(REPORT, page_html(told, charts=charts_of(result, decision)))
    if "options" in told and not _without_workbook():
        _write_workbook(outbox, told, ods=ods)


def write_portfolio(outbox: Outbox, found: Portfolio) -> dict[str, Any]:
    """Write results.json and, where its packages are installed, the report. Returns the data."""
    told = found.to_dict()
    outbox.write(RESULTS, _as_json(told))
    if not _without_report():
        from pathsim.present.report.portfolio import portfolio_html

        outbox.write(REPORT, portfolio_html(found, told=told))
    return told


def _write_workbook(outbox: Outbox, told: dict[str, Any], *, ods: bool) -> None:
    from pathsim.present.workbook import as_ods, workbook

    book = workbook(told)
    with outbox.writing(WORKBOOK) as path:
        path.write_bytes(book)
    if ods:
        with outbox.writing(OPEN_DOCUMENT) as path:
            path.write_bytes(as_ods(book))


def write_quality(outbox: Outbox, comparison: Comparison) -> None:
    """Write the quality sheets, quality.md and quality.html."""
    from pathsim.present.quality import quality_html, quality_markdown

    for name, page in zip(QUALITY, (quality_markdown, quality_html), strict=True):
        outbox.write(name, page(comparison))


def write_origin(outbox: Outbox, log: Path, result: Run) -> None:
    """Write beside a log where it comes from: version, source, inputs, seed."""
    from pathsim.present.output import origin_of

    outbox.write(origin_of(log).name, _as_json(dict(result.provenance)))


def _as_json(data: dict[str, Any]) -> str:
    return as_json(data) + "\n"


def _without_report() -> str:
    """Return what the report lacks and how to install it; empty where it can be written."""
    from pathsim.present.extras import REPORT_PACKAGES, lacking

    return lacking("report", *REPORT_PACKAGES, purpose=REPORT)


def _without_workbook() -> str:
    """Likewise of the workbook."""
    from pathsim.present.extras import WORKBOOK_PACKAGES, lacking

    return lacking("report", *WORKBOOK_PACKAGES, purpose=WORKBOOK)


def tell_where(
    out: Path | None,
    log: Path | None = None,
    *,
    plain: Iterable[str] = PLAIN,
    book: bool = False,
    more: Iterable[str] = (),
) -> None:
    """Say on the standard error which files were written, and which were not.

    plain: names of the files that need no extra. book: whether a workbook was to be there. more:
    names of files that are there besides.
    """
    if out:
        missing = {REPORT: _without_report(), WORKBOOK: _without_workbook() if book else ""}
        wanted = [*plain, REPORT, *([WORKBOOK] if book else []), *more, MANIFEST]
        names = [name for name in wanted if not missing.get(name)]
        say(f"written: {', '.join(str(out / name) for name in names)}")
        for name, lacking in missing.items():
            if lacking:
                older = exists(out / name)
                say(f"not written: {lacking}" + (f"; {out / name} is an older one" * older))
    if log:
        say(f"written: {log}")


def need_folder(out: Path | None, option: str) -> None:
    """Refuse an option that writes a file where there is no --out. Raises InputError."""
    if out is None:
        raise InputError(Problem("has no folder to write to", key=option, allowed="with --out"))


def need_open_document() -> None:
    """Refuse to go on where no workbook.ods could be written. Raises InputError."""
    from pathsim.present.extras import WORKBOOK_PACKAGES, need

    need("report", *WORKBOOK_PACKAGES, purpose="--ods")
    from pathsim.present.workbook.ods import need_soffice

    need_soffice()
