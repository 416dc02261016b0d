"""What is counted of each person and each service, and the outcomes of people: declared once.

A new outcome of people takes three files: this one, with a column and an `Outcome`; the place
in the reference engine where it is counted, `reference/account.py`; the place in the kernel,
where the column is `OUTCOME_COLUMN_` and its name. All else follows: the arrays, the sums in
fixed point, the values, the names and units in tables, the table on the page of the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final, Literal, NamedTuple

from pathsim.vocabulary import PAYERS, PUBLIC_PURSE

WHOLE: Final = 1.0
UNITS_A_DAY: Final = 2.0**20
UNITS_A_POUND: Final = 2.0**18
_UNITS_EXPECTED: Final = 2.0**30
_UNITS_OF_SEVERITY: Final = 2.0**20
"""Units of fixed point, in which people and spells are added up (model.md, section 13)."""


class _Column(IntEnum):
    """Columns in order, each declared by its units of fixed point in 1."""

    units: float

    def __new__(cls, units: float) -> _Column:
        column = int.__new__(cls, len(cls.__members__))
        column._value_ = len(cls.__members__)
        column.units = units
        return column


class OutcomeColumn(_Column):
    """Columns of a person's outcomes, added up by group; the payers' columns follow COST."""

    # Of years after the first, and what a discount takes off: few have any of it.
    REOFFENCES_YEAR_2 = WHOLE
    REOFFENCES_YEAR_3 = WHOLE
    REOFFENCES_YEAR_LATER = WHOLE
    CUSTODY_DAYS_YEAR_2 = UNITS_A_DAY
    CUSTODY_DAYS_YEAR_3 = UNITS_A_DAY
    CUSTODY_DAYS_YEAR_LATER = UNITS_A_DAY
    CUSTODY_DAYS_OFF = UNITS_A_DAY
    COST_PUBLIC_YEAR_2 = UNITS_A_POUND
    COST_PUBLIC_YEAR_3 = UNITS_A_POUND
    COST_PUBLIC_YEAR_LATER = UNITS_A_POUND
    COST_PUBLIC_OFF = UNITS_A_POUND
    COST_SOCIETY_YEAR_2 = UNITS_A_POUND
    COST_SOCIETY_YEAR_3 = UNITS_A_POUND
    COST_SOCIETY_YEAR_LATER = UNITS_A_POUND
    COST_SOCIETY_OFF = UNITS_A_POUND
    DISPOSALS = WHOLE  # added to groups at once
    PEOPLE = WHOLE
    REOFFENDERS = WHOLE
    REOFFENCES = WHOLE
    REOFFENDING_OCCASIONS = WHOLE
    REOFFENCES_FROM_SENTENCE = WHOLE
    DAYS_TO_FIRST = UNITS_A_DAY
    CUSTODY_DAYS = UNITS_A_DAY
    HOMELESS_DAYS = UNITS_A_DAY
    SEVERITY = _UNITS_OF_SEVERITY
    EXPECTED_REOFFENDERS = _UNITS_EXPECTED
    EXPECTED_REOFFENCES = _UNITS_EXPECTED
    INDEX_EVENTS = WHOLE
    REOFFENCES_TOTAL = WHOLE
    OCCASIONS_TOTAL = WHOLE
    COST = UNITS_A_POUND  # the last one


DAYS_IN_YEAR: Final = 365.25
YEARS: Final = ("year_1", "year_2", "year_3", "year_later")
"""Years since the start, by which some columns are told apart."""


class ServiceCount(_Column):
    """Columns of a service's counts, by group."""

    STARTS = WHOLE
    WAIT_DAYS = UNITS_A_DAY
    RENEGED = WHOLE
    COMPLETED = WHOLE
    TURNED_AWAY = WHOLE
    PLACE_DAYS = UNITS_A_DAY


Unit = Literal["share", "number", "days", "gbp"]
DOWN: Final = -1
UP: Final = 1
NEITHER: Final = 0
"""The sign of a better difference; 0: no direction is better."""


class Outcome(NamedTuple):
    """An outcome of people: a column's sum over that of another, by group."""

    name: str
    title: str
    unit: Unit
    better: int
    column: OutcomeColumn
    per: OutcomeColumn | None
    """PEOPLE, or what else it is a mean over, such as reoffenders; None: a total."""
    meaning: str
    """A row of the page on the model."""


OUTCOMES: Final = (
    Outcome(
        "proven_reoffending_rate",
        title="Proven reoffending rate",
        unit="share",
        better=DOWN,
        column=OutcomeColumn.REOFFENDERS,
        per=OutcomeColumn.INDEX_EVENTS,
        meaning="share with at least one proven reoffence on the official clock",
    ),
    Outcome(
        "reoffences_per_person",
        title="Reoffences per person",
        unit="number",
        better=DOWN,
        column=OutcomeColumn.REOFFENCES,
        per=OutcomeColumn.INDEX_EVENTS,
        meaning="proven reoffences on the official clock, over people",
    ),
    Outcome(
        "expected_reoffending_rate",
        title="Proven reoffending rate, expected",
        unit="share",
        better=DOWN,
        column=OutcomeColumn.EXPECTED_REOFFENDERS,
        per=OutcomeColumn.INDEX_EVENTS,
        meaning="what was to be expected of the official rate, by the hazard met (section 4); "
        "its differences are more precise",
    ),
    Outcome(
        "expected_reoffences_per_person",
        title="Reoffences per person, expected",
        unit="number",
        better=DOWN,
        column=OutcomeColumn.EXPECTED_REOFFENCES,
        per=OutcomeColumn.INDEX_EVENTS,
        meaning="the same of the official number of reoffences",
    ),
    Outcome(
        "reoffences_from_sentence_per_person",
        title="Reoffences, from sentence",
        unit="number",
        better=DOWN,
        column=OutcomeColumn.REOFFENCES_FROM_SENTENCE,
        per=OutcomeColumn.PEOPLE,
        meaning="proven reoffences on the clock from the sentence, over people",
    ),
    Outcome(
        "occasions_per_reoffender",
        title="Occasions per reoffender",
        unit="number",
        better=DOWN,
        column=OutcomeColumn.REOFFENDING_OCCASIONS,
        per=OutcomeColumn.REOFFENDERS,
        meaning="occasions of proven reoffending on the official clock, one or more offences each, "
        "over reoffenders",
    ),
    Outcome(
        "reoffences_per_reoffender",
        title="Reoffences per reoffender",
        unit="number",
        better=DOWN,
        column=OutcomeColumn.REOFFENCES,
        per=OutcomeColumn.REOFFENDERS,
        meaning="proven reoffences on the official clock, over reoffenders",
    ),
    Outcome(
        "days_to_first_reoffence",
        title="Days to first reoffence",
        unit="days",
        better=UP,
        column=OutcomeColumn.DAYS_TO_FIRST,
        per=OutcomeColumn.REOFFENDERS,
        meaning="from the index date to the first proven reoffence, mean over reoffenders",
    ),
    Outcome(
        "days_in_custody_per_person",
        title="Days in custody per person",
        unit="days",
        better=NEITHER,
        column=OutcomeColumn.CUSTODY_DAYS,
        per=OutcomeColumn.PEOPLE,
        meaning="inside the account",
    ),
    Outcome(
        "days_homeless_per_person",
        title="Days homeless per person",
        unit="days",
        better=DOWN,
        column=OutcomeColumn.HOMELESS_DAYS,
        per=OutcomeColumn.PEOPLE,
        meaning="inside the account",
    ),
    Outcome(
        "severity_per_person",
        title="Severity of reoffences per person",
        unit="number",
        better=DOWN,
        column=OutcomeColumn.SEVERITY,
        per=OutcomeColumn.INDEX_EVENTS,
        meaning="sum of the severity weights of the reoffences that count on the official clock, "
        "over people",
    ),
    Outcome(
        "index_events",
        title="Index events",
        unit="number",
        better=NEITHER,
        column=OutcomeColumn.INDEX_EVENTS,
        per=None,
        meaning="official clocks: one a person, or those that index events open (section 1); the "
        "outcomes on the official clock are over them",
    ),
    Outcome(
        "disposals_in_year",
        title="Disposals in the year",
        unit="number",
        better=NEITHER,
        column=OutcomeColumn.DISPOSALS,
        per=None,
        meaning="occasions disposed of in the intake window, by everybody of every generation, by "
        "the groups they have then; only with clocks of index events",
    ),
)
"""Every outcome of people but the costs, which follow from the payers."""


class Total(NamedTuple):
    """An outcome that is a sum over the people of a group, by year since their start."""

    name: str
    title: str
    unit: Unit
    columns: tuple[int, ...]
    """What is added up."""
    less: tuple[int, ...]
    """What is taken off that."""
    meaning: str


class Kind(NamedTuple):
    """What is told apart by year: the first year has what the whole has more than the others."""

    name: str
    title: str
    unit: Unit
    whole: tuple[int, ...]
    second: OutcomeColumn
    """Column of the second year; those of the third and of later ones follow."""
    meaning: str


def _payers(names: Iterable[str]) -> tuple[int, ...]:
    return tuple(OutcomeColumn.COST + PAYERS.index(name) for name in names)


PUBLIC_BOOK: Final = Kind(
    "cost_public",
    title="Cost: public purse",
    unit="gbp",
    whole=(*_payers(PUBLIC_PURSE), OutcomeColumn.COST_PUBLIC_OFF),
    second=OutcomeColumn.COST_PUBLIC_YEAR_2,
    meaning="pounds that the public purse pays in {} since the sentence, never discounted",
)
SOCIETY_BOOK: Final = Kind(
    "cost_society",
    title="Cost: society, not cash",
    unit="gbp",
    whole=(*_payers(["society"]), OutcomeColumn.COST_SOCIETY_OFF),
    second=OutcomeColumn.COST_SOCIETY_YEAR_2,
    meaning="what crime costs society in {}, likewise",
)
_REOFFENCES: Final = Kind(
    "reoffences",
    title="Reoffences",
    unit="number",
    whole=(OutcomeColumn.REOFFENCES_TOTAL,),
    second=OutcomeColumn.REOFFENCES_YEAR_2,
    meaning="of those, the ones committed in {} since the sentence",
)


def _by_year(kind: Kind) -> Iterator[Total]:
    """Yield the outcomes of a kind, the first year first."""
    later = tuple(range(kind.second, kind.second + len(YEARS) - 1))
    for number, year in enumerate(YEARS):
        words = "later years" if year == YEARS[-1] else f"year {number + 1}"
        yield Total(
            f"{kind.name}_{year}",
            title=f"{kind.title}, {words}",
            unit=kind.unit,
            columns=(later[number - 1],) if number else kind.whole,
            less=() if number else later,
            meaning=kind.meaning.format(words),
        )


TOTALS: Final = (
    Total(
        "reoffences_total",
        title="Reoffences, total",
        unit="number",
        columns=_REOFFENCES.whole,
        less=(),
        meaning="reoffences committed inside the account and ever proven, of the whole group",
    ),
    Total(
        "occasions",
        title="Occasions of reoffending, total",
        unit="number",
        columns=(OutcomeColumn.OCCASIONS_TOTAL,),
        less=(),
        meaning="proven occasions of those, one or more offences each",
    ),
    *(total for kind in (_REOFFENCES, PUBLIC_BOOK, SOCIETY_BOOK) for total in _by_year(kind)),
)
"""Every outcome by year; a lower one is better."""
