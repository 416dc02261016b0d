"""The record: with `offending.record_grows` every disposal adds to it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
import tomli_w

import pathsim as ps
from pathsim.engine.contract import Address, Disposal, Event, Log, Purpose, previous_band
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.reference.draws import Draws
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.vocabulary import PREVIOUS_BAND_LOWER

ENGINES = ("kernel", "reference")
PEOPLE = 30


def model(tmp_path: Any, *, grows: bool, previous: int = 0) -> Lowered:
    """Return people who reoffend often, and whose every court case is disposed of at once."""
    said = {
        "title": "Often in court",
        "source": "textbook",
        "grade": "definition",
        "cohort": {
            "kind": "rows",
            "rows": [{"people": PEOPLE, "disposal": "fine", "previous_offences": previous}],
        },
        "follow_up": {
            "days": 365,
            "waiting_days": 0,
            "intake_days": 0,
            "generations_before": 0,
        },
        "hazard": {"score": "none", "adult_level": 0.05, "youth_level": 0.05},
        "offending": {"record_grows": grows},
        "sentencing": {"disposals": "pnc_2021", "custody_days": 1},
    }
    file = tmp_path / "record.toml"
    file.write_text(tomli_w.dumps(said), encoding="utf-8")
    scenario = ps.load(file)
    return lower(scenario, Cohort.from_scenario(scenario))


def logged(lowered: Lowered, *, engine: Any = "kernel", seed: int = 1) -> Log:
    _, log = simulate(lowered, seed=seed, replication=seed, engine=engine, keep_log=True)
    assert log is not None
    return log


def disposals_by_hand(lowered: Lowered, log: Log, *, grows: bool) -> list[tuple[int, int]]:
    """Return (person, disposal) of every proof, from the tables and the addressed draws alone.

    Here every offence is proven at once, so the record of the route is that of the disposal.
    """
    tables, found = lowered.tables, []
    passed: Counter[int] = Counter()
    groups = {p: [] for p in range(PEOPLE)}
    for person, event, detail in zip(log.person, log.event, log.detail, strict=True):
        if event == Event.REOFFENCE:
            groups[person].append(int(detail))
        if event != Event.PROVEN:
            continue
        passed[person] += 1
        number = passed[person]
        draws = Draws(tables, address=Address(1, 1), key=int(lowered.people.key[person]))
        record = int(lowered.people.previous[person]) + (number if grows else 0)
        where = 0, 0, groups[person][number - 1], previous_band(record)
        disposal = int(Disposal.CAUTION)
        if draws.uniform(Purpose.ROUTE, number) >= tables.caution_share[where]:
            shares = tables.disposal_cumulative[where]
            disposal = int(np.argmax(draws.uniform(Purpose.DISPOSAL, number) < shares))
        found.append((int(person), disposal))
    return found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("grows", [True, False])
def test_route_and_disposal_go_by_the_record_of_the_day(tmp_path, engine, grows):
    lowered = model(tmp_path, grows=grows)
    log = logged(lowered, engine=engine)
    proofs = log.event == Event.PROVEN
    said = list(zip(log.person[proofs].tolist(), log.detail[proofs].tolist(), strict=True))
    assert len(said) > 15 * PEOPLE
    assert said == disposals_by_hand(lowered, log, grows=grows)
    assert said != disposals_by_hand(lowered, log, grows=not grows)


def test_whose_record_is_long_already_gains_nothing_by_more(tmp_path):
    rows = [logged(model(tmp_path, grows=grows, previous=15)) for grows in (True, False)]
    assert all(np.array_equal(one, other) for one, other in zip(*rows, strict=True))


@pytest.mark.parametrize("band", range(len(PREVIOUS_BAND_LOWER)))
def test_a_band_begins_at_its_lowest_number(band):
    lowest = PREVIOUS_BAND_LOWER[band]
    assert previous_band(lowest) == band
    assert lowest == 0 or previous_band(lowest - 1) == band - 1


@pytest.mark.parametrize("value", [1, "yes", 0.5])
def test_it_is_true_or_false(tmp_path, value):
    scenario = ps.load("dorset/baseline")
    with pytest.raises(ps.InputError, match="true or false") as refused:
        scenario.change("Wrong", {"offending.record_grows": value})
    assert refused.value.problems[0].key == "offending.record_grows"
