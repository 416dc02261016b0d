"""`pathsim validate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.errors import InputError, Problem


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
) -> None:
    """Check scenario files, and the cohort tables they name, without running them."""
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.load import load

    problems: list[Problem] = []
    for file in files:
        try:
            scenario = load(file)
            people = len(Cohort.from_scenario(scenario))
        except InputError as error:
            problems += error.problems
        else:
            typer.echo(f"{file}: well; '{scenario.title}', {people:,} people")
    if problems:
        raise InputError(*problems)
