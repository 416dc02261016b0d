"""What a command writes: result folders, logs, registers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pathsim.cli.printing import say
from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison, Run
    from pathsim.present.output import Outbox
    from pathsim.scenario.evidence.report import Report

RESULTS = ("summary.csv", "results.json", "report.html")


def results_in(folder: Path) -> Outbox:
    """Return the place for a result's files; nothing is there until all are."""
    from pathsim.present.extras import need
    from pathsim.present.output import Outbox

    need("report", "matplotlib", "jinja2", purpose="--out")
    return Outbox(folder)


def log_in(file: Path) -> Outbox:
    """Return the place for an event log."""
    from pathsim.present.output import log_outbox

    return log_outbox(file)


def write_register(file: Path, report: Report) -> None:
    """Write the register of evidence as CSV."""
    from pathsim.present.output import Outbox
    from pathsim.scenario.evidence.register import as_csv

    if file.suffix != ".csv":
        problem = Problem("has no known suffix for a register", file=file, allowed=".csv")
        raise InputError(problem)
    with Outbox(file.parent) as outbox:
        outbox.write(file.name, as_csv(report.rows))


def write_results(outbox: Outbox, result: Comparison | Run) -> None:
    """Write summary.csv, results.json and report.html."""
    from pathsim.present.report import report_html

    outbox.write("summary.csv", result.table().to_csv(index=False, lineterminator="\n"))
    text = json.dumps(result.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
    outbox.write("results.json", text + "\n")
    outbox.write("report.html", report_html(result))


def tell_where(out: Path | None, log: Path | None = None) -> None:
    """Say on the standard error which files were written."""
    if out:
        say(f"written: {', '.join(str(out / n) for n in RESULTS)}")
    if log:
        say(f"written: {log}")
