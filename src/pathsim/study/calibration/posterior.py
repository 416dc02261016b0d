"""A posterior sample: a table that scenarios draw from, and that says where it comes from."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd

from pathsim.arguments import made_by, whole
from pathsim.bounded import TABLE_BYTES, no_such_file, read_text
from pathsim.elementary.decimals import decimals
from pathsim.elementary.words import Draws
from pathsim.errors import InputError, Problem, nearest, wrong_type
from pathsim.files import write_whole
from pathsim.paths import path_of
from pathsim.people.read import below_head, not_a_table
from pathsim.scenario.justice import Hazard
from pathsim.scenario.lineage import InputFile
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Ratio, Within
from pathsim.scenario.shipped import shipped_posteriors
from pathsim.scenario.units import LARGEST_SEED
from pathsim.spreadsheet import for_spreadsheets
from pathsim.text import counted, visible

_A_SAMPLE = "a posterior sample as CSV, a column for each parameter"
_INTERVAL = (0.025, 0.975)
MOST_DRAWS = 10_000_000
_DIGITS = 3
"""Figures to which a calibrated value is written into a scenario."""


@made_by("Posterior.from_file(path), or Posterior(table) of a pandas.DataFrame of draws")
@dataclass(frozen=True, eq=False, repr=False)
class Posterior:
    """Draws of the free parameters, jointly: a row is one state of the world.

    Examples
    --------
    >>> import pathsim as ps
    >>> sample = ps.Posterior.from_file("dorset")
    >>> len(sample)
    200
    >>> list(sample.summary())
    ['centre', 'low', 'high']
    """

    table: pd.DataFrame
    """Columns: dotted keys of the scenario; rows: draws; values in the parameters' units."""
    origin: tuple[str, ...] = ()
    """Where it comes from, line by line."""
    file: InputFile | None = None
    """The file that it was read from."""

    def __post_init__(self) -> None:
        if not isinstance(self.table, pd.DataFrame):
            raise wrong_type("table", self.table, "a pandas.DataFrame, a row a draw")

    def __len__(self) -> int:
        return len(self.table)

    def _repr_html_(self) -> str:
        return str(self.summary().to_html())

    def __repr__(self) -> str:
        keys = counted(len(self.table.columns), "parameter")
        return f"<Posterior: {counted(len(self), 'draw')} of {keys}>"

    def summary(self) -> pd.DataFrame:
        """Return each parameter's centre (exp of the mean log) and 95% interval."""
        logs = np.log(self.table)
        low, high = (self.table.quantile(each) for each in _INTERVAL)
        centre = pd.Series(np.exp(logs.mean()), self.table.columns)
        return pd.DataFrame({"centre": centre, "low": low, "high": high}).rename_axis("parameter")

    def centre(self, *, source: str) -> dict[str, dict[str, object]]:
        """Return what to change in a scenario so that it stands at the centre, by dotted key."""
        return {
            str(key): {
                "value": _rounded(row.centre),
                "low": _rounded(row.low),
                "high": _rounded(row.high),
                "source": source,
                "grade": "calibrated",
            }
            for key, row in zip(self.table.columns, self.summary().itertuples(), strict=True)
        }

    @classmethod
    def from_file(cls, path: str | Path) -> Posterior:
        """Return the sample in a file, or a shipped one by its name, as `read_posterior` does."""
        return read_posterior(path)

    def to_csv(self, path: str | Path | None = None) -> str | None:
        """Write the sample as CSV with its origin in comment lines; without `path`, return it.

        Raises InputError where the file cannot be written.
        """
        if path is None:
            return self._as_csv()
        write_whole(path_of(path), self._as_csv())
        return None

    def _as_csv(self) -> str:
        lines = "".join(f"# {visible(line)}\n" for line in self.origin)
        rows = for_spreadsheets(self.table).to_csv(
            index=False, float_format="%.6g", lineterminator="\n"
        )
        return lines + str(rows)


def read_posterior(path: str | Path) -> Posterior:
    """Return the posterior in a CSV file.

    path: a file, or where there is none, the name of a sample that comes with the package,
    such as `dorset`.

    Raises
    ------
    InputError
        When there is no such file, or it holds anything but positive numbers.
    """
    path = _file(path)
    text = read_text(path, most=TABLE_BYTES, allowed=_A_SAMPLE)
    try:
        table = pd.read_csv(
            StringIO(text), comment="#", header=None, dtype=str, keep_default_na=False
        )
    except pd.errors.EmptyDataError:
        raise InputError(
            Problem("is not a posterior sample: it is empty", file=path, allowed=_A_SAMPLE)
        ) from None
    except ValueError as error:
        raise InputError(replace(not_a_table(error, path), allowed=_A_SAMPLE)) from None
    table = below_head(table.fillna(""))
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise InputError(Problem("the column is there twice", key=str(twice[0]), file=path))
    numbers_by_key = {str(key): decimals(table[key].astype(str)) for key in table.columns}
    for key, numbers in numbers_by_key.items():
        bad = np.flatnonzero(~(np.isfinite(numbers) & (numbers > 0) & (numbers <= _most(key))))
        if bad.size:
            draw = int(bad[0])
            high = numbers[draw] > _most(key)
            problem = Problem(
                f"draw {draw + 1} is {'out of range' if high else 'no positive number'}",
                key=key,
                found=str(table[key].iloc[draw]),
                allowed=f"above 0, up to {_most(key):g}, as in a scenario" if high else "",
                file=path,
            )
            raise InputError(problem)
    if table.empty:
        raise InputError(Problem("has no draws", file=path))
    lines = [line for line in text.splitlines() if line.startswith("#")]
    return Posterior(
        pd.DataFrame(numbers_by_key),
        tuple(line.removeprefix("#").strip() for line in lines),
        InputFile.at(path),
    )


def _most(key: str) -> float:
    """Return the bound that a scenario has for a parameter of the hazard; infinity for others."""
    section, _, name = key.partition(".")
    fields = Hazard.model_fields if section == "hazard" else {}
    checks = get_args(Ratio) if name.startswith("multipliers.") else ()
    if name in fields:
        checks = tuple(fields[name].metadata)
    return next((each.high for each in checks if isinstance(each, Within)), math.inf)


def _file(name: str | Path) -> Path:
    path = path_of(name, allowed="a .csv file, or the name of a shipped sample")
    shipped = shipped_posteriors()
    if os.path.lexists(path) or path.as_posix() in shipped:
        return path if os.path.lexists(path) else shipped[path.as_posix()]
    allowed = f"a .csv file, or one of {', '.join(shipped)}"
    hint = nearest(path.as_posix(), shipped)
    message = no_such_file(path) if not hint else f"no such file; {hint}"
    raise InputError(Problem(message, file=path, allowed=allowed))


def draws(scenario: Scenario, posterior: Posterior, n: int, *, seed: int = 1) -> Iterator[Scenario]:
    """Return `n` scenarios in turn, each with the parameters of one draw of the posterior.

    Rows come in a random order that `seed` fixes, none twice before all were used: options and
    baseline with the same `n` and seed get the same rows. Titles stay. Raises InputError for a
    key that the scenario does not have.
    """
    if not isinstance(posterior, Posterior):
        raise wrong_type("posterior", posterior, "a Posterior, as read_posterior returns")
    if not callable(getattr(scenario, "change", None)):
        raise wrong_type("scenario", scenario, "a Scenario")
    n = whole(n, key="n", least=1, most=MOST_DRAWS)
    seed = whole(seed, key="seed", least=0, most=LARGEST_SEED)
    source = posterior.origin[0] if posterior.origin else "posterior sample"
    return (at(scenario, row, source=source) for row in rows(posterior, n, seed=seed))


def rows(posterior: Posterior, n: int, *, seed: int) -> Iterator[dict[str, float]]:
    """Yield the parameters of `n` draws by dotted key, in the order of `draws`.

    Raises InputError where there are none.
    """
    if not len(posterior):
        raise InputError(Problem("has no draws", key="posterior", allowed="a row a draw"))
    draws, all_rows = Draws(seed, "posterior"), np.arange(len(posterior))
    for turn in range(-(-n // len(posterior))):
        for place in draws.order(f"turn {turn}", all_rows)[: n - turn * len(posterior)]:
            yield {str(key): float(value) for key, value in posterior.table.iloc[place].items()}


def at(scenario: Scenario, values: dict[str, float], *, source: str) -> Scenario:
    """Return the scenario with parameters set, by dotted key, and graded as calibrated."""
    overrides = {
        key: {"value": value, "source": source, "grade": "calibrated"}
        for key, value in values.items()
    }
    return scenario.change(scenario.title, overrides)


def _rounded(value: object) -> float:
    return float(f"{value:.{_DIGITS}g}")
