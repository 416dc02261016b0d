"""How a scenario shows itself: one line in a shell, a short table in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pathsim.text import counted, in_html, visible

from .changes import in_words
from .cohort import RowsCohort, SampledCohort
from .offences import groups_in_words

if TYPE_CHECKING:
    from .model import Scenario
    from .service import Service

_PRICES = (
    ("cost_per_referral_gbp", "a referral"),
    ("cost_per_start_gbp", "a start"),
    ("cost_per_day_gbp", "a day"),
    ("cost_per_completion_gbp", "a completion"),
    ("cost_per_place_year_gbp", "a place and year"),
)
_HEADINGS = ("Service", "Capacity", "Duration, days", "Hazard ratio", "Price", "Grade of the ratio")


def one_line(scenario: Scenario) -> str:
    """Return the scenario on one line: title, people, services, date."""
    parts = [people(scenario), counted(len(scenario.services), "service")]
    if scenario.pools:
        parts.append(counted(len(scenario.pools), "pool"))
    if scenario.from_day is not None:
        parts.append(f"from day {_days(scenario)}")
    return f"<Scenario {scenario.title!r}: {', '.join(parts)}>"


def people(scenario: Scenario) -> str:
    """Return who is followed, in a few words."""
    cohort = scenario.cohort
    if isinstance(cohort, SampledCohort):
        return f"{cohort.adults.value:,.0f} adults and {cohort.youths.value:,.0f} youths"
    if isinstance(cohort, RowsCohort):
        total = sum(row.people for row in cohort.rows)
        return "1 person" if total == 1 else f"{total:,} people"
    return f"people of {visible(Path(cohort.file).name)}"


def as_html(scenario: Scenario) -> str:
    """Return a short summary as HTML: title, cohort, and one line a service."""
    description = in_html(scenario.description.strip())
    lines = [
        f"<h3>{in_html(scenario.title)}</h3>",
        f"<p>{description}</p>" if description else "",
        f"<p>{in_html(_followed(scenario))}</p>",
        _table(scenario) if scenario.services else "",
    ]
    return "\n".join(line for line in lines if line)


def _followed(scenario: Scenario) -> str:
    text = f"{people(scenario)}, followed for {scenario.follow_up.days.value:g} days"
    text += f" from {scenario.follow_up.index}"
    if scenario.before is not None:
        text += f"; from day {_days(scenario)}, until then {scenario.regimes[0].title}"
    return text + "."


def _days(scenario: Scenario) -> str:
    """Return the days on which something changes."""
    return ", ".join(f"{each.from_day:g}" for each in scenario.regimes[1:])


def _table(scenario: Scenario) -> str:
    rows = [_row(scenario, service) for service in scenario.services.values()]
    head = "".join(f"<th>{heading}</th>" for heading in _HEADINGS)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{in_html(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _row(scenario: Scenario, service: Service) -> tuple[str, ...]:
    return (
        service.title,
        _capacity(scenario, service),
        _text(in_words(service.duration_days)),
        _text(service.hazard_ratio.value) + groups_in_words(service.groups_acted_on, before=" on "),
        _price(service),
        service.hazard_ratio.grade,
    )


def _capacity(scenario: Scenario, service: Service) -> str:
    if service.pool:
        return f"{scenario.pools[service.pool].capacity.value:,.0f} shared ({service.pool})"
    return _text(in_words(service.capacity))


def _price(service: Service) -> str:
    prices = [(getattr(service, key).value, unit) for key, unit in _PRICES]
    return ", ".join(f"£{amount:,.10g} {unit}" for amount, unit in prices if amount) or "none"


def _text(value: object) -> str:
    return f"{value:,g}" if isinstance(value, float) else str(value)
