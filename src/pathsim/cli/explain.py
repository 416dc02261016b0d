"""`pathsim explain`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pathsim.cli.options import BaselineFile, Json, OptionFiles, Seed, Workers
from pathsim.cli.printing import console, print_json, print_parts
from pathsim.errors import InputError, Problem


def explain(  # noqa: PLR0913 one for each option of the command
    baseline: BaselineFile,
    options: OptionFiles,
    *,
    replications: Annotated[
        int | None,
        typer.Option(help="Over which parts are means; left out, 20, and of several options 4."),
    ] = None,
    replication: Annotated[
        int | None, typer.Option(help="The first of them, whose people are told one by one.")
    ] = None,
    person: Annotated[
        str | None, typer.Option(metavar="ID", help="Whose life to tell, without and with it.")
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            help="States of the world, of several options alone; left out, 64. One option is told "
            "at central values."
        ),
    ] = None,
    seed: Seed = 1,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Say what an option changes and for whom; of several options, what each adds together."""
    from pathsim.present.progress import shown_progress

    given: dict[str, Any] = {"replication": replication, "person": person}
    how: dict[str, Any] = {"seed": seed, "workers": workers}
    if len(options) > 1:
        _refuse_any(given, allowed="one option")
        from pathsim.decision.shapley import shapley
        from pathsim.present.explained import share_parts

        with shown_progress() as progress:
            shared = shapley(
                baseline, options, draws=draws, replications=replications, progress=progress, **how
            )
        if as_json:
            print_json(shared.to_dict())
        else:
            print_parts(console(), list(share_parts(shared)))
        return
    _refuse_any({"draws": draws}, allowed="several options")
    from pathsim.decision.explained import REPLICATIONS, refuse_nobody
    from pathsim.decision.explained import explain as explain_option
    from pathsim.present.explained import explained_parts
    from pathsim.scenario.load import load

    read = load(baseline)
    if person is not None:
        refuse_nobody(person, read)
    with shown_progress() as progress:
        found = explain_option(
            read,
            options[0],
            replications=REPLICATIONS if replications is None else replications,
            replication=replication or 0,
            progress=progress,
            **how,
        )
    if as_json:
        print_json(found.to_dict(person=person))
    else:
        print_parts(console(), list(explained_parts(found, person=person)))


def _refuse_any(given: dict[str, Any], *, allowed: str) -> None:
    for key, value in given.items():
        if value is not None:
            message = f"says nothing but with {allowed}"
            raise InputError(Problem(message, key=f"--{key}", found=value, allowed=allowed))
