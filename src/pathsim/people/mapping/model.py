"""A mapping as data: which column of a file is which of a cohort, and how it is read."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StrictStr, model_validator

from pathsim.people.columns import COLUMNS
from pathsim.scenario.cohort import Identifier, OneOf
from pathsim.scenario.faults import Fault, together
from pathsim.scenario.parameter import Strict

from .parts import Cell, ColumnMapping, Name, Reading
from .rules import check_columns


class OffenceTable(Strict):
    """A second table, one row an offence."""

    file: Name
    """Path, relative to the mapping."""
    person: Name
    date: Name
    """Date of the conviction or caution."""
    date_format: StrictStr = ""
    disposal: StrictStr = ""
    offence_group: StrictStr = ""
    sentence_days: StrictStr = ""
    domestic_abuse: StrictStr = ""
    not_counted: tuple[StrictStr, ...] = ()
    """Disposals that are neither a conviction nor a caution."""
    before: StrictStr = ""
    """Column of the people's table with the date of the present occasion: later ones are left
    out."""
    before_format: StrictStr = ""
    """Of `before`, where it is written in another form than `date`."""
    of: Literal["latest", "first"] = "latest"
    """Which occasion of a person is the present one."""
    read: Reading = Reading()

    @model_validator(mode="after")
    def _fits_together(self) -> OffenceTable:
        if self.before and self.of == "first":
            message = "goes with the latest occasion alone"
            raise together([Fault(message, ("before",), self.before, 'of = "latest"')])
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the columns of the second table that it uses."""
        names = (
            self.person,
            self.date,
            self.disposal,
            self.offence_group,
            self.sentence_days,
            self.domestic_abuse,
        )
        return tuple(dict.fromkeys(name for name in names if name))


class GroupMapping(Strict):
    """A column that is kept beside the people, for results by group."""

    source: Name = Field(alias="from")


class Observed(Strict):
    """What happened to people after the date from which they are followed."""

    reoffended: StrictStr = ""
    days: StrictStr = ""
    within_days: Annotated[float, Field(gt=0)] | None = None
    date: StrictStr = ""
    """Of the first reoffence; of who is censored, until when they were followed."""
    since: StrictStr = ""
    """Column with the date from which days are counted: release, or the disposal at liberty."""
    date_format: StrictStr = ""
    censored: StrictStr = ""
    unknown: tuple[Cell, ...] = ()
    """What the file writes where nothing is known."""

    def reads(self) -> tuple[str, ...]:
        """Return the columns of the file that it uses."""
        names = (self.reoffended, self.days, self.date, self.since, self.censored)
        return tuple(dict.fromkeys(name for name in names if name))


class Needs(Strict):
    """What becomes of the needs that no column holds."""

    if_unknown: Literal["missing", "draw", "refuse"] = "missing"


class LeftOut(Strict):
    """Columns of the file that are not used, each on purpose."""

    columns: tuple[StrictStr, ...] = ()


class PeopleMapping(Strict):
    """A whole mapping."""

    instead: ClassVar[str] = "pathsim.people.mapping.load.read_mapping(path)"

    read: Reading = Reading()
    columns: dict[Annotated[str, OneOf(tuple(COLUMNS))], ColumnMapping] = Field(
        default_factory=dict
    )
    needs: Needs = Needs()
    offences: OffenceTable | None = None
    groups: dict[Identifier, GroupMapping] = Field(default_factory=dict)
    observed: Observed | None = None
    left_out: LeftOut = LeftOut()

    @model_validator(mode="after")
    def _fits_together(self) -> PeopleMapping:
        check_columns(self.columns, self.read.fixed, offences=self.offences is not None)
        return self
