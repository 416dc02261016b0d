"""What a study needs of its subjects: from the store if it is kept there, else made and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.vocabulary import AGE_GROUPS

from .chunks import ONE_A_REPLICATION, arrays, of_some, simulated
from .pilots import pilot_rates
from .store.recipe import recipe_of_pilots, recipe_of_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.engine.contract import Floats
    from pathsim.engine.stop import Stop

    from .chunks import Work
    from .pilots import Pilots
    from .runs import ScenarioRuns
    from .where import Where


def runs_of(where: Where, work: Work, replications: range, stop: Stop) -> ScenarioRuns:
    """Return the runs of some replications. Raises InputError, Stopped.

    With outcomes of the analyst's nothing is kept: no hash tells functions apart.
    """
    if where.store is None or work.outcomes:
        return where.do(simulated, work, replications, stop=stop)
    like = of_some(work, len(replications))
    found = where.store.get_or_make(
        recipe_of_runs(work, replications),
        title=work.subject.scenario.title,
        rows=replications,
        like=arrays(like),
        make=lambda: arrays(where.do(simulated, work, replications, stop=stop)),
    )
    kept: dict[str, Any] = {name: found[name] for name in ONE_A_REPLICATION}
    return replace(like, **kept)


def rates_of(where: Where, pilots: Pilots, numbers: Sequence[int], stop: Stop) -> Floats:
    """Return the rates of some pilots, [pilots, age groups]. Raises InputError, Stopped."""
    if where.store is None:
        return where.do(pilot_rates, pilots, numbers, stop=stop)
    found = where.store.get_or_make(
        recipe_of_pilots(pilots, numbers),
        title=pilots.baseline.scenario.title,
        rows=numbers,
        like={"rates": np.empty((len(numbers), len(AGE_GROUPS)))},
        make=lambda: {"rates": where.do(pilot_rates, pilots, numbers, stop=stop)},
    )
    return found["rates"]
