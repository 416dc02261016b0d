"""Known answers in a second: the compiled engine against closed forms."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

SEED: Final = 7
_ALLOWED: Final = 4.0
"""Standard errors of a right engine; the seed is fixed, so luck plays no part here."""
_HAZARD, _YEAR, _PEOPLE = 0.002, 365.0, 200_000
_ARRIVALS, _SERVERS, _SERVICE, _PATIENCE = 200_000, 18, 20.0, 30.0
_RENEGING_SPREAD: Final = 1.3
"""Standard deviation of the share who renege from this queue, times the root of the arrivals."""


class Answer(NamedTuple):
    """A figure of the engine beside the formula's."""

    name: str
    found: float
    known: float
    error: float
    """Standard error of what was found."""

    @property
    def is_met(self) -> bool:
        """Whether the figure lies where luck may have it."""
        return abs(self.found - self.known) <= _ALLOWED * self.error

    def in_words(self) -> str:
        """Return both figures."""
        reach = _ALLOWED * self.error
        return f"{self.found:.4f}, and {self.known:.4f} by theory (within {reach:.4f} is right)"


def known_answers() -> Iterator[Answer]:
    """Give what the engine finds where theory knows the answer."""
    yield _reoffending()
    yield _reneging()


def _reoffending() -> Answer:
    """Return the share who reoffend within a year under a constant hazard: 1 - exp(-h t)."""
    from pathsim import theory

    rows = [{"people": _PEOPLE, "disposal": "discharge"}]
    plain = _outcomes(_case(rows, window=_YEAR, hazard=_HAZARD))
    known = 1.0 - theory.survival([0.0], [_HAZARD], days=_YEAR)
    error = math.sqrt(known * (1.0 - known) / _PEOPLE)
    name = "share who reoffend within a year"
    return Answer(name, plain["proven_reoffending_rate"], known, error)


def _reneging() -> Answer:
    """Return the share who leave a queue before they are served, as Erlang-A has it."""
    from pathsim import theory

    rows = [{"people": _ARRIVALS, "disposal": "discharge"}]
    tag = {
        "title": "The queue",
        "trigger": {"disposals": ["discharge"]},
        "referral": 1,
        "capacity": _SERVERS,
        "patience_days": {"kind": "exponential", "mean": _PATIENCE},
        "duration_days": {"kind": "exponential", "mean": _SERVICE},
        "payer": "pcc",
    }
    plain = _outcomes(_case(rows, window=float(_ARRIVALS), services={"tag": tag}))
    known = theory.erlang_a(
        arrivals=1.0, servers=_SERVERS, service=_SERVICE, patience=_PATIENCE
    ).reneged
    error = _RENEGING_SPREAD / math.sqrt(_ARRIVALS)
    return Answer("share who leave a queue", plain["service.tag.reneged"] / _ARRIVALS, known, error)


def _case(
    rows: list[dict[str, Any]], *, window: float, hazard: float = 0.0, **more: Any
) -> dict[str, Any]:
    """Return a scenario in which only what is named happens."""
    return {
        "title": "A known answer",
        "source": "theory",
        "grade": "definition",
        "cohort": {"kind": "rows", "rows": rows},
        "follow_up": {
            "days": _YEAR,
            "waiting_days": 0,
            "intake_days": window,
            "index": "disposal",
            "generations_before": 0,
        },
        "hazard": {"score": "none", "adult_level": hazard, "youth_level": hazard},
        "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0},
        **more,
    }


def _outcomes(case: dict[str, Any]) -> dict[str, float]:
    """Return the means of everybody's outcomes, by name."""
    from pathsim.outcomes.verbs import run
    from pathsim.scenario.model import Scenario

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is no scenario of anywhere
        scenario = Scenario.model_validate(case)
        table = run(scenario, replications=1, draws=0, seed=SEED, workers=1).table()
    whole = table[table["group"] == "all"]
    return dict(zip(whole["outcome"], whole["mean"], strict=True))
