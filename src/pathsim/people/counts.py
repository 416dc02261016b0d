"""Joint counts, shipped or a scenario's own, as arrays with axes in the vocabulary's order.

Legend of axes: A age groups, S sexes, O offence groups, H bands of previous
convictions or cautions, D disposals, E ethnicities, T age bands, L bands of
custodial length.

Sparse cells are smoothed: a cell of n occasions counts as n of its own and
`PSEUDO_COUNT` of the margin above it. Ten leaves the dense cells, which hold
hundreds or thousands, as they were published, and keeps a cell of one or two
from saying that something always or never happens.

Counts are whole numbers: their sums are exact in any order, and only other sums need
`pathsim.elementary.ordered`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.elementary.arrays import Floats
from pathsim.elementary.ordered import total
from pathsim.errors import InputError, Problem
from pathsim.scenario.cohort import SampledCohort
from pathsim.vocabulary import (
    AGE_GROUPS,
    DISPOSALS,
    ETHNICITIES,
    OFFENCE_GROUPS,
    PREVIOUS_BANDS,
    SEXES,
)

from .count_table import Counts, read_counts
from .margins import fitted

PSEUDO_COUNT: Final = 10.0
"""Occasions lent to a cell by the margin above it."""

FEW_CASES: Final = 30
"""Custodial lengths of a cell with fewer cases are those of the margin above it."""

LENGTH_BANDS: Final = (
    "le6m",
    "gt6m_lt12m",
    "eq12m",
    "gt12m_to_2y",
    "gt2y_lt4y",
    "eq4y",
    "gt4y_to_10y",
    "gt10y",
    "indeterminate",
)
SHORT: Final = LENGTH_BANDS.index("le6m")
SHORTEST_DAYS: Final = 7.0
"""Lower end of the first band: shorter sentences are served in a court's cells (assumption)."""
SHORT_SENTENCES: Final = ((0.24, 30.4), (0.45, 60.8), (0.63, 91.25))
"""Shares of the first band at or below 1, 2 and 3 months (days): 12.6, 23.7 and 33.5% of all
custodial sentences in the year to June 2019 (Ministry of Justice, Criminal justice statistics
quarterly, June 2024, table Q5.4) over the 53.2% of `le6m` here. Assumed alike for every offence."""
CAP_DAYS: Final = 7300.0
"""Longest sentence, 20 years; also the length of every indeterminate sentence. Nobody so
sentenced is released within the horizon of any comparison, whatever the number (assumption)."""
BAND_QUANTILES: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "le6m": (*SHORT_SENTENCES, (1.0, 182.5)),
    "gt6m_lt12m": ((1.0, 365.0),),
    "eq12m": ((1.0, 365.0),),
    "gt12m_to_2y": ((1.0, 730.0),),
    "gt2y_lt4y": ((1.0, 1460.0),),
    "eq4y": ((1.0, 1460.0),),
    "gt4y_to_10y": ((1.0, 3650.0),),
    "gt10y": ((1.0, CAP_DAYS),),
    "indeterminate": ((1.0, CAP_DAYS),),
}
"""Knots of each band after its lower end: (share of the band, days)."""


class Quantiles(NamedTuple):
    """A piecewise linear quantile function; probabilities rise from 0 to 1."""

    probabilities: Floats
    days: Floats


COURT_AGES: Final = ("10-14", "15-17", "18-20", "21-24", "25-29", "30-39", "40-49", "50+")
"""Ages by which the courts' table counts who is sentenced."""


_TEXT: Final = ("previous_offences", "coefficient", "year")
"""Columns of figures that are names."""


@cache
def read(name: str) -> pd.DataFrame:
    """Return the shipped table `name` (without `.csv`); do not change it."""
    with files("pathsim").joinpath("data", f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, comment="#", dtype=dict.fromkeys(_TEXT, str))


def array(name: str, **axes: tuple[str, ...]) -> Floats:
    """Return the counts of a shipped table, summed over every column that is not an axis.

    Parameters
    ----------
    name
        The table, without `.csv`.
    **axes
        Columns, in the wanted order of axes, each with its levels in order.
    """
    table = read(name)
    counts = np.zeros([len(levels) for levels in axes.values()])
    codes = [pd.Categorical(table[column], levels).codes for column, levels in axes.items()]
    np.add.at(counts, tuple(codes), table["count"].to_numpy(np.float64))
    return counts


@cache
def occasions() -> Floats:
    """Return the occasions of caution or conviction in 2021, [A, S, O, H, D]."""
    return _frozen(
        array(
            "pnc_disposals_2021",
            age_group=AGE_GROUPS,
            sex=SEXES,
            offence_group=OFFENCE_GROUPS,
            previous_offences=PREVIOUS_BANDS,
            disposal=DISPOSALS,
        )
    )


@cache
def sentenced_by_age() -> Floats:
    """Return the offenders sentenced in 2019, [S, O, COURT_AGES]."""
    axes = {"sex": SEXES, "offence_group": OFFENCE_GROUPS, "age_band": COURT_AGES}
    return _frozen(array("ages_2019", **axes))


OCCASION_AXES: Final = {
    "age_group": AGE_GROUPS,
    "sex": SEXES,
    "offence_group": OFFENCE_GROUPS,
    "previous_offences": PREVIOUS_BANDS,
    "disposal": DISPOSALS,
}
ETHNICITY_AXES: Final = {
    "age_group": AGE_GROUPS,
    "sex": SEXES,
    "offence_group": OFFENCE_GROUPS,
    "ethnicity": ETHNICITIES,
}


def occasions_of(source: SampledCohort) -> Floats:
    """Return the occasions that a cohort is drawn from, [A, S, O, H, D].

    A scenario's own counts say how many of each kind there are; what they do not tell apart,
    such as the previous convictions, is as in the nation within each kind. Its margins, if it has
    any, then scale them until all hold.

    Raises
    ------
    InputError
        For a kind of people that the national counts do not have, and an age group without any.
    """
    counts = _counted(source)
    if source.margins is None:
        return counts
    sizes = (source.adults.value, source.youths.value)
    return fitted(counts, source.margins.file, axes=OCCASION_AXES, sizes=sizes)


def _counted(source: SampledCohort) -> Floats:
    """Return the nation's occasions, or those by the scenario's own counts."""
    if source.counts is None:
        return occasions()
    own = read_counts(source.counts.file, OCCASION_AXES)
    counts = own.spread(OCCASION_AXES)
    inside = tuple(i for i, each in enumerate(OCCASION_AXES) if each not in own.attributes)
    if inside:
        around = occasions().sum(axis=inside, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            within = occasions() / around
        _refuse_unknown_kinds(own, around)
        counts = np.where(around > 0, counts * within, 0.0)
    for name, group in zip(("adults", "youths"), counts, strict=True):
        if getattr(source, name).value and not group.any():
            message = f"counts no {name}, of whom the scenario follows some"
            raise InputError(Problem(message, key=f"cohort.{name}", file=own.file))
    return counts


def _refuse_unknown_kinds(own: Counts, around: Floats) -> None:
    problems = []
    for cell in own.cells:
        said = dict(zip(own.attributes, cell.levels, strict=True))
        place = [
            levels.index(said[each]) if each in said else 0
            for each, levels in OCCASION_AXES.items()
        ]
        if cell.people and not around[tuple(place)]:
            lacking = ", ".join(each for each in OCCASION_AXES if each not in said)
            message = f"the national counts have nobody of this kind, from whom to take {lacking}"
            allowed = f"a table that has {lacking} too, or these people under another kind"
            found = ", ".join(cell.levels)
            problems.append(
                Problem(message, found=found, allowed=allowed, line=cell.line, file=own.file)
            )
    if problems:
        raise InputError(*problems)


def ethnicity_shares(source: SampledCohort) -> Floats:
    """Return the shares of ethnicities by the scenario's counts, [A, S, O, E].

    Offence groups that they do not cover have the shares of their age group and sex. Without
    counts the ethnicity is not recorded: everybody is `other`. Raises InputError.
    """
    if source.ethnicity is None:
        nobody = np.zeros([len(levels) for levels in ETHNICITY_AXES.values()])
        nobody[..., ETHNICITIES.index("other")] = 1.0
        return nobody
    counts = read_counts(source.ethnicity.file, ETHNICITY_AXES, needed="ethnicity").spread(
        ETHNICITY_AXES
    )
    overall = shares(counts.sum(axis=(0, 1, 2)))
    return _frozen(smoothed(counts, smoothed(counts.sum(axis=2), overall)[:, :, None, :]))


@cache
def disposal_shares() -> tuple[Floats, Floats]:
    """Return how proven offences are dealt with.

    Returns
    -------
    caution_share
        Share of occasions that are cautions, [A, O, H].
    court_shares
        Shares of the disposals of the other occasions, [A, O, H, D]; none is a
        caution and every row sums to 1.
    """
    counts = occasions().sum(axis=1)
    in_court = counts.copy()
    in_court[..., DISPOSALS.index("caution")] = 0.0
    either = np.stack([counts.sum(axis=-1) - in_court.sum(axis=-1), in_court.sum(axis=-1)], axis=-1)
    return _frozen(_smoothed_by_history(either)[..., 0]), _frozen(_smoothed_by_history(in_court))


@cache
def offence_mix() -> Floats:
    """Return the shares of offence groups among the occasions of each age group, [A, O]."""
    return _frozen(shares(occasions().sum(axis=(1, 3, 4))))


@cache
def custody_lengths() -> tuple[tuple[Quantiles, ...], ...]:
    """Return the lengths of custodial sentences, [A][O], in days.

    They are those passed in 2019, with six months or less as frequent as in 2021 (`short_ratio`).
    A cell of fewer than `FEW_CASES` has the lengths of its age group, and an
    age group of fewer those of adults.
    """
    counts = array(
        "custody_lengths_2019",
        age_group=AGE_GROUPS,
        offence_group=OFFENCE_GROUPS,
        length_band=LENGTH_BANDS,
    )
    counts[..., SHORT] *= short_ratio()
    adults = counts[AGE_GROUPS.index("adult")].sum(axis=0)
    rows = []
    for cells in counts:
        margin = cells.sum(axis=0)
        margin = margin if margin.sum() >= FEW_CASES else adults
        dense = [cell if cell.sum() >= FEW_CASES else margin for cell in cells]
        rows.append(tuple(_quantiles(smoothed(cell, shares(adults))) for cell in dense))
    return tuple(rows)


def short_ratio() -> float:
    """Return how many sentences of up to six months there were in 2021, a longer one, against 2019.

    Lengths by offence are published for 2019. In 2021 magistrates, who pass no longer sentences
    but for two offences at once, sent fewer people to custody, the Crown Court almost as many. Its
    own share of such sentences is taken to be as it was in 2019.
    """
    lengths = array("custody_lengths_2019", length_band=LENGTH_BANDS)
    short, longer = lengths[SHORT], lengths.sum() - lengths[SHORT]
    (magistrates, crown), (magistrates_now, crown_now) = array(
        "custody_by_court", year=("2019", "2021"), court=("magistrates", "crown")
    )
    short_now = magistrates_now + crown_now * (short - magistrates) / crown
    longer_now = magistrates_now + crown_now - short_now
    return float(short_now / longer_now * longer / short)


def shares(counts: Floats) -> Floats:
    """Return `counts` divided by their sums over the last axis."""
    return counts / total(counts)[..., None]


def smoothed(counts: Floats, towards: Floats) -> Floats:
    """Return the shares over the last axis, `PSEUDO_COUNT` cases of `towards` added to each row."""
    return shares(counts + PSEUDO_COUNT * towards)


def _smoothed_by_history(counts: Floats) -> Floats:
    """Return the shares over the last axis of [A, O, H, .], each cell smoothed towards [A, O]."""
    by_age = shares(counts.sum(axis=(1, 2)))
    by_offence = smoothed(counts.sum(axis=2), by_age[:, None, :])
    return smoothed(counts, by_offence[:, :, None, :])


def _quantiles(band_shares: Floats) -> Quantiles:
    """Return the quantile function of shares over `LENGTH_BANDS`, all above 0."""
    probabilities, days = [0.0], [SHORTEST_DAYS]
    reached = 0.0
    for band, share in zip(LENGTH_BANDS, band_shares, strict=True):
        for part, upper in BAND_QUANTILES[band]:
            probabilities.append(reached + part * share)
            days.append(upper)
        reached += share
    probabilities[-1] = 1.0
    return Quantiles(_frozen(np.array(probabilities)), _frozen(np.array(days)))


def _frozen(values: Floats) -> Floats:
    values.setflags(write=False)
    return values
