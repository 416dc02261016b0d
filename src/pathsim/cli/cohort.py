"""`pathsim cohort`: the people that an analyst brings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.cohort_validate import validate
from pathsim.cli.guard import guarded
from pathsim.cli.options import Json, Seed
from pathsim.cli.printing import console, print_json, print_parts, say, tell
from pathsim.errors import InputError, Problem

app = typer.Typer(
    no_args_is_help=True, help="Tables of people: check, hold against what happened, copy to share."
)


def columns(
    *,
    as_json: Json = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the page docs/cohort-columns.md.")
    ] = False,
) -> None:
    """List the columns of a table of people: levels, units, what is assumed without them."""
    from pathsim.people.columns import HEADS, rows
    from pathsim.present.columns import columns_page, columns_table

    if as_json:
        print_json({"columns": [dict(zip(HEADS, row, strict=True)) for row in rows()]})
    elif markdown:
        typer.echo(columns_page(), nl=False)
    else:
        print_parts(console(), [columns_table()])


def check(
    file: Annotated[Path, typer.Argument(help="Table of people, .csv or .xlsx.")],
    *,
    scenario: Annotated[
        Path | None,
        typer.Option(help="Scenario file: say too what these people cannot do there."),
    ] = None,
) -> None:
    """Check a table of people; report by kind of fault, with counts and the first rows.

    No cell is shown but the distinct values of columns that have levels.
    """
    from pathsim.people.cohort import Cohort

    cohort = Cohort.from_file(file, few_cells=0)
    if scenario is not None:
        from pathsim.engine.lowering import lower
        from pathsim.scenario.load import load
        from pathsim.study.reach import warn_of_people

        loaded = load(scenario)
        warn_of_people([loaded], [cohort], [lower(loaded, cohort)])
    tell(f"{file}: ok; {len(cohort):,} people")


def synthesise(
    file: Annotated[Path, typer.Argument(help="Table of people, .csv or .xlsx.")],
    *,
    out: Annotated[
        Path,
        typer.Option(help="Where to write the copy, .csv; what is to be known of it goes beside."),
    ],
    seed: Seed = 1,
) -> None:
    """Write a synthetic copy of a table of people, to share in place of it.

    Nobody in it exists. What is kept, what is not, and what the risk of disclosure is, is printed
    and written beside the copy, under its name with .about.md.
    """
    from pathsim.cli.files import table_in
    from pathsim.people.cohort import Cohort
    from pathsim.spreadsheet import for_spreadsheets

    if out.suffix != ".csv":
        problem = Problem("has no known suffix for a table of people", file=out, allowed=".csv")
        raise InputError(problem)
    about = out.with_name(f"{out.name}.about.md")
    with table_in(out, beside=[about]) as outbox:
        copy = Cohort.from_file(file, few_cells=0).synthesise(seed=seed)
        text = for_spreadsheets(copy.table).to_csv(index=False, lineterminator="\n")
        outbox.write(out.name, text)
        outbox.write(about.name, copy.statement)
    typer.echo(copy.statement)
    say(f"written: {out}, {about}")


for _command in (columns, check, validate, synthesise):
    app.command()(guarded(_command))
