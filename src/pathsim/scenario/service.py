"""A service is a row of data: every programme goes through this one mechanism."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, model_validator

from pathsim.vocabulary import (
    AGE_BANDS,
    PAYERS,
    PREVIOUS_BANDS,
    RISK_BANDS,
    SENTENCE_BANDS,
)

from .cohort import AgeGroup, Disposal, Ethnicity, Identifier, Need, OffenceGroup, OneOf, Sex
from .distributions import Distribution, constant, never
from .effect import EffectRatio, no_effect
from .faults import fault
from .offences import ALL_OFFENCES, Offences, offence_groups, refuse_no_groups
from .parameter import Flag, Probability, Section, Strict, off
from .units import (
    A_RISK,
    Percent,
    Places,
    Pounds,
    QueueLength,
    ReviewDays,
    days,
    effect,
    months,
    pounds,
)

MAX_SERVICES = 64
"""A person's services are bits of one machine word; no more pools can be of use."""

MADE_HERE: Final = "made in Python"
"""Source of the bare numbers of a service that is made there."""

Payer = Annotated[str, OneOf(PAYERS)]
QueueOrder = Literal["first_come", "highest_risk"]
Ending = Literal["custody", "reoffence", "order_end"]
Unlimited = Literal["unlimited"]
SentenceBand = Annotated[str, OneOf(SENTENCE_BANDS)]
PreviousBand = Annotated[str, OneOf(PREVIOUS_BANDS)]
RiskBand = Annotated[str, OneOf(RISK_BANDS)]
AgeBand = Annotated[str, OneOf(AGE_BANDS)]


class Trigger(Strict):
    """What can bring a person to the service."""

    disposals: tuple[Disposal, ...] = ()
    """Receiving one of these disposals while at liberty."""
    release: Flag = False
    """Release from custody."""
    reoffence: Flag = False
    """Reoffending (arrest)."""
    homeless: Flag = False
    """Becoming homeless."""
    services: tuple[Identifier, ...] = ()
    """Starting one of these services."""
    pre_release: Flag = False
    """The date before a release from custody that `custody.pre_release_days` sets."""
    on: Literal["completion", ""] = ""
    """Completing a service, which `of` names; leaving it in another way does not count."""
    of: tuple[Identifier, ...] = ()
    """Completing one of these services, where `on` says so."""

    @model_validator(mode="after")
    def _consistent(self) -> Trigger:
        if self.on and not self.of:
            message = "needs the services of which it is the completion"
            raise fault(message, key=("of",), found=(), allowed="ids of services")
        for key, names in (("services", self.services), ("of", self.of)):
            again = next((n for n, name in enumerate(names) if name in names[:n]), None)
            if again is not None:
                message = "names a service that is named before; once is enough"
                raise fault(message, key=(key, again), found=names[again])
        if self.of and not self.on:
            message = 'goes with on = "completion"; what starts a service is named in `services`'
            raise fault(message, key=("of",), found=list(self.of))
        return self


class Eligible(Strict):
    """Whom the service takes: allowed values; an empty list allows all."""

    age_group: tuple[AgeGroup, ...] = ()
    sex: tuple[Sex, ...] = ()
    age_band: tuple[AgeBand, ...] = ()
    ethnicity: tuple[Ethnicity, ...] = ()
    area: tuple[Identifier, ...] = ()
    """Areas of the scenario."""
    offence_group: tuple[OffenceGroup, ...] = ()
    disposal: tuple[Disposal, ...] = ()
    """The index disposal in the cohort, before any option changes it."""
    sentence_band: tuple[SentenceBand, ...] = ()
    previous_offences: tuple[PreviousBand, ...] = ()
    risk_band: tuple[RiskBand, ...] = ()
    needs_any: tuple[Need, ...] = ()
    """At least one of these needs."""
    domestic_abuse: Flag | None = None
    """Only perpetrators (true), only others (false), or all (left out)."""
    min_risk_percent: Annotated[Percent, A_RISK] = 0.0
    """Lowest two-year risk score."""


class Pool(Section):
    """Places that several services share."""

    capacity: Places
    order: QueueOrder = "first_come"
    review_days: ReviewDays = off(0.0)
    """Places are given out only on review dates, every so many days; 0: at once."""
    max_queue: Unlimited | QueueLength = "unlimited"
    """How many may wait at a time, for any of its services; who comes then is turned away."""

    @model_validator(mode="after")
    def _consistent(self) -> Pool:
        room = self.max_queue == "unlimited" or self.max_queue.value > 0
        if self.review_days.value > 0 and not room:
            # Whoever is to be given a place on a review date waits for it.
            raise fault(
                "leaves nobody to whom a review could give a place",
                key=("max_queue",),
                found=0,
                allowed='1 or more, or "unlimited", where review_days is above 0',
            )
        return self


_SHORTEST_STAY_DAYS = 0.1
"""Who leaves at once is homeless at once, and may be housed again at once."""
_NOTHING_AFTER = constant(0.0, source="mechanism not used")
_UNLIMITED: Unlimited = "unlimited"


class Service(Section):
    """One programme: who comes, how many fit, how long it lasts, what it does and costs.

    Examples
    --------
    >>> import pathsim as ps
    >>> hostel = ps.Service(
    ...     title="Hostel", trigger={"release": True}, referral=0.5, duration_days=30, capacity=4
    ... )
    >>> option = ps.example().change("Open a hostel", {"services.hostel": hostel})
    >>> sorted(option.services)
    ['hostel', 'mentor']
    """

    if not TYPE_CHECKING:

        def __init__(self, /, *given: object, **values: object) -> None:
            """Make one from its fields; bare numbers are choices, made in Python."""
            super().__init__(*given, **({"source": MADE_HERE, "grade": "choice"} | values))

        __init__.__pydantic_base_init__ = True  # validation itself need not call it

    title: Annotated[str, Field(min_length=1)]
    pathway: Need | Literal["system"] = "system"
    note: str = ""
    trigger: Trigger
    eligible: Eligible = Eligible()
    referral: Probability
    """Chance that a trigger leads to a referral."""
    take_up: Probability = off(1.0)
    """Chance that a referred person asks for a place."""
    requires_any: tuple[Identifier, ...] = ()
    """Services of which one must be active: at the start and for as long as this one lasts."""
    pool: Identifier | Literal[""] = ""
    """The shared pool from which places come, if any."""
    capacity: Unlimited | Places = _UNLIMITED
    """Places of its own."""
    order: QueueOrder = "first_come"
    """Who comes first in the queue for the service's own places."""
    max_queue: Unlimited | QueueLength = _UNLIMITED
    """How many may wait at a time for the service's own places; who comes then is turned away."""
    patience_days: Annotated[Distribution, days(0.04, 1830)] = never()
    """How long a person waits for a place before reneging."""
    duration_days: Annotated[Distribution, months(0.04, 7310)]
    """How long the service lasts for those who complete it."""
    drop_out_share: Probability = off(0.0)
    """Chance of leaving early, at a uniformly distributed part of the duration."""
    ends_on: tuple[Ending, ...] = ("custody",)
    """What else ends the service, and the waiting for it."""
    hazard_ratio: Annotated[EffectRatio, effect()] = no_effect()
    """Multiplier of the reoffending hazard while the service is active."""
    after_ratio: Annotated[EffectRatio, effect()] = no_effect()
    """Multiplier of the hazard after completion."""
    after_days: Annotated[Distribution, months(7, 7310)] = _NOTHING_AFTER
    """How long the effect after completion lasts."""
    acts_on: Offences = ALL_OFFENCES
    """Offence groups on which both ratios act; on others they are 1, and the mix follows."""
    custody_ratio: Probability = off(1.0)
    """Multiplier of the chance of custody at a court disposal, while active and in after-effect."""
    houses: Flag = False
    """Whether the person lives in temporary accommodation while the service is active."""
    exit_settled_share: Probability = off(0.0)
    """Of those housed, the share who leave for settled accommodation; the rest are homeless."""
    cost_per_referral_gbp: Annotated[Pounds, pounds(0.01, 50000, of="a referral")] = off(0.0)
    cost_per_start_gbp: Annotated[Pounds, pounds(10, 200000, of="a start")] = off(0.0)
    cost_per_day_gbp: Annotated[Pounds, pounds(0.01, 2000, of="a day")] = off(0.0)
    cost_per_completion_gbp: Annotated[Pounds, pounds(10, 200000, of="a completion")] = off(0.0)
    cost_per_place_year_gbp: Annotated[Pounds, pounds(50, 500000, of="a place and year")] = off(0.0)
    """Fixed cost of a place of the service's own, for the intake window, used or not."""
    payer: Payer = "other"

    @model_validator(mode="after")
    def _consistent(self) -> Service:
        limited = self.capacity != "unlimited"
        if self.pool and limited:
            raise ValueError("has both a pool and a capacity of its own; give one of them")
        if self.cost_per_place_year_gbp.value > 0 and not limited:
            raise ValueError("cost_per_place_year_gbp needs a capacity of the service's own")
        if self.max_queue != _UNLIMITED and not limited:
            raise fault(
                "needs a capacity of the service's own, as nobody waits without one",
                key=("max_queue",),
                found=self.max_queue.value,
                allowed=f"pools.{self.pool}.max_queue" if self.pool else "with a capacity",
            )
        refuse_no_groups(self.acts_on, key="acts_on")
        if self.houses and self.duration_days.expected() < _SHORTEST_STAY_DAYS:
            least = f"{_SHORTEST_STAY_DAYS:g} days on average"
            raise ValueError(f"a service that houses people must last some time, at least {least}")
        return self

    @property
    def groups_acted_on(self) -> tuple[str, ...]:
        """The offence groups on which the ratios act."""
        return offence_groups(self.acts_on)


def few_enough(services: dict[str, Service]) -> dict[str, Service]:
    """Return the services; refuse more than can be followed."""
    if len(services) > MAX_SERVICES:
        message = f"has {len(services)} entries, and the engines follow at most {MAX_SERVICES}"
        allowed = (
            f"at most {MAX_SERVICES}: leave out services that make no difference here, or join "
            "those alike in whom they take and what they do into one"
        )
        raise fault(message, allowed=allowed)
    return services
