"""Where a result comes from: enough to get it again."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathsim.scenario.model import Scenario
    from pathsim.study.run import StudyRuns

DISTRIBUTION = "offender-pathsim"
version = cache(metadata.version)


class Asked(NamedTuple):
    """A scenario as it was asked for."""

    title: str
    file: str | None
    """Path as given; None for a scenario made in Python."""
    scenario: Scenario


def provenance(study: StudyRuns, *, asked: Asked, people: int) -> dict[str, Any]:
    """Return the origin of a result as plain data.

    people: how many are followed and counted in the first scenario.
    """
    return {
        "version": version(DISTRIBUTION),
        "seed": study.plan.seed,
        "replications": study.plan.replications,
        "workers": study.plan.workers,
        "engine": study.plan.engine,
        "posterior_draws": 0 if study.plan.posterior is None else len(study.plan.posterior),
        "scenario": {"title": asked.title, "file": asked.file},
        "people": people,
        "people_from": study.people_from,
        "scale": asked.scenario.scale.value,
        "unpaired": [],  # people of each scenario, where options follow other people
        "elapsed_seconds": round(study.elapsed_seconds, 3),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "numba": version("numba"),
        "platform": platform.platform(),
    }
