"""An option is laid over the scenario that it extends, key by key.

The scenario below is resolved already, so every number in it has a source of its
own. A bare number that replaces one of them is the option's choice and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from .annotations import is_distribution, is_number, is_table_class, kind_of, pick
from .parameter import ORIGIN_KEYS, Quantity, Section, origin_in

NEW: Any = object()
"""Stands for what the scenario below does not have."""


Origin = Mapping[str, Any]
"""Source and grade of the bare numbers at a place."""


def choice_of(title: str) -> Origin:
    """Return the origin of numbers that the option called `title` chooses."""
    return {"source": f"option: {title}", "grade": "choice"}


def merge(annotation: Any, old: Any, new: Any, origin: Origin) -> Any:
    """Return `old`, resolved plain data of type `annotation`, with `new` laid over it.

    `new` is what a file says. What does not fit the type is passed on as it is,
    for validation to refuse.
    """
    chosen = pick(annotation, _with_kind(old, new))
    if is_distribution(chosen):
        return _distribution(old, new, origin)
    if not is_table_class(chosen):
        return _mapping(chosen, old, new, origin) if get_origin(chosen) is dict else new
    if issubclass(chosen, Quantity):
        return _quantity(old, new, origin)
    if not isinstance(new, Mapping):
        return new
    if not isinstance(old, Mapping) or _kind(chosen, old) != _kind(chosen, new, old):
        old = {}
    if "source" in chosen.model_fields:
        return _sourced(old, new, origin)
    return _table(chosen, old, new, origin)


def _with_kind(old: Any, new: Any) -> Any:
    """Return `new` with the kind it takes over from `old`, so that its class can be picked."""
    if not isinstance(new, Mapping) or "kind" in new or not isinstance(old, Mapping):
        return new
    return {**new, "kind": old["kind"]} if "kind" in old else new


def _kind(
    table_class: Any, table: Mapping[str, Any], below: Mapping[str, Any] | None = None
) -> Any:
    if kind_of(table_class) is None:
        return None
    return table.get("kind", (below or {}).get("kind"))


def _quantity(old: Any, new: Any, origin: Origin) -> Any:
    if is_number(new):
        year = old.get("price_year") if isinstance(old, Mapping) else None
        return {"value": new, **origin, "price_year": year}
    if not isinstance(new, Mapping):
        return new
    if "value" in new or "evidence" in new or not isinstance(old, Mapping):
        return _with_origin(new, origin)
    return {**old, **new}


def _distribution(old: Any, new: Any, origin: Origin) -> Any:
    if is_number(new):
        return {"kind": "constant", "value": new, **origin}
    if not isinstance(new, Mapping):
        return new
    if not isinstance(old, Mapping):
        return _with_origin(new, origin)
    kind = new.get("kind", "constant" if "value" in new else old["kind"])
    if kind != old["kind"]:
        return _with_origin({**new, "kind": kind}, origin)
    return _sourced(old, new, origin)


def _sourced(old: Mapping[str, Any], new: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    """Lay one table over another whose source speaks for all numbers in it."""
    if not set(new) - {*ORIGIN_KEYS, "note", "kind"}:
        return {**old, **new}
    # What the old source, note and evidence said is no longer true of the new numbers, and a
    # new row of evidence brings a number of its own.
    stale = {*ORIGIN_KEYS, "note", "evidence"}
    if "evidence" in new:
        stale |= {"value", "mean", "median"}
    kept = {key: value for key, value in old.items() if key not in stale}
    return kept | _with_origin(new, origin)


def _table(
    table_class: Any, old: Mapping[str, Any], new: Mapping[str, Any], origin: Origin
) -> dict[str, Any]:
    section = issubclass(table_class, Section)
    inside = origin_in(new, origin) if section else origin
    result = dict(old)
    for key, value in new.items():
        if section and key in ORIGIN_KEYS:
            continue
        field = table_class.model_fields.get(key)
        below = old.get(key, NEW)
        result[key] = merge(field.annotation, below, value, inside) if field else value
    return result


def _mapping(annotation: Any, old: Any, new: Any, origin: Origin) -> Any:
    if not isinstance(new, Mapping):
        return new
    inside = origin_in(new, origin)
    value_type = get_args(annotation)[1]
    result = dict(old) if isinstance(old, Mapping) else {}
    for key, value in new.items():
        if key not in ORIGIN_KEYS:
            result[key] = merge(value_type, result.get(key, NEW), value, inside)
    return result


def _with_origin(table: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    return {**table, **origin_in(table, origin)}
