"""Tables of a scenario that cannot be changed in place: another scenario comes from `change`."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from pathsim.errors import InputError, Problem

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class FrozenTable(dict[_Key, _Value]):
    """A dictionary that refuses to be changed."""

    def _refuse(self, *given: object, **_: object) -> NoReturn:
        key = str(given[0]) if given and isinstance(given[0], str | int) else ""
        allowed = "scenario.change(title, {key: value}), which returns another scenario"
        raise InputError(Problem("cannot be set", key=key, allowed=allowed))

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override] # a dictionary has none
        """Return a hash that equal tables share, in whatever order their keys are."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenTable[_Key, _Value]], tuple[dict[_Key, _Value]]]:
        """Return how to make it anew: item by item it could not be."""
        return type(self), (dict(self),)

    def __copy__(self) -> FrozenTable[_Key, _Value]:
        """Return itself."""
        return self


def frozen(value: Any) -> Any:
    """Return a value whose tables, and those within them, refuse to be changed."""
    if not isinstance(value, dict):
        return tuple(map(frozen, value)) if isinstance(value, list) else value
    inside = {key: frozen(each) for key, each in value.items()}
    if isinstance(value, FrozenTable):
        same = all(inside[key] is each for key, each in value.items())
        return value if same else type(value)(inside)
    return FrozenTable(inside)
