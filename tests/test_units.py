"""Values that no system has are refused; values in another unit draw a warning."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from pathsim.errors import InputError, UnusualWarning
from pathsim.scenario.load import load
from small_scenario import BASELINE, write_scenarios

SHIPPED = Path(__file__).parents[1] / "scenarios"
FIRST_ROW = "{ people = 60, sex"


def loaded(folder: Path, old: str, new: str) -> list[str]:
    """Return the warnings of the small scenario with `old` replaced."""
    assert old in BASELINE
    (folder / "s.toml").write_text(BASELINE.replace(old, new), encoding="utf-8")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load(folder / "s.toml")
    assert all(issubclass(each.category, UnusualWarning) for each in caught)
    assert all(each.filename == __file__ for each in caught), "told at the caller's line"
    return [str(each.message).removeprefix(f"{folder}/") for each in caught]


REFUSED = {
    "a review each nanosecond": ("[costs]", "[pools.p]\ncapacity = 1\nreview_days = 1e-9\n[costs]"),
    "an intake of ages": ("intake_days = 365", "intake_days = 1e9"),
    "a start in a million years": (FIRST_ROW, "{ start_day = 1e12, people = 60, sex"),
    "a follow-up of ages": ("days = 365\nwaiting", "days = 1e12\nwaiting"),
    "a risk of 100%": (FIRST_ROW, "{ risk_percent = 100, people = 60, sex"),
    "people beyond counting": ("people = 60", "people = 9223372036854775808"),
    "people beyond memory": ("people = 60", "people = 1_499_999"),
    "places beyond 2^63": ("capacity = 6", "capacity = 9223372036854775808"),
    "places beyond 2^1024": ("capacity = 6", f"capacity = 1{'0' * 400}"),
    "a price beyond all money": ("cost_per_start_gbp = 500", "cost_per_start_gbp = 1e308"),
    "a hazard without bound": ("adult_level = 0.003", "adult_level = 1e300"),
    "a stay of no time": ("duration_days = 60", "houses = true\nduration_days = 1e-9"),
    "a Weibull without a mean": (
        "duration_days = 60",
        'duration_days = { kind = "weibull", scale = 1, shape = 1e-9 }',
    ),
    "a lognormal without a mean": (
        "duration_days = 60",
        'duration_days = { kind = "lognormal", median = 1, sigma = 99 }',
    ),
    "a sentence without a length": ("custody_days = 30", 'custody_days = { kind = "never" }'),
    "a seed beyond 2^64": (BASELINE.split("[cohort]")[1].split("[follow_up]")[0], f"""
kind = "pnc_2021"
adults = 100
youths = 5
bcp_share = 0.5
need_prevalence = {{ accommodation = 0.1, employment = 0.1, health = 0.1, drugs_alcohol = 0.1, \
finance = 0.1, family = 0.1, attitudes = 0.1 }}
need_correlation = 0.1
need_risk_correlation = 0.1
domestic_abuse_share = 0.1
seed = {2**64}
"""),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_system_has_is_refused_with_one_line(tmp_path, case):
    with pytest.raises(InputError) as refusal:
        loaded(tmp_path, *REFUSED[case])
    (problem,) = refusal.value.problems
    assert problem.line is not None or "people in all" in problem.allowed
    assert problem.key


def test_a_percentage_in_place_of_a_share_is_told_as_one(tmp_path):
    with pytest.raises(InputError, match=r"out of range; 35 percent is 0\.35; found 35; allowed"):
        loaded(tmp_path, "referral = 0.9", "referral = 35")


@pytest.mark.parametrize(
    "where",
    [
        "sentencing.community_order_days",
        "sentencing.suspended_sentence_days",
        "sentencing.breach.custody_days",
        "custody.recall.standard_days",
        "courts.crown_delay_days",
        "courts.magistrates_delay_days",
        "courts.out_of_court_delay_days",
    ],
)
def test_what_must_end_is_never_without_end(tmp_path, where):
    scenario = load(write_scenarios(tmp_path) / "baseline.toml")
    never = {"kind": "never", "source": "a test"}
    with pytest.raises(InputError, match=f"{where}: has the unknown kind 'never'; allowed: const"):
        scenario.change("x", {where: never})
    scenario.change("x", {"services.mentor.duration_days": never})


UNUSUAL = {
    "a percentage": (
        "hazard_ratio = 0.2",
        "hazard_ratio = 75",
        "s.toml:34: services.mentor.hazard_ratio: 75 times the rate (1 changes nothing) is "
        "unusual; usually 0.1 to 10; is this a percentage? 75 percent is 0.75",
    ),
    "twelve months": (
        "days = 365\nwaiting",
        "days = 12\nwaiting",
        "s.toml:13: follow_up.days: 12 days is unusual; usually 28 to 3,660; are these months, "
        "weeks or years? a month has 30.44 days, a year 365.25",
    ),
    "sentences in months": (
        "custody_days = 30",
        'custody_days = { kind = "exponential", mean = 9 }',
        "s.toml:25: sentencing.custody_days: 9 days is unusual; usually 14 to 7,300; are these "
        "months, weeks or years? a month has 30.44 days, a year 365.25",
    ),
    "a rate a year": (
        "adult_level = 0.003",
        "adult_level = 0.35",
        "s.toml:20: hazard.adult_level: 0.35 reoffences a day is unusual; usually 0 to 0.1; is "
        "this a rate a year, or a share? a rate a year of 0.2 is 0.2 / 365.25 a day",
    ),
    "a share for a percentage": (
        FIRST_ROW,
        "{ risk_percent = 0.35, people = 60, sex",
        "s.toml:8: cohort.rows[0].risk_percent: 0.35 percent is unusual; usually 1 to 99.9; is "
        "this a share? 0.35 is 35 percent",
    ),
    "thousands of pounds": (
        "cost_per_start_gbp = 500",
        "cost_per_start_gbp = 0.5",
        "s.toml:35: services.mentor.cost_per_start_gbp: 0.5 pounds a start is unusual; usually 1 "
        "to 200,000; is this in thousands of pounds?",
    ),
    "a total": (
        "police = 200",
        "police = 9_000_000",
        "s.toml:39: costs.reoffence_gbp.theft.police: 9,000,000 pounds an offence is unusual; "
        "usually 20 to 5,000,000; is this a total, in pence, or for a year?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSUAL)
def test_a_value_in_another_unit_draws_a_warning(tmp_path, case):
    old, new, message = UNUSUAL[case]
    assert loaded(tmp_path, old, new) == [message]


def test_a_change_is_warned_of_where_it_is_made_and_only_for_what_it_changes(tmp_path):
    scenario = load(write_scenarios(tmp_path) / "baseline.toml")
    with pytest.warns(UnusualWarning, match=r"^services.mentor.after_ratio: 60 times") as caught:
        changed = scenario.change("x", {"services.mentor.after_ratio": 60})
    assert [each.filename for each in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        changed.change("y", {"services.mentor.capacity": 9})


def test_many_unusual_values_are_counted(tmp_path):
    rows = "".join("{ people = 1, risk_percent = 0.5 },\n" for _ in range(25))
    found = loaded(tmp_path, "rows = [", f"rows = [\n{rows}")
    assert len(found) == 11
    assert found[-1] == "and 15 more values outside their usual range"


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.toml")), ids=lambda path: path.stem)
def test_no_shipped_scenario_has_an_unusual_value(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load(path)
