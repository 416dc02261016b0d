"""What would change our mind: where the verdict turns, and what is worth finding out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .figures import UNDEFINED, pounds, ratio
from .tables import Table

if TYPE_CHECKING:
    from .told import At, Option, Told


def context(told: Told) -> dict[str, Any]:
    """Return values at which each verdict turns, and what it is worth to know a quantity."""
    if told.decision is None:
        return {"no_decision": told.no_decision, "options": [], "none": []}
    options = [_option(option, told) for option in told.options]
    return {
        "no_decision": "",
        "known": pounds(told.decision.figure("evpi", "value")),
        "years": int(told.decision["years"]),
        "options": [found for found in options if found["switching"].rows],
        "none": [found["title"] for found in options if not found["switching"].rows],
    }


def _option(option: Option, told: Told) -> dict[str, Any]:
    assert option.decided is not None
    switches = [_switch(each, told) for each in option.decided.each("switching")]
    worths = [_worth(each, told) for each in option.decided.each("evppi")]
    heads = ("Quantity", "Turns at", "Its 95% interval", "Within it", "Fails if it is")
    return {
        "title": option.title,
        "anchor": option.anchor,
        "switching": Table(
            f"turning-{option.anchor}-switch",
            f"Where the verdict on '{option.title}' turns",
            heads,
            switches,
        ),
        "evppi": Table(
            f"turning-{option.anchor}-know",
            f"What it is worth to know for sure before choosing '{option.title}'",
            ("Quantity", "Worth up to", "Give or take", "Told apart from chance"),
            worths,
        ),
    }


def _switch(each: At, told: Told) -> list[str | Markup]:
    low, high = each.figure("low"), each.figure("high")
    inside = Markup("{} to {}").format(ratio(low), ratio(high)) if low.known else UNDEFINED
    return [
        told.parameter(each["parameter"]),
        ratio(each.figure("value")),
        inside,
        "yes" if each["inside_interval"] else "no",
        each["fails"],
    ]


def _worth(each: At, told: Told) -> list[str | Markup]:
    return [
        told.parameter(each["parameter"]),
        pounds(each.figure("value")),
        Markup("± {}").format(pounds(each.figure("se"))),
        "yes" if each["resolved"] else "no",
    ]
