"""Groups of people in words: `age_band=10-14` is age 10-14."""

from __future__ import annotations

from typing import Final

_ATTRIBUTES: Final = {
    "age_group": "age group",
    "sex": "sex",
    "age_band": "age",
    "ethnicity": "ethnicity",
    "area": "area",
    "offence_group": "index offence",
    "disposal": "sentence",
    "sentence_band": "length of custody",
    "previous_offences": "previous offences",
    "risk_band": "risk of reoffending",
}
_LEVELS: Final = {
    "le6m": "to 6 months",
    "6to12m": "6 to 12 months",
    "1to4y": "1 to 4 years",
    "over4y": "over 4 years",
    "none": "no custody",
    "very_high": "very high",
}


def attribute(name: str) -> str:
    """Return what an attribute of people is called."""
    return _ATTRIBUTES.get(name, name.replace("_", " "))


def group(name: str) -> str:
    """Return what a group is called, such as `custody` of `disposal=custody`."""
    _, _, level = name.partition("=")
    level = level or name
    return _LEVELS.get(level, level.replace("_", " "))


def whole_group(name: str) -> str:
    """Return a group with its attribute, such as `age 10-14`; of the sexes the level says all."""
    what, equals, _ = name.partition("=")
    return f"{attribute(what)} {group(name)}" if equals and what != "sex" else group(name)
