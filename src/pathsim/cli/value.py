"""`pathsim value`."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.decide import Years
from pathsim.cli.money import pounds
from pathsim.cli.options import BaselineFile, DecisionOptions, OptionFiles, with_study_options
from pathsim.cli.printing import console, print_json, print_parts
from pathsim.errors import InputError, Problem


@with_study_options
def value(  # noqa: PLR0913 one for each option of the command
    baseline: BaselineFile,
    options: OptionFiles,
    *,
    study: DecisionOptions,
    years: Years = 10,
    sizes: Annotated[
        str | None,
        typer.Option(
            "--study",
            metavar="N[,N...]",
            help="People in a study before the choice: what it would be worth. Needs --draws 512.",
        ),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(
            metavar="QUANTITY",
            help="Key of the quantity studied, such as services.gps_tag.hazard_ratio; left out, "
            "the one that is most worth knowing.",
        ),
    ] = None,
    control: Annotated[
        float | None,
        typer.Option(
            help="Share of a trial's untreated who reoffend; left out, the baseline's rate."
        ),
    ] = None,
    reducible: Annotated[
        float, typer.Option(help="Share of the doubt that a study here could take away.")
    ] = 1.0,
    waits: Annotated[
        int, typer.Option(help="Years until the study reports, which are lost to it.")
    ] = 1,
    study_cost: Annotated[
        str | None,
        typer.Option(
            metavar="FIXED:EACH",
            help="Pounds at the start of a study, and for each person, such as 20000:150.",
        ),
    ] = None,
) -> None:
    """Say what options are worth year by year, to whom, and what a study would be worth."""
    from pathsim.decision.compared import refuse_few
    from pathsim.decision.designs import refuse_key
    from pathsim.decision.studied import asked_of
    from pathsim.decision.terms import Terms
    from pathsim.decision.value import value as value_of
    from pathsim.decision.value_plain import value_data
    from pathsim.outcomes.verbs import compare
    from pathsim.present.extras import need
    from pathsim.present.progress import shown_progress
    from pathsim.present.value import value_parts
    from pathsim.scenario.load import load

    need("decide", "sklearn", purpose="deciding")
    people, cost = parse_sizes(sizes), parse_cost(study_cost)
    more = {"of": of, "control": control, "reducible": reducible, "waits": waits}
    # Refused before anything runs, as too few states are.
    asked_of(people, years=Terms(years=years).years, cost=cost, **more)
    refuse_few(study.draws)
    if of is not None:
        refuse_key(of, [load(each) for each in (baseline, *options)])
    with shown_progress() as progress:
        compared = compare(baseline, options, progress=progress, **study.arguments())
    found = value_of(
        compared,
        years=years,
        study=people,
        of=of,
        control=control,
        reducible=reducible,
        waits=waits,
        study_cost=cost,
        seed=study.seed,
    )
    if study.as_json:
        print_json(value_data(found))
    else:
        print_parts(console(), value_parts(found))


def parse_sizes(text: str | None) -> list[int] | None:
    """Return the sizes of studies, such as of `50,200`. Raises InputError."""
    if text is None:
        return None
    try:
        return [int(each) for each in text.split(",")]
    except ValueError:
        allowed = "numbers of people, such as 50,200"
        raise InputError(
            Problem("are no numbers", key="--study", found=text, allowed=allowed)
        ) from None


def parse_cost(text: str | None) -> tuple[float, float] | None:
    """Return what a study costs, such as of `20000:150`. Raises InputError."""
    if text is None:
        return None
    allowed = "pounds at the start and for each person, such as 20000:150"
    fixed, colon, each = text.partition(":")
    if not colon:
        raise InputError(Problem("is no cost", key="--study-cost", found=text, allowed=allowed))
    first, more = (pounds(part, key="--study-cost", allowed=allowed) for part in (fixed, each))
    return first, more
