"""Who pays and who gains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from .figures import difference, gained
from .tables import Table
from .wording import PAYERS, window

if TYPE_CHECKING:
    from .told import Option, Told


_MOST: Final = 3
"""Payers that a sentence names."""


def context(told: Told) -> dict[str, Any]:
    """Return a row an option and a column a payer; over the appraisal where there is one."""
    decision = told.decision
    paid = [name for name in PAYERS if any(_moves(option, name) for option in told.options)]
    heads = ("Option", *(PAYERS[name] for name in paid))
    if decision is None:
        caption = f"What each payer saves or pays more for {window(told)}"
        rows = [[_link(each), *(_cost(each, name) for name in paid)] for each in told.options]
        years = 0
    else:
        years = int(decision["years"])
        caption = f"What each payer gains (+) or pays (-) over {years} years"
        rows = [[_link(each), *(_gain(each, name) for name in paid)] for each in told.options]
    return {
        "table": Table("payers-table", caption, heads, rows),
        "said": [_said(each) for each in told.options if each.decided is not None],
        "years": years,
    }


def _link(option: Option) -> Markup:
    return Markup('<a href="#{}">{}</a>').format(option.anchor, option.title)


def _moves(option: Option, payer: str) -> bool:
    row = option.row(f"cost_{payer}")
    return row is not None and bool(row["baseline"] or row["option"] or row["difference"])


def _cost(option: Option, payer: str) -> Markup:
    return difference(option.row(f"cost_{payer}"))


def _gain(option: Option, payer: str) -> Markup:
    assert option.decided is not None
    return gained(option.decided.figure("by_payer", payer))


def _said(option: Option) -> dict[str, Any]:
    """Return who pays more and who gains, the largest first."""
    assert option.decided is not None
    gains = {name: gain or 0.0 for name, gain in option.decided["by_payer"].items()}
    pays = sorted((name for name in gains if gains[name] <= -0.5), key=gains.__getitem__)
    has = sorted((name for name in gains if gains[name] >= 0.5), key=lambda name: -gains[name])
    return {"title": option.title, "pays": _listed(pays, option), "gains": _listed(has, option)}


def _listed(names: list[str], option: Option) -> Markup:
    said = [
        Markup("{} ({})").format(PAYERS.get(name, name).lower(), _gain(option, name))
        for name in names[:_MOST]
    ]
    if len(names) > _MOST:
        said.append(Markup("others less, in the table"))
    return Markup(", ").join(said) if said else Markup("nobody")
