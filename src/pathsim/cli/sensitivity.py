"""`pathsim sensitivity`."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.decide import Years
from pathsim.cli.options import BaselineFile, DecisionOptions, OptionFiles, with_study_options
from pathsim.cli.printing import console, print_json, print_parts


@with_study_options
def sensitivity(  # noqa: PLR0913 one for each option of the command
    baseline: BaselineFile,
    options: OptionFiles,
    *,
    study: DecisionOptions,
    outcome: Annotated[
        str,
        typer.Option(
            help="What is looked at: net benefit over the years of the appraisal, or an outcome "
            "such as proven_reoffending_rate."
        ),
    ] = "net benefit",
    years: Years = 10,
    morris: Annotated[
        str,
        typer.Option(
            metavar="emulator|model",
            help="What Morris's screening asks: the emulator, or the model, which it simulates "
            "again.",
        ),
    ] = "emulator",
) -> None:
    """Say which quantities an answer hangs on, where options fail, and what turns any two."""
    from pathsim.decision.compared import refuse_few
    from pathsim.decision.draws import LEAST_DRAWS
    from pathsim.decision.sensitive import refuse_asked, refuse_outcome
    from pathsim.decision.sensitive import sensitivity as sensitivity_of
    from pathsim.decision.sensitive_plain import sensitivity_data
    from pathsim.decision.terms import Terms
    from pathsim.outcomes.verbs import compare
    from pathsim.present.extras import need
    from pathsim.present.progress import shown_progress
    from pathsim.present.sensitivity import sensitivity_parts

    need("decide", "sklearn", "SALib", purpose="looking at what an answer hangs on")
    # Refused before anything runs.
    Terms(years=years)
    refuse_outcome(outcome)
    refuse_asked(morris)
    refuse_few(study.draws, least=LEAST_DRAWS)
    with shown_progress() as progress:
        compared = compare(baseline, options, progress=progress, **study.arguments())
        found = sensitivity_of(
            compared,
            outcome=outcome,
            years=years,
            morris=morris,
            seed=study.seed,
            progress=progress,
        )
    if study.as_json:
        print_json(sensitivity_data(found))
    else:
        print_parts(console(), sensitivity_parts(found))
