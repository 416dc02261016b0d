"""One lever from end to end: what each level brings, where it stops helping, the least enough."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.arguments import made_by, plain_number
from pathsim.elementary.decimals import decimals
from pathsim.engine.contract import Floats
from pathsim.errors import InputError, Problem, nearest, wrong_type
from pathsim.outcomes.doubt import probability_better
from pathsim.outcomes.names import headline_loads, meaning, outcome_names
from pathsim.outcomes.results import Comparison, OptionResult
from pathsim.outcomes.saving import Saved
from pathsim.outcomes.statistics import estimate
from pathsim.outcomes.values import EVERYBODY
from pathsim.outcomes.verbs import compare
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario

from .shapes.shape import as_shaped
from .shapes.sweep import SweepShape

SHOWN: Final = (
    *("proven_reoffending_rate", "reoffences_total"),
    *("cost_public", "cost_society"),
)
HELPS: Final = "reoffences_total"
"""What a further step must lower to help."""
FIGURES: Final = ".12g"
"""Levels are told in full, without what adding up steps leaves behind."""
_SURE: Final = 0.8
"""Chance from which a step is said to help."""
_MOST: Final = 200
_TARGET: Final = re.compile(r"\s*([\w.]+)\s*(<=|>=)\s*(\S+)\s*")
_TESTS: Final = {"<=": operator.le, ">=": operator.ge}


class Target(NamedTuple):
    """What a level must come to."""

    outcome: str
    sign: str
    value: float

    def met(self, values: Floats) -> Floats:
        """Return where values meet it, as 0 or 1."""
        found: Floats = _TESTS[self.sign](values, self.value).astype(np.float64)
        return found


@made_by("pathsim.sweep(baseline, key, levels), which returns one")
@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Saved):
    """What each level of a lever comes to."""

    key: str
    levels: tuple[float, ...]
    baseline_level: float
    table: pd.DataFrame
    """A row a level and outcome: `level`, `outcome`, `value`, `difference` from the baseline,
    `low`, `high` (95% of doubt), `probability_better`."""
    stops_at: float | None
    """The level from which no further step is likely to lower reoffences; None: the last step
    still is."""
    target: Target | None
    least: float | None
    """The least level that is to be expected to meet the target; None: none does, or no target."""
    least_chance: float | None
    """The chance that it does, over the states of the world."""
    comparison: Comparison

    def sentence(self) -> str:
        """Return in words where the lever stops helping, and the least level that is enough."""
        said = f"the step to {self.levels[-1]:{FIGURES}} is still likely to"
        if self.stops_at is not None:
            said = f"beyond {self.stops_at:{FIGURES}} no further step is likely to"
        said = f"{self.key}: {said} lower reoffences."
        if self.target is None:
            return said
        name, sign, value = self.target
        if self.least is None:
            return f"{said} No level of these is to be expected to have {name} {sign} {value:g}."
        chance = "" if self.least_chance is None else f", in {100 * self.least_chance:.0f} of 100"
        least = f"{self.least:{FIGURES}}{chance}"
        return f"{said} The least level with {name} {sign} {value:g} is {least}."

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        rows = self.table.astype(object).where(self.table.notna(), None)
        data = {
            "schema": "pathsim.sweep/1",
            "run": dict(self.comparison.provenance),
            "key": self.key,
            "baseline_level": self.baseline_level,
            "stops_at": self.stops_at,
            "target": None if self.target is None else self.target._asdict(),
            "least": self.least,
            "least_chance": self.least_chance,
            "sentence": self.sentence(),
            "levels": rows.to_dict(orient="records"),
        }
        return as_shaped(SweepShape, data)

    def _table_to_write(self) -> pd.DataFrame:
        return self.table

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))

    def __repr__(self) -> str:
        return f"<Sweep of {self.key!r} over {len(self.levels)} levels: {self.sentence()}>"


def sweep(
    baseline: Scenario | str | Path,
    key: str,
    levels: Iterable[float],
    *,
    target: str | None = None,
    **how: Any,
) -> Sweep:
    """Simulate a baseline at each level of a lever, on the same states and random numbers.

    Parameters
    ----------
    baseline
        A scenario, the path of a file, or the name of a shipped one.
    key
        Dotted, such as `services.gps_tag.capacity`.
    levels
        Two or more, in any order.
    target
        What a level must come to, such as `service.mhtr.mean_wait_days<=14`.
    **how
        As `compare` takes.

    Returns
    -------
    Sweep
        What each level comes to, where the lever stops helping, and the least level that is enough.

    Raises
    ------
    InputError
        For a key, level, target or other argument that cannot be used.

    Examples
    --------
    >>> import pathsim as ps
    >>> levels = [6, 12, 24]
    >>> swept = ps.sweep(ps.example(), "services.mentor.capacity", levels, draws=2, replications=2)
    >>> swept.baseline_level, swept.levels
    (12.0, (6.0, 12.0, 24.0))
    """
    scenario = baseline if isinstance(baseline, Scenario) else load(baseline)
    numbers = _levels(levels)
    wanted = None if target is None else parse_target(target)
    key = str(key)
    own = own_level(scenario, key)
    _check_target(wanted, scenario)
    others = [number for number in numbers if number != own]
    options = [
        scenario.change(f"{key} = {number:{FIGURES}}", {key: plain_level(number)})
        for number in others
    ]
    result = compare(scenario, options, **how)
    by_level: dict[float, OptionResult | None] = dict.fromkeys(numbers)
    by_level |= dict(zip(others, result.options, strict=True))
    least, chance = _least(wanted, by_level, result)
    return Sweep(
        key=key,
        levels=tuple(numbers),
        baseline_level=own,
        table=_table(by_level, result, wanted),
        stops_at=_stops_at(by_level, result),
        target=wanted,
        least=least,
        least_chance=chance,
        comparison=result,
    )


def parse_target(text: object) -> Target:
    """Return a target such as `service.mhtr.mean_wait_days<=14`. Raises InputError."""
    found = _TARGET.fullmatch(text) if isinstance(text, str) else None
    name, sign, written = found.groups() if found else ("", "", "")
    number = float(decimals([written])[0])
    if not math.isfinite(number):
        allowed = "an outcome, <= or >=, and a number, such as service.mhtr.mean_wait_days<=14"
        raise InputError(Problem("is no target", key="target", found=text, allowed=allowed))
    return Target(name, sign, number)


def _levels(levels: object) -> list[float]:
    if isinstance(levels, str | bytes | Mapping) or not isinstance(levels, Iterable):
        raise wrong_type("levels", levels, "numbers, such as range(0, 61, 6)")
    found: list[float] = []
    for each in levels:
        number = plain_number(each)
        if number is None:
            raise wrong_type("levels", each, "numbers, such as range(0, 61, 6)")
        if not math.isfinite(number):
            message, allowed = "must be finite", "finite numbers"
            raise InputError(Problem(message, key="levels", found=number, allowed=allowed))
        found.append(number)
    numbers = sorted(set(found))
    if not 2 <= len(numbers) <= _MOST:
        allowed = f"2 to {_MOST} different numbers"
        raise InputError(
            Problem("has too few or too many", key="levels", found=len(numbers), allowed=allowed)
        )
    return numbers


def own_level(scenario: Scenario, key: str) -> float:
    """Return the baseline's own level. Raises InputError for a key that holds no number."""
    number = _number_at(scenario, str(key))
    if number is None:
        keys = scenario.keys()
        known = [each for each in keys if _number_at(scenario, each) is not None]
        hint = nearest(str(key), known)
        message = "holds no number of the scenario" + (f"; {hint}" if hint else "")
        raise InputError(Problem(message, key=str(key), allowed="a key, as Scenario.keys() lists"))
    return number


def _number_at(scenario: Scenario, key: str) -> float | None:
    """Return the number at a dotted key; None: there is none."""
    part: Any = scenario
    for name in key.split("."):
        part = part.get(name) if isinstance(part, Mapping) else getattr(part, name, None)
    return plain_number(getattr(part, "value", None))


def plain_level(number: float) -> float | int:
    """Return a level as a file would say it."""
    return int(number) if number == int(number) else number


def _check_target(target: Target | None, scenario: Scenario) -> None:
    """Refuse a target of what no scenario like this has, before anything is simulated."""
    if target is None:
        return
    regimes = scenario.regimes
    known = outcome_names(
        services=sorted({name for each in regimes for name in each.services}),
        pools=sorted({name for each in regimes for name in each.pools}),
    )
    if target.outcome not in known:
        hint = nearest(target.outcome, known)
        message = "is no outcome of the scenario" + (f"; {hint}" if hint else "")
        allowed = "an outcome of pathsim run, such as reoffences_total"
        raise InputError(Problem(message, key="target", found=target.outcome, allowed=allowed))


def _table(
    by_level: dict[float, OptionResult | None], result: Comparison, target: Target | None
) -> pd.DataFrame:
    places = sorted({place for option in result.options for place in option.places})
    shown = [*SHOWN, *(name for place in places for name in headline_loads(place))]
    shown += [target.outcome] if target and target.outcome not in shown else []
    rows = [
        (level, outcome, *_figures(option, result, outcome))
        for level, option in by_level.items()
        for outcome in shown
    ]
    columns = ["level", "outcome", "value", "difference", "low", "high", "probability_better"]
    return pd.DataFrame(rows, columns=columns)


def _figures(
    option: OptionResult | None, result: Comparison, outcome: str
) -> tuple[float, float, float, float, float]:
    row = (outcome, EVERYBODY)
    if option is None:
        rows = result.baseline.rows
        mean = float(result.baseline.estimates.mean[rows.index(row)]) if row in rows else np.nan
        return mean, 0.0, 0.0, 0.0, np.nan
    if row not in option.rows:
        return (np.nan,) * 5
    place, columns = option.rows.index(row), option.columns()
    names = ("option", "difference", "low", "high", "probability_better")
    value, *others = (float(columns[name][place]) for name in names)
    return (value, *others)  # type: ignore[return-value] # four of them


def _values(option: OptionResult | None, result: Comparison, outcome: str) -> Floats:
    """Return an outcome at a level in each replication, [R], whatever the baseline has of it."""
    if option is not None:
        none = np.full(int(result.provenance["replications"]), np.nan)
        return option.own.get(outcome, none)
    found: Floats = result.baseline.values.aligned([(outcome, EVERYBODY)])[:, 0]  # noqa: PD011 no table of pandas
    return found


def _differences(option: OptionResult | None, result: Comparison, outcome: str) -> Floats:
    """Return an option's differences from the baseline in each replication, [R]."""
    if option is None:
        return np.zeros(int(result.provenance["replications"]))
    return option.everybody[outcome]


def _stops_at(by_level: dict[float, OptionResult | None], result: Comparison) -> float | None:
    """Return the level beyond which no step is likely to help."""
    levels = list(by_level)
    gains = [_differences(by_level[level], result, HELPS) for level in levels]
    last = levels[0]
    for level, before, after in zip(levels[1:], gains, gains[1:], strict=False):
        if _chance_lower(after - before, result) >= _SURE:
            last = level
    return None if last == levels[-1] else last


def _chance_lower(step: Floats, result: Comparison) -> float:
    """Return how likely a step lowers the outcome: over the states, or without them by its mean."""
    better = np.array([meaning(HELPS).better])
    draws = int(result.provenance["draws"])
    if draws:
        return float(probability_better(step.reshape(draws, -1, 1), better)[0])
    return float(estimate(step[:, None]).high[0] < 0.0)


def _least(
    target: Target | None, by_level: dict[float, OptionResult | None], result: Comparison
) -> tuple[float | None, float | None]:
    """Return the least level that is to be expected to meet a target, and the chance of it."""
    if target is None:
        return None, None
    draws = int(result.provenance["draws"])
    for level, option in by_level.items():
        values = _values(option, result, target.outcome)
        if not target.met(_means(values[None, :]))[0]:
            continue
        if not draws:
            return level, None
        return level, float(target.met(_means(values.reshape(draws, -1))).mean())
    return None, None


def _means(values: Floats) -> Floats:
    """Return the mean of each row over what is defined; nan where nothing is."""
    defined = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        found: Floats = np.where(defined, values, 0.0).sum(axis=1) / defined.sum(axis=1)
    return found
