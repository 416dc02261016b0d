"""A cohort sampled from the shipped joint counts.

Disposal, offence group, previous convictions or cautions (band), sex and age
group are drawn together from the counts of the Police National Computer, or from the area's own, by
systematic sampling: one random start, then every n-th of all occasions, laid
out with the disposal as the slowest axis. So the sample has the margins of the
counts but for a few people, and less chance than independent draws. What the
counts do not hold follows, each drawn evenly over its distribution (`_even`):

- *age* within offence group and sex, from the sentencing table, which also
  covers summary offences that the Police National Computer leaves out; linked
  to the number of previous convictions by AGE_HISTORY_CORRELATION;
- *number of previous convictions* within the band: NUMBER_RATIO, TAIL_RATIO;
- *age at first sanction*: CAREER_SIGMA; it serves only the risk score;
- *ethnicity* from the scenario's counts, *area* by its shares, neither linked
  to anything else;
- *length of a custodial sentence* from the lengths passed in 2019;
- *needs* by a Gaussian copula with the scenario's correlations, between each
  other and with the risk score;
- *domestic abuse* at random among adults with an offence of violence.

Every draw is addressed by the seed, what it is for and the number of the person, and all
arithmetic has the same bits on every machine (`pathsim.elementary`): so has the cohort.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.elementary import exp
from pathsim.elementary.arrays import Floats
from pathsim.elementary.normal import normal_quantile
from pathsim.elementary.ordered import interpolated, powers, ranks, running, total
from pathsim.elementary.words import Draws
from pathsim.errors import InputError, Problem
from pathsim.scenario.areas import Area, shares_of
from pathsim.scenario.cohort import SampledCohort
from pathsim.vocabulary import (
    AGE_GROUPS,
    DISPOSALS,
    ETHNICITIES,
    NEEDS,
    OFFENCE_GROUPS,
    PREVIOUS_BAND_LOWER,
    PREVIOUS_BANDS,
    SEXES,
)

from .cells import categorical
from .counts import (
    custody_lengths,
    ethnicity_shares,
    occasions_of,
    sentenced_by_age,
    shares,
    smoothed,
)
from .ogrs3 import EARLIEST_ASSUMED_AGE, YEARS_PER_ROOT_SANCTION, ogrs3

Codes = NDArray[np.int64]

AGE_SPANS: Final[tuple[tuple[tuple[int, int, float], ...], ...]] = (
    ((10, 11, 0.03), (12, 12, 0.12), (13, 13, 0.30), (14, 14, 0.55)),
    ((15, 15, 0.25), (16, 16, 0.33), (17, 17, 0.42)),
    ((18, 20, 1.0),),
    ((21, 24, 1.0),),
    ((25, 29, 1.0),),
    ((30, 39, 1.0),),
    ((40, 49, 1.0),),
    ((50, 59, 0.72), (60, 69, 0.22), (70, 84, 0.06)),
)
"""First and last age and share of the parts of each age band; even within a part. The shares
from 50 are those of the 2019 sentencing table; below 18 they are assumed to rise with age."""
AGE_HISTORY_CORRELATION: Final = 0.15
"""Rank correlation of age and previous convictions within age group, sex and offence group
(assumption): a long record takes years to collect, but most older people have a short one. At
twice that, those of 45 and over would have records of which their published rates know nothing."""
NUMBER_RATIO: Final = 0.87
"""How much rarer each further previous conviction is within a band: the fall from the band 3-6 to
11-14 in the counts, per conviction."""
TAIL_RATIO: Final = 0.937
"""The same from 15 on (assumption): it joins the band 15 and over on to the one before it, and
gives it a mean of 30."""
LARGEST_NUMBER: Final = 150
CAREER_SIGMA: Final = 0.5
"""Standard deviation of the logarithm of years since the first sanction, about the years that
`ogrs3.assumed_first_age` takes for everybody (assumption)."""
_NO_AREAS: Final[Mapping[str, Area]] = MappingProxyType({})
YOUNGEST: Final = 10
"""Age of criminal responsibility."""


def sample(source: SampledCohort, areas: Mapping[str, Area] = _NO_AREAS) -> pd.DataFrame:
    """Return the people of a sampled cohort, the adults first, as a table to be checked.

    Raises
    ------
    InputError
        If no joint distribution of the needs has the two correlations, or a table of counts
        is wrong.
    """
    draws = Draws(source.seed, "cohort")
    sizes = [int(source.adults.value), int(source.youths.value)]
    counts = occasions_of(source)
    parts = [
        _drawn(draws, counts[group], group=group, size=size) for group, size in enumerate(sizes)
    ]
    group, disposal, offence, band, sex = np.concatenate(parts, axis=1)
    everybody = np.arange(group.size)
    previous = _previous(draws, band)
    age = _ages(draws, group=group, sex=sex, offence=offence, previous=previous)
    first = _first_ages(draws, age=age, previous=previous)
    one, two = ogrs3(
        age_at_conviction=age,
        age_at_first_sanction=first,
        previous_sanctions=previous,
        sex=sex.astype(np.int8),
        offence_group=offence.astype(np.int8),
    )
    by_ethnicity = running(ethnicity_shares(source)[group, sex, offence])
    violent = (group == AGE_GROUPS.index("adult")) & (offence == OFFENCE_GROUPS.index("violence"))
    abuse = np.zeros(group.size, np.bool_)
    abuse[violent] = _chosen(
        draws, "abuse", np.flatnonzero(violent), share=source.domestic_abuse_share.value
    )
    people = {
        "id": everybody,
        "age": age,
        "age_at_first_sanction": first,
        "sex": categorical(sex, SEXES),
        "ethnicity": categorical(_choice(draws, "ethnicity", by_ethnicity), ETHNICITIES),
        "area": categorical(_area_codes(draws, everybody, areas), tuple(areas)),
        "offence_group": categorical(offence, OFFENCE_GROUPS),
        "previous_offences": previous,
        "disposal": categorical(disposal, DISPOSALS),
        "sentence_days": _sentences(draws, group=group, offence=offence, disposal=disposal),
        "risk_one_year_percent": 100.0 * one,
        "risk_two_year_percent": 100.0 * two,
        "domestic_abuse": abuse,
    }
    return pd.DataFrame(people | _needs(draws, source, risk=two))


def entering(source: SampledCohort, *, group: Codes, band: Codes) -> NDArray[np.bool_]:
    """Return which occasions of a sample are entries, by age group and band of convictions.

    Each stratum keeps its share to the nearest person. Who is kept at one share is kept at any
    higher one.
    """
    draws = Draws(source.seed, "cohort")
    enters = np.ones(group.size, np.bool_)
    for name, by_band in source.entry_shares.items():
        for level, share in by_band.items():
            inside = (group == AGE_GROUPS.index(name)) & (band == PREVIOUS_BANDS.index(level))
            enters[inside] = _chosen(draws, "entry", np.flatnonzero(inside), share=share.value)
    return enters


def _drawn(draws: Draws, counts: Floats, *, group: int, size: int) -> Codes:
    """Return a systematic sample: rows of age group, disposal, offence group, band and sex."""
    cells = counts.transpose(3, 1, 2, 0)
    reached = running(total(cells).ravel())
    start, women = (draws.uniform(what, np.array([group]))[0] for what in ("start", "women"))
    points = (np.arange(size) + start) / max(size, 1) * reached[-1]
    index = np.searchsorted(reached, points, side="right")
    disposal, offence, band = np.unravel_index(index, cells.shape[:3])
    # The women are every n-th of the sample in its turn: n-th by their share in each one's cell.
    drawn = cells[disposal, offence, band]
    expected = women + running(drawn[:, SEXES.index("female")] / total(drawn))
    female = np.diff(np.floor(expected), prepend=0.0) > 0
    sex = np.where(female, SEXES.index("female"), SEXES.index("male"))
    return np.stack([np.full(size, group), disposal, offence, band, sex])


def _chosen(draws: Draws, what: str, people: Codes, *, share: float) -> NDArray[np.bool_]:
    """Return truths in random order, of which `share` are true to the nearest person."""
    return np.asarray(draws.order(what, people) < round(share * people.size), np.bool_)


def _area_codes(draws: Draws, people: Codes, areas: Mapping[str, Area]) -> Codes:
    """Return areas in random order, by their shares to the nearest person; -1 without any."""
    if not areas:
        return np.full(people.size, -1)
    order = draws.order("area", people)
    lots = [
        share for area, share in zip(areas.values(), shares_of(areas), strict=True) if area.share
    ]
    uppers = np.array([round(sum(lots[: place + 1]) * people.size) for place in range(len(lots))])
    place = np.searchsorted(uppers, order, side="right")
    given = [code for code, area in enumerate(areas.values()) if area.share is not None]
    rest = [code for code, area in enumerate(areas.values()) if area.share is None]
    return np.array([*given, *rest])[place]


def _choice(draws: Draws, what: str, cumulative: Floats) -> Codes:
    """Return a choice for each row of cumulative shares."""
    u = draws.even(what, np.arange(len(cumulative)))
    return np.asarray((u[:, None] >= cumulative[:, :-1]).sum(axis=1), np.int64)


def _previous(draws: Draws, band: Codes) -> Codes:
    """Return the number of previous convictions or cautions, given its band."""
    number = np.zeros(band.size, np.int64)
    uppers = (*(lower - 1 for lower in PREVIOUS_BAND_LOWER[1:]), LARGEST_NUMBER)
    for which, (lower, upper) in enumerate(zip(PREVIOUS_BAND_LOWER, uppers, strict=True)):
        ratio = TAIL_RATIO if which == len(PREVIOUS_BANDS) - 1 else NUMBER_RATIO
        cumulative = running(shares(powers(ratio, upper - lower + 1)))
        inside = np.flatnonzero(band == which)
        u = draws.even("previous", inside)
        number[inside] = lower + np.searchsorted(cumulative[:-1], u, side="right")
    return number


def _ages(draws: Draws, *, group: Codes, sex: Codes, offence: Codes, previous: Codes) -> Codes:
    """Return ages: even over the ages of each age group, sex and offence group."""
    age = np.zeros(group.size, np.int64)
    cell = np.ravel_multi_index((group, sex, offence), (2, len(SEXES), len(OFFENCE_GROUPS)))
    rho = AGE_HISTORY_CORRELATION
    for which in np.unique(cell):
        inside = np.flatnonzero(cell == which)
        years, cumulative = _age_distribution(group[inside[0]], sex[inside[0]], offence[inside[0]])
        history = _normal_scores(draws, "record", inside, previous[inside])
        latent = rho * history + np.sqrt(1.0 - rho * rho) * draws.normal("age", inside)
        u = (ranks(latent) + draws.uniform("age in its rank", inside)) / inside.size
        age[inside] = years[np.searchsorted(cumulative[:-1], u, side="right")]
    return age


def _age_distribution(group: int, sex: int, offence: int) -> tuple[Codes, Floats]:
    """Return the ages of an age group and their cumulative shares."""
    young = AGE_GROUPS[group] == "youth"
    bands = slice(0, 2) if young else slice(2, None)
    counts = sentenced_by_age()[sex, :, bands]
    by_band = smoothed(counts[offence], shares(counts.sum(axis=0)))
    years: list[int] = []
    weights: list[float] = []
    for spans, share in zip(AGE_SPANS[bands], by_band, strict=True):
        for first, last, part in spans:
            ages = range(first, last + 1)
            years.extend(ages)
            weights.extend(share * part / len(ages) for _ in ages)
    return np.array(years), running(shares(np.array(weights)))


def _first_ages(draws: Draws, *, age: Codes, previous: Codes) -> Codes:
    """Return ages at first sanction; without previous sanctions, the age now."""
    everybody = np.arange(age.size)
    spread = exp(CAREER_SIGMA * normal_quantile(draws.even("career", everybody)))
    career = YEARS_PER_ROOT_SANCTION * np.sqrt(previous) * spread
    first = age - np.round(career).astype(np.int64)
    # Those whom the draw would make younger than anybody can be sanctioned began in their teens.
    span = EARLIEST_ASSUMED_AGE + 4 - YOUNGEST
    teens = YOUNGEST + np.floor(span * draws.uniform("teens", everybody)).astype(np.int64)
    return np.where(first < YOUNGEST, np.minimum(teens, age), first)


def _sentences(draws: Draws, *, group: Codes, offence: Codes, disposal: Codes) -> Floats:
    """Return the lengths of custodial sentences, days; 0 for other disposals."""
    days = np.zeros(group.size)
    lengths = custody_lengths()
    custody = disposal == DISPOSALS.index("custody")
    u = np.zeros(group.size)
    u[custody] = draws.even("sentence days", np.flatnonzero(custody))
    for a, row in enumerate(lengths):
        for o, quantiles in enumerate(row):
            inside = custody & (group == a) & (offence == o)
            days[inside] = interpolated(u[inside], quantiles.probabilities, quantiles.days)
    return days


def _needs(draws: Draws, source: SampledCohort, *, risk: Floats) -> dict[str, NDArray[np.bool_]]:
    """Return the needs: those with the highest latent normals have them, to the prevalence."""
    everybody, with_risk = np.arange(risk.size), source.need_risk_correlation.value
    alone, together = _root(source)
    own = np.stack([draws.normal(f"need {need}", everybody) for need in NEEDS], axis=-1)
    shared = with_risk * _normal_scores(draws, "risk", everybody, risk) + together * total(own)
    found = {}
    for place, need in enumerate(NEEDS):
        latent = shared + alone * own[:, place]
        limit = round(source.need_prevalence[need].value * risk.size)
        found[f"need_{need}"] = ranks(-latent) < limit
    return found


def _root(source: SampledCohort) -> tuple[float, float]:
    """Return a and b: a z + b (sum of all z) has the covariance of the needs, given the risk.

    That covariance is the needs' correlation less what the risk explains: the same number
    between any two needs. So its root is known, and nothing is left for a library to choose.
    """
    between, with_risk = source.need_correlation.value, source.need_risk_correlation.value
    size = len(NEEDS)
    # Variance along the sum of the needs; along every difference of them it is 1 - between.
    of_sum = 1.0 + (size - 1) * between - size * with_risk * with_risk
    if of_sum < -1e-12:
        raise InputError(
            Problem(
                "no joint distribution of the needs has this correlation with risk and so little "
                "between the needs",
                key="cohort.need_risk_correlation",
                found=with_risk,
                allowed=f"0 to {np.sqrt((1 + (size - 1) * between) / size):.3f}",
            )
        )
    alone = float(np.sqrt(1.0 - between))
    return alone, (float(np.sqrt(max(of_sum, 0.0))) - alone) / size


def _normal_scores(draws: Draws, what: str, people: Codes, values: NDArray[Any]) -> Floats:
    """Return the normal scores of the ranks of `values`, ties in random order."""
    mixed = np.argsort(draws.order(f"ties of {what}", people), kind="stable")
    place = np.empty(people.size, np.intp)
    place[mixed] = ranks(values[mixed])
    return normal_quantile((place + 0.5) / max(people.size, 1))
