"""A synthetic copy: people drawn anew from counts of ten or more, in place of a table's own.

Drawn are, each by what was drawn before it:

- age band, sex, band of previous convictions and disposal, together;
- offence group by disposal, ethnicity and area by nothing;
- age within its band, previous convictions within theirs;
- band of risk by band of previous convictions and age band, and the risk within its band;
- the needs, together, by disposal; domestic abuse by offence group;
- length of sentence of those in custody, start day: by nothing else.

A cell of a table with ten people or more has its count; the people of all smaller cells are spread
by coarser tables (`counted.py`), and a level of fewer than ten people is dropped. Numbers lie
between the means of tens (`numbers.py`). Every draw is addressed by the seed and the number of the
synthetic person, so neither the order of the rows nor their ids matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.arguments import whole
from pathsim.elementary.ordered import total
from pathsim.elementary.words import Draws
from pathsim.errors import InputError, Problem
from pathsim.people.columns import NEED_COLUMNS
from pathsim.people.ogrs3 import one_year_from_two
from pathsim.scenario.units import LARGEST_SEED
from pathsim.vocabulary import DISPOSALS

from .counted import FEWEST, counts, drawn, given, margin, mixed, pair
from .numbers import by_level
from .statement import statement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats
    from pathsim.people.origin import Origin

    Codes = NDArray[np.integer[Any]]

LEAST_PEOPLE: Final = 200
"""Of fewer there are hardly any counts of ten."""
_TOGETHER: Final = ("age_band", "sex", "previous_offences", "disposal")
_NEVER_0: Final = 1e-300
_CUSTODY: Final = DISPOSALS.index("custody")


@dataclass(frozen=True, kw_only=True)
class Synthetic:
    """A synthetic copy, and what is to be known of it."""

    table: pd.DataFrame
    statement: str
    """What is kept, what is not, and what the risk is; in Markdown."""


def synthetic(
    frame: pd.DataFrame, groups: pd.DataFrame, origin: Origin, *, seed: int = 1
) -> Synthetic:
    """Return a synthetic copy of a cohort's frame, whose levels are in `groups`.

    Raises
    ------
    InputError
        For fewer than 200 people, or a seed of no use.
    """
    seed = whole(seed, key="seed", least=0, most=LARGEST_SEED)
    if len(frame) < LEAST_PEOPLE:
        message = "are too few people to make a copy of"
        allowed = f"{LEAST_PEOPLE} or more"
        raise InputError(Problem(message, key="cohort", found=len(frame), allowed=allowed))
    copier = _Copier(frame, groups, seed)
    table = copier.table(origin.missing() if origin.people else frozenset())
    return Synthetic(table=table, statement=statement(frame, table, seed=seed))


class _Copier:
    """Draws one attribute after another."""

    def __init__(self, frame: pd.DataFrame, groups: pd.DataFrame, seed: int) -> None:
        self._frame = frame
        self._held = {name: groups[name].cat.codes.to_numpy() for name in groups}
        self._levels = {name: groups[name].cat.categories for name in groups}
        self._drawn: dict[str, Codes] = {}
        self._draws = Draws(seed, "synthetic copy")
        self._people = np.arange(len(frame))

    def table(self, missing: frozenset[str]) -> pd.DataFrame:
        """Return the copy, without the columns that the original lacked."""
        self._draw_together()
        self._draw_by("offence_group", "disposal")
        for name in ("ethnicity", "area"):
            self._draw_alone(name)
        columns: dict[str, Any] = {"id": self._people + 1}
        columns["age"] = self._whole("age", "age_band")
        for name in ("sex", "ethnicity", "area", "offence_group", "disposal"):
            if name in self._drawn:
                columns[name] = self._levels[name].to_numpy()[self._drawn[name]]
        columns["previous_offences"] = self._whole("previous_offences", "previous_offences")
        columns["sentence_days"] = self._sentences()
        two = self._risks()
        columns["risk_one_year_percent"] = np.round(100.0 * one_year_from_two(two / 100.0), 1)
        columns["risk_two_year_percent"] = np.round(two, 1)
        if not missing.issuperset(NEED_COLUMNS):
            columns |= self._needs()
        if "domestic_abuse" not in missing:
            columns["domestic_abuse"] = self._abuse()
        if self._frame["start_day"].notna().any():
            columns["start_day"] = self._maybe("start_day", np.ones(len(self._people), np.bool_))
        return pd.DataFrame(columns).drop(
            columns=[name for name in ("ethnicity",) if name in missing]
        )

    def _u(self, what: str) -> Floats:
        return self._draws.uniform(what, self._people)

    def _size(self, name: str) -> int:
        return len(self._levels[name])

    def _pair(self, one: str, other: str) -> Floats:
        shape = self._size(one), self._size(other)
        return pair(self._held[one], self._held[other], shape=shape)

    def _draw_together(self) -> None:
        age, sex, previous, disposal = _TOGETHER
        shape = tuple(self._size(name) for name in _TOGETHER)
        likely = (
            self._pair(age, sex)[:, :, None, None]
            * given(self._pair(age, previous))[:, None, :, None]
            * given(self._pair(previous, disposal))[None, None, :, :]
        )
        found = counts(*(self._held[name] for name in _TOGETHER), shape=shape)
        cell = drawn(mixed(found, likely).ravel(), self._u("together"))
        self._drawn |= dict(zip(_TOGETHER, np.unravel_index(cell, shape), strict=True))

    def _draw_by(self, name: str, by: str) -> None:
        rows = given(self._pair(by, name))[self._drawn[by]]
        self._drawn[name] = drawn(rows, self._u(name))

    def _draw_alone(self, name: str) -> None:
        held = self._held[name]
        shares = margin(held[held >= 0], self._size(name))
        if shares.any():
            self._drawn[name] = drawn(shares, self._u(name))

    def _whole(self, name: str, band: str) -> NDArray[np.int64]:
        values = self._frame[name].to_numpy(np.float64)
        found = by_level(values, self._held[band], self._drawn[band], self._u(f"{name} in band"))
        return np.round(found).astype(np.int64)

    def _risks(self) -> Floats:
        """Return two-year risks, percent."""
        bands = self._size("previous_offences"), self._size("age_band")
        held, wanted = (
            codes["previous_offences"].astype(np.int64) * bands[1] + codes["age_band"]
            for codes in (self._held, self._drawn)
        )
        levels = self._size("risk_band")
        by_previous = self._pair("previous_offences", "risk_band")
        likely = np.repeat(given(by_previous), bands[1], axis=0)
        found = counts(held, self._held["risk_band"], shape=(bands[0] * bands[1], levels))
        rows = np.stack([mixed(*each) for each in zip(found, likely, strict=True)])
        band = drawn(given(rows)[wanted], self._u("risk band"))
        values = self._frame["risk_two_year_percent"].to_numpy(np.float64)
        return by_level(values, self._held["risk_band"], band, self._u("risk in band"))

    def _needs(self) -> dict[str, Any]:
        """Return the needs, drawn together by disposal."""
        flags = self._frame[list(NEED_COLUMNS)].to_numpy(np.bool_)
        bits = 1 << np.arange(len(NEED_COLUMNS))
        pattern = np.bitwise_or.reduce(flags * bits, axis=1)
        patterns = (np.arange(1 << len(NEED_COLUMNS))[:, None] & bits) > 0
        disposal, wanted = self._held["disposal"], self._drawn["disposal"]
        found = counts(disposal, pattern, shape=(self._size("disposal"), len(patterns)))
        everybody = total(found.T.copy())
        likely, alone = np.ones_like(found), np.ones(len(patterns))
        for need in range(len(NEED_COLUMNS)):
            together = pair(disposal, flags[:, need].astype(np.int64), shape=(len(found), 2))
            by_disposal, of_all = given(together), given(total(together.T.copy())[None, :])
            has = patterns[:, need]
            likely *= np.where(has, by_disposal[:, [1]], by_disposal[:, [0]])
            alone *= np.where(has, of_all[0, 1], of_all[0, 0])
        # How needs go together is taken from everybody where a disposal has few of a pattern.
        likely *= mixed(everybody, alone) / np.maximum(alone, _NEVER_0)
        rows = np.stack([mixed(*each) for each in zip(found, likely, strict=True)])
        chosen = patterns[drawn(given(rows)[wanted], self._u("needs"))]
        return {name: chosen[:, need] for need, name in enumerate(NEED_COLUMNS)}

    def _abuse(self) -> NDArray[np.bool_]:
        held = self._frame["domestic_abuse"].to_numpy(np.bool_).astype(np.int64)
        shape = self._size("offence_group"), 2
        rows = given(pair(self._held["offence_group"], held, shape=shape))
        flag = drawn(rows[self._drawn["offence_group"]], self._u("domestic abuse"))
        return np.asarray(flag, np.bool_)

    def _sentences(self) -> Floats:
        custody = self._drawn["disposal"] == _CUSTODY
        held = self._frame[self._held["disposal"] == _CUSTODY]
        return np.where(custody, self._maybe("sentence_days", custody, held), np.nan)

    def _maybe(
        self, name: str, wanted: NDArray[np.bool_], held: pd.DataFrame | None = None
    ) -> Floats:
        """Return days drawn by those that are given, empty as often as they are not."""
        values = (self._frame if held is None else held)[name].to_numpy(np.float64)
        known = values[~np.isnan(values)]
        found = np.full(len(wanted), np.nan)
        if len(known) >= FEWEST:
            filled = wanted & (self._u(f"{name} given") < len(known) / len(values))
            level = np.zeros(len(known), np.int64)
            u = self._u(name)[filled]
            found[filled] = by_level(known, level, np.zeros(len(u), np.int64), u)
        return np.round(found)
