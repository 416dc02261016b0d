"""Occasions of several offences: how many, what they cost, and what is to be expected of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tomli_w

import pathsim as ps
from pathsim.engine.contract import Address, Counts, Event, OutcomeColumn, Purpose
from pathsim.engine.log import log_table
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.occasions import offences_scale
from pathsim.engine.reference.draws import Draws
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.vocabulary import OFFENCE_GROUPS, PAYERS

ENGINES = ("kernel", "reference")
MONTE_CARLO = 4.0
"""Standard errors."""
PENNY = 0.01
MEAN = 1.6
PRICES = {"police": 100.0, "society": 1000.0}


def model(tmp_path: Any, *, mean: float | None = MEAN, people: int = 40, **changes: Any) -> Lowered:
    said: dict[str, Any] = {
        "title": "Several offences",
        "source": "textbook",
        "grade": "definition",
        "cohort": {
            "kind": "rows",
            "rows": [{"people": people, "disposal": "fine", "start_day": 0}],
        },
        "follow_up": {"days": 365, "waiting_days": 0, "intake_days": 0, "generations_before": 0},
        "hazard": {"score": "none", "adult_level": 0.01, "youth_level": 0.01},
        "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 1},
        "costs": {
            "reoffence_gbp": dict.fromkeys(OFFENCE_GROUPS, PRICES),
            "conviction_gbp": {group: {"courts_cps": 50.0} for group in OFFENCE_GROUPS},
            "recorded_per_proven": dict.fromkeys(OFFENCE_GROUPS, 3.0),
            "offences_per_proven": dict.fromkeys(OFFENCE_GROUPS, 7.0),
        },
    }
    if mean is not None:
        said["offending"] = {"offences_per_occasion": dict.fromkeys(OFFENCE_GROUPS, mean)}
    for part, values in changes.items():
        said[part] = {**said.get(part, {}), **values}
    file = tmp_path / "occasions.toml"
    file.write_text(tomli_w.dumps(said), encoding="utf-8")
    scenario = ps.load(file)
    return lower(scenario, Cohort.from_scenario(scenario))


def totals(lowered: Lowered, *, engine: Any = "kernel", replications: int = 1) -> np.ndarray:
    """Return everybody's columns, [replications, columns]."""
    runs = [simulate(lowered, seed=1, replication=k, engine=engine)[0] for k in range(replications)]
    return np.array([counts.person[0] for counts in runs])


@pytest.mark.parametrize("mean", [1.05, 1.6, 3.0, 20.0])
def test_an_exponential_number_makes_a_geometric_one(mean):
    """P(j further offences or more) is (1 - 1 / mean)^j: where E exceeds j / factor."""
    factor = float(offences_scale(np.array(mean)))
    for j in (1, 2, 5):
        assert np.exp(-j / factor) == pytest.approx((1.0 - 1.0 / mean) ** j, rel=1e-12)


def test_one_offence_needs_no_number():
    assert offences_scale(np.array([1.0, 2.0])).tolist() == [0.0, 1.0 / np.log(2.0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_offences_of_an_occasion_by_hand(tmp_path, engine):
    lowered = model(tmp_path)
    counts, log = simulate(lowered, seed=1, replication=1, engine=engine, keep_log=True)
    assert log is not None
    offences = occasions = 0
    for person in range(len(lowered.ids)):
        mine = log.person == person
        many = int((log.event[mine] == Event.REOFFENCE).sum())
        draws = Draws(lowered.tables, address=Address(1, 1), key=int(lowered.people.key[person]))
        left = [-np.log(draws.uniform(Purpose.OFFENCES, k)) for k in range(1, many + 1)]
        further = [int(each / -np.log(1.0 - 1.0 / MEAN)) for each in left]
        logged = log.detail[mine & (log.event == Event.FURTHER_OFFENCES)]
        assert logged.tolist() == [each for each in further if each > 0]
        occasions += many
        offences += many + sum(further)
    assert counts.person[0, OutcomeColumn.REOFFENCES] == offences
    assert counts.person[0, OutcomeColumn.REOFFENDING_OCCASIONS] == occasions
    assert offences > occasions > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_there_is_one_case_and_one_arrest_and_every_offence_has_its_victims(tmp_path, engine):
    sums = totals(model(tmp_path), engine=engine)[0]
    offences, occasions = (
        sums[column] for column in (OutcomeColumn.REOFFENCES, OutcomeColumn.REOFFENDING_OCCASIONS)
    )
    cost = dict(zip(PAYERS, sums[OutcomeColumn.COST :], strict=True))
    assert cost["society"] == pytest.approx(1000.0 * 7.0 * offences, abs=PENNY)
    assert cost["courts_cps"] == pytest.approx(50.0 * occasions, abs=PENNY)
    # Of the three crimes that the police record of each proven offence, one an occasion is
    # that of the arrest.
    responses = 3.0 * offences - (offences - occasions)
    assert cost["police"] == pytest.approx(100.0 * responses, abs=PENNY)


def test_occasions_do_not_depend_on_how_many_offences_they_are_of(tmp_path):
    """The number is drawn at an address of its own."""
    one, several = totals(model(tmp_path, mean=None))[0], totals(model(tmp_path))[0]
    same = [
        OutcomeColumn.REOFFENDERS,
        OutcomeColumn.REOFFENDING_OCCASIONS,
        OutcomeColumn.DAYS_TO_FIRST,
        OutcomeColumn.OCCASIONS_TOTAL,
        OutcomeColumn.EXPECTED_REOFFENDERS,
    ]
    assert np.array_equal(one[same], several[same])
    assert one[OutcomeColumn.REOFFENCES] == one[OutcomeColumn.REOFFENDING_OCCASIONS]


def test_a_mean_of_one_is_as_if_it_were_left_out(tmp_path):
    assert np.array_equal(totals(model(tmp_path, mean=1.0)), totals(model(tmp_path, mean=None)))


@pytest.mark.parametrize(
    "changes",
    [{}, {"courts": {"magistrates_delay_days": 60}, "follow_up": {"waiting_days": 30}}],
    ids=["proven at once", "some proven too late"],
)
def test_what_is_to_be_expected_is_what_comes_on_average(tmp_path, changes):
    changes = {"courts": {}, "follow_up": {}} | changes
    follow_up = {"days": 365, "waiting_days": 0, "intake_days": 0, "generations_before": 0}
    changes["follow_up"] = follow_up | changes["follow_up"]
    sums = totals(model(tmp_path, people=200, **changes), replications=200)
    pairs = (
        (OutcomeColumn.REOFFENCES, OutcomeColumn.EXPECTED_REOFFENCES),
        (OutcomeColumn.REOFFENDERS, OutcomeColumn.EXPECTED_REOFFENDERS),
    )
    for counted, expected in pairs:
        off = sums[:, counted] - sums[:, expected]
        assert abs(off.mean()) < MONTE_CARLO * off.std(ddof=1) / np.sqrt(len(off))
    ratio = (
        sums[:, OutcomeColumn.REOFFENCES].sum() / sums[:, OutcomeColumn.REOFFENDING_OCCASIONS].sum()
    )
    spread = np.sqrt(MEAN * (MEAN - 1.0) / sums[:, OutcomeColumn.REOFFENDING_OCCASIONS].sum())
    assert abs(ratio - MEAN) < MONTE_CARLO * spread


def test_by_quarters_offences_count_on_every_clock_and_in_their_year(tmp_path):
    changes = {
        "follow_up": {
            "days": 365,
            "waiting_days": 0,
            "intake_days": 365,
            "horizon_days": 1096,
            "clocks": "quarters",
            "generations_before": 0,
        },
    }
    lowered = model(tmp_path, **changes)
    counts: Counts = simulate(lowered, seed=1, replication=1)[0]
    sums = counts.person[0]
    assert sums[OutcomeColumn.REOFFENCES] > sums[OutcomeColumn.REOFFENDING_OCCASIONS] > 0
    assert sums[OutcomeColumn.REOFFENCES_TOTAL] > sums[OutcomeColumn.OCCASIONS_TOTAL] > 0
    years = slice(OutcomeColumn.REOFFENCES_YEAR_2, OutcomeColumn.REOFFENCES_YEAR_LATER + 1)
    assert 0 < sums[years].sum() < sums[OutcomeColumn.REOFFENCES_TOTAL]


def test_the_log_as_a_table_says_how_many_further_offences(tmp_path):
    lowered = model(tmp_path)
    _, log = simulate(lowered, seed=1, replication=1, keep_log=True)
    assert log is not None
    table = log_table(lowered, log, replication=1)
    told = table.loc[table["event"] == "further_offences", "detail"].tolist()
    assert told == [str(each) for each in log.detail[log.event == Event.FURTHER_OFFENCES]]
    assert told


def test_severity_is_of_offences(tmp_path):
    weighed = {"severity": dict.fromkeys(OFFENCE_GROUPS, 2.0)}
    weighed["offences_per_occasion"] = dict.fromkeys(OFFENCE_GROUPS, MEAN)
    sums = totals(model(tmp_path, mean=None, offending=weighed))[0]
    assert sums[OutcomeColumn.SEVERITY] == 2.0 * sums[OutcomeColumn.REOFFENCES] > 0


@pytest.mark.parametrize("mean", [0.5, 101.0])
def test_a_mean_that_no_occasion_has_is_refused(tmp_path, mean):
    with pytest.raises(ps.InputError, match=r"offences_per_occasion\.theft.*between 1 and 100"):
        model(tmp_path, mean=None, offending={"offences_per_occasion": {"theft": mean}})
