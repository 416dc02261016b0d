"""The mix of levers that is worth most under a yearly budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pathsim.arguments import plain_number, whole
from pathsim.decision.compared import refuse_few
from pathsim.decision.terms import Terms
from pathsim.errors import InputError, Problem
from pathsim.outcomes.asked import REPLICATIONS_PER_DRAW
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.units import LARGEST_SEED
from pathsim.study.calibration.posterior import Posterior
from pathsim.study.plan import MOST_DRAWS

from .evaluate import NPSV, Bench, check_worth
from .explore import Effort, search_mixes
from .levers import Lever, changes_in, levers_of, scenario_of
from .result import Portfolio
from .space import ROUNDING, Mix, Space
from .spend import by_use, spends, yearly
from .tables import (
    frontier_table,
    mixes_table,
    not_told_apart,
    pick_of,
    shadow_table,
)

Source = Scenario | str | Path


DRAWS: Final = 64
"""States of the world, where nothing else is asked for."""
SURE: Final = 0.95
_LARGEST: Final = 1e12
"""Pounds."""
_DELTA: Final = 0.05
"""Of what the budget comes to over the years: a difference that does not matter."""
_DELTA_ALLOWED: Final = (
    f"a number above 0 and below {_LARGEST:g}, in the unit of what is to be made most of"
)
_OF_THE_LAST: Final = 2
"""Times the draws: those of the last few, at most, where nothing else is asked for."""
_A_POUND: Final = 1.0
"""By which the spend of all levers together may miss the sum of each alone."""


def portfolio(  # noqa: PLR0913 keyword-only choices of one study
    baseline: Source,
    levers: Mapping[Any, Iterable[float]] | None = None,
    *,
    options: Sequence[Source] | Source = (),
    budget: float,
    worth: str | None = None,
    years: int = 10,
    delta: float | None = None,
    sure: float = SURE,
    draws: int = DRAWS,
    most_draws: int | None = None,
    replications: int = REPLICATIONS_PER_DRAW,
    seed: int = 1,
    workers: int | None = None,
    posterior: str | Path | Posterior | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Portfolio:
    """Find the mix of levels of several levers that is worth most within a yearly budget.

    A mix is simulated as one scenario with all its changes. Where the budget covers more than 50
    mixes, a design of them is simulated, what an emulator holds best is added, and the last 30 at
    most are told apart in fresh states of the world.

    Needs the extra `decide`.

    Parameters
    ----------
    baseline
        A scenario, the path of a file, or the name of a shipped one.
    levers
        Levels by dotted key, such as `{"services.gps_tag.capacity": [18, 36, 54]}`; the baseline's
        own level is always one.
    options
        Scenarios or files, each taken or left.
    budget
        Pounds a year that the places of a mix may cost more than the baseline's (`spend.py`).
    worth
        An outcome whose improvement is to be made most of; left out, net present social value over
        `years`, as `decide` works it out.
    years
        Of the appraisal.
    delta
        What a mix may be worth less than the best and still be taken; left out, a twentieth of what
        the budget comes to over the years, discounted.
    sure
        Chance of picking the best of the last, or one within delta of it.
    draws
        States of the world, 30 or more.
    most_draws
        Of the last few, until they are told apart; left out, twice as many.
    replications, seed, workers, posterior, progress
        As in `compare`.

    Returns
    -------
    Portfolio
        The mix to take, all mixes looked at, and what more money would bring.

    Raises
    ------
    InputError
        For a lever, option, budget or other argument that cannot be used, and for options that give
        one key unlike values.

    Examples
    --------
    >>> import pathsim as ps
    >>> levers = {"services.mentor.capacity": [12, 24]}
    >>> found = ps.portfolio(ps.example(), levers, budget=100_000, draws=32, replications=2)
    >>> len(found.mixes)
    2
    """
    scenario = baseline if isinstance(baseline, Scenario) else load(baseline)
    made = levers_of(scenario, {} if levers is None else levers, options)
    terms = Terms(years=years)
    draws = whole(draws, key="draws", least=0, most=MOST_DRAWS)
    refuse_few(draws)
    twice = min(_OF_THE_LAST * draws, MOST_DRAWS)
    most = twice if most_draws is None else most_draws
    most = whole(most, key="most_draws", least=draws, most=MOST_DRAWS)
    seed = whole(seed, key="seed", least=0, most=LARGEST_SEED)
    money = _number(budget, key="budget", least=0.0, most=_LARGEST)
    chance = _number(sure, key="sure", least=0.5, most=1.0)
    maximised = _maximised(worth, scenario, made)
    margin = _delta(delta, maximised, money, terms)
    how = {
        "replications": replications,
        "seed": seed,
        "workers": workers,
        "posterior": posterior,
        "progress": progress,
    }
    bench = Bench(scenario, made, terms, maximised, how)
    space = Space(_spends(scenario, made, seed=seed, workers=workers), money)
    effort = Effort(draws, most, margin, chance, seed)
    found = search_mixes(bench, space, effort=effort)
    return Portfolio(
        budget=money,
        maximised=maximised,
        years=terms.years,
        delta=margin,
        sure=chance,
        pick=pick_of(found, made),
        indifferent=tuple(bench.name(mix) for mix in not_told_apart(found, delta=margin)),
        mixes=mixes_table(found, made, bench, delta=margin),
        frontier=frontier_table(found, made),
        shadow=shadow_table(found, made, bench, draws=draws),
        found=found,
        provenance=bench.origin,
        levels={lever.name: lever.levels for lever in made},
    )


def _number(value: object, *, key: str, least: float, most: float) -> float:
    """Return a finite number between two, the upper left out. Raises InputError."""
    number = plain_number(value)
    allowed = f"a number from {least:g}" + (f" to below {most:g}" if math.isfinite(most) else "")
    if number is None or not math.isfinite(number) or not least <= number < most:
        raise InputError(Problem("is out of range", key=key, found=value, allowed=allowed))
    return number


def _maximised(worth: object, scenario: Scenario, levers: Sequence[Lever]) -> str:
    everything = tuple(1 if lever.is_option else 0 for lever in levers)
    widest = scenario_of(scenario, levers, everything) if any(everything) else scenario
    return check_worth(worth, [scenario, widest])


def _delta(delta: object, maximised: str, budget: float, terms: Terms) -> float:
    """Return the difference that does not matter. Raises InputError."""
    if delta is None:
        usual = _DELTA * budget * float(terms.factors().sum())
        if maximised == NPSV and usual > 0.0:
            return usual
        message = "must be said: left out it is a share of the budget, of pounds of net value"
        raise InputError(Problem(message, key="delta", allowed=_DELTA_ALLOWED))
    number = plain_number(delta)
    if number is None or not 0.0 < number < _LARGEST:
        problem = Problem("is out of range", key="delta", found=delta, allowed=_DELTA_ALLOWED)
        raise InputError(problem)
    return number


def _spends(
    scenario: Scenario, levers: Sequence[Lever], *, seed: int, workers: int | None
) -> tuple[tuple[float, ...], ...]:
    """Return what each level spends in a year beyond the baseline. Raises InputError."""
    alone: list[Mix] = [
        tuple(k if place == number else 0 for place in range(len(levers)))
        for number, lever in enumerate(levers)
        for k in range(1, len(lever.levels))
    ]
    options = []
    for mix in alone:
        option = scenario_of(scenario, levers, mix)
        keys = [key for each in changes_in(levers, mix) for key in each.overrides]
        options.append((option, by_use(scenario, option, keys)))
    pounds = iter(spends(scenario, options, seed=seed, workers=workers))
    found = tuple((0.0, *(next(pounds) for _ in lever.levels[1:])) for lever in levers)
    _refuse_entangled(scenario, levers, options, alone)
    _refuse_shared_use(levers, options, alone)
    return found


def _refuse_shared_use(
    levers: Sequence[Lever],
    options: Sequence[tuple[Scenario, list[str]]],
    alone: Sequence[Mix],
) -> None:
    """Refuse two levers of one service that is paid for by use. Raises InputError."""
    paid_by_use = {name for _, services in options for name in services}
    of_each: dict[str, set[int]] = {}
    for mix in alone:
        number = next(place for place, level in enumerate(mix) if level)
        for changes in changes_in(levers, mix):
            for key in changes.overrides:
                section, _, rest = key.partition(".")
                if section == "services":
                    of_each.setdefault(rest.partition(".")[0], set()).add(number)
    for name in sorted(paid_by_use):
        if len(of_each.get(name, ())) > 1:
            message = "is paid for by use, which two levers change: their spend does not add up"
            allowed = "one lever of it, or one option that makes both changes"
            raise InputError(Problem(message, key=f"services.{name}", allowed=allowed))


def _refuse_entangled(
    scenario: Scenario,
    levers: Sequence[Lever],
    options: Sequence[tuple[Scenario, list[str]]],
    alone: Sequence[Mix],
) -> None:
    """Refuse levers of which one changes what another's places cost. Raises InputError."""
    most = tuple(len(lever.levels) - 1 for lever in levers)
    base = yearly(scenario)
    apart = [
        yearly(option) - base
        for (option, _), mix in zip(options, alone, strict=True)
        if all(k in (0, last) for k, last in zip(mix, most, strict=True))
    ]
    together = yearly(scenario_of(scenario, levers, most)) - base
    if abs(together - math.fsum(apart)) > max(_A_POUND, ROUNDING * abs(together)):
        message = "cost other than the sum of each alone: one changes the price of another's places"
        allowed = "levers of different services, or one option that makes both changes"
        raise InputError(Problem(message, key="levers", found=together, allowed=allowed))
