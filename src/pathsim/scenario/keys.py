"""The dotted keys of a scenario, for `change`: as a list, and as a path that Tab completes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from pydantic import BaseModel

from pathsim.errors import InputError, Problem, nearest

from .annotations import is_distribution
from .frozen import FrozenTable
from .parameter import Quantity

if TYPE_CHECKING:
    from .model import Scenario

_LISTED = 8
"""Names shown of those that there are."""
Value = TypeVar("Value")
_FIXED = ("schema_version", "before", "from_day")
"""Of a scenario, what `change` sets by other means or not at all."""


class Named(FrozenTable[str, Value]):
    """A dictionary that names the nearest key where one is unknown."""

    def __missing__(self, name: object) -> NoReturn:
        """Raise UnknownNameError."""
        raise UnknownNameError(_unknown(str(name), self))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)


class UnknownNameError(InputError, KeyError):
    """A name that a scenario does not have: bad input, and a KeyError as of any dictionary."""

    __str__ = Exception.__str__


class Key:
    """A place in a scenario. Its attributes are the keys within; `change` takes it as a key.

    Examples
    --------
    >>> key = baseline.key
    >>> baseline.change("More tags", {key.services.gps_tag.capacity: 36})
    """

    def __init__(self, at: object, path: str = "") -> None:
        # Plain attributes, not __getattr__: shells complete along what cannot run code.
        self._path = path
        for name, each in _inside(at).items():
            vars(self)[name] = Key(each, f"{path}.{name}" if path else name)

    def __getitem__(self, name: str) -> Any:
        """Return the key within, also where its name is no Python name."""
        known = {key: vars(self)[key] for key in self}
        if name not in known:
            raise UnknownNameError(_unknown(str(name), known, key=self._path))
        return known[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in vars(self) if name != "_path")

    def __dir__(self) -> list[str]:
        return sorted(self)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Key: ...

    def __str__(self) -> str:
        return self._path

    def __repr__(self) -> str:
        return f"<Key {self._path!r}>"

    def __hash__(self) -> int:
        return hash(self._path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other._path == self._path


def all_keys(scenario: Scenario) -> Iterator[str]:
    """Give the dotted key of everything that an option can change, in the order of the model."""
    yield from _leaves(scenario, "")


def _leaves(at: object, path: str) -> Iterator[str]:
    inside = _inside(at)
    for name, each in inside.items():
        yield from _leaves(each, f"{path}.{name}" if path else name)
    if not inside and path:
        yield path


def _inside(at: Any) -> Mapping[str, Any]:
    if isinstance(at, Quantity) or is_distribution(type(at)):
        return {}
    if isinstance(at, BaseModel):
        return {key: value for key, value in at if key not in _FIXED}
    return at if isinstance(at, Mapping) else {}


def _unknown(name: str, known: Mapping[str, Any], *, key: str = "") -> Problem:
    hint = nearest(name, known)
    message = "is not a name here" + (f"; {hint}" if hint else "")
    allowed = ", ".join([*known][:_LISTED]) + (", …" if len(known) > _LISTED else "")
    return Problem(message, key=key, found=name, allowed=allowed)
