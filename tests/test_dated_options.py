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
from pathsim.scenario.vocabulary import DISPOSALS, OFFENCE_GROUPS, PAYERS
from pathsim.study.plan import Plan
from pathsim.study.run import run_study

SAID = {"source": "made for a test", "grade": "definition"}
AFTER_ALL = 12_000.0
WINDOW = 120.0
PLAN = Plan(replications=2, seed=3, workers=1, engine="kernel")
BANDS = ("le6m", "six_to_12m", "one_to_4y", "over_4y")


def service(title: str, *, disposals: tuple[str, ...] = (), **keys: Any) -> dict[str, Any]:
    trigger = {
        "disposals": disposals,
        "release": False,
        "reoffence": False,
        "homeless": False,
        "pre_release": False,
        "services": [],
        **keys.pop("trigger", {}),
    }
    return {
        "title": title,
        "trigger": trigger,
        "referral": 0.9,
        "take_up": 0.8,
        "patience_days": {"kind": "exponential", "mean": 25.0},
        "duration_days": {"kind": "exponential", "mean": 30.0},
        "drop_out_share": 0.2,
        "hazard_ratio": 0.7,
        "after_ratio": 0.9,
        "after_days": 40.0,
        "custody_ratio": 0.9,
        "cost_per_referral_gbp": 11.1,
        "cost_per_start_gbp": 100.3,
        "cost_per_day_gbp": 3.7,
        "cost_per_completion_gbp": 50.9,
        "payer": "pcc",
        **keys,
    }


RICH: dict[str, Any] = {
    **SAID,
    "title": "Rich",
    "cohort": {
        "kind": "rows",
        "rows": [
            {
                "people": 12,
                "disposal": disposal,
                "age": age,
                "sex": sex,
                "offence_group": offence,
                "previous_offences": 8,
                "needs": ["accommodation", "health"],
                "domestic_abuse": sex == "male",
            }
            for disposal, age, sex, offence in (
                ("custody", 30, "male", "theft"),
                ("community_order", 40, "female", "violence"),
                ("suspended_sentence", 22, "male", "drugs"),
                ("caution", 16, "female", "theft"),
            )
        ],
    },
    "follow_up": {"days": 200.0, "waiting_days": 60.0, "intake_days": WINDOW},
    "hazard": {
        "score": "none",
        "adult_level": 0.01,
        "youth_level": 0.02,
        "frailty_sigma": 0.5,
        "temporary_ratio": 1.1,
        "homeless_ratio": 1.3,
        "community_order_ratio": 0.9,
        "suspended_sentence_ratio": 0.8,
        "licence_ratio": 0.95,
        "supervision_ratio": 0.9,
        "combined_floor": 0.3,
    },
    "offending": {
        "same_group_share": 0.5,
        "severity": dict.fromkeys(OFFENCE_GROUPS, 1.5),
    },
    "courts": {
        "proof_share": 0.8,
        "crown_share": dict.fromkeys(OFFENCE_GROUPS, 0.3),
        "out_of_court_delay_days": 10.0,
        "magistrates_delay_days": {"kind": "exponential", "mean": 30.0},
        "crown_delay_days": {"kind": "uniform", "low": 10.0, "high": 90.0},
        "magistrates_remand_share": 0.2,
        "crown_remand_share": 0.4,
    },
    "sentencing": {
        "disposals": {
            "caution": 0.2,
            "fine": 0.2,
            "community_order": 0.2,
            "suspended_sentence": 0.2,
            "custody": 0.2,
        },
        "custody_days": {"kind": "exponential", "mean": 120.0},
        "community_order_days": 90.0,
        "suspended_sentence_days": 120.0,
        "presumption": {"max_days": 60.0, "share": 0.5, "hazard_ratio": 0.9, "effect_days": 50.0},
        "breach": {
            "community_order_per_day": 0.01,
            "suspended_sentence_per_day": 0.01,
            "custody_share": 0.3,
            "custody_days": 40.0,
        },
        "activation_share": 0.5,
    },
    "custody": {
        "release_point": dict.fromkeys(BANDS, 0.5),
        "curfew": {
            "share": 0.5,
            "min_sentence_days": 60.0,
            "max_sentence_days": 1000.0,
            "max_days": 20.0,
        },
        "recall": {
            **{f"{band}_per_day": 0.01 for band in BANDS},
            "fixed_term_share": 0.5,
            "fixed_term_under_12m_days": 14.0,
            "fixed_term_12m_or_more_days": 28.0,
            "standard_days": 40.0,
        },
        "pre_release_days": 20.0,
        "supervision_days": 150.0,
        "supervision_below_days": 730.0,
        "capacity": 5,
        "elsewhere_night_gbp": {"hmpps": 100.7},
        "refill_share": 0.5,
    },
    "accommodation": {
        "at_disposal": {"settled": 0.6, "temporary": 0.2, "homeless": 0.2},
        "on_release": {"settled": 0.4, "temporary": 0.3, "homeless": 0.3},
        "settled_to_temporary_per_day": 0.002,
        "settled_to_homeless_per_day": 0.003,
        "temporary_to_settled_per_day": 0.01,
        "temporary_to_homeless_per_day": 0.005,
        "homeless_to_settled_per_day": 0.02,
        "homeless_to_temporary_per_day": 0.01,
    },
    "pools": {
        "shared": {"capacity": 2},
        "reviewed": {"capacity": 2, "review_days": 10.0},
    },
    "services": {
        "limited": service(
            "Limited",
            disposals=("community_order", "caution"),
            capacity=3,
            cost_per_place_year_gbp=1000.1,
            ends_on=["custody", "reoffence"],
        ),
        "unlimited": service("Unlimited", trigger={"reoffence": True, "release": True}),
        "pooled": service("Pooled", disposals=("suspended_sentence",), pool="shared"),
        "dependent": service(
            "Dependent", trigger={"services": ["pooled"]}, requires_any=["pooled"], pool="shared"
        ),
        "reviewed_one": service("Reviewed", trigger={"homeless": True}, pool="reviewed"),
        "house": service(
            "House",
            trigger={"pre_release": True, "homeless": True},
            capacity=2,
            houses=True,
            exit_settled_share=0.5,
            ends_on=["custody", "order_end"],
            order="highest_risk",
        ),
    },
    "costs": {
        **{
            f"{state}_day_gbp": {"hmpps": 10.3, "pcc": 0.7}
            for state in (
                "custody", "community_order", "suspended_sentence", "licence", "supervision",
                "homeless",
            )
        },
        "breach_gbp": {"courts_cps": 90.1},
        "reoffence_gbp": {group: {"society": 1000.9, "police": 80.1} for group in OFFENCE_GROUPS},
        "caution_gbp": {"police": 30.3},
        "conviction_gbp": {group: {"courts_cps": 500.7} for group in OFFENCE_GROUPS},
    },
}  # fmt: skip

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
        "requires_any": [["limited"], ["house"]],
        "ends_on": [[], ["reoffence", "order_end"]],
        "age_group": [["youth"]],
        "sex": [["female"]],
        "age_band": [["30-39"]],
        "ethnicity": [["asian"]],
        "area": [["dorset"]],
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
        for name in ("unlimited", "pooled", "dependent", "reviewed_one")
    ),
    # Who waits has their place by the rules of the day of joining.
    "pools.shared.review_days",
    "pools.reviewed.review_days",
}
"""Keys that an option with a day may not change, or not by themselves."""


@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
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


@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
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


def test_the_option_that_saves_custody_has_days_filled_by_others():
    saving = rich().change("saves", FROM_THE_FIRST_DAY["saves custody"])
    first, runs = run_study([rich(), saving], plan=PLAN).runs
    assert differs(outcome_values(runs), outcome_values(refilled(runs, first)))


@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
def test_most_keys_changed_from_the_first_day_change_something():
    """So the rich scenario is one in which a key that acts too early is seen."""
    some = list(changes())[::7]
    options = [dated(key, new, from_day=0.0) for key, new in some]
    made = [option for option in options if option is not None]
    base, *others = values_of([rich(), *made])
    seen = [base.rows != other.rows or bool(differs(base, other)) for other in others]
    assert np.mean(seen) > 0.8


@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
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
