"""`pathsim run`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.files import log_in, results_in, tell_where, write_origin, write_results
from pathsim.cli.manifest import write_manifest
from pathsim.cli.options import ScenarioFile, StudyOptions, with_study_options
from pathsim.cli.printing import console, print_json, print_parts, say


@with_study_options
def run(
    scenario: ScenarioFile,
    *,
    study: StudyOptions,
    log: Annotated[
        Path | None,
        typer.Option(
            help="File for the event log of one replication at central values, .csv or .parquet; "
            "it names people by the ids of their table."
        ),
    ] = None,
) -> None:
    """Run one scenario and show its outcomes."""
    from pathsim.outcomes.verbs import log as event_log
    from pathsim.outcomes.verbs import run as run_scenario
    from pathsim.present.output import origin_of, write_log
    from pathsim.present.progress import shown_progress
    from pathsim.present.table import run_tables

    with ExitStack() as stack:
        outbox = stack.enter_context(results_in(study.out)) if study.out else None
        log_place = stack.enter_context(log_in(log)) if log else None
        people = study.people(scenario)
        with shown_progress() as progress:
            result = run_scenario(
                scenario,
                cohort=people,
                progress=progress,
                **study.arguments(),
            )
        if log and log_place:
            events = event_log(
                result.request.scenario, seed=study.seed, engine=study.engine.value, cohort=people
            )
            with log_place.writing(log.name) as path:
                write_log(events, path)
            write_origin(log_place, log, result)
        if outbox:
            write_results(outbox, result)
            logged = log_place.so_far() if log_place else ()
            write_manifest(outbox, result.provenance, beside=logged)
    if study.as_json:
        print_json(result.to_dict())
    else:
        print_parts(console(), run_tables(result))
    tell_where(study.out, log)
    if log:
        say(f"written: {origin_of(log)}")
