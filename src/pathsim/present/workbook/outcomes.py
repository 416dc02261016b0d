"""Sheets of outcomes: the headlines, and everything by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pathsim.outcomes.names import HEADLINES, place_of
from pathsim.outcomes.values import EVERYBODY

from .cells import SUPPRESSED, Cell, suppressed, text
from .records import (
    FIGURE_FORMATS,
    FIGURE_HEADS,
    FIGURE_NOTES,
    figures,
    of_everybody,
    options_of,
    shown,
)
from .sheet import COUNT, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PEOPLE: Final = "People in the group (number)"


def headline(told: Mapping[str, Any]) -> Sheet:
    """Return what every option changes in the headline outcomes of everybody."""
    rows: list[tuple[Cell, ...]] = []
    formats = []
    for _, option in options_of(told):
        known = of_everybody(option)
        for row in (known[name] for name in HEADLINES if name in known):
            formats.append(shown(row))
            rows.append((text(option["title"]), _title(told, row), *figures(row)))
    return Sheet(
        "Headline differences",
        "What each option changes: headline outcomes of everybody",
        ("Option", "Outcome", *FIGURE_HEADS),
        rows,
        "One row an option and outcome. A difference is the option less the baseline.",
        FIGURE_FORMATS,
        formats,
        FIGURE_NOTES,
    )


def by_group(told: Mapping[str, Any]) -> Iterator[Sheet]:
    """Give every outcome and group of each option, one option a sheet."""
    for number, option in options_of(told):
        rows, formats = _every_row(told, option)
        yield Sheet(
            f"Outcomes {number}",
            f"Every outcome and group: {text(option['title'])}",
            ("Outcome", "What it is of", "Attribute", "Level", _PEOPLE, *FIGURE_HEADS),
            rows,
            "One row an outcome and group. What is 0 or not defined on both sides is left out "
            "here; results.json has it.",
            {_PEOPLE: COUNT, **FIGURE_FORMATS},
            formats,
            long=True,
        )


def _every_row(
    told: Mapping[str, Any], option: Mapping[str, Any]
) -> tuple[list[tuple[Cell, ...]], list[str]]:
    sizes = option["groups"]
    before = told["baseline"]["groups"]
    # Of a group that one side alone has, the sizes of both sides count.
    hidden = suppressed(sizes) | (suppressed(before) if before != sizes else set())
    groups = {group: _group(group, sizes, hidden) for group in {*sizes, *before, EVERYBODY}}
    of = told["run"]["outcomes"]
    rows: list[tuple[Cell, ...]] = []
    formats = []
    for row in option["outcomes"]:
        group = row["group"]
        if not (row["baseline"] or row["option"]):
            continue
        base = text(of[row["outcome"]]["of"])
        found = figures(row, hidden=group in hidden)
        rows.append((_title(told, row), base, *groups[group], *found))
        formats.append(shown(row))
    # Loads on services are many: what is of people stands first.
    first = [
        bool(place_of(row["outcome"]))
        for row in option["outcomes"]
        if row["baseline"] or row["option"]
    ]
    order = sorted(range(len(rows)), key=lambda k: first[k])
    return [rows[k] for k in order], [formats[k] for k in order]


def _group(group: str, sizes: Mapping[str, int], hidden: set[str]) -> tuple[Cell, ...]:
    attribute, equals, level = group.partition("=")
    people: Cell = SUPPRESSED if group in hidden else sizes.get(group, 0)
    return text(attribute) if equals else "everybody", text(level) if equals else "all", people


def _title(told: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    return text(told["run"]["outcomes"][row["outcome"]]["title"])
