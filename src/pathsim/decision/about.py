"""What stands behind the options of a comparison, as plain data: changes, effects, prices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pathsim.outcomes.bases import base_lines
from pathsim.outcomes.changes import by_phase, place_title
from pathsim.scenario.evidence.register import by_grade, register
from pathsim.scenario.evidence.table import evidence_table
from pathsim.scenario.titles import phase, title_of

from .compared import grade_of

if TYPE_CHECKING:
    from pathsim.outcomes.changes import Change
    from pathsim.outcomes.results import Comparison, OptionResult, Run
    from pathsim.scenario.evidence.register import Row
    from pathsim.scenario.model import Scenario

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_SINGLE: Final = (bool, int, float, str, type(None))


def about_scenario(run: Run) -> dict[str, Any]:
    """Return what a baseline, or a single scenario, is: words, windows and grades of its values.

    Its keys: description; intake_days, follow_up_days and horizon_days (None: the whole account);
    discount_percent; bases: of whom its outcomes are, in lines; grades: how many of its values have
    each grade.
    """
    scenario = run.request.scenario
    follow_up = scenario.follow_up
    return {
        "description": scenario.description,
        "intake_days": follow_up.intake_days.value,
        "follow_up_days": follow_up.days.value,
        "waiting_days": follow_up.waiting_days.value,
        "horizon_days": follow_up.horizon,
        "discount_percent": scenario.costs.discount_rate_percent.value,
        "bases": list(base_lines(scenario)),
        "grades": by_grade(register(scenario, evidence_table())),
    }


def about_option(option: OptionResult) -> dict[str, Any]:
    """Return what an option changes and rests on.

    Its keys: description; in_force: from which day, empty for always; grade: the weakest of its
    effects; evidence_year: the newest year named by the source of an effect; changes; effects;
    places: the services or shared places whose load it changes.
    """
    scenario = option.request.scenario
    phases = by_phase(option.changes, scenario)
    known = {row.parameter: row for row in register(scenario, evidence_table())}
    effects = [
        {
            "key": effect.key,
            "title": title_of(effect.key, scenario),
            "value": effect.value,
            "low": effect.low,
            "high": effect.high,
            "grade": effect.grade,
            "acts_on": list(effect.acts_on),
            "source": known[effect.key].source if effect.key in known else "",
            "year": _year_of(known.get(effect.key)),
        }
        for effect in option.effects()
    ]
    years = [each["year"] for each in effects if each["year"] is not None]
    return {
        "description": scenario.description,
        "in_force": phase(scenario.from_day, None),
        "grade": grade_of(option),
        "evidence_year": max(years, default=None),
        "changes": [_change(each, days, scenario) for days in phases for each in phases[days]],
        "effects": effects,
        "places": [
            {
                "place": place,
                "title": place_title(place, scenario),
                "may_be_full": place in option.places_with_a_limit,
            }
            for place in option.places
        ],
    }


def prices_of(comparison: Comparison) -> list[dict[str, Any]]:
    """Return every price in use, once, with the scenarios that have it at this value.

    Prices of services that no option touches and nobody's account meets are there too: what a
    reader looks for is not for the page to guess.
    """
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    sides = [comparison.baseline.request, *(option.request for option in comparison.options)]
    for request in sides:
        for row in _prices(request.scenario):
            key = (row.parameter, row.value, row.low, row.high, row.source)
            if key not in found:
                found[key] = _price(row, request.scenario)
            found[key]["of"].append(request.title)
    return list(found.values())


def _prices(scenario: Scenario) -> list[Row]:
    rows = register(scenario, evidence_table())
    return [row for row in rows if "_gbp" in row.parameter]


def _price(row: Row, scenario: Scenario) -> dict[str, Any]:
    return {
        "key": row.parameter,
        "title": title_of(row.parameter, scenario),
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "price_year": row.price_year,
        "grade": row.grade,
        "source": row.source,
        "year": _year_of(row),
        "of": [],
    }


def _year_of(row: Row | None) -> int | None:
    """Return the newest year that a source names: of the evidence table, or in its words."""
    if row is None:
        return None
    cited = evidence_table().get(row.evidence)
    said = cited.year if cited else row.source
    return max((int(each) for each in _YEAR.findall(said)), default=None)


def _change(change: Change, days: str, scenario: Scenario) -> dict[str, Any]:
    return {
        "key": change.key,
        "title": title_of(change.key, scenario),
        "days": days,
        "before": _plain(change.before),
        "after": _plain(change.after),
        "grade": change.grade,
        "source": change.source,
    }


def _plain(value: object) -> Any:
    """Return a single value as it is, and several in words."""
    if isinstance(value, tuple | list | frozenset | set):
        return ", ".join(str(each) for each in value)
    return value if isinstance(value, _SINGLE) else str(value)
