"""A scenario changed in Python is the one that a file would make, and survives writing."""

from __future__ import annotations

import copy
import operator
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathsim.errors import InputError, InputWarning
from pathsim.scenario import Scenario, differences, dump, load
from pathsim.scenario.distributions import Exponential
from pathsim.scenario.parameter import Quantity

DATA = Path(__file__).parent / "data" / "scenarios"
BENCHMARKS = Path(__file__).parent.parent / "benchmarks" / "scenarios"

NEW_SERVICE = {
    "title": "Club",
    "trigger": {"release": True},
    "referral": 0.4,
    "duration_days": {"kind": "weibull", "scale": 20, "shape": 2},
    "after_ratio": {"value": 0.9, "source": "a study", "low": 0.8, "high": 1.0},
}


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load(DATA / "baseline.toml")


def _nested(title: str, overrides: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Say as a file what `change` says with dotted keys."""
    raw: dict[str, Any] = {"title": title, **more}
    for dotted, value in overrides.items():
        *tables, last = dotted.split(".")
        here = raw
        for table in tables:
            here = here.setdefault(table, {})
        here[last] = value
    return raw


def _load_text(tmp_path: Path, raw: dict[str, Any]) -> Scenario:
    path = tmp_path / "written.toml"
    path.write_text(tomli_w.dumps(raw), encoding="utf-8")
    return load(path)


def _written_and_read(tmp_path: Path, scenario: Scenario) -> Scenario:
    path = tmp_path / "dumped.toml"
    path.write_text(dump(scenario), encoding="utf-8")
    return load(path)


# ---------------------------------------------------------------- change in Python

CHANGES: list[dict[str, Any]] = [
    {"services.gps_tag.capacity": 36},
    {"services.gps_tag.capacity": "unlimited", "services.gps_tag.patience_days": {"kind": "never"}},
    {"services.club": NEW_SERVICE, "services.treatment.requires_any": ["club"]},
    {"services.treatment.pool": "iom", "pools.iom.capacity": {"value": 80, "source": "x"}},
    {"source": "a plan", "grade": "expert", "hazard.adult_level": 0.002, "description": "words"},
    {"sentencing.presumption": {"source": "a bill", "max_days": 365, "share": 0.8}},
    {"costs.reoffence_gbp": {"theft": {"society": 1}, "fraud": {"source": "y", "police": 2}}},
    {"cohort.rows": [{"people": 3}], "follow_up.days": 730},
    {"services.gps_tag.ends_on": ["custody", "reoffence"], "services.gps_tag.houses": True},
    {"hazard.shape": {"from_days": [0, 30], "ratios": [2, 1]}},
    {"services.treatment.duration_days.mean": 12.5, "services.treatment.note": "shorter"},
]


@pytest.mark.parametrize("overrides", CHANGES, ids=lambda each: next(iter(each)))
def test_change_says_the_same_as_a_file(
    tmp_path: Path, baseline: Scenario, overrides: dict[str, Any]
) -> None:
    raw = _nested("C", overrides, extends=str(DATA / "baseline.toml"))
    changed = baseline.change("C", overrides)
    assert _load_text(tmp_path, raw) == changed
    assert changed != baseline


def test_change_takes_models_and_numpys_numbers(baseline: Scenario) -> None:
    places = Quantity(value=5, source="a plan", grade="expert")
    waiting = Exponential(mean=3, source="a count")
    option = baseline.change(
        "M",
        {
            "services.gps_tag.capacity": places,
            "services.gps_tag.patience_days": waiting,
            "services.gps_tag.referral": np.float64(0.25),
            "pools.iom.capacity": np.int64(7),
        },
    )
    assert option.services["gps_tag"].capacity == places
    assert option.services["gps_tag"].patience_days == waiting
    assert option.services["gps_tag"].referral.value == 0.25
    assert option.pools["iom"].capacity.value == 7


def test_keys_at_several_depths_are_laid_together(baseline: Scenario) -> None:
    option = baseline.change(
        "K", {"services.gps_tag.capacity": 3, "services.gps_tag": {"hazard_ratio": 0.5}}
    )
    tag = option.services["gps_tag"]
    assert (tag.capacity.value, tag.hazard_ratio.value) == (3, 0.5)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"pools.iom.capacity": 1, "pools.iom": {"capacity": 2}}, "capacity: is given twice"),
        ({"title.x": 1}, "title.x: is given twice, once within 'title'"),
        ({"extends.0": "x.toml"}, "extends.0: cannot be changed: a change extends the scenario"),
        ({"extends": "x.toml"}, "extends: cannot be changed: a change extends"),
        ({"before.extends": "x.toml"}, "before: is made from what the option extends"),
        ({"services.gps_tga.capacity": 3}, "no service is called 'gps_tga'"),
        ({"services.gps_tag.capacity": -1}, "services.gps_tag.capacity: is out of range; found -1"),
        ({"services.gps_tag.capacity": float("nan")}, "is not a finite number; found nan"),
    ],
)
def test_a_bad_change_is_refused_with_its_key(
    baseline: Scenario, overrides: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError) as refusal:
        baseline.change("Bad", overrides)
    assert message in str(refusal.value)


def test_change_leaves_the_scenario_itself_alone(baseline: Scenario) -> None:
    before = baseline.to_toml()
    baseline.change("C", {"services.gps_tag.capacity": 36})
    assert baseline.to_toml() == before


# ---------------------------------------------------------------- dated options


def test_a_scenario_is_not_changed_in_place(baseline: Scenario) -> None:
    before = baseline.model_copy(deep=True)
    name = next(iter(baseline.services))
    for change in (
        lambda: baseline.services.update({name: baseline.services[name]}),
        lambda: baseline.services.pop(name),
        baseline.services.clear,
        lambda: baseline.services.setdefault("x", baseline.services[name]),
        lambda: operator.setitem(baseline.services, "x", 1),
        lambda: operator.delitem(baseline.services, name),
        lambda: operator.ior(baseline.services, {"x": 1}),
        lambda: operator.setitem(baseline.model_copy(update={"services": {}}).services, "x", 1),
    ):
        with pytest.raises(InputError, match=r"cannot be set; allowed: scenario\.change\(title"):
            change()
    assert baseline == before
    assert pickle.loads(pickle.dumps(baseline)) == copy.deepcopy(baseline) == baseline


def test_a_dated_option_holds_what_it_extends_until_its_day(baseline: Scenario) -> None:
    later = baseline.change("Later", {"services.gps_tag.capacity": 36}, from_day=100)
    assert later.before == baseline
    assert later.from_day == 100
    assert differences(baseline, later) == [
        ("from_day", None, 100.0),
        ("services.gps_tag.capacity", 18.0, 36.0),
    ]


def test_an_undated_option_over_a_dated_one_holds_from_the_first_day(baseline: Scenario) -> None:
    later = baseline.change("Later", {"services.gps_tag.capacity": 36}, from_day=100)
    both = later.change("Both", {"follow_up.days": 100, "pools.iom.capacity": 80})
    assert both.before is not None
    assert both.before.title == baseline.title
    assert both.before.pools["iom"].capacity.value == 80
    assert both.before.services["gps_tag"].capacity.value == 18
    assert both.services["gps_tag"].capacity.value == 36
    assert ("before.pools.iom.capacity", 74.0, 80.0) in differences(later, both)


def test_an_option_of_the_same_day_changes_only_what_comes_after(baseline: Scenario) -> None:
    later = baseline.change("Later", {"services.gps_tag.capacity": 36}, from_day=100)
    more = later.change("More", {"services.gps_tag.capacity": 40}, from_day=100)
    assert more.before == baseline
    assert more.services["gps_tag"].capacity.value == 40


def test_a_second_date_begins_a_regime_of_its_own(baseline: Scenario) -> None:
    later = baseline.change("Later", {"services.gps_tag.capacity": 36}, from_day=100)
    more = later.change("More", {"services.gps_tag.capacity": 40}, from_day=200)
    assert more.before == later
    assert [each.services["gps_tag"].capacity.value for each in more.regimes] == [18, 36, 40]


def test_days_of_change_must_rise(baseline: Scenario) -> None:
    later = baseline.change("Later", {"services.gps_tag.capacity": 36}, from_day=100)
    raw = {**later.model_dump(), "before": later.model_dump()}
    with pytest.raises(ValueError, match="must be after the day of the change before"):
        Scenario.model_validate(raw)


def test_a_dated_combination_leaves_the_common_baseline_in_force_until_its_day(
    tmp_path: Path, baseline: Scenario
) -> None:
    extends = [str(DATA / "suspended.toml"), str(DATA / "more-tags.toml")]
    dated = _load_text(tmp_path, {"extends": extends, "title": "Both", "from_day": 50})
    together = load(DATA / "both.toml")
    assert dated.before == baseline
    assert dated.model_copy(update={"before": None, "from_day": None}) == together


def test_a_combination_with_a_dated_option_keeps_the_others_undated(tmp_path: Path) -> None:
    text = (DATA / "more-tags.toml").read_text(encoding="utf-8")
    dated = text.replace("baseline.toml", str(DATA / "baseline.toml")) + ""
    (tmp_path / "dated.toml").write_text("from_day = 9\n" + dated, encoding="utf-8")
    for order in (["dated.toml", str(DATA / "suspended.toml")],) * 2:
        scenario = _load_text(tmp_path, {"extends": order, "title": "Both"})
        order.reverse()
        assert scenario.before is not None
        assert scenario.before.sentencing == load(DATA / "suspended.toml").sentencing
        assert scenario.services == load(DATA / "more-tags.toml").services


# ---------------------------------------------------------------- writing

_WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
_SOURCES = _WORDS.filter(lambda words: bool(words.strip()))
_POSITIVE = st.floats(1e-300, 1e5)


@st.composite
def _quantities(draw: st.DrawFn, *, low: float, high: float) -> Any:
    value = draw(st.floats(low, high))
    if draw(st.booleans()):
        return value
    table: dict[str, Any] = {"value": value, "source": draw(_SOURCES), "note": draw(_WORDS)}
    if draw(st.booleans()):
        table |= {"low": draw(st.floats(low, value)), "high": draw(st.floats(value, high))}
    return table


@st.composite
def _distributions(draw: st.DrawFn) -> Any:
    three = sorted(draw(st.lists(st.floats(0, 1e5), min_size=3, max_size=3, unique=True)))
    shapes: list[dict[str, Any]] = [
        {"kind": "never"},
        {"kind": "constant", "value": three[0]},
        {"kind": "exponential", "mean": draw(_POSITIVE)},
        {"kind": "uniform", "low": three[0], "high": three[1]},
        {"kind": "triangular", "low": three[0], "mode": three[1], "high": three[2]},
        {"kind": "lognormal", "median": draw(_POSITIVE), "sigma": draw(st.floats(0, 3))},
        {"kind": "weibull", "scale": draw(_POSITIVE), "shape": draw(st.floats(0.1, 9))},
        {"kind": "empirical", "probabilities": [0, 0.5, 1], "quantiles": three},
    ]
    return draw(st.sampled_from(shapes)) | {"source": draw(_SOURCES)}


_CAPACITIES = st.just("unlimited") | st.integers(0, 10**6)
_OVERRIDES = st.fixed_dictionaries(
    {},
    optional={
        "description": _WORDS,
        "hazard.homeless_ratio": _quantities(low=0, high=1000),
        "services.gps_tag.title": _SOURCES,
        "services.gps_tag.capacity": _CAPACITIES,
        "services.gps_tag.take_up": _quantities(low=0, high=1),
        "services.gps_tag.patience_days": _distributions(),
        "services.treatment.duration_days": _distributions(),
        "services.treatment.eligible.domestic_abuse": st.booleans(),
        "services.treatment.eligible.needs_any": st.lists(st.sampled_from(["health", "family"])),
        "services.club": st.fixed_dictionaries(
            {
                "title": _SOURCES,
                "trigger": st.just({"homeless": True}),
                "referral": _quantities(low=0, high=1),
                "duration_days": _distributions(),
            }
        ),
        "costs.homeless_day_gbp": st.dictionaries(
            st.sampled_from(["nhs", "other"]), _quantities(low=0, high=1e6)
        ),
    },
)
_EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_EXAMPLES
@given(overrides=_OVERRIDES, title=_SOURCES, from_day=st.none() | st.floats(0, 1000))
def test_any_scenario_is_the_same_after_a_write_and_a_read(
    tmp_path: Path,
    baseline: Scenario,
    overrides: dict[str, Any],
    title: str,
    from_day: float | None,
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        changed = baseline.change(title, overrides, from_day=from_day)
        dated = {} if from_day is None else {"from_day": from_day}
        raw = _nested(title, overrides, extends=str(DATA / "baseline.toml"), **dated)
        assert _load_text(tmp_path, raw) == changed
    assert _written_and_read(tmp_path, changed) == changed
    assert changed.to_toml() == dump(changed)


# ---------------------------------------------------------------- what an option changes


def test_differences_speak_of_what_a_scenario_does_not_of_its_words(baseline: Scenario) -> None:
    same = {"value": 18, "source": "another", "note": "words"}
    changed = baseline.change(
        "D",
        {
            "description": "words",
            "services.gps_tag.capacity": same,
            "services.gps_tag.referral.high": 0.9,
            "services.treatment.duration_days": {"kind": "uniform", "low": 1, "high": 2.5},
            "services.iom_fixed.duration_days.mode": 100,
            "services.club": NEW_SERVICE,
            "sentencing.disposals": "pnc_2021",
        },
    )
    assert differences(baseline, changed) == [
        ("sentencing.disposals", "fine=0.7, custody=0.3", "pnc_2021"),
        ("services.iom_fixed.duration_days.mode", 180.0, 100.0),
        ("services.gps_tag.referral.high", 0.8, 0.9),
        ("services.treatment.duration_days", "exponential(mean=120)", "uniform(low=1, high=2.5)"),
        ("services.club", None, "Club"),
    ]
    assert differences(changed, baseline)[-1] == ("services.club", "Club", None)
    assert differences(baseline, baseline) == []


def test_a_new_pool_is_told_by_its_parts(baseline: Scenario) -> None:
    changed = baseline.change("P", {"pools.beds": {"capacity": 4}})
    assert differences(baseline, changed) == [("pools.beds", None, "capacity=4, order=first_come")]


@pytest.mark.parametrize(
    ("key", "value"),
    [("hazard.adult_level", 0.5), ("services.tag.order", "highest_risk")],
)
def test_what_a_person_carries_for_life_cannot_change_on_a_day(key, value):
    baseline = load(BENCHMARKS / "m2.toml")
    with pytest.raises(InputError, match="cannot be changed by an option with from_day"):
        baseline.change("later", {key: value}, from_day=100)
    assert baseline.change("at once", {key: value}) != baseline
