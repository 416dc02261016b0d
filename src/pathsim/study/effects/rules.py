"""The rules by which a parameter's value and interval follow from its studies.

Each is one function of the converted studies. A published effect that is shrunk, widened or put
together with others is so by one of these, and by nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from pathsim.scenario.effect import Rule, Study

from .convert import Converted

_NORMAL: Final = 1.96


class Ruled(NamedTuple):
    """What a rule makes of studies."""

    value: float
    low: float | None
    high: float | None


Reported = Sequence[tuple[Study, Converted]]


def _study(reported: Reported) -> Ruled:
    """Return the solved ratio and interval of the one study as it is."""
    ((_, found),) = reported
    return Ruled(found.ratio, found.low, found.high)


def _as_published(reported: Reported) -> Ruled:
    """Return the ratio and interval that the study prints, without conversion.

    For a ratio of people whose untreated share is not known: on a person's hazard it would be
    somewhat stronger.
    """
    ((study, found),) = reported
    if study.ratio is None:
        return Ruled(found.naive, None, None)
    return Ruled(study.ratio, study.low, study.high)


def _as_published_carried_over(reported: Reported) -> Ruled:
    """Return what is published, the interval twice as wide in logs: it is of another service."""
    value, low, high = _as_published(reported)
    return Ruled(value, *(end and end**2 / value for end in (low, high)))


def _pooled(reported: Reported) -> Ruled:
    """Return the mean of all studies' solved ratios, in logs and unweighted.

    They differ by more than chance, so none counts for more. The standard error of the mean is
    the larger of that by how much they differ and that of their own intervals. The interval is
    1.96 of it to each side, and reaches at least from the lowest to the highest study.
    """
    logs = [math.log(found.ratio) for _, found in reported]
    mean = math.fsum(logs) / len(logs)
    differ = math.fsum((each - mean) ** 2 for each in logs) / (len(logs) - 1) / len(logs)
    own = math.fsum(_log_error(found) ** 2 for _, found in reported) / len(logs) ** 2
    width = _NORMAL * math.sqrt(max(differ, own))
    low, high = min(mean - width, *logs), max(mean + width, *logs)
    return Ruled(math.exp(mean), math.exp(low), math.exp(high))


def _log_error(found: Converted) -> float:
    """Return the standard error of a study's log ratio, 0 where it has no interval."""
    if found.low is None or found.high is None or found.low <= 0.0:
        return 0.0
    return (math.log(found.high) - math.log(found.low)) / (2 * _NORMAL)


def _halved(reported: Reported) -> Ruled:
    """Return half the log of the study's ratio, or of all studies' pooled one.

    The interval is as wide, in logs, as the whole effect's, and reaches at least from the whole
    effect to none.
    """
    whole = _study(reported) if len(reported) == 1 else _pooled(reported)
    half = math.sqrt(whole.value)
    if whole.low is None or whole.high is None:
        return Ruled(half, min(whole.value, 1.0), max(whole.value, 1.0))
    factor = half / whole.value
    low, high = whole.low * factor, whole.high * factor
    return Ruled(half, min(low, whole.value, 1.0), max(high, whole.value, 1.0))


RULES: Final[dict[Rule, Callable[[Reported], Ruled]]] = {
    "study": _study,
    "as published": _as_published,
    "as published, carried over": _as_published_carried_over,
    "pooled": _pooled,
    "halved because volunteers": _halved,
    "halved because carried over": _halved,
    "halved because not reproduced": _halved,
}
