"""The codes of the contract: every closed list as numbers, and the keys of random numbers."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from pathsim.elementary.words import purpose


class EventPriority(IntEnum):
    """Order of simultaneous events; also the code of each kind of timer."""

    CHANGE = 0
    PLACE = 1
    END = 2
    SERVICE_END = 3
    AFTER_END = 4
    RENEGE = 5
    LICENCE_END = 6
    SUPERVISION_END = 7
    ORDER_END = 8
    PRESUMPTION_END = 9
    MOVE = 10
    BREACH = 11
    RECALL = 12
    PROVEN = 13
    RELEASE = 14
    PRE_RELEASE = 15
    REOFFENCE = 16
    START = 17
    REQUEST = 18


OF_SERVICES: Final = (
    EventPriority.PLACE,
    EventPriority.SERVICE_END,
    EventPriority.AFTER_END,
    EventPriority.RENEGE,
    EventPriority.REQUEST,
)
"""Kinds of events that belong to a service."""


class Event(IntEnum):
    """What the log records."""

    START = 0
    CUSTODY = 1
    CUSTODY_EXTENDED = 2
    RELEASE = 3
    LICENCE_END = 4
    ORDER_START = 5
    ORDER_END = 6
    PRESUMPTION_END = 7
    ACCOMMODATION = 8
    REFERRAL = 9
    REFUSED = 10
    WAIT = 11
    SERVICE_START = 12
    RENEGE = 13
    WITHDRAW = 14
    SERVICE_COMPLETE = 15
    SERVICE_DROP_OUT = 16
    SERVICE_STOP = 17
    AFTER_END = 18
    REOFFENCE = 19
    PROVEN = 20
    END = 21
    SUPERVISION_END = 22
    BREACH = 23
    PRE_RELEASE = 24
    ACTIVATION = 25
    TURNED_AWAY = 26
    COUNTED = 27
    FURTHER_OFFENCES = 28


class Legal(IntEnum):
    """Legal status."""

    LIBERTY = 0
    COMMUNITY_ORDER = 1
    SUSPENDED_SENTENCE = 2
    LICENCE = 3
    CUSTODY = 4
    SUPERVISION = 5


class Home(IntEnum):
    """Accommodation; NONE before the start and in custody."""

    SETTLED = 0
    TEMPORARY = 1
    HOMELESS = 2
    NONE = 3


class Disposal(IntEnum):
    """Disposal, in the order of the scenario's vocabulary."""

    CAUTION = 0
    DISCHARGE = 1
    FINE = 2
    COMMUNITY_ORDER = 3
    SUSPENDED_SENTENCE = 4
    CUSTODY = 5
    OTHER = 6


class Route(IntEnum):
    """Way to a disposal."""

    OUT_OF_COURT = 0
    MAGISTRATES = 1
    CROWN = 2


class ClockGroup(IntEnum):
    """Attributes that a person has as they are at an index event; the others stay."""

    AGE_GROUP = 0
    AGE_BAND = 1
    OFFENCE_GROUP = 2
    DISPOSAL = 3
    SENTENCE_BAND = 4
    PREVIOUS = 5


class CustodyReason(IntEnum):
    """Detail of a CUSTODY event."""

    SENTENCE = 0
    RECALL = 1
    REMAND = 2
    BREACH = 3


class Spell(IntEnum):
    """State of a person's spell with a service."""

    REQUESTED = 0
    WAITING = 1
    PLACE_GIVEN = 2  # a place, in which the service starts at the same instant
    ACTIVE = 3
    AFTER = 4


class Why(IntEnum):
    """Why a replication is stopped: it would not end, or only after more than can be meant."""

    EVENTS = 0  # a person has too many
    SPELLS = 1  # a person has too many with a service at once, after-effects included
    CASES = 2  # a person has too many before the courts at once
    HAZARD = 3  # a person's is too high, or no number
    FOLLOW_UP = 4  # a person's has no end


MAX_EVENTS: Final = 100_000
"""Of one person."""
MAX_SPELLS: Final = 1_000
"""Of one person with one service at once, after-effects included."""
MAX_HAZARD: Final = 1e6
"""Of one person, a day: from here on reoffences soon fall on the same instant."""
MAX_CASES: Final = 4_096
"""Of one person before the courts at once."""


class DistributionKind(IntEnum):
    """Distribution, in the order of `distributions.KINDS`."""

    CONSTANT = 0
    NEVER = 1
    EXPONENTIAL = 2
    UNIFORM = 3
    TRIANGULAR = 4
    LOGNORMAL = 5
    WEIBULL = 6
    EMPIRICAL = 7


class EndingFlag(IntEnum):
    """Bits of a service's `ends_on`."""

    CUSTODY = 1
    REOFFENCE = 2
    ORDER_END = 4
    FOLLOW_UP = 8  # in every service


class Purpose:
    """Keys of what a random number is for."""

    START: Final = purpose("start")
    FRAILTY: Final = purpose("frailty")
    SENTENCE_DAYS: Final = purpose("sentence days")
    OUT_OF_COURT: Final = purpose("out of court")
    PRESUMPTION: Final = purpose("presumption")
    ORDER_DAYS: Final = purpose("order days")
    RECALL: Final = purpose("recall")
    RECALL_KIND: Final = purpose("recall kind")
    RECALL_DAYS: Final = purpose("recall days")
    HOME_ENTRY: Final = purpose("home entry")
    HOME_STAY: Final = purpose("home stay")
    HOME_MOVE: Final = purpose("home move")
    BUDGET: Final = purpose("budget")
    OFFENCE: Final = purpose("offence")
    OFFENCE_OTHER: Final = purpose("offence other")
    PROOF: Final = purpose("proof")
    ROUTE: Final = purpose("route")
    CROWN: Final = purpose("crown")
    DELAY: Final = purpose("delay")
    DISPOSAL: Final = purpose("disposal")
    DIVERSION: Final = purpose("diversion from custody")
    OFFENCES: Final = purpose("offences of an occasion")
    REMAND: Final = purpose("remand")
    CURFEW: Final = purpose("curfew")
    SUSPENDED_DAYS: Final = purpose("suspended days")
    ACTIVATION: Final = purpose("activation")
    BREACH: Final = purpose("breach")
    BREACH_KIND: Final = purpose("breach kind")
    BREACH_DAYS: Final = purpose("breach days")
    # Parts of a service's key: combined with the service's own by exclusive or.
    REFERRAL: Final = purpose("service referral")
    TAKE_UP: Final = purpose("service take-up")
    PATIENCE: Final = purpose("service patience")
    DURATION: Final = purpose("service duration")
    DROP_OUT: Final = purpose("service drop-out")
    DROP_OUT_TIME: Final = purpose("service drop-out time")
    AFTER: Final = purpose("service after")
    EXIT: Final = purpose("service exit")
    COMPLETION: Final = purpose("service completion")
    PASSED_OVER: Final = purpose("service passed over")


class DrawIndex:
    """First occasion number of each kind of trigger; the n-th such event of a person adds n.

    The start is disposal 0 and the k-th proven offence (k from 1, in order of the offences)
    disposal k. A service triggered by the start of another takes the occasion
    `nth(parent's service key, parent's occasion)`, one triggered by its completion likewise with
    `Purpose.COMPLETION` in the key.
    """

    DISPOSAL: Final = 0 << 32
    RELEASE: Final = 1 << 32
    REOFFENCE: Final = 2 << 32
    HOMELESS: Final = 3 << 32
    PRE_RELEASE: Final = 4 << 32
    BREACH: Final = 5 << 32
