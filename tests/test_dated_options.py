"""A dated option changes nothing before its day: not one outcome, of no group, by no bit.

Every key of a rich scenario is changed by an option from a day after everybody's end; keys
are found in the scenario itself, so that a new one is tried too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from pathsim.errors import InputError
from pathsim.outcomes.values import Values, outcome_values, refilled
from pathsim.scenario.model import Scenario
from pathsim.study.plan import Plan
from pathsim.study.run import run_study
from pathsim.vocabulary import DISPOSALS, PAYERS
from rich_scenario import BANDS, RICH, service

AFTER_ALL = 12_000.0
PLAN = Plan(replications=2, seed=3, workers=1, engine="kernel")
FOR_LIFE = {
    "hazard.score",
    "hazard.adult_level",
    "hazard.youth_level",
    "hazard.frailty_sigma",
    "hazard.shape",
    "hazard.multipliers",
    "cohort",
    "follow_up",
    "places_for",
}
"""What an option with a day may not change: it is fixed for a person at the index date."""
WORDS = {"title", "description", "note", "source", "grade", "schema_version", "pathway"}
"""What says something and does nothing."""


@cache
def rich() -> Scenario:
    return Scenario.model_validate(RICH)


def changes() -> Iterator[tuple[str, Any]]:
    """Yield a key and another value for each key that does something."""
    yield from _changes(rich().model_dump(exclude={"before", "from_day"}), "")
    yield "services.house.capacity", "unlimited"
    for capacity in (0, 1, 1000):
        yield "services.unlimited.capacity", capacity
    yield "custody.capacity", "unlimited"
    yield "sentencing.custody_days", "courts_2019"


def _changes(table: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key, old in table.items():
        here = f"{path}.{key}" if path else key
        if key in WORDS or here in FOR_LIFE:
            continue
        if isinstance(old, dict) and "value" not in old and not _is_whole(old):
            yield from _changes(old, here)
            if key.endswith("_gbp") and all("value" in each for each in old.values()):
                yield here, {"nhs": 77.7}
            continue
        yield from ((here, new) for new in _others(key, old))


def _is_whole(table: dict[str, Any]) -> bool:
    """Return whether a table changes together: a distribution, or shares that sum to 1."""
    return "kind" in table or "settled" in table or set(DISPOSALS) <= set(table)


def _others(key: str, old: Any) -> list[Any]:
    """Return other values of a key; none of a queue's order, which has a test of its own."""
    if isinstance(old, bool):
        return [not old]
    if isinstance(old, dict):
        return _other_tables(old)
    if key == "payer":
        return [payer for payer in PAYERS if payer != old][:2]
    return ["shared"] if key == "pool" and old == "reviewed" else _other_lists(key)


def _other_tables(old: dict[str, Any]) -> list[Any]:
    if "kind" in old:
        return [7.0, {"kind": "exponential", "mean": 50.0}]
    if "settled" in old:
        return [{"settled": 0.1, "temporary": 0.1, "homeless": 0.8}]
    if "value" not in old:
        return [{**dict.fromkeys(DISPOSALS, 0.0), "fine": 0.5, "custody": 0.5}]
    value = old["value"]
    return [0.25 if value == 0.75 else 0.75] if 0 <= value <= 1 else [value + 3, value * 2]


def _other_lists(key: str) -> list[Any]:
    lists: dict[str, list[Any]] = {
        "disposals": [["fine", "custody"], []],
        "services": [["limited"], ["house"]],
        "of": [["limited"], ["house"]],
        "requires_any": [["limited"], ["house"]],
        "ends_on": [[], ["reoffence", "order_end"]],
        "age_group": [["youth"]],
        "sex": [["female"]],
        "age_band": [["30-34"]],
        "ethnicity": [["asian"]],
        "area": [["hills"]],
        "offence_group": [["theft"]],
        "disposal": [["custody"]],
        "sentence_band": [["none"]],
        "previous_offences": [["0"]],
        "risk_band": [["high"]],
        "needs_any": [["finance"]],
        "domestic_abuse": [True],
        "min_risk_percent": [50.0],
    }
    return lists.get(key, [])


def dated(
    key: str, new: Any, *, from_day: float, parent: Scenario | None = None
) -> Scenario | None:
    """Return the rich scenario with a key changed from a day on, or None if that is refused.

    parent: an option of it, which is changed instead.
    """
    try:
        return (parent or rich()).change(f"{key} = {new}", {key: new}, from_day=from_day)
    except (InputError, ValidationError):
        return None


def values_of(scenarios: list[Scenario]) -> list[Values]:
    return [outcome_values(each) for each in run_study(scenarios, plan=PLAN).runs]


def values_beside(base: Scenario, options: list[Scenario]) -> list[Values]:
    """Return the options' values as a comparison with `base` has them."""
    first, *others = run_study([base, *options], plan=PLAN).runs
    return [outcome_values(refilled(each, first)) for each in others]


def differs(one: Values, other: Values) -> str:
    """Return the first outcome and group that differ by a bit, or an empty string."""
    assert one.rows == other.rows
    same = (one.data == other.data) | (np.isnan(one.data) & np.isnan(other.data))
    rows = np.flatnonzero(~same.all(axis=0))
    return " of ".join(one.rows[rows[0]]) if len(rows) else ""


REFUSED = {
    # Of a service without places of its own.
    *(
        f"services.{name}.cost_per_place_year_gbp"
        for name in ("unlimited", "pooled", "dependent", "reviewed_one", "follow_on")
    ),
    # What a completion triggers is said together with `on`.
    *(f"services.{name}.trigger.of" for name in RICH["services"] if name != "follow_on"),
    # Who waits has their place by the rules of the day of joining.
    "pools.shared.review_days",
    "pools.reviewed.review_days",
    # Where somebody lives, they live for life.
    "areas.bay.share",
    # Present values are of the start.
    "costs.discount_rate_percent",
    # A record that grew on some days only would be neither.
    "offending.record_grows",
    # What makes a person's hazard is fixed for life.
    "hazard.decay_per_year",
    "hazard.youth_risk_percent",
}
"""Keys that an option with a day may not change, or not by themselves."""


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.InputWarning")
@pytest.mark.filterwarnings("ignore:.*would fit them:pathsim.InputWarning")
@pytest.mark.filterwarnings("ignore:scale rounds places:pathsim.InputWarning")
def test_no_key_changed_after_everybodys_end_changes_anything():
    options = [(key, dated(key, new, from_day=AFTER_ALL)) for key, new in changes()]
    made = [(key, option) for key, option in options if option is not None]
    assert {key for key, _ in options} - {key for key, _ in made} == REFUSED
    assert len({key for key, _ in made}) > 350
    base, *others = values_of([rich(), *(option for _, option in made)])
    found = {key: differs(base, other) for (key, _), other in zip(made, others, strict=True)}
    assert not {key: where for key, where in found.items() if where}


FROM_THE_FIRST_DAY = {
    "saves custody": {f"custody.release_point.{band}": 0.3 for band in BANDS},
    "other places and prices": {
        "custody.release_point.le6m": 0.8,
        "custody.capacity": 3,
        "custody.elsewhere_night_gbp.hmpps": 55.5,
        "services.limited.capacity": 5,
        "services.limited.cost_per_place_year_gbp": 2000.3,
        "services.house.payer": "local_authority",
        "services.unlimited.hazard_ratio": 0.4,
        "pools.shared.capacity": 4,
        "scale": 1.5,
    },
}
"""Undated options, on which a dated one is laid."""


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.InputWarning")
@pytest.mark.filterwarnings("ignore:.*would fit them:pathsim.InputWarning")
@pytest.mark.filterwarnings("ignore:scale rounds places:pathsim.InputWarning")
@pytest.mark.parametrize("undated", FROM_THE_FIRST_DAY)
def test_no_key_changed_after_everybodys_end_changes_an_option_that_holds_from_the_first_day(
    undated,
):
    parent = rich().change(undated, FROM_THE_FIRST_DAY[undated])
    options = [dated(key, new, from_day=AFTER_ALL, parent=parent) for key, new in changes()]
    made = [option for option in options if option is not None]
    assert len(made) > 500
    alone, *others = values_beside(rich(), [parent, *made])
    found = [(option.title, differs(alone, one)) for option, one in zip(made, others, strict=True)]
    assert not [(title, where) for title, where in found if where]


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.InputWarning")
def test_a_service_added_after_everybodys_end_changes_no_outcome_but_has_its_own():
    saving = rich().change("saves", FROM_THE_FIRST_DAY["saves custody"])
    trigger = {"release": True, "homeless": True, "reoffence": True}
    new = service("New", disposals=("custody",), trigger=trigger, capacity=3, houses=True)
    costly = {**new, "cost_per_place_year_gbp": 999.9}
    added = saving.change("added", {"services.a_new": costly}, from_day=AFTER_ALL)
    alone, more = values_beside(rich(), [saving, added])
    shared = [row for row in more.rows if not row[0].startswith("service.a_new.")]
    assert shared == list(alone.rows)
    assert np.array_equal(more.aligned(shared), alone.data, equal_nan=True)
    assert not np.nan_to_num(more.aligned([r for r in more.rows if r not in shared])).any()


def test_the_option_that_saves_custody_has_days_filled_by_others():
    saving = rich().change("saves", FROM_THE_FIRST_DAY["saves custody"])
    first, runs = run_study([rich(), saving], plan=PLAN).runs
    assert differs(outcome_values(runs), outcome_values(refilled(runs, first)))


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.InputWarning")
def test_most_keys_changed_from_the_first_day_change_something():
    """So the rich scenario is one in which a key that acts too early is seen."""
    some = list(changes())[::7]
    options = [dated(key, new, from_day=0.0) for key, new in some]
    made = [option for option in options if option is not None]
    base, *others = values_of([rich(), *made])
    seen = [base.rows != other.rows or bool(differs(base, other)) for other in others]
    assert np.mean(seen) > 0.8


@pytest.mark.parametrize("day", [0.3, 33.3, 119.9, 150.0])
def test_an_option_that_says_the_same_on_a_day_changes_nothing(day):
    same = Scenario.model_validate(
        {**RICH, "title": "the same", "from_day": day, "before": rich().model_dump()}
    )
    base, other = values_of([rich(), same])
    assert not differs(base, other)


@pytest.mark.parametrize("part", ["pools.shared", "services.limited"])
def test_the_order_of_a_queue_is_kept(part):
    assert dated(f"{part}.order", "highest_risk", from_day=AFTER_ALL) is None
