"""A scenario's tables: every name a code, every quantity a number, in each of its regimes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.engine.contract import (
    ALL_OFFENCES,
    N_DISPOSALS,
    N_OFFENCES,
    NO_SERVICE,
    RULES,
    SERVICE,
    UNLIMITED,
    EndingFlag,
    Floats,
    Ints,
    Tables,
    Words,
    purpose,
)
from pathsim.engine.cumulative import cumulative
from pathsim.engine.distribution_table import Distributions
from pathsim.engine.diverted import diverted_shares, lesser_shares
from pathsim.engine.homes import lower_homes
from pathsim.engine.occasions import offences_mean
from pathsim.engine.places import NO_LIMIT
from pathsim.engine.prices import discount_a_day, lower_costs
from pathsim.engine.time_profile import profile_of
from pathsim.people import counts
from pathsim.scenario.justice import DisposalMix
from pathsim.vocabulary import (
    AGE_GROUPS,
    DISPOSALS,
    OFFENCE_GROUPS,
    PAYERS,
    PREVIOUS_BANDS,
    ROUTES,
    SENTENCE_BAND_KEYS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pathsim.scenario.model import Scenario
    from pathsim.scenario.service import Service

_ENDS = {
    "custody": EndingFlag.CUSTODY,
    "reoffence": EndingFlag.REOFFENCE,
    "order_end": EndingFlag.ORDER_END,
}
_UNLIMITED = "unlimited"
_CLOCKS_A_YEAR = {"person": 0, "year": 1, "quarters": 4}
_HISTORY = (len(AGE_GROUPS), N_OFFENCES, len(PREVIOUS_BANDS))


def lower_tables(
    regimes: tuple[Scenario, ...],
    services: tuple[str, ...],
    *,
    clock_groups: Ints,
    index_ratio: Floats,
) -> Tables:
    """Return the tables of all regimes; pools are numbered in order of name."""
    pools = _pool_names(regimes)
    known = Distributions()
    per_regime = [_lower_regime(regime, services, pools, known) for regime in regimes]
    stacked = {name: np.stack([part[name] for part in per_regime]) for name in per_regime[0]}
    # A pool keeps its review dates; one that a regime lacks has those of the others.
    stacked["pool_review"][:] = stacked["pool_review"].max(axis=0)
    stacked["rules"]["since"] = [-np.inf, *(regime.from_day for regime in regimes[1:])]
    records, knots = known.arrays()
    hazard = regimes[-1].hazard
    profile = profile_of(hazard, decay_per_year=hazard.decay_per_year.value)
    return Tables(
        clock_groups=clock_groups,
        index_ratio=index_ratio,
        distributions=records,
        knots=knots,
        profile_days=profile.days,
        profile_ratio=profile.ratios,
        profile_integral=profile.integral,
        **stacked,
    )


def _pool_names(regimes: Sequence[Scenario]) -> tuple[str, ...]:
    """Return all pools, a service's own places under the service's id, in order of name."""
    names: set[str] = set()
    for regime in regimes:
        names.update(regime.pools)
        names.update(k for k, service in regime.services.items() if service.capacity != "unlimited")
    return tuple(sorted(names))


def _lower_regime(
    scenario: Scenario,
    services: tuple[str, ...],
    pools: tuple[str, ...],
    known: Distributions,
) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "rules": _rules(scenario, services, known),
        "services": np.array(
            [_service(scenario, name, services, pools, known) for name in services], SERVICE
        ),
    }
    parts |= _pool_arrays(scenario, pools)
    parts |= _triggers(scenario, services)
    parts |= _sentencing(scenario, known)
    parts |= lower_homes(scenario)
    parts |= lower_costs(scenario.costs)
    return parts


def _rules(scenario: Scenario, services: tuple[str, ...], known: Distributions) -> Any:
    follow_up, presumption = scenario.follow_up, scenario.sentencing.presumption
    custody = scenario.custody
    recall = custody.recall
    values = {
        "since": -np.inf,
        "follow_up": follow_up.days.value,
        "waiting": follow_up.waiting_days.value,
        "clocks_a_year": _CLOCKS_A_YEAR[follow_up.clocks],
        "memory": np.inf if follow_up.memory is None else follow_up.memory,
        "horizon": np.inf if follow_up.horizon is None else follow_up.horizon,
        "intake": follow_up.intake_days.value,
        "generations_before": follow_up.generations_before,
        "generations_after": follow_up.generations_after,
        "stock_windows": follow_up.stock_windows,
        "index_at_release": int(follow_up.index == "release"),
        "frailty_sigma": scenario.hazard.frailty_sigma.value,
        "floor": scenario.hazard.combined_floor.value,
        "same_group": scenario.offending.same_group_share.value,
        "record_grows": int(scenario.offending.record_grows),
        "proof": scenario.courts.proof_share.value,
        "presumption_max_days": presumption.max_days.value,
        "presumption_share": presumption.share.value,
        "presumption_ratio": presumption.hazard_ratio.value,
        "presumption_days": presumption.effect_days.value,
        "presumption_not_for": sum(
            1 << age for age, name in enumerate(AGE_GROUPS) if name not in presumption.age_groups
        ),
        "presumption_service": (
            services.index(presumption.with_service) if presumption.with_service else NO_SERVICE
        ),
        "diverted_adult": scenario.sentencing.diversion.adult.value,
        "diverted_youth": scenario.sentencing.diversion.youth.value,
        "fixed_term_share": recall.fixed_term_share.value,
        "fixed_term_short": recall.fixed_term_under_12m_days.value,
        "fixed_term_long": recall.fixed_term_12m_or_more_days.value,
        "standard_recall": known.add(recall.standard_days),
        "community_order_days": known.add(scenario.sentencing.community_order_days),
        "suspended_sentence_days": known.add(scenario.sentencing.suspended_sentence_days),
        "curfew_share": custody.curfew.share.value,
        "curfew_min": custody.curfew.min_sentence_days.value,
        "curfew_max": custody.curfew.max_sentence_days.value,
        "curfew_days": custody.curfew.max_days.value,
        "pre_release_days": custody.pre_release_days.value,
        "supervision_days": custody.supervision_days.value,
        "supervision_below": custody.supervision_below_days.value,
        "breach_custody": scenario.sentencing.breach.custody_share.value,
        "breach_days": known.add(scenario.sentencing.breach.custody_days),
        "activation": scenario.sentencing.activation_share.value,
        "discount": discount_a_day(scenario.costs),
    }
    return np.array(tuple(values[name] for name in _fields(RULES)), RULES)


def _fields(dtype: np.dtype[np.void]) -> tuple[str, ...]:
    return dtype.names or ()


def _service(
    scenario: Scenario,
    name: str,
    services: tuple[str, ...],
    pools: tuple[str, ...],
    known: Distributions,
) -> tuple[Any, ...]:
    service = scenario.services.get(name)
    if service is None:  # offered in another regime only: nobody is eligible here
        row = np.zeros((), SERVICE)
        row["key"] = purpose(f"service {name}")
        row["pool"] = pools.index(name) if name in pools else UNLIMITED
        row["ends_on"] = EndingFlag.FOLLOW_UP
        row["acts_on"] = ALL_OFFENCES
        return tuple(row[field] for field in _fields(SERVICE))
    place = service.pool or name
    values = {
        "key": purpose(f"service {name}"),
        "pool": pools.index(place) if place in pools else UNLIMITED,
        "ends_on": sum(_ENDS[end] for end in service.ends_on) | EndingFlag.FOLLOW_UP,
        "requires": _word(service.requires_any, services),
        "referral": service.referral.value,
        "take_up": service.take_up.value,
        "patience": known.add(service.patience_days),
        "duration": known.add(service.duration_days),
        "drop_out": service.drop_out_share.value,
        "ratio": service.hazard_ratio.value,
        "after_ratio": service.after_ratio.value,
        "acts_on": sum(1 << OFFENCE_GROUPS.index(group) for group in service.groups_acted_on),
        "after": known.add(service.after_days),
        "houses": int(service.houses),
        "exit_settled": service.exit_settled_share.value,
        "custody_ratio": service.custody_ratio.value,
        "payer": PAYERS.index(service.payer),
        "per_referral": service.cost_per_referral_gbp.value,
        "per_start": service.cost_per_start_gbp.value,
        "per_day": service.cost_per_day_gbp.value,
        "per_completion": service.cost_per_completion_gbp.value,
    }
    return tuple(values[field] for field in _fields(SERVICE))


def _word(names: Sequence[str], services: tuple[str, ...]) -> int:
    return sum(1 << services.index(name) for name in names)


def _pool_arrays(scenario: Scenario, pools: tuple[str, ...]) -> dict[str, Any]:
    capacity, by_risk, review, queue = [], [], [], []
    for name in pools:
        # Places of another regime only: nobody is admitted in this one.
        places: Any = None
        most: Any = _UNLIMITED
        order, every = "first_come", 0.0
        if name in scenario.pools:
            pool = scenario.pools[name]
            places, order, every = pool.capacity, pool.order, pool.review_days.value
            most = pool.max_queue
        elif name in scenario.services and not scenario.services[name].pool:
            service = scenario.services[name]
            places, order, most = service.capacity, service.order, service.max_queue
        capacity.append(_places(places))
        by_risk.append(int(order == "highest_risk"))
        review.append(every)
        queue.append(_places(most))
    return {
        "pool_capacity": np.array(capacity, np.int64),
        "pool_by_risk": np.array(by_risk, np.int64),
        "pool_review": np.array(review, np.float64),
        "pool_queue": np.array(queue, np.int64),
    }


def _places(capacity: Any) -> int:
    if capacity is None:
        return 0
    return NO_LIMIT if capacity == _UNLIMITED else int(capacity.value)


def _triggers(scenario: Scenario, services: tuple[str, ...]) -> dict[str, Words]:
    offered: Mapping[str, Service] = scenario.services

    def word(fires: Any) -> int:
        return _word(
            [name for name, service in offered.items() if fires(service.trigger)], services
        )

    return {
        "for_offence": np.array(
            [
                _word([name for name, each in offered.items() if _is_for(each, group)], services)
                for group in OFFENCE_GROUPS
            ],
            np.uint64,
        ),
        "on_disposal": np.array(
            [word(lambda t, d=disposal: d in t.disposals) for disposal in DISPOSALS], np.uint64
        ),
        "on_release": np.array(word(lambda t: t.release), np.uint64),
        "on_reoffence": np.array(word(lambda t: t.reoffence), np.uint64),
        "on_homeless": np.array(word(lambda t: t.homeless), np.uint64),
        "on_pre_release": np.array(word(lambda t: t.pre_release), np.uint64),
        "on_start": np.array(
            [word(lambda t, s=service: s in t.services) for service in services], np.uint64
        ),
        "on_completion": np.array(
            [word(lambda t, s=service: s in t.of) for service in services], np.uint64
        ),
    }


def _is_for(service: Service, group: str) -> bool:
    """Return whether a service is for people with an offence of a group."""
    return not service.eligible.offence_group or group in service.eligible.offence_group


def _sentencing(scenario: Scenario, known: Distributions) -> dict[str, Any]:
    sentencing, courts = scenario.sentencing, scenario.courts
    if isinstance(sentencing.disposals, DisposalMix):
        caution, court = _inline_shares(sentencing.disposals)
    else:
        caution, court = counts.disposal_shares()
    alone, lesser = caution, lesser_shares(court)
    caution, court = diverted_shares(caution, court, sentencing.diversion)
    if sentencing.custody_days == "courts_2019":
        lengths = [
            [known.add_quantiles(cell.probabilities, cell.days) for cell in row]
            for row in counts.custody_lengths()
        ]
    else:
        lengths = [[known.add(sentencing.custody_days)] * N_OFFENCES] * len(AGE_GROUPS)
    crown = [
        courts.crown_share[group].value if group in courts.crown_share else 0.0
        for group in OFFENCE_GROUPS
    ]
    release, recall = scenario.custody.release_point, scenario.custody.recall
    return {
        "caution_share": caution,
        "caution_alone": alone,
        "disposal_cumulative": cumulative(court),
        "diverted_cumulative": cumulative(lesser),
        "crown_share": np.array(crown),
        "remand_share": np.array(
            [0.0, courts.magistrates_remand_share.value, courts.crown_remand_share.value]
        ),
        "breach_rate": np.array(
            [
                0.0,
                sentencing.breach.community_order_per_day.value,
                sentencing.breach.suspended_sentence_per_day.value,
                0.0,
                0.0,
                0.0,
            ]
        ),
        "severity": np.array(
            [
                scenario.offending.severity[group].value
                if group in scenario.offending.severity
                else 0.0
                for group in OFFENCE_GROUPS
            ]
        ),
        "offences_mean": offences_mean(
            scenario.offending.offences_per_occasion,
            further_ratio=scenario.offending.further_offences_ratio.value,
        ),
        "delay": np.array([known.add(getattr(courts, f"{route}_delay_days")) for route in ROUTES]),
        "custody_days": np.array(lengths),
        "offence_cumulative": cumulative(counts.offence_mix()),
        "release_point": np.array(
            [1.0, *(getattr(release, band).value for band in SENTENCE_BAND_KEYS)]
        ),
        "recall_rate": np.array(
            [0.0, *(getattr(recall, f"{band}_per_day").value for band in SENTENCE_BAND_KEYS)]
        ),
    }


def _inline_shares(mix: DisposalMix) -> tuple[Floats, Floats]:
    shares = np.array([getattr(mix, name) for name in DISPOSALS])
    caution = shares[0]
    court = shares.copy()
    court[0] = 0.0
    # Nobody comes to court when all are cautioned: any row that sums to 1 will do.
    court = counts.shares(court) if court.any() else np.eye(N_DISPOSALS)[-1]
    return np.full(_HISTORY, caution), np.broadcast_to(court, (*_HISTORY, N_DISPOSALS)).copy()
