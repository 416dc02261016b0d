"""Numbers as people read them: percentages, percentage points, pounds, days."""

from __future__ import annotations

import math
import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from pathsim.outcomes.names import SAME, meaning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pathsim.outcomes.names import Unit
    from pathsim.outcomes.results import OptionResult, Run

_ALIKE = {
    ("none", True): "no difference seen in {in_all} replications; with 95% confidence fewer than "
    "{differ} differ",
    ("same", True): "there is one, but as large in all {in_all} replications, so nothing says how "
    "far it is off",
    ("same", False): "the same value in all {in_all} replications; with 95% confidence fewer than "
    "{differ} differ",
}
UNDEFINED = "\N{EN DASH}"
_THOUSANDS_FROM_GBP = 1_000_000.0
_POUNDS_BELOW_GBP = 10_000.0
"""Differences below this are written in pounds, whatever the level."""


class Style(NamedTuple):
    """How the numbers of one row are written: all of them alike."""

    scale: float
    level_decimals: int
    decimals: int
    before: str
    after: str
    after_difference: str

    def value(self, number: float) -> str:
        """Write a level, such as `22.1%`."""
        return self._write(number, self.level_decimals, signed=False, after=self.after)

    def difference(self, number: float) -> str:
        """Write a difference with its sign, such as `-0.35 pp`."""
        return self._write(number, self.decimals, signed=True, after=self.after_difference)

    def interval(self, low: float, high: float) -> str:
        """Write an interval of a difference."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return UNDEFINED
        return f"{self._bare(low)} to {self._bare(high)}"

    def _bare(self, number: float) -> str:
        # The unit is said beside the difference; a factor of a thousand is part of the number.
        spelt = self.after_difference.startswith(" ")
        after = "" if spelt else self.after_difference
        return self._write(number, self.decimals, signed=True, after=after)

    def _write(self, number: float, decimals: int, *, signed: bool, after: str) -> str:
        if not math.isfinite(number):
            return UNDEFINED
        scaled = round(number * self.scale, decimals)
        sign = "-" if scaled < 0 else "+" if signed and scaled > 0 else ""
        return f"{sign}{self.before}{abs(scaled):,.{decimals}f}{after}"


def style(unit: Unit, level: float, *differences: float) -> Style:
    """Return how to write a row.

    level: an ordinary value of the row, shown with four significant digits at most.
    differences: where given, shown with two of the largest; else the level has three.
    """
    spread = max((abs(each) for each in differences if math.isfinite(each)), default=0.0)
    if unit == "gbp":
        fine = 0 < spread < _POUNDS_BELOW_GBP
        thousands = abs(level) >= _THOUSANDS_FROM_GBP and not fine
        return Style(1e-3, 0, 0, "£", "k", "k") if thousands else Style(1.0, 0, 0, "£", "", "")
    scale = 100.0 if unit == "share" else 1.0
    signs = ("%", " pp") if unit == "share" else ("", "")
    decimals = _decimals(spread * scale, 2) if spread > 0 else _decimals(level * scale, 3)
    return Style(scale, min(decimals, _decimals(level * scale, 4)), decimals, "", *signs)


def _decimals(size: float, digits: int) -> int:
    """Return the decimals that show so many significant digits of `size`, 5 at most."""
    if not math.isfinite(size) or size == 0:
        return 0
    return min(max(digits - 1 - math.floor(math.log10(abs(size))), 0), 5)


def money(levels: Sequence[float], differences: Sequence[float] = ()) -> Style:
    """Return how to write all amounts of a table: in one unit.

    In thousands where one is a million or more and the smallest difference is still to be seen.
    """
    sizes = [abs(each) for each in differences if each and math.isfinite(each)]
    level = max((abs(each) for each in levels if math.isfinite(each)), default=0.0)
    if level < _THOUSANDS_FROM_GBP or (sizes and max(sizes) < _POUNDS_BELOW_GBP):
        return Style(1.0, 0, 0, "£", "", "")
    parts = [abs(each) for each in levels if each and math.isfinite(each)]
    return Style(1e-3, _fine(parts), _fine(sizes), "£", "k", "k")


def _fine(amounts: Sequence[float]) -> int:
    return 1 if amounts and min(amounts) < _POUNDS_BELOW_GBP else 0


class DifferenceWords(NamedTuple):
    """One row of a comparison in words."""

    outcome: str
    baseline: str
    option: str
    difference: str
    interval: str
    chance_better: str
    """Over the states of the world; a dash: there are none, or no direction is better."""
    years_better: str
    """Of single years, with their luck."""


DIFFERENCE_HEADS = DifferenceWords(
    "outcome", "baseline", "option", "difference", "95% interval", "chance better", "years better"
)


class MeanWords(NamedTuple):
    """One row of a run in words."""

    outcome: str
    mean: str
    interval: str


MEAN_HEADS = MeanWords("outcome", "mean", "95% interval")


def difference_words(
    option: OptionResult, row: int, *, amounts: Style | None = None
) -> DifferenceWords:
    """Return row number `row` of an option's comparison.

    amounts: how the table writes money; left out, as fits this row.
    """
    outcome, _ = option.rows[row]
    numbers = {name: float(column[row]) for name, column in option.columns().items()}
    what = meaning(outcome)
    level = numbers["baseline"] if math.isfinite(numbers["baseline"]) else numbers["option"]
    written = style(what.unit, level, *(numbers[name] for name in ("low", "difference", "high")))
    if amounts and what.unit == "gbp":
        written = amounts
    return DifferenceWords(
        what.title,
        written.value(numbers["baseline"]),
        written.value(numbers["option"]),
        written.difference(numbers["difference"]),
        interval_words(numbers, written),
        _chance_better(numbers, "probability_better"),
        _chance_better(numbers, "share_of_years_better"),
    )


def interval_words(numbers: Mapping[str, float], written: Style) -> str:
    """Write a difference's interval, or in how many replications there was none."""
    if math.isfinite(numbers["same_in"]):
        return f"{'same' if numbers['difference'] else 'none'} in {_alike(numbers)}"
    return written.interval(numbers["low"], numbers["high"])


def _alike(numbers: Mapping[str, float]) -> str:
    """Write in how many replications nothing differs, and the share that may yet do so."""
    return f"{numbers['same_in']:,.0f} (<{100 * numbers['differs_at_most']:.2g}%)"


def alike_legend(text: str, *, compared: bool) -> dict[str, str]:
    """Return what the intervals of a text, plain or HTML, mean that are none.

    compared: whether they are of differences.
    """
    found = re.finditer(r"(none|same) in ([\d,]+) \(<([^)]+%)\)", unescape(text))
    return {
        each[0]: _ALIKE[each[1], compared].format(in_all=each[2], differ=each[3])
        for each in found
        if (each[1], compared) in _ALIKE
    }


def mean_words(run: Run, row: int, *, amounts: Style | None = None) -> MeanWords:
    """Return row number `row` of a run; amounts: how the table writes money."""
    what = meaning(run.values.rows[row][0])
    numbers = {name: float(column[row]) for name, column in run.columns().items()}
    mean, low, high = (numbers[name] for name in ("mean", "low", "high"))
    written = amounts if amounts and what.unit == "gbp" else style(what.unit, mean)
    interval = UNDEFINED
    if math.isfinite(numbers["same_in"]):
        interval = f"same in {_alike(numbers)}"
    elif math.isfinite(low) and math.isfinite(high):
        if what.unit == "share" and 0.0 <= mean <= 1.0:
            # Of few replications, the interval of a mean may reach beyond what a share can be.
            low, high = max(low, 0.0), min(high, 1.0)
        interval = f"{written.value(low)} to {written.value(high)}"
    return MeanWords(what.title, written.value(mean), interval)


def load_words(number: float, unit: Unit) -> str:
    """Write a load on a service, with the same decimals in every row of a table."""
    if not math.isfinite(number):
        return UNDEFINED
    return f"{number:.0%}" if unit == "share" else f"{number:,.1f}" if number else "0"


def chance(share: float) -> str:
    """Write a chance as a whole percentage."""
    return f"{share:.0%}" if math.isfinite(share) else UNDEFINED


def _chance_better(numbers: Mapping[str, float], name: str) -> str:
    """Write a chance of being better, or that nothing differs in any replication."""
    nothing = math.isfinite(numbers.get("same_in", math.nan)) and numbers["difference"] == 0.0
    return SAME if nothing and math.isfinite(numbers[name]) else chance(numbers[name])


def better_words(numbers: Mapping[str, float]) -> str:
    """Write the chance that an option is better, or without doubt in how many years it is."""
    if _chance_better(numbers, "share_of_years_better") == SAME:
        return SAME
    if math.isfinite(numbers["probability_better"]):
        return f"{chance(numbers['probability_better'])} better"
    years = numbers["share_of_years_better"]
    return f"better in {chance(years)} of years" if math.isfinite(years) else ""


def seconds(number: float) -> str:
    """Write a time on the clock."""
    if number < 59.95:
        return f"{number:.1f} s"
    minutes, rest = divmod(round(number), 60)
    return f"{minutes} min {rest} s"
