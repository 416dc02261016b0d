"""Which quantities of a scenario are in doubt, how they are drawn, and which are not and why.

A quantity with a 95% interval is in doubt: it is drawn from a distribution whose median is its
value and whose 2.5 and 97.5% points are the interval's ends. Not drawn are choices and definitions,
and what says who the people are. Quantities that rest on the same evidence share one draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

import numpy as np

from pathsim.elementary import exp, ln, log_odds, logistic
from pathsim.elementary.arrays import Floats

from .effect import Effect
from .lines import KeyPath, dotted
from .parameter import NOT_USED, Quantity, Section, Strict, Within

if TYPE_CHECKING:
    from .model import Scenario

_END: Final = 1.959963984540054
"""Standard deviations from the median to an end of a 95% interval."""
_FIXED: Final = {
    "cohort": "says who the people are, who are the same in every state of the world",
    "areas": "says who the people are, who are the same in every state of the world",
    "follow_up": "says what is counted",
    "scale": "is a choice",
}
"""Sections that are not drawn, with the reason."""
_GRADES: Final = {"choice": "is a choice", "definition": "is a definition"}


class Doubted(NamedTuple):
    """A quantity that is drawn."""

    path: KeyPath
    id: str
    """What its draw is addressed by: the evidence that it rests on, or else its own key."""
    quantity: Quantity
    low: float
    high: float
    bounds: Within

    @property
    def key(self) -> str:
        """Return the dotted key."""
        return dotted(self.path)

    @property
    def distribution(self) -> str:
        """Return in words what it is drawn from."""
        scale = "logit" if _is_share(self.bounds) else "log"
        sides = all(map(self._inside, (self.low, self.quantity.value, self.high)))
        words = [f"split {scale}normal", "" if sides else "normal to its bound"]
        words.append("whole" if self.bounds.whole else "")
        return ", ".join(word for word in words if word)

    def at(self, normal: Floats) -> Floats:
        """Return the values at standard normal numbers.

        Each side of the median has the spread of its own end. A side whose end or median lies on a
        bound, such as a cost of 0, is normal instead, and cut off at the bound.
        """
        below, above = (self._side(end, np.abs(normal)) for end in (self.low, self.high))
        found = np.where(normal < 0.0, below, above)
        found = np.clip(found, self.bounds.low, self.bounds.high)
        if self.bounds.whole:
            least = 1.0 if self.quantity.value >= 1.0 else 0.0
            found = np.maximum(np.floor(found + 0.5), least)
        values: Floats = found
        return values

    def _side(self, end: float, size: Floats) -> Floats:
        value, far = np.array([self.quantity.value]), np.array([end])
        steps = size / _END
        if not (self._inside(self.quantity.value) and self._inside(end)):
            straight: Floats = value + steps * (far - value)
            return straight
        to, back = (log_odds, logistic) if _is_share(self.bounds) else (ln, exp)
        centre: Floats = to(value)
        found: Floats = back(centre + steps * (to(far) - centre))
        return found

    def _inside(self, number: float) -> bool:
        return number > 0.0 and not (_is_share(self.bounds) and number >= 1.0)


class Held(NamedTuple):
    """A quantity that is not drawn."""

    key: str
    reason: str


class Doubt(NamedTuple):
    """What of a scenario is drawn, and what is not."""

    drawn: tuple[Doubted, ...]
    held: tuple[Held, ...]


def doubt(scenario: Scenario) -> Doubt:
    """Return which quantities of a scenario are in doubt; of a dated option, those from its day on.

    What was fitted together is drawn with the rest here, each alone; who has a sample of the fit
    draws from that instead.
    """
    drawn: list[Doubted] = []
    held: list[Held] = []
    for path, quantity, bounds in quantities(scenario):
        reason = _reason(path, quantity)
        if reason:
            held.append(Held(dotted(path), reason))
            continue
        low, high = quantity.low, quantity.high
        assert low is not None
        assert high is not None
        assert bounds is not None
        drawn.append(Doubted(path, _id(path, quantity), quantity, low, high, bounds))
    return Doubt(tuple(drawn), tuple(held))


def quantities(scenario: Scenario) -> Iterator[tuple[KeyPath, Quantity, Within | None]]:
    """Yield every quantity in use, with its path and bounds; of a dated option, from its day on."""
    yield from _walk(scenario, (), None)


def with_values(scenario: Scenario, values: Mapping[KeyPath, float]) -> Scenario:
    """Return the scenario with other values of quantities, which are known to be valid."""
    tree: dict[Any, Any] = {}
    for path, value in values.items():
        *above, last = path
        branch = tree
        for key in above:
            branch = branch.setdefault(key, {})
        branch[last] = value
    laid: Scenario = _laid(scenario, tree)
    return laid


def _laid(part: Any, tree: Any) -> Any:
    """Return a part of a scenario with the values of a tree, as large as the part is deep."""
    if isinstance(part, Quantity):
        return part.replaced({"value": tree, "low": None, "high": None})
    if isinstance(part, Mapping):
        return dict(part) | {key: _laid(part[key], branch) for key, branch in tree.items()}
    return part.replaced({key: _laid(getattr(part, key), branch) for key, branch in tree.items()})


def _reason(path: KeyPath, quantity: Quantity) -> str:
    """Return why a quantity is not drawn; empty: it is."""
    if path[0] in _FIXED:
        return _FIXED[str(path[0])]
    if quantity.grade in _GRADES:
        return _GRADES[quantity.grade]
    if quantity.low is None or quantity.high is None:
        return "has no interval"
    return "has an interval of no width" if quantity.low == quantity.high else ""


def _id(path: KeyPath, quantity: Quantity) -> str:
    """Return what the draw of a quantity is addressed by."""
    if isinstance(quantity, Effect) and quantity.studies:
        return "studies: " + "; ".join(study.name for study in quantity.studies)
    return f"evidence: {quantity.evidence}" if quantity.evidence else dotted(path)


def _walk(
    part: Any, path: KeyPath, bounds: Within | None
) -> Iterator[tuple[KeyPath, Quantity, Within | None]]:
    """Yield every quantity in use, with its path and bounds."""
    if isinstance(part, Mapping):
        for key, each in part.items():
            yield from _walk(each, (*path, key), bounds)
    elif isinstance(part, Quantity):
        if part.source != NOT_USED:
            yield path, part, bounds
    elif isinstance(part, Strict):
        if "source" in type(part).model_fields and not isinstance(part, Section):
            return  # a distribution or a mix: what differs between people, not what is in doubt
        for name, within in _fields(type(part)):
            yield from _walk(getattr(part, name), (*path, name), within)


@cache
def _fields(kind: type[Strict]) -> tuple[tuple[str, Within | None], ...]:
    """Return the fields of a part of a scenario, with the bounds of the quantities in each."""
    return tuple(
        (name, _within((*field.metadata, field.annotation)))
        for name, field in kind.model_fields.items()
        if name != "before"
    )


def _within(annotations: tuple[Any, ...]) -> Within | None:
    """Return the bounds that stand in annotations, or within them."""
    for each in annotations:
        found = each if isinstance(each, Within) else _within(get_args(each))
        if found is not None:
            return found
    return None


def _is_share(bounds: Within) -> bool:
    return math.isclose(bounds.high, 1.0) and bounds.low == 0.0
