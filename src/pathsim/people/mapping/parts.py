"""The parts of a mapping: how a file is read, and where each column comes from."""

from __future__ import annotations

from datetime import date as Day  # noqa: N812 a field is called date
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from pathsim.scenario.parameter import Strict

Name = Annotated[StrictStr, Field(min_length=1)]
"""The name of a column of the file, as it stands in the header."""
Cell = StrictBool | StrictInt | float | StrictStr
IfUnknown = Literal["missing", "draw", "refuse"]


class FixedColumn(Strict):
    """A column of a file of fixed width."""

    name: Name
    first: Annotated[StrictInt, Field(ge=1, le=100_000, alias="from")]
    """Place of the first character, from 1."""
    last: Annotated[StrictInt, Field(ge=1, le=100_000, alias="to")]
    """Place of the last character."""


class Reading(Strict):
    """How the file is read; what is left out is found, and said."""

    sheet: StrictStr = ""
    header_row: Annotated[StrictInt, Field(ge=1)] | None = None
    """Row of the header, from 1; 0 columns of fixed width have none."""
    last_rows_left_out: Annotated[StrictInt, Field(ge=0)] | None = None
    """Rows at the end that are no people: totals and notes."""
    beyond_header: Literal["ignore", "refuse"] = "refuse"
    """What becomes of cells of a spreadsheet to the right of its header."""
    separator: Literal[",", ";", "\t", "|"] | None = None
    decimal: Literal[".", ","] | None = None
    fixed: tuple[FixedColumn, ...] = ()


class ColumnMapping(Strict):
    """Where one column of the cohort comes from."""

    source: StrictStr = Field("", alias="from")
    """Column of the file; of the table of offences, such as `offences.date`."""
    derive: Literal["age_at", "home_office_code", "row_number"] | None = None
    date: StrictStr = ""
    """Of an age: the column with the date at which it is taken."""
    date_format: StrictStr = ""
    """As in `%d/%m/%Y`, or `excel` for the serial numbers of a spreadsheet; left out, ISO."""
    at_format: StrictStr = ""
    """Of `date`, where it is written in another form than the birth."""
    unit: Literal["days", "weeks", "months", "years", "percent", "share"] | None = None
    meanings: dict[str, Cell] = Field(default_factory=dict, alias="values")
    """What each text of the file means."""
    bands: dict[str, Annotated[tuple[float, ...], Field(min_length=2, max_length=2)]] = Field(
        default_factory=dict
    )
    """Lowest and highest number of each band; a person's is drawn within, by their id."""
    includes_present: StrictBool | None = None
    """Whether a count of sanctions includes the present one."""
    for_all: Cell | None = None
    unknown: tuple[Cell, ...] = ()
    """What the file writes where nothing is known."""
    if_unknown: IfUnknown = "missing"
    first_day: Day | None = None
    """First day of the intake window, from which days are counted."""

    def reads(self) -> tuple[str, ...]:
        """Return the columns of the file that it uses."""
        return tuple(dict.fromkeys(name for name in (self.source, self.date) if name))
