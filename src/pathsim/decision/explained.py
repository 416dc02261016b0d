"""What an option changes and for whom: `explain`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pathsim.arguments import made_by, whole
from pathsim.errors import InputError, Problem
from pathsim.outcomes.changes import changes
from pathsim.outcomes.people import refuse_different
from pathsim.outcomes.provenance import Request
from pathsim.outcomes.saving import Saved
from pathsim.outcomes.shown import Progress, progress_of
from pathsim.outcomes.unlike import refuse_unlike
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.study.one_by_one import records
from pathsim.study.plan import make_plan
from pathsim.study.prepare import cohorts

from .ledger import FIGURES, Ledger, Life, ledger, touch_of
from .shapes.explanation import ExplanationShape
from .shapes.shape import as_shaped, number
from .stories import CAUSES
from .timeline import timeline

REPLICATIONS = 20
_MOST_TOLD = 10
"""People whose difference is told one by one."""
_MOST = 2**32


@made_by("pathsim.explain(baseline, option), which returns one")
@dataclass(frozen=True, eq=False, repr=False)
class Explanation(Saved):
    """An option's difference taken apart, at central values: the intervals show luck only."""

    baseline: Scenario
    option: Scenario
    ledger: Ledger
    replication: int
    """The one whose people are told one by one."""
    seed: int

    @property
    def parts(self) -> pd.DataFrame:
        """A row a part and a figure: part, people, figure, mean, low, high; the last is `all`."""
        return self.ledger.parts

    @property
    def people(self) -> pd.DataFrame:
        """Whose story differs in the replication told: person, cause, day and the differences."""
        return self.ledger.people

    def timeline(self, person: str) -> pd.DataFrame:
        """Return one synthetic life: day, without the option, with it. Raises InputError."""
        life = self.life(person)
        return timeline(life.before, life.after, dict(enumerate(self.titles)))

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles of services, by the numbers that stories have."""
        return tuple(self._title(name) for name in self.ledger.services)

    def life(self, person: str) -> Life:
        """Return what happens to one person on both sides. Raises InputError."""
        name = str(person)
        if name not in self.ledger.lives:
            raise _nobody(name)
        return self.ledger.lives[name]

    def sentence(self) -> str:
        """Return in words how many people the option reaches, and what it does for each part."""
        rows = self.parts[self.parts["figure"] == "reoffences_total"]
        told = {each.part: each for each in rows.itertuples()}
        said = [f"{told[part].people:,.0f} {part}: {told[part].mean:+,.1f}" for part in CAUSES[:-1]]
        every = told["all"]
        luck = f"{every.low:+,.1f} to {every.high:+,.1f} by luck"
        if math.isnan(float(str(every.low))):
            luck = f"the same in all {self.ledger.replications} replications"
        return (
            f"Of {every.people:,.0f} people, proven reoffences by why lives differ: "
            f"{'; '.join(said)}; together {every.mean:+,.1f} ({luck})."
        )

    def to_dict(self, *, person: str | None = None) -> dict[str, Any]:
        """Return plain data for JSON. person: whose timeline to tell. Raises InputError."""
        people = self.people.head(_MOST_TOLD)
        data = {
            "schema": "pathsim.explanation/1",
            "baseline": self.baseline.title,
            "option": self.option.title,
            "seed": self.seed,
            "replications": self.ledger.replications,
            "replication": self.replication,
            "sentence": self.sentence(),
            "parts": [
                {key: number(each[key]) if key in ("low", "high") else each[key] for key in each}
                for each in self.parts.to_dict(orient="records")
            ],
            "people": people.to_dict(orient="records"),
            "timeline": None if person is None else self.timeline(person).to_dict(orient="records"),
        }
        return as_shaped(ExplanationShape, data)

    def _title(self, service: str) -> str:
        for scenario in (self.option, self.baseline):
            if service in scenario.services:
                return scenario.services[service].title
        return service

    def _table_to_write(self) -> pd.DataFrame:
        return self.parts

    def _repr_html_(self) -> str:
        table = self.parts.pivot_table(index=["part", "people"], columns="figure", values="mean")
        return f"<p>{self.sentence()}</p>{table[list(FIGURES)].to_html()}"

    def __repr__(self) -> str:
        return f"<Explanation of {self.option.title!r}: {self.sentence()}>"


def refuse_nobody(person: str, baseline: Scenario) -> None:
    """Refuse an id that no one of a scenario's own people has, before anything is simulated."""
    (people,) = cohorts([baseline])
    if person not in people.frame["id"].to_numpy().astype(np.str_):
        raise _nobody(person)


def _nobody(person: str) -> InputError:
    # No ids of others: the people may be real.
    allowed = "the id of somebody counted in the cohort"
    return InputError(Problem("is nobody", key="person", found=person, allowed=allowed))


def explain(  # noqa: PLR0913 keyword-only choices of one study
    baseline: Scenario | str | Path,
    option: Scenario | str | Path,
    *,
    replications: int = REPLICATIONS,
    replication: int = 0,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "kernel",
    cohort: Any = None,
    progress: Progress | bool | None = None,
) -> Explanation:
    """Take an option's difference apart by person: who is reached, displaced, or touched by chance.

    All quantities have their central values.

    Parameters
    ----------
    baseline
        A scenario, the path of a file, or the name of a shipped one.
    option
        Likewise, an option of it.
    replications
        Over which the parts are means.
    replication
        The first of them, whose people are told one by one.
    seed
        Of all random numbers.
    workers
        Threads; left out, one a processor.
    engine
        `kernel`, or `reference`.
    cohort
        The people to follow, as in `run`.
    progress
        Called with how many replications are done, and of how many, as in `run`.

    Returns
    -------
    Explanation
        The parts of the difference, and the people whose lives differ.

    Raises
    ------
    InputError
        For scenarios that cannot be compared, more than 30,000 people, or other bad arguments.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    >>> found = ps.explain(town, more, replications=2)
    >>> "direct" in set(found.parts["part"])
    True
    """
    sides = [each if isinstance(each, Scenario) else load(each) for each in (baseline, option)]
    shown = progress_of(progress)
    first = whole(replication, key="replication", least=0, most=_MOST)
    plan = make_plan(
        replications=replications, seed=seed, workers=workers, engine=engine, least_replications=2
    )
    request = [Request(each.title, None, each) for each in sides]
    refuse_unlike(request)
    people = cohorts(sides, None if cohort is None else Cohort.of(cohort))
    refuse_different(request, people)
    found = records(sides, plan=plan, cohort=people[0], first=first, progress=shown)
    services = tuple(sorted({name for each in found for name in each.services}))
    touch = touch_of(changes(*sides), sides[1], services)
    return Explanation(
        baseline=sides[0],
        option=sides[1],
        ledger=ledger(found[0], found[1], touch=touch, services=services),
        replication=first,
        seed=plan.seed,
    )
