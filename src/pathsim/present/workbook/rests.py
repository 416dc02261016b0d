"""Sheets of what options change and rest on: values, effects and prices, with source and grade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .cells import NOT_APPLICABLE, Cell, figure, text
from .records import options_of
from .sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INTERVAL: Final = ("Low end of 95% interval", "High end of 95% interval")


def rests_on(told: Mapping[str, Any]) -> Iterator[Sheet]:
    """Give the sheets of what options change; empty where the results do not say."""
    yield _changes(told)
    yield _effects(told)
    yield _prices(told)


def _changes(told: Mapping[str, Any]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            text(option["title"]),
            text(change["title"]),
            text(change["key"]),
            text(change["days"] or "always"),
            _value(change["before"]),
            _value(change["after"]),
            text(change["grade"]),
            text(change["source"]),
        )
        for _, option in options_of(told)
        for change in option.get("about", {}).get("changes", ())
    ]
    return Sheet(
        "What changes",
        "What each option changes in the baseline",
        ("Option", "What", "Key", "In force", "Baseline", "Option's value", "Grade", "Source"),
        rows,
        "Each value in its own unit, as the scenario has it under its key.",
        {"Baseline": "General", "Option's value": "General"},
        notes={"Grade": "grade"},
    )


def _effects(told: Mapping[str, Any]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            text(option["title"]),
            text(effect["title"]),
            text(effect["key"]),
            *_figures(effect),
            text(effect["grade"]),
            text(effect["source"]),
        )
        for _, option in options_of(told)
        for effect in option.get("about", {}).get("effects", ())
    ]
    return Sheet(
        "Effects",
        "The effects on which each option's difference rests",
        ("Option", "Effect", "Key", "Ratio", *_INTERVAL, "Grade", "Source"),
        rows,
        "A ratio below 1 lowers what it acts on; 1 is no effect.",
        dict.fromkeys(("Ratio", *_INTERVAL), "General"),
        notes={"Ratio": "ratio", "Grade": "grade"},
    )


def _prices(told: Mapping[str, Any]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            text(price["title"]),
            text(price["key"]),
            *_figures(price),
            text(price["price_year"]),
            text(price["grade"]),
            text(price["source"]),
            text("; ".join(price["of"])),
        )
        for price in told.get("prices", ())
    ]
    ends = tuple(f"{end} (£)" for end in _INTERVAL)
    return Sheet(
        "Prices",
        "Prices in use",
        ("Price", "Key", "Value (£)", *ends, "Price year", "Grade", "Source", "Used in"),
        rows,
        "Pounds of the price year that stands beside each.",
        dict.fromkeys(("Value (£)", *ends), "#,##0.00"),
        notes={"Grade": "grade"},
        long=True,
    )


def _figures(row: Mapping[str, Any]) -> list[Cell]:
    ends = [figure(row[name], otherwise=NOT_APPLICABLE) for name in ("low", "high")]
    return [figure(row["value"]), *ends]


def _value(value: object) -> Cell:
    return figure(value, otherwise=NOT_APPLICABLE)
