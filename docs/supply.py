"""What is installed, with versions and licences, and what core and extras need of it.

`make licences` writes `build/licences.csv` with it, and a bill of materials beside it.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path
from typing import Final, NamedTuple

from packaging.requirements import Requirement

OURS: Final = "offender-pathsim"
PERMISSIVE, WEAK, COPYLEFT, UNKNOWN = "permissive", "weak copyleft", "copyleft", "unknown"
_ORDER: Final = (PERMISSIVE, WEAK, COPYLEFT, UNKNOWN)
"""From what asks least to what asks most."""
_KINDS: Final = (
    (COPYLEFT, r"agpl|(?<!l)gpl|gnu general|affero|eupl|sspl|cc-by-sa"),
    (WEAK, r"lgpl|lesser general|mpl|mozilla|epl|cddl"),
    (PERMISSIVE, r"mit\b|bsd|apache|isc\b|psf|python software|zlib|cc0|unlicense|public domain"),
)
_LONGEST: Final = 60


class Installed(NamedTuple):
    """A distribution that is installed."""

    name: str
    version: str
    licence: str
    kind: str
    """What its licence asks of who passes it on, the strictest reading of it."""
    needed_by: str
    """`core`, `extras`, or `development`."""


def licence_of(found: Distribution) -> str:
    """Return what the metadata say of the licence, in short; empty if nothing."""
    told = found.metadata
    expression = told.get("License-Expression")
    if expression:
        return str(expression)
    listed = [
        each.rpartition("::")[2].strip()
        for each in told.get_all("Classifier", [])
        if each.startswith("License ::") and not each.endswith("OSI Approved")
    ]
    if listed:
        return " AND ".join(listed)
    text = str(told.get("License") or "").strip()
    first = text.partition("\n")[0]
    return "" if first.upper() in ("", "UNKNOWN", "LICENSE") else first[:_LONGEST]


def kind_of(licence: str) -> str:
    """Return what a licence asks, the strictest of all that hold, the mildest of a choice."""
    all_of = re.split(r"\s+AND\s+|,(?!\s*[Vv]ersion\b)", licence.strip("()"))
    return max((_choice(each) for each in all_of), key=_ORDER.index)


def _choice(licence: str) -> str:
    return min((_single(each) for each in re.split(r"\s+OR\s+", licence)), key=_ORDER.index)


def _single(licence: str) -> str:
    plain = licence.lower()
    return next((kind for kind, words in _KINDS if re.search(words, plain)), UNKNOWN)


def needed(name: str = OURS, *extras: str) -> set[str]:
    """Return the plain names of what an install needs, with all that this needs in turn."""
    found: set[str] = set()
    todo = [(name, frozenset(extras))]
    done: set[tuple[str, frozenset[str]]] = set()
    while todo:
        one = todo.pop()
        if one in done:
            continue
        done.add(one)
        try:
            requires = distribution(one[0]).requires or ()
        except PackageNotFoundError:
            continue  # for another system, or not installed here
        found.add(plain(one[0]))
        for each in map(Requirement, requires):
            given = ("", *sorted(one[1]))
            if each.marker is None or any(each.marker.evaluate({"extra": e}) for e in given):
                todo.append((plain(each.name), frozenset(each.extras)))
    return found - {plain(OURS)}


def plain(name: str) -> str:
    """Return the name of a distribution as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> list[Installed]:
    """Return every distribution of this environment, by name."""
    core, extras = needed(), needed(OURS, "all")
    found = {}
    for each in distributions():
        name = plain(each.metadata["Name"])
        by = "core" if name in core else "extras" if name in extras else "development"
        licence = licence_of(each)
        found[name] = Installed(name, each.version, licence, kind_of(licence), by)
    return [found[name] for name in sorted(found) if name != plain(OURS)]


def main() -> None:
    """Write the list and print how many there are of each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/licences.csv"))
    out = parser.parse_args().out
    found = installed()
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(Installed._fields)
        writer.writerows(found)
    for by in ("core", "extras", "development"):
        mine = [each for each in found if each.needed_by == by]
        said = [f"{sum(each.kind == kind for each in mine)} {kind}" for kind in _ORDER]
        sys.stdout.write(f"{by}: {len(mine)} distributions: {', '.join(said)}\n")
    for each in found:
        if each.kind != PERMISSIVE:
            licence = each.licence or "nothing said"
            sys.stdout.write(f"  {each.needed_by}: {each.name} {each.version}: {licence}\n")


if __name__ == "__main__":
    main()
