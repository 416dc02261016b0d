"""Values outside their usual range: allowed, but more often a slip of the unit than meant."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Union, get_args, get_origin

from pathsim.errors import UnusualWarning
from pathsim.text import counted

from .annotations import is_distribution, is_number
from .changes import in_words
from .explain import writer
from .lines import KeyPath
from .parameter import NOT_USED, Quantity, Strict
from .units import Usual

if TYPE_CHECKING:
    from .model import Scenario
    from .read import Document

MOST_WARNINGS: Final = 10
"""Values that are told of; how many others there are is said."""
_MEANS: Final = ("value", "mean")
"""Keys of a distribution that say its mean."""


@dataclass(frozen=True)
class Unusual:
    """A value outside its usual range."""

    path: KeyPath
    value: float
    usual: Usual
    mean_of: str = ""
    """The distribution of which the value is the mean, where no file says the mean itself."""
    early: bool = field(default=False, compare=False)
    """Whether it holds only until the day of a dated option."""

    @property
    def message(self) -> str:
        """Return the value with its unit, where it usually lies and the likely slip."""
        slip = self.usual.slip(self.value)
        if self.mean_of:
            said = f"{self.mean_of} has a mean of {self.value:,.6g} {self.usual.unit}, which is"
        else:
            said = f"{self.value:,.12g} {self.usual.unit_of(self.value)} is"
        words = f"{said} unusual"
        if not self.usual.low <= self.value <= self.usual.high:
            words += f"; usually {self.usual.span}"
        return f"{words}; {slip}" if slip else words


def unusual(scenario: Scenario) -> list[Unusual]:
    """Return the values of a scenario, and of what holds before it, outside their usual range."""
    found = []
    for regime in reversed(scenario.regimes):
        found += [
            replace(each, early=regime is not scenario)
            for each in _walk(regime, type(regime), (), ())
            if each.usual.score in ("", regime.hazard.score)
        ]
    return list(dict.fromkeys(found))


def unusual_number(annotation: Any, number: float, path: KeyPath) -> list[Unusual]:
    """Return in what a number given as `annotation` is unusual."""
    return list(_walk(number, annotation, (), path))


def warn_of(found: Sequence[Unusual], documents: Sequence[Document], *, stacklevel: int) -> None:
    """Warn of each value, with the file and line that says it."""
    for each in found[:MOST_WARNINGS]:
        # What held before a dated option was not said by it.
        said = [one for one in documents if not (each.early and "from_day" in one.raw)]
        if not any(one.wrote(each.path) for one in said):
            said = list(documents)
        document, path = writer(said, each.path)
        warnings.warn(
            str(document.problem(each.message, path)), UnusualWarning, stacklevel=stacklevel + 1
        )
    more = len(found) - MOST_WARNINGS
    if more > 0:
        whose = "its" if more == 1 else "their"
        warnings.warn(
            f"and {counted(more, 'more value')} outside {whose} usual range",
            UnusualWarning,
            stacklevel=stacklevel + 1,
        )


def _walk(value: Any, annotation: Any, notes: tuple[Any, ...], path: KeyPath) -> Iterator[Unusual]:
    """Go through a value as its type says, with the notes beside the type."""
    while (more := getattr(annotation, "__metadata__", None)) is not None:
        annotation, notes = annotation.__origin__, (*notes, *more)
    if is_number(value) or isinstance(value, Quantity) or is_distribution(type(value)):
        ranges = [each for each in _notes_of(annotation, notes) if isinstance(each, Usual)]
        yield from _checked(value, ranges, path)
    for key, each, inner, beside in _parts(value, annotation):
        yield from _walk(each, inner, beside, (*path, key))


def _parts(value: Any, annotation: Any) -> Iterator[tuple[str | int, Any, Any, tuple[Any, ...]]]:
    """Give what is in a table or array: key, value, its type and the notes beside it."""
    if isinstance(value, Mapping):
        yield from ((key, each, get_args(annotation)[1], ()) for key, each in value.items())
    elif isinstance(value, tuple):
        yield from ((place, each, get_args(annotation)[0], ()) for place, each in enumerate(value))
    elif isinstance(value, Strict) and not isinstance(value, Quantity):
        for name, kind, notes in _fields(type(value)):
            yield name, getattr(value, name), kind, notes


@cache
def _fields(kind: type[Strict]) -> tuple[tuple[str, Any, tuple[Any, ...]], ...]:
    """Return the name, type and notes of each field of a table, but for what held before."""
    return tuple(
        (name, each.annotation, (*each.metadata,))
        for name, each in kind.model_fields.items()
        if name != "before"
    )


def _notes_of(annotation: Any, notes: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the notes beside a type, also beside the alternatives of a union."""
    if get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            if get_origin(each) is Annotated:
                notes = (*notes, *_notes_of(get_args(each)[0], get_args(each)[1:]))
    return notes


def _checked(part: Any, ranges: Sequence[Usual], path: KeyPath) -> Iterator[Unusual]:
    if is_number(part):
        yield from _outside(part, ranges, path)
    elif part.source == NOT_USED:
        return
    elif not isinstance(part, Quantity):
        words = "" if part.centre in _MEANS else str(in_words(part))
        yield from _outside(part.expected(), ranges, path, mean_of=words)
    elif found := list(_outside(part.value, ranges, path)):
        yield from found
    else:
        for end in ("low", "high"):
            yield from _outside(getattr(part, end) or 0.0, ranges, (*path, end))


def _outside(
    number: float, ranges: Sequence[Usual], path: KeyPath, *, mean_of: str = ""
) -> Iterator[Unusual]:
    for usual in ranges:
        if usual.below and not set(usual.below) & set(path):
            continue
        if usual.slip(number, written=not mean_of) is not None:
            yield Unusual(path, number, usual, mean_of)
            if usual.below:
                return  # what is unusual here need not be said again by the wider range
