"""An option on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.outcomes.names import COSTS_SHOWN, CUSTODY_BOOK_OUTCOMES, HEADLINES, meaning

from .breaking import with_breaks
from .comparing import from_sentence, people_and_rate
from .evidence import effect_rows
from .figures import UNDEFINED, better, costs, difference, hundred, level
from .load import load_tables
from .tables import Table
from .whom import changes_table
from .wording import PAYERS, paragraph_of, rests_on, when, year
from .years import years_table

if TYPE_CHECKING:
    from .told import At, Option, Told

_BOOKS: Final = {
    name: f"custody at {price} price, {refill}"
    for name, price, refill in zip(
        CUSTODY_BOOK_OUTCOMES,
        ("marginal", "marginal", "average", "average"),
        ("places saved stay empty", "places saved are filled again") * 2,
        strict=True,
    )
}


def context(told: Told, place: int) -> dict[str, Any]:
    """Return everything that is told of one option; place: from 0."""
    option = told.options[place]
    said = Markup("") if option.decided is None else paragraph_of(option.decided, told)
    name, title = option.anchor, option.title
    return {
        "title": title,
        "description": option.about["description"],
        "file": with_breaks(option.plain["file"]) if option.plain["file"] else "",
        "when": when(option),
        "said": said,
        "facts": _facts(option, told),
        "effects": Table(
            f"{name}-effects",
            f"{title}: what the difference rests on",
            ("Effect", "Drives: proven reoffences a year", "Value", "Grade", "Year", "Source"),
            effect_rows(option, named=False),
            numbers=False,
        ),
        "changes": changes_table(option, f"{name}-changes", f"{title}: what it changes"),
        "changed": bool(option.about["changes"]),
        "outcomes": _outcomes(option, told, HEADLINES, f"{name}-outcomes", f"{title}: outcomes"),
        "costs": _outcomes(option, told, _paid(option), f"{name}-costs", f"{title}: cost by payer"),
        "books": _books(option, told, f"{name}-books"),
        "years": years_table(option, f"{name}-years", f"{title}: year by year, not discounted"),
        "loads": load_tables(option, f"{name}-load", f"{title}: load on"),
    }


def _facts(option: Option, told: Told) -> list[tuple[str, str | Markup]]:
    """Return the figures to keep in mind, each with its words."""
    total = option.row("reoffences_total")
    chance = "Chance of fewer proven reoffences" if told.in_doubt else "Years with fewer reoffences"
    facts: list[tuple[str, str | Markup]] = [
        (chance, better(total, in_doubt=told.in_doubt)),
        ("Proven reoffences a year", difference(total)),
        ("People who reoffend, and the rate", people_and_rate(option)),
        ("Offences counted from the sentence", from_sentence(option)),
        ("Public purse a year", difference(option.row("cost_public"), costs)),
        ("Victims and society a year", difference(option.row("cost_society"), costs)),
        ("Rests on", rests_on(option)),
        ("Evidence of", year(option.about)),
    ]
    if option.decided is not None:
        worth = hundred(option.decided.figure("npsv", "probability_above_0"))
        facts.insert(1, ("Chance it is worth it, society included", worth))
    return facts


def _outcomes(
    option: Option, told: Told, names: tuple[str, ...], table: str, caption: str
) -> Table:
    rows = [
        _row(row, _title(each), told) for each in names if (row := option.row(each)) is not None
    ]
    return Table(table, caption, _heads(told), rows)


def _title(outcome: str) -> str:
    """Return what an outcome is called; a cost to a payer, by the payer."""
    return PAYERS.get(outcome.removeprefix("cost_"), meaning(outcome).title)


def _heads(told: Told) -> tuple[str, ...]:
    chance = ("Chance it is better",) if told.in_doubt else ()
    return ("", "Baseline", "Option", "Difference", *chance, "Single years better")


def _row(row: At, title: str, told: Told) -> list[str | Markup]:
    directed = meaning(row["outcome"]).better != 0
    chances = [better(row, in_doubt=True)] if told.in_doubt else []
    chances.append(better(row, in_doubt=False))
    if not directed:
        chances = [Markup(UNDEFINED)] * len(chances)
    return [title, level(row, "baseline"), level(row, "option"), difference(row), *chances]


def _paid(option: Option) -> tuple[str, ...]:
    rows = {each: option.row(each) for each in COSTS_SHOWN}
    return tuple(name for name, row in rows.items() if row and (row["baseline"] or row["option"]))


def _books(option: Option, told: Told, name: str) -> Table | None:
    """Return the public purse's cost at each price of custody, where days in custody change."""
    custody = option.row("days_in_custody_per_person")
    if custody is None or not _differs(custody):
        return None
    rows = [
        _row(row, words[:1].upper() + words[1:], told)
        for each, words in _BOOKS.items()
        if (row := option.row(each)) is not None
    ]
    caption = f"{option.title}: public purse, by the price of a day in custody"
    return Table(name, caption, _heads(told), rows) if rows else None


def _differs(row: At) -> bool:
    """Return whether an outcome differs by more than chance."""
    if row["same_in"] is not None:
        return bool(row["difference"])
    low, high = row["low"], row["high"]
    return low is not None and (low > 0.0 or high < 0.0)
