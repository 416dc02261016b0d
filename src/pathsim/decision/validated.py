"""A cohort against its own outcomes: what was foretold of people, and what happened to them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from pathsim.arguments import made_by, plain_number
from pathsim.errors import InputError, Problem, wrong_type
from pathsim.outcomes.provenance import DISTRIBUTION, told_files, version
from pathsim.outcomes.retold import retold
from pathsim.outcomes.saving import Saved
from pathsim.outcomes.source import commit, source_hash
from pathsim.outcomes.validation.judged import ALL, Happened, Judged, Prediction, judged
from pathsim.outcomes.validation.small import FEWEST, told_count
from pathsim.people.cohort import Cohort
from pathsim.people.observed import Observed, observed_of
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.scale import with_scale
from pathsim.study.foretold import Foretold, by_model, by_score
from pathsim.study.plan import Plan, make_plan

from .shapes.shape import as_shaped, number
from .shapes.validation import ValidationShape

REPLICATIONS: Final = 400
MODEL, SCORE = "model", "risk_score"
TITLES: Final = {MODEL: "the model", SCORE: "the risk score"}
ATTRIBUTES: Final = ("sex", "age_band")
"""By which people are told apart."""
_DAYS: Final = (7.0, 7310.0)
_STEPS: Final = 26
"""Of the curves: fortnights of a year."""
_OUT_OF: Final = 100


@made_by("cohort.validate(observed=..., scenario=...), which returns one")
@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Validation(Saved):
    """Predictions of people against their outcomes. No row of a person is kept, only figures."""

    judged: Judged
    scenario: str
    within_days: float
    notes: tuple[str, ...]
    """What is to be known of the people who count."""
    provenance: dict[str, Any]

    @property
    def figures(self) -> pd.DataFrame:
        """A row a prediction, group and figure, with value, low and high."""
        return self.judged.figures

    @property
    def tenths(self) -> pd.DataFrame:
        """A row a prediction, group and tenth: predicted, observed, low, high."""
        return self.judged.tenths

    @property
    def survival(self) -> pd.DataFrame:
        """A row a prediction, group and day: who has not reoffended by then, foretold and seen."""
        return self.judged.survival

    def figure(self, prediction: str, name: str, group: str = ALL) -> tuple[float, float, float]:
        """Return one figure with its interval."""
        held = self.figures
        one = held[
            (held["prediction"] == prediction) & (held["group"] == group) & (held["figure"] == name)
        ]
        value, low, high = one[["value", "low", "high"]].to_numpy(np.float64)[0].tolist()
        return value, low, high

    def sentence(self) -> str:
        """Return in words what happened, and how near it was foretold."""
        observed, low, high = self.figure(MODEL, "observed")
        if math.isnan(observed):
            return f"Too few people: figures are told of {FEWEST} or more who reoffended, or not."
        people = self.figure(MODEL, "people")[0]
        foretold = " and ".join(
            f"{TITLES[name]} foretold {self.figure(name, 'predicted')[0]:.1%}" for name in TITLES
        )
        apart = " and ".join(f"{TITLES[name]} in {self._right(name)}" for name in TITLES)
        return (
            f"Of {people:,.0f} people {observed:.1%} reoffended within {self.within_days:g} days "
            f"({low:.1%} to {high:.1%}); {foretold}. Of two people of whom one reoffended, the "
            f"prediction was higher for that one: {apart} of {_OUT_OF} pairs."
        )

    def _right(self, name: str) -> str:
        area, low, high = (_OUT_OF * each for each in self.figure(name, "auc"))
        return f"{area:.0f}" if math.isnan(low) else f"{area:.0f} ({low:.0f} to {high:.0f})"

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        data = {
            "schema": "pathsim.validation/1",
            "run": self.provenance,
            "scenario": self.scenario,
            "within_days": self.within_days,
            "fewest": FEWEST,
            "sentence": self.sentence(),
            "notes": list(self.notes),
            "figures": _plain(self.figures),
            "tenths": _plain(self.tenths),
            "survival": _plain(self.survival),
        }
        return as_shaped(ValidationShape, data)

    def _table_to_write(self) -> pd.DataFrame:
        return self.figures

    def _repr_html_(self) -> str:
        held = self.figures[self.figures["group"] == ALL]
        wide = held.pivot_table(index="figure", columns="prediction", values="value", sort=False)
        return f"<p>{self.sentence()}</p>{wide.to_html()}"

    def __repr__(self) -> str:
        return f"<Validation by {self.scenario!r}: {self.sentence()}>"


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): number(each) if isinstance(each, float) else each for key, each in row.items()}
        for row in table.to_dict(orient="records")
    ]


def validate(  # noqa: PLR0913 keyword-only choices of one study
    cohort: Cohort,
    *,
    observed: pd.DataFrame | str | Path,
    scenario: Scenario | str | Path,
    within_days: float | None = None,
    replications: int = REPLICATIONS,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "kernel",
    scale: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Validation:
    """Hold what is foretold of a cohort against what happened to it.

    observed: a table, or a file of one, with `id`, and `reoffended` (yes or no) or `days` (to the
    first reoffence, empty if none) or both, and `followed_days` where people were followed for
    unlike times. within_days: from the index date; left out, the scenario's `follow_up.days`.
    replications: of the model, at central values. The other arguments are those of `run`.

    Raises
    ------
    InputError
        For a table of outcomes that cannot be used, more than 30,000 people, or other bad
        arguments.
    """
    if not isinstance(scenario, Scenario):
        if not isinstance(scenario, str | os.PathLike):
            raise wrong_type("scenario", scenario, "a Scenario, or the path of a scenario file")
        scenario = load(scenario)
    if scale is not None:
        scenario = with_scale(scenario, scale)
    days = _days(scenario.follow_up.days.value if within_days is None else within_days)
    plan = make_plan(replications=replications, seed=seed, workers=workers, engine=engine)
    seen = observed_of(observed, cohort, within_days=days)
    at = np.append(np.arange(1, _STEPS) * days / _STEPS, days)
    foretold = {
        MODEL: by_model(cohort, scenario, plan=plan, at=at, progress=progress),
        SCORE: by_score(cohort, scenario.hazard, at=at),
    }
    # Each person has a place of their own in the sums, wherever their row stands.
    order = np.argsort(cohort.keys(), kind="stable")
    # The same people for both, or their difference would be a count of few.
    there = ~np.isnan(foretold[MODEL].within)
    found = judged(
        {
            name: Prediction(each.within[order], each.survival[order])
            for name, each in foretold.items()
        },
        Happened(
            (seen.known & there)[order],
            (seen.counts & there)[order],
            seen.reoffended[order],
            seen.days[order],
        ),
        cohort.groups()[list(ATTRIBUTES)].iloc[order].reset_index(drop=True),
        at=at,
    )
    return Validation(
        judged=found,
        scenario=scenario.title,
        within_days=days,
        notes=tuple(_notes(seen, foretold[MODEL], days)),
        provenance=_origin(cohort, scenario, seen, plan),
    )


def _days(value: object) -> float:
    days = plain_number(value)
    least, most = _DAYS
    if days is None or not least <= days <= most:
        allowed = f"{least:g} to {most:g} days"
        raise InputError(
            Problem("is out of range", key="within_days", found=value, allowed=allowed)
        )
    return days


def _notes(seen: Observed, model: Foretold, days: float) -> Iterator[str]:
    """Yield whom the figures leave out, and what follows from it."""
    unknown = int(np.count_nonzero(~seen.known))
    short = int(np.count_nonzero(seen.known & ~seen.counts))
    cut = int(np.count_nonzero(seen.cut_at_reoffence))
    never = int(np.count_nonzero(np.isnan(model.within)))
    if unknown:
        yield f"Not counted, as their outcome is not known: {told_count(unknown)} people."
    if short:
        yield (
            f"Not counted but in the curves, as they were followed for less than {days:g} days: "
            f"{told_count(short)} people."
        )
    if short and cut:
        yield (
            f"The follow-up of {told_count(cut)} people is said to end with their reoffence, so "
            "that all of these count and not all of the others do: shares are too high, the curves "
            "are not."
        )
    if never:
        yield f"Not counted, as they have no index date in the model: {told_count(never)} people."
    if seen.others:
        yield f"Not used, as they are not in the table of people: {told_count(seen.others)} rows."
    if not seen.timed:
        yield "Without `days` there are no curves of when people reoffend."
    yield (
        f"Counts under {FEWEST} are not told: tenths are taken together, groups and points of "
        "curves left out."
    )


def _origin(cohort: Cohort, scenario: Scenario, seen: Observed, plan: Plan) -> dict[str, Any]:
    files = [("scenario", file) for file in scenario.lineage.files]
    files += [("people", file) for file in (cohort.origin.file,) if file is not None]
    files += [("beside people", file) for file in cohort.origin.beside]
    files.append(("observed", seen.file))
    origin = {
        "version": version(DISTRIBUTION),
        "source": {"commit": commit(), "sha256": source_hash()},
        "inputs": told_files(files),
        "seed": plan.seed,
        "replications": plan.replications,
        "engine": plan.engine,
        "scale": scenario.scale.value,
    }
    return retold(origin)
