"""`pathsim validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathsim.cli.printing import say, tell
from pathsim.errors import InputError, Problem
from pathsim.text import counted, shortened

if TYPE_CHECKING:
    from pathsim.people.cohort import Cohort
    from pathsim.study.prepare import Prepared

_TITLE = 200
"""Characters of a title that are shown."""


def validate(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Scenario files, or files of calibration targets."),
    ],
) -> None:
    """Check scenario files, and the cohort tables they name, without running them.

    Files of calibration targets are checked as such.
    """
    problems: list[Problem] = []
    for file in files:
        try:
            tell(f"{file}: ok; {_checked(file)}")
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)


def _checked(file: Path) -> str:
    """Return what a file holds. Raises InputError."""
    from pathsim.study.calibration.targets import holds_targets, read_targets
    from pathsim.study.prepare import prepare

    if holds_targets(file):
        targets = read_targets(file)
        figures = f"{counted(len(targets.targets), 'figure')}, {len(targets.fitted)} of them fitted"
        title = shortened(targets.title, _TITLE)
        free = counted(len(targets.parameters), "free parameter")
        return f"calibration targets '{title}', {free}, {figures}"
    (ready,) = prepare([file])
    for problem in _differing(ready, file):
        say(f"warning: {problem}")
    return f"'{shortened(ready.scenario.title, _TITLE)}', {_people(ready.cohort)}"


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
