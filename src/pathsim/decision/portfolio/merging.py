"""What options change, laid together in one scenario; unlike values of one key are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pathsim.errors import InputError, Problem
from pathsim.scenario.lineage import InputFile, Lineage, descend

if TYPE_CHECKING:
    from pathsim.scenario.model import Scenario

_WORDS = frozenset(("title", "description", "note", "source", "grade", "price_year"))
"""Keys that say something and change nothing."""


class Changes(NamedTuple):
    """What one level of a lever changes."""

    said_by: str
    """The file or the lever, for messages."""
    overrides: Mapping[str, Any]
    """New values by dotted key."""
    files: tuple[InputFile, ...] = ()


def changes_of(baseline: Scenario, option: Scenario, *, said_by: str) -> Changes:
    """Return what an option changes in a baseline. Raises InputError for one with days."""
    if option.from_day is not None or option.before is not None:
        message = "takes effect on a day: what is taken together holds from the first"
        allowed = "an option without from_day and phases"
        raise InputError(Problem(message, key="options", found=said_by, allowed=allowed))
    unnamed = {"title", "description", "from_day", "before"}
    old, new = (each.model_dump(exclude=unnamed, exclude_none=True) for each in (baseline, option))
    files = tuple(each for each in option.lineage.files if each not in baseline.lineage.files)
    return Changes(said_by, dict(_unlike(old, new)), files)


def _unlike(
    old: Mapping[str, Any], new: Mapping[str, Any], above: str = ""
) -> Iterator[tuple[str, Any]]:
    """Give dotted keys with their new values; a table that names its source is given whole."""
    for name, value in new.items():
        before = old.get(name)
        if value == before:
            continue
        key = f"{above}{name}"
        tables = isinstance(value, Mapping) and isinstance(before, Mapping)
        if not tables or "source" in value or "kind" in value:
            yield key, value
        elif before is not None:
            yield from _unlike(before, value, f"{key}.")


def refuse_unlike(changes: Sequence[Changes]) -> None:
    """Raise InputError where two levels of different levers give one key unlike values."""
    for k, one in enumerate(changes):
        for other in changes[:k]:
            for key, value in one.overrides.items():
                for its, held in other.overrides.items():
                    _refuse(key, value, one, its=its, held=held, other=other)


def _refuse(  # noqa: PLR0913 two keys with their values and who said them
    key: str, value: Any, one: Changes, *, its: str, held: Any, other: Changes
) -> None:
    same = key == its
    within = key.startswith(f"{its}.") or its.startswith(f"{key}.")
    lever = key in (one.said_by, other.said_by)  # which has other levels too
    if not within and not (same and (lever or _meant(value) != _meant(held))):
        return
    message = f"is given unlike values by '{other.said_by}' and by '{one.said_by}'"
    allowed = "one of the two, or one option that says which value holds with both"
    raise InputError(Problem(message, key=max(key, its, key=len), allowed=allowed))


def _meant(value: Any) -> Any:
    """Return a value without what is said about it; a parameter that is only a number, as one."""
    if not isinstance(value, Mapping):
        return value
    said = {name: _meant(part) for name, part in value.items() if name not in _WORDS}
    return said["value"] if said.keys() == {"value"} else said


def together(baseline: Scenario, title: str, changes: Sequence[Changes]) -> Scenario:
    """Return a baseline with all changes in it, as one option."""
    overrides: dict[str, Any] = {}
    for each in changes:
        overrides |= each.overrides
    made = baseline.change(title, overrides)
    files = (*baseline.lineage.files, *(file for each in changes for file in each.files))
    return descend(made, Lineage(tuple(dict.fromkeys(files)), baseline))
