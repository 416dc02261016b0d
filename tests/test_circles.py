"""Modules import in no circle, annotations included, but through a few that are named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
HUBS = {
    "pathsim.scenario.parameter": "words a refusal as a file would get it, when one is made",
    "pathsim.scenario.model": "its methods say what others do, who take a Scenario",
    "pathsim.engine.reference.person": "is put together of parts that each have the person",
    "pathsim.engine.reference.pools": "belong to the world, which makes them",
    "pathsim.engine.reference.spell": "knows whose it is and the pool of its place",
}
"""Through which a circle goes, and why."""


def name_of(file: Path) -> str:
    parts = file.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(file): file for file in sorted(SOURCE.rglob("*.py"))}


def imported(file: Path) -> Iterator[str]:
    """Yield all modules that a file imports, at its top, in functions and for annotations."""
    around = list(file.relative_to(SOURCE).parent.parts)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = around[: len(around) + 1 - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for each in node.names:
                inside = f"{module}.{each.name}"
                yield inside if inside in FILES else module


GRAPH = {name: set(imported(file)) & FILES.keys() - {name} for name, file in FILES.items()}


def circle(without: set[str]) -> list[str]:
    """Return a circle of modules, if there is one among those that are not left out."""
    try:
        TopologicalSorter(
            {name: others - without for name, others in GRAPH.items() if name not in without}
        ).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_circle_of_imports_but_through_the_hubs():
    assert len(GRAPH) > 200
    assert GRAPH["pathsim.outcomes.verbs"] > {"pathsim.outcomes.results", "pathsim.study.run"}
    assert circle(set(HUBS)) == []


@pytest.mark.parametrize("hub", HUBS)
def test_each_hub_is_still_one(hub):
    assert hub in circle(HUBS.keys() - {hub})
