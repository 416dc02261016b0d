"""The usual value of a key in another unit draws a warning; what is sensible draws none."""

from __future__ import annotations

import re

import pytest

from test_units import FIRST_ROW, loaded

ROW = FIRST_ROW + ' = "male", disposal = "community_order"'
FOLLOW_UP = "days = 365\nwaiting_days = 0\nintake_days = 365"
AMOUNTS = "{ society = 1000, police = 200 } }"
_OF_A_LENGTH = "are these months, weeks or years? a month has 30.44 days, a year 365.25"
_OF_AN_EFFECT = (
    "is this a percentage or a reduction? 75 percent is 0.75, a reduction of 5 percent is 0.95"
)
_OF_A_RATE = "is this a rate a year, or a share? a rate a year of 0.2 is 0.2 / 365.25 a day"
SLIPS = {
    "months of custody": (
        "custody_days = 30",
        "custody_days = 21",
        f"sentencing.custody_days: 21 days is unusual; usually 28 to 14,610; {_OF_A_LENGTH}",
    ),
    "months of custody, drawn": (
        "custody_days = 30",
        'custody_days = { kind = "lognormal", median = 14, sigma = 0.8 }',
        "sentencing.custody_days: lognormal(median=14, sigma=0.8) has a mean of 19.2798 days, "
        f"which is unusual; usually 28 to 14,610; {_OF_A_LENGTH}",
    ),
    "a presumption in months": (
        "[costs]",
        "[sentencing.presumption]\nshare = 0.5\nmax_days = 12\n[costs]",
        "sentencing.presumption.max_days: 12 days is unusual; usually 28 to 1,830; "
        f"{_OF_A_LENGTH}",
    ),
    "an effect in weeks": (
        "[costs]",
        "[sentencing.presumption]\nhazard_ratio = 0.9\neffect_days = 52\n[costs]",
        "sentencing.presumption.effect_days: 52 days is unusual; are these 52 weeks? 364 days",
    ),
    "a curfew in months": (
        "[costs]",
        "[custody.curfew]\nmax_sentence_days = 48\n[costs]",
        "custody.curfew.max_sentence_days: 48 days is unusual; usually 84 to 36,525; "
        f"{_OF_A_LENGTH}",
    ),
    "a curfew in weeks": (
        "[costs]",
        "[custody.curfew]\nmin_sentence_days = 12\n[costs]",
        "custody.curfew.min_sentence_days: 12 days is unusual; are these 12 weeks or months? 84 "
        "or 365 days",
    ),
    "a follow-up in weeks": (
        "days = 365\nwaiting",
        "days = 52\nwaiting",
        "follow_up.days: 52 days is unusual; are these 52 weeks? 364 days",
    ),
    "a waiting in weeks": (
        "waiting_days = 0",
        "waiting_days = 26",
        "follow_up.waiting_days: 26 days is unusual; are these 26 weeks? 182 days",
    ),
    "an intake in weeks": (
        "intake_days = 365",
        "intake_days = 52",
        "follow_up.intake_days: 52 days is unusual; are these 52 weeks? 364 days",
    ),
    "an order in weeks": (
        "custody_days = 30",
        "custody_days = 30\ncommunity_order_days = 52",
        "sentencing.community_order_days: 52 days is unusual; are these 52 weeks? 364 days",
    ),
    "an after-effect in months": (
        "duration_days = 60",
        "duration_days = 60\nafter_ratio = 0.8\nafter_days = 12",
        "services.mentor.after_days: 12 days is unusual; are these 12 weeks or months? 84 or 365 "
        "days",
    ),
    "a service in months": (
        "duration_days = 60",
        "duration_days = 6",
        "services.mentor.duration_days: 6 days is unusual; are these 6 weeks or months? 42 or 183 "
        "days",
    ),
    "a mean in months": (
        "duration_days = 60",
        'duration_days = { kind = "exponential", mean = 6 }',
        "services.mentor.duration_days: 6 days is unusual; are these 6 weeks or months? 42 or 183 "
        "days",
    ),
    "a row's sentence in months": (
        ROW,
        '{ sentence_days = 12, people = 60, sex = "male", disposal = "custody"',
        "cohort.rows[0].sentence_days: 12 days is unusual; are these 12 weeks or months? 84 or "
        "365 days",
    ),
    "a reduction in percent": (
        "hazard_ratio = 0.2",
        "hazard_ratio = 5",
        "services.mentor.hazard_ratio: 5 times the rate (1 changes nothing) is unusual; usually "
        f"0.1 to 3; {_OF_AN_EFFECT}",
    ),
    "a start in thousands": (
        "cost_per_start_gbp = 500",
        "cost_per_start_gbp = 2.5",
        "services.mentor.cost_per_start_gbp: 2.5 pounds a start is unusual; usually 10 to "
        "200,000; is this in thousands of pounds?",
    ),
    "an offence in pence": (
        "society = 1000",
        "society = 100_000",
        "costs.reoffence_gbp.theft.society: 100,000 pounds an offence is unusual; usually 1 to "
        "50,000; is this a total, in pence, or for a year?",
    ),
    "an offence in thousands": (
        AMOUNTS,
        "{ society = 1.2 } }",
        "costs.reoffence_gbp.theft.society: 1.2 pounds an offence is unusual; usually 50 to "
        "5,000,000; is this in thousands of pounds?",
    ),
    "reoffences a year": (
        "adult_level = 0.003",
        "adult_level = 0.09",
        "hazard.adult_level: 0.09 reoffences a day is unusual; usually 0 to 0.05; "
        f"{_OF_A_RATE}",
    ),
    "breaches a year": (
        "custody_days = 30",
        "custody_days = 30\nbreach.community_order_per_day = 0.08",
        "sentencing.breach.community_order_per_day: 0.08 a day is unusual; usually 0 to 0.02; "
        f"{_OF_A_RATE}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SLIPS)
def test_the_usual_value_in_another_unit_draws_one_warning(tmp_path, case):
    old, new, message = SLIPS[case]
    (said,) = loaded(tmp_path, old, new)
    assert re.sub(r"^s\.toml:\d+: ", "", said) == message


SENSIBLE = {
    "a meeting of two hours": ("duration_days = 60", "duration_days = 0.1"),
    "a quarter of a day": ("duration_days = 60", "duration_days = 0.25"),
    "a register for life": ("duration_days = 60", "duration_days = 5479"),
    "an effect of twenty years": (
        "duration_days = 60",
        "duration_days = 60\nafter_ratio = 0.8\nafter_days = 7305",
    ),
    "a short follow-up": (FOLLOW_UP, "days = 14\nwaiting_days = 7\nintake_days = 1"),
    "a long follow-up": (FOLLOW_UP, "days = 5479\nwaiting_days = 182.5\nintake_days = 7"),
    "a small part of a price": (
        AMOUNTS,
        "{ pcc = 10, nhs = 4 } }\ncaution_gbp = { police = 8 }\nbreach_gbp = { courts_cps = 15 }",
    ),
    "a dear offence": (AMOUNTS, "{ police = 200 }, sexual = { society = 90_000 } }"),
    "the first days": (
        "youth_level = 0.003",
        "youth_level = 0.003\nshape = { from_days = [0, 2, 14], ratios = [3.0, 2.0, 1.0] }",
    ),
    "a first night": ("[costs]", "[accommodation]\nhomeless_to_temporary_per_day = 0.5\n[costs]"),
    "courts at once": (
        "[costs]",
        "[courts]\nmagistrates_delay_days = 0.5\nout_of_court_delay_days = 0.1\n[costs]",
    ),
    "no patience": ("patience_days = 20", "patience_days = 0.25"),
    "four weeks of custody": ("custody_days = 30", "custody_days = 28"),
    "custody for life": ("custody_days = 30", "custody_days = 7500"),
    "a text message": ("cost_per_start_gbp = 500", "cost_per_referral_gbp = 0.2"),
    "a bracelet": (
        "cost_per_start_gbp = 500",
        "cost_per_day_gbp = 0.02\ncost_per_place_year_gbp = 60",
    ),
    "hardly a floor": (
        "youth_level = 0.003",
        "youth_level = 0.003\ncombined_floor = 0.02\nfrailty_sigma = 0.04",
    ),
    "an old man": (FIRST_ROW, "{ age = 96, people = 60, sex"),
    "a mean that is round by chance": (
        "duration_days = 60",
        'duration_days = { kind = "triangular", low = 1, mode = 7, high = 28 }',
    ),
}


@pytest.mark.parametrize("case", SENSIBLE)
def test_what_is_sensible_draws_no_warning(tmp_path, case):
    assert loaded(tmp_path, *SENSIBLE[case]) == []
