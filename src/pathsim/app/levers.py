"""The levers of a scenario, grouped as people think: each with its range, unit and source."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pathsim.scenario.doubt import quantities
from pathsim.scenario.lines import dotted
from pathsim.scenario.titles import title_of
from pathsim.scenario.units import MOST_PLACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathsim.scenario.lines import KeyPath
    from pathsim.scenario.model import Scenario
    from pathsim.scenario.parameter import Quantity, Within

GROUPS: Final = {
    "places": "Places",
    "referrals": "Referrals",
    "sentencing": "Sentencing and custody",
    "prices": "Prices",
    "assumptions": "Assumptions",
    "cohort": "Cohort",
}
"""Groups of levers in their order, with what they are called."""
SHOWN_FIRST: Final = 6
"""Levers of a group that are shown without a click."""
FIGURES: Final = ".12g"
SHARED: Final = ("cohort.", "areas.", "follow_up.", "costs.discount_rate_percent")
"""Keys that say who is followed and what is counted: the same for the baseline and the options."""
_FIRST: Final = {
    "places": ("capacity",),
    "referrals": ("referral",),
    "sentencing": ("activation_share", "custody_share", "over_4y", "one_to_4y", "le6m"),
    "prices": ("hmpps", "society"),
    "assumptions": ("hazard_ratio", "homeless_ratio"),
    "cohort": ("adults", "youths", "accommodation", "drugs_alcohol", "domestic_abuse_share"),
}
"""By group, the last words of the keys that come first after those that options change."""
_REFERRALS: Final = ("referral", "take_up", "drop_out_share", "max_queue")
_SENTENCING: Final = ("sentencing", "custody", "courts")
_UNITS: Final = (
    ("_gbp", "£"),
    ("_per_day", "a day"),
    ("_days", "days"),
    ("_percent", "%"),
    ("capacity", "places"),
    ("adults", "people"),
    ("youths", "people"),
)


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A number of a scenario that can be moved."""

    key: str
    id: str
    """Name of its field on the page."""
    group: str
    title: str
    unit: str
    own: str
    """The value of the scenario that it is moved from."""
    baseline: str
    """The value of the baseline."""
    low: float
    high: float
    """What is allowed."""
    slider: tuple[float, float, float]
    """Where the slider begins and ends, and its step."""
    doubt: str
    """The 95% interval in words; empty: there is none."""
    source: str
    grade: str
    first: bool
    """Whether it is shown without a click."""

    @property
    def allowed(self) -> str:
        """Return the allowed range in words; a highest value that nobody nears is left out."""
        if self.high >= MOST_PLACES:
            return f"{self.low:,{FIGURES}} or more"
        return f"{self.low:,{FIGURES}} to {self.high:,{FIGURES}}"

    @property
    def shared(self) -> bool:
        """Return whether it is moved in the baseline and the options alike."""
        return self.key.startswith(SHARED)

    def is_found(self, words: Sequence[str]) -> bool:
        """Return whether its title or key has all of some words."""
        text = f"{self.title} {self.key} {GROUPS[self.group]}".casefold()
        return all(word in text for word in words)


def levers_of(
    start: Scenario, baseline: Scenario, *, asked_for: Iterable[str] = ()
) -> tuple[Lever, ...]:
    """Return all levers of a scenario by group, those that are shown without a click first.

    asked_for: keys that come before others, such as those that known options change.
    """
    before = {path: quantity for path, quantity, _ in quantities(baseline)}
    found = [
        _lever(
            number,
            start=start,
            before=before.get(path),
            path=path,
            quantity=quantity,
            within=within,
        )
        for number, (path, quantity, within) in enumerate(quantities(start))
        if within is not None
    ]
    asked = frozenset(asked_for)
    grouped: dict[str, list[Lever]] = {group: [] for group in GROUPS}
    for each in sorted(found, key=lambda lever: _rank(lever, asked)):
        grouped[each.group].append(each)
    return tuple(
        replace(each, first=place < SHOWN_FIRST)
        for several in grouped.values()
        for place, each in enumerate(several)
    )


def _rank(lever: Lever, asked_for: frozenset[str]) -> tuple[bool, bool, bool]:
    """Return what orders levers; sorting keeps the scenario's own order where it is the same."""
    usual = lever.key.rpartition(".")[2] in _FIRST[lever.group]
    return lever.key not in asked_for, not usual, lever.own == "0"


def _lever(  # noqa: PLR0913 parts of a quantity
    number: int,
    *,
    start: Scenario,
    before: Quantity | None,
    path: KeyPath,
    quantity: Quantity,
    within: Within,
) -> Lever:
    key = dotted(path)
    value = f"{quantity.value:{FIGURES}}"
    interval = ""
    if quantity.low is not None and quantity.high is not None and quantity.low < quantity.high:
        interval = f"{quantity.low:,{FIGURES}} to {quantity.high:,{FIGURES}}"
    return Lever(
        key=key,
        id=f"lever-{number}",
        group=_group(path),
        title=title_of(key, start),
        unit=_unit(path, quantity, within),
        own=value,
        baseline="" if before is None else f"{before.value:{FIGURES}}",
        low=within.low,
        high=within.high,
        slider=_slider(quantity, within),
        doubt=interval,
        source=quantity.source,
        grade=quantity.grade.replace("_", " "),
        first=False,
    )


def _group(path: KeyPath) -> str:
    section, last = str(path[0]), str(path[-1])
    if section in ("cohort", "areas", "follow_up"):
        return "cohort"
    if section == "costs" or any(str(each).endswith("_gbp") for each in path):
        return "prices"
    if last in ("capacity", "review_days") or section == "scale":
        return "places"
    if last in _REFERRALS:
        return "referrals"
    return "sentencing" if section in _SENTENCING else "assumptions"


def _unit(path: KeyPath, quantity: Quantity, within: Within) -> str:
    prices = f", {quantity.price_year} prices" if quantity.price_year else ""
    for part in reversed(path):
        for ending, unit in _UNITS:
            if str(part).endswith(ending):
                return unit + prices
    return "share, 0 to 1" if (within.low, within.high) == (0.0, 1.0) else "ratio"


def _slider(quantity: Quantity, within: Within) -> tuple[float, float, float]:
    """Return where a slider begins and ends, and its step: some way beyond what is in doubt."""
    if (within.low, within.high) == (0.0, 1.0) and quantity.value >= 0.1:
        return 0.0, 1.0, 0.01
    most = max(2.0 * quantity.value, 1.2 * (quantity.high or 0.0))
    if within.whole:
        most = max(most, 20.0)
    most = most or 1.0
    size = 10.0 ** math.floor(math.log10(most))
    end = min(math.ceil(most / size) * size, within.high)
    step = size / (10.0 if within.whole and size >= 10.0 else 100.0)
    if within.whole:
        step = max(1.0, step / 10.0)
    return within.low, end, step
