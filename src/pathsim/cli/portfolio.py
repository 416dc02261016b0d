"""`pathsim portfolio`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer

from pathsim.cli.decide import Years
from pathsim.cli.files import RESULTS, portfolio_in, tell_where, write_portfolio
from pathsim.cli.manifest import write_manifest
from pathsim.cli.money import pounds
from pathsim.cli.options import BaselineFile, PortfolioOptions, with_study_options
from pathsim.cli.printing import console, print_json, print_parts
from pathsim.errors import InputError, Problem

_ALLOWED: Final = "KEY=LEVEL,LEVEL,..., such as services.gps_tag.capacity=18,36,54"
_NUMBER: Final = "a number, in pounds or of the outcome of --worth"


@with_study_options
def portfolio(  # noqa: PLR0913 one for each option of the command
    baseline: BaselineFile,
    *,
    study: PortfolioOptions,
    budget: Annotated[
        str,
        typer.Option(
            metavar="GBP",
            help="Pounds a year that the places of a mix may cost more than the baseline's; 0 "
            "needs --delta.",
        ),
    ],
    levers: Annotated[
        list[str] | None,
        typer.Option(
            "--lever",
            metavar="KEY=LEVEL,LEVEL,...",
            help="A lever and its levels; the baseline's own is always one. May be repeated.",
        ),
    ] = None,
    options: Annotated[
        list[Path] | None,
        typer.Option(
            "--option",
            metavar="FILE",
            help="An option that is taken or left: a scenario file, or the name of a shipped one. "
            "May be repeated.",
        ),
    ] = None,
    worth: Annotated[
        str | None,
        typer.Option(
            metavar="OUTCOME",
            help="Outcome whose improvement is to be made most of, such as reoffences_total; left "
            "out, net present social value.",
        ),
    ] = None,
    years: Years = 10,
    most_draws: Annotated[
        int | None,
        typer.Option(
            help="States of the world of the last few mixes, until they are told apart; left out, "
            "twice --draws."
        ),
    ] = None,
    delta: Annotated[
        str | None,
        typer.Option(
            metavar="FLOAT",
            help="What a mix may be worth less than the best and still be taken; left out, a "
            "twentieth of what the budget comes to over the years. A budget of 0 and another "
            "--worth need it.",
        ),
    ] = None,
    sure: Annotated[
        float, typer.Option(help="Chance of picking the best of the last, or one within delta.")
    ] = 0.95,
) -> None:
    """Find the mix of levers that is worth most within a yearly budget."""
    from pathsim.decision.portfolio.portfolio import portfolio as portfolio_of
    from pathsim.outcomes.asked import REPLICATIONS_PER_DRAW
    from pathsim.present.portfolio import portfolio_parts
    from pathsim.present.progress import shown_progress

    levels = parse_levers(levers or [])
    money = pounds(budget, key="--budget")
    margin = None if delta is None else pounds(delta, key="--delta", allowed=_NUMBER)
    arguments = study.arguments()
    if study.replications is None:
        arguments["replications"] = REPLICATIONS_PER_DRAW
    told = None
    with ExitStack() as stack:
        outbox = stack.enter_context(portfolio_in(study.out)) if study.out else None
        with shown_progress() as progress:
            found = portfolio_of(
                baseline,
                levels,
                options=options or (),
                budget=money,
                worth=worth,
                years=years,
                delta=margin,
                most_draws=most_draws,
                sure=sure,
                progress=progress,
                **arguments,
            )
        if outbox:
            told = write_portfolio(outbox, found)
            write_manifest(outbox, told["run"])
    if study.as_json:
        print_json(told or found.to_dict())
    else:
        print_parts(console(), portfolio_parts(found))
    tell_where(study.out, plain=[RESULTS])


def parse_levers(texts: list[str]) -> dict[str, list[float]]:
    """Return levels by key, each of `KEY=LEVEL,LEVEL,...`. Raises InputError."""
    found: dict[str, list[float]] = {}
    for text in texts:
        key, equals, levels = text.rpartition("=")
        try:
            numbers = [float(each) for each in levels.split(",")]
        except ValueError:
            equals = ""
        if not equals or not key:
            raise InputError(Problem("is no lever", key="--lever", found=text, allowed=_ALLOWED))
        if key in found:
            message = "is given twice"
            raise InputError(Problem(message, key="--lever", found=key, allowed="each key once"))
        found[key] = numbers
    return found
