"""What to do, how sure, and what would change it: a decision from options compared in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.elementary.arrays import Floats
from pathsim.outcomes.results import Comparison, OptionResult
from pathsim.outcomes.saving import Saved

from .acceptability import Acceptability, acceptability, chance_best
from .appraisal import Appraisal
from .compared import CLOSEST, deflated, prepare, with_baseline
from .doubted import Input, as_table, screened
from .equality import GroupBenefit, benefits
from .information.perfect import Perfect, evpi
from .plain_of import plain_of
from .terms import Terms
from .told import Told, told
from .turning import Switch, switches

THRESHOLDS: Final = tuple(float(each) for each in range(0, 50_001, 2_500))
"""Pounds that a reoffence avoided may be worth to the public purse."""


class Worth(NamedTuple):
    """What it is worth to know a quantity before choosing between an option and the baseline."""

    input: Input
    pounds: float
    se: float
    resolved: bool


@dataclass(frozen=True, eq=False, repr=False)
class OptionDecision:
    """One option, appraised over the years of the terms; gains are above 0."""

    option: OptionResult
    appraisal: Appraisal
    npsv: Told
    public: Told
    """What the public purse gains."""
    avoided: Told
    """Proven reoffences of one yearly cohort that do not happen."""
    switching: tuple[Switch, ...]
    evppi: tuple[Worth, ...]
    equality: tuple[GroupBenefit, ...]
    """What it does for whom."""

    @property
    def title(self) -> str:
        """Return the option's title."""
        return self.option.request.title

    def __repr__(self) -> str:
        return (
            f"<OptionDecision of {self.title!r}: net present social value £{self.npsv.mean:,.0f}>"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Decision(Saved):
    """Options against a baseline, what each is worth, and what it would be worth to know more."""

    comparison: Comparison
    options: tuple[OptionDecision, ...]
    evpi: Perfect
    """Of the choice among all options and the baseline, pounds over the years of the terms."""
    best: Floats
    """[1 + options] chance that each is worth most, the baseline first."""
    frontier: Acceptability
    """By what a reoffence avoided is worth, the baseline first."""
    terms: Terms

    def table(self) -> pd.DataFrame:
        """Return a row an option: what it is worth, to whom and how surely.

        Columns: option; npsv, public (what the public purse gains) and reoffences_avoided, each
        with `_low`, `_high` (95% of doubt) and a chance that it is above 0; bcr; chance_best.
        """
        return pd.DataFrame(
            [_row(each, best) for each, best in zip(self.options, self.best[1:], strict=True)]
        )

    def _repr_html_(self) -> str:
        return str(self.table().to_html(index=False))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON, as the shell gives it with `--json`."""
        return plain_of(self)

    def _table_to_write(self) -> pd.DataFrame:
        return self.table()

    def __repr__(self) -> str:
        return f"<Decision over {self.terms.years} years of {self.comparison!r}>"


def _row(each: OptionDecision, best: float) -> dict[str, Any]:
    row: dict[str, Any] = {"option": each.title}
    told_of = {"npsv": each.npsv, "public": each.public, "reoffences_avoided": each.avoided}
    for name, found in told_of.items():
        row[name] = found.mean
        row |= {f"{name}_low": found.low, f"{name}_high": found.high}
        row[f"{name}_chance"] = found.probability
    return row | {"bcr": float(each.appraisal.expected.bcr), "chance_best": float(best)}


def decide(comparison: Comparison, *, years: int = 10, seed: int = 1) -> Decision:
    """Return what options are worth, how sure that is, and what would change it.

    Needs the extra `decide`.

    Parameters
    ----------
    comparison
        In 30 states of the world or more, as `compare(..., draws=256)` returns.
    years
        Of the appraisal by the Green Book, in which each option has the optimism bias of the
        weakest evidence that it rests on.
    seed
        Of shuffles and resamples.

    Returns
    -------
    Decision
        What each option is worth, and what it would be worth to know more; pounds at present value.

    Raises
    ------
    InputError
        When there are too few states of the world.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    >>> compared = ps.compare(town, more, draws=32, replications=2)
    >>> decision = ps.decide(compared)
    >>> list(decision.table()["option"])
    ['Twice the mentors']
    """
    ready = prepare(comparison, years=years, seed=seed)
    draws, appraised, worth = ready.draws, ready.appraisals, ready.worth
    options = tuple(
        _option(option, appraisal, worth[:, :, k], ready.inputs, seed=ready.seed)
        for k, (option, appraisal) in enumerate(zip(comparison.options, appraised, strict=True))
    )
    certain = with_baseline(deflated(worth))
    return Decision(
        comparison=comparison,
        options=options,
        evpi=evpi(certain, seed=ready.seed),
        best=chance_best(certain),
        frontier=_frontier(appraised, draws),
        terms=ready.terms,
    )


def _option(
    option: OptionResult, appraisal: Appraisal, worth: Floats, inputs: list[Input], *, seed: int
) -> OptionDecision:
    draws = len(worth)
    means = worth.mean(axis=1)
    closest = screened(means, inputs, most=CLOSEST, seed=seed)
    avoided = -option.everybody["reoffences_total"].reshape(draws, -1)
    return OptionDecision(
        option=option,
        appraisal=appraisal,
        npsv=told(worth),
        public=told(-appraisal.net_public_cost.reshape(draws, -1)),
        avoided=told(avoided),
        switching=tuple(switches(means, closest)),
        evppi=tuple(_worths(means, worth, closest, seed=seed)),
        equality=benefits(option, draws=draws),
    )


def _worths(means: Floats, worth: Floats, closest: list[Input], *, seed: int) -> list[Worth]:
    """Return what it is worth to know each of the closest inputs, from the highest."""
    from .information.partial import evppi  # noqa: PLC0415 needs an extra

    if not closest:
        return []
    pair = with_baseline(means[:, None])
    most = evpi(with_baseline(deflated(worth[:, :, None])), seed=seed).evpi
    table = evppi(pair, as_table(closest), evpi=most, seed=seed)
    pounds, errors = table["evppi"].to_numpy(), table["se"].to_numpy()
    sure = table["resolved"].to_numpy()
    rows = [
        Worth(each, float(pounds[k]), float(errors[k]), bool(sure[k]))
        for k, each in enumerate(closest)
    ]
    return sorted(rows, key=lambda row: -row.pounds)


def _frontier(appraised: Sequence[Appraisal], draws: int) -> Acceptability:
    """Return which option is best by what the public purse would pay for a reoffence avoided."""
    effects, costs = (
        np.stack([each.reshape(draws, -1) for each in found], axis=2)
        for found in (
            [each.discounted_reoffences_avoided for each in appraised],
            [each.net_public_cost for each in appraised],
        )
    )
    return acceptability(
        with_baseline(deflated(effects)),
        with_baseline(deflated(costs)),
        thresholds=THRESHOLDS,
    )
