"""Where the figures come from: enough to get them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pathsim.present.words import seconds
from pathsim.text import counted

from .breaking import with_breaks
from .tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .told import At, Told


def context(told: Told) -> dict[str, Any]:
    """Return the run's origin as a table."""
    table = Table(
        "manifest-table",
        "Enough to get the same figures again",
        ("Item", "This run"),
        list(_rows(told.run)),
        numbers=False,
    )
    return {"table": table, "version": told.run["version"], "in_doubt": told.in_doubt}


def _rows(origin: At) -> Iterator[tuple[str, str | Markup]]:
    yield "pathsim", origin["version"]
    yield "Source, SHA-256", _code(origin["source"]["sha256"])
    yield "Source, commit", _code(origin["source"]["commit"] or "no clone")
    yield "Baseline file", _code(origin["scenario"]["file"] or "made in Python")
    for file in origin["inputs"]:
        what = str(file["of"])
        yield (
            f"{what[:1].upper()}{what[1:]}, SHA-256",
            Markup("{} {}").format(_code(file["path"]), _code(file["sha256"])),
        )
    yield "All inputs, SHA-256", _code(origin["inputs_sha256"])
    yield "People", f"{origin['people']:,}"
    yield "People from", origin["people_from"] or "the scenario"
    yield "Scale of places", f"{origin['scale']:g}"
    yield from _effort(origin)
    yield "Seed", str(origin["seed"])
    yield "Engine", origin["engine"]
    yield "Workers", str(origin["workers"])
    yield "Finished", f"{origin['finished']}, after {seconds(origin['elapsed_seconds'])}"
    yield "Python, NumPy, Numba", ", ".join(origin[key] for key in ("python", "numpy", "numba"))
    yield "Machine", origin["platform"]


def _effort(origin: At) -> Iterator[tuple[str, str]]:
    """Give how much was simulated; without states of the world there are only replications."""
    if not origin["draws"]:
        yield "States of the world", "none"
        yield "Replications", f"{origin['replications']:,}"
        return
    drawn = counted(origin["doubted"], "quantity", "quantities")
    yield "States of the world", f"{origin['draws']:,}, of {drawn}"
    yield "Replications in each", f"{origin['replications_per_draw']:,}"


def _code(text: str) -> Markup:
    return Markup("<code>{}</code>").format(with_breaks(text))
