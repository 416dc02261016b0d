"""Parts of a scenario name services, pools and areas: every name must exist, none in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from pathsim.errors import MOST_PROBLEMS, nearest

from .faults import Fault
from .justice import MULTIPLIERS
from .lines import KeyPath

_LINKS: tuple[tuple[str, ...], ...] = (("requires_any",), ("trigger", "services"))
"""What must not go round in a circle: all at one instant."""
_NAMES: tuple[tuple[str, ...], ...] = (*_LINKS, ("trigger", "of"))
"""Where services are named."""


def broken(scenario: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong with the names in a scenario, plain data that may be invalid."""
    services, pools = _table(scenario, "services"), list(_table(scenario, "pools"))
    faults = list(islice(_unknown(services, pools), MOST_PROBLEMS))
    faults += islice(_unknown_areas(scenario, services), MOST_PROBLEMS)
    faults += _wrong_in_court(scenario, services)
    faults += [
        Fault(f"has the id of a service; '{name}' can be only one of them", ("pools", name))
        for name in pools
        if name in services
    ]
    for link in _LINKS:
        edges = {name: [to for _, to in _named(each, link)] for name, each in services.items()}
        faults += [
            Fault(f"goes round in a circle: {' -> '.join(circle)}", ("services", circle[0], *link))
            for circle in circles(edges)
        ]
    return faults


def _unknown(services: Mapping[str, Any], pools: list[str]) -> Iterator[Fault]:
    for name, service in services.items():
        for link in _NAMES:
            for position, to in _named(service, link):
                if to not in services:
                    yield _no_such("service", to, ("services", name, *link, position), services)
        pool = _at(service, ("pool",))
        if isinstance(pool, str) and pool and pool not in pools:
            yield _no_such("pool", pool, ("services", name, "pool"), pools)


def _unknown_areas(scenario: Mapping[str, Any], services: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the areas that services, multipliers and rows of people name and nothing declares."""
    areas = _table(scenario, "areas")
    link = ("eligible", "area")
    named: list[tuple[KeyPath, str]] = [
        (("services", service, *link, position), name)
        for service, each in services.items()
        for position, name in _named(each, link)
    ]
    for table in MULTIPLIERS:
        multipliers = _at(scenario, ("hazard", table))
        for place in multipliers if isinstance(multipliers, Mapping) else ():
            attribute, _, level = str(place).partition("=")
            if attribute == "area":
                named.append((("hazard", table, place), level))
    rows = _at(scenario, ("cohort", "rows"))
    for position, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
        name = _at(row, ("area",))
        if isinstance(name, str) and name:
            named.append((("cohort", "rows", position, "area"), name))
    yield from (_no_such("area", name, key, areas) for key, name in named if name not in areas)


def _wrong_in_court(scenario: Mapping[str, Any], services: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the service that the presumption goes with."""
    key = ("sentencing", "presumption", "with_service")
    name = _at(scenario, key)
    if not isinstance(name, str) or not name:
        return
    if name not in services:
        yield _no_such("service", name, key, services)
        return
    pool = _at(services[name], ("pool",))
    every = _at(scenario, ("pools", pool, "review_days"))
    every = every.get("value") if isinstance(every, Mapping) else every
    if isinstance(every, int | float) and every > 0:
        message = f"takes its places from the pool '{pool}', which gives them on review dates only"
        allowed = "a service whose places are given at once: nobody waits in a courtroom"
        yield Fault(message, key, name, allowed)


def _table(scenario: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = scenario.get(key)
    return table if isinstance(table, Mapping) else {}


def _no_such(what: str, name: str, key: KeyPath, known: Iterable[str]) -> Fault:
    hint = nearest(name, known)
    allowed = ", ".join(sorted(known)) or f"nothing: the scenario has no {what}s"
    message = f"no {what} is called '{name}'" + (f"; {hint}" if hint else "")
    return Fault(message, key, name, allowed)


def _named(service: Any, link: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    names = _at(service, link)
    if isinstance(names, list | tuple):
        yield from ((i, name) for i, name in enumerate(names) if isinstance(name, str))


def _at(table: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        table = table.get(key) if isinstance(table, Mapping) else None
    return table


def circles(edges: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Yield circles of links, each with its first name at both ends."""
    done: set[str] = set()
    for start in edges:
        yield from _walk(start, edges, [], done)


def _walk(
    node: str, edges: Mapping[str, list[str]], path: list[str], done: set[str]
) -> Iterator[list[str]]:
    if node in path:
        yield [*path[path.index(node) :], node]
    elif node not in done:
        for following in edges.get(node, []):
            yield from _walk(following, edges, [*path, node], done)
        done.add(node)
