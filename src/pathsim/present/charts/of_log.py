"""What charts of an event log share: whose log it is, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.text import visible

from .texts import named

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.scenario.model import Scenario


def title_of(scenario: Scenario | None) -> str:
    """Return the scenario's title."""
    return "the scenario of the log" if scenario is None else named(scenario.title)


def service_title(scenario: Scenario | None, service: str) -> str:
    """Return a service's title, or its id where it is not known."""
    if scenario is not None and service in scenario.services:
        return named(scenario.services[service].title)
    return visible(service.replace("_", " "))


def places_of(scenario: Scenario | None, service: str) -> float | None:
    """Return how many places a service has; None: not known, or without limit."""
    if scenario is None or service not in scenario.services:
        return None
    capacity = scenario.services[service].capacity
    return None if isinstance(capacity, str) else float(capacity.value)


def source_of_log(log: pd.DataFrame) -> str:
    """Return what the log is of."""
    numbers = sorted(set(log["replication"])) if "replication" in log else [0]
    which = ", ".join(str(each) for each in numbers[:3])
    return f"pathsim, event log of replication {which}, one possible course at central values"
