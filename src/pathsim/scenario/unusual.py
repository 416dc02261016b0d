"""Values outside their usual range: allowed, but more often a slip of the unit than meant."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, Union, get_args, get_origin

from pathsim.errors import UnusualWarning

from .explain import writer
from .lines import KeyPath
from .parameter import NOT_USED, Quantity, Strict
from .shape import is_distribution
from .units import Usual

if TYPE_CHECKING:
    from .model import Scenario
    from .read import Document

MOST_WARNINGS: Final = 10
"""Values that are told of; how many others there are is said."""


class Unusual(NamedTuple):
    """A value outside its usual range."""

    path: KeyPath
    value: float
    usual: Usual

    @property
    def message(self) -> str:
        """Return the value with its unit, where it usually lies and the likely slip."""
        slip = self.usual.if_low if self.value < self.usual.low else self.usual.if_high
        words = f"{self.value:,.12g} {self.usual.unit} is unusual; usually {self.usual.span}"
        return f"{words}; {slip}" if slip else words


def unusual(scenario: Scenario) -> list[Unusual]:
    """Return the values of a scenario, and of what holds before it, outside their usual range."""
    found = []
    for regime in (scenario, scenario.before):
        if regime is not None:
            found += [
                each
                for each in _walk(regime, type(regime), (), ())
                if each.usual.score in ("", regime.hazard.score)
            ]
    return list(dict.fromkeys(found))


def warn_of(found: Sequence[Unusual], documents: Sequence[Document], *, stacklevel: int) -> None:
    """Warn of each value, with the file and line that says it."""
    for each in found[:MOST_WARNINGS]:
        document, path = writer(documents, each.path)
        warnings.warn(
            str(document.problem(each.message, path)), UnusualWarning, stacklevel=stacklevel + 1
        )
    more = len(found) - MOST_WARNINGS
    if more > 0:
        warnings.warn(
            f"and {more:,} more values outside their usual range",
            UnusualWarning,
            stacklevel=stacklevel + 1,
        )


def _walk(value: Any, annotation: Any, notes: tuple[Any, ...], path: KeyPath) -> Iterator[Unusual]:
    """Go through a value as its type says, with the notes beside the type."""
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        notes = (*notes, *more)
    if isinstance(value, Quantity | float) or is_distribution(type(value)):
        yield from _checked(value, _notes_of(annotation, notes), path)
    for key, each, inner, beside in _parts(value, annotation):
        yield from _walk(each, inner, beside, (*path, key))


def _parts(value: Any, annotation: Any) -> Iterator[tuple[str | int, Any, Any, tuple[Any, ...]]]:
    """Give what is in a table or array: key, value, its type and the notes beside it."""
    if isinstance(value, Mapping):
        yield from ((key, each, get_args(annotation)[1], ()) for key, each in value.items())
    elif isinstance(value, tuple):
        yield from ((place, each, get_args(annotation)[0], ()) for place, each in enumerate(value))
    elif isinstance(value, Strict) and not isinstance(value, Quantity):
        for name, field in type(value).model_fields.items():
            if name != "before":
                yield name, getattr(value, name), field.annotation, (*field.metadata,)


def _notes_of(annotation: Any, notes: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the notes beside a type, also beside the alternatives of a union."""
    if get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            if get_origin(each) is Annotated:
                notes = (*notes, *_notes_of(get_args(each)[0], get_args(each)[1:]))
    return notes


def _checked(part: Any, notes: tuple[Any, ...], path: KeyPath) -> Iterator[Unusual]:
    if isinstance(part, float):
        number = part
    elif part.source == NOT_USED:
        return
    else:
        number = part.value if isinstance(part, Quantity) else part.expected()
    if number not in (0.0, math.inf):
        for usual in notes:
            if isinstance(usual, Usual) and not usual.low <= number <= usual.high:
                yield Unusual(path, number, usual)
