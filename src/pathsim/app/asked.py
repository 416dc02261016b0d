"""What an address asks for, as scenarios, or what of it is refused and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import tomli_w

from pathsim.errors import InputError, Problem
from pathsim.outcomes.provenance import Request
from pathsim.outcomes.unlike import refuse_unlike
from pathsim.scenario.options import document_of
from pathsim.scenario.unusual import unusual
from pathsim.text import in_toml

from .address import number
from .heard import unheard
from .levers import SHARED, levers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pathsim.scenario.model import Scenario

    from .address import Address
    from .catalogue import Catalogue
    from .levers import Lever

TITLES: Final = ("Your option", "The option kept beside it")
_REMEMBERED: Final = 32
"""Addresses whose scenarios are kept."""


@dataclass(frozen=True)
class Wanted:
    """What is to be simulated."""

    baseline: Scenario
    options: tuple[Scenario, ...]
    people: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an address comes to."""

    address: Address
    levers: tuple[Lever, ...]
    wanted: Wanted | None
    """None: something is refused, or nothing is moved."""
    problems: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with the value of a lever, by its key."""
    others: tuple[str, ...] = ()
    """What else is wrong."""
    cautions: Mapping[str, str] = field(default_factory=dict)
    """What is unusual about the value of a lever, by its key."""

    @property
    def refused(self) -> bool:
        """Return whether anything is."""
        return bool(self.problems or self.others)


class Desk:
    """Turns addresses into scenarios of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Begin; the scenarios of the last addresses are remembered."""
        self.catalogue = catalogue
        self.levers = lru_cache(_REMEMBERED)(self._levers)
        self.option = lru_cache(_REMEMBERED)(self._option)

    def asked(self, address: Address) -> Asked:
        """Return what an address asks for; nothing is raised for a wrong value."""
        try:
            levers = self.levers(address.start)
        except InputError as error:
            return Asked(
                address=replace(address, start=""),
                levers=self.levers(""),
                wanted=None,
                others=tuple(_words(each) for each in error.problems),
            )
        address = self.tidied(address)
        try:
            wanted = self._wanted(address)
        except InputError as error:
            return self._refused(address, levers, error.problems)
        cautions = self._cautions(address, levers) if wanted else {}
        return Asked(address=address, levers=levers, wanted=wanted, cautions=cautions)

    def tidied(self, address: Address) -> Address:
        """Return an address without the levers that are not moved."""
        own = {each.key: each.own for each in self.levers(address.start)}
        if address.was != address.start and address.was in ("", *self.catalogue.options):
            # The fields of the page before have the values of another start.
            address = address.without({each.key: each.own for each in self.levers(address.was)})
        return address.without(own)

    def baseline(self, address: Address) -> Scenario:
        """Return the baseline, with what is moved of who is followed. Raises InputError."""
        shared = _shared(address)
        if not shared:
            return self.catalogue.baseline
        title = f"{self.catalogue.baseline.title}, with other people"
        with unheard():
            return self.catalogue.baseline.change(title, shared)

    def files(self, address: Address) -> dict[str, str]:
        """Return the scenario files that say the same, by name, the baseline's first if it moves.

        Raises InputError.
        """
        shared, found = _shared(address), {}
        if shared:
            title = self.baseline(address).title
            found["baseline.toml"] = _file(title, self.catalogue.offered("").extends, shared)
        for name, each in self._options(address).items():
            moved = _moved(each)
            found[f"{name}.toml"] = _file(
                self._titled(address, name),
                self.catalogue.offered(each.start).extends,
                shared | moved,
            )
        return found

    def _options(self, address: Address) -> dict[str, Address]:
        """Return the options by the names of their files: the one on the page, and the one kept."""
        found = {}
        if address.levers or address.start:
            found["option"] = address
        if address.saved is not None:
            # Who is followed is one thing for all.
            shared = tuple(each for each in address.levers if each[0].startswith(SHARED))
            own = tuple(e for e in address.saved.levers if not e[0].startswith(SHARED))
            found["kept"] = replace(self.tidied(address.saved), levers=(*shared, *own))
        return found

    def _titled(self, address: Address, name: str) -> str:
        options = self._options(address)
        titles = {"option": self._title(address, TITLES[0])}
        titles["kept"] = self._title(address.saved or address, TITLES[1])
        if name == "kept" and "option" in options and titles["kept"] == titles["option"]:
            return f"{titles['kept']} (kept)"
        return titles[name]

    def _title(self, address: Address, otherwise: str) -> str:
        """Return what an option is called: as it was named, or by what it began with."""
        if address.title or not address.start:
            return address.title or otherwise
        title = self.catalogue.offered(address.start).title
        return f"{title}, moved on" if address.levers else title

    def _wanted(self, address: Address) -> Wanted | None:
        baseline = self.baseline(address)
        options = [
            self.option(each.start, self._titled(address, name), each.levers)
            for name, each in self._options(address).items()
        ]
        if not options:
            return None
        both = (baseline, *options)
        refuse_unlike([Request(each.title, None, each) for each in both])
        return Wanted(baseline, tuple(options), address.people)

    def _option(self, start: str, title: str, levers: tuple[tuple[str, str], ...]) -> Scenario:
        scenario = self.catalogue.scenario(start)
        with unheard():
            return scenario.change(title, {key: number(each) for key, each in levers})

    def _levers(self, start: str) -> tuple[Lever, ...]:
        scenario, catalogue = self.catalogue.scenario(start), self.catalogue
        return levers_of(scenario, catalogue.baseline, asked_for=catalogue.changed)

    def _refused(
        self, address: Address, levers: tuple[Lever, ...], found: Iterable[Problem]
    ) -> Asked:
        problems: dict[str, str] = {}
        others = []
        keys = {key for key, _ in address.levers}
        known = {each.key for each in levers}
        for each in found:
            key = next((k for k in keys & known if f"{each.key}.".startswith(f"{k}.")), "")
            if key:
                problems[key] = _words(replace(each, key=""))
            else:
                others.append(_words(each))
        return Asked(
            address=address,
            levers=levers,
            wanted=None,
            problems=problems,
            others=tuple(dict.fromkeys(others)),
        )

    def _cautions(self, address: Address, levers: Iterable[Lever]) -> dict[str, str]:
        option = self.option(address.start, self._titled(address, "option"), address.levers)
        said = {".".join(map(str, each.path)): each.message for each in unusual(option)}
        moved = dict(address.levers)
        return {each.key: said[each.key] for each in levers if each.key in {*moved} & {*said}}


def _shared(address: Address) -> dict[str, Any]:
    return {key: number(each) for key, each in address.levers if key.startswith(SHARED)}


def _moved(address: Address) -> dict[str, Any]:
    return {key: number(each) for key, each in address.levers}


def _file(title: str, extends: str, overrides: Mapping[str, Any]) -> str:
    """Return an option file that says the same as a change."""
    raw = document_of(title, overrides).raw
    return in_toml(tomli_w.dumps({"extends": extends, **raw}, multiline_strings=False))


def _words(problem: Problem) -> str:
    """Return a problem without the file, which is the page."""
    return str(replace(problem, file=None, line=None))
