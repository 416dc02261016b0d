"""The question, and the answer in sentences with odds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .figures import better, difference, fewer
from .wording import paragraph_of, said_by_data, window

if TYPE_CHECKING:
    from .told import Option, Told


def context(told: Told) -> dict[str, Any]:
    """Return the question, the answer for all options together, and for each."""
    titles = [option.title for option in told.options]
    return {
        "baseline": told.baseline["title"],
        "titles": titles,
        "window": window(told),
        "description": told.baseline["about"]["description"],
        "together": said_by_data(told, told.decision, "paragraph"),
        "no_decision": told.no_decision,
        "options": [
            {"title": each.title, "anchor": each.anchor, "said": _said(each, told)}
            for each in told.options
        ],
        "out_of_balance": told.baseline["out_of_balance"],
        "in_doubt": told.in_doubt,
    }


def _said(option: Option, told: Told) -> Markup:
    """Return an option's paragraph, or without a decision its first differences."""
    if option.decided is not None:
        return paragraph_of(option.decided, told)
    total = option.row("reoffences_total")
    harm = option.row("reoffences_from_sentence_per_person")
    return Markup(
        "Proven reoffences of a year's people: {}, better in {} {}. "
        "Offences counted from the sentence, each person: {}. The public purse {} a year."
    ).format(
        difference(total),
        better(total, in_doubt=told.in_doubt),
        "states of the world" if told.in_doubt else "single years",
        difference(harm, fewer),
        difference(option.row("cost_public")),
    )
