"""What a dotted key is called in a table: words and the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .model import Scenario

_NAMES: Final = {
    "referral": "share referred",
    "take_up": "share who accept",
    "capacity": "places",
    "order": "who comes first in the queue",
    "max_queue": "how many may wait at a time",
    "patience_days": "wait before giving up, days",
    "drop_out_share": "share who drop out",
    "hazard_ratio": "reoffending rate, ratio while active",
    "after_ratio": "reoffending rate, ratio after completion",
    "after_days": "length of the effect after completion, days",
    "acts_on": "offences that the ratios act on",
    "custody_ratio": "chance of custody, ratio",
    "exit_settled_share": "share who leave for settled housing",
    "homeless_ratio": "reoffending rate while homeless, ratio",
    "temporary_ratio": "reoffending rate in temporary housing, ratio",
    "max_days": "longest, days",
    "max_sentence_days": "longest sentence, days",
    "min_sentence_days": "shortest sentence, days",
    "effect_days": "length of the effect, days",
    "from_day": "in force from day",
    "intake_days": "intake window, days",
    "waiting_days": "wait for proof, days",
    "le6m": "sentences to 6 months",
    "le6m_per_day": "sentences to 6 months, a day",
    "six_to_12m": "sentences of 6 to 12 months",
    "six_to_12m_per_day": "sentences of 6 to 12 months, a day",
    "one_to_4y": "sentences of 1 to 4 years",
    "one_to_4y_per_day": "sentences of 1 to 4 years, a day",
    "over_4y": "sentences over 4 years",
    "over_4y_per_day": "sentences over 4 years, a day",
    "share": "share of the people",
    "gps_tag": "GPS tag",
}
_UNDER: Final = {"sentencing.presumption.hazard_ratio": "reoffending rate, ratio"}
"""Where the same word means something else."""
_UNITS: Final = (
    ("_per_place_year_gbp", "a place and year, £"),
    ("_per_day_gbp", "a day, £"),
    ("_day_gbp", "a day, £"),
    ("_gbp", "£"),
    ("_per_day", "a day"),
    ("_days", "days"),
    ("_percent", "%"),
    ("_share", "share"),
    ("_ratio", "ratio"),
)


def title_of(key: str, scenario: Scenario) -> str:
    """Return what `key` is called, such as `GPS tag: places` of `services.gps_tag.capacity`.

    Services have their own titles, here as `scenario` says them.
    """
    days, key, regime = in_force(key, scenario)
    if days:
        return f"{days}: {title_of(key, regime)}"
    parts = key.split(".")
    first = parts[:2]
    if parts[0] == "services" and len(parts) > 1:
        service = scenario.services.get(parts[1])
        first = [service.title if service is not None else parts[1]]
        parts = parts[1:]
    elif parts[0] == "pools" and len(parts) > 1:
        first = [f"shared places {parts[1]}"]
        parts = parts[1:]
    else:
        first = [_words(parts[0])]
    within = [_words(each) for each in parts[1:-1]]
    last = [_UNDER.get(key, _words(parts[-1]))] if len(parts) > 1 else []
    text = ": ".join([*first, *within, *last])
    return text[:1].upper() + text[1:]


def in_force(key: str, scenario: Scenario) -> tuple[str, str, Scenario]:
    """Return when the key of an earlier regime is in force, its key there, and that regime.

    The first is empty for a key of the scenario itself.
    """
    until, within, parts = None, scenario, key.split(".")
    while parts[0] == "before" and within.before is not None:
        until, within, parts = within.from_day, within.before, parts[1:]
    days = "" if until is None else phase(within.from_day, until)
    return days, ".".join(parts), within


def phase(since: float | None, until: float | None) -> str:
    """Return from which day until which something is in force; empty for always."""
    first = "" if since is None else f"from day {since:g}"
    last = "" if until is None else f"until day {until:g}"
    return " ".join(each for each in (first, last) if each)


def with_id(title: str, name: str) -> str:
    """Return a title with the id beside it, by which it can be found in a file."""
    return f"{title} [{name}]"


def _words(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    for ending, unit in _UNITS:
        if name.endswith(ending):
            return f"{name.removesuffix(ending).replace('_', ' ')}, {unit}"
    return name.replace("_", " ")
