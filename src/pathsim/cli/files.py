"""What a command writes: result folders, logs, registers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathsim.cli.printing import say
from pathsim.errors import InputError, Problem
from pathsim.paths import exists
from pathsim.text import as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.files import Outbox
    from pathsim.outcomes.results import Comparison, Run
    from pathsim.scenario.evidence.report import Report

PLAIN = ("summary.csv", "results.json")
REPORT = "report.html"


def results_in(folder: Path) -> Outbox:
    """Return the place for a result's files; nothing is there until all are."""
    from pathsim.files import Outbox

    return Outbox(folder, names=(*PLAIN, REPORT))


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


def write_results(outbox: Outbox, result: Comparison | Run) -> dict[str, Any]:
    """Write summary.csv, results.json and, where its packages are installed, report.html.

    Returns the data of results.json, made once: all figures of the report come from it.
    """
    from pathsim.decision.results import decision_of, results_data
    from pathsim.outcomes.summary import described_table
    from pathsim.spreadsheet import for_spreadsheets

    table = for_spreadsheets(described_table(result))
    outbox.write("summary.csv", table.to_csv(index=False, lineterminator="\n"))
    decision = decision_of(result)
    told = results_data(result, decision=decision)
    outbox.write("results.json", _as_json(told))
    if not _without_report():
        from pathsim.present.report import charts_of, page_html

        outbox.write(REPORT, page_html(told, charts=charts_of(result, decision)))
    return told


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


def tell_where(out: Path | None, log: Path | None = None) -> None:
    """Say on the standard error which files were written, and which was not."""
    if out:
        lacking = _without_report()
        names = PLAIN if lacking else (*PLAIN, REPORT)
        say(f"written: {', '.join(str(out / name) for name in names)}")
        if lacking:
            older = exists(out / REPORT)
            say(f"not written: {lacking}" + (f"; {out / REPORT} is an older one" * older))
    if log:
        say(f"written: {log}")
