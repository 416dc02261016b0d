"""The counts of a replication, added up from everybody's account and episodes."""

from __future__ import annotations

import numpy as np

from log_checks import NEVER
from pathsim.engine.contract import (
    LOAD_UNITS,
    N_OUTCOME_COLUMNS,
    N_SERVICE_COUNTS,
    PERSON_UNITS,
    UNITS_A_DAY,
    Counts,
    Event,
    Legal,
    OutcomeColumn,
    ServiceCount,
)
from pathsim.engine.lowering import Lowered
from recount import Account


def recount(lowered: Lowered, made: list[Account], events: int) -> Counts:
    """Return the counts of a replication, added up from the accounts."""
    groups, services = len(lowered.groups), len(lowered.services)
    person = np.zeros((groups, N_OUTCOME_COLUMNS))
    load = np.zeros((groups, services, N_SERVICE_COUNTS))
    busy, queue = np.zeros(services), np.zeros(services)
    window = lowered.tables.rules["intake"][0]
    midnights = np.arange(int(window) + 1)
    in_custody = np.zeros(len(midnights))
    for account in made:
        who = account.life.person
        mine = lowered.people.groups[who] if who < len(lowered.ids) else []
        for group in mine:
            person[group] += _rounded(account.columns, PERSON_UNITS)
        person[0] += sum(_rounded(each, PERSON_UNITS) for each in account.on_clocks())
        person[0, OutcomeColumn.DISPOSALS] += account.disposals()
        for stay in account.life.legal:
            if stay.state == Legal.CUSTODY:
                in_custody += (stay.since <= midnights) & (midnights < stay.until)
        for _, service in account.life.turned_away:
            load[mine, service, ServiceCount.TURNED_AWAY] += 1
        for episode in account.life.episodes:
            given = min(episode.started, episode.left)
            waited = _days_in(episode.request, given, window)
            queue[episode.service] += _rounded(waited, UNITS_A_DAY)
            for group in mine:
                load[group, episode.service] += _rounded(_loads(episode), LOAD_UNITS)
            if episode.started < NEVER:
                days = _days_in(episode.started, episode.left, window)
                busy[episode.service] += _rounded(days, UNITS_A_DAY)
    return Counts(person, load, busy, queue, in_custody, events)


def _rounded(amount, units):
    """Round as what is added up is rounded."""
    return np.rint(amount * units) / units


def _days_in(since: float, until: float, window: float) -> float:
    return float(np.clip(until, 0.0, window) - np.clip(since, 0.0, window))


def _loads(episode) -> np.ndarray:
    row = np.zeros(N_SERVICE_COUNTS)
    if episode.started < NEVER:
        row[ServiceCount.STARTS] = 1
        row[ServiceCount.WAIT_DAYS] = episode.started - episode.request
        row[ServiceCount.PLACE_DAYS] = episode.left - episode.started
    row[ServiceCount.RENEGED] = episode.how == Event.RENEGE
    row[ServiceCount.COMPLETED] = episode.how == Event.SERVICE_COMPLETE
    return row
