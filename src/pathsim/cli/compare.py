"""`pathsim compare`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from pathsim.cli.files import results_in, tell_where, write_results
from pathsim.cli.options import BaselineFile, OptionFiles, StudyOptions, with_study_options
from pathsim.cli.printing import COMFORTABLE, console, print_json, print_parts


@with_study_options
def compare(
    baseline: BaselineFile,
    options: OptionFiles,
    *,
    study: StudyOptions,
    unpaired: Annotated[
        bool,
        typer.Option("--unpaired", help="Compare different people, as independent samples."),
    ] = False,
) -> None:
    """Compare options with a baseline, on the same people and random numbers."""
    from pathsim.outcomes.verbs import compare as compare_scenarios
    from pathsim.people.cohort import Cohort
    from pathsim.present.progress import shown_progress
    from pathsim.present.table import comparison_tables

    with ExitStack() as stack:
        outbox = stack.enter_context(results_in(study.out)) if study.out else None
        people = Cohort.from_file(study.cohort) if study.cohort else None
        with shown_progress() as progress:
            result = compare_scenarios(
                baseline,
                options,
                cohort=people,
                unpaired=unpaired,
                progress=progress,
                **study.arguments(),
            )
        if outbox:
            write_results(outbox, result)
    if study.as_json:
        print_json(result.to_dict())
    else:
        terminal = console()
        print_parts(terminal, comparison_tables(result, narrow=terminal.width < COMFORTABLE))
    tell_where(study.out)
