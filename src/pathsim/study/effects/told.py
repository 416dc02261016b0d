"""Solved effects as plain rows: for the command, for JSON and for the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from pathsim.scenario.offences import groups_in_words

if TYPE_CHECKING:
    from pathsim.scenario.effect import Study

    from .convert import Converted
    from .solve import Solved

_UNITS: Final = {
    "odds": "odds",
    "risk_ratio": "risk",
    "hazard_ratio": "hazard",
    "frequency_ratio": "reoffences",
}


def reported(study: Study) -> str:
    """Return what a study reports, in its own measure."""
    if study.measure == "rates":
        said = f"{study.untreated:.3g} to {study.treated:.3g}"
    elif study.measure == "points":
        said = f"{study.result:+g} points" if study.result else "no difference"
    else:
        said = f"{_UNITS[study.measure]} x {study.result:g}"
    unit = " points" if study.measure == "rates" else ""
    if study.low is not None:
        said += f" ({study.low:g} to {study.high:g}{unit})"
    return said + groups_in_words(study.groups_counted, before=", of ")


def ratio(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """Return a ratio with its interval, where it has one, as tables show them."""
    said = "" if value is None else f"{value:.3g}"
    return said if low is None or high is None else f"{said} ({low:.3g} to {high:.3g})"


def as_data(solved: Iterable[Solved]) -> list[dict[str, Any]]:
    """Return every effect with its studies as plain data."""
    return [
        {
            "parameter": each.key,
            "value": each.effect.value,
            "low": each.effect.low,
            "high": each.effect.high,
            "acts_on": list(each.acts_on),
            "rule": each.rule,
            "ruled": each.ruled._asdict(),
            "studies": [_study_as_data(*one) for one in each.studies],
        }
        for each in solved
    ]


def _study_as_data(study: Study, found: Converted) -> dict[str, Any]:
    return {
        "name": study.name,
        "source": study.source,
        "design": study.design,
        "measure": study.measure,
        "reported": reported(study),
        "n": study.n,
        "reoffending": list(study.groups_counted),
        "follow_up_days": study.follow_up_days,
        "population": list(study.population),
        **found._asdict(),
    }


def alike(solved: Iterable[Solved]) -> list[list[Solved]]:
    """Return effects that rest on the same studies by the same rule together, in order."""
    groups: dict[Any, list[Solved]] = {}
    for each in solved:
        said = each.effect
        key = (each.rule, said.studies, said.value, said.low, said.high, each.acts_on)
        groups.setdefault(key, []).append(each)
    return list(groups.values())
