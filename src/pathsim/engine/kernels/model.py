"""The model as the kernel reads it: few arrays of records, so that calls stay cheap.

A compiled function receives every array of a tuple as arguments of its own, and
a person's fields are read together: both want few arrays of wide records. The
fields are those of `contract.Tables` and `contract.People`, by the same names.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pathsim.engine.contract import (
    ALL_OFFENCES,
    DAYS_IN_YEAR,
    N_AGE_GROUPS,
    N_DISPOSALS,
    N_OFFENCES,
    N_PAYERS,
    N_PREVIOUS_BANDS,
    N_SENTENCE_BANDS,
    NO_SERVICE,
    RULES,
    SERVICE,
    UNLIMITED,
    DistributionKind,
    Floats,
    Home,
    Ints,
    Legal,
    People,
    Purpose,
    Route,
    Tables,
    Words,
)
from pathsim.engine.generations import table_of, table_of_stock
from pathsim.engine.occasions import offences_scale
from pathsim.vocabulary import PREVIOUS_BAND_LOWER

from .lines import on_lines
from .random import below
from .workspace import Records

_A, _H, _B = N_AGE_GROUPS, N_PREVIOUS_BANDS, N_SENTENCE_BANDS
_L, _ROUTES = len(Legal), len(Route)
_HOMES = int(Home.NONE)  # it stands after those that are homes
_F, _I, _U = np.float64, np.int64, np.uint64

_TABLES: Final = [
    ("on_disposal", _U, (N_DISPOSALS,)),
    ("on_release", _U, ()),
    ("on_reoffence", _U, ()),
    ("on_homeless", _U, ()),
    ("on_pre_release", _U, ()),
    ("for_offence", _U, (N_OFFENCES,)),
    ("caution_share", _F, (_A, N_OFFENCES, _H)),
    ("caution_alone", _F, (_A, N_OFFENCES, _H)),
    ("disposal_cumulative", _F, (_A, N_OFFENCES, _H, N_DISPOSALS)),
    ("diverted_cumulative", _F, (_A, N_OFFENCES, _H, N_DISPOSALS)),
    ("crown_share", _F, (N_OFFENCES,)),
    ("delay", _I, (_ROUTES,)),
    ("remand_share", _F, (_ROUTES,)),
    ("breach_rate", _F, (_L,)),
    ("severity", _F, (N_OFFENCES,)),
    ("offences_mean", _F, (N_OFFENCES,)),
    ("custody_days", _I, (_A, N_OFFENCES)),
    ("offence_cumulative", _F, (_A, N_OFFENCES)),
    ("release_point", _F, (_B,)),
    ("recall_rate", _F, (_B,)),
    ("home_entry", _F, (2, _HOMES)),
    ("home_rate", _F, (2, _HOMES, _HOMES)),
    ("home_ratio", _F, (_HOMES,)),
    ("legal_ratio", _F, (_L,)),
    ("status_day", _F, (_L, N_PAYERS)),
    ("homeless_day", _F, (N_PAYERS,)),
    ("reoffence_cost", _F, (N_OFFENCES, N_PAYERS)),
    ("further_cost", _F, (N_OFFENCES, N_PAYERS)),
    ("caution_cost", _F, (N_PAYERS,)),
    ("breach_cost", _F, (N_PAYERS,)),
    ("conviction_cost", _F, (N_OFFENCES, N_PAYERS)),
    ("disposal_cost", _F, (N_DISPOSALS, N_PAYERS)),
    ("curfew_day", _F, (N_PAYERS,)),
]
_DERIVED: Final = [
    ("court_pool", _I, ()),  # of places that are given in court, -1 none
    ("proof_in_time", _I, ()),  # no offence in the follow-up is proven too late
    ("disposals_priced", _I, ()),  # some disposal in court has a price of its own
    ("one_offence", _I, ()),  # every occasion is of one offence
    ("offences_scale", _F, (N_OFFENCES,)),  # of exponential numbers, of which offences are made
    ("by_offence", _I, ()),  # some service acts on some offence groups alone, under any regime
    ("required", _U, ()),  # services that others require, under any regime
    ("outlives", _I, ()),  # people are members for longer than they are counted
    ("until", _F, ()),  # first day of the next regime; infinity: none
    ("plain_days", _F, ()),  # since the start, for which a cost is of the first year and at par
]
REGIME: Final = np.dtype([*RULES.descr, *_TABLES, *_DERIVED])
OFFER: Final = np.dtype([*SERVICE.descr, ("on_start", _U), ("on_completion", _U)])
PLACES: Final = np.dtype(
    [("capacity", _I), ("by_risk", _I), ("in_bands", _I), ("review", _F), ("queue", _I)]
)
STEP: Final = np.dtype([("days", _F), ("ratio", _F), ("integral", _F), ("inverse", _F)])
STOCK: Final = np.dtype([("record", _I), ("start_day", _F)])
_PERSON: Final = (
    ("key", _U),
    ("sentence_days", _F),
    ("base_hazard", _F),
    ("risk", _F),
    ("disposal", np.int8),
    ("age_group", np.int8),
    ("offence_group", np.int8),
    ("previous", np.int16),
    ("age", np.int16),
)
IN_RECORD: Final = 2
"""Regimes whose services stand in a person's record: most scenarios have no more, and a record
has one shape however many there are, so that none compiles anything."""
_SERVICES: Final = 64
"""Room for as many as a word has bits."""


class Model(NamedTuple):
    """What a replication reads and never writes."""

    rules: Records  # [R] REGIME
    services: Records  # [R, S] OFFER
    referral_keys: Words  # [64] of the referral draws, apart from SERVICE: read in turn
    referral_limits: Ints  # [R, 64] `random.below` of the referral shares
    pools: Records  # [R, P] PLACES
    distributions: Records  # [.] contract.DISTRIBUTION
    knots: Records  # [.] contract.KNOT
    shape: Records  # [.] STEP
    people: Records  # [N] the person's fields, `eligible` [IN_RECORD] and `cell`
    eligible_later: Words  # [R - IN_RECORD, N] of later regimes, if there are any
    clock_groups: Ints  # [6, 2] contract.Tables.clock_groups
    index_ratio: Floats  # [A, 6, levels] contract.Tables.index_ratio
    cells: NDArray[np.int16]  # [cells, .] groups of each combination that people are in
    generations: Records  # [.] generations.GENERATION, in order of their members' numbers
    stock_windows: Records  # [.] generations.GENERATION of the stock in custody, likewise
    stock: Records  # [.] STOCK, of those who received custody; none without a stock
    # Copies apart from the rest, as the first draws read nothing else; in C order.
    keys: NDArray[np.uint64]  # [N]
    start_day: Floats  # [N] nan: drawn; infinity for who does not enter


def pack(people: People, tables: Tables) -> Model:
    """Return the model of a lowered scenario."""
    rules = np.zeros(len(tables.rules), REGIME)
    for name in RULES.names or ():
        rules[name] = tables.rules[name]
    for name, _, _ in _TABLES:
        rules[name] = getattr(tables, name)
    rules["court_pool"] = _court_pool(tables)
    rules["proof_in_time"] = _proof_in_time(tables)
    rules["disposals_priced"] = (tables.disposal_cost != 0.0).any(axis=(1, 2))
    rules["one_offence"] = (tables.offences_mean == 1.0).all(axis=1)
    rules["offences_scale"] = offences_scale(tables.offences_mean)
    rules["by_offence"] = acts_in_part(tables)
    rules["required"] = np.bitwise_or.reduce(tables.services["requires"], axis=None)
    rules["plain_days"] = np.where(tables.rules["discount"] > 0.0, -np.inf, DAYS_IN_YEAR)
    rules["outlives"] = rules["memory"] > rules["horizon"]
    rules["until"] = [*rules["since"][1:], np.inf]
    services = np.zeros(tables.services.shape, OFFER)
    for name in SERVICE.names or ():
        services[name] = tables.services[name]
    services["on_start"] = tables.on_start
    services["on_completion"] = tables.on_completion
    count = len(tables.services["key"][0])
    referral_keys = np.zeros(_SERVICES, _U)
    referral_keys[:count] = services["key"][0] ^ np.uint64(Purpose.REFERRAL)
    referral_limits = np.zeros((len(rules), _SERVICES), _I)
    referral_limits[:, :count] = below(services["referral"])
    cells, numbers = _cells(people)
    before, windows = (int(rules[name][0]) for name in ("generations_before", "stock_windows"))
    return Model(
        rules=rules,
        services=services,
        referral_keys=referral_keys,
        referral_limits=referral_limits,
        pools=_records(
            PLACES,
            capacity=tables.pool_capacity,
            by_risk=tables.pool_by_risk,
            # In order of risk throughout: under all regimes.
            in_bands=np.broadcast_to(tables.pool_by_risk.min(axis=0), tables.pool_capacity.shape),
            review=tables.pool_review,
            queue=tables.pool_queue,
        ),
        distributions=tables.distributions,
        knots=tables.knots,
        shape=_records(
            STEP,
            days=tables.profile_days,
            ratio=tables.profile_ratio,
            integral=tables.profile_integral,
            inverse=_inverse(tables.profile_ratio),
        ),
        people=_pack_people(people, numbers),
        eligible_later=np.array(people.eligible[IN_RECORD:], _U),
        clock_groups=tables.clock_groups,
        index_ratio=tables.index_ratio,
        cells=cells,
        generations=table_of(before, int(rules["generations_after"][0])),
        stock_windows=table_of_stock(before, windows),
        stock=_stock(people) if windows else np.zeros(0, STOCK),
        keys=np.array(people.key, np.uint64),
        start_day=np.where(people.enters, people.start_day, np.inf),
    )


def acts_in_part(tables: Tables) -> bool:
    """Return whether some service acts on some offence groups alone."""
    return bool((tables.services["acts_on"] != ALL_OFFENCES).any())


def _stock(people: People) -> Records:
    rows = people.stock
    return _records(STOCK, record=rows, start_day=people.start_day[rows])


def _court_pool(tables: Tables) -> Ints:
    """Return by regime the pool of the service that spares custody; -1: none, or no limit."""
    service = tables.rules["presumption_service"]
    if not tables.services.shape[1]:
        return np.full(len(service), UNLIMITED)
    pool = tables.services["pool"][np.arange(len(service)), service]
    return np.where(service == NO_SERVICE, UNLIMITED, pool)


def _proof_in_time(tables: Tables) -> NDArray[np.bool_]:
    """Return by regime whether every route's delay is fixed and no longer than the wait for it."""
    delays = tables.distributions[tables.delay]
    fixed = delays["kind"] == DistributionKind.CONSTANT
    in_time = fixed & (delays["a"] <= tables.rules["waiting"][:, None])
    return np.asarray(in_time.all(axis=1))


def _inverse(ratios: Floats) -> Floats:
    """Return 1 / ratio; infinity for 0."""
    infinite = np.full_like(ratios, np.inf)
    return np.asarray(np.divide(1.0, ratios, out=infinite, where=ratios > 0.0))


def _records(dtype: np.dtype[np.void], **columns: NDArray[np.generic]) -> Records:
    records = np.zeros(next(iter(columns.values())).shape, dtype)
    for name in dtype.names or ():
        records[name] = columns[name]
    return records


def _cells(people: People) -> tuple[NDArray[np.int16], NDArray[np.intp]]:
    """Return the combinations of groups that people are in, and the number of each one's."""
    low = people.groups.min(axis=0)
    levels = people.groups.max(axis=0) - low + 1
    codes = np.ravel_multi_index(tuple((people.groups - low).T), tuple(levels))
    _, first, numbers = np.unique(codes, return_index=True, return_inverse=True)
    return people.groups[first].astype(np.int16), numbers


def _pack_people(people: People, cell: NDArray[np.intp]) -> Records:
    n = people.eligible.shape[1]
    dtype = np.dtype(
        [
            *_PERSON,
            ("eligible", np.uint64, (IN_RECORD,)),
            ("cell", np.int32),
            ("previous_band", np.int8),
            ("unused", np.int8, (4,)),
        ],
    )
    records = on_lines(n, dtype)
    for name, _ in _PERSON:
        records[name] = getattr(people, name)
    for r in range(IN_RECORD):
        records["eligible"][:, r] = people.eligible[min(r, len(people.eligible) - 1)]
    records["cell"] = cell
    records["previous_band"] = np.searchsorted(PREVIOUS_BAND_LOWER[1:], people.previous, "right")
    return records
