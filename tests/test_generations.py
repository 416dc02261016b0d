"""Generations before and after the counted: who they are, and what they do not change."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
import tomli_w

import pathsim as ps
from generated import generated
from pathsim import theory
from pathsim.engine.contract import Counts, Log, OutcomeColumn
from pathsim.engine.log import log_table
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.places import DAYS_A_YEAR
from pathsim.engine.reference import run as reference
from pathsim.engine.run import simulate
from pathsim.errors import InputError, InputWarning
from pathsim.people.cohort import Cohort
from pathsim.scenario.deprecated import with_new_keys
from pathsim.scenario.model import Scenario
from pathsim.scenario.read import read
from small_scenario import BASELINE as SMALL
from test_addressed_draws import edited, without_limits
from test_engines_agree import TIME_TOLERANCE_DAYS, by_person

SUMS = ("person", "load", "busy_days", "queue_days", "in_custody")
OTHERS = [(0, 0), (1, 0), (3, 0), (0, 2), (2, 3)]
"""Generations before and after."""


def with_generations(scenario: Scenario, before: int, after: int) -> Scenario:
    def set_them(regime: dict[str, Any]) -> None:
        regime["follow_up"] |= {"generations_before": before, "generations_after": after}

    return edited(scenario, set_them)


def with_own_clocks(scenario: Scenario) -> Scenario:
    """Return a scenario whose official outcomes are of the counted, not of everybody."""

    def set_them(regime: dict[str, Any]) -> None:
        regime["follow_up"]["clocks"] = "person"

    return edited(scenario, set_them)


def without_stock(regime: dict[str, Any]) -> None:
    regime["follow_up"]["stock_windows"] = 0


def without_horizon(regime: dict[str, Any]) -> None:
    for key in ("memory_days", "horizon_days"):
        regime["follow_up"].pop(key, None)


def lowered(scenario: Scenario) -> Lowered:
    return lower(scenario, Cohort.from_scenario(scenario))


def run(model: Lowered, *, seed: int = 1, engine: Any = "kernel") -> tuple[Counts, Log]:
    counts, log = simulate(model, seed=seed, replication=seed, engine=engine, keep_log=True)
    assert log is not None
    return counts, log


def rows_of_counted(model: Lowered, log: Log) -> list[Any]:
    chosen = log.person < len(model.ids)
    return [column[chosen].tolist() for column in log]


# Draws


@pytest.mark.parametrize("seed", range(20))
def test_generations_change_nothing_of_the_counted_where_nothing_is_limited(seed):
    """So all their draws are the same: every start, sentence, offence and duration follows."""
    scenario = edited(with_own_clocks(generated(seed)), without_limits)
    stories = []
    for before, after in OTHERS:
        model = lowered(with_generations(scenario, before, after))
        counts, log = run(model, seed=seed)
        stories.append((counts.person.tolist(), counts.load.tolist(), rows_of_counted(model, log)))
    assert all(story == stories[0] for story in stories)


def test_a_generation_more_changes_no_draw_of_the_others():
    scenario = edited(generated(8), without_limits)
    few, many = (with_generations(scenario, *others) for others in ((1, 0), (3, 2)))
    tables = [log_table(model := lowered(each), run(model)[1], 0) for each in (few, many)]
    alike = [table[table["person"].str.startswith("warm-up:")] for table in tables]
    assert len(alike[0]) > 100
    assert alike[0].reset_index(drop=True).equals(alike[1].reset_index(drop=True))


def test_members_are_named_by_their_generation():
    model = lowered(with_generations(generated(8), 2, 1))
    n = len(model.ids)
    first = model.ids[0]
    names = [f"{first}", f"warm-up:{first}", f"generation -2:{first}", f"generation +1:{first}"]
    assert model.names(np.arange(0, 4 * n, n)).tolist() == names


def test_people_are_described_once_for_all_generations():
    scenario = edited(generated(8), without_stock)
    alone, many = (lowered(with_generations(scenario, *others)) for others in ((0, 0), (3, 3)))
    assert many.members == 7 * alone.members
    assert sum(each.nbytes for each in many.people) == sum(each.nbytes for each in alone.people)
    assert many.model.people.nbytes == alone.model.people.nbytes


# The closing day


@pytest.mark.parametrize("seed", range(60))
def test_following_other_generations_past_the_closing_day_changes_no_sum(seed, monkeypatch):
    """The reference engine follows them to their own ends, the kernel to the closing day.

    With a horizon the closing day is short of what goes on: see the page on the model.
    """
    scenario = edited(with_own_clocks(generated(seed)), without_horizon)
    model = lowered(with_generations(scenario, 1 + seed % 3, seed % 4))
    counts, log = run(model, seed=seed)
    monkeypatch.setattr(reference, "closing_day", lambda *_, **__: math.inf)
    longer, longer_log = run(model, seed=seed, engine="reference")
    for name in SUMS:
        assert np.array_equal(getattr(counts, name), getattr(longer, name)), name
    ours, theirs = by_person(log), by_person(longer_log)
    mine, same = ours[0] < len(model.ids), theirs[0] < len(model.ids)
    for one, other in zip(ours[:3], theirs[:3], strict=True):
        assert np.array_equal(one[mine], other[same])
    assert np.abs(ours[3][mine] - theirs[3][same]).max() <= TIME_TOLERANCE_DAYS
    assert len(longer_log.time) >= len(log.time)


def test_the_closing_day_spares_work(monkeypatch):
    scenario = edited(generated(8), without_limits)
    model = lowered(with_generations(scenario, 1, 3))
    counts, log = run(model)
    window = float(model.tables.rules["intake"][0])
    others = log.person >= len(model.ids)
    assert log.time[others].max() == window + 1.0
    monkeypatch.setattr(reference, "closing_day", lambda *_, **__: math.inf)
    longer, _ = run(model, engine="reference")
    assert counts.events < longer.events / 2


# Known answers

WINDOW, SERVICE, PATIENCE, PLACES = 1000.0, 10.0, 15.0, 38
NEVER = {"kind": "never"}
FORMULA = 1e-9
EACH = 2000
"""People at liberty from their start, and as many in custody for one and a half windows."""
ARRIVALS = 2 * EACH / WINDOW
REPLICATIONS = 200
AS_MANY_EACH_WINDOW = 0.01
"""Relative: arrivals of a fixed number vary 1% less than Poisson ones within a service's time."""
ERRORS = 3.0


def queue(
    tmp_path, patience: Any, *, before: int, after: int, served: float = 1.5, **pool: Any
) -> Any:
    """Return outcomes where one half asks for a place at the start and the other on release.

    served: windows until then.
    """
    asks = {
        "referral": 1,
        "pool": "places",
        "duration_days": {"kind": "exponential", "mean": SERVICE},
        "patience_days": patience,
    }
    said = {
        "title": "One queue for people of different years",
        "source": "textbook",
        "grade": "definition",
        "cohort": {
            "kind": "rows",
            "rows": [
                {"people": EACH, "disposal": "discharge"},
                {"people": EACH, "disposal": "custody", "sentence_days": served * WINDOW},
            ],
        },
        "follow_up": {
            "days": 200,
            "waiting_days": 0,
            "intake_days": WINDOW,
            "generations_before": before,
            "generations_after": after,
        },
        "hazard": {"score": "none", "adult_level": 0, "youth_level": 0},
        "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0},
        "custody": {"release_point": {"over_4y": 1.0, "one_to_4y": 1.0}},
        "pools": {"places": {"capacity": PLACES, **pool}},
        "services": {
            "early": asks | {"title": "Early", "trigger": {"disposals": ["discharge"]}},
            "late": asks | {"title": "Late", "trigger": {"release": True}},
        },
    }
    file = tmp_path / "queue.toml"
    file.write_text(tomli_w.dumps(said), encoding="utf-8")
    table = ps.run(ps.load(file), replications=REPLICATIONS, seed=5, workers=1).table()
    return table[table["group"] == "all"].set_index("outcome")[["mean", "se"]]


def assert_near(outcomes: Any, name: str, value: float, *, per: float = 1.0) -> None:
    mean, se = outcomes.loc[name] / per
    assert abs(mean - value) <= ERRORS * se + AS_MANY_EACH_WINDOW * value, (name, mean, value, se)


def test_a_queue_in_balance_is_erlang_a_to_people_of_different_years(tmp_path):
    """The counted of the second half ask one and a half windows late, when others come too."""
    patience = {"kind": "exponential", "mean": PATIENCE}
    outcomes = queue(tmp_path, patience, before=2, after=2)
    known = theory.erlang_a(arrivals=ARRIVALS, servers=PLACES, service=SERVICE, patience=PATIENCE)
    for name in ("early", "late"):
        assert_near(outcomes, f"service.{name}.reneged", known.reneged, per=EACH)
        assert_near(outcomes, f"service.{name}.mean_wait_days", known.mean_wait_served)
    # Of a pooled service: its own place-days over the whole pool's.
    both = sum(outcomes.loc[f"service.{name}.utilisation", "mean"] for name in ("early", "late"))
    assert both == pytest.approx(known.utilisation, rel=AS_MANY_EACH_WINDOW)
    assert_cohort_uses(outcomes, known.utilisation)


def assert_cohort_uses(outcomes: Any, utilisation: float) -> None:
    """Check that the counted, whenever they ask, use as much as is in use in their window."""
    windows = outcomes.loc["pool.places.supply_years", "mean"] / (WINDOW / DAYS_A_YEAR)
    assert windows == pytest.approx(utilisation, rel=AS_MANY_EACH_WINDOW)


@pytest.mark.parametrize("limit", [0, 5])
def test_a_limited_queue_in_balance_turns_erlangs_share_away_of_people_of_different_years(
    tmp_path, limit
):
    """Nobody loses patience: M/M/c/c + limit, the loss system at 0."""
    outcomes = queue(tmp_path, NEVER, before=2, after=2, max_queue=limit)
    known = theory.limited_queue(arrivals=ARRIVALS, servers=PLACES, service=SERVICE, room=limit)
    for name in ("early", "late"):
        assert_near(outcomes, f"service.{name}.turned_away", known.reneged, per=EACH)
        assert outcomes.loc[f"service.{name}.reneged", "mean"] == 0.0
    assert_cohort_uses(outcomes, known.utilisation)
    lost = theory.erlang_b(arrivals=ARRIVALS, servers=PLACES, service=SERVICE)
    assert limit or known.reneged == pytest.approx(lost, rel=FORMULA)


def test_a_loss_system_in_balance_loses_erlangs_share_of_people_of_different_years(tmp_path):
    outcomes = queue(tmp_path, 0, before=2, after=2)
    known = theory.erlang_b(arrivals=ARRIVALS, servers=PLACES, service=SERVICE)
    for name in ("early", "late"):
        assert_near(outcomes, f"service.{name}.reneged", known, per=EACH)


@pytest.mark.parametrize(("before", "after", "empty"), [(2, 0, "late"), (0, 2, "early")])
def test_without_the_generations_of_one_side_the_counted_find_free_places(
    tmp_path, before, after, empty
):
    outcomes = queue(tmp_path, 0, before=before, after=after)
    known = theory.erlang_b(arrivals=ARRIVALS, servers=PLACES, service=SERVICE)
    assert outcomes.loc[f"service.{empty}.reneged", "mean"] / EACH < known / 2


# Workers, days


def test_any_number_of_workers_gives_the_same_bits_with_generations():
    scenario = with_generations(generated(21), 3, 2)
    runs = [ps.run(scenario, replications=12, seed=2, workers=workers) for workers in (1, 2, 3)]
    assert all(each.values.data.tobytes() == runs[0].values.data.tobytes() for each in runs)


@pytest.mark.parametrize("day", [-80.0, 0.0, 60.0, 130.0])
def test_a_dated_option_changes_nothing_before_its_day_in_any_generation(tmp_path, day):
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    small = with_generations(ps.load(file), 2, 2)
    services = [key for key in small.keys("services") if key.endswith("capacity")]
    option = small.change("none", dict.fromkeys(services, 0), from_day=day)
    tables = []
    for each in (small, option):
        model = lowered(each)
        table = log_table(model, run(model)[1], 0)
        tables.append(table[table["time"] < day].reset_index(drop=True))
    assert len(tables[0]) > 10
    assert tables[0].equals(tables[1])


# The old word


def small(tmp_path, line: str):
    file = tmp_path / "old.toml"
    file.write_text(SMALL.replace("generations_before = 0", line), encoding="utf-8")
    return file


@pytest.mark.parametrize(("word", "number"), [("true", 1), ("false", 0)])
def test_warm_up_is_taken_as_generations_before_with_a_warning(tmp_path, word, number):
    file = small(tmp_path, f"warm_up = {word}")
    line = file.read_text().splitlines().index(f"warm_up = {word}") + 1
    with pytest.warns(InputWarning, match="deprecated") as told:
        scenario = ps.load(file)
    assert scenario.follow_up.generations_before == number
    assert f"{file}:{line}" in str(told[0].message)
    assert f"write generations_before = {number}" in str(told[0].message)


def test_the_new_word_stands_on_the_line_of_the_old_one(tmp_path):
    file = small(tmp_path, "warm_up = true")
    with pytest.warns(InputWarning, match="deprecated"):
        told = with_new_keys(read(file), stacklevel=1)
    line = file.read_text().splitlines().index("warm_up = true") + 1
    assert told.line(("follow_up", "generations_before")) == line
    assert "warm_up" not in told.raw["follow_up"]


def test_warm_up_in_an_option_replaces_the_generations_below(tmp_path):
    before = ps.load(small(tmp_path, "generations_before = 3"))
    with pytest.warns(InputWarning, match="deprecated") as told:
        after = before.change("none", {"follow_up.warm_up": False})
    assert after.follow_up.generations_before == 0
    assert told[0].filename == __file__


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "warm_up = true\ngenerations_before = 1",
            "is the old word for generations_before, which is given as well; found true; "
            "allowed: generations_before alone",
        ),
        ("warm_up = 1", "has the wrong type; found 1; allowed: true or false"),
        ("generations_before = 21", "is out of range; found 21; allowed: 20 or less"),
        ("generations_after = -1", "is out of range; found -1; allowed: 0 or more"),
        ("generations_after = 1.5", "has the wrong type; found 1.5; allowed: a whole number"),
    ],
)
def test_what_cannot_be_meant_is_refused_whole_with_its_line_and_key(tmp_path, line, said):
    first = line.partition("\n")[0]
    file = small(tmp_path, line)
    number = file.read_text().splitlines().index(first) + 1
    with pytest.raises(InputError) as refused:
        ps.load(file)
    key = first.partition(" ")[0]
    assert str(refused.value) == f"{file}:{number}: follow_up.{key}: {said}"


def test_generated_scenarios_have_none_to_three_generations_before_and_after():
    found = {
        (each.follow_up.generations_before, each.follow_up.generations_after)
        for each in map(generated, range(240))
    }
    assert found == set(product(range(4), range(4)))


def test_the_counted_are_the_same_people_however_many_generations_there_are():
    models = [lowered(with_generations(generated(8), *others)) for others in OTHERS]
    peopled = [run(model)[0].person[:, OutcomeColumn.PEOPLE].tolist() for model in models]
    assert all(each == peopled[0] for each in peopled)
