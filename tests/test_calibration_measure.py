"""Figures of targets against what the event log, or a formula, says."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.engine.contract import Event
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.calibration import Target
from pathsim.study.calibration.measure import observe, people
from small_scenario import write_scenarios

EXACT = 1e-12
MONTE_CARLO = 4.0
"""Standard errors."""
SEED = 3


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
