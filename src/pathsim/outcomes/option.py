"""One option against the baseline: what a comparison holds of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from pathsim.engine.contract import Floats
from pathsim.errors import InputError, Problem, nearest

from .changes import Change, places, with_a_limit
from .effects import Effect, effects
from .names import headline_outcomes
from .provenance import Request
from .registry import presenter
from .statistics import Paired
from .tabled import pick, table_of
from .values import EVERYBODY, Row


class UnknownOptionError(InputError, KeyError):
    """A title that no option of a comparison has: bad input, and a KeyError as of any mapping."""

    def __init__(self, title: str, known: Iterable[str]) -> None:
        """Name the nearest of the titles that are known."""
        hint = nearest(title, known)
        message = "is no option of this comparison" + (f"; {hint}" if hint else "")
        allowed = ", ".join(repr(each) for each in islice(known, _LISTED))
        super().__init__(Problem(message, key="option", found=title, allowed=allowed))

    __str__ = Exception.__str__


_LISTED = 8
"""Titles shown of those that there are."""
_RATIO_NAMES = ("variance_ratio", "variance_saved")
"""The second is the old name: scripts that have it go on for one version."""


@dataclass(frozen=True, eq=False, repr=False)
class OptionResult:
    """One option against the baseline."""

    request: Request
    changes: tuple[Change, ...]
    """What the option changes in the baseline."""
    services: tuple[str, ...]
    """Ids of the services that those changes touch."""
    rows: tuple[Row, ...]
    paired: Paired
    sizes: Mapping[str, int]
    """How many people each group has on the option's side."""
    everybody: Mapping[str, Floats]
    """Option minus baseline of everybody's outcomes in each replication, [R]."""
    own: Mapping[str, Floats]
    """The option's outcomes of everybody in each replication, [R]; nan: not defined."""
    by_group: Mapping[str, Floats]
    """Option minus baseline of each group's proven reoffending rate in each replication, [R]."""

    @property
    def places(self) -> tuple[str, ...]:
        """Whose load to show: of each service touched, or of the pool it shares places in."""
        return places(self.services, self.request.scenario)

    @property
    def places_with_a_limit(self) -> tuple[str, ...]:
        """Of those, the places whose queue has a limit on either side."""
        return with_a_limit(self.places, self.request.scenario, self.changes)

    def effects(self) -> tuple[Effect, ...]:
        """Return the effects that the difference rests on, with what stands behind each."""
        return effects(self.changes, self.services, self.request.scenario)

    def columns(self) -> dict[str, Floats]:
        """Return the paired comparison by the names that JSON uses, each [rows]."""
        difference = self.paired.difference
        return {
            "baseline": self.paired.baseline,
            "option": self.paired.option,
            "difference": difference.mean,
            "se": difference.se,
            "low": difference.low,
            "high": difference.high,
            "probability_better": self.paired.probability_better,
            "share_of_years_better": self.paired.share_of_years_better,
            # The old name: scripts that have it go on for one version.
            "chance_better": self.paired.share_of_years_better,
            "sd_doubt": self.paired.sd_doubt,
            "sd_chance": self.paired.sd_chance,
            "same_in": self.paired.same_in,
            "differs_at_most": self.paired.differs_at_most,
        }

    @property
    def title(self) -> str:
        """The option's title in this comparison."""
        return self.request.title

    def table(self, *, group: str | None = None) -> pd.DataFrame:
        """Return the rows of `Comparison.table` that are about this option, without its title."""
        columns = self.columns()
        # `option` is a title elsewhere, so both means say that they are means.
        means = {f"{name}_mean": columns.pop(name) for name in ("baseline", "option")}
        ratios = dict.fromkeys(_RATIO_NAMES, self.paired.variance_ratio)
        return table_of(self.rows, means | columns | ratios, group)

    def summary(self) -> pd.DataFrame:
        """Return the headline outcomes of everybody, with the services the option changes."""
        shown = headline_outcomes(self.places, may_be_full=self.places_with_a_limit)
        return pick(self.table(group=EVERYBODY), shown).drop(columns="group")

    def _repr_html_(self) -> str:
        return presenter().notebook_html(self)

    def __repr__(self) -> str:
        return f"<OptionResult of {self.title!r}: {len(self.rows):,} outcomes and groups>"
