"""What an option changes, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from .annotations import is_distribution
from .parameter import Quantity

if TYPE_CHECKING:
    from .model import Scenario

Difference = tuple[str, object, object]
"""Dotted key, value before, value after; None where there is nothing."""

_WORDS = {
    *("title", "description", "note", "source", "grade", "evidence", "price_year"),
    "schema_version",
}
"""Keys that say something about a scenario and change nothing in it."""


def differences(before: Scenario, after: Scenario) -> list[Difference]:
    """Return where two scenarios differ in what they do, in the order of the model's keys.

    A parameter is given by its value, and by its interval where only that differs; a
    distribution by its own parameters, or whole, in words, where the kind differs.
    Titles, notes, sources and grades are left out.
    """
    found = list(_tables(before, after, ""))
    if after.before is not None:
        # What holds earlier is compared with what holds then.
        earlier = before.on(after.before.from_day)
        found += [
            (f"before.{key}", old, new) for key, old, new in differences(earlier, after.before)
        ]
    return found


def alike(one: Scenario, other: Scenario) -> bool:
    """Return whether two scenarios do the same, whatever their day and what holds before."""
    return all(key == "from_day" for key, *_ in _tables(one, other, ""))


def in_words(value: object) -> object:
    """Return a parameter as a table shows it: a number, a word, or `exponential(mean=60)`."""
    if isinstance(value, Quantity):
        return value.value
    if is_distribution(type(value)):
        return _distribution(value)
    if isinstance(value, BaseModel):
        return getattr(value, "title", None) or getattr(value, "kind", None) or _parts(value)
    return value


def _parts(table: BaseModel) -> str:
    parts = [
        # A table of people by its name: where it lies is of this machine alone.
        (key, Path(each).name if key == "file" and isinstance(each, str) else in_words(each))
        for key, each in table
        if key not in _WORDS
    ]
    said = [(key, each) for key, each in parts if each and each != "unlimited"]
    return ", ".join(f"{key}={_number(each)}" for key, each in said)


def _distribution(value: Any) -> object:
    if value.kind == "constant":
        return value.value
    skipped = {*_WORDS, "kind"}
    parts = [f"{key}={_number(each)}" for key, each in value if key not in skipped]
    return f"{value.kind}({', '.join(parts)})" if parts else value.kind


def _number(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_number(each) for each in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _walk(old: Any, new: Any, key: str) -> Iterator[Difference]:
    if isinstance(old, Quantity) and isinstance(new, Quantity):
        yield from _quantities(old, new, key)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, key)
    elif type(old) is type(new) and isinstance(old, BaseModel):
        yield from _tables(old, new, key)
    elif old != new:
        yield key, in_words(old), in_words(new)


def _quantities(old: Quantity, new: Quantity, key: str) -> Iterator[Difference]:
    if old.value != new.value:
        yield key, old.value, new.value
        return
    for name in ("low", "high"):
        if getattr(old, name) != getattr(new, name):
            yield f"{key}.{name}", getattr(old, name), getattr(new, name)


def _tables(old: BaseModel, new: BaseModel, key: str) -> Iterator[Difference]:
    for name in type(old).model_fields:
        if name not in _WORDS and name != "before":
            within = f"{key}.{name}" if key else name
            yield from _walk(getattr(old, name), getattr(new, name), within)


def _mappings(old: Mapping[str, Any], new: Mapping[str, Any], key: str) -> Iterator[Difference]:
    for name in {**old, **new}:
        yield from _walk(old.get(name), new.get(name), f"{key}.{name}")
