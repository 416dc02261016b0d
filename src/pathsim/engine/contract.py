"""All that passes between Python and the engines: codes, dtypes and tuples of arrays.

Legend of axes: R regime (in turn, each from its day on), N people (counted, then
warm-up), S services in order of id, P pools in order of name, A age groups, O
offence groups, H bands of previous convictions, D disposals, L legal statuses,
B sentence bands, M payers, G outcome groups (0 is everybody). Days and pounds
are float64.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from pathsim.elementary.arrays import Floats as Floats
from pathsim.elementary.arrays import Ints as Ints
from pathsim.elementary.arrays import Words as Words
from pathsim.elementary.words import purpose as purpose
from pathsim.engine.codes import (
    MAX_CASES as MAX_CASES,
)
from pathsim.engine.codes import (
    MAX_EVENTS as MAX_EVENTS,
)
from pathsim.engine.codes import (
    MAX_HAZARD as MAX_HAZARD,
)
from pathsim.engine.codes import (
    MAX_SPELLS as MAX_SPELLS,
)
from pathsim.engine.codes import (
    OF_SERVICES as OF_SERVICES,
)
from pathsim.engine.codes import (
    ClockGroup as ClockGroup,
)
from pathsim.engine.codes import (
    CustodyReason as CustodyReason,
)
from pathsim.engine.codes import (
    Disposal as Disposal,
)
from pathsim.engine.codes import (
    DistributionKind as DistributionKind,
)
from pathsim.engine.codes import (
    DrawIndex as DrawIndex,
)
from pathsim.engine.codes import (
    EndingFlag as EndingFlag,
)
from pathsim.engine.codes import (
    Event as Event,
)
from pathsim.engine.codes import (
    EventPriority as EventPriority,
)
from pathsim.engine.codes import (
    Home as Home,
)
from pathsim.engine.codes import (
    Legal as Legal,
)
from pathsim.engine.codes import (
    Purpose as Purpose,
)
from pathsim.engine.codes import (
    Route as Route,
)
from pathsim.engine.codes import (
    Spell as Spell,
)
from pathsim.engine.codes import (
    Why as Why,
)
from pathsim.engine.counted import (
    DAYS_IN_YEAR as DAYS_IN_YEAR,
)
from pathsim.engine.counted import (
    UNITS_A_DAY as UNITS_A_DAY,
)
from pathsim.engine.counted import (
    UNITS_A_POUND as UNITS_A_POUND,
)
from pathsim.engine.counted import (
    YEARS as YEARS,
)
from pathsim.engine.counted import (
    OutcomeColumn as OutcomeColumn,
)
from pathsim.engine.counted import (
    ServiceCount as ServiceCount,
)
from pathsim.vocabulary import (
    AGE_GROUPS,
    OFFENCE_GROUPS,
    PAYERS,
    PREVIOUS_BAND_LOWER,
    PREVIOUS_BANDS,
    PUBLIC_PURSE,
    SENTENCE_BANDS,
)
from pathsim.vocabulary import (
    SENTENCE_BAND_UPPER_DAYS as SENTENCE_BAND_UPPER_DAYS,
)

Small = NDArray[np.int8]
Engine = Literal["kernel", "reference"]
ENGINES: Final[tuple[str, ...]] = get_args(Engine)
Records = NDArray[np.void]


N_PAYERS: Final = len(PAYERS)
PUBLIC: Final = tuple(PAYERS.index(name) for name in PUBLIC_PURSE)
SOCIETY: Final = PAYERS.index("society")
"""Numbers of the payers of either book."""
N_OUTCOME_COLUMNS: Final = int(OutcomeColumn.COST) + N_PAYERS
N_SERVICE_COUNTS: Final = len(ServiceCount)
N_CLOCK_GROUPS: Final = len(ClockGroup)
N_DISPOSALS: Final = len(Disposal)
N_OFFENCES: Final = len(OFFENCE_GROUPS)
ALL_OFFENCES: Final = (1 << N_OFFENCES) - 1
"""A bit for each offence group."""
N_AGE_GROUPS: Final = len(AGE_GROUPS)
N_PREVIOUS_BANDS: Final = len(PREVIOUS_BANDS)
N_SENTENCE_BANDS: Final = len(SENTENCE_BANDS)
N_RARE_COLUMNS: Final = int(OutcomeColumn.PEOPLE)
"""The first ones, which few people have anything of."""
_PAYERS_AFTER_THE_FIRST: Final = (OutcomeColumn.COST.units,) * (N_PAYERS - 1)
PERSON_UNITS: Final = np.array([*(each.units for each in OutcomeColumn), *_PAYERS_AFTER_THE_FIRST])
"""Units of fixed point in 1, by column: of people's outcomes, of a service's counts."""
LOAD_UNITS: Final = np.array([each.units for each in ServiceCount])
NO_SERVICE: Final = -1
"""Number of a service where there is none."""
UNLIMITED: Final = -1
"""Pool number of a service without a limit."""


DISTRIBUTION: Final = np.dtype(
    [("kind", np.int64), ("a", np.float64), ("b", np.float64), ("c", np.float64)]
)
"""constant (a), exponential (mean a), uniform (a to b), triangular (low a, mode b, high c),
lognormal (median a, sigma b), weibull (scale a, shape b), empirical (first knot a, knots b)."""

KNOT: Final = np.dtype([("p", np.float64), ("q", np.float64)])
"""A point of a piecewise linear distribution: probability and quantile."""

RULES: Final = np.dtype(
    [
        ("since", np.float64),  # first day of the regime; -inf of the first
        ("follow_up", np.float64),
        ("waiting", np.float64),
        ("clocks_a_year", np.int64),  # that index events of a person may open; 0: one, by the start
        ("memory", np.float64),  # inf: none, people are followed for the clocks alone
        ("horizon", np.float64),  # inf: none, likewise
        ("intake", np.float64),
        ("generations_before", np.int64),
        ("generations_after", np.int64),
        ("stock_windows", np.int64),
        ("index_at_release", np.int64),
        ("frailty_sigma", np.float64),
        ("floor", np.float64),
        ("same_group", np.float64),
        ("record_grows", np.int64),
        ("proof", np.float64),
        ("presumption_max_days", np.float64),
        ("presumption_share", np.float64),
        ("presumption_ratio", np.float64),
        ("presumption_days", np.float64),
        ("presumption_not_for", np.int64),  # bits of age groups
        ("presumption_service", np.int64),  # that must take the person in court, -1 none
        ("diverted_adult", np.float64),
        ("diverted_youth", np.float64),
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
        ("discount", np.float64),  # by which what is paid is worth less, a day; 0: not at all
    ]
)

SERVICE: Final = np.dtype(
    [
        ("key", np.uint64),
        ("pool", np.int64),  # UNLIMITED, or a row of pool_capacity
        ("ends_on", np.int64),  # bits of EndingFlag
        ("requires", np.uint64),  # bits of services, any of which must be active; 0 none
        ("referral", np.float64),
        ("take_up", np.float64),
        ("patience", np.int64),  # distribution
        ("duration", np.int64),  # distribution
        ("drop_out", np.float64),
        ("ratio", np.float64),
        ("after_ratio", np.float64),
        ("acts_on", np.int64),  # bits of offence groups on which either ratio acts
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
    pool_queue: Ints  # [R, P] most who wait at a time
    on_disposal: Words  # [R, D] services triggered, one bit each
    on_release: Words  # [R]
    on_reoffence: Words  # [R]
    on_homeless: Words  # [R]
    on_pre_release: Words  # [R]
    on_start: Words  # [R, S]
    on_completion: Words  # [R, S]
    for_offence: Words  # [R, O] services for people with an offence of each group, one bit each
    caution_share: Floats  # [R, A, O, H] share of proven offences dealt with out of court
    caution_alone: Floats  # [R, A, O, H] that share without sentencing.diversion
    disposal_cumulative: Floats  # [R, A, O, H, D] in court, cumulative over D
    diverted_cumulative: Floats  # [R, A, O, H, D] of what is diverted out of court, without that
    crown_share: Floats  # [R, O]
    delay: Ints  # [R, 3] distribution by Route
    remand_share: Floats  # [R, 3] by Route; out of court 0
    breach_rate: Floats  # [R, L] per day by Legal; 0 but for the two orders
    severity: Floats  # [R, O] of an offence
    offences_mean: Floats  # [R, O] of an occasion
    custody_days: Ints  # [R, A, O] distribution
    offence_cumulative: Floats  # [R, A, O] of reoffences outside the index group
    release_point: Floats  # [R, B]
    recall_rate: Floats  # [R, B] per day on licence
    home_entry: Floats  # [R, 2, 3] cumulative: at disposal, on release
    home_rate: Floats  # [R, 2, 3, 3] per day by way in, from row to column, diagonal 0
    home_ratio: Floats  # [R, 3] of the hazard
    legal_ratio: Floats  # [R, L] of the hazard; custody 0
    profile_days: Floats  # [.] days since index
    profile_ratio: Floats  # [.]
    profile_integral: Floats  # [.] integral of the shape up to shape_days
    clock_groups: Ints  # [6, 2] by ClockGroup: column of People.groups, number of its first level
    index_ratio: Floats  # [A, 6, levels] of the hazard from an index event on, by ClockGroup
    status_day: Floats  # [R, L, M] pounds a day
    homeless_day: Floats  # [R, M]
    reoffence_cost: Floats  # [R, O, M] of an occasion of one offence
    further_cost: Floats  # [R, O, M] of each further offence of an occasion
    caution_cost: Floats  # [R, M]
    breach_cost: Floats  # [R, M]
    conviction_cost: Floats  # [R, O, M]
    disposal_cost: Floats  # [R, D, M] beside that of the case, in court
    curfew_day: Floats  # [R, M] pounds a day on curfew, beside the licence


SHARED_TABLES: Final = (
    "clock_groups",
    "index_ratio",
    "distributions",
    "knots",
    "profile_days",
    "profile_ratio",
    "profile_integral",
)
"""Tables of all regimes together."""


class People(NamedTuple):
    """The cohort in numbers, described once for all generations."""

    key: Words  # [N] from the person's own id
    start_day: Floats  # [N] nan: drawn
    disposal: Small  # [N]
    sentence_days: Floats  # [N] nan: drawn; 0 without custody
    base_hazard: (
        Floats  # [N] per day; with clocks of index events, times what Tables.index_ratio says
    )
    risk: Floats  # [N] two-year score, percent
    age_group: Small  # [N]
    offence_group: Small  # [N]
    age: Ints  # [N] years, at the start
    previous: Ints  # [N] convictions or cautions before the index offence
    eligible: Words  # [R, N] services, one bit each, whatever the offence at hand
    enters: NDArray[np.bool_]  # [N] false: an occasion of who is followed already
    groups: NDArray[np.int16]  # [N, 1 + attributes] numbers of the person's groups, 0 first

    @property
    def stock(self) -> NDArray[np.intp]:
        """The rows of those who received custody: the stock of earlier windows is of them."""
        return np.flatnonzero(self.disposal == Disposal.CUSTODY)


class Address(NamedTuple):
    """Which replication of which seed."""

    seed: int
    replication: int


class Log(NamedTuple):
    """What happened, in order of time, then person, then occurrence."""

    time: Floats
    person: Ints  # number: see generations.py
    event: Ints
    detail: Ints  # disposal, legal status, CustodyReason, home, service or offence group, by event


class Counts(NamedTuple):
    """What one replication adds up to."""

    person: Floats  # [G, N_PERSON_COLUMNS] sums over the group's people
    load: Floats  # [G, S, N_LOADS]
    busy_days: Floats  # [S] place-days used inside the intake window, by everybody
    queue_days: Floats  # [S] days waited inside the intake window, by everybody
    in_custody: Floats  # [days of the intake window] people in custody at each midnight, everybody
    events: int


class RanAway(Exception):  # noqa: N818 not an error of the engine
    """A replication is stopped because of one person, number `person` in People.

    rank: kind of the event at which it was. service: the service concerned, or -1.
    """

    def __init__(self, why: Why, *, person: int, rank: int, service: int = -1) -> None:
        super().__init__(why.name)
        self.why = why
        self.person = person
        self.rank = EventPriority(rank)
        self.service = service


def previous_band(previous: int) -> int:
    """Return the band of so many previous convictions or cautions."""
    return bisect_right(PREVIOUS_BAND_LOWER, previous) - 1


def band_of(days: float) -> int:
    """Return the sentence band of a custodial sentence of `days`, with its upper bound included."""
    return max(1, bisect_left(SENTENCE_BAND_UPPER_DAYS, days))


def custody_to_fill(person: Floats) -> Floats:
    """Return the custody days that others may fill, [..., 1 + YEARS], of people's outcomes.

    First at their present value; then those of each year after the first, and what the discount
    takes off: the order of a book's columns.
    """
    second, off = OutcomeColumn.CUSTODY_DAYS_YEAR_2, OutcomeColumn.CUSTODY_DAYS_OFF
    present = person[..., OutcomeColumn.CUSTODY_DAYS] - person[..., off]
    return np.concatenate([present[..., None], person[..., second : off + 1]], axis=-1)
