"""Who is followed: three ways to say it, all of them data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    Tag,
    model_validator,
)
from pydantic_core import core_schema

from pathsim.vocabulary import (
    AGE_GROUPS,
    DISPOSALS,
    ETHNICITIES,
    GROUPS,
    NEEDS,
    OFFENCE_GROUPS,
    PREVIOUS_BANDS,
    SEXES,
)

from .faults import fault
from .parameter import Flag, Grade, Number, Probability, Section, Strict, Whole
from .units import (
    A_COUNT,
    A_RISK,
    AGES,
    AN_AGE,
    LARGEST_SEED,
    LONGEST_SENTENCE_DAYS,
    MOST_PEOPLE,
    MOST_PREVIOUS,
    Days,
    Generations,
    Intake,
    People,
    Risk,
    StartDay,
    StockWindows,
    months,
    people,
)


@dataclass(frozen=True)
class OneOf:
    """Accept only these names, and suggest the nearest one."""

    names: tuple[str, ...]
    or_like: str = ""
    """A pattern of other names that are accepted too."""
    or_words: str = ""
    """The same in words."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def _check(self, value: object) -> object:
        like = isinstance(value, str) and self.or_like and re.fullmatch(self.or_like, value)
        if value not in self.names and not like:
            allowed = ", ".join(filter(None, (*self.names, self.or_words)))
            raise fault("is not known here", found=value, allowed=allowed, near=self.names)
        return value


Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Sex = Annotated[str, OneOf(SEXES)]
Ethnicity = Annotated[str, OneOf(ETHNICITIES)]
OffenceGroup = Annotated[str, OneOf(OFFENCE_GROUPS)]
Disposal = Annotated[str, OneOf(DISPOSALS)]
AgeGroup = Annotated[str, OneOf(AGE_GROUPS)]
PreviousBand = Annotated[str, OneOf(PREVIOUS_BANDS)]
Need = Annotated[str, OneOf(NEEDS)]
GroupLevel = Annotated[
    str,
    OneOf(
        tuple(f"{name}={level}" for name, levels in GROUPS.items() for level in levels),
        or_like="area=[a-z][a-z0-9_]*",
        or_words="area=NAME",
    ),
]


Sized = TypeVar("Sized", bound="SampledCohort | RowsCohort")


def _not_too_many(cohort: Sized) -> Sized:
    if cohort.size() > MOST_PEOPLE:
        allowed = f"at most {MOST_PEOPLE:,} people in all"
        raise fault("has too many people", found=cohort.size(), allowed=allowed)
    return cohort


class CountsFile(Strict):
    """A table of counts in a file of its own, with what stands behind it."""

    file: Annotated[str, Field(min_length=1)]
    """Path of the table, .csv, relative to the scenario file."""
    source: Annotated[str, Field(min_length=1)]
    """Publisher, title, date and place."""
    grade: Grade = "assumed"
    note: str = ""


class SampledCohort(Section):
    """People sampled from the shipped joint counts of the Police National Computer, 2021."""

    kind: Literal["pnc_2021"]
    adults: Annotated[People, people(50)]
    """Adult disposals a year."""
    youths: Annotated[People, people(2)]
    """Youth disposals (ages 10 to 17) a year."""
    counts: CountsFile | None = None
    """Counts of the area's own occasions; left out, its mix is the nation's."""
    margins: CountsFile | None = None
    """Published margins, crossed cells too, to which those counts are scaled."""
    ethnicity: CountsFile | None = None
    """Counts by ethnicity; left out, it is not recorded and everybody is `other`."""
    need_prevalence: dict[Need, Probability]
    """Share of people with each of the seven needs."""
    need_correlation: Probability
    """Correlation between any two needs on the scale of their latent normal variables."""
    need_risk_correlation: Probability
    """Correlation of each need with the risk score, on the same scale."""
    domestic_abuse_share: Probability
    """Share of adults with an offence of violence who are domestic abuse perpetrators."""
    entry_shares: dict[AgeGroup, dict[PreviousBand, Probability]] = Field(default_factory=dict)
    """Share of the occasions that are entries, of people who are not followed yet, by previous
    convictions or cautions; left out, all are. The rest are those that reoffending brings."""
    seed: Whole = Field(ge=0, le=LARGEST_SEED, default=20211)
    """Seed of the sample; it does not change with the run's seed."""

    def size(self) -> int:
        """Return how many people there are."""
        return int(self.adults.value + self.youths.value)

    def entry_share_values(self) -> dict[tuple[AgeGroup, PreviousBand], float]:
        """Return the entry shares that are given, by age group and band."""
        return {
            (age, band): share.value
            for age, by_band in self.entry_shares.items()
            for band, share in by_band.items()
        }

    @model_validator(mode="after")
    def _complete(self) -> SampledCohort:
        missing = [need for need in NEEDS if need not in self.need_prevalence]
        if missing:
            raise fault(f"lacks {', '.join(missing)}", key=("need_prevalence",))
        if self.adults.value + self.youths.value < 1:
            raise ValueError("needs at least one person")
        return _not_too_many(self)


class Row(Strict):
    """So many people who are alike in everything that is fixed at the index date."""

    people: Annotated[Whole, Field(ge=1, le=MOST_PEOPLE)]
    age: Annotated[Whole, Field(ge=AGES[0], le=AGES[1]), AN_AGE] = 30
    sex: Sex = "male"
    ethnicity: Ethnicity = "white"
    area: Identifier | Literal[""] = ""
    """Left out, the area without a share."""
    offence_group: OffenceGroup = "theft"
    previous_offences: Annotated[Whole, Field(ge=0, le=MOST_PREVIOUS), A_COUNT] = 0
    disposal: Disposal = "community_order"
    sentence_days: (
        Annotated[Number, Field(ge=0, le=LONGEST_SENTENCE_DAYS), months(7, 18_262)] | None
    ) = None
    """Length of a custodial sentence; left out, each replication draws it."""
    risk_percent: Annotated[Risk, A_RISK] | None = None
    """Two-year risk score; left out, OGRS3 is computed."""
    needs: tuple[Need, ...] = ()
    domestic_abuse: Flag = False
    start_day: StartDay | None = None
    """Date of sentence or disposal; left out, each replication draws it."""

    @model_validator(mode="after")
    def _sentenced(self) -> Row:
        if self.sentence_days and self.disposal != "custody":
            message = "must be 0 or left out without custody"
            raise fault(message, key=("sentence_days",), found=self.sentence_days)
        return self


class RowsCohort(Section):
    """People listed as rows of so many alike: for benchmarks and textbook cases."""

    kind: Literal["rows"]
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]

    def size(self) -> int:
        """Return how many people there are."""
        return sum(row.people for row in self.rows)

    @model_validator(mode="after")
    def _countable(self) -> RowsCohort:
        return _not_too_many(self)


class TableCohort(Section):
    """People from a CSV table that the analyst brings, one row a person."""

    kind: Literal["table"]
    file: Annotated[str, Field(min_length=1)]
    """Path of the table, relative to the scenario file."""


def _kind(raw: object) -> str | None:
    return raw.get("kind") if isinstance(raw, dict) else getattr(raw, "kind", None)


CohortSource = Annotated[
    Annotated[SampledCohort, Tag("pnc_2021")]
    | Annotated[RowsCohort, Tag("rows")]
    | Annotated[TableCohort, Tag("table")],
    Discriminator(_kind),
]


THREE_YEARS: Final = 1096.0
"""Days: how long people are members of the system where a scenario with a horizon does not say."""


class FollowUp(Section):
    """How long each person is followed, and from when."""

    days: Annotated[Days, months(7, 7310)]
    """Follow-up from the index date."""
    waiting_days: Annotated[Days, months(1, 1830)]
    """Further time in which an offence of the follow-up may be proven."""
    intake_days: Intake
    """Length of the window over which the cohort's dates of sentence are spread."""
    memory_days: Annotated[Days, months(7, 7310)] | None = None
    """Days from the start in which what a person does is real, to the end of what it causes.
    Left out, three years, or the horizon if that is longer; without a horizon too, people are
    followed for the clocks alone."""
    horizon_days: Annotated[Days, months(7, 7310)] | None = None
    """Days from the start in which what a counted person does is counted and paid for, to the end
    of what it causes; left out, as many as the memory."""
    clocks: Literal["person", "quarters", "year"] = "person"
    """Whose twelve months the official outcomes are of: each person's own from the index date, or
    everybody's from their first index event in each quarter of the intake window, or in all of it
    (as they were counted until 2017)."""
    index: Literal["release", "disposal"] = "release"
    """Index date: the first day at liberty after the disposal, or the disposal itself."""
    generations_before: Generations = 1
    """How often the cohort comes before, each an intake window earlier, to fill places."""
    generations_after: Generations = 0
    """How often the cohort comes after, each an intake window later, to compete for places."""
    stock_windows: StockWindows = 0
    """From how many windows before all these custodial sentences may still be running."""

    @property
    def counts_index_events(self) -> bool:
        """Whether clocks are of index events, whoever's they are."""
        return self.clocks != "person"

    @property
    def memory(self) -> float | None:
        """For how many days people are members of the system; None without a horizon."""
        if self.memory_days is not None:
            return self.memory_days.value
        return None if self.horizon_days is None else max(THREE_YEARS, self.horizon_days.value)

    @property
    def horizon(self) -> float | None:
        """Of how many days what people do is counted; None: of their account."""
        return self.memory if self.horizon_days is None else self.horizon_days.value

    @model_validator(mode="after")
    def _reaches_as_far_as_the_clock(self) -> FollowUp:
        clock = self.days.value
        for key, days in (("horizon_days", self.horizon_days), ("memory_days", self.memory_days)):
            if days is not None and days.value < clock:
                message = "ends before the follow-up does"
                allowed = f"{clock:g} (follow_up.days) or more"
                raise fault(message, key=(key,), found=days.value, allowed=allowed)
        return self

    @model_validator(mode="after")
    def _counts_no_more_than_is_real(self) -> FollowUp:
        horizon, memory = self.horizon_days, self.memory_days
        if horizon is not None and memory is not None and memory.value < horizon.value:
            message = "is longer than the memory, past which nothing is real that could be counted"
            allowed = f"{memory.value:g} (follow_up.memory_days) or less"
            raise fault(message, key=("horizon_days",), found=horizon.value, allowed=allowed)
        return self

    @model_validator(mode="after")
    def _earlier_windows_have_a_length(self) -> FollowUp:
        if self.stock_windows and self.intake_days.value == 0.0:
            message = "needs an intake window: without one there are no earlier windows"
            allowed = "0, or more with follow_up.intake_days above 0"
            raise fault(message, key=("stock_windows",), found=self.stock_windows, allowed=allowed)
        return self

    @model_validator(mode="after")
    def _quarters_have_what_they_need(self) -> FollowUp:
        if self.counts_index_events and self.horizon is None:
            message = "is missing: clocks of index events need one, or a memory_days"
            raise fault(message, key=("horizon_days",))
        if self.counts_index_events and self.intake_days.value == 0.0:
            message = "has no quarters in which clocks could open"
            raise fault(message, key=("intake_days",), found=0.0, allowed="more than 0")
        if self.counts_index_events and self.index == "disposal":
            message = "does not go with clocks of index events, which open at releases too"
            raise fault(message, key=("index",), found="disposal", allowed="release")
        return self
