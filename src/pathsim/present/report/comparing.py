"""One table that compares the options: a row an option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .figures import better, costs, difference, fewer, points, with_range
from .tables import Table
from .wording import rests_on, window, year

if TYPE_CHECKING:
    from .told import Option, Told


def context(told: Told) -> dict[str, Any]:
    """Return the table, and how to read it."""
    chance = "Chance it is better" if told.in_doubt else "Years it is better"
    heads = (
        "Option",
        chance,
        "Proven reoffences a year",
        "People who reoffend, and the rate",
        "From the sentence",
        "Public purse",
        "Society",
        "Rests on",
        "Evidence of",
    )
    rows = [_row(option, told) for option in told.options]
    caption = f"Each option against the baseline: {window(told)}, with 95% intervals"
    return {
        "table": Table("compare-table", caption, heads, rows),
        "baseline": told.baseline["title"],
        "in_doubt": told.in_doubt,
    }


def _row(option: Option, told: Told) -> list[str | Markup]:
    total = option.row("reoffences_total")
    return [
        Markup('<a href="#{}">{}</a>').format(option.anchor, option.title),
        better(total, in_doubt=told.in_doubt),
        difference(total),
        people_and_rate(option),
        from_sentence(option),
        difference(option.row("cost_public"), costs),
        difference(option.row("cost_society"), costs),
        rests_on(option),
        year(option.about),
    ]


def people_and_rate(option: Option) -> Markup:
    """Return by how many people fewer reoffend, with points of the rate beside."""
    people = option.plain.at("pictured", "people_reoffending")
    rate = option.row("proven_reoffending_rate")
    said = with_range(
        people.figure("difference"), people.figure("low"), people.figure("high"), fewer
    )
    if rate is None:
        return said
    beside = Markup('{} <span class="range">{}</span>')
    return beside.format(said, points(rate.figure("difference")))


def from_sentence(option: Option) -> Markup:
    """Return the difference in offences in as many days from the sentence."""
    found = option.plain.at("pictured", "offences_from_sentence")
    return with_range(found.figure("difference"), found.figure("low"), found.figure("high"), fewer)
