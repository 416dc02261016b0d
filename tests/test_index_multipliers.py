"""Multipliers by quarters: of the group at the latest index event, as the court alone makes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tomli_w

import pathsim as ps
from pathsim.engine.contract import Event, OutcomeColumn
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.engine.with_parameters import with_parameters
from pathsim.people.cohort import Cohort

ENGINES = ("kernel", "reference")
PEOPLE = 50


def scenario(tmp_path: Any, **changes: Any) -> ps.Scenario:
    said: dict[str, Any] = {
        "title": "Multipliers",
        "source": "textbook",
        "grade": "definition",
        "cohort": {
            "kind": "rows",
            "rows": [{"people": PEOPLE, "disposal": "fine", "start_day": 0, "age": 30}],
        },
        "follow_up": {
            "days": 365,
            "waiting_days": 30,
            "intake_days": 365,
            "horizon_days": 1096,
            "clocks": "quarters",
            "generations_before": 0,
        },
        "hazard": {"score": "none", "adult_level": 0.02, "youth_level": 0.02},
        "sentencing": {"disposals": {"custody": 1.0}, "custody_days": 60},
        "custody": {"release_point": {"le6m": 0.5}},
    }
    for part, values in changes.items():
        said[part] = {**said.get(part, {}), **values}
    file = tmp_path / "multipliers.toml"
    file.write_text(tomli_w.dumps(said), encoding="utf-8")
    return ps.load(file)


def lowered(made: ps.Scenario) -> Lowered:
    return lower(made, Cohort.from_scenario(made))


def hazard(**multipliers: float) -> dict[str, Any]:
    named = {place.replace("__", "="): ratio for place, ratio in multipliers.items()}
    return {"hazard": {"multipliers": named}}


def occasions(model: Lowered, *, engine: Any = "kernel") -> np.ndarray:
    """Return how many occasions of reoffending each person has."""
    _, log = simulate(model, seed=1, replication=1, engine=engine, keep_log=True)
    assert log is not None
    return np.bincount(log.person[log.event == Event.REOFFENCE], minlength=PEOPLE)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_multiplier_of_custody_begins_with_the_first_custody(tmp_path, engine):
    """All come in with a fine and are then imprisoned; who has been in prison reoffends no more."""
    made = occasions(lowered(scenario(tmp_path, **hazard(disposal__custody=0.0))), engine=engine)
    assert made.tolist() == [1] * PEOPLE


def test_with_one_clock_a_person_a_multiplier_is_of_the_group_at_the_start(tmp_path):
    made = scenario(tmp_path, **hazard(disposal__custody=0.0), follow_up={"clocks": "person"})
    assert occasions(lowered(made)).max() > 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("place", ["disposal__custody", "sentence_band__le6m"])
def test_who_is_spared_custody_by_a_presumption_is_still_who_they_were(tmp_path, engine, place):
    """The multiplier says whom the court imprisons; what an option does to them is not in it."""
    presumption = {"max_days": 365, "share": 1.0, "hazard_ratio": 1.0, "effect_days": 365}
    made = scenario(
        tmp_path,
        **hazard(**{place: 0.0}),
        sentencing={
            "disposals": {"custody": 1.0},
            "custody_days": 60,
            "presumption": presumption,
        },
    )
    _, log = simulate(lowered(made), seed=1, replication=1, engine=engine, keep_log=True)
    assert log is not None
    assert Event.CUSTODY not in log.event, "everybody is spared"
    assert occasions(lowered(made), engine=engine).tolist() == [1] * PEOPLE


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_diverted_out_of_court_is_still_who_they_were(tmp_path, engine):
    sentencing = {"disposals": {"community_order": 1.0}, "diversion": {"adult": 1.0}}
    made = scenario(tmp_path, **hazard(disposal__community_order=0.0), sentencing=sentencing)
    counts, _ = simulate(lowered(made), seed=1, replication=1, engine=engine)
    cautions = [g for g, name in enumerate(lowered(made).groups) if name == ("disposal", "caution")]
    assert counts.person[cautions[0], OutcomeColumn.DISPOSALS] > 0
    assert occasions(lowered(made), engine=engine).tolist() == [1] * PEOPLE


@pytest.mark.parametrize("engine", ENGINES)
def test_a_caution_without_any_diversion_is_a_caution(tmp_path, engine):
    sentencing = {"disposals": {"caution": 1.0}, "diversion": {"adult": 0.0}}
    made = scenario(tmp_path, **hazard(disposal__caution=0.0), sentencing=sentencing)
    assert occasions(lowered(made), engine=engine).tolist() == [1] * PEOPLE


@pytest.mark.parametrize("engine", ENGINES)
def test_a_multiplier_of_age_is_that_of_the_age_at_the_release(tmp_path, engine):
    """All are 24 when sentenced and past 25 when released: that multiplier counts."""
    rows = [
        {
            "people": PEOPLE,
            "disposal": "custody",
            "sentence_days": 1000,
            "start_day": 0,
            "age": 24,
        }
    ]
    changes = {
        "cohort": {"kind": "rows", "rows": rows},
        "custody": {"release_point": {"le6m": 0.5, "one_to_4y": 0.5}},
    }
    young = hazard(**{"age_band__21-24": 0.0})
    older = hazard(**{"age_band__25-29": 0.0})
    assert occasions(lowered(scenario(tmp_path, **changes, **young)), engine=engine).min() > 0
    assert occasions(lowered(scenario(tmp_path, **changes, **older)), engine=engine).max() == 0


def test_a_draw_of_a_multiplier_is_as_if_the_scenario_had_it(tmp_path):
    made = scenario(tmp_path, **hazard(disposal__custody=0.5, sex__male=0.7))
    drawn = {"hazard.multipliers.disposal=custody": 0.8, "hazard.multipliers.sex=male": 1.4}
    other = scenario(tmp_path, **hazard(disposal__custody=0.8, sex__male=1.4))
    model = with_parameters(lowered(made), made, drawn)
    assert occasions(model).tolist() == occasions(lowered(other)).tolist()
    assert occasions(model).tolist() != occasions(lowered(made)).tolist()


def test_drawing_changes_nothing_of_what_it_is_drawn_from(tmp_path):
    made = scenario(tmp_path, **hazard(disposal__custody=0.5))
    model = lowered(made)
    before = occasions(model).tolist()
    with_parameters(model, made, {"hazard.multipliers.disposal=custody": 5.0})
    assert occasions(model).tolist() == before


def children_and_adults(people: int) -> dict[str, Any]:
    rows = [{"people": people, "disposal": "fine", "start_day": 0, "age": age} for age in (14, 30)]
    return {"kind": "rows", "rows": rows}


@pytest.mark.parametrize("clocks", ["quarters", "person"])
@pytest.mark.parametrize("engine", ENGINES)
def test_children_have_multipliers_of_their_own_in_place_of_the_others(tmp_path, engine, clocks):
    both = {
        "multipliers": {"sex=male": 0.0},
        "youth_multipliers": {"disposal=fine": 1.0},
    }
    changes = {"cohort": children_and_adults(PEOPLE // 2), "follow_up": {"clocks": clocks}}
    made = occasions(lowered(scenario(tmp_path, hazard=both, **changes)), engine=engine)
    assert made[: PEOPLE // 2].min() > 0
    assert made[PEOPLE // 2 :].max() == 0
    swapped = {"multipliers": {}, "youth_multipliers": {"disposal=fine": 0.0}}
    made = occasions(lowered(scenario(tmp_path, hazard=swapped, **changes)), engine=engine)
    assert made[: PEOPLE // 2].max() == 0
    assert made[PEOPLE // 2 :].min() > 0


def test_without_their_own_children_have_those_of_adults(tmp_path):
    changes = {"cohort": children_and_adults(PEOPLE // 2), **hazard(disposal__fine=0.0)}
    assert occasions(lowered(scenario(tmp_path, **changes))).max() == 0


def test_a_draw_of_adults_multipliers_leaves_children_who_have_their_own(tmp_path):
    both = {
        "multipliers": {"disposal=fine": 1.0, "sex=male": 1.0},
        "youth_multipliers": {"disposal=fine": 1.0},
    }
    made = scenario(tmp_path, hazard=both, cohort=children_and_adults(PEOPLE // 2))
    drawn = {"hazard.multipliers.disposal=fine": 0.0001, "hazard.multipliers.sex=male": 0.0001}
    after = occasions(with_parameters(lowered(made), made, drawn))
    assert after[: PEOPLE // 2].tolist() == occasions(lowered(made))[: PEOPLE // 2].tolist()
    assert after[PEOPLE // 2 :].max() == 0


def test_a_risk_of_children_takes_the_place_of_each_ones_score(tmp_path):
    scored = {"score": "ogrs3", "adult_level": 1.0, "youth_level": 2.0, "youth_risk_percent": 40.0}
    model = lowered(scenario(tmp_path, hazard=scored, cohort=children_and_adults(2)))
    a_day = model.people.base_hazard
    assert a_day[:2].tolist() == pytest.approx([2.0 * -np.log(0.6) / 365] * 2, rel=1e-12)
    assert a_day[2] != a_day[0]
