"""What options are worth by the Green Book, year by year and payer by payer; studies too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pathsim.arguments import made_by
from pathsim.elementary.arrays import Floats
from pathsim.outcomes.results import Comparison, OptionResult
from pathsim.outcomes.saving import Saved
from pathsim.vocabulary import PAYERS, PUBLIC_PURSE

from .appraisal import Appraisal
from .compared import prepare
from .plain_of import plain_of
from .studied import Studies, asked_of, worth_of_studies
from .terms import Terms
from .told import Told, told


@dataclass(frozen=True, eq=False, repr=False)
class OptionValue:
    """What one option is worth; gains are above 0, pounds at present value."""

    option: OptionResult
    appraisal: Appraisal
    npsv: Told
    public: Told
    """What the public purse gains."""

    @property
    def title(self) -> str:
        """Return the option's title."""
        return self.option.request.title

    def __repr__(self) -> str:
        return f"<OptionValue of {self.title!r}: net present social value £{self.npsv.mean:,.0f}>"

    def years(self) -> pd.DataFrame:
        """Return the appraisal year by year: means over the states of the world.

        Columns: `year` from 0, `discount_factor`, then at present value what the cohort that
        begins in the year gains each payer, `public`, of which `cashable` and `not_cashable`,
        `total`; these add up to the whole. `public_as_it_falls` is what the public purse gains in
        the year by all cohorts, not discounted, set-up included; it goes on when the last cohort
        has begun, where all else is 0.
        """
        appraised = self.appraisal.expected
        flows = np.array(appraised.public_flows)
        flows[0] -= float(appraised.outlay)
        factors = appraised.terms.factors()
        later = len(flows) - len(factors)
        gains = {payer: _longer(appraised.gain_by_year[payer], later) for payer in PAYERS}
        public = np.sum([gains[payer] for payer in PUBLIC_PURSE], axis=0)
        cash = _longer(np.sum(list(appraised.cashable_by_year.values()), axis=0), later)
        return pd.DataFrame(
            {
                "year": np.arange(len(flows)),
                "discount_factor": _longer(factors, later, value=np.nan),
                **gains,
                "public": public,
                "cashable": cash,
                "not_cashable": public - cash,
                "total": public + gains["society"],
                "public_as_it_falls": flows,
            }
        )

    def payers(self) -> pd.DataFrame:
        """Return who pays and who gains: `payer`, `gain`, `cashable` and `not_cashable`.

        The last row is everybody. Harm to society is not cash, and has neither of the last two.
        """
        found = self.appraisal.expected
        cash = {payer: float(found.cashable_gain[payer]) for payer in PUBLIC_PURSE}
        rows = [
            (payer, gain, cash.get(payer, np.nan), gain - cash.get(payer, np.nan))
            for payer, gain in ((payer, float(found.gain[payer])) for payer in PAYERS)
        ]
        whole = (float(found.npsv), float(found.cashable), float(found.non_cashable))
        rows.append(("everybody", *whole))
        return pd.DataFrame(rows, columns=["payer", "gain", "cashable", "not_cashable"])


@made_by("pathsim.value(comparison), which returns one")
@dataclass(frozen=True, eq=False, repr=False)
class Value(Saved):
    """What options are worth over the years of the terms, and what studies would be."""

    comparison: Comparison
    options: tuple[OptionValue, ...]
    terms: Terms
    studies: Studies | None
    """None: none was asked for."""

    def table(self) -> pd.DataFrame:
        """Return a row an option: what it is worth, to whom and how surely.

        Ratios and prices are nan where they say nothing: what saves has none.
        """
        return pd.DataFrame([_row(each) for each in self.options])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON, as the shell gives it with `--json`."""
        return plain_of(self)

    def _table_to_write(self) -> pd.DataFrame:
        return self.table()

    def _repr_html_(self) -> str:
        return str(self.table().to_html(index=False))

    def __repr__(self) -> str:
        return f"<Value over {self.terms.years} years of {self.comparison!r}>"


def value(  # noqa: PLR0913 keyword-only choices of one appraisal
    comparison: Comparison,
    *,
    years: int = 10,
    study: Sequence[float] | float | None = None,
    of: str | None = None,
    control: float | None = None,
    reducible: float = 1.0,
    waits: int = 1,
    study_cost: tuple[float, float] | None = None,
    seed: int = 1,
) -> Value:
    """Return what options are worth by the Green Book, and what studies would be worth.

    Needs the extra `decide`.

    Parameters
    ----------
    comparison
        In 30 states of the world or more, as `compare(..., draws=256)` returns; for studies 512 or
        more.
    years
        Of the appraisal.
    study
        People in a study, or several such numbers.
    of
        Key of the quantity studied, such as `services.gps_tag.hazard_ratio`; left out, the one that
        is most worth knowing.
    control
        Share of the untreated who reoffend in a trial; left out, the baseline's.
    reducible
        Share of the doubt that a study here could take away.
    waits
        Years until it reports.
    study_cost
        Pounds at the start, and for each person.
    seed
        Of shuffles and resamples.

    Returns
    -------
    Value
        Each option year by year and payer by payer; pounds at present value.

    Raises
    ------
    InputError
        When there are too few states of the world, or for a quantity that no study measures.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    >>> compared = ps.compare(town, more, draws=32, replications=2)
    >>> found = ps.value(compared)
    >>> len(found.options[0].years().query("discount_factor > 0"))
    10
    """
    asked = asked_of(
        study,
        years=Terms(years=years).years,
        of=of,
        control=control,
        reducible=reducible,
        waits=waits,
        cost=study_cost,
    )
    ready = prepare(comparison, years=years, seed=seed)
    options = tuple(
        OptionValue(
            option,
            appraisal,
            told(ready.worth[:, :, k]),
            told(-appraisal.net_public_cost.reshape(ready.draws, -1)),
        )
        for k, (option, appraisal) in enumerate(
            zip(comparison.options, ready.appraisals, strict=True)
        )
    )
    studies = None if asked is None else worth_of_studies(ready, asked)
    return Value(comparison, options, ready.terms, studies)


def _longer(values: Floats, years: int, *, value: float = 0.0) -> Floats:
    return np.concatenate([values, np.full(years, value)])


def _row(each: OptionValue) -> dict[str, Any]:
    found = each.appraisal.expected
    return {
        "option": each.title,
        "npsv": each.npsv.mean,
        "npsv_low": each.npsv.low,
        "npsv_high": each.npsv.high,
        "chance_worth_it": each.npsv.probability,
        "public": each.public.mean,
        "public_low": each.public.low,
        "public_high": each.public.high,
        "chance_saves": each.public.probability,
        "cashable": float(found.cashable),
        "not_cashable": float(found.non_cashable),
        "bcr": float(found.bcr),
        "reoffences_avoided": float(found.reoffences_avoided),
        "cost_per_reoffence_avoided": float(found.cost_per_reoffence_avoided),
        "payback_years": float(found.payback_years),
        "equivalent_annual_value": float(found.equivalent_annual_value),
        "equivalent_annual_cost": float(found.equivalent_annual_cost),
        "optimism_bias_by": each.appraisal.terms.grade,
    }
