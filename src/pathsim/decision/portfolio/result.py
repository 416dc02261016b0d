"""What a portfolio comes to, in tables, in words and as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.arguments import made_by
from pathsim.decision.sentence import hundred, pounds
from pathsim.decision.shapes.portfolio import PortfolioShape
from pathsim.decision.shapes.shape import as_shaped, interval, number
from pathsim.decision.told import Told
from pathsim.outcomes.registry import presenter
from pathsim.outcomes.saving import Saved
from pathsim.paths import path_of

from .evaluate import NPSV
from .explore import Found


@dataclass(frozen=True, eq=False)
class Pick:
    """The mix to take."""

    mix: str
    levels: Mapping[str, float]
    """By lever; of an option 0: left, 1: taken."""
    spend: float
    """Pounds a year beyond the baseline's."""
    worth: Told
    """Beyond the baseline."""
    chance_best: float
    """Over the states of the world, without the spread of chance."""
    among: int
    """Mixes, the baseline one of them, among which it is."""
    behind_on_average: float
    """What not knowing the state of the world costs: behind the best in each state, on average."""
    behind_in_5_of_100: float
    """It is as far behind, or further, in 5 of 100 states."""


@made_by("pathsim.portfolio(baseline, levers=..., budget=...), which returns one")
@dataclass(frozen=True, eq=False, repr=False)
class Portfolio(Saved):
    """A mix of levers under a yearly budget."""

    budget: float
    maximised: str
    """`npsv`, or the outcome whose improvement counts."""
    years: int
    delta: float
    """What a mix may be worth less than the best and still be taken."""
    sure: float
    """Chance of picking the best, or one within delta of it."""
    pick: Pick
    indifferent: tuple[str, ...]
    """Mixes no more than delta behind the pick, or not told apart from it; the pick first."""
    mixes: pd.DataFrame
    """A row a mix simulated, the best first: `mix`, a column a lever, `spend` (pounds a year beyond
    the baseline's), `worth`, `low`, `high` (95% of doubt), `chance` (that it is above 0),
    `public_year_1` (what the public purse pays more in the first year, all counted), `last` (one
    of the last few), `again` (worth in the states by which the last were told apart), `behind`
    (the pick), `indifferent`."""
    frontier: pd.DataFrame
    """A row a step: `budget` from which `mix` is the best of those simulated, its `worth`, `low`,
    `high`, and `worth_a_pound` of the step."""
    shadow: pd.DataFrame
    """A row a capacity: `lever`, `places` with one more than the pick has, `spend` of that place in
    a year, its `worth`, `low`, `high`, `chance` (that it is above 0), `worth_a_pound`."""
    found: Found
    """The search itself."""
    provenance: Mapping[str, Any]
    levels: Mapping[str, tuple[float, ...]]
    """By lever, the baseline's own first; of an option 0: left, 1: taken."""

    @property
    def guaranteed(self) -> bool:
        """Return whether the chance `sure` holds of the last few: their selection came to its end.

        Where not all mixes were simulated, it says nothing of those that were not.
        """
        return self.found.selected.ended

    def sentence(self) -> str:
        """Return in words what to take, how sure that is, and what one more place is worth."""
        parts = (self._taken(), self._sure(), self._alike(), self._one_more())
        return " ".join(part for part in parts if part)

    def _amount(self, value: float) -> str:
        if self.maximised == NPSV:
            return ("-" if value < 0.0 else "") + pounds(value)
        return f"{value:,.3g}"

    def _taken(self) -> str:
        pick = self.pick
        worth = pick.worth
        of = f"over {self.years} years" if self.maximised == NPSV else f"in {self.maximised}"
        if not any(self.found.pick):
            return (
                f"Within {pounds(self.budget)} a year no mix looked at is to be expected to be "
                f"worth more than the baseline as it is, {of}."
            )
        return (
            f"Within {pounds(self.budget)} a year, '{pick.mix}' is worth most: "
            f"{self._amount(worth.mean)} ({self._amount(worth.low)} to "
            f"{self._amount(worth.high)}) more than the baseline {of}, {_for(pick.spend)}."
        )

    def _sure(self) -> str:
        pick = self.pick
        if pick.among < 2:
            return ""
        first = (
            f"Of the {pick.among} closest it is the best in {hundred(pick.chance_best)} of 100 "
            "states of the world"
        )
        if pick.behind_on_average == 0.0:
            return f"Of the {pick.among} closest none is better in any state of the world."
        return (
            f"{first}; on average it is {self._amount(pick.behind_on_average)} behind "
            f"the best in each, in 5 of 100 {self._amount(pick.behind_in_5_of_100)} or more."
        )

    def _alike(self) -> str:
        others = [f"'{each}'" for each in self.indifferent[1:]]
        unsure = "" if self.guaranteed else "; draws ended before the last were told apart"
        if not others:
            return f"No other is within {self._amount(self.delta)} of it{unsure}."
        shown = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if others[3:] else "")
        return f"Within {self._amount(self.delta)} of it, or not told apart: {shown}{unsure}."

    def _one_more(self) -> str:
        if self.shadow.empty:
            return ""
        rows = self.shadow.sort_values("worth", ascending=False, kind="stable")
        first = rows.to_dict(orient="records")[0]
        ends = f"{self._amount(first['low'])} to {self._amount(first['high'])}"
        if first["worth"] <= 0.0:
            gain = "be worth more than it costs" if self.maximised == NPSV else "be of help"
            return (
                f"No one more place is to be expected to {gain}; nearest to it "
                f"is {first['lever']}: {self._amount(first['worth'])} ({ends}), "
                f"{_for(first['spend'])}."
            )
        return (
            f"One more place is worth most in {first['lever']}: {self._amount(first['worth'])} "
            f"({ends}), {_for(first['spend'])}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        pick, emulator = self.pick, self.found.emulator
        levers = list(pick.levels)
        data = {
            "schema": "pathsim.portfolio/1",
            "run": dict(self.provenance),
            "budget": self.budget,
            "maximised": self.maximised,
            "years": self.years,
            "delta": self.delta,
            "sure": self.sure,
            "guaranteed": self.guaranteed,
            "everything": self.found.everything,
            "emulator": None
            if emulator is None
            else {"explained": emulator.explained, "proved": self.found.proved},
            "sentence": self.sentence(),
            "pick": {
                "mix": pick.mix,
                "levels": dict(pick.levels),
                "spend": pick.spend,
                "worth": interval(pick.worth),
                "chance_best": pick.chance_best,
                "among": pick.among,
                "behind_on_average": pick.behind_on_average,
                "behind_in_5_of_100": pick.behind_in_5_of_100,
            },
            "indifferent": list(self.indifferent),
            "mixes": [
                {"levels": {lever: row[lever] for lever in levers}}
                | {name: _plain(value) for name, value in row.items() if name not in levers}
                for row in self.mixes.to_dict(orient="records")
            ],
            "frontier": _rows(self.frontier),
            "shadow": _rows(self.shadow),
        }
        return as_shaped(PortfolioShape, data)

    def report(self, path: str | Path) -> None:
        """Write the report, one HTML file, to `path`: mixes, frontier, and sliders to try others.

        Needs the extra `report`.

        Raises
        ------
        InputError
            For another suffix than `.html`, and when the file cannot be written.
        """
        presenter().write_portfolio_report(self, path_of(path))

    def _table_to_write(self) -> pd.DataFrame:
        return self.mixes

    def _repr_html_(self) -> str:
        return str(self.mixes.to_html(index=False))

    def __repr__(self) -> str:
        return f"<Portfolio of {len(self.mixes)} mixes: {self.sentence()}>"


def _for(spend: float) -> str:
    """Return what is spent for it in a year, or spent less."""
    return (
        f"and costs {pounds(spend)} a year less" if spend < 0.0 else f"for {pounds(spend)} a year"
    )


def _rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return [
        {name: _plain(value) for name, value in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | bool) else number(value)
