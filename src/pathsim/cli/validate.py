"""`pathsim validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathsim.cli.printing import say, tell
from pathsim.errors import InputError, Problem
from pathsim.text import shortened

if TYPE_CHECKING:
    from pathsim.people.cohort import Cohort
    from pathsim.study.prepare import Prepared

_TITLE = 200
"""Characters of a title that are shown."""


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
) -> None:
    """Check scenario files, and the cohort tables they name, without running them."""
    from pathsim.study.prepare import prepare

    problems: list[Problem] = []
    for file in files:
        try:
            (ready,) = prepare([file])
        except InputError as error:
            problems += error.problems
        else:
            title = shortened(ready.scenario.title, _TITLE)
            tell(f"{file}: ok; '{title}', {_people(ready.cohort)}")
            for problem in _differing(ready, file):
                say(f"warning: {problem}")
    if problems:
        raise InputError(*problems)


def _differing(ready: Prepared, file: Path) -> list[Problem]:
    """Return in which effects value or interval are not what their studies give."""
    from pathsim.scenario.evidence.check import located
    from pathsim.study.effects.solve import differing, solve

    return located(differing(solve(ready.scenario, ready.cohort)), file)


def _people(cohort: Cohort) -> str:
    enter = int(cohort.enters().sum())
    if enter == len(cohort):
        return f"{enter:,} people"
    return f"{len(cohort):,} occasions, with which {enter:,} people enter"
