"""The JSON Schema of scenario files, for editors: read from the model's own types.

A file may say less than a resolved scenario holds: bare numbers for quantities, a
source for a whole table, and in an option only what changes. So each table has two
definitions: the whole one, and one for options in which nothing is required.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args, get_origin

import annotated_types as at
from pydantic import StringConstraints

from .annotations import is_distribution, is_table_class, kind_of
from .cohort import OneOf
from .model import SCHEMA_VERSION, Scenario
from .parameter import ORIGIN_KEYS, Quantity, Section, Strict, Within, choices
from .phases import PHASES
from .units import LONGEST_DAYS

Schema = dict[str, Any]

_SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}
_LIMITS: tuple[tuple[Any, str, str], ...] = (
    (at.Ge, "ge", "minimum"),
    (at.Gt, "gt", "exclusiveMinimum"),
    (at.Le, "le", "maximum"),
    (at.Lt, "lt", "exclusiveMaximum"),
)
_EXTENDS: Schema = {
    "description": "What the option extends, relative to this file; several are applied in turn.",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
    ],
}


_PHASES: Schema = {
    "description": "What changes on several days, each on top of the one before; days rise.",
    "type": "array",
    "items": {"$ref": "#/$defs/Phase"},
    "minItems": 1,
}
_OF_AN_OPTION = ("title", "description", "schema_version")


def json_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of scenario files of this version.

    A file with `extends` is checked as an option, any other as a whole scenario.
    """
    definitions: dict[str, Schema] = {}
    whole = _Writer(definitions, partial=False).table(Scenario)
    option = _Writer(definitions, partial=True).table(Scenario)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:pathsim:scenario:{SCHEMA_VERSION}",
        "title": "pathsim scenario",
        "description": "One state of a justice system, or an option that changes one.",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": option,
        "else": whole,
        "$defs": definitions,
    }


class _Writer:
    """Writes definitions, whole or partial, each table class once."""

    def __init__(self, definitions: dict[str, Schema], *, partial: bool) -> None:
        self.definitions = definitions
        self.partial = partial

    def table(self, table_class: type[Strict]) -> Schema:
        """Return a reference to the definition of a table, written if it is new."""
        name = table_class.__name__ + ("Override" if self.partial else "")
        if name not in self.definitions:
            self.definitions[name] = {}  # reserved first: a scenario may hold another one
            self.definitions[name] = self._definition(table_class)
        return {"$ref": f"#/$defs/{name}"}

    def value(self, annotation: Any, checks: Iterable[Any]) -> Schema:
        """Return the schema of whatever may stand under a key."""
        parts = _checked_choices(annotation, tuple(checks))
        tables = [part for part, _ in parts if is_table_class(part)]
        schemas = [self._one(part, found) for part, found in parts if part is not type(None)]
        if any(is_distribution(table) for table in tables):
            schemas.append({"type": "number", "minimum": 0, "maximum": LONGEST_DAYS})
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}

    def _definition(self, table_class: type[Strict]) -> Schema:
        properties: dict[str, Schema] = {}
        for key, field in table_class.model_fields.items():
            properties[key] = self.value(field.annotation, field.metadata)
            if field.description:
                properties[key]["description"] = field.description
        required = [
            key
            for key, field in table_class.model_fields.items()
            if field.is_required() and key not in ORIGIN_KEYS
        ]
        kind = kind_of(table_class)
        if kind not in (None, "constant") and "kind" not in required:
            required.append("kind")
        if issubclass(table_class, Section):
            properties |= self._origin()
        if table_class is Scenario:
            properties = self._of_file(properties)
            required = ["extends", "title"] if self.partial else required
        elif self.partial:
            required = []
        schema = _object(table_class, properties, required)
        centre = getattr(table_class, "centre", "")
        if centre and not self.partial:
            schema["required"] = [key for key in required if key != centre]
            # A row of the evidence table brings the value.
            schema["anyOf"] = [{"required": [centre]}, {"required": ["evidence"]}]
        filler = getattr(table_class, "filled_by", "")
        if filler and not self.partial:
            # A row of a shipped table brings the rest.
            schema["anyOf"] = [{"required": [filler]}, {"required": schema.pop("required")}]
        return schema

    def _of_file(self, properties: dict[str, Schema]) -> dict[str, Schema]:
        if not self.partial:
            return properties
        # What holds before an option is what it extends, and is never said twice.
        kept = {key: schema for key, schema in properties.items() if key != "before"}
        self.definitions["Phase"] = _phase(kept)
        return {"extends": _EXTENDS, **kept, PHASES: _PHASES}

    def _one(self, annotation: Any, checks: tuple[Any, ...]) -> Schema:
        if is_table_class(annotation):
            reference = self.table(annotation)
            return _quantity(reference, checks) if issubclass(annotation, Quantity) else reference
        origin = get_origin(annotation)
        if origin is Literal:
            return {"enum": list(get_args(annotation))}
        if origin is tuple:
            items = self.value(get_args(annotation)[0], ())
            return {"type": "array", "items": items} | _limits(checks, "minItems")
        if origin is dict:
            return self._mapping(annotation)
        return {"type": _SCALARS[annotation]} | _limits(checks, "minLength")

    def _mapping(self, annotation: Any) -> Schema:
        keys, values = get_args(annotation)
        names = self.value(keys, ())
        return {
            "type": "object",
            "properties": self._origin(),
            "propertyNames": {"anyOf": [names, {"enum": list(ORIGIN_KEYS)}]},
            "additionalProperties": self.value(values, ()),
        }

    def _origin(self) -> dict[str, Schema]:
        fields = Quantity.model_fields
        return {
            key: self.value(fields[key].annotation, ()) | {"description": words}
            for key, words in (
                ("source", "Source of every bare number in this table."),
                ("grade", "Grade of every bare number in this table."),
            )
        }


def _phase(properties: Schema) -> Schema:
    """Return the schema of one phase, given the properties of an option."""
    return {
        "description": "One step of an option: the day on which it begins, and what changes then.",
        "type": "object",
        "properties": {key: each for key, each in properties.items() if key not in _OF_AN_OPTION},
        "additionalProperties": False,
        "required": ["from_day"],
        "minProperties": 2,
    }


def _checked_choices(annotation: Any, checks: tuple[Any, ...]) -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the alternatives of an annotation, each with the checks that it has to pass."""
    while hasattr(annotation, "__metadata__"):
        checks = (*checks, *annotation.__metadata__)
        annotation = get_args(annotation)[0]
    if choices(annotation) == (annotation,):
        return [(annotation, checks)]
    return [each for part in get_args(annotation) for each in _checked_choices(part, ())]


def _object(
    table_class: type[Strict], properties: dict[str, Schema], required: list[str]
) -> Schema:
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if table_class.__doc__:
        schema["description"] = table_class.__doc__.splitlines()[0]
    if required:
        schema["required"] = required
    return schema


def _quantity(reference: Schema, checks: tuple[Any, ...]) -> Schema:
    number: Schema = {"type": "number"}
    for within in (check for check in checks if isinstance(check, Within)):
        number["minimum"] = within.low
        if within.high != float("inf"):
            number["maximum"] = within.high
        if within.whole:
            number["multipleOf"] = 1
    limits = {key: limit for key, limit in number.items() if key != "type"}
    return {"anyOf": [number, reference | {"properties": {"value": limits}}]}


def _limits(checks: tuple[Any, ...], length_key: str) -> Schema:
    limits: Schema = {}
    for check in _unpacked(checks):
        if isinstance(check, OneOf):
            names = {"enum": list(check.names)}
            like = {"pattern": f"^{check.or_like}$"}
            limits |= {"anyOf": [names, like]} if check.or_like else names
        if isinstance(check, at.MinLen):
            limits[length_key] = check.min_length
        if isinstance(check, StringConstraints):
            limits["pattern"] = check.pattern
            limits["maxLength"] = check.max_length
        for kind, name, keyword in _LIMITS:
            if isinstance(check, kind):
                limits[keyword] = getattr(check, name)
    return limits


def _unpacked(checks: Iterable[Any]) -> Iterable[Any]:
    """Give the checks one by one, also those that `Field(...)` holds inside `Annotated`."""
    for check in checks:
        yield check
        yield from getattr(check, "metadata", ())
