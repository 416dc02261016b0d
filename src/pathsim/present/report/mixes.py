"""What the sections of a portfolio tell, from its plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.decision.portfolio.evaluate import NPSV
from pathsim.decision.portfolio.explorable import is_key
from pathsim.outcomes.names import meaning
from pathsim.text import counted

from .breaking import with_breaks
from .figures import (
    UNDEFINED,
    Writer,
    costs,
    count,
    gain_writer,
    hundred,
    interval,
    marked,
    pence,
    percent,
    pounds,
    with_range,
)
from .tables import Table
from .told import Figure
from .wording import said_by_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .told import At, Told

_SHOWN: Final = 12
"""Mixes in the first table, from the best; the others are folded away."""
_THOUSAND: Final = 1000.0


def answer(told: Told) -> dict[str, Any]:
    """Return the question, the sentence that answers it, and its figures."""
    whole = told.whole
    pick = whole.at("pick")
    facts = [
        ("The mix to take", whole["pick"]["mix"]),
        ("Spend a year beyond the baseline", pounds(pick.figure("spend"))),
        ("Worth beyond the baseline", interval(pick.at("worth"), _writer(told))),
    ]
    if pick["among"] > 1:
        chance = Markup('{} <span class="range">of the {} closest, the baseline one of them</span>')
        best = chance.format(hundred(pick.figure("chance_best")), count(pick.figure("among")))
        facts.append(("Chance that it is the best", best))
    return {
        "said": said_by_data(told, whole, "sentence"),
        "budget": pounds(whole.figure("budget")),
        "facts": facts,
    }


def simulated(told: Told) -> dict[str, Any]:
    """Return all mixes that were simulated, the best first."""
    heads = (
        "Mix",
        "Spend a year",
        "Worth",
        "Chance that it is above 0",
        "Worth in the last states",
        "Public purse, first year",
        "Told apart",
    )
    rows = [_mix(row, told) for row in told.whole.each("mixes")]
    many = counted(len(rows), "mix", "mixes")
    first = f"The best {_SHOWN} of {many}" if len(rows) > _SHOWN else f"All {many}"
    return {
        "table": Table(
            "mixes-table", f"{first} simulated, with 95% intervals", heads, rows[:_SHOWN]
        ),
        "others": Table("mixes-others", "The other mixes simulated", heads, rows[_SHOWN:]),
        "delta": _amount(told, told.whole.figure("delta")),
    }


def _mix(row: At, told: Told) -> list[str | Markup]:
    again = row.figure("again")
    return [
        str(row["mix"]),
        pounds(row.figure("spend")),
        _worth(row, told),
        _chance(row),
        _writer(told)(again),
        costs(row.figure("public_year_1")),
        _apart(row, told),
    ]


def _apart(row: At, told: Told) -> str:
    if row["mix"] == told.whole["pick"]["mix"]:
        return "the mix to take"
    return "no: as good" if row["indifferent"] else "yes"


def steps(told: Told) -> dict[str, Any]:
    """Return the best mix by what may be spent."""
    heads = ("Best mix", "Budget from, a year", "Worth", _for_what(told))
    rows = [
        [
            str(row["mix"]),
            pounds(row.figure("budget")),
            _worth(row, told),
            _for_money(row, told),
        ]
        for row in told.whole.each("frontier")
    ]
    caption = "The best of the mixes simulated by yearly budget, with 95% intervals"
    return {"table": Table("frontier-table", caption, heads, rows)}


def places(told: Told) -> dict[str, Any]:
    """Return what one more place of each capacity is worth, beside the mix to take."""
    heads = (
        "One more place of",
        "Places then",
        "Spend a year",
        "Worth",
        "Chance that it is above 0",
        _for_what(told),
    )
    rows = [
        [
            with_breaks(str(row["lever"])),
            count(row.figure("places")),
            pounds(row.figure("spend")),
            _worth(row, told),
            _chance(row),
            _for_money(row, told),
        ]
        for row in told.whole.each("shadow")
    ]
    caption = "One more place than the mix to take has, with 95% intervals"
    return {"table": Table("places-table", caption, heads, rows)}


def limits(told: Told) -> dict[str, Any]:
    """Return how the mixes were searched and how sure the selection is."""
    whole = told.whole
    emulator = None if whole["emulator"] is None else whole.at("emulator")
    return {
        "everything": whole["everything"],
        "number": len(whole["mixes"]),
        "explained": "" if emulator is None else percent(emulator.figure("explained")),
        "proved": emulator is not None and emulator["proved"],
        "guaranteed": whole["guaranteed"],
        "sure": percent(whole.figure("sure")),
        "delta": _amount(told, whole.figure("delta")),
        "net": whole["maximised"] == NPSV,
        "years": count(whole.figure("years")),
    }


def levers_table(levels: Mapping[str, Sequence[float]]) -> Table:
    """Return the levers with their levels."""
    rows = [
        [with_breaks(name), f"{own[0]:g}", ", ".join(f"{each:g}" for each in own[1:])]
        if is_key(name)
        else [name, "not taken", "taken"]
        for name, own in levels.items()
    ]
    return Table(
        "method-levers", "The levers", ("Lever", "Baseline", "Other levels"), rows, numbers=False
    )


def _writer(told: Told) -> Writer:
    """Return how worth is written."""
    maximised = str(told.whole["maximised"])
    return gain_writer("gbp" if maximised == NPSV else meaning(maximised).unit)


def _amount(told: Told, figure: Figure) -> Markup:
    """Write a difference in worth, which has no side."""
    return marked(figure, _text(told, figure).lstrip("+"))


def _text(told: Told, figure: Figure) -> str:
    return _writer(told)(figure).striptags()


def _worth(row: At, told: Told) -> Markup:
    return with_range(row.figure("worth"), row.figure("low"), row.figure("high"), _writer(told))


def _chance(row: At) -> Markup:
    chance = row.figure("chance")
    return hundred(chance) if chance.known else Markup(UNDEFINED)


def _for_what(told: Told) -> str:
    return "Worth for a pound" if told.whole["maximised"] == NPSV else "Worth for £1,000"


def _for_money(row: At, told: Told) -> Markup:
    """Write what is gained for a pound; of an outcome for a thousand."""
    figure = row.figure("worth_a_pound")
    if told.whole["maximised"] == NPSV or not figure.known:
        return pence(figure)
    number = _THOUSAND * figure.number
    return marked(figure, _text(told, Figure(number, figure.origin)))
