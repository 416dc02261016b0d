"""A parameter is a value that carries where it came from.

In a file a parameter is a table, `{ value = 18, source = "…", grade = "official" }`,
or a bare number under a table that names the `source` of everything in it, or
`{ evidence = "…" }`, an id of the shipped evidence table. A resolved scenario holds no bare
number: each value has its own source and grade.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    Self,
    Union,
    get_args,
    get_origin,
)

import numpy as np
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import core_schema

from pathsim.arguments import is_truth, plain_number, plain_whole
from pathsim.errors import InputError, Problem, wrong_type

from .evidence.table import Evidence, evidence_table
from .faults import fault
from .frozen import frozen

Grade = Literal[
    "official",
    "rct",
    "matched",
    "before_after",
    "expert",
    "assumed",
    "calibrated",
    "choice",
    "definition",
]
"""What stands behind a value: an official statistic, a randomised trial, a matched study, a
before-and-after study, expert opinion, an assumption, a fit to targets, the option's own choice,
or a definition (a switch that is off, a benchmark's terms)."""


ORIGIN_KEYS = ("source", "grade")
"""Keys that any section may have, for the bare numbers in it."""


class _OfInstances:
    """Pydantic's `__getattr__`, which serves private attributes, for instances only.

    Shells complete along attributes, as in `scenario.services["<Tab>`, of classes without one.
    """

    def __get__(self, instance: BaseModel | None, _owner: type) -> Any:
        if instance is None:
            raise AttributeError("__getattr__")
        return partial(vars(BaseModel)["__getattr__"], instance)


class Strict(BaseModel):
    """A frozen part of a scenario that refuses keys it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True
    )

    instead: ClassVar[str] = ""
    """What makes one, where it is not made from its fields by hand."""

    if not TYPE_CHECKING:
        __getattr__ = _OfInstances()

        def __init__(self, /, *given: object, **values: object) -> None:
            """Make one from its fields. Raises InputError."""
            if given:
                fields = f"fields by name: {', '.join(type(self).model_fields)}"
                allowed = self.instead or fields
                raise wrong_type(type(self).__name__, given[0], allowed)
            try:
                self.__pydantic_validator__.validate_python(values, self_instance=self)
            except ValidationError:
                raise _refusal(type(self), values) from None

        __init__.__pydantic_base_init__ = True  # validation itself need not call it

    def model_post_init(self, _context: Any, /) -> None:
        """Let no table inside be changed in place."""
        self._freeze()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with some fields other than here, which are checked. Raises InputError."""
        copy = super().model_copy(deep=deep)
        if not update:
            return copy
        fields = {name: getattr(copy, name) for name in type(self).model_fields}
        return type(self)(**{**fields, **update})

    def replaced(self, values: Mapping[str, Any]) -> Self:
        """Return a copy with other values of some fields, which are known to be valid."""
        copy = super().model_copy(update=values)
        copy._freeze()
        return copy

    def _freeze(self) -> None:
        for name, value in self.__dict__.items():
            if isinstance(value, dict | list):
                self.__dict__[name] = frozen(value)

    def __setattr__(self, name: str, value: object) -> None:
        allowed = "scenario.change(title, {key: value}), which returns another scenario"
        raise InputError(Problem("cannot be set", key=name, found=value, allowed=allowed))

    def __delattr__(self, name: str) -> None:
        allowed = "scenario.change(title, {key: value}), which returns another scenario"
        raise InputError(Problem("cannot be taken away", key=name, allowed=allowed))

    def __dir__(self) -> list[str]:
        """Return what a user needs: the fields, and what pathsim's own classes add to them."""
        ours = [each for each in type(self).__mro__ if each.__module__.startswith("pathsim.")]
        names = {name for each in ours for name in vars(each) if not name.startswith("_")}
        known = {*type(self).model_fields, *names}
        return sorted(name for name in known if not name.startswith("model_"))


def _refusal(model: type[Strict], values: dict[str, Any]) -> InputError:
    """Return the error for `values` that make no `model`, in the words that a file would get."""
    from .explain import resolve  # noqa: PLC0415 it rests on this file
    from .read import Document  # noqa: PLC0415 as above

    name = model.__name__
    hint = [Problem("is not made by hand", key=name, allowed=model.instead)]
    try:
        resolve(model, values, [Document(values)])
    except InputError as error:
        told = [replace(each, key=f"{name}.{each.key}".rstrip(".")) for each in error.problems]
        return InputError(*(hint if model.instead else []), *told)
    return InputError(Problem("cannot be made of these values", key=name))


def _number(value: object) -> object:
    """Refuse what TOML calls a number and arithmetic does not: true is not 1, "3" is not 3."""
    if is_truth(value) or isinstance(value, str):
        raise fault("has the wrong type", found=value, allowed="a number")
    number = plain_number(value)
    return value if number is None else number


def _whole(value: object) -> object:
    """Return NumPy's whole number as Python's, anything else as it is."""
    number = plain_whole(value)
    return value if number is None else number


Number = Annotated[float, BeforeValidator(_number)]
Whole = Annotated[int, Field(strict=True), BeforeValidator(_whole)]
Flag = Annotated[bool, Field(strict=True)]


def evidence_row(name: object) -> Evidence:
    """Return the row of the shipped table with the id `name`; refuse any other name."""
    table = evidence_table()
    if not isinstance(name, str) or name not in table:
        message = "is no id of the evidence table"
        raise fault(message, key=("evidence",), found=name, near=table.keys())
    return table[name]


class Cited(Strict):
    """A part of a scenario that may point at a row of the evidence table for what it says."""

    centre: ClassVar[str] = ""
    """Field that holds the row's value; nothing where a row can only be the source."""

    @model_validator(mode="before")
    @classmethod
    def _cite(cls, raw: Any, _info: ValidationInfo) -> Any:
        if not isinstance(raw, dict) or raw.get("evidence") is None:
            return raw
        row = evidence_row(raw["evidence"])
        if raw.get("source") is not None:
            return raw  # it speaks for itself, and only names the row that it is held against
        found: dict[str, Any] = {"source": row.citation, "grade": row.grade}
        if cls.centre:
            found[cls.centre] = row.value
            interval = {"low": row.low, "high": row.high, "price_year": row.price_year or None}
            found |= {key: each for key, each in interval.items() if key in cls.model_fields}
        return found | {key: value for key, value in raw.items() if value is not None}


class Quantity(Cited):
    """A number with its source, grade and, where known, its 95% interval."""

    centre: ClassVar[str] = "value"

    value: Number
    """The central value, in the unit that the parameter's name states."""
    source: str
    """Publisher, title and place; or why the value was assumed."""
    grade: Grade = "assumed"
    """What stands behind the value."""
    low: Number | None = None
    """Lower end of the 95% interval."""
    high: Number | None = None
    """Upper end of the 95% interval."""
    price_year: str | None = None
    """For money: the price year, such as `2021/22`."""
    note: str = ""
    """What a reader should know before using the value."""
    evidence: str | None = None
    """Id in the evidence table, from which what is left out here is filled."""

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        if not self.source.strip():
            raise fault("must not be empty", key=("source",), found=self.source)
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        refuse_crossed(low, high)
        if not low <= self.value <= high:
            ends = " and ".join(e for e in ("low", "high") if getattr(self, e) is not None)
            allowed = f"{_interval(low, high)}, its own {ends}"
            raise fault("is out of range", key=("value",), found=self.value, allowed=allowed)
        return self


def refuse_crossed(low: float, high: float) -> None:
    """Refuse an interval, or a range, whose low lies above its high."""
    if low > high:
        allowed = f"{high:.12g} or less, its own high"
        raise fault("low is above high", key=("low",), found=low, allowed=allowed)


@dataclass(frozen=True)
class Within:
    """Bounds of a quantity: of its value and of the ends of its interval."""

    low: float
    high: float
    whole: bool = False
    from_above: float = 0.0
    """The least value above 0, where small ones make no sense but 0 does."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, quantity: Quantity) -> Quantity:
        allowed = ("a whole number, " if self.whole else "") + _interval(self.low, self.high)
        if self.from_above:
            allowed = f"0, or {_interval(self.from_above, self.high)}"
        for name in ("value", "low", "high"):
            number = getattr(quantity, name)
            if number is None:
                continue
            too_small = number < self.low or 0 < number < self.from_above
            if too_small or number > self.high or (self.whole and number != int(number)):
                message = "is out of range" + self._slip(number)
                raise fault(message, key=(name,), found=number, allowed=allowed)
        return quantity

    def _slip(self, number: float) -> str:
        """Return what a number that is no share was probably meant to say."""
        return percent_slip(number) if (self.low, self.high) == (0.0, 1.0) else ""


def percent_slip(number: float) -> str:
    """Return what a number that is above 1, and so no share, was probably meant to say."""
    return f"; {number:g} percent is {number / 100:g}" if 2 < number <= 100 else ""


def _interval(low: float, high: float) -> str:
    if high == math.inf:
        return f"{low:.12g} or more"
    return f"{high:.12g} or less" if low == -math.inf else f"between {low:.12g} and {high:.12g}"


Probability = Annotated[Quantity, Within(0.0, 1.0)]
Ratio = Annotated[Quantity, Within(0.0, 1000.0)]
"""A multiplier of a rate; 1 changes nothing."""


SCALES = (1e-6, 1e6)
Scale = Annotated[Quantity, Within(*SCALES)]
"""A factor that is neither 0 nor without bound."""


NOT_USED = "mechanism not used"
"""Source of the values that switch a mechanism off: they say nothing about the world."""


def off(value: float) -> Quantity:
    """Return the value that switches a mechanism off, for use as a default."""
    return Quantity(value=value, source=NOT_USED, grade="definition")


class Section(Strict):
    """A table of parameters; its `source` and `grade` are those of every bare number in it."""

    @model_validator(mode="before")
    @classmethod
    def _give_sources(cls, raw: Any, _info: ValidationInfo) -> Any:
        if not isinstance(raw, dict):
            return raw
        raw = dict(raw)
        origin = {key: raw.pop(key) for key in ORIGIN_KEYS if key in raw}
        annotations = {name: field.annotation for name, field in cls.model_fields.items()}
        return {
            key: expand(annotations[key], value, origin) if key in annotations else value
            for key, value in raw.items()
        }


def origin_in(table: Mapping[str, Any], around: Mapping[str, Any]) -> dict[str, Any]:
    """Return the source and grade of what `table` holds: its own, else those around it.

    A table that names its own source, or points at evidence, takes no grade from around
    it: one study's grade says nothing about another.
    """
    own = {key: table[key] for key in ORIGIN_KEYS if key in table}
    return own if "source" in own or "evidence" in table else {**around, **own}


def plain(annotation: Any) -> Any:
    """Return the annotation without the checks that `Annotated` adds."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def choices(annotation: Any) -> tuple[Any, ...]:
    """Return the alternatives of a union, or the annotation alone."""
    annotation = plain(annotation)
    if get_origin(annotation) in (Union, UnionType):
        return tuple(each for part in get_args(annotation) for each in choices(part))
    return (annotation,)


def expand(annotation: Any, raw: Any, origin: dict[str, Any]) -> Any:
    """Give every bare number in `raw`, read as `annotation`, the source in `origin`."""
    for choice in choices(annotation):
        expanded = _expand_one(choice, raw, origin)
        if expanded is not raw:
            return expanded
    return raw


def _expand_one(choice: Any, raw: Any, origin: dict[str, Any]) -> Any:
    if get_origin(choice) is dict and isinstance(raw, dict):
        inner = origin_in(raw, origin)
        value_type = get_args(choice)[1]
        return {
            key: expand(value_type, value, inner)
            for key, value in raw.items()
            if key not in ORIGIN_KEYS
        }
    return _expand_class(choice, raw, origin) if isinstance(choice, type) else raw


def _expand_class(annotation: type, raw: Any, origin: dict[str, Any]) -> Any:
    raw = raw.item() if isinstance(raw, np.generic) else raw
    bare = isinstance(raw, int | float) and not isinstance(raw, bool)
    if issubclass(annotation, Quantity) and bare:
        return {"value": raw, **origin}
    if getattr(annotation, "constant_from_number", False) and bare:
        return {"kind": "constant", "value": raw, **origin}
    if isinstance(raw, dict) and issubclass(annotation, Strict):
        carries_source = issubclass(annotation, Section) or "source" in annotation.model_fields
        if carries_source:
            return {**raw, **origin_in(raw, origin)}
    return raw
