"""Whom a service takes goes by the offence at hand, not by that of the entry."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.engine.contract import Disposal, Event, Log
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.vocabulary import OFFENCE_GROUPS
from textbook import case, service

TAKEN = ("theft", "drugs")
GROUPS = [OFFENCE_GROUPS.index(name) for name in TAKEN]
ENTRY = "violence"
"""Of everybody; the service is for none of these."""
DELAY = 20.0


def logged(engine: str, *, triggers: dict, entry: str = ENTRY, people: int = 80, **sections) -> Log:
    """Return the log of people whose reoffences are mostly of other groups than their entry."""
    scenario = case(
        {"people": people, "disposal": "fine", "offence_group": entry},
        hazard={"adult_level": 0.01, "youth_level": 0.01},
        services={
            "panel": service(triggers=triggers, days=0.0, eligible={"offence_group": list(TAKEN)})
        },
        **{
            "offending": {"same_group_share": 0.3},
            "courts": {"magistrates_delay_days": DELAY, "out_of_court_delay_days": DELAY},
        }
        | sections,
    )
    model = lower(scenario, Cohort.from_scenario(scenario))
    _, log = simulate(model, seed=1, replication=0, engine=engine, keep_log=True)
    return log


def of_each(log: Log):
    """Yield everybody's rows: (time, event, detail)."""
    for person in range(log.person.max() + 1):
        mine = log.person == person
        yield list(zip(log.time[mine], log.event[mine], log.detail[mine], strict=True))


engines = pytest.mark.parametrize("engine", ["kernel", "reference"])


@engines
def test_at_an_arrest_it_is_the_offence_arrested_for(engine):
    log = logged(engine, triggers={"reoffence": True})
    arrested = log.event == Event.REOFFENCE
    fits = arrested & np.isin(log.detail, GROUPS)
    assert fits.sum() > 30
    assert (arrested & ~fits).sum() > 30
    referred = log.event == Event.REFERRAL
    assert log.time[referred].tolist() == log.time[fits].tolist()
    assert log.person[referred].tolist() == log.person[fits].tolist()


@engines
@pytest.mark.parametrize("disposal", ["caution", "community_order"])
def test_at_a_disposal_it_is_the_offence_of_the_case(engine, disposal):
    """Every case takes as long as any other, so that they are disposed of in their order."""
    log = logged(
        engine,
        triggers={"disposals": [disposal]},
        sentencing={"disposals": {disposal: 1.0}, "community_order_days": 5},
    )
    taken = others = 0
    for rows in of_each(log):
        offended = [(time, detail) for time, event, detail in rows if event == Event.REOFFENCE]
        expected = [time + DELAY for time, group in offended if group in GROUPS]
        expected = [time for time in expected if time < 365.0]
        referred = [time for time, event, _ in rows if event == Event.REFERRAL]
        assert referred == pytest.approx(expected)
        taken += len(expected)
        others += len(offended) - len(expected)
    assert taken > 30
    assert others > 30


@engines
@pytest.mark.parametrize(("entry", "referred"), [(ENTRY, 0), ("drugs", 80)])
def test_at_the_start_it_is_the_offence_of_the_entry(engine, entry, referred):
    log = logged(engine, triggers={"disposals": ["fine"]}, entry=entry)
    at_start = (log.event == Event.REFERRAL) & (log.time == 0.0)
    assert at_start.sum() == referred


@engines
def test_at_a_release_it_is_the_offence_of_the_latest_disposal(engine):
    """Not of an offence since then, however many there were; a fine in custody is none of it."""
    log = logged(
        engine,
        triggers={"release": True},
        people=200,
        sentencing={"disposals": {"custody": 0.5, "fine": 0.5}, "custody_days": 30},
        courts={"magistrates_delay_days": DELAY},
    )
    found = {True: 0, False: 0}
    differs = 0
    for rows in of_each(log):
        groups = [detail for _, event, detail in rows if event == Event.REOFFENCE]
        arrested = proven = 0
        inside, latest = False, OFFENCE_GROUPS.index(ENTRY)
        for place, (time, event, detail) in enumerate(rows):
            arrested += event == Event.REOFFENCE
            if event == Event.PROVEN:
                if detail == Disposal.CUSTODY or not inside:
                    latest = groups[proven]
                proven += 1
            inside = event == Event.CUSTODY or (inside and event != Event.RELEASE)
            if event == Event.RELEASE:
                after = [e for t, e, _ in rows[place:] if t == time]
                assert (Event.REFERRAL in after) == (latest in GROUPS)
                found[latest in GROUPS] += 1
                differs += latest != groups[arrested - 1]
    assert min(found.values()) > 10
    assert differs > 5


@engines
def test_who_becomes_homeless_after_an_arrest_is_looked_at_by_the_latest_disposal(engine):
    homes = {"settled_to_homeless_per_day": 0.02, "homeless_to_settled_per_day": 0.05}
    log = logged(engine, triggers={"homeless": True}, accommodation=homes)
    found = {True: 0, False: 0}
    for rows in of_each(log):
        groups = [detail for _, event, detail in rows if event == Event.REOFFENCE]
        proven, latest = 0, OFFENCE_GROUPS.index(ENTRY)
        for place, (time, event, detail) in enumerate(rows):
            if event == Event.PROVEN:
                latest, proven = groups[proven], proven + 1
            if event == Event.ACCOMMODATION and detail == 2:
                after = [e for t, e, _ in rows[place:] if t == time]
                assert (Event.REFERRAL in after) == (latest in GROUPS)
                found[latest in GROUPS] += 1
    assert min(found.values()) > 10


@engines
def test_in_court_it_is_the_offence_that_is_sentenced(engine):
    """Custody is spared for some offences only, at the start and at later cases."""
    rules = {
        "disposals": {"custody": 1.0},
        "custody_days": 30,
        "suspended_sentence_days": 5,
        "presumption": {"max_days": 100, "share": 1.0, "with_service": "panel"},
    }
    log = logged(engine, triggers={"release": False}, sentencing=rules, courts={})
    spared, sentenced = [], []
    for rows in of_each(log):
        offended = [detail for _, event, detail in rows if event == Event.REOFFENCE]
        judged = [detail for _, event, detail in rows if event == Event.PROVEN]
        for group, disposal in zip(offended, judged, strict=True):  # proven at once
            (spared if disposal == Disposal.SUSPENDED_SENTENCE else sentenced).append(group)
    assert set(spared) == set(GROUPS)
    assert not set(sentenced) & set(GROUPS)
    assert len(spared) > 30
