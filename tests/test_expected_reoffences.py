"""What is expected of people on their paths has the mean of what is counted, and less chance."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from closed import closed
from generated import generated
from pathsim import theory
from pathsim.engine.contract import Floats, OutcomeColumn
from pathsim.engine.lowering import Lowered, lower
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from replicated import replicated

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "benchmarks" / "scenarios"
DORSET = ROOT / "scenarios" / "dorset"

FORMULA = 1e-9
"""Relative error of a closed form: rounding in a sum over people."""
MONTE_CARLO = 4.0
"""Standard errors of a mean over replications, with fixed seeds."""
SEED = 11
REPLICATIONS = 216
YEAR = 365.0
HAZARD = 0.004
PEOPLE = 500

PAIRS = {
    "reoffences": (OutcomeColumn.REOFFENCES, OutcomeColumn.EXPECTED_REOFFENCES),
    "reoffenders": (OutcomeColumn.REOFFENDERS, OutcomeColumn.EXPECTED_REOFFENDERS),
}


def replications(lowered: Lowered, number: int, *, seed: int = SEED) -> Floats:
    """Return everybody's sums, [replications, columns]."""
    return np.stack(replicated(lowered, number, lambda counts: counts.person[0], seed=seed))


def standard_errors(values: Floats) -> float:
    """Return how many standard errors the mean lies from 0."""
    return float(values.mean() / (values.std(ddof=1) / math.sqrt(len(values))))


# The count less what was expected has mean 0


def _justice() -> Scenario:
    """Return Dorset with more of all that comes between an offence and its count."""
    return closed(load(DORSET / "baseline.toml")).change(
        "Remand, recall and late proof",
        {
            "courts.proof_share": 0.7,
            "courts.magistrates_remand_share": 0.6,
            "courts.crown_remand_share": 0.9,
            "custody.recall.le6m_per_day": 0.02,
            "custody.recall.one_to_4y_per_day": 0.02,
            "sentencing.activation_share": 0.9,
            "follow_up.waiting_days": 60,
        },
    )


def _dated() -> Scenario:
    """Return Dorset with other courts and more tags from mid-year on."""
    changes = {
        "courts.proof_share": 0.6,
        "courts.magistrates_delay_days": 20,
        "courts.crown_share.theft": 0.9,
        "services.gps_tag.capacity": 36,
    }
    return closed(load(DORSET / "baseline.toml")).change("From mid-year", changes, from_day=180)


def _growing() -> Scenario:
    """Return a record that grows, where the route decides whether an offence counts."""
    changes = {
        "offending.record_grows": True,
        "courts.out_of_court_delay_days": 1,
        "courts.magistrates_delay_days": 120,
        "follow_up.waiting_days": 60,
    }
    return closed(load(DORSET / "baseline.toml")).change("A record that grows", changes)


CASES = {
    "m2": lambda: load(MODELS / "m2.toml"),
    "m2u": lambda: load(MODELS / "m2u.toml"),
    "dorset": lambda: closed(load(DORSET / "baseline.toml")),
    "justice": _justice,
    "dated": _dated,
    "growing": _growing,
}


@cache
def case(name: str) -> Floats:
    scenario = CASES[name]()
    return replications(lower(scenario, Cohort.from_scenario(scenario)), REPLICATIONS)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("name", CASES)
def test_the_count_less_what_was_expected_has_mean_zero(name, pair):
    count, expected = PAIRS[pair]
    sums = case(name)
    assert abs(standard_errors(sums[:, count] - sums[:, expected])) <= MONTE_CARLO
    # What an error of 2% in what is expected would come to is seen.
    assert abs(standard_errors(sums[:, count] - 0.98 * sums[:, expected])) > MONTE_CARLO


@pytest.mark.parametrize("name", CASES)
def test_what_is_expected_has_less_chance_in_it(name):
    sums = case(name)
    for count, expected in PAIRS.values():
        assert sums[:, expected].var() < sums[:, count].var()


def test_nor_does_any_mechanism_of_generated_scenarios_leave_a_bias():
    """A seed of its own for each: the same draws in all would make one case of them."""
    differences: dict[str, list[Floats]] = {pair: [] for pair in PAIRS}
    counted: dict[str, list[bool]] = {pair: [] for pair in PAIRS}
    for number in range(150):
        scenario = generated(number)
        lowered = lower(scenario, Cohort.from_scenario(scenario))
        sums = replications(lowered, REPLICATIONS, seed=1_000 + number)
        for pair, (count, expected) in PAIRS.items():
            differences[pair].append(sums[:, count] - sums[:, expected])
            counted[pair].append(bool(sums[:, count].any()))
    for pair in PAIRS:
        # Each replication adds up the scenarios, which are independent of one another.
        assert abs(standard_errors(np.sum(differences[pair], axis=0))) <= MONTE_CARLO, pair
        # Where nothing was ever counted, the spread is not that of what may be counted.
        spread = [each for each, some in zip(differences[pair], counted[pair], strict=True) if some]
        assert len(spread) > 100
        assert max(abs(standard_errors(each)) for each in spread) <= MONTE_CARLO, pair


# A difference


@cache
def difference(name: str) -> Floats:
    """Return what 18 more tags change, person sums by replication, on the same numbers."""
    if name == "m2":
        before = load(MODELS / "m2.toml")
        after = before.change("36 tags", {"services.tag.capacity": 36})
    else:
        before, after = (
            closed(load(DORSET / "baseline.toml")),
            closed(load(DORSET / "more-tags.toml")),
        )
    people = Cohort.from_scenario(before)
    runs = [replications(lower(each, people), REPLICATIONS) for each in (before, after)]
    return runs[1] - runs[0]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("name", ["m2", "dorset"])
def test_a_difference_in_what_is_expected_has_the_mean_of_the_difference_counted(name, pair):
    count, expected = PAIRS[pair]
    change = difference(name)
    assert abs(standard_errors(change[:, count] - change[:, expected])) <= MONTE_CARLO
    assert standard_errors(change[:, expected]) < -MONTE_CARLO


@pytest.mark.parametrize(
    ("name", "pair", "factor"),
    [
        ("m2", "reoffences", 3.0),
        ("m2", "reoffenders", 6.0),
        ("dorset", "reoffences", 1.1),
        ("dorset", "reoffenders", 2.0),
    ],
)
def test_a_difference_in_what_is_expected_needs_fewer_replications(name, pair, factor):
    count, expected = PAIRS[pair]
    change = difference(name)
    assert change[:, count].var() > factor * change[:, expected].var()


# Known answers: where the path leaves nothing to chance, there is none


@pytest.fixture
def expected():
    """Return a function from a plain scenario's own sections to what is expected of a person."""

    def run(*, from_day: float | None = None, changes: dict | None = None, **sections) -> Floats:
        plain = {
            "title": "A textbook case",
            "source": "textbook",
            "grade": "definition",
            "cohort": {"kind": "rows", "rows": [{"people": PEOPLE, "start_day": 0.0}]},
            "follow_up": {
                "days": YEAR,
                "waiting_days": 0,
                "intake_days": YEAR,
                "generations_before": 0,
            },
            "hazard": {"score": "none", "adult_level": HAZARD, "youth_level": HAZARD},
            "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0},
        }
        merged = {name: plain.get(name, {}) for name in plain}
        for name, section in sections.items():
            held = plain.get(name, {})
            merged[name] = held | section if isinstance(held, dict) else section
        scenario = Scenario.model_validate(merged)
        if changes is not None:
            scenario = scenario.change("From a day", changes, from_day=from_day)
        sums = replications(lower(scenario, Cohort.from_scenario(scenario)), 20)
        return (
            sums[:, [OutcomeColumn.EXPECTED_REOFFENCES, OutcomeColumn.EXPECTED_REOFFENDERS]]
            / PEOPLE
        )

    return run


def constant(days: float) -> dict:
    return {f"{route}_delay_days": days for route in ("out_of_court", "magistrates", "crown")}


def test_a_hazard_that_nothing_changes_is_expected_to_the_last_digit(expected):
    assert expected()[:, 0] == pytest.approx(HAZARD * YEAR, rel=FORMULA)


def test_the_shape_of_the_hazard_is_integrated(expected):
    shape = {
        "from_days": [0.0, 30.0, 100.0],
        "ratios": [2.0, 1.0, 0.5],
        "source": "textbook",
        "grade": "definition",
    }
    known = theory.cumulative_hazard([0, 30, 100], [2 * HAZARD, HAZARD, HAZARD / 2], days=YEAR)
    assert expected(hazard={"shape": shape})[:, 0] == pytest.approx(known, rel=FORMULA)


def test_an_offence_that_would_be_proven_too_late_is_not_expected(expected):
    late = expected(courts=constant(100), follow_up={"waiting_days": 40})
    assert late[:, 0] == pytest.approx(HAZARD * (YEAR - 60), rel=FORMULA)


def test_an_offence_that_is_proven_within_the_waiting_time_is_expected(expected):
    in_time = expected(courts=constant(30), follow_up={"waiting_days": 40})
    assert in_time[:, 0] == pytest.approx(HAZARD * YEAR, rel=FORMULA)


def test_the_share_that_is_proven_takes_the_place_of_its_draw(expected):
    proven = expected(courts={"proof_share": 0.7})
    assert proven[:, 0] == pytest.approx(0.7 * HAZARD * YEAR, rel=FORMULA)


def test_a_share_that_changes_on_a_day_counts_from_that_day(expected):
    mixed = expected(courts={"proof_share": 0.7}, changes={"courts.proof_share": 0.2}, from_day=100)
    known = HAZARD * (0.7 * 100 + 0.2 * (YEAR - 100))
    assert mixed[:, 0] == pytest.approx(known, rel=FORMULA)


def test_a_delay_that_changes_on_a_day_counts_from_that_day(expected):
    """Before day 340 proof comes too late from day 325 on; after it, from day 355 on."""
    mixed = expected(
        courts=constant(80),
        follow_up={"waiting_days": 40},
        changes={f"courts.{route}": days for route, days in constant(50).items()},
        from_day=340,
    )
    assert mixed[:, 0] == pytest.approx(HAZARD * (325 + (355 - 340)), rel=FORMULA)


def assert_mean(values: Floats, known: float) -> None:
    assert values.std() > 0
    assert abs(standard_errors(values - known)) <= MONTE_CARLO


def test_the_rate_that_is_expected_is_that_of_the_formula(expected):
    """It stops at the first reoffence, so it does vary; its mean is the known share."""
    assert_mean(expected()[:, 1], -math.expm1(-HAZARD * YEAR))
    late = expected(courts=constant(100) | {"proof_share": 0.7}, follow_up={"waiting_days": 40})
    assert_mean(late[:, 1], -math.expm1(-0.7 * HAZARD * (YEAR - 60)))


def test_unlike_people_are_expected_to_reoffend_as_the_formulas_say(expected):
    values = expected(hazard={"frailty_sigma": 0.8})
    assert_mean(values[:, 0], theory.frail_expected_events(HAZARD * YEAR, sigma=0.8))
    assert_mean(values[:, 1], theory.frail_event_share(HAZARD * YEAR, sigma=0.8))


def test_custody_in_which_nobody_reoffends_is_expected_as_the_renewal_formula_says(expected):
    values = expected(sentencing={"disposals": {"custody": 1.0}, "custody_days": 30})
    known = theory.expected_events_with_gap(hazard=HAZARD, gap=30.0, days=YEAR)
    assert_mean(values[:, 0], known)
