"""Which effects an option's difference rests on, and what stands behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pathsim.scenario.offences import groups_in_words
from pathsim.vocabulary import AGE_GROUPS, OFFENCE_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathsim.scenario.model import Scenario
    from pathsim.scenario.parameter import Quantity

    from .changes import Change

_SERVICE_EFFECTS = ("hazard_ratio", "after_ratio", "custody_ratio")


class Effect(NamedTuple):
    """A ratio that an option lets act on more or fewer people."""

    key: str
    value: float
    low: float | None
    high: float | None
    grade: str
    acts_on: tuple[str, ...] = OFFENCE_GROUPS
    """Offence groups on which it acts."""

    def in_words(self) -> str:
        """Return the effect on one line: key, value, interval, grade, and on what it acts."""
        held = "" if self.low is None or self.high is None else f" ({self.low:g} to {self.high:g})"
        said = f"{self.key} {self.value:g}{held}, {self.grade}"
        return said + groups_in_words(self.acts_on, before=", on ")


def effects(
    changed: Iterable[Change], services: Iterable[str], scenario: Scenario
) -> tuple[Effect, ...]:
    """Return the effects that drive an option.

    services: those whose values or places it changes. A service that houses people acts
    through the ratio of homelessness; one whose ratios are all 1 is shown by its
    `hazard_ratio`, since that nothing is known of its effect is what the option rests on.
    One that takes cases out of court acts through the services that come with a caution. None at
    all: the option acts through the justice system's own rules.
    """
    found: list[Effect] = []
    for name in services:
        found += _of_service(name, scenario)
    if any(change.key.startswith("sentencing.presumption") for change in changed):
        found.append(
            _effect(
                "sentencing.presumption.hazard_ratio", scenario.sentencing.presumption.hazard_ratio
            )
        )
    for age in AGE_GROUPS:
        if any(change.key.startswith(f"sentencing.diversion.{age}") for change in changed):
            for name, service in scenario.services.items():
                for_them = service.eligible.age_group == (age,)
                if for_them and "caution" in service.trigger.disposals:
                    found += (each for each in _of_service(name, scenario) if each.value != 1.0)
    return tuple(dict.fromkeys(found))


def _of_service(name: str, scenario: Scenario) -> Iterator[Effect]:
    service = scenario.services.get(name)
    if service is None:
        return
    ratios = {key: getattr(service, key) for key in _SERVICE_EFFECTS}
    acting = {key: ratio for key, ratio in ratios.items() if ratio.value != 1.0}
    if service.houses:
        yield _effect("hazard.homeless_ratio", scenario.hazard.homeless_ratio)
    elif not acting:
        acting = {"hazard_ratio": ratios["hazard_ratio"]}
    for key, ratio in acting.items():
        found = _effect(f"services.{name}.{key}", ratio)
        of_offending = key != "custody_ratio"
        yield found._replace(acts_on=service.groups_acted_on) if of_offending else found


def _effect(key: str, ratio: Quantity) -> Effect:
    return Effect(key, ratio.value, ratio.low, ratio.high, ratio.grade)
