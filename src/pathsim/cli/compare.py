"""`pathsim compare`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.files import results_in, tell_where, write_results
from pathsim.cli.options import (
    CohortFile,
    Engine,
    EngineChoice,
    Json,
    Out,
    PosteriorFile,
    Replications,
    ScaleBy,
    Seed,
    Workers,
)
from pathsim.cli.printing import COMFORTABLE, console, print_json, print_parts


def compare(  # noqa: PLR0913 one for each option of the command
    baseline: Annotated[Path, typer.Argument(help="Scenario file of the baseline.")],
    options: Annotated[list[Path], typer.Argument(metavar="OPTION...", help="Scenario files.")],
    *,
    replications: Replications = 100,
    seed: Seed = 1,
    workers: Workers = None,
    engine: EngineChoice = Engine.KERNEL,
    cohort: CohortFile = None,
    scale: ScaleBy = None,
    unpaired: Annotated[
        bool,
        typer.Option("--unpaired", help="Compare different people, as independent samples."),
    ] = False,
    posterior: PosteriorFile = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Compare options with a baseline, on the same people and random numbers."""
    from pathsim.outcomes.verbs import compare as compare_scenarios
    from pathsim.people.cohort import Cohort
    from pathsim.present.progress import shown_progress
    from pathsim.present.table import comparison_tables

    with ExitStack() as stack:
        outbox = stack.enter_context(results_in(out)) if out else None
        people = Cohort.from_file(cohort) if cohort else None
        with shown_progress() as progress:
            result = compare_scenarios(
                baseline,
                options,
                replications=replications,
                seed=seed,
                workers=workers,
                engine=engine.value,
                cohort=people,
                scale=scale,
                unpaired=unpaired,
                posterior=posterior,
                progress=progress,
            )
        if outbox:
            write_results(outbox, result)
    if as_json:
        print_json(result.to_dict())
    else:
        terminal = console()
        print_parts(terminal, comparison_tables(result, narrow=terminal.width < COMFORTABLE))
    tell_where(out)
