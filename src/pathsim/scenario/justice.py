"""The justice system as data: courts, sentencing, custody, accommodation and prices."""

from __future__ import annotations

from math import fsum
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from pathsim.vocabulary import ACCOMMODATIONS, AGE_GROUPS, DISPOSALS, OFFENCE_GROUPS

from .cohort import AgeGroup, GroupLevel, Identifier, OffenceGroup, OneOf
from .distributions import Length, constant
from .effect import EffectRatio, no_effect
from .faults import fault
from .parameter import Flag, Grade, Number, Probability, Quantity, Ratio, Section, Strict, off
from .service import Payer, Unlimited
from .units import (
    LONGEST_DAYS,
    ChildrensRisk,
    CrimesAProvenOffence,
    Days,
    Decay,
    DiscountPercent,
    Floor,
    Level,
    OffencesAnOccasion,
    PerDay,
    Places,
    Pounds,
    Sigma,
    Weight,
    days,
    effect,
    months,
    per_day,
    pounds,
    ratio,
)

_SUM_TOLERANCE = 1e-9
_AT_ONCE = constant(0.0, source="mechanism not used")
_LEAST_LAST_RATIO = 1e-6
"""Less would leave the last step's hazard without an end that can be waited for."""
Share = Annotated[Number, Field(ge=0, le=1)]
CourtDisposal = Annotated[str, OneOf(tuple(name for name in DISPOSALS if name != "caution"))]
Amounts = dict[Payer, Pounds]
"""Pounds by who pays."""
_OF = "an offence"
_LESSER = tuple(group for group in OFFENCE_GROUPS if group not in ("violence", "sexual", "fraud"))
PoundsAnOffence = Annotated[
    Pounds,
    pounds(1, 50_000, of=_OF, below=_LESSER),
    pounds(50, 5_000_000, of=_OF, below=("society",)),
    pounds(1, 5_000_000, of=_OF),
]
"""Few kinds of offence cost anybody more than 50,000; none costs society next to nothing."""
FromIndex = Annotated[Number, Field(ge=0, le=LONGEST_DAYS), months(0.04, 7310, also=(3,))]


class TimeProfile(Strict):
    """How the hazard changes with time since the index date: a step function."""

    from_days: tuple[FromIndex, ...] = (0.0,)
    ratios: tuple[Annotated[Number, Field(ge=0, le=1000), ratio()], ...] = (1.0,)
    """Multiplier from each of `from_days` on."""
    source: str = "mechanism not used"
    grade: Grade = "definition"

    @model_validator(mode="after")
    def _steps(self) -> TimeProfile:
        days = self.from_days
        if len(days) != len(self.ratios) or not days:
            raise ValueError("needs as many ratios as from_days")
        if days[0] != 0 or list(days) != sorted(set(days)):
            raise ValueError("from_days must start at 0 and rise")
        if self.ratios[-1] < _LEAST_LAST_RATIO:
            raise ValueError(f"the last ratio must be {_LEAST_LAST_RATIO:g} or more")
        return self


MULTIPLIERS: Final = ("multipliers", "youth_multipliers")
"""Tables of the hazard whose keys are groups."""


class Hazard(Section):
    """The reoffending hazard of a person at liberty, per day."""

    score: Literal["ogrs3", "none"]
    """What sets people apart: their OGRS3 one-year risk, or nothing."""
    adult_level: Level
    """With ogrs3, a multiplier of the hazard that the score implies; with none, hazard a day."""
    youth_level: Level
    frailty_sigma: Sigma = off(0.0)
    """Standard deviation of the log of unobserved differences (lognormal, median 1)."""
    shape: TimeProfile = TimeProfile()
    decay_per_year: Decay = off(0.0)
    """By how much a person's own rate falls in a year, as a rate: exp(-it) of it is left."""
    temporary_ratio: Annotated[EffectRatio, ratio()] = no_effect()
    """Multiplier of the hazard in temporary accommodation."""
    homeless_ratio: Annotated[EffectRatio, ratio()] = no_effect()
    community_order_ratio: Annotated[Ratio, effect()] = off(1.0)
    suspended_sentence_ratio: Annotated[Ratio, effect()] = off(1.0)
    licence_ratio: Annotated[Ratio, effect()] = off(1.0)
    supervision_ratio: Annotated[Ratio, effect()] = off(1.0)
    multipliers: dict[GroupLevel, Annotated[Ratio, ratio(high=50.0)]] = Field(default_factory=dict)
    """Multipliers by group, `attribute=level`, of people's base hazard."""
    youth_multipliers: dict[GroupLevel, Annotated[Ratio, ratio(high=50.0)]] = Field(
        default_factory=dict
    )
    """Those of children, in place of the others; left out, the same as of adults."""
    youth_risk_percent: ChildrensRisk = off(0.0)
    """One-year risk from which children's hazards are made, with ogrs3; 0: each one's score."""
    combined_floor: Floor = off(0.0)
    """Lowest product of the services' ratios (diminishing returns)."""

    def multipliers_of(self, age_group: str) -> dict[GroupLevel, Quantity]:
        """Return the multipliers of people of an age group."""
        if age_group == "youth" and self.youth_multipliers:
            return self.youth_multipliers
        return self.multipliers


class Offending(Section):
    """What a reoffence is, given the index offence."""

    same_group_share: Probability = off(1.0)
    """Share of reoffences in the group of the index offence; the rest follow the joint counts."""
    severity: dict[OffenceGroup, Weight] = Field(default_factory=dict)
    """Weight of a reoffence of each group; left out, 0."""
    offences_per_occasion: dict[OffenceGroup, OffencesAnOccasion] = Field(default_factory=dict)
    """Offences of an occasion, on average, by the group that they are all of; left out, 1."""
    further_offences_ratio: Annotated[Ratio, ratio(high=10.0)] = off(1.0)
    """Multiplier, of all groups, of the offences beyond the first."""
    record_grows: Flag = False
    """Whether a disposal adds to the record that routes and later disposals go by."""


class Courts(Section):
    """From a reoffence to its disposal."""

    proof_share: Probability = off(1.0)
    """Share of reoffences that are ever proven."""
    crown_share: dict[OffenceGroup, Probability] = Field(default_factory=dict)
    """Share of each offence group's court cases that go to the Crown Court; left out, none."""
    out_of_court_delay_days: Annotated[Length, days(0.04, 730)] = _AT_ONCE
    """From the offence to its caution."""
    magistrates_delay_days: Annotated[Length, months(0.04, 1100)] = _AT_ONCE
    crown_delay_days: Annotated[Length, months(7, 1830)] = _AT_ONCE
    magistrates_remand_share: Probability = off(0.0)
    """Share of magistrates' cases held in custody from the offence to its disposal."""
    crown_remand_share: Probability = off(0.0)


class DisposalMix(Strict):
    """Shares of disposals; they sum to one."""

    caution: Share = 0.0
    discharge: Share = 0.0
    fine: Share = 0.0
    community_order: Share = 0.0
    suspended_sentence: Share = 0.0
    custody: Share = 0.0
    other: Share = 0.0
    source: str
    grade: Grade = "assumed"

    @model_validator(mode="after")
    def _whole(self) -> DisposalMix:
        total = fsum(getattr(self, name) for name in DISPOSALS)
        if abs(total - 1) > _SUM_TOLERANCE:
            raise fault("shares must sum to 1", found=round(total, 9))
        return self


class Presumption(Section):
    """Suspending a short custodial sentence instead of serving it."""

    max_days: Annotated[Days, months(28, 1830)] = off(0.0)
    """Longest custodial sentence to which the presumption applies."""
    share: Probability = off(0.0)
    """Share of those cases in which it is followed."""
    hazard_ratio: Annotated[EffectRatio, effect()] = no_effect()
    """Multiplier of the hazard of those whose custody was suspended."""
    effect_days: Annotated[Days, months(28, 7310)] = off(0.0)
    """How long that multiplier lasts."""
    age_groups: tuple[AgeGroup, ...] = AGE_GROUPS
    """To whom it applies."""
    with_service: Identifier | Literal[""] = ""
    """A service: only whom it takes in court is spared custody, in a place that is free."""


class Diversion(Section):
    """Court cases that end out of court instead, with a caution.

    Of cases that end in a discharge, a fine, a community order or another disposal, none in prison
    or a suspended sentence; at the start and for reoffences.
    """

    adult: Probability = off(0.0)
    """Share of such cases of adults."""
    youth: Probability = off(0.0)
    """Share of such cases of children."""


class Breach(Section):
    """Breaking the terms of an order, other than by a new offence."""

    community_order_per_day: Annotated[PerDay, per_day(0.02)] = off(0.0)
    """Breaches proven per day of a community order."""
    suspended_sentence_per_day: Annotated[PerDay, per_day(0.02)] = off(0.0)
    custody_share: Probability = off(0.0)
    """Share of breaches that end in custody; after the others the order goes on."""
    custody_days: Annotated[Length, days(3, 1830)] = _AT_ONCE
    """Sentence for the breach of a community order; that of a suspended sentence is activated."""


class Sentencing(Section):
    """Disposals of proven reoffences."""

    disposals: Literal["pnc_2021"] | DisposalMix
    """`pnc_2021`: by age group, offence group and history, from the shipped joint counts."""
    custody_days: Literal["courts_2019"] | Annotated[Length, months(28, 14_610)]
    """Custodial sentence length; `courts_2019`: by age and offence group, from shipped counts."""
    community_order_days: Annotated[Length, months(28, 1100)] = _AT_ONCE
    suspended_sentence_days: Annotated[Length, months(28, 1100)] = _AT_ONCE
    presumption: Presumption = Presumption()
    diversion: Diversion = Diversion()
    breach: Breach = Breach()
    activation_share: Probability = off(0.0)
    """Share of suspended sentences that a proven reoffence, in court and during them, activates."""


class ReleasePoint(Section):
    """Share of a custodial sentence that is served, by sentence band."""

    le6m: Probability = off(1.0)
    """Up to six months (182.5 days)."""
    six_to_12m: Probability = off(1.0)
    one_to_4y: Probability = off(1.0)
    over_4y: Probability = off(1.0)


class Recall(Section):
    """Return to custody from licence, other than for a new sentence."""

    le6m_per_day: Annotated[PerDay, per_day(0.05)] = off(0.0)
    """Recalls per day on licence, sentences of up to six months."""
    six_to_12m_per_day: Annotated[PerDay, per_day(0.05)] = off(0.0)
    one_to_4y_per_day: Annotated[PerDay, per_day(0.05)] = off(0.0)
    over_4y_per_day: Annotated[PerDay, per_day(0.05)] = off(0.0)
    fixed_term_share: Probability = off(1.0)
    fixed_term_under_12m_days: Annotated[Days, days(5, 180)] = off(0.0)
    """Length of a fixed-term recall, sentences under twelve months."""
    fixed_term_12m_or_more_days: Annotated[Days, days(5, 180)] = off(0.0)
    standard_days: Annotated[Length, months(10, 1830)] = _AT_ONCE
    """Length of a standard recall; never past the end of the sentence."""


class Curfew(Section):
    """Home detention curfew: release some time before the release point."""

    share: Probability = off(0.0)
    """Share of eligible sentences."""
    min_sentence_days: Annotated[Days, months(7, 1830)] = off(84.0)
    max_sentence_days: Annotated[Days, months(84, 36525)] = off(1460.0)
    max_days: Annotated[Days, months(7, 1830)] = off(0.0)
    """Longest time before the release point; a quarter of the sentence and 28 days are served."""


class Custody(Section):
    """Time served, release and licence."""

    release_point: ReleasePoint = ReleasePoint()
    curfew: Curfew = Curfew()
    recall: Recall = Recall()
    pre_release_days: Annotated[Days, months(5, 730)] = off(0.0)
    """How long before release the pre-release triggers fire."""
    supervision_days: Annotated[Days, months(28, 1830)] = off(0.0)
    """Post-sentence supervision lasts to this many days after release, if that is past licence."""
    supervision_below_days: Annotated[Days, months(28, 3660)] = off(730.0)
    """Sentences below this length have it."""
    capacity: Unlimited | Places = "unlimited"
    """Places for the cohort's people; beyond it people are held elsewhere."""
    elsewhere_night_gbp: dict[Payer, Annotated[Pounds, pounds(10, 5000, of="a night")]] = Field(
        default_factory=dict
    )
    """Price of a night elsewhere (Operation Safeguard), beyond that of custody."""
    refill_share: Probability = off(0.0)
    """Share of the custody days an option saves that others fill, so that no money is saved."""


class AccommodationMix(Strict):
    """Shares of accommodation; they sum to one."""

    settled: Share = 1.0
    temporary: Share = 0.0
    homeless: Share = 0.0
    source: str = "mechanism not used"
    grade: Grade = "definition"

    @model_validator(mode="after")
    def _whole(self) -> AccommodationMix:
        total = fsum(getattr(self, name) for name in ACCOMMODATIONS)
        if abs(total - 1) > _SUM_TOLERANCE:
            raise fault("shares must sum to 1", found=round(total, 9))
        return self


class MovesAfterRelease(Section):
    """Moves per day of people who came out of custody last; left out, those of everybody."""

    settled_to_temporary_per_day: Annotated[PerDay, per_day(0.02)] | None = None
    settled_to_homeless_per_day: Annotated[PerDay, per_day(0.02)] | None = None
    temporary_to_settled_per_day: Annotated[PerDay, per_day(0.1)] | None = None
    temporary_to_homeless_per_day: Annotated[PerDay, per_day(0.1)] | None = None
    homeless_to_settled_per_day: Annotated[PerDay, per_day(0.1)] | None = None
    homeless_to_temporary_per_day: Annotated[PerDay, per_day(1.0)] | None = None


class Accommodation(Section):
    """Where people live: shares on entry, and moves per day afterwards."""

    at_disposal: AccommodationMix = AccommodationMix()
    on_release: AccommodationMix = AccommodationMix()
    settled_to_temporary_per_day: Annotated[PerDay, per_day(0.02)] = off(0.0)
    settled_to_homeless_per_day: Annotated[PerDay, per_day(0.02)] = off(0.0)
    temporary_to_settled_per_day: Annotated[PerDay, per_day(0.1)] = off(0.0)
    temporary_to_homeless_per_day: Annotated[PerDay, per_day(0.1)] = off(0.0)
    homeless_to_settled_per_day: Annotated[PerDay, per_day(0.1)] = off(0.0)
    homeless_to_temporary_per_day: Annotated[PerDay, per_day(1.0)] = off(0.0)
    after_release: MovesAfterRelease = MovesAfterRelease()


class Costs(Section):
    """Prices of the justice system and of crime, by who pays."""

    custody_day_gbp: dict[Payer, Annotated[Pounds, pounds(5, 2000, of="a day")]] = Field(
        default_factory=dict
    )
    """Price at which days in custody are booked: that at the margin, where one is known."""
    custody_average_day_gbp: dict[Payer, Annotated[Pounds, pounds(5, 2000, of="a day")]] = Field(
        default_factory=dict
    )
    """Average price, never booked: a comparison shows the public purse's cost at it too. A payer
    who is left out pays the price that is booked."""
    community_order_day_gbp: dict[Payer, Annotated[Pounds, pounds(0.1, 200, of="a day")]] = Field(
        default_factory=dict
    )
    suspended_sentence_day_gbp: dict[Payer, Annotated[Pounds, pounds(0.1, 200, of="a day")]] = (
        Field(default_factory=dict)
    )
    licence_day_gbp: dict[Payer, Annotated[Pounds, pounds(0.1, 200, of="a day")]] = Field(
        default_factory=dict
    )
    supervision_day_gbp: dict[Payer, Annotated[Pounds, pounds(0.1, 200, of="a day")]] = Field(
        default_factory=dict
    )
    breach_gbp: dict[Payer, Annotated[Pounds, pounds(1, 50000, of="a breach")]] = Field(
        default_factory=dict
    )
    """A breach brought to court."""
    homeless_day_gbp: dict[Payer, Annotated[Pounds, pounds(0.5, 500, of="a day")]] = Field(
        default_factory=dict
    )
    reoffence_gbp: dict[OffenceGroup, dict[Payer, PoundsAnOffence]] = Field(default_factory=dict)
    """Consequences of an offence and its investigation."""
    caution_gbp: dict[Payer, Annotated[Pounds, pounds(1, 20000, of="a caution")]] = Field(
        default_factory=dict
    )
    conviction_gbp: dict[
        OffenceGroup, dict[Payer, Annotated[Pounds, pounds(5, 500_000, of="a conviction")]]
    ] = Field(default_factory=dict)
    """A court case."""
    disposal_gbp: dict[
        CourtDisposal, dict[Payer, Annotated[Pounds, pounds(5, 20_000, of="a disposal")]]
    ] = Field(default_factory=dict)
    """What a disposal in court costs beside the case: a pre-sentence report."""
    curfew_day_gbp: dict[Payer, Annotated[Pounds, pounds(0.1, 200, of="a day")]] = Field(
        default_factory=dict
    )
    """A day on home detention curfew: the tag, beside the licence."""
    offences_per_proven: dict[OffenceGroup, CrimesAProvenOffence] = Field(default_factory=dict)
    """Crimes behind a proven offence of each group, itself included: what `society` bears of a
    reoffence is multiplied by it; left out, 1."""
    recorded_per_proven: dict[OffenceGroup, CrimesAProvenOffence] = Field(default_factory=dict)
    """Those of them that the police record, likewise, for what `police` pay of a reoffence."""
    discount_rate_percent: DiscountPercent = off(0.0)
    """How much less what is paid a year later is worth: costs are present values at the start."""
