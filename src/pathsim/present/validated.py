"""A cohort against its own outcomes, in the shell: figures, tenths, groups and curves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from rich.text import Text

from pathsim.decision.validated import MODEL, SCORE, TITLES
from pathsim.outcomes.validation.judged import ALL, FIGURES
from pathsim.text import counted, visible

from .titled import titled
from .words import UNDEFINED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from pathsim.decision.validated import Validation

_SHARES: Final = ("observed", "predicted")
_COUNTS: Final = ("people", "reoffended")
WORDS: Final = {
    "people": "people who count",
    "reoffended": "reoffended",
    "observed": "share who reoffended",
    "predicted": "share foretold",
    "observed_over_predicted": "observed over foretold",
    "auc": "told apart (AUC)",
    "calibration_in_the_large": "in the large (log odds)",
    "calibration_intercept": "intercept",
    "calibration_slope": "slope",
}
"""What each figure is called."""
_LEGEND: Final = """\
95% intervals: Wilson's of shares, DeLong's of the AUC, Wald's of the logistic fit, Greenwood's of
curves. AUC: 0.5 is chance. In the large: 0 is right on the whole. Slope: 1 is right, below 1
predictions lie too far apart. {replications} at central values; seed {seed}."""
_TOLD_DAYS: Final = 8
_SHORT: Final = {MODEL: "model", SCORE: "score"}
_OF_GROUPS: Final = ("predicted", "auc")


def validated_parts(found: Validation) -> Iterator[Table | Text]:
    """Yield the figures, the tenths, the groups, the curves, and what is to be known of them."""
    yield _figures(found)
    if len(found.tenths):
        yield _tenths(found)
    yield _groups(found)
    if found.survival["observed"].notna().any():
        yield _curves(found)
    yield Text(visible(found.sentence()), style="bold")
    for note in found.notes:
        yield Text(visible(note))
    origin = found.provenance
    replications = counted(origin["replications"], "replication")
    yield Text(_LEGEND.format(replications=replications, seed=origin["seed"]), style="dim")


def figure_words(name: str, value: float, low: float = math.nan, high: float = math.nan) -> str:
    """Return a figure with its interval, as tables show it."""
    if not math.isfinite(value):
        return UNDEFINED
    if name in _COUNTS:
        return f"{value:,.0f}"
    form = ".1%" if name in _SHARES else ".2f"
    told = f"{value:{form}}"
    return f"{told} ({low:{form}} to {high:{form}})" if math.isfinite(low) else told


def _figures(found: Validation) -> Table:
    title = f"Within {found.within_days:g} days of the index date, by {found.scenario}"
    table = titled(title, ("", *TITLES.values()))
    for name in FIGURES:
        cells = (figure_words(name, *found.figure(each, name)) for each in TITLES)
        table.add_row(WORDS[name], *cells)
    return table


def _tenths(found: Validation) -> Table:
    heads = ("tenths", "people", "foretold", "reoffended", "95% interval")
    table = titled("Observed against foretold, by tenth of the prediction", ("by", *heads))
    for row in found.tenths[found.tenths["group"] == ALL].to_dict(orient="records"):
        table.add_row(
            TITLES[row["prediction"]],
            row["tenths"],
            f"{row['people']:,}",
            f"{row['predicted']:.1%}",
            f"{row['observed']:.1%}",
            f"{row['low']:.1%} to {row['high']:.1%}",
        )
    return table


def _groups(found: Validation) -> Table:
    foretold = [f"{short} {part}" for short in _SHORT.values() for part in ("foretold", "AUC")]
    heads = ("group", "people", "reoffended", "95% interval", *foretold)
    table = titled("By sex and age band", heads)
    for group in dict.fromkeys(found.figures["group"]):
        if group == ALL:
            continue
        people = found.figure(MODEL, "people", group)[0]
        seen, low, high = found.figure(MODEL, "observed", group)
        span = f"{low:.1%} to {high:.1%}" if math.isfinite(seen) else UNDEFINED
        cells = [figure_words("people", people), figure_words("observed", seen), span]
        for each in TITLES:
            told = (found.figure(each, name, group)[0] for name in _OF_GROUPS)
            cells += map(figure_words, _OF_GROUPS, told)
        table.add_row(visible(group.replace("age_band=", "age ").replace("sex=", "")), *cells)
    return table


def _curves(found: Validation) -> Table:
    heads = ("day", "seen", "95% interval", *TITLES.values())
    table = titled("Have not reoffended by the day", heads)
    held = found.survival[found.survival["group"] == ALL]
    wide = held.pivot_table(index="day", columns="prediction", values="predicted")
    seen = held.dropna(subset="observed").drop_duplicates("day")
    for row in seen.iloc[:: -(-len(seen) // _TOLD_DAYS)].to_dict(orient="records"):
        table.add_row(
            f"{row['day']:,.0f}",
            f"{row['observed']:.1%}",
            f"{row['low']:.1%} to {row['high']:.1%}",
            *(f"{float(wide.loc[row['day'], name]):.1%}" for name in TITLES),
        )
    return table
