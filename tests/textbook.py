"""Textbook cases: scenarios in which only what is named happens, and what their log says.

Nobody reoffends, nobody waits, nothing is priced and everybody starts on day 0, unless a
case says otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pathsim.engine.contract import Counts, Disposal, Event, Log, OutcomeColumn
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.model import Scenario

YEAR = 365.0
FOREVER = 100_000.0
"""Days: longer than any follow-up here."""
_PLAIN: dict[str, dict[str, Any]] = {
    "follow_up": {
        "days": YEAR,
        "waiting_days": 0,
        "intake_days": YEAR,
        "index": "disposal",
        "generations_before": 0,
    },
    "hazard": {"score": "none", "adult_level": 0.0, "youth_level": 0.0},
    "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0},
}


def case(*rows: dict[str, Any], **sections: dict[str, Any]) -> Scenario:
    """Return the scenario of people like `rows`, with what its `sections` set."""
    people = [{"people": 1, "disposal": "discharge", "start_day": 0.0} | row for row in rows]
    merged = {name: _PLAIN.get(name, {}) | sections.get(name, {}) for name in _PLAIN | sections}
    raw = {"title": "A textbook case", "source": "textbook", "grade": "definition"}
    return Scenario.model_validate(raw | {"cohort": {"kind": "rows", "rows": people}} | merged)


def service(*, triggers: dict[str, Any] | None = None, days: float = 1.0, **terms: Any) -> dict:
    """Return a service that takes everybody at the start, unless the arguments say otherwise."""
    plain = {"title": "A service", "referral": 1, "duration_days": days}
    return plain | {"trigger": triggers or {"disposals": ["discharge"]}} | terms


class Story:
    """One replication of a case: its log, by event and by person, and its counts."""

    def __init__(self, scenario: Scenario, *, seed: int = 1) -> None:
        self.lowered: Lowered = lower(scenario, Cohort.from_scenario(scenario))
        counts, log = simulate(self.lowered, seed=seed, replication=0, keep_log=True)
        assert log is not None
        self.counts: Counts = counts
        self.log: Log = log
        self.everybody = counts.person[0]

    def rows(self, event: Event, detail: int | str | Disposal | None = None) -> np.ndarray:
        """Return which rows are of `event`; detail: a number, or the id of a service."""
        rows = self.log.event == event
        if detail is None:
            return rows
        number = self.lowered.services.index(detail) if isinstance(detail, str) else detail
        return rows & (self.log.detail == number)

    def times(self, event: Event, detail: int | str | None = None) -> np.ndarray:
        """Return the days of `event`, in order of time, then of person."""
        return self.log.time[self.rows(event, detail)]

    def of_people(self, event: Event, detail: int | str | None = None) -> np.ndarray:
        """Return everybody's day of the first `event` of theirs; nan for those who have none."""
        rows = np.flatnonzero(self.rows(event, detail))[::-1]
        days = np.full(len(self.lowered.people.key), np.nan)
        days[self.log.person[rows]] = self.log.time[rows]
        return days

    def count(self, event: Event, detail: int | str | None = None) -> int:
        return int(self.rows(event, detail).sum())

    @property
    def reoffences(self) -> float:
        return float(self.everybody[OutcomeColumn.REOFFENCES])

    @property
    def cost(self) -> float:
        return float(self.everybody[OutcomeColumn.COST :].sum())
