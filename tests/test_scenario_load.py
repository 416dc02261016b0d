"""A scenario is read, extended, changed, written, and the same again after a read."""

from __future__ import annotations

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
REPOSITORY = Path(__file__).parent.parent
SHIPPED = sorted(
    [*REPOSITORY.glob("scenarios/*/*.toml"), *REPOSITORY.glob("benchmarks/scenarios/*.toml")]
)

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


# ---------------------------------------------------------------- reading and resolving


def test_a_bare_number_takes_the_source_and_grade_of_the_table_around_it(
    baseline: Scenario,
) -> None:
    assert baseline.services["treatment"].referral.source == "a treatment study"
    assert baseline.services["treatment"].referral.grade == "matched"
    assert baseline.costs.custody_day_gbp["hmpps"].source == "invented for tests"
    assert baseline.services["gps_tag"].patience_days.source == "invented for tests"


def test_a_source_of_its_own_takes_no_grade_from_the_table_around_it(tmp_path: Path) -> None:
    text = (DATA / "baseline.toml").read_text(encoding="utf-8")
    spoilt = text.replace('source = "a count", grade = "official"', 'source = "a count"')
    (tmp_path / "b.toml").write_text(spoilt, encoding="utf-8")
    assert load(tmp_path / "b.toml").services["gps_tag"].referral.grade == "assumed"


def test_an_option_says_only_what_it_changes(baseline: Scenario) -> None:
    option = load(str(DATA / "more-tags.toml"))
    assert option.title == "More tags"
    assert option.services["gps_tag"].capacity == Quantity(
        value=36, source="option: More tags", grade="choice"
    )
    assert differences(baseline, option) == [("services.gps_tag.capacity", 18.0, 36.0)]


def test_an_option_may_give_the_source_of_its_numbers() -> None:
    presumption = load(DATA / "suspended.toml").sentencing.presumption
    assert (presumption.share.source, presumption.share.grade) == ("a bill", "expert")


def test_a_source_at_the_top_of_an_option_is_that_of_all_its_numbers(
    tmp_path: Path, baseline: Scenario
) -> None:
    extends = str(DATA / "baseline.toml")
    option = _load_text(
        tmp_path,
        {"extends": extends, "title": "O", "source": "a plan", "pools": {"iom": {"capacity": 80}}},
    )
    capacity = option.pools["iom"].capacity
    assert (capacity.source, capacity.grade) == ("a plan", "assumed")
    assert option.hazard == baseline.hazard


def test_a_list_of_options_is_applied_from_left_to_right_on_one_baseline(
    baseline: Scenario,
) -> None:
    both = load(DATA / "both.toml")
    assert both.title == "Both"
    assert both.services == load(DATA / "more-tags.toml").services
    assert both.sentencing == load(DATA / "suspended.toml").sentencing
    assert both.services["gps_tag"].capacity.source == "option: More tags"
    assert both.hazard == baseline.hazard


def test_the_last_of_several_options_wins_and_the_file_itself_is_last(tmp_path: Path) -> None:
    for name, places in (("a", 20), ("b", 21)):
        raw = {"extends": str(DATA / "baseline.toml"), "title": name}
        raw["services"] = {"gps_tag": {"capacity": places, "hazard_ratio": places / 100}}
        (tmp_path / f"{name}.toml").write_text(tomli_w.dumps(raw), encoding="utf-8")
    own = {"services": {"gps_tag": {"hazard_ratio": 0.5}}}
    both = _load_text(tmp_path, {"extends": ["a.toml", "b.toml"], "title": "ab", **own})
    assert both.services["gps_tag"].capacity.value == 21
    assert both.services["gps_tag"].hazard_ratio.value == 0.5
    assert both.services["gps_tag"].hazard_ratio.source == "option: ab"


def test_options_may_extend_options_in_other_folders(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    chain = (
        (tmp_path / "b.toml", None, (DATA / "baseline.toml").read_text(encoding="utf-8")),
        (tmp_path / "deep" / "o.toml", "../b.toml", "[services.gps_tag]\ncapacity = 20\n"),
        (tmp_path / "deep" / "p.toml", "o.toml", "[services.gps_tag]\nhazard_ratio = 0.6\n"),
    )
    for path, extends, text in chain:
        head = f'extends = "{extends}"\ntitle = "{path.stem}"\n' if extends else ""
        path.write_text(head + text, encoding="utf-8")
    tag = load(tmp_path / "deep" / "p.toml").services["gps_tag"]
    assert (tag.capacity.source, tag.hazard_ratio.source) == ("option: o", "option: p")


def test_the_description_of_the_baseline_does_not_describe_the_option(baseline: Scenario) -> None:
    described = baseline.change("A", {"description": "words", "hazard.adult_level": 0.1})
    assert described.description == "words"
    assert described.change("B", {"hazard.adult_level": 0.2}).description == ""


def test_a_cohort_table_is_found_from_the_folder_of_the_file_that_names_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "deep").mkdir()
    text = f'extends = "{DATA.as_posix()}/baseline.toml"\ntitle = "T"\n[cohort]\nkind = "table"\n'
    (tmp_path / "deep" / "t.toml").write_text(text + 'file = "../people.csv"\n', encoding="utf-8")
    scenario = load(tmp_path / "deep" / "t.toml")
    assert scenario.cohort.file == str((tmp_path / "people.csv").resolve())
    again = _written_and_read(tmp_path, scenario)
    assert again == scenario


def test_a_byte_order_mark_and_other_line_ends_are_read(tmp_path: Path, baseline: Scenario) -> None:
    text = (DATA / "baseline.toml").read_text(encoding="utf-8").replace("\n", "\r\n")
    (tmp_path / "b.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load(tmp_path / "b.toml") == baseline


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_scenario_is_read_without_a_warning_and_survives_writing(
    path: Path, tmp_path: Path
) -> None:
    scenario = load(path)
    assert _written_and_read(tmp_path, scenario) == scenario


# ---------------------------------------------------------------- what an override replaces


def test_a_bare_number_drops_the_interval_and_keeps_the_price_year(baseline: Scenario) -> None:
    price = baseline.change("P", {"services.gps_tag.cost_per_day_gbp": 15})
    assert price.services["gps_tag"].cost_per_day_gbp == Quantity(
        value=15, source="option: P", grade="choice", price_year="2021/22"
    )


def test_a_table_with_a_value_replaces_the_quantity_whole(baseline: Scenario) -> None:
    option = baseline.change("P", {"services.gps_tag.cost_per_day_gbp": {"value": 15}})
    assert option.services["gps_tag"].cost_per_day_gbp == Quantity(
        value=15, source="option: P", grade="choice"
    )


def test_a_table_without_a_value_changes_only_what_it_says(baseline: Scenario) -> None:
    option = baseline.change("P", {"services.gps_tag.referral.high": 0.7})
    assert option.services["gps_tag"].referral == Quantity(
        value=0.6, low=0.4, high=0.7, source="a count", grade="official"
    )


def test_a_bare_number_replaces_a_distribution_by_a_constant(baseline: Scenario) -> None:
    duration = baseline.change("D", {"services.iom_fixed.duration_days": 40})
    found = duration.services["iom_fixed"].duration_days
    assert (found.kind, found.expected(), found.grade) == ("constant", 40, "choice")


def test_a_distribution_of_another_kind_replaces_the_old_one_whole(baseline: Scenario) -> None:
    key = "services.iom_fixed.duration_days"
    option = baseline.change("D", {key: {"kind": "exponential", "mean": 40}})
    assert option.services["iom_fixed"].duration_days == Exponential(
        mean=40, source="option: D", grade="choice"
    )


def test_a_parameter_of_a_distribution_changes_and_the_old_source_and_note_go(
    baseline: Scenario,
) -> None:
    option = baseline.change("D", {"services.treatment.duration_days.mean": 40})
    assert option.services["treatment"].duration_days == Exponential(
        mean=40, source="option: D", grade="choice"
    )


def test_a_mix_of_disposals_replaces_a_named_table_and_is_merged_by_key(
    baseline: Scenario,
) -> None:
    tabled = baseline.change("T", {"sentencing.disposals": "pnc_2021"})
    assert tabled.sentencing.disposals == "pnc_2021"
    mixed = tabled.change("M", {"sentencing.disposals": {"fine": 1}})
    assert mixed.sentencing.disposals.source == "option: M"
    changed = baseline.change(
        "C", {"sentencing.disposals.fine": 0.5, "sentencing.disposals.caution": 0.2}
    )
    assert changed.sentencing.disposals.custody == 0.3
    assert changed.sentencing.disposals.source == "option: C"


def test_unlimited_and_a_number_of_places_replace_one_another(baseline: Scenario) -> None:
    free = baseline.change("U", {"services.gps_tag.capacity": "unlimited"})
    assert free.services["gps_tag"].capacity == "unlimited"
    bound = free.change("B", {"services.gps_tag.capacity": 4})
    assert bound.services["gps_tag"].capacity.source == "option: B"


def test_a_new_service_and_everything_in_it_has_the_options_source(baseline: Scenario) -> None:
    club = baseline.change("New", {"services.club": NEW_SERVICE}).services["club"]
    assert (club.referral.source, club.referral.grade) == ("option: New", "choice")
    assert (club.duration_days.source, club.duration_days.grade) == ("option: New", "choice")
    assert (club.after_ratio.source, club.after_ratio.grade) == ("a study", "assumed")


def test_a_cohort_of_another_kind_replaces_the_old_one_whole(baseline: Scenario) -> None:
    option = baseline.change("T", {"cohort": {"kind": "table", "file": "/p.csv"}})
    assert option.cohort.model_dump() == {"kind": "table", "file": "/p.csv"}


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
@pytest.mark.parametrize("from_day", [None, 100])
def test_change_says_the_same_as_a_file(
    tmp_path: Path, baseline: Scenario, overrides: dict[str, Any], from_day: float | None
) -> None:
    if from_day is not None and "cohort.rows" in overrides:
        pytest.skip("a dated option cannot change the cohort")
    dated = {} if from_day is None else {"from_day": from_day}
    raw = _nested("C", overrides, extends=str(DATA / "baseline.toml"), **dated)
    changed = baseline.change("C", overrides, from_day=from_day)
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
        ({"pools.iom.capacity": 1, "pools.iom": {"capacity": 2}}, "capacity: is said twice"),
        ({"title.x": 1}, "title.x: is said twice, once within 'title'"),
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


def test_a_second_date_is_refused(baseline: Scenario) -> None:
    later = baseline.change("Later", {"services.gps_tag.capacity": 36}, from_day=100)
    with pytest.raises(InputError, match="only one date of change is possible") as refusal:
        later.change("More", {"services.gps_tag.capacity": 40}, from_day=200)
    assert "found 200; allowed: 100" in str(refusal.value)


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


# ---------------------------------------------------------------- options that change nothing


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[services.gps_tag]\ncapacity = 18\n",
        '[services.gps_tag]\ncapacity = { value = 18, source = "another" }\n',
        "from_day = 30\n",
        'description = "words"\n',
    ],
)
def test_an_option_that_changes_nothing_is_warned_of(tmp_path: Path, text: str) -> None:
    path = tmp_path / "idle.toml"
    path.write_text(f'extends = "{DATA}/baseline.toml"\ntitle = "Idle"\n{text}', encoding="utf-8")
    with pytest.warns(
        InputWarning, match=r"idle\.toml: changes nothing of 'Small baseline'"
    ) as seen:
        load(path)
    assert [Path(each.filename).name for each in seen] == [Path(__file__).name]


def test_a_combination_is_not_warned_of_but_an_idle_part_of_it_is(tmp_path: Path) -> None:
    load(DATA / "both.toml")
    (tmp_path / "idle.toml").write_text(f'extends = "{DATA}/baseline.toml"\ntitle = "Idle"\n')
    (tmp_path / "both.toml").write_text(
        f'extends = ["idle.toml", "{DATA}/more-tags.toml"]\ntitle = "Both"\n'
    )
    with pytest.warns(InputWarning) as seen:
        load(tmp_path / "both.toml")
    assert len(seen) == 1


def test_change_warns_as_a_file_does_but_not_of_a_plain_copy(baseline: Scenario) -> None:
    assert baseline.change("Copy", {}).services == baseline.services
    with pytest.warns(InputWarning, match="Same: changes nothing"):
        baseline.change("Same", {"services.gps_tag.capacity": 18})


# ---------------------------------------------------------------- writing

_WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
_SOURCES = _WORDS.filter(lambda words: bool(words.strip()))
_POSITIVE = st.floats(1e-300, 1e300, allow_subnormal=True)


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
    three = sorted(draw(st.lists(st.floats(0, 1e9), min_size=3, max_size=3, unique=True)))
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
        "hazard.adult_level": _quantities(low=0, high=1e300),
        "services.gps_tag.title": _WORDS,
        "services.gps_tag.capacity": _CAPACITIES,
        "services.gps_tag.take_up": _quantities(low=0, high=1),
        "services.gps_tag.patience_days": _distributions(),
        "services.treatment.duration_days": _distributions(),
        "services.treatment.eligible.domestic_abuse": st.booleans(),
        "services.treatment.eligible.needs_any": st.lists(st.sampled_from(["health", "family"])),
        "services.club": st.fixed_dictionaries(
            {
                "title": _WORDS,
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
        ("sentencing.disposals", "disposalmix", "pnc_2021"),
        ("services.iom_fixed.duration_days.mode", 180.0, 100.0),
        ("services.gps_tag.referral.high", 0.8, 0.9),
        ("services.treatment.duration_days", "exponential(mean=120)", "uniform(low=1, high=2.5)"),
        ("services.club", None, "Club"),
    ]
    assert differences(changed, baseline)[-1] == ("services.club", "Club", None)
    assert differences(baseline, baseline) == []
