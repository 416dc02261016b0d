"""Figures as people read them, each marked with its place in the plain data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from pathsim.outcomes.names import meaning
from pathsim.text import visible

from .told import Figure

if TYPE_CHECKING:
    from .told import At

Writer = Callable[[Figure], Markup]

UNDEFINED: Final = "\N{EN DASH}"
_MINUS: Final = "\N{MINUS SIGN}"
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_DATA: Final = Markup('<data value="{}" data-from="{}">{}</data>')
_RANGE: Final = Markup('{} <span class="range">({} to {})</span>')
_MILLION: Final = 1e6
_LARGE: Final = 10_000.0


def marked(figure: Figure, text: str) -> Markup:
    """Return the text of a figure, marked; a dash where there is no number."""
    if figure.value is None:
        return Markup(UNDEFINED)
    return _DATA.format(repr(float(figure.value)), visible(figure.origin), text)


def size(number: float) -> str:
    """Return a number without its sign: `2,400`, `12`, `2.8`, `0.04`."""
    number = abs(number)
    if number >= 10 or number == round(number):
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 0.095 else f"{number:.1g}"


def pounds_of(number: float) -> str:
    """Return an amount without its sign: `£1.3 million`, `£41,000`, `£432`."""
    number = abs(number)
    if number >= 0.9995 * _MILLION:
        millions = number / _MILLION
        decimals = max(0, 2 - math.floor(math.log10(millions))) if millions < 100 else 0
        return f"£{millions:,.{decimals}f}{_NO_BREAK}million"
    return f"£{round(number, -3 if number >= _LARGE else 0):,.0f}"


def _signed(number: float, text: str) -> str:
    """Return a text with the sign of its number; none where it is written as 0."""
    return text if _is_nothing(text) or number >= 0 else f"{_MINUS}{text}"


def _is_nothing(text: str) -> bool:
    """Return whether a figure is written as 0."""
    return not any(sign in "123456789" for sign in text)


def count(figure: Figure) -> Markup:
    """Write a number of things."""
    return marked(figure, _signed(figure.number, size(figure.number)))


def pounds(figure: Figure) -> Markup:
    """Write an amount with a minus where it is below 0."""
    return marked(figure, _signed(figure.number, pounds_of(figure.number)))


def pence(figure: Figure) -> Markup:
    """Write a small amount to the penny, with a minus where it is below 0."""
    return marked(figure, _signed(figure.number, f"£{abs(figure.number):,.2f}"))


def percent(figure: Figure) -> Markup:
    """Write a share, such as `22.1%`."""
    return marked(figure, _signed(figure.number, f"{abs(figure.number):.1%}"))


def ratio(figure: Figure) -> Markup:
    """Write a ratio or another value of an input, with four significant digits at most."""
    return marked(figure, _signed(figure.number, f"{abs(figure.number):,.4g}"))


def hundred(figure: Figure) -> Markup:
    """Write a chance as so many of 100; neither none nor all of them unless it is."""
    share = figure.number
    text = f"{100 * share:.0f}"
    if 0.0 < share < 0.01:
        text = "less than 1"
    elif 0.99 < share < 1.0:
        text = "more than 99"
    return marked(figure, f"{text} of 100".replace(" ", _NO_BREAK))


def days(figure: Figure) -> Markup:
    """Write a number of days."""
    return marked(figure, _signed(figure.number, f"{size(figure.number)}{_NO_BREAK}days"))


def _points_of(number: float) -> str:
    number = abs(100.0 * number)
    decimals = 1 if number >= 1.0 else 2 if number >= 0.095 else 3
    return f"{number:.{decimals}f}{_NO_BREAK}points"


def _days_of(number: float) -> str:
    return f"{size(number)}{_NO_BREAK}days"


@dataclass(frozen=True)
class Turned:
    """Writes a difference by its size, with a word for its side in place of a sign."""

    written: Callable[[float], str]
    below: str
    above: str
    leads: bool = False
    """Whether the word stands before the figure."""

    def __call__(self, figure: Figure) -> Markup:
        """Write a figure with its word; without where it is written as 0."""
        return self.text(figure, worded=True)

    def text(self, figure: Figure, *, worded: bool) -> Markup:
        """Write a figure, with its word or without."""
        text = self.written(figure.number)
        if figure.value is None or not worded or _is_nothing(text):
            return marked(figure, text)
        word = self.below if figure.number < 0 else self.above
        parts = (word, text) if self.leads else (text, word)
        return marked(figure, _NO_BREAK.join(parts))

    def ends(self, low: Figure, high: Figure) -> tuple[Markup, Markup]:
        """Write an interval: on one side from the smaller size to the larger, one word for both."""
        if low.number * high.number <= 0.0:
            return self(low), self(high)
        near, far = (high, low) if high.number < 0.0 else (low, high)
        return (
            self.text(near, worded=self.leads or _is_nothing(self.written(far.number))),
            self.text(far, worded=not self.leads or _is_nothing(self.written(near.number))),
        )


fewer: Final = Turned(size, below="fewer", above="more")
"""Writes a difference in a number of things: `2.8 fewer`."""
avoided: Final = Turned(size, below="more", above="fewer")
"""Writes what is avoided: above 0 is fewer."""
points: Final = Turned(_points_of, below="lower", above="higher")
"""Writes a difference of a share: `0.35 points lower`."""
days_longer: Final = Turned(_days_of, below="shorter", above="longer")
"""Writes a difference in days: `12 days shorter`."""
costs: Final = Turned(pounds_of, below="saves", above="costs", leads=True)
"""Writes a difference in cost: `costs £41,000`, `saves £1.3 million`."""
gains: Final = Turned(pounds_of, below="costs", above="saves", leads=True)
"""Writes a gain: above 0 it saves."""


def gain_writer(unit: str) -> Writer:
    """Return how a gain of a unit is written, with its sign: `+£41,000`, `+2.8`."""
    written = {"share": _points_of, "gbp": pounds_of, "days": _days_of, "number": size}[unit]

    def write(figure: Figure) -> Markup:
        text = written(figure.number)
        if figure.number > 0 and not _is_nothing(text):
            return marked(figure, f"+{text}")
        return marked(figure, _signed(figure.number, text))

    return write


def gained(figure: Figure) -> Markup:
    """Write a gain in pounds with its sign."""
    return gain_writer("gbp")(figure)


def difference_writer(unit: str) -> Writer:
    """Return how a difference of a unit is written."""
    return {"share": points, "gbp": costs, "days": days_longer, "number": fewer}[unit]


def level_writer(unit: str) -> Writer:
    """Return how a level of a unit is written."""
    return {"share": percent, "gbp": pounds, "days": days, "number": count}[unit]


def with_range(middle: Figure, low: Figure, high: Figure, write: Writer) -> Markup:
    """Write a figure with its interval behind it; alone where there is no interval."""
    if not (middle.known and low.known and high.known):
        return write(middle)
    ends = write.ends(low, high) if isinstance(write, Turned) else (write(low), write(high))
    return _RANGE.format(write(middle), *ends)


def difference(row: At | None, write: Writer | None = None) -> Markup:
    """Write the difference of a row of outcomes with its interval.

    Where it is the same in all replications there is no interval, and this is said.
    """
    if row is None:
        return Markup(UNDEFINED)
    write = write or difference_writer(meaning(row["outcome"]).unit)
    middle = row.figure("difference")
    if middle.known and row["same_in"] is not None:
        same = marked(row.figure("same_in"), f"{row['same_in']:,.0f}")
        said = "the same in all" if middle.number else "no change in any of"
        return Markup('{} <span class="range">({} {} runs)</span>').format(
            write(middle), said, same
        )
    return with_range(middle, row.figure("low"), row.figure("high"), write)


def interval(part: At, write: Writer) -> Markup:
    """Write a figure over the states of the world: mean, low and high."""
    return with_range(part.figure("mean"), part.figure("low"), part.figure("high"), write)


def level(row: At | None, name: str) -> Markup:
    """Write a level of a row of outcomes, such as that of the baseline."""
    if row is None:
        return Markup(UNDEFINED)
    return level_writer(meaning(row["outcome"]).unit)(row.figure(name))


def better(row: At | None, *, in_doubt: bool) -> Markup:
    """Write the chance that an option does better; without doubt, of single years."""
    if row is None:
        return Markup(UNDEFINED)
    return hundred(row.figure("probability_better" if in_doubt else "share_of_years_better"))
