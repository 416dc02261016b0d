"""The words of the model: every closed list of names, in its fixed order.

An engine code is a position in one of these tuples, so the order is part of
the contract: append, never insert.
"""

from typing import Final

AGE_GROUPS: Final = ("adult", "youth")
SEXES: Final = ("male", "female")
AGE_BANDS: Final = ("10-14", "15-17", "18-20", "21-24", "25-29", "30-39", "40-49", "50+")
ETHNICITIES: Final = ("white", "black", "asian", "mixed", "other")
AREAS: Final = ("bcp", "dorset")
OFFENCE_GROUPS: Final = (
    "violence",
    "sexual",
    "robbery",
    "theft",
    "criminal_damage",
    "drugs",
    "weapons",
    "public_order",
    "miscellaneous",
    "fraud",
    "summary_non_motoring",
    "summary_motoring",
)
DISPOSALS: Final = (
    "caution",
    "discharge",
    "fine",
    "community_order",
    "suspended_sentence",
    "custody",
    "other",
)
PREVIOUS_BANDS: Final = ("0", "1-2", "3-6", "7-10", "11-14", "15+")
SENTENCE_BANDS: Final = ("none", "le6m", "6to12m", "1to4y", "over4y")
RISK_BANDS: Final = ("low", "medium", "high", "very_high")
NEEDS: Final = (
    "accommodation",
    "employment",
    "health",
    "drugs_alcohol",
    "finance",
    "family",
    "attitudes",
)
"""The seven pathways to reducing reoffending."""

LEGAL_STATUSES: Final = (
    "liberty",
    "community_order",
    "suspended_sentence",
    "licence",
    "custody",
    "supervision",
)
ACCOMMODATIONS: Final = ("settled", "temporary", "homeless")
ROUTES: Final = ("out_of_court", "magistrates", "crown")
PAYERS: Final = (
    "police",
    "pcc",
    "hmpps",
    "courts_cps",
    "nhs",
    "local_authority",
    "other",
    "society",
)
QUEUE_ORDERS: Final = ("first_come", "highest_risk")

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "age_group": AGE_GROUPS,
    "sex": SEXES,
    "age_band": AGE_BANDS,
    "ethnicity": ETHNICITIES,
    "area": AREAS,
    "offence_group": OFFENCE_GROUPS,
    "disposal": DISPOSALS,
    "sentence_band": SENTENCE_BANDS,
    "previous_offences": PREVIOUS_BANDS,
    "risk_band": RISK_BANDS,
}
"""Attributes by which outcomes are broken down, with their levels."""

SENTENCE_BAND_UPPER_DAYS: Final = (0.0, 182.5, 365.0, 1460.0)
"""Upper bounds (inclusive) of the first four sentence bands, days."""

PREVIOUS_BAND_LOWER: Final = (0, 1, 3, 7, 11, 15)
RISK_BAND_LOWER_PERCENT: Final = (0.0, 50.0, 75.0, 90.0)
"""OGRS3 bands on the two-year score, percent (Howard and others 2009)."""

AGE_BAND_LOWER: Final = (10, 15, 18, 21, 25, 30, 40, 50)
