"""A scenario is read, extended, changed, written, and the same again after a read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from pathsim.errors import InputWarning
from pathsim.scenario import Scenario, differences, dump, load
from pathsim.scenario.distributions import Exponential
from pathsim.scenario.parameter import Quantity
from pathsim.scenario.shipped import shipped_scenarios

DATA = Path(__file__).parent / "data" / "scenarios"
REPOSITORY = Path(__file__).parent.parent
SHIPPED = sorted([*shipped_scenarios().values(), *REPOSITORY.glob("benchmarks/scenarios/*.toml")])

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
