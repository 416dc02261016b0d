"""The columns of a table of people, for the shell and for the page of the documentation."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from pathsim.people.columns import HEADS, rows

_HEAD = """\
# Columns of a table of people

Made by `pathsim cohort columns --markdown`; do not edit.

A table has one row a person, in a file (.csv with commas, semicolons, tabs or bars; .xlsx) or a
pandas.DataFrame. `pathsim cohort check FILE` checks one, `pathsim run SCENARIO --cohort FILE`
follows its people. An empty cell means what leaving the column out means; `NA`, `N/A`, `NULL`, `.`
and `-` are read as empty. Capitals, codes before a label (`01: Theft offences`) and common words
(`M`, `White British`, `Immediate custody`, `Y`) are read as the levels they mean, and a warning
says which. What is *usual* is no limit: outside it a warning names the unit and the likely slip.

Any other table, also .ods, .parquet, .dta and of fixed width, is read by a mapping, which
`pathsim cohort draft FILE` drafts: [bring your own people](own-people.md).

*Where found* says where to look, as fields differ by version and by local form: Delius (the case
records of probation), OASys (its assessments), the PNC (Police National Computer), and YJ systems
(case records of youth justice services, with their assessments, AssetPlus).

"""


def columns_table() -> Table:
    """Return the table for the shell."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(HEADS[:-1]):  # where it is found is too long for a shell
        table.add_column(head, no_wrap=number == 0)
    for row in rows():
        table.add_row(*map(Text, row[:-1]))
    return table


def columns_page() -> str:
    """Return the page of the documentation."""
    lines = [_line(HEADS), _line(["---"] * len(HEADS))]
    lines += [_line([f"`{name}`", *others]) for name, *others in rows()]
    return _HEAD + "\n".join(lines) + "\n"


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
