"""What is said of a replication that is stopped: the person, the service or the key, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pathsim.engine.contract import (
    MAX_CASES,
    MAX_EVENTS,
    MAX_HAZARD,
    MAX_SPELLS,
    EventPriority,
    RanAway,
    Why,
)
from pathsim.errors import Problem

if TYPE_CHECKING:
    from pathsim.engine.lowering import Lowered

_KEYS = {
    EventPriority.LICENCE_END: "custody.release_point",
    EventPriority.SUPERVISION_END: "custody.supervision_days",
    EventPriority.ORDER_END: "sentencing",
    EventPriority.PRESUMPTION_END: "sentencing.presumption",
    EventPriority.MOVE: "accommodation",
    EventPriority.BREACH: "sentencing.breach",
    EventPriority.RECALL: "custody.recall",
    EventPriority.PROVEN: "courts",
    EventPriority.RELEASE: "custody.recall",
    EventPriority.PRE_RELEASE: "custody.pre_release_days",
    EventPriority.REOFFENCE: "hazard",
}
"""Where the rate or the duration of a kind of event stands."""


def problem(runaway: RanAway, lowered: Lowered) -> Problem:
    """Return what to tell the user of a replication that was runaway."""
    person = f"person '{lowered.names(np.array([runaway.person]))[0]}'"
    service = f"services.{lowered.services[runaway.service]}" if runaway.service >= 0 else ""
    what = runaway.rank.name.lower().replace("_", " ")
    words = {
        Why.EVENTS: (
            service or _KEYS.get(runaway.rank, ""),
            f"{person} has more than {MAX_EVENTS:,} events, many of them a {what}: "
            "a rate is far too high or a duration far too short",
        ),
        Why.SPELLS: (
            f"{service}.after_days",
            f"{person} has more than {MAX_SPELLS:,} effects of this service at once: "
            "they last too long for a service that starts so often",
        ),
        Why.CASES: (
            "courts",
            f"{person} has more than {MAX_CASES:,} cases before the courts at once: "
            "the hazard is far too high or the delay far too long",
        ),
        Why.HAZARD: (
            service or "hazard",
            f"the hazard of {person} is above {MAX_HAZARD:,.0f} a day, or no number: "
            + ("the service's ratios multiply" if service else "a level or ratio is far too high"),
        ),
        Why.FOLLOW_UP: (
            "sentencing.custody_days",
            f"the follow-up of {person} never ends: their sentence has no end",
        ),
    }
    key, message = words[runaway.why]
    return Problem(message, key=key)
