"""`pathsim evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.files import tell_where, write_register
from pathsim.cli.options import Json
from pathsim.cli.printing import console, print_json, print_parts, say
from pathsim.errors import InputError


def evidence(
    scenario: Annotated[
        Path | None, typer.Argument(help="Scenario file; left out, the shipped evidence table.")
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only check; exit code 2 when something is unsourced.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="CSV file for the register.")] = None,
    as_json: Json = False,
) -> None:
    """Show where every number of a scenario comes from, and check that it can be traced."""
    from pathsim.scenario.evidence.report import report

    found = report(scenario)
    if out:
        write_register(out, found)
    if as_json:
        print_json(found.as_dict())
    else:
        print_parts(console(), found.grids(whole=not check))
    for line in found.caution_lines():
        say(f"warning: {line}")
    tell_where(None, out)
    if check and found.problems:
        raise InputError(*found.problems)
