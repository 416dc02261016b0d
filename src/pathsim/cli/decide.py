"""`pathsim decide`."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.options import BaselineFile, DecisionOptions, OptionFiles, with_study_options
from pathsim.cli.printing import console, print_json, print_parts

Years = Annotated[int, typer.Option(help="Years of the appraisal.")]


@with_study_options
def decide(
    baseline: BaselineFile, options: OptionFiles, *, study: DecisionOptions, years: Years = 10
) -> None:
    """Say what options are worth, how sure that is, and what would change it."""
    from pathsim.decision.compared import refuse_few
    from pathsim.decision.decide import decide as decide_among
    from pathsim.decision.plain import as_data
    from pathsim.decision.terms import Terms
    from pathsim.outcomes.verbs import compare
    from pathsim.present.decision import decision_parts
    from pathsim.present.extras import need
    from pathsim.present.progress import shown_progress

    need("decide", "sklearn", purpose="deciding")
    Terms(years=years)  # refused before anything runs, as too few states are
    refuse_few(study.draws)
    with shown_progress() as progress:
        compared = compare(baseline, options, progress=progress, **study.arguments())
    decision = decide_among(compared, years=years, seed=study.seed)
    if study.as_json:
        print_json(as_data(decision))
    else:
        print_parts(console(), decision_parts(decision))
