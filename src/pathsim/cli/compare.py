"""`pathsim compare`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from pathsim.cli.files import (
    OPEN_DOCUMENT,
    QUALITY,
    need_folder,
    need_open_document,
    results_in,
    tell_where,
    write_quality,
    write_results,
)
from pathsim.cli.manifest import write_manifest
from pathsim.cli.options import BaselineFile, ComparisonOptions, OptionFiles, with_study_options
from pathsim.cli.printing import COMFORTABLE, console, print_json, print_parts
from pathsim.errors import InputError, Problem


@with_study_options
def compare(
    baseline: BaselineFile,
    options: OptionFiles,
    *,
    study: ComparisonOptions,
    unpaired: Annotated[
        bool,
        typer.Option("--unpaired", help="Compare different people, as independent samples."),
    ] = False,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="PRECISION",
            help="Simulate in 64 states of the world, 128 and so on, until the Monte Carlo error "
            "leaves every difference in the proven reoffending rate within so much, 95% sure, such "
            "as 0.2pp (or 0.002). --draws is then how many there may be; left out, 1,024.",
        ),
    ] = None,
) -> None:
    """Compare options with a baseline, on the same people and random numbers."""
    from pathsim.outcomes.verbs import compare as compare_scenarios
    from pathsim.present.progress import shown_progress
    from pathsim.present.table import comparison_tables

    if study.ods:
        need_folder(study.out, "--ods")
        need_open_document()
    if study.quality:
        need_folder(study.out, "--quality")
    with ExitStack() as stack:
        outbox = stack.enter_context(results_in(study.out)) if study.out else None
        people = study.people(baseline)
        with shown_progress() as progress:
            result = compare_scenarios(
                baseline,
                options,
                cohort=people,
                unpaired=unpaired,
                until=None if until is None else parse_precision(until),
                progress=progress,
                **study.arguments(),
            )
        if outbox:
            write_results(outbox, result, ods=study.ods)
            if study.quality:
                write_quality(outbox, result)
            write_manifest(outbox, result.provenance)
    if study.as_json:
        print_json(result.to_dict())
    else:
        terminal = console()
        print_parts(terminal, comparison_tables(result, narrow=terminal.width < COMFORTABLE))
    more = [*([OPEN_DOCUMENT] if study.ods else []), *(QUALITY if study.quality else [])]
    tell_where(study.out, book=True, more=more)


def parse_precision(text: str) -> float:
    """Return a precision of a rate, such as of `0.2pp` or `0.002`. Raises InputError."""
    number, points, rest = text.strip().partition("pp")
    try:
        found = float(number) / (100.0 if points else 1.0)
    except ValueError:
        found = -1.0
    if rest or not 0.0 < found < 1.0:
        allowed = "such as 0.2pp, percentage points, or 0.002"
        raise InputError(Problem("is no precision", key="--until", found=text, allowed=allowed))
    return found
