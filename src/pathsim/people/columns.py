"""The columns of a table of people: the one place that says what each may hold.

The checks, `pathsim cohort columns` and the page `docs/cohort-columns.md` are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Final, Literal

from pathsim.scenario.units import (
    AGES,
    HIGHEST_RISK,
    LATEST_START_DAY,
    LONGEST_SENTENCE_DAYS,
    MOST_PREVIOUS,
)
from pathsim.vocabulary import (
    DISPOSALS,
    ETHNICITIES,
    NEEDS,
    OFFENCE_GROUPS,
    SEXES,
)

from .where_found import WHERE_FOUND

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Literal["id", "whole", "number", "level", "name", "flag"]


@dataclass(frozen=True, kw_only=True)
class Usual:
    """Where a quantile of a column usually lies, and what else the numbers probably are."""

    quantile: float
    low: float
    high: float
    if_low: str = ""
    """The likely slip where the quantile lies below `low`."""
    if_high: str = ""
    rows: int = 1
    """Fewest filled cells for which this says anything."""

    @property
    def name(self) -> str:
        """Return the quantile in words."""
        names = {0.5: "median", 1.0: "largest"}
        return names.get(self.quantile, f"{100 * self.quantile:.0f}% quantile")

    @property
    def span(self) -> str:
        """Return the range in words."""
        return f"{self.low:,g} to {self.high:,g}"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what it means, what a cell may hold, what is assumed without it."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    levels: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    needed: bool = False
    assumed: str = ""
    """What is assumed where the column or a cell is left out."""
    default: str = ""
    """The level that is assumed, of a column of levels that is not needed."""
    usual: tuple[Usual, ...] = ()
    mixed: str = ""
    """What it probably means that many numbers lie between 0 and 1, and the others far above."""
    slip_from: float = inf
    """Numbers this high are probably `slip`."""
    slip: str = ""

    @property
    def silent(self) -> bool:
        """Whether leaving it out puts everybody at one level, so that it must be said."""
        return self.kind == "flag" or bool(self.default)

    def allowed(self) -> str:
        """Return in words what a cell may hold."""
        if self.kind == "level":
            return ", ".join(self.levels)
        if self.kind == "name":
            return "an id of `areas`, a title, or one of its `words`"
        if self.kind == "flag":
            return "true, false, yes, no, 1, 0"
        if self.kind == "id":
            return "whole numbers or text, each once"
        return f"{self.low:g} to {self.high:g}"


_A_DATE = "this looks like a date of a spreadsheet, not a number of days"
_A_SHARE = "these look like shares between 0 and 1, not percent; multiply by 100"
_SOME_SHARES = "some look like shares between 0 and 1, not percent; multiply those by 100"
_RISK = (
    Usual(quantile=1.0, low=1.0, high=HIGHEST_RISK, if_low=_A_SHARE),
    Usual(quantile=0.5, low=1.0, high=95.0, if_low=_A_SHARE),
)
_MONTHS = "these look like months or years, not days; multiply by 30.44 or 365.25"


def _risk(years: str) -> Column:
    return Column(
        name=f"risk_{years}_year_percent",
        kind="number",
        meaning=f"{years}-year risk of proven reoffending (OGRS3, or a score on its scale)",
        unit="percent",
        high=HIGHEST_RISK,
        assumed="from the other risk; without either, OGRS3 is computed",
        usual=_RISK,
        mixed=_SOME_SHARES,
    )


COLUMNS: Final[dict[str, Column]] = {
    column.name: column
    for column in (
        Column(name="id", kind="id", meaning="the person's id", needed=True),
        Column(
            name="age",
            kind="whole",
            meaning="age at the date of sentence or disposal",
            unit="years",
            low=AGES[0],
            high=AGES[1],
            needed=True,
            usual=(Usual(quantile=0.5, low=12, high=60),),
            slip_from=1900,
            slip="this looks like a year of birth or a date, not an age",
        ),
        Column(name="sex", kind="level", meaning="sex", levels=SEXES, needed=True),
        Column(
            name="ethnicity",
            kind="level",
            meaning="ethnicity as the person describes it; `other` holds Chinese and not recorded",
            levels=ETHNICITIES,
            assumed="`other`",
            default="other",
        ),
        Column(
            name="area",
            kind="name",
            meaning="area of the person's home, one of the scenario's `areas`",
            assumed="the scenario's area without a share",
        ),
        Column(
            name="offence_group",
            kind="level",
            meaning="group of the present offence",
            levels=OFFENCE_GROUPS,
            needed=True,
        ),
        Column(
            name="previous_offences",
            kind="whole",
            meaning="previous convictions or cautions, without the present one",
            unit="occasions",
            high=MOST_PREVIOUS,
            needed=True,
            usual=(
                Usual(
                    quantile=0.5,
                    low=0,
                    high=40,
                    if_high="these look like counts of offences or days, not occasions",
                ),
            ),
        ),
        Column(
            name="age_at_first_sanction",
            kind="whole",
            meaning="age at the first conviction or caution, for OGRS3",
            unit="years",
            low=AGES[0],
            high=AGES[1],
            assumed="from the age and the previous convictions or cautions",
            usual=(Usual(quantile=0.5, low=10, high=45),),
            slip_from=1900,
            slip="this looks like a year or a date, not an age",
        ),
        Column(
            name="disposal", kind="level", meaning="the disposal", levels=DISPOSALS, needed=True
        ),
        Column(
            name="sentence_days",
            kind="number",
            meaning="length of a custodial sentence as pronounced",
            unit="days",
            high=LONGEST_SENTENCE_DAYS,
            assumed="drawn in each replication from the scenario's lengths; the column itself is "
            "needed if any disposal is custody",
            usual=(
                Usual(
                    quantile=0.5, low=30, high=2000, if_low=_MONTHS, if_high="are these in days?"
                ),
                Usual(quantile=0.9, low=120, high=6000, if_low=_MONTHS, rows=10),
            ),
            slip_from=LONGEST_SENTENCE_DAYS,
            slip=_A_DATE,
        ),
        _risk("one"),
        _risk("two"),
        *(
            Column(
                name=f"need_{need}",
                kind="flag",
                meaning=f"whether the person has the need: {need.replace('_', ' and ')}",
                assumed="no; give all seven needs or none",
            )
            for need in NEEDS
        ),
        Column(
            name="domestic_abuse",
            kind="flag",
            meaning="whether the person is a perpetrator of domestic abuse",
            assumed="no",
        ),
        Column(
            name="start_day",
            kind="number",
            meaning="date of sentence or disposal, from the first day of the intake window",
            unit="days",
            high=LATEST_START_DAY,
            assumed="drawn in each replication within the intake window",
            slip_from=LATEST_START_DAY,
            slip=_A_DATE + " from the first day of the intake window",
        ),
    )
}


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """Return the names of the columns of some kinds, in order."""
    return tuple(name for name, column in COLUMNS.items() if column.kind in kinds)


FLAGS: Final = of_kind("flag")
LEVELS: Final = of_kind("level")
NUMBERS: Final = of_kind("whole", "number")
NEED_COLUMNS: Final = tuple(f"need_{need}" for need in NEEDS)
NEEDED: Final = tuple(name for name, column in COLUMNS.items() if column.needed)

HEADS: Final = (
    *("column", "needed", "unit", "allowed", "left out", "usual", "meaning"),
    "where found",
)


def rows() -> Iterable[tuple[str, ...]]:
    """Yield the columns in words, under `HEADS`."""
    for column in COLUMNS.values():
        needed = "yes" if column.needed else "no"
        if column.name == "sentence_days":
            needed = "if any disposal is custody"
        yield (
            column.name,
            needed,
            column.unit,
            column.allowed(),
            column.assumed or "refused",
            "; ".join(f"{usual.name} {usual.span}" for usual in column.usual),
            column.meaning,
            WHERE_FOUND[column.name],
        )
