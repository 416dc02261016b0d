"""The address of a page is the scenario: what was moved, by dotted key, and a few words beside."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_LEVERS: Final = 2000
_LONGEST: Final = 200
"""Characters of a value."""
_LONGEST_SAVED: Final = 20_000
"""Characters of a saved option, which is an address itself."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """What an address says."""

    levers: tuple[tuple[str, str], ...] = ()
    """Dotted keys with their values as they were typed, in their order."""
    start: str = ""
    """The scenario that the levers are moved from; empty: the baseline."""
    was: str = ""
    """The start that the page of the form had."""
    title: str = ""
    b: str = ""
    """The address of an option that is kept beside this one."""
    budget: str = ""
    """Pounds a year, as typed."""
    find: str = ""
    """Words that levers are searched for."""
    people: str = ""
    """The mark of uploaded people; empty: the scenario's own."""

    def query(self, **changes: object) -> str:
        """Return it as the query of an address, with some parts other than here."""
        changed = replace(self, **changes)  # type: ignore[arg-type] # checked by the class
        said = [(name, getattr(changed, name)) for name in WORDS if name != "was"]
        return urlencode([*((key, each) for key, each in said if each), *changed.levers])

    @property
    def saved(self) -> Address | None:
        """The option that is kept beside this one."""
        return read(parse_qsl(self.b, keep_blank_values=True)) if self.b else None

    def as_saved(self) -> str:
        """Return what another address keeps of this one: the option alone."""
        return self.query(b="", budget="", find="", people="", was="")

    def moved(self, key: str, value: str) -> str:
        """Return the query with one lever moved."""
        return self.query(levers=tuple({**dict(self.levers), key: value}.items()))

    def swapped(self) -> str:
        """Return the query with the kept option on the page, and this one kept."""
        saved = self.saved or Address()
        return saved.query(
            b=self.as_saved(), budget=self.budget, find=self.find, people=self.people
        )

    def without(self, own: Mapping[str, str]) -> Address:
        """Return it without levers that stand at their own value, or at none."""
        moved = tuple(
            (key, each)
            for key, each in self.levers
            if each and not (key in own and is_same(each, own[key]))
        )
        return replace(self, levers=moved, was="")


WORDS: Final = tuple(each.name for each in fields(Address) if each.name != "levers")


def read(items: Iterable[tuple[str, str]]) -> Address:
    """Return the address that a query says. Raises InputError for one that is too long."""
    words: dict[str, str] = {}
    levers: dict[str, str] = {}
    for key, value in items:
        limit = _LONGEST_SAVED if key == "b" else _LONGEST
        if len(value) > limit or len(key) > _LONGEST:
            allowed = f"at most {limit:,} characters"
            raise InputError(Problem("is too long", key=key, found=value, allowed=allowed))
        if key in WORDS:
            words[key] = value.strip()
        elif "." in key:
            levers[key] = value.strip()
        elif key not in _OF_REQUESTS:
            allowed = f"a dotted key of the scenario, or {', '.join(WORDS)}"
            raise InputError(Problem("is nothing that an address says", key=key, allowed=allowed))
    if len(levers) > MOST_LEVERS:
        allowed = f"at most {MOST_LEVERS:,}"
        raise InputError(Problem("has too many levers", found=len(levers), allowed=allowed))
    return Address(levers=tuple(levers.items()), **words)


_OF_REQUESTS: Final = ("draws", "have")
"""Of a request for a part of a page, not of what it shows."""


def number(text: str) -> float | int | str:
    """Return what was typed as a number; as it is where it is none."""
    plain = text.replace(",", "").removeprefix("£").strip()
    for kind in (int, float):
        try:
            return kind(plain)
        except ValueError:
            continue
    return text


def is_same(one: str, other: str) -> bool:
    """Return whether two values say the same number, or the same text."""
    return one == other or number(one) == number(other)
