"""Results: what `run` and `compare` return, as tables, plain data, pictures and reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from pathsim.arguments import made_by
from pathsim.engine.contract import Floats
from pathsim.errors import wrong_type
from pathsim.paths import path_of
from pathsim.scenario.offences import groups_in_words
from pathsim.study.states import States

from .changes import places, with_a_limit
from .described import titles
from .names import headline_outcomes
from .option import OptionResult, UnknownOptionError
from .provenance import Request, effort
from .registry import presenter
from .retold import told_source
from .saving import Saved
from .statistics import Estimates, Levels, differs_at_most
from .tabled import check_row, pick, records, table_of
from .values import EVERYBODY, Row, Values

if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = ["Comparison", "OptionResult", "Plots", "Run"]


@made_by("pathsim.run(scenario), which returns one")
@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Run(Saved):
    """One scenario: each outcome's mean with its 95% interval.

    Examples
    --------
    >>> import pathsim as ps
    >>> found = ps.run(ps.example(), draws=0, replications=3)
    >>> list(found.replications(group="all"))
    ['draw', 'replication', 'outcome', 'group', 'value']
    >>> found.to_csv().splitlines()[0].startswith("outcome,title,unit")
    True
    """

    request: Request
    provenance: Mapping[str, Any]
    values: Values
    """Every replication's value of every outcome and group."""
    levels: Levels
    out_of_balance: str = ""
    """What is wrong with its entry shares, if disposals are no longer the cohort's occasions."""

    @property
    def estimates(self) -> Estimates:
        """Mean of each row, with its standard error and its 95% interval."""
        return self.levels.estimates

    def columns(self) -> dict[str, Floats]:
        """Return the estimates by the names that JSON uses, each [rows]."""
        found = self.levels
        return {
            **found.estimates._asdict(),
            "same_in": found.same_in,
            "differs_at_most": differs_at_most(found.same_in),
            "sd_doubt": found.sd_doubt,
            "sd_chance": found.sd_chance,
        }

    def table(self, *, group: str | None = None) -> pd.DataFrame:
        """Return a tidy table: outcome, group, mean, se, low, high and the columns below.

        sd_doubt: spread of the expected value over the states of the world; sd_chance: of a single
        year in one state.

        Where all of several replications have the same value, `same_in` says how many there
        are, and `differs_at_most` what share of them may yet differ (95%), in place of se, low
        and high. group: only this group, such as `all` or `sex=female`, or all levels of an
        attribute, such as `sex`. Raises InputError.
        """
        return table_of(self.values.rows, self.columns(), group)

    def replications(self, *, group: str | None = None) -> pd.DataFrame:
        """Return a row for each replication, outcome and group.

        Columns: draw (of the state of the world; 0 without any), replication (in the draw),
        outcome, group and value, nan where it is not defined. All of them are kept, so that the
        table may be long: replications times the rows of `table()`.
        group: only this group, such as `all` or `sex=female`. Raises InputError.
        """
        from .by_replication import run_frame

        return run_frame(self.values, self.provenance, group)

    def summary(self) -> pd.DataFrame:
        """Return the headline outcomes of everybody, with the load on every service."""
        scenario = self.request.scenario
        every = places(sorted(scenario.services), scenario)
        shown = headline_outcomes(every, may_be_full=with_a_limit(every, scenario))
        return pick(self.table(group=EVERYBODY), shown)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Outcome and group of each estimate."""
        return self.values.rows

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many people each group has."""
        return self.values.sizes

    def groups(self) -> pd.DataFrame:
        """Return how many people each group has: group, people."""
        import pandas as pd

        return pd.DataFrame(list(self.sizes.items()), columns=["group", "people"])

    def described(self) -> dict[str, dict[str, str]]:
        """Return the title, the unit and the base (`of`) of each outcome, by its name."""
        return titles([(self.request.scenario, self.rows)])

    def _table_to_write(self) -> pd.DataFrame:
        from .summary import described_table

        return described_table(self)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON: the run's origin, and the scenario's outcomes."""
        return {
            "schema": "pathsim.run/1",
            "run": {**self.provenance, "outcomes": self.described()},
            "scenario": {
                "title": self.request.title,
                "file": told_source(self.request.file),
                "out_of_balance": self.out_of_balance,
                "groups": dict(self.sizes),
                "outcomes": records(self.values.rows, self.columns()),
            },
        }

    def report(self, path: str | Path) -> None:
        """Write the report, one HTML file, to `path`."""
        presenter().write_report(self, path_of(path))

    def _repr_html_(self) -> str:
        return presenter().notebook_html(self)

    def __repr__(self) -> str:
        return f"<Run of {self.request.title!r}: {_effort(self)}>"


@made_by("pathsim.compare(baseline, options), which returns one")
@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Comparison(Saved):
    """Options against a baseline, replication by replication on the same random numbers.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    >>> found = ps.compare(town, more, draws=0, replications=3)
    >>> list(found)
    ['Twice the mentors']
    >>> found["Twice the mentors"]
    <OptionResult of 'Twice the mentors': ... outcomes and groups>
    >>> found["Twice the mentor"]
    Traceback (most recent call last):
        ...
    pathsim.outcomes.option.UnknownOptionError: option: is no option ... 'Twice the mentors'...
    """

    baseline: Run
    options: tuple[OptionResult, ...]
    states: States | None = None
    """The states of the world in which all were simulated; None: central values."""

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Where the result comes from: version, seed, replications, environment."""
        return self.baseline.provenance

    @property
    def in_doubt(self) -> bool:
        """Whether there are states of the world, so that intervals show doubt and not luck only."""
        return bool(self.provenance["draws"])

    @property
    def plot(self) -> Plots:
        """Pictures of the comparison."""
        return Plots(self)

    def table(self, *, group: str | None = None) -> pd.DataFrame:
        """Return a tidy table, one row for each option, outcome and group.

        Columns: option, outcome, group, baseline_mean, option_mean, difference, se, low,
        high, probability_better, share_of_years_better, sd_doubt, sd_chance, same_in,
        differs_at_most, variance_ratio, and for one version old names: chance_better is
        share_of_years_better, variance_saved is variance_ratio. Where the difference
        is the same in all of several replications, `same_in` says how many there are, and
        `differs_at_most` in what share it may yet be another (95%), in place of se, low and high.
        group: only this group, such as `sex=female`, or all levels of an attribute, such as
        `sex`. Raises InputError.
        """
        return self._each(lambda option: option.table(group=group))

    def summary(self) -> pd.DataFrame:
        """Return the headline outcomes of everybody, with the services each option changes."""
        return self._each(OptionResult.summary)

    def _each(self, table: Callable[[OptionResult], pd.DataFrame]) -> pd.DataFrame:
        """Return the options' tables one under the other, each with its title before it."""
        import pandas as pd

        parts = [table(option) for option in self.options]
        for option, part in zip(self.options, parts, strict=True):
            part.insert(0, "option", option.title)
        return pd.concat(parts, ignore_index=True)

    def replications(self, *, group: str | None = None) -> pd.DataFrame:
        """Return a row for each option, replication, outcome and group that is kept.

        Columns: option, draw (of the state of the world; 0 without any), replication (in the
        draw), outcome, group, baseline, option_value and difference. Of each option, everybody's
        outcomes are kept, and each group's proven reoffending rate; of the baseline all that
        `baseline.replications()` returns. Other outcomes of an option's groups are not kept by
        replication: their means and intervals are in `table()`. `difference` is as it was
        reckoned; a value on one side that is not kept is the other less or plus it.
        group: only this group, such as `all` or `sex=female`. Raises InputError.
        """
        from .by_replication import comparison_frame

        known = self.baseline.values  # noqa: PD011 no table of pandas
        return comparison_frame(self.options, known, self.provenance, group)

    def __getitem__(self, title: str) -> OptionResult:
        """Return the result of the option with this title. Raises UnknownOptionError."""
        known = {option.title: option for option in self.options}
        if not isinstance(title, str):
            raise wrong_type("option", title, f"a title, such as {next(iter(known))!r}")
        if title not in known:
            raise UnknownOptionError(title, known)
        return known[title]

    def __iter__(self) -> Iterator[str]:
        """Give the options' titles."""
        return (option.title for option in self.options)

    def __len__(self) -> int:
        """Return how many options there are."""
        return len(self.options)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def evidence(self) -> pd.DataFrame:
        """Return what stands behind each option: option, effect, value, low, high, grade, acts_on.

        acts_on: the offence groups whose hazard the effect is of, or all.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                (option.request.title, *effect[:-1], groups_in_words(effect.acts_on) or "all")
                for option in self.options
                for effect in option.effects()
            ],
            columns=["option", "effect", "value", "low", "high", "grade", "acts_on"],
        )

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many people each group has in the baseline."""
        return self.baseline.sizes

    def groups(self) -> pd.DataFrame:
        """Return how many people each group has in the baseline: group, people."""
        return self.baseline.groups()

    def described(self) -> dict[str, dict[str, str]]:
        """Return the title, the unit and the base (`of`) of each outcome, by its name."""
        options = [(option.request.scenario, option.rows) for option in self.options]
        return titles([(self.baseline.request.scenario, self.baseline.rows), *options])

    def _table_to_write(self) -> pd.DataFrame:
        from .summary import described_table

        return described_table(self)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON: `run`, `baseline` and `options`."""
        baseline = self.baseline.to_dict()["scenario"]
        return {
            "schema": "pathsim.comparison/1",
            "run": {**self.provenance, "outcomes": self.described()},
            "baseline": baseline,
            "options": [
                {
                    "title": option.request.title,
                    "file": told_source(option.request.file),
                    "groups": dict(option.sizes),
                    "outcomes": records(option.rows, option.columns()),
                }
                for option in self.options
            ],
        }

    def report(self, path: str | Path) -> None:
        """Write the report, one HTML file, to `path`."""
        presenter().write_report(self, path_of(path))

    def _repr_html_(self) -> str:
        return presenter().notebook_html(self)

    def __repr__(self) -> str:
        titles = ", ".join(repr(option.title) for option in self.options)
        return (
            f"<Comparison of {titles} with {self.baseline.request.title!r}: "
            f"{_effort(self.baseline)}>"
        )


class Plots(NamedTuple):
    """Pictures of a comparison; they need the extra `report`."""

    comparison: Comparison

    def difference(
        self,
        outcome: str = "proven_reoffending_rate",
        *,
        group: str = EVERYBODY,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw each option's paired difference in `outcome` with its 95% interval.

        ax: where to draw; left out, a new figure. Raises InputError for an unknown
        outcome or group.
        """
        if ax is not None and not hasattr(ax, "annotate"):
            raise wrong_type("ax", ax, "the axes of a Matplotlib figure")
        for option in self.comparison.options:
            check_row(option.rows, outcome=outcome, group=group)
        return presenter().draw_difference(self.comparison, outcome=outcome, group=group, ax=ax)


def _effort(run: Run) -> str:
    origin, follow_up = run.provenance, run.request.scenario.follow_up
    horizon = follow_up.horizon
    words = [
        f"{origin['people']} people" + (f" over {horizon:g} days" if horizon else ""),
        "rates of everybody's index events" if follow_up.counts_index_events else "",
        effort(origin),
        f"seed {origin['seed']}",
    ]
    return ", ".join(each for each in words if each)
