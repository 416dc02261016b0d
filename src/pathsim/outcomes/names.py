"""Every outcome by name, with its unit and the direction that is better.

`down` is better for reoffending, homelessness, costs, waits and people who gave up
waiting; `up` for the time to the first reoffence. No direction is better for
days in custody (a sentence served is neither a success nor a failure), nor for what
describes a service's use (starts, completions, utilisation, queue): an option may
mean to raise or to lower them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pathsim.scenario.vocabulary import PAYERS

if TYPE_CHECKING:
    from collections.abc import Iterable

Unit = Literal["share", "number", "days", "gbp"]
DOWN: Final = -1
UP: Final = 1
NEITHER: Final = 0


class Meaning(NamedTuple):
    """Unit of an outcome and the sign of a better difference (0: no direction is better)."""

    unit: Unit
    better: int
    title: str


_PEOPLE: Final[dict[str, Meaning]] = {
    "proven_reoffending_rate": Meaning("share", DOWN, "Proven reoffending rate"),
    "reoffences_per_person": Meaning("number", DOWN, "Reoffences per person"),
    "expected_reoffending_rate": Meaning("share", DOWN, "Proven reoffending rate, expected"),
    "expected_reoffences_per_person": Meaning("number", DOWN, "Reoffences per person, expected"),
    "reoffences_from_sentence_per_person": Meaning("number", DOWN, "Reoffences, from sentence"),
    "reoffences_per_reoffender": Meaning("number", DOWN, "Reoffences per reoffender"),
    "days_to_first_reoffence": Meaning("days", UP, "Days to first reoffence"),
    "days_in_custody_per_person": Meaning("days", NEITHER, "Days in custody per person"),
    "days_homeless_per_person": Meaning("days", DOWN, "Days homeless per person"),
    "severity_per_person": Meaning("number", DOWN, "Severity of reoffences per person"),
}
_CUSTODY: Final[dict[str, Meaning]] = {
    "custody_places_mean": Meaning("number", NEITHER, "Custody places used, mean"),
    "custody_places_peak": Meaning("number", NEITHER, "Custody places used, peak"),
    "custody_nights_elsewhere": Meaning("number", DOWN, "Nights beyond the custody places"),
}
_PAYER_TITLES: Final = {
    "pcc": "PCC",
    "hmpps": "HMPPS",
    "courts_cps": "courts and CPS",
    "nhs": "NHS",
    "local_authority": "local authority",
}
_COSTS: Final[dict[str, Meaning]] = {
    "cost_total": Meaning("gbp", DOWN, "Cost, total"),
    **{
        f"cost_{name}": Meaning("gbp", DOWN, f"Cost: {_PAYER_TITLES.get(name, name)}")
        for name in PAYERS
    },
}
_SERVICE: Final[dict[str, Meaning]] = {
    "starts": Meaning("number", NEITHER, "starts"),
    "mean_wait_days": Meaning("days", DOWN, "mean wait, days"),
    "reneged": Meaning("number", DOWN, "gave up waiting"),
    "completed": Meaning("number", NEITHER, "completed"),
    "utilisation": Meaning("share", NEITHER, "places in use"),
    "mean_queue": Meaning("number", NEITHER, "mean queue"),
}
SERVICE_PREFIX: Final = "service."
PEOPLE_OUTCOMES: Final = tuple(_PEOPLE)
CUSTODY_OUTCOMES: Final = tuple(_CUSTODY)
COST_OUTCOMES: Final = tuple(_COSTS)
SERVICE_OUTCOMES: Final = tuple(_SERVICE)
EXPECTED_OUTCOMES: Final = tuple(name for name in _PEOPLE if name.startswith("expected_"))
"""What was to be expected of people on their paths: the same means as the counts, less chance."""
HEADLINES: Final = (*PEOPLE_OUTCOMES[:-1], "cost_total")
"""What a first table shows of every option."""
HEADLINE_LOADS: Final = ("starts", "mean_wait_days", "reneged", "utilisation")
"""What it shows of a service that an option changes."""


def service_outcome(service: str, name: str) -> str:
    """Return the full name of a service's outcome."""
    return f"{SERVICE_PREFIX}{service}.{name}"


def headline_outcomes(services: Iterable[str]) -> list[str]:
    """Return the outcomes a first table shows: the headlines, then the load on `services`."""
    loads = [service_outcome(name, load) for name in sorted(services) for load in HEADLINE_LOADS]
    return [*HEADLINES, *loads]


def meaning(outcome: str) -> Meaning:
    """Return the unit, the better direction and the title of `outcome`; KeyError if unknown."""
    if outcome.startswith(SERVICE_PREFIX):
        service, name = outcome.removeprefix(SERVICE_PREFIX).rsplit(".", 1)
        load = _SERVICE[name]
        return load._replace(title=f"{service}: {load.title}")
    return (_PEOPLE | _CUSTODY | _COSTS)[outcome]
