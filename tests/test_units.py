"""Values that no system has are refused; values in another unit draw a warning."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest

from pathsim.errors import InputError, UnusualWarning
from pathsim.outcomes.verbs import run
from pathsim.scenario.annotations import is_distribution, pick
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Quantity, Strict
from pathsim.scenario.shipped import shipped_scenarios
from pathsim.scenario.units import Usual
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


def test_percentages_among_shares_that_sum_to_1_are_told_as_such(tmp_path):
    with pytest.raises(InputError) as refusal:
        loaded(tmp_path, "disposals = { fine = 1.0 }", "disposals = { fine = 70, custody = 30 }")
    told = [str(each).split("disposals.")[1] for each in refusal.value.problems]
    assert told == [
        "custody: is out of range; 30 percent is 0.3; found 30; allowed: 1 or less",
        "fine: is out of range; 70 percent is 0.7; found 70; allowed: 1 or less",
    ]
    table = '{ kind = "empirical", probabilities = [0, 50, 100], quantiles = [1, 20, 40] }'
    with pytest.raises(InputError, match=r"must rise from 0 to 1; 100 percent is 1$"):
        loaded(tmp_path, "duration_days = 60", f"duration_days = {table}")


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
        "unusual; usually 0.1 to 3; is this a percentage or a reduction? 75 percent is 0.75, a "
        "reduction of 5 percent is 0.95",
    ),
    "twelve months": (
        "days = 365\nwaiting",
        "days = 12\nwaiting",
        "s.toml:13: follow_up.days: 12 days is unusual; are these 12 weeks or months? 84 or 365 "
        "days",
    ),
    "sentences in months": (
        "custody_days = 30",
        'custody_days = { kind = "exponential", mean = 9 }',
        "s.toml:25: sentencing.custody_days: 9 days is unusual; usually 28 to 14,610; are these "
        "months, weeks or years? a month has 30.44 days, a year 365.25",
    ),
    "a rate a year": (
        "adult_level = 0.003",
        "adult_level = 0.35",
        "s.toml:20: hazard.adult_level: 0.35 reoffences a day is unusual; usually 0 to 0.05; is "
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
        "s.toml:35: services.mentor.cost_per_start_gbp: 0.5 pounds a start is unusual; usually 10 "
        "to 200,000; is this in thousands of pounds?",
    ),
    "a total": (
        "police = 200",
        "police = 9_000_000",
        "s.toml:39: costs.reoffence_gbp.theft.police: 9,000,000 pounds an offence is unusual; "
        "usually 1 to 50,000; is this a total, in pence, or for a year?",
    ),
    "a shape in percent": (
        "youth_level = 0.003",
        "youth_level = 0.003\nshape = { from_days = [0, 90], ratios = [75.0, 1.0] }",
        "s.toml:22: hazard.shape.ratios[0]: 75 times the rate (1 changes nothing) is unusual; "
        "usually 0.1 to 10; is this a percentage? 75 percent is 0.75",
    ),
    "a shape in months": (
        "youth_level = 0.003",
        "youth_level = 0.003\nshape = { from_days = [0, 3], ratios = [2.0, 1.0] }",
        "s.toml:22: hazard.shape.from_days[1]: 3 days is unusual; are these 3 weeks or months? "
        "21 or 91 days",
    ),
    "a floor in percent": (
        "youth_level = 0.003",
        "youth_level = 0.003\ncombined_floor = 50",
        "s.toml:22: hazard.combined_floor: 50 times the rate (0 is no floor) is unusual; usually 0 "
        "to 1; is this a percentage? 75 percent is 0.75",
    ),
    "severity in pounds": (
        "[costs]",
        "[offending]\nseverity = { theft = 1e5 }\n[costs]",
        "s.toml:39: offending.severity.theft: 100,000 as a weight is unusual; usually 0.001 to "
        "10,000; is this a price in pounds?",
    ),
    "people a year for places": (
        "capacity = 6",
        "capacity = 300_000",
        "s.toml:31: services.mentor.capacity: 300,000 places at a time is unusual; usually 0 to "
        "200,000; is this the number of people or of days a year?",
    ),
    "a reduction": (
        "hazard_ratio = 0.2",
        "hazard_ratio = 0.05",
        "s.toml:34: services.mentor.hazard_ratio: 0.05 times the rate (1 changes nothing) is "
        "unusual; usually 0.1 to 3; is this a reduction? 5 percent less is 0.95",
    ),
    "one day": (
        "days = 365\nwaiting",
        "days = 1\nwaiting",
        "s.toml:13: follow_up.days: 1 day is unusual; usually 7 to 7,310; are these months, "
        "weeks or years? a month has 30.44 days, a year 365.25",
    ),
    "a code for an age": (
        FIRST_ROW,
        "{ age = 99, people = 60, sex",
        "s.toml:8: cohort.rows[0].age: 99 years is unusual; usually 10 to 96; is this a code for "
        "what is not known, such as 99?",
    ),
    "a code for offences": (
        FIRST_ROW,
        "{ previous_offences = 999, people = 60, sex",
        "s.toml:8: cohort.rows[0].previous_offences: 999 offences is unusual; usually 0 to 300; "
        "is this a code for what is not known, such as 999?",
    ),
    "a year": (
        FIRST_ROW,
        "{ start_day = 2021, people = 60, sex",
        "s.toml:8: cohort.rows[0].start_day: 2,021 days from the first day of the intake is "
        "unusual; usually 0 to 1,830; is this a year or a date? days are counted from the first "
        "day of the intake",
    ),
    "a percentage as a scale": (
        "[cohort]",
        "scale = 50\n[cohort]",
        "s.toml:5: scale: 50 times the places (1 changes nothing) is unusual; usually 0.001 to "
        "40; is this a percentage? 75 percent is 0.75",
    ),
    "people in thousands": (
        "[cohort]",
        "places_for = 7\n[cohort]",
        "s.toml:5: places_for: 7 people is unusual; usually 50 or more; is this in thousands of "
        "people?",
    ),
    "the end of an interval": (
        "hazard_ratio = 0.2",
        "hazard_ratio = { value = 0.8, low = 0.7, high = 90 }",
        "s.toml:34: services.mentor.hazard_ratio.high: 90 times the rate (1 changes nothing) is "
        "unusual; usually 0.1 to 3; is this a percentage or a reduction? 75 percent is 0.75, a "
        "reduction of 5 percent is 0.95",
    ),
    "a median is not called the mean": (
        "duration_days = 60",
        'duration_days = { kind = "lognormal", median = 7200, sigma = 0.76 }',
        "s.toml:33: services.mentor.duration_days: lognormal(median=7200, sigma=0.76) has a mean "
        "of 9,610.74 days, which is unusual; usually 0.04 to 7,310; are these hours or "
        "minutes?",
    ),
    "the middle of a range is not called its value": (
        "custody_days = 30",
        'custody_days = { kind = "uniform", low = 1, high = 3 }',
        "s.toml:25: sentencing.custody_days: uniform(low=1, high=3) has a mean of 2 days, which "
        "is unusual; usually 28 to 14,610; are these months, weeks or years? a month has 30.44 "
        "days, a year 365.25",
    ),
    "a spread in days": (
        "duration_days = 60",
        'duration_days = { kind = "lognormal", median = 2, sigma = 3 }',
        "s.toml:33: services.mentor.duration_days.sigma: 3 on the scale of logarithms is unusual; "
        "usually 0.01 to 2.5; is this in days?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSUAL)
def test_a_value_in_another_unit_draws_a_warning(tmp_path, case):
    old, new, message = UNUSUAL[case]
    assert loaded(tmp_path, old, new) == [message]


_SHARE = "a share: what is above 1 is refused, and told as a percentage"
_ANY_NUMBER = {
    r"cohort\.(need_prevalence\..*|domestic_abuse_share)": _SHARE,
    r"areas\.any\.share": _SHARE,
    r"cohort\.entry_shares\.any\.any": _SHARE,
    r"cohort\.need_(risk_)?correlation": "a correlation: what is above 1 is refused",
    r"cohort\.seed": "a name more than a number",
    r"cohort\.rows\.item\.people": "a row may be one person",
    r"offending\.same_group_share": _SHARE,
    r"courts\.(proof|crown|magistrates_remand|crown_remand)_share(\..*)?": _SHARE,
    r"sentencing\.disposals\..*": "shares that must sum to 1",
    r"sentencing\.(presumption\.share|breach\.custody_share|activation_share)": _SHARE,
    r"sentencing\.diversion\.(adult|youth)": _SHARE,
    r"custody\.release_point\..*": _SHARE,
    r"custody\.(curfew\.share|recall\.fixed_term_share|refill_share)": _SHARE,
    r"accommodation\.(at_disposal|on_release)\..*": "shares that must sum to 1",
    r"services\.any\.(referral|take_up|drop_out_share|exit_settled_share)": _SHARE,
    r"services\.any\.custody_ratio": _SHARE,
    r".*\.(low|mode|high|median|mean|scale|value|quantiles\.item)": "checked by its mean",
    r".*\.studies\.item\..*": "a study's figure stays as the study gave it",
    r".*\.probabilities\.item": "must rise from 0 to 1",
}
"""Keys without a usual range, and why."""


def numeric_keys(annotation: Any, notes: tuple[Any, ...], path: str) -> Iterator[tuple[str, bool]]:
    """Give every key of a number, and whether a usual range stands beside it."""
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        notes = (*notes, *more)
    if get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from numeric_keys(each, notes, path)
    elif get_origin(annotation) in (dict, tuple):
        within = "any" if get_origin(annotation) is dict else "item"
        inner = get_args(annotation)[1 if within == "any" else 0]
        yield from numeric_keys(inner, (), f"{path}.{within}")
    elif annotation in (float, int) or pick(annotation, 1) is Quantity:
        yield path, any(isinstance(each, Usual) for each in notes)
    elif isinstance(annotation, type) and issubclass(annotation, Strict):
        if is_distribution(annotation):
            yield path, any(isinstance(each, Usual) for each in notes)
        for name, field in annotation.model_fields.items():
            if name not in ("before", "schema_version"):
                below = f"{path}.{name}".lstrip(".")
                yield from numeric_keys(field.annotation, tuple(field.metadata), below)


def test_every_number_has_a_usual_range_or_a_reason_to_have_none():
    found: dict[str, bool] = {}
    for key, has_range in numeric_keys(Scenario, (), ""):
        found[key] = found.get(key, False) or has_range
    assert len(found) > 150
    assert found["hazard.shape.ratios.item"]
    bare = [key for key, has_range in found.items() if not has_range]
    unexplained = [key for key in bare if not any(re.fullmatch(one, key) for one in _ANY_NUMBER)]
    assert unexplained == []
    idle = [one for one in _ANY_NUMBER if not any(re.fullmatch(one, key) for key in bare)]
    assert idle == []


def test_what_held_before_a_dated_option_is_told_where_it_is_said(tmp_path):
    text = BASELINE.replace("hazard_ratio = 0.2", "hazard_ratio = 75")
    (tmp_path / "baseline.toml").write_text(text, encoding="utf-8")
    option = 'extends = "baseline.toml"\ntitle = "x"\nfrom_day = 90\n'
    ratio = "services.mentor.hazard_ratio = 0.8\n"
    (tmp_path / "option.toml").write_text(option + ratio, encoding="utf-8")
    with pytest.warns(UnusualWarning, match=r"baseline\.toml:34: .*hazard_ratio: 75 ") as caught:
        load(tmp_path / "option.toml")
    assert len(caught) == 1


@pytest.mark.parametrize(
    ("from_day", "told"), [(2022, "2,022"), (-45_000, "-45,000"), (90, ""), (-365, "")]
)
def test_a_year_or_a_date_as_the_day_of_an_option_is_told(tmp_path, from_day, told):
    scenario = load(write_scenarios(tmp_path) / "baseline.toml")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        scenario.change("x", {"services.mentor.capacity": 9}, from_day=from_day)
    assert [str(each.message) for each in caught] == [
        f"from_day: {told} days from the first day of the intake is unusual; usually -1,830 to "
        "1,830; is this a year or a date? days are counted from the first day of the intake"
    ] * bool(told)


def test_a_scale_that_is_asked_for_is_warned_of_too(tmp_path):
    baseline = load(write_scenarios(tmp_path) / "baseline.toml")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(baseline, replications=1, scale=75)
    (unusual,) = (each for each in caught if each.category is UnusualWarning)
    assert str(unusual.message).startswith("scale: 75 times the places (1 changes nothing) is ")
    assert unusual.filename == __file__


def test_a_change_is_warned_of_where_it_is_made_and_only_for_what_it_changes(tmp_path):
    scenario = load(write_scenarios(tmp_path) / "baseline.toml")
    with pytest.warns(UnusualWarning, match=r"^services.mentor.after_ratio: 60 times") as caught:
        changed = scenario.change("x", {"services.mentor.after_ratio": 60})
    assert [each.filename for each in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        changed.change("y", {"services.mentor.capacity": 9})


@pytest.mark.parametrize(
    ("several", "last"),
    [
        (25, "and 15 more values outside their usual range"),
        (11, "and 1 more value outside its usual range"),
    ],
)
def test_many_unusual_values_are_counted(tmp_path, several, last):
    rows = "".join("{ people = 1, risk_percent = 0.5 },\n" for _ in range(several))
    found = loaded(tmp_path, "rows = [", f"rows = [\n{rows}")
    assert len(found) == 11
    assert found[-1] == last


@pytest.mark.parametrize("path", shipped_scenarios().values(), ids=lambda path: path.stem)
def test_no_shipped_scenario_has_an_unusual_value(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load(path)
