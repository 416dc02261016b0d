"""The sheet of equality: what an option does for whom, with group sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pathsim.outcomes.group_words import attribute
from pathsim.outcomes.group_words import group as words

from .cells import (
    FEWEST_PEOPLE,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    SUPPRESSED,
    Cell,
    figure,
    suppressed,
    text,
)
from .sheet import COUNT, NUMBER, SHARE, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHANGE: Final = "Change of the reoffending rate (percentage points)"
_BESIDE: Final = "Change beside everybody's (percentage points)"
_STARTS: Final = ("Starts, baseline (number)", "Starts, option (number)")
_WAITS: Final = ("Mean wait, baseline (days)", "Mean wait, option (days)")
_PEOPLE: Final = "People (number)"
_ENDS: Final = ("low end of 95% interval (points)", "high end of 95% interval (points)")


def equality(told: Mapping[str, Any]) -> Iterator[Sheet]:
    """Give the sheet of equality; none where no states of the world were drawn."""
    decision = told.get("decision")
    if decision is None:
        return
    changes = [_CHANGE, *(f"Change, {end}" for end in _ENDS)]
    beside = [_BESIDE, *(f"Beside everybody's, {end}" for end in _ENDS)]
    heads = ("Option", "Attribute", "Group", _PEOPLE, *changes, *beside, *_STARTS, *_WAITS, "Note")
    rows = [
        _row(option["title"], group, hidden=group["group"] in hidden)
        for option in decision["options"]
        for groups in [option["equality"]["groups"]]
        for hidden in [suppressed({each["group"]: each["people"] for each in groups})]
        for group in groups
    ]
    yield Sheet(
        "Equality",
        "What each option does for whom, by protected characteristic and place",
        heads,
        rows,
        "Below 0 the reoffending rate falls; beside everybody's, the group gains more than others.",
        {
            _PEOPLE: COUNT,
            **dict.fromkeys((*changes, *beside), SHARE),
            **dict.fromkeys((*_STARTS, *_WAITS), NUMBER),
        },
        notes={_PEOPLE: "small", _CHANGE: "points", _STARTS[0]: "starts"},
    )


def _row(title: str, group: Mapping[str, Any], *, hidden: bool) -> tuple[Cell, ...]:
    people = group["people"]
    few = hidden or people is None or people < FEWEST_PEOPLE
    missing = SUPPRESSED if few else NOT_AVAILABLE
    cells = [
        _interval(None if few else group[name], missing) for name in ("change", "beside_everybody")
    ]
    loads = [group[load][side] for load in ("starts", "mean_wait_days")
             for side in ("baseline", "option")]  # fmt: skip
    return (
        text(title),
        text(attribute(group["attribute"])),
        text(words(group["group"])),
        SUPPRESSED if few else figure(people),
        *(cell for part in cells for cell in part),
        *(SUPPRESSED if few else figure(load, otherwise=NOT_APPLICABLE) for load in loads),
        text(group["note"]),
    )


def _interval(found: Mapping[str, Any] | None, missing: str) -> list[Cell]:
    return [missing if found is None else figure(found[part]) for part in ("mean", "low", "high")]
