"""What the model's types allow at each place: read from the annotations, never written twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from .parameter import ORIGIN_KEYS, Quantity, Section, Strict, choices


def is_number(raw: object) -> bool:
    """Return whether `raw` is a bare number as files write it; true and false are not."""
    return isinstance(raw, int | float) and not isinstance(raw, bool)


def is_table_class(annotation: Any) -> bool:
    """Return whether the annotation is one of the model's tables."""
    return isinstance(annotation, type) and issubclass(annotation, Strict)


def is_distribution(annotation: Any) -> bool:
    """Return whether the annotation is a kind of distribution."""
    return isinstance(annotation, type) and getattr(annotation, "constant_from_number", False)


def kind_of(table_class: Any) -> str | None:
    """Return the `kind` that selects the class in a union, if it has one."""
    field = table_class.model_fields.get("kind")
    return str(get_args(field.annotation)[0]) if field else None


def pick(annotation: Any, raw: object) -> Any:
    """Return the one alternative of `annotation` as which `raw` is read, or None.

    Tables are picked by their `kind`, bare numbers as a quantity or a constant,
    and other values as whatever is not a table.
    """
    tables = [each for each in choices(annotation) if is_table_class(each)]
    if isinstance(raw, Mapping):
        maps = [each for each in choices(annotation) if get_origin(each) is dict]
        return _by_kind(tables, raw) if tables else (maps[0] if maps else None)
    if is_number(raw):
        holders = [t for t in tables if issubclass(t, Quantity) or is_distribution(t)]
        if holders:
            return holders[0]
    others = [each for each in choices(annotation) if each not in tables and each is not type(None)]
    return others[0] if others else None


def _by_kind(tables: list[Any], raw: Mapping[str, object]) -> Any:
    if len(tables) == 1:
        return tables[0]
    default = "constant" if any(is_distribution(table) for table in tables) else None
    kind = raw.get("kind", default)
    # Literal | Quantity and the like have one table without a kind.
    return next((table for table in tables if kind_of(table) == kind), None)


def allowed_keys(annotation: Any) -> tuple[str, ...]:
    """Return the keys that a table read as `annotation` may have in a file."""
    if not is_table_class(annotation):
        return ()
    keys = tuple(field.alias or name for name, field in annotation.model_fields.items())
    return (*keys, *ORIGIN_KEYS) if issubclass(annotation, Section) else keys


def words_of(annotation: Any) -> tuple[str, ...]:
    """Return the words that the annotation lists as literals."""
    return tuple(
        str(word)
        for each in choices(annotation)
        if get_origin(each) is Literal
        for word in get_args(each)
    )


def step(annotation: Any, raw: object, key: str | int) -> Any:
    """Return the annotation of what stands under `key` of `raw`, or None where nothing may."""
    chosen = pick(annotation, raw)
    if is_table_class(chosen):
        field = _field(chosen, key)
        if field is None and key in ORIGIN_KEYS:
            field = Quantity.model_fields[str(key)]
        return field.annotation if field else None
    if get_origin(chosen) is dict:
        return get_args(chosen)[1]
    if get_origin(chosen) is tuple:
        return get_args(chosen)[0]
    return None


def _field(chosen: Any, key: str | int) -> Any:
    """Return the field that a file calls `key`; the word may be one that Python keeps."""
    fields = chosen.model_fields
    return fields.get(key) or next((each for each in fields.values() if each.alias == key), None)


def key_annotation(annotation: Any) -> Any:
    """Return the annotation of the keys of the mapping among the alternatives."""
    maps = [each for each in choices(annotation) if get_origin(each) is dict]
    return get_args(maps[0])[0] if maps else None


def describe(annotation: Any) -> str:
    """Return in words what may stand where the annotation is."""
    kinds = [each for each in choices(annotation) if is_table_class(each)]
    parts = [_describe_one(each) for each in choices(annotation) if each not in kinds]
    if len(kinds) > 1:
        number = "a number, or " if is_distribution(kinds[0]) else ""
        listed = ", ".join(str(kind_of(each)) for each in kinds)
        parts.append(f"{number}a table of one of the kinds {listed}")
    elif kinds:
        quantity = issubclass(kinds[0], Quantity)
        parts.append("a number, or a table with value and source" if quantity else "a table")
    return " or ".join(part for part in parts if part)


def _describe_one(annotation: Any) -> str:
    origin = get_origin(annotation)
    if origin is Literal:
        words = [
            f'"{word}"' if isinstance(word, str) else str(word) for word in get_args(annotation)
        ]
        return ", ".join(word for word in words if word != '""')
    if origin is tuple:
        return f"a list of {describe(get_args(annotation)[0])}"
    if origin is dict:
        return "a table"
    names = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}
    return names.get(annotation, "")
