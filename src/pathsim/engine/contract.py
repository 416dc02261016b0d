"""All that passes between Python and the engines: codes, dtypes and tuples of arrays.

Legend of axes: R regime (before, from `from_day`), N people (counted, then
warm-up), S services in order of id, P pools in order of name, A age groups, O
offence groups, H bands of previous convictions, D disposals, L legal statuses,
B sentence bands, M payers, G outcome groups (0 is everybody). Days and pounds
are float64.
"""

from __future__ import annotations

from enum import IntEnum
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Small = NDArray[np.int8]
Records = NDArray[np.void]


class Rank(IntEnum):
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


class Into(IntEnum):
    """Detail of a CUSTODY event."""

    SENTENCE = 0
    RECALL = 1
    REMAND = 2
    BREACH = 3


class Spell(IntEnum):
    """State of a person's spell with a service."""

    REQUESTED = 0
    WAITING = 1
    GIVEN = 2  # a place, in which the service starts at the same instant
    ACTIVE = 3
    AFTER = 4


class Kind(IntEnum):
    """Distribution, in the order of `distributions.KINDS`."""

    CONSTANT = 0
    NEVER = 1
    EXPONENTIAL = 2
    UNIFORM = 3
    TRIANGULAR = 4
    LOGNORMAL = 5
    WEIBULL = 6
    EMPIRICAL = 7


class Ends(IntEnum):
    """Bits of a service's `ends_on`."""

    CUSTODY = 1
    REOFFENCE = 2
    ORDER_END = 4
    FOLLOW_UP = 8  # in every service


class Person(IntEnum):
    """Columns of a person's outcomes, added up by group; the payers' columns follow COST."""

    PEOPLE = 0
    REOFFENDERS = 1
    REOFFENCES = 2
    REOFFENCES_FROM_SENTENCE = 3
    DAYS_TO_FIRST = 4
    CUSTODY_DAYS = 5
    HOMELESS_DAYS = 6
    SEVERITY = 7
    COST = 8


class Load(IntEnum):
    """Columns of a service's counts, by group."""

    STARTS = 0
    WAIT_DAYS = 1
    RENEGED = 2
    COMPLETED = 3


N_PAYERS: Final = 8
N_PERSON_COLUMNS: Final = int(Person.COST) + N_PAYERS
N_LOADS: Final = len(Load)
N_DISPOSALS: Final = len(Disposal)
N_OFFENCES: Final = 12
UNLIMITED: Final = -1
"""Pool number of a service without a limit."""


def purpose(name: str) -> int:
    """Return the 64-bit key of a purpose or a service: a hash of its name, never of its place."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


class Purpose:
    """Keys of what a random number is for."""

    START: Final = purpose("start")
    FRAILTY: Final = purpose("frailty")
    SENTENCE_DAYS: Final = purpose("sentence days")
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


class Occasion:
    """First occasion number of each kind of trigger; the n-th such event of a person adds n.

    The start is disposal 0 and the k-th proven offence (k from 1, in order of the offences)
    disposal k. A service triggered by the start of another takes the occasion
    `nth(parent's service key, parent's occasion)`.
    """

    DISPOSAL: Final = 0 << 32
    RELEASE: Final = 1 << 32
    REOFFENCE: Final = 2 << 32
    HOMELESS: Final = 3 << 32
    PRE_RELEASE: Final = 4 << 32
    BREACH: Final = 5 << 32


DISTRIBUTION: Final = np.dtype(
    [("kind", np.int64), ("a", np.float64), ("b", np.float64), ("c", np.float64)]
)
"""constant (a), exponential (mean a), uniform (a to b), triangular (low a, mode b, high c),
lognormal (median a, sigma b), weibull (scale a, shape b), empirical (first knot a, knots b)."""

KNOT: Final = np.dtype([("p", np.float64), ("q", np.float64)])
"""A point of a piecewise linear distribution: probability and quantile."""

RULES: Final = np.dtype(
    [
        ("from_day", np.float64),  # inf when the scenario does not change
        ("follow_up", np.float64),
        ("waiting", np.float64),
        ("intake", np.float64),
        ("index_at_release", np.int64),
        ("frailty_sigma", np.float64),
        ("floor", np.float64),
        ("same_group", np.float64),
        ("proof", np.float64),
        ("presumption_max_days", np.float64),
        ("presumption_share", np.float64),
        ("presumption_ratio", np.float64),
        ("presumption_days", np.float64),
        ("fixed_term_share", np.float64),
        ("fixed_term_short", np.float64),
        ("fixed_term_long", np.float64),
        ("standard_recall", np.int64),  # distribution
        ("community_order_days", np.int64),  # distribution
        ("suspended_sentence_days", np.int64),  # distribution
        ("curfew_share", np.float64),
        ("curfew_min", np.float64),  # sentence, days
        ("curfew_max", np.float64),  # sentence, days
        ("curfew_days", np.float64),
        ("pre_release_days", np.float64),
        ("supervision_days", np.float64),
        ("supervision_below", np.float64),  # sentence, days
        ("breach_custody", np.float64),
        ("breach_days", np.int64),  # distribution
        ("activation", np.float64),
    ]
)

SERVICE: Final = np.dtype(
    [
        ("key", np.uint64),
        ("pool", np.int64),  # UNLIMITED, or a row of pool_capacity
        ("ends_on", np.int64),  # bits of Ends
        ("requires", np.uint64),  # bits of services, any of which must be active; 0 none
        ("referral", np.float64),
        ("take_up", np.float64),
        ("patience", np.int64),  # distribution
        ("duration", np.int64),  # distribution
        ("drop_out", np.float64),
        ("ratio", np.float64),
        ("after_ratio", np.float64),
        ("after", np.int64),  # distribution
        ("houses", np.int64),
        ("exit_settled", np.float64),
        ("custody_ratio", np.float64),
        ("payer", np.int64),
        ("per_referral", np.float64),
        ("per_start", np.float64),
        ("per_day", np.float64),
        ("per_completion", np.float64),
    ]
)


class Tables(NamedTuple):
    """A scenario in numbers; nothing here depends on how many people there are."""

    rules: Records  # [R] RULES
    distributions: Records  # [.] DISTRIBUTION
    knots: Records  # [.] KNOT, of the empirical distributions
    services: Records  # [R, S] SERVICE
    pool_capacity: Ints  # [R, P] places
    pool_by_risk: Ints  # [R, P] 1: highest risk first, 0: first come
    pool_review: Floats  # [R, P] days between review dates; 0: places are given at once
    on_disposal: Words  # [R, D] services triggered, one bit each
    on_release: Words  # [R]
    on_reoffence: Words  # [R]
    on_homeless: Words  # [R]
    on_pre_release: Words  # [R]
    on_start: Words  # [R, S]
    caution_share: Floats  # [R, A, O, H] share of proven offences dealt with out of court
    disposal_cumulative: Floats  # [R, A, O, H, D] in court, cumulative over D
    crown_share: Floats  # [R, O]
    delay: Ints  # [R, 3] distribution by Route
    remand_share: Floats  # [R, 3] by Route; out of court 0
    breach_rate: Floats  # [R, L] per day by Legal; 0 but for the two orders
    severity: Floats  # [R, O]
    custody_days: Ints  # [R, A, O] distribution
    offence_cumulative: Floats  # [R, A, O] of reoffences outside the index group
    release_point: Floats  # [R, B]
    recall_rate: Floats  # [R, B] per day on licence
    home_entry: Floats  # [R, 2, 3] cumulative: at disposal, on release
    home_rate: Floats  # [R, 3, 3] per day, from row to column, diagonal 0
    home_ratio: Floats  # [R, 3] of the hazard
    legal_ratio: Floats  # [R, L] of the hazard; custody 0
    shape_days: Floats  # [.] days since index
    shape_ratio: Floats  # [.]
    shape_integral: Floats  # [.] integral of the shape up to shape_days
    status_day: Floats  # [R, L, M] pounds a day
    homeless_day: Floats  # [R, M]
    reoffence_cost: Floats  # [R, O, M]
    caution_cost: Floats  # [R, M]
    breach_cost: Floats  # [R, M]
    conviction_cost: Floats  # [R, O, M]


class People(NamedTuple):
    """The cohort in numbers: the counted people, then (if any) their warm-up twins."""

    key: Words  # [N] from the person's own id
    counted: Small  # [N] 1, or 0 for warm-up
    start_day: Floats  # [N] nan: drawn
    disposal: Small  # [N]
    sentence_days: Floats  # [N] nan: drawn; 0 without custody
    base_hazard: Floats  # [N] per day
    risk: Floats  # [N] two-year score, percent
    age_group: Small  # [N]
    offence_group: Small  # [N]
    previous_band: Small  # [N]
    eligible: Words  # [R, N] services, one bit each
    groups: NDArray[np.int16]  # [N, 1 + attributes] numbers of the person's groups, 0 first


class Address(NamedTuple):
    """Which replication of which seed."""

    seed: int
    replication: int


class Log(NamedTuple):
    """What happened, in order of time, then person, then occurrence."""

    time: Floats
    person: Ints  # number in People
    event: Ints
    detail: Ints  # disposal, legal status, Into, home, service or offence group, by event


class Counts(NamedTuple):
    """What one replication adds up to."""

    person: Floats  # [G, N_PERSON_COLUMNS] sums over the group's people
    load: Floats  # [G, S, N_LOADS]
    busy_days: Floats  # [S] place-days used inside the intake window, by everybody
    queue_days: Floats  # [S] days waited inside the intake window, by everybody
    in_custody: Floats  # [days of the intake window] people in custody at each midnight, everybody
    events: int


def band_of(days: float) -> int:
    """Return the sentence band of a custodial sentence of `days`, with its upper bound included."""
    if days <= 182.5:
        return 1
    if days <= 365.0:
        return 2
    return 3 if days <= 1460.0 else 4
