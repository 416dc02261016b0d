"""What made a chunk. Its hash is the chunk's name, so what differs in anything has another."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from pathsim.study.pilots import REPLICATIONS, STEPS

from .digest import digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from pathsim.engine.contract import Floats
    from pathsim.scenario.model import Scenario
    from pathsim.study.chunks import Work
    from pathsim.study.pilots import Pilots
    from pathsim.study.states import States
    from pathsim.study.subject import Subject

RUNS: Final = "runs"
FORMAT: Final = 1
"""Of the files in a store; another is another name."""
_MAKERS: Final = ("elementary", "scenario", "people", "engine", "study")
"""Packages whose source decides what a chunk holds."""
_BESIDE: Final = "vocabulary.py"
_KINDS: Final = (".py", ".csv", ".toml")
Recipe = dict[str, Any]


def recipe_of_runs(work: Work, replications: range) -> Recipe:
    """Return what made the runs of some replications, as plain data with hashes."""
    plan, states = work.plan, work.states
    drawn: object = None
    if states is not None:
        first, last = (each // plan.per_draw for each in (replications[0], replications[-1]))
        drawn = _drawn(states, work.subject.scenario, slice(first, last + 1))
    elif work.parameters:
        drawn = work.parameters[replications.start : replications.stop]
    return _of_subject(work, work.subject, RUNS) | {
        "seed": plan.seed,
        "engine": plan.engine,
        "replications": [replications.start, replications.stop],
        "replications_per_state": plan.per_draw if states is not None else 0,
        "states": None if drawn is None else digest(drawn),
    }


def recipe_of_pilots(pilots: Pilots, numbers: Sequence[int]) -> Recipe:
    """Return what made the rates of some pilots, as plain data with hashes."""
    of_states = [number - len(STEPS) for number in numbers if number >= len(STEPS)]
    drawn = _drawn(pilots.states, pilots.baseline.scenario, of_states)
    return _of_subject(pilots, pilots.baseline, "pilots") | {
        "seed": pilots.states.seed,
        "engine": "kernel",
        "replications": list(numbers),
        "replications_per_state": REPLICATIONS,
        "states": digest(drawn, STEPS),
    }


def name_of(made_from: Recipe) -> str:
    """Return the name of a chunk: one hash of all that made it."""
    return sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def _drawn(states: States, scenario: Scenario, some: slice | list[int]) -> list[dict[str, Floats]]:
    """Return the values drawn in some states, by their keys, in each regime."""
    return [
        {".".join(map(str, path)): values[some] for path, values in states.values(regime).items()}
        for regime in scenario.regimes
    ]


_common: WeakKeyDictionary[Work | Pilots, Recipe] = WeakKeyDictionary()


def _of_subject(owner: Work | Pilots, subject: Subject, what: str) -> Recipe:
    """Return what all chunks of a subject have in common, worked out once."""
    found = _common.get(owner)
    if found is None:
        found = _common[owner] = {
            "format": FORMAT,
            "what": what,
            "source": source(),
            "scenario": digest(subject.scenario.model_dump_json(), subject.from_day),
            "people": digest(subject.cohort.frame),
            "arrays": digest(subject.central),
        }
    return found


@cache
def source() -> str:
    """Return the SHA-256 of the source that decides what a chunk holds."""
    package = files("pathsim")
    found = sha256()
    for name, content in sorted(_sources(package)):
        found.update(f"{name}\n{sha256(content).hexdigest()}\n".encode())
    return found.hexdigest()


def _sources(package: Traversable) -> list[tuple[str, bytes]]:
    found = [(_BESIDE, (package / _BESIDE).read_bytes())]
    for maker in _MAKERS:
        found += _within(package / maker, maker)
    return found


def _within(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found = []
    for each in folder.iterdir():
        if each.is_dir():
            found += _within(each, f"{name}/{each.name}")
        elif each.name.endswith(_KINDS):
            found.append((f"{name}/{each.name}", each.read_bytes()))
    return found
