"""`pathsim cohort`: the people that an analyst brings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.cohort_validate import validate
from pathsim.cli.guard import guarded
from pathsim.cli.options import Json, MappingFile, Seed, plain_people
from pathsim.cli.printing import console, print_json, print_page, print_parts, say, tell
from pathsim.errors import InputError, Problem
from pathsim.text import counted

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


def draft(  # noqa: PLR0913 one for each option of the command
    file: Annotated[Path, typer.Argument(help="Table: .csv, .xlsx, .ods, .parquet, .dta.")],
    *,
    out: Annotated[
        Path | None, typer.Option(help="File for the mapping, .toml; left out, it is printed.")
    ] = None,
    header_row: Annotated[
        int | None, typer.Option(min=1, help="Row of the header, where it is not found.")
    ] = None,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; left out, the first.")] = "",
    offences: Annotated[
        Path | None, typer.Option(help="A second table, one row an offence, joined by id.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Draft a mapping: which column of a file is which of a cohort, with reasons.

    What is ambiguous is a question, "?", to be answered in the file: units, whether a count
    includes the present conviction, what becomes of what nobody knows.
    """
    from pathsim.paths import exists
    from pathsim.people.mapping.draft import draft as drafted

    if out is not None and exists(out):
        # It may hold answers.
        message, allowed = "is there already, and a draft would take its place", "another name"
        raise InputError(Problem(message, key="--out", found=str(out), allowed=allowed))
    found = drafted(
        file,
        header_row=header_row,
        sheet=sheet,
        offences=offences,
        beside=None if out is None else out.parent,
    )
    if out is not None:
        found.write(out)
    if as_json:
        print_json(found.to_dict())
    elif out is None:
        print_page(str(found))
    asked = counted(len(found.questions), "question")
    where = "" if out is None else f"written: {out}; "
    say(f"{where}{asked} to answer")


def check(
    file: Annotated[Path, typer.Argument(help="Table of people, .csv or .xlsx.")],
    *,
    mapping: MappingFile = None,
    scenario: Annotated[
        Path | None,
        typer.Option(
            help="Scenario file: say too what these people cannot do there, how they differ "
            "from its own, and draw from these what the mapping says."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a table of people; report by kind of fault, with counts and the first rows.

    No cell is shown but the distinct values of columns that have levels. With --json: what was
    read as what, what is unknown, drawn or assumed, and what is odd.
    """
    from pathsim.people.cohort import Cohort
    from pathsim.people.mapping.report import report_of_faults
    from pathsim.scenario.load import load

    loaded = None if scenario is None else load(scenario)
    differing = None
    try:
        if mapping is None:
            cohort = plain_people(file, few_cells=0)
        else:
            cohort = Cohort.from_file(file, mapping=mapping, scenario=loaded)
    except InputError as error:
        if as_json:
            print_json(report_of_faults(str(file), error.problems).to_dict())
        raise
    if loaded is not None:
        from pathsim.engine.lowering import lower
        from pathsim.people.beside import beside
        from pathsim.study.reach import warn_of_people

        warn_of_people([loaded], [cohort], [lower(loaded, cohort)])
        differing = beside(cohort.living_in(loaded.areas), Cohort.from_scenario(loaded))
    if as_json:
        rows = {} if differing is None else {"beside": differing.to_dict(orient="records")}
        print_json(cohort.report().to_dict() | rows)
        return
    if mapping is not None:
        for line in str(cohort.report()).splitlines()[1:]:
            tell(line)
    if loaded is not None and differing is not None:
        from pathsim.present.beside import beside_table

        print_parts(console(), [beside_table(differing, scenario=loaded.title)])
    tell(f"{file}: ok; {len(cohort):,} people")


def synthesise(
    file: Annotated[Path, typer.Argument(help="Table of people, .csv or .xlsx.")],
    *,
    out: Annotated[
        Path,
        typer.Option(help="Where to write the copy, .csv; what is to be known of it goes beside."),
    ],
    mapping: MappingFile = None,
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
        copy = Cohort.from_file(file, mapping=mapping).synthesise(seed=seed)
        text = for_spreadsheets(copy.table).to_csv(index=False, lineterminator="\n")
        outbox.write(out.name, text)
        outbox.write(about.name, copy.statement)
    typer.echo(copy.statement)
    say(f"written: {out}, {about}")


for _command in (columns, draft, check, validate, synthesise):
    app.command()(guarded(_command))
