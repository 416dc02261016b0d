"""A trial of a placebo is significant as often as chance has it, one of harm as often as its power.

Each trial is a replication of Dorset as a closed system of its own, with all services and rules,
and one service more that has a ratio on the hazard. The model refers each person to it or not, by
a number of their own: so the two arms are different people with their own luck. Then they are
compared as a study does it: the shares who reoffend within a year of the sentence, by the test of
two proportions at 5%.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pytest
from scipy.stats import norm

from closed import closed
from pathsim.engine.contract import Disposal, Event
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from replicated import in_threads

DORSET: Final = Path(__file__).parents[1] / "scenarios" / "dorset" / "baseline.toml"
TRIALS: Final = 400
ADULTS, YOUTHS = 2000, 90
YEAR: Final = 365.0
PLACEBO, HARM = 1.0, 1.5
CRITICAL: Final = float(norm.isf(0.025))
BOUND: Final = 3.5
"""Standard errors."""


class Trials(NamedTuple):
    """What the trials found; axes: trial, arm (without and with the service)."""

    people: np.ndarray
    reoffended: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        return self.reoffended / self.people

    @property
    def z(self) -> np.ndarray:
        """The statistic of the test of two proportions, pooled."""
        pooled = (self.reoffended.sum(1) / self.people.sum(1))[:, None]
        error = np.sqrt((pooled * (1.0 - pooled) / self.people).sum(1))
        return (self.shares[:, 1] - self.shares[:, 0]) / error

    @property
    def significant(self) -> int:
        return int((np.abs(self.z) > CRITICAL).sum())


def dorset_with_a_service(ratio: float) -> Scenario:
    """Return Dorset, of fewer people, and a service that half of those not in custody receive."""
    raw = closed(load(DORSET), **{"cohort.adults": ADULTS, "cohort.youths": YOUTHS}).model_dump()
    raw["follow_up"]["generations_before"] = 0
    told = {"source": "a trial", "grade": "definition"}
    raw["services"]["trial"] = {
        "title": "The service on trial",
        "trigger": {
            "disposals": [each.name.lower() for each in Disposal if each.name != "CUSTODY"]
        },
        "referral": {"value": 0.5, **told},
        "duration_days": {"kind": "constant", "value": YEAR + 1.0, **told},
        "ends_on": [],
        "hazard_ratio": {"value": ratio, **told},
    }
    return Scenario.model_validate(raw)


@cache
def trials(ratio: float) -> Trials:
    """Return the trials of a service with a ratio, each with a seed of its own."""
    scenario = dorset_with_a_service(ratio)
    lowered = lower(scenario, Cohort.from_scenario(scenario))
    at_liberty = lowered.people.disposal != Disposal.CUSTODY
    service = lowered.services.index("trial")

    def trial(seed: int) -> np.ndarray:
        _, log = simulate(lowered, seed=seed, replication=0, keep_log=True)
        assert log is not None
        first = np.full(len(at_liberty), np.nan)
        starts = log.event == Event.START
        first[log.person[starts]] = log.time[starts]
        since = log.time - first[log.person]
        referred = (log.event == Event.SERVICE_START) & (log.detail == service) & (since == 0.0)
        offences = (log.event == Event.REOFFENCE) & (since < YEAR)
        treated, again = np.zeros((2, len(at_liberty)), bool)
        treated[log.person[referred]] = True
        again[log.person[offences]] = True
        arms = (at_liberty & ~treated, at_liberty & treated)
        return np.array([[members.sum() for members in arms], [again[m].sum() for m in arms]])

    return Trials(*np.array(in_threads(trial, TRIALS), float).swapaxes(0, 1))


def power(shares: np.ndarray, people: np.ndarray) -> float:
    """Return how often the test of two proportions is significant for shares that are known."""
    alone = float(np.sqrt((shares * (1.0 - shares) / people).sum()))
    middle = float((shares * people).sum() / people.sum())
    pooled = float(np.sqrt(middle * (1.0 - middle) * (1.0 / people).sum()))
    apart = float(shares[1] - shares[0])
    return sum(float(norm.cdf((sign * apart - CRITICAL * pooled) / alone)) for sign in (-1, 1))


def test_a_placebo_is_significant_in_a_twentieth_of_its_trials():
    assert 9 <= trials(PLACEBO).significant <= 31


def test_the_ratios_that_trials_of_a_placebo_find_lie_around_one():
    logs = np.log(trials(PLACEBO).shares)
    found = logs[:, 1] - logs[:, 0]
    assert abs(found.mean()) < BOUND * found.std(ddof=1) / np.sqrt(TRIALS)
    assert found.std(ddof=1) > 0.02  # each has its own luck
    z = trials(PLACEBO).z
    assert z.std(ddof=1) == pytest.approx(1.0, abs=BOUND / np.sqrt(2 * TRIALS))


def test_harm_is_significant_as_often_as_the_power_of_its_trials_says():
    """The control: what the placebo is held to would be missed by far."""
    found = trials(HARM)
    expected = power(found.reoffended.sum(0) / found.people.sum(0), found.people.mean(0))
    assert 0.4 < expected < 0.9
    error = np.sqrt(expected * (1.0 - expected) / TRIALS)
    assert abs(found.significant / TRIALS - expected) < BOUND * error
    assert found.significant > 100


def test_who_is_treated_is_chance_and_nothing_else():
    people = trials(PLACEBO).people
    assert np.array_equal(people, trials(HARM).people)
    share = people[:, 1].sum() / people.sum()
    assert share == pytest.approx(0.5, abs=BOUND * 0.5 / np.sqrt(people.sum()))
    assert len(np.unique(people[:, 1])) > 50  # nobody is always in one arm
