"""What a parameter of each unit may be at most, and where its values usually lie.

Bounds refuse what no system has and no engine can follow. A usual range only asks: a value
outside it draws a warning that names the unit and the likely slip (`unusual.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Final

from pydantic import Field

from .parameter import Number, Quantity, Scale, Whole, Within

LONGEST_DAYS: Final = 100_000.0
"""No sentence, service, delay or follow-up is longer; what never ends is of the kind `never`."""
LATEST_DAY: Final = 1_000_000.0
"""The end of the longest intake, as benchmarks have, and the last day of an option's beginning."""
LONGEST_SENTENCE_DAYS: Final = 36_525.0
"""A hundred years: no person's sentence is longer, and the dates of spreadsheets begin to be."""
LATEST_START_DAY: Final = 18_262.0
"""Fifty years: days of a spreadsheet's calendar are higher (18,262 is 30 December 1949)."""
AGES: Final = (10, 110)
MOST_GENERATIONS: Final = 20
MOST_STOCK_WINDOWS: Final = 60
"""Before the counted cohort, or after it."""
MOST_PREVIOUS: Final = 1000
"""Convictions or cautions of one person."""
SHORTEST_REVIEW_DAYS: Final = 1.0
HIGHEST_RISK: Final = 99.9
"""A risk of 100% would be a hazard without bound."""
MOST_PEOPLE: Final = 1_500_000
MOST_PLACES: Final = 1e9
MOST_POUNDS: Final = 1e7
"""The highest price of one thing: more than twice what a homicide costs society."""
MOST_A_DAY: Final = 100.0
LARGEST_SEED: Final = 2**64 - 1
"""Seeds are one machine word."""

_ONE: Final = {
    "days": "day",
    "pounds": "pound",
    "places": "place",
    "people": "person",
    "offences": "offence",
    "reoffences": "reoffence",
}


@dataclass(frozen=True, kw_only=True)
class Usual:
    """Where the values of a parameter usually lie, and what else others probably are.

    Zero switches most mechanisms off, and is never unusual.
    """

    low: float = 0.0
    high: float = math.inf
    unit: str
    if_low: str = ""
    """The likely slip where a value lies below `low`."""
    if_high: str = ""
    others: Mapping[float, str] = field(default_factory=dict, hash=False)
    """Numbers inside the range that are round in another unit and seldom meant in this one."""
    score: str = ""
    """The hazard's `score` under which this holds; left out, under any."""
    below: tuple[str, ...] = ()
    """Keys below one of which this narrower range holds; left out, below any."""

    def slip(self, number: float, *, written: bool = True) -> str | None:
        """Return the likely slip (perhaps nothing known), or None if the number is usual.

        written: whether somebody wrote the number, so that a round one tells the unit.
        """
        if number in (0.0, math.inf):
            return None
        if number < self.low:
            return self.if_low
        if number > self.high:
            return self.if_high
        return self.others.get(number) if written else None

    def unit_of(self, number: float) -> str:
        """Return the unit as it stands after a number."""
        first, *rest = self.unit.split(" ")
        return " ".join((_ONE.get(first, first), *rest)) if number == 1 else self.unit

    @property
    def span(self) -> str:
        """Return the range in words."""
        if self.high == math.inf:
            return f"{self.low:,.12g} or more"
        return f"{self.low:,.12g} to {self.high:,.12g}"


_ROUND_MONTHS: Final = (6, 9, 12, 18, 24, 36, 48)
_ROUND_WEEKS: Final = (26, 52, 104)
"""Half years and years. Days that are meant are mostly whole weeks or end in 0 or 5."""
_MONTHS = "are these months, weeks or years? a month has 30.44 days, a year 365.25"
_NO_DAYS = "are these hours or minutes?"
_A_PERCENTAGE = "is this a percentage? 75 percent is 0.75"
_A_CHANGE = (
    "is this a percentage or a reduction? 75 percent is 0.75, a reduction of 5 percent is 0.95"
)
_A_REDUCTION = "is this a reduction? 5 percent less is 0.95"
_A_YEAR = "is this a rate a year, or a share? a rate a year of 0.2 is 0.2 / 365.25 a day"
_A_TOTAL = "is this a total, in pence, or for a year?"
_THOUSANDS = "is this in thousands of pounds?"
_A_DATE = "is this a year or a date? days are counted from the first day of the intake"
_PEOPLE_IN_THOUSANDS = "is this in thousands of people?"


def days(low: float, high: float) -> Usual:
    """Return the usual range of a length of time, some hours to some weeks."""
    return Usual(low=low, high=high, unit="days", if_low=_MONTHS, if_high=_NO_DAYS)


def months(low: float, high: float, *, also: tuple[int, ...] = ()) -> Usual:
    """Return the usual range in days of what mostly lasts for months or years.

    also: further numbers that are rather months or weeks than days.
    """
    weeks: dict[float, str] = {
        each: f"are these {each} weeks? {each * 7} days" for each in _ROUND_WEEKS
    }
    either: dict[float, str] = {
        each: f"are these {each} weeks or months? {each * 7} or {each * 365.25 / 12:,.0f} days"
        for each in (*also, *_ROUND_MONTHS)
    }
    return replace(days(low, high), others=weeks | either)


def per_day(high: float) -> Usual:
    """Return the usual range of a rate a day."""
    return Usual(high=high, unit="a day", if_high=_A_YEAR)


def day(*, earliest: float = 0.0) -> Usual:
    """Return the usual range of a point in time."""
    return Usual(
        low=earliest,
        high=1830.0,
        unit="days from the first day of the intake",
        if_low=_A_DATE,
        if_high=_A_DATE,
    )


def pounds(low: float, high: float, *, of: str, below: tuple[str, ...] = ()) -> Usual:
    """Return the usual range of a price, such as `of="a start"`."""
    unit = f"pounds {of}"
    return Usual(low=low, high=high, unit=unit, if_low=_THOUSANDS, if_high=_A_TOTAL, below=below)


def ratio(*, high: float = 10.0) -> Usual:
    """Return the usual range of a multiplier that tells people or times apart."""
    return Usual(
        low=0.1,
        high=high,
        unit="times the rate (1 changes nothing)",
        if_low=_A_REDUCTION,
        if_high=_A_PERCENTAGE,
    )


def effect() -> Usual:
    """Return the usual range of a multiplier that says what something does to a rate."""
    return replace(ratio(), high=3.0, if_high=_A_CHANGE)


def people(least: float) -> Usual:
    """Return the usual range of a number of people."""
    return Usual(low=least, unit="people", if_low=_PEOPLE_IN_THOUSANDS)


Days = Annotated[Quantity, Within(0.0, LONGEST_DAYS)]
ReviewDays = Annotated[
    Quantity, Within(0.0, LONGEST_DAYS, from_above=SHORTEST_REVIEW_DAYS), days(1, 730)
]
Intake = Annotated[Quantity, Within(0.0, LATEST_DAY), months(1, 7310)]
PerDay = Annotated[Quantity, Within(0.0, MOST_A_DAY)]
Level = Annotated[
    Quantity,
    Within(0.0, 1000.0),
    Usual(
        low=0.01, high=20.0, unit="times the score's hazard", if_high=_A_PERCENTAGE, score="ogrs3"
    ),
    Usual(high=0.05, unit="reoffences a day", if_high=_A_YEAR, score="none"),
]
Sigma = Annotated[
    Quantity,
    Within(0.0, 5.0),
    Usual(high=3.0, unit="on the scale of logarithms", if_high=_A_PERCENTAGE),
]
Decay = Annotated[
    Quantity,
    Within(0.0, 10.0),
    Usual(high=1.0, unit="a year", if_high=_A_PERCENTAGE),
]
Floor = Annotated[
    Quantity,
    Within(0.0, 1000.0),
    Usual(high=1.0, unit="times the rate (0 is no floor)", if_high=_A_PERCENTAGE),
]
Weight = Annotated[
    Quantity,
    Within(0.0, 1e6),
    Usual(low=0.001, high=10_000.0, unit="as a weight", if_high="is this a price in pounds?"),
]
Pounds = Annotated[Quantity, Within(0.0, MOST_POUNDS)]
Places = Annotated[
    Quantity,
    Within(0.0, MOST_PLACES, whole=True),
    Usual(
        high=200_000.0,
        unit="places at a time",
        if_high="is this the number of people or of days a year?",
    ),
]
QueueLength = Annotated[
    Quantity,
    Within(0.0, MOST_PLACES, whole=True),
    Usual(high=200_000.0, unit="people at a time", if_high="is this a number of days or pounds?"),
]
People = Annotated[Quantity, Within(0.0, MOST_PEOPLE, whole=True)]
Factor = Annotated[
    Scale,
    Usual(low=0.001, high=40.0, unit="times the places (1 changes nothing)", if_high=_A_PERCENTAGE),
]
FromDay = Annotated[Number, Field(ge=-LATEST_DAY, le=LATEST_DAY), day(earliest=-1830.0)]
StartDay = Annotated[Number, Field(ge=0, le=LATEST_START_DAY), day()]
OffencesAnOccasion = Annotated[
    Quantity,
    Within(1.0, 100.0),
    Usual(low=1.0, high=5.0, unit="offences an occasion", if_high=_A_PERCENTAGE),
]
CrimesAProvenOffence = Annotated[
    Quantity,
    Within(1.0, 10_000.0),
    Usual(low=1.0, high=500.0, unit="crimes a proven offence", if_high=_A_PERCENTAGE),
]
DiscountPercent = Annotated[
    Quantity,
    Within(0.0, 100.0),
    Usual(
        low=0.1,
        high=15.0,
        unit="percent a year",
        if_low="is this a share? 0.035 is 3.5 percent",
        if_high="is this a factor or a share of the whole?",
    ),
]
ChildrensRisk = Annotated[
    Quantity,
    Within(0.0, 99.0),
    Usual(low=5.0, high=80.0, unit="percent in a year"),
]
Percent = Annotated[Number, Field(ge=0, le=100)]
Risk = Annotated[Number, Field(ge=0, le=HIGHEST_RISK)]
A_RISK = Usual(
    low=1.0, high=HIGHEST_RISK, unit="percent", if_low="is this a share? 0.35 is 35 percent"
)
AN_AGE = Usual(
    low=10.0, high=96.0, unit="years", if_high="is this a code for what is not known, such as 99?"
)
A_COUNT = Usual(
    high=300.0, unit="offences", if_high="is this a code for what is not known, such as 999?"
)
Generations = Annotated[
    Whole,
    Field(ge=0, le=MOST_GENERATIONS),
    Usual(high=10.0, unit="intake windows", if_high="is this in months?"),
]
StockWindows = Annotated[
    Whole,
    Field(ge=0, le=MOST_STOCK_WINDOWS),
    Usual(high=40.0, unit="intake windows", if_high="is this in months?"),
]
A_SPREAD = Usual(low=0.01, high=2.5, unit="on the scale of logarithms", if_high="is this in days?")
A_SHAPE = Usual(low=0.3, high=10.0, unit="as a shape", if_high="is this in days?")
