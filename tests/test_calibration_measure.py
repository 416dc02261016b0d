"""Figures of targets against what the event log, or a formula, says."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.engine.contract import Event
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.calibration import Target
from pathsim.study.calibration.measure import observe, people, refuse_changing
from pathsim.vocabulary import SEXES
from small_scenario import write_scenarios

EXACT = 1e-12
MONTE_CARLO = 4.0
"""Standard errors."""
SEED = 3
MIXED = [
    {"people": 20, "sex": sex, "age": age, "ethnicity": ethnicity}
    for sex in ("male", "female")
    for age in (22, 27, 33)
    for ethnicity in ("white", "black")
]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    folder = write_scenarios(tmp_path_factory.mktemp("small"))
    return load(folder / "baseline.toml")


def target(**said) -> Target:
    return Target(id="x", title="x", published=0.5, source="a test", **said)


def first_reoffences(scenario, replication: int) -> np.ndarray:
    """Return each person's days from disposal to the first reoffence, from the log; inf: none."""
    cohort = Cohort.from_scenario(scenario)
    _, log = simulate(lower(scenario, cohort), seed=SEED, replication=replication, keep_log=True)
    start, first = np.zeros(len(cohort)), np.full(len(cohort), np.inf)
    for time, person, event in zip(log.time, log.person, log.event, strict=True):
        if event == Event.START:
            start[person] = time
        elif event == Event.REOFFENCE:
            first[person] = min(first[person], time)
    return first - start


def test_rates_and_early_shares_are_those_of_the_log(scenario):
    cohort = Cohort.from_scenario(scenario)
    asked = [target(), target(groups=("sex=female",)), target(measure="early_share", days=60)]
    found = observe(scenario, cohort, asked, seed=SEED, replications=range(3))
    assert found.shape == (3, 3)
    women = (cohort.frame["sex"] == "female").to_numpy()
    for replication, row in enumerate(found):
        days = first_reoffences(scenario, replication)
        within = days < 365
        expected = [within.mean(), within[women].mean(), (days < 60).sum() / within.sum()]
        assert row == pytest.approx(expected, abs=EXACT)


def test_groups_are_added_up(scenario):
    cohort = Cohort.from_scenario(scenario)
    asked = [target(), target(groups=("sex=female", "sex=male"))]
    found = observe(scenario, cohort, asked, seed=SEED, replications=range(2))
    assert (found[:, 0] == found[:, 1]).all()
    assert people(cohort, asked[1]) == people(cohort, asked[0]) == 100
    assert people(cohort, target(groups=("sex=female",))) == 40


def test_levels_of_several_attributes_are_crossed(scenario):
    scenario = scenario.change("crossed", {"cohort.rows": MIXED})
    cohort = Cohort.from_scenario(scenario)
    groups = cohort.groups()
    places = ("sex=female", "age_band=25-29", "age_band=30-34")
    asked = [target(groups=places), target(groups=places, measure="share")]
    inside = ((groups["sex"] == "female") & groups["age_band"].isin(["25-29", "30-34"])).to_numpy()
    assert people(cohort, asked[0]) == inside.sum()
    assert 0 < inside.sum() < (groups["sex"] == "female").sum()
    found = observe(scenario, cohort, asked, seed=SEED, replications=range(3))
    for replication, (rate, share) in enumerate(found):
        within = first_reoffences(scenario, replication) < 365
        assert rate == pytest.approx(within[inside].mean(), abs=EXACT)
        assert share == pytest.approx(inside.mean(), abs=EXACT)


QUARTERS = {"cohort.rows": MIXED, "follow_up.clocks": "quarters", "follow_up.horizon_days": 800}


@pytest.mark.parametrize("own", [False, True])
def test_crossed_groups_of_index_events_add_up_to_all(scenario, own):
    town = scenario.change("quarters", QUARTERS)
    cohort = Cohort.from_scenario(town)
    if own:  # groups of the analyst's own are counted in the same way
        frame = cohort.frame.assign(team=np.where(np.arange(len(cohort)) % 2, "north", "south"))
        cohort = Cohort.from_frame(frame, groups=["team"])
    cells = [(f"sex={sex}", f"ethnicity={each}") for sex in SEXES for each in ("white", "black")]
    men = ("sex=male",)
    asked = [target(groups=each, measure="share") for each in (*cells, men)]
    found = observe(town, cohort, asked, seed=SEED, replications=range(2))
    assert (found > 0).all()
    assert found[:, :4].sum(axis=1) == pytest.approx(1.0, abs=EXACT)
    assert found[:, :2].sum(axis=1) == pytest.approx(found[:, 4], abs=EXACT)


def test_attributes_that_change_on_the_way_are_crossed_with_none(scenario):
    crossed = target(groups=("sex=male", "age_band=25-29"))
    refuse_changing(scenario, [crossed])
    town = scenario.change("quarters", QUARTERS)
    refuse_changing(town, [target(groups=("age_band=25-29", "age_band=30-34"))])
    with pytest.raises(InputError) as refused:
        refuse_changing(town, [crossed])
    assert str(refused.value) == (
        "targets.x: cannot be crossed: age_band changes on the way, and rates are of what a person "
        "is at each index event; found 'sex=male, age_band=25-29'; allowed: levels of sex, "
        "ethnicity, risk_band, or of one attribute alone; of any attributes with "
        'follow_up.clocks = "person"'
    )


def test_reoffences_per_reoffender_is_that_of_a_poisson_process(scenario):
    plain = scenario.change(
        "many, alone", {"cohort.rows": [{"people": 4000}], "services.mentor.referral": 0.0}
    )
    ratio = target(measure="reoffences_per_reoffender")
    cohort = Cohort.from_scenario(plain)
    found = observe(plain, cohort, [ratio], seed=SEED, replications=range(4)).mean()
    expected = 0.003 * 365 / (1 - np.exp(-0.003 * 365))
    # The ratio's variance is below that of a Poisson mean over the reoffenders alone.
    assert abs(found - expected) < MONTE_CARLO * np.sqrt(expected / (16000 * 0.66))


def test_housing_is_that_of_the_entry_shares_and_of_the_chain(scenario):
    released = scenario.change(
        "released",
        {
            "cohort.rows": [{"people": 4000, "disposal": "custody", "sentence_days": 30}],
            "hazard.adult_level": 0.0,
            "accommodation.on_release": {
                "settled": 0.5,
                "temporary": 0.3,
                "homeless": 0.2,
                "source": "a test",
            },
            "accommodation.homeless_to_settled_per_day": 0.01,
        },
    )
    asked = [target(measure="housed"), target(measure="settled", days=100)]
    cohort = Cohort.from_scenario(released)
    found = observe(released, cohort, asked, seed=SEED, replications=range(1))[0]
    settled = 0.5 + 0.2 * (1 - np.exp(-1.0))
    for share, expected in zip(found, (0.8, settled), strict=True):
        assert abs(share - expected) < MONTE_CARLO * np.sqrt(expected * (1 - expected) / 4000)


def test_what_nobody_does_has_no_ratio(scenario):
    still = scenario.change("nobody", {"hazard.adult_level": 0.0})
    asked = [target(), target(measure="reoffences_per_reoffender")]
    found = observe(still, Cohort.from_scenario(still), asked, seed=SEED, replications=range(1))
    assert found[0, 0] == 0
    assert np.isnan(found[0, 1])
