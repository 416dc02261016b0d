"""`pathsim evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathsim.cli.files import tell_where, write_register
from pathsim.cli.options import Json
from pathsim.cli.printing import console, print_json, print_parts, say, tell
from pathsim.errors import InputError, Problem
from pathsim.paths import exists, usable
from pathsim.text import counted, visible

if TYPE_CHECKING:
    from rich.table import Table as Grid

    from pathsim.study.effects.solve import Solved

_PAGE = 130
"""Columns of the table of effects where there is no terminal."""


def evidence(  # noqa: PLR0913 one for each option of the command
    scenario: Annotated[
        Path | None, typer.Argument(help="Scenario file; left out, the shipped evidence table.")
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only check; exit code 2 when something is unsourced.")
    ] = False,
    doubt: Annotated[
        bool,
        typer.Option(
            "--doubt",
            help="Show what is drawn in each state of the world, how, and what is not and why.",
        ),
    ] = False,
    effects: Annotated[
        bool,
        typer.Option(
            "--effects",
            help="Show the effects with what their studies report, and the ratios that follow.",
        ),
    ] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="With --effects: write the ratios that follow into the scenario file."
        ),
    ] = False,
    out: Annotated[Path | None, typer.Option(help="CSV file for the register.")] = None,
    as_json: Json = False,
) -> None:
    """Show where every number of a scenario comes from, and check that it can be traced."""
    if doubt:
        _doubt(scenario, alone=not (check or effects or write or out), as_json=as_json)
        return
    if effects or write:
        _effects(scenario, check=check, effects=effects, write=write, out=out, as_json=as_json)
        return
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


def _doubt(scenario: Path | None, *, alone: bool, as_json: bool) -> None:
    """Show what of a scenario is drawn, how, and what is not and why."""
    from pathsim.cli.doubt import doubt_data, doubt_grids
    from pathsim.scenario.load import load
    from pathsim.study.states import States, sample_beside

    if scenario is None or not alone:
        message = "--doubt is about a scenario, and goes with --json alone"
        raise InputError(Problem(message, allowed="pathsim evidence FILE --doubt [--json]"))
    read = load(scenario)
    drawn = States(draws=0, seed=0, posterior=sample_beside(read)).of(read)
    if as_json:
        print_json({"title": read.title, **doubt_data(drawn)})
    else:
        print_parts(console(width=_PAGE), doubt_grids(drawn, read.title))


def _effects(  # noqa: PLR0913 one for each option of the command
    scenario: Path | None,
    *,
    check: bool,
    effects: bool,
    write: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Show the effects of a scenario; tell, or with --write mend, what its studies do not give."""
    from pathsim.scenario.evidence.check import located
    from pathsim.scenario.lines import dotted
    from pathsim.scenario.load import load
    from pathsim.study.effects.solve import differing, solve, without_studies
    from pathsim.study.effects.told import as_data
    from pathsim.study.effects.write import renew

    if scenario is None or out is not None or not effects:
        message = "--effects is about a scenario file, --out about the register"
        if not effects:
            message = "--write goes with --effects"
        raise InputError(Problem(message, allowed="pathsim evidence FILE --effects [--write]"))
    if write:
        renewed = renew(_a_file(scenario))
        say(f"written: {counted(len(renewed), 'effect')} into {scenario}")
    read = load(scenario)
    found, others = solve(read), without_studies(read)
    problems = located(differing(found), scenario)
    if as_json:
        data = {
            "title": read.title,
            "effects": as_data(found),
            "without_studies": [dotted(path) for path, _ in others],
            "problems": [str(problem) for problem in problems],
        }
        print_json(data)
    elif not check:
        print_parts(console(width=_PAGE), [_grid(found, read.title)])
        tell(f"{counted(len(others), 'effect')} more rest on no study's size")
    for problem in problems:
        say(f"warning: {problem}")
    if check and problems:
        raise InputError(*problems)


def _a_file(scenario: Path) -> Path:
    if not exists(usable(scenario)):
        problem = "is no file, so --write has nothing to write into"
        raise InputError(Problem(problem, found=str(scenario), allowed="a scenario file"))
    return scenario


def _grid(found: list[Solved], of: str) -> Grid:
    from rich.table import Table
    from rich.text import Text

    from pathsim.scenario.offences import groups_in_words
    from pathsim.study.effects.told import alike, ratio, reported

    title = Text(visible(f"Effects and their studies: {of}"))
    grid = Table(title=title, title_justify="left", expand=True)
    for name, part in (("Effect, and its studies", 13), ("By rule, as reported", 9)):
        grid.add_column(name, overflow="fold", ratio=part)
    for name, width in (("n", 7), ("Naive", 5), ("Solved", 21), ("Shipped", 21)):
        grid.add_column(name, justify="right", no_wrap=True, min_width=width)
    for group in alike(found):
        one = group[0]
        shipped = ratio(one.effect.value, one.effect.low, one.effect.high)
        keys = "\n".join(each.key for each in group) + groups_in_words(one.acts_on, before=", on ")
        head = (keys, one.rule, "", "", ratio(*one.ruled), shipped)
        grid.add_row(*(Text(cell, style="bold") for cell in head))
        for study, each in one.studies:
            n = "" if study.n is None else f"{study.n:,}"
            solved = ratio(each.ratio, each.low, each.high)
            cells = (f"  {study.name}", reported(study), n, ratio(each.naive), solved, "")
            grid.add_row(*(Text(visible(cell)) for cell in cells))
    return grid
