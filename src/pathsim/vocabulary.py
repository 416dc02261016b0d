"""The words of the model: every closed list of names, in its fixed order.

An engine code is a position in one of these tuples, so the order is part of
the contract: append, never insert. The limits of bands stand beside their names.
"""

from math import inf
from typing import Final, NamedTuple

AGE_GROUPS: Final = ("adult", "youth")
SEXES: Final = ("male", "female")
_AGES: Final = {
    "10-14": 10,
    "15-17": 15,
    "18-20": 18,
    "21-24": 21,
    "25-29": 25,
    "30-34": 30,
    "35-39": 35,
    "40-44": 40,
    "45-49": 45,
    "50+": 50,
}
"""Lowest age of each band."""
AGE_BANDS, AGE_BAND_LOWER = tuple(_AGES), tuple(_AGES.values())
ETHNICITIES: Final = ("white", "black", "asian", "mixed", "other")
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
DIVERTED: Final = ("discharge", "fine", "community_order", "other")
"""Disposals of cases that could end out of court instead, where `sentencing.diversion` says so."""
DISPOSALS: Final = (
    "caution",
    "discharge",
    "fine",
    "community_order",
    "suspended_sentence",
    "custody",
    "other",
)
_PREVIOUS: Final = {"0": 0, "1-2": 1, "3-6": 3, "7-10": 7, "11-14": 11, "15+": 15}
"""Fewest previous convictions or cautions of each band."""
PREVIOUS_BANDS, PREVIOUS_BAND_LOWER = tuple(_PREVIOUS), tuple(_PREVIOUS.values())


class SentenceBand(NamedTuple):
    """A band of custodial sentences, up to a length and with it."""

    name: str
    key: str
    """In scenario files; empty where nothing is set by it."""
    upper_days: float


_SENTENCES: Final = (
    SentenceBand("none", "", 0.0),
    SentenceBand("le6m", "le6m", 182.5),
    SentenceBand("6to12m", "six_to_12m", 365.0),
    SentenceBand("1to4y", "one_to_4y", 1460.0),
    SentenceBand("over4y", "over_4y", inf),
)
SENTENCE_BANDS: Final = tuple(band.name for band in _SENTENCES)
SENTENCE_BAND_KEYS: Final = tuple(band.key for band in _SENTENCES if band.key)
SENTENCE_BAND_UPPER_DAYS: Final = tuple(band.upper_days for band in _SENTENCES)
_RISKS: Final = {"low": 0.0, "medium": 50.0, "high": 75.0, "very_high": 90.0}
"""OGRS3 bands on the two-year score, percent (Howard and others 2009)."""
RISK_BANDS, RISK_BAND_LOWER_PERCENT = tuple(_RISKS), tuple(_RISKS.values())
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
PAYER_TITLES: Final = {
    "police": "police",
    "pcc": "PCC",
    "hmpps": "HMPPS",
    "courts_cps": "courts and CPS",
    "nhs": "NHS",
    "local_authority": "local authority",
    "other": "other",
    "society": "society, not cash",
}
"""Who pays, and what each is called in tables."""
PAYERS: Final = tuple(PAYER_TITLES)
PUBLIC_PURSE: Final = tuple(name for name in PAYERS if name != "society")
"""Who pays in cash. What crime costs society is harm, valued in pounds."""

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "age_group": AGE_GROUPS,
    "sex": SEXES,
    "age_band": AGE_BANDS,
    "ethnicity": ETHNICITIES,
    "area": (),
    "offence_group": OFFENCE_GROUPS,
    "disposal": DISPOSALS,
    "sentence_band": SENTENCE_BANDS,
    "previous_offences": PREVIOUS_BANDS,
    "risk_band": RISK_BANDS,
}
"""Attributes by which outcomes are broken down, with their levels; areas are the scenario's."""
