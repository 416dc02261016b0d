"""A scenario in which every mechanism is at work, each with values that make a difference."""

from __future__ import annotations

from typing import Any

from pathsim.vocabulary import OFFENCE_GROUPS

SAID = {"source": "made for a test", "grade": "definition"}
WINDOW = 120.0
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
    "areas": {"bay": {"title": "Bay", "share": 0.4}, "hills": {"title": "Hills"}},
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
        "shared": {"capacity": 2, "max_queue": 3},
        "reviewed": {"capacity": 2, "review_days": 10.0},
    },
    "services": {
        "limited": service(
            "Limited",
            disposals=("community_order", "caution"),
            capacity=3,
            max_queue=2,
            cost_per_place_year_gbp=1000.1,
            ends_on=["custody", "reoffence"],
        ),
        "unlimited": service("Unlimited", trigger={"reoffence": True, "release": True}),
        "pooled": service("Pooled", disposals=("suspended_sentence",), pool="shared"),
        "dependent": service(
            "Dependent", trigger={"services": ["pooled"]}, requires_any=["pooled"], pool="shared"
        ),
        "reviewed_one": service("Reviewed", trigger={"homeless": True}, pool="reviewed"),
        "follow_on": service(
            "Follow-on",
            trigger={"on": "completion", "of": ["limited", "unlimited"]},
            duration_days=12.0,
        ),
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
                "custody",
                "community_order",
                "suspended_sentence",
                "licence",
                "supervision",
                "homeless",
            )
        },
        "breach_gbp": {"courts_cps": 90.1},
        "reoffence_gbp": {group: {"society": 1000.9, "police": 80.1} for group in OFFENCE_GROUPS},
        "caution_gbp": {"police": 30.3},
        "conviction_gbp": {group: {"courts_cps": 500.7} for group in OFFENCE_GROUPS},
        "disposal_gbp": {"custody": {"hmpps": 260.9}, "community_order": {"hmpps": 260.9}},
        "curfew_day_gbp": {"hmpps": 15.9},
    },
}
