"""A field of the kernel's memory that nobody sets is found: workspaces are not zeroed."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import pathsim.engine.kernels.workspace as memory
from generated import generated
from pathsim.engine import run
from pathsim.engine.kernels import engine as kernel
from pathsim.engine.kernels.model import OFFER, PLACES, REGIME, STEP
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.model import Scenario
from rich_scenario import RICH

KERNELS = Path(kernel.__file__).parent
RECORDS = {name: each for name, each in vars(memory).items() if isinstance(each, np.dtype)}
READ_ONLY = {"REGIME": REGIME, "OFFER": OFFER, "PLACES": PLACES, "STEP": STEP}
LEFT_OVER = (0xFF, 0x7F, 0x01)
"""Bytes of which floats are no number, huge or tiny, and codes negative, huge or out of range."""
SCENARIOS = {
    "every mechanism": lambda: Scenario.model_validate(RICH),
    **{f"generated {seed}": lambda seed=seed: generated(seed) for seed in (3, 7, 19, 42)},
    "members for longer than counted": lambda: generated(57),
}


def written_to() -> set[str]:
    """Return every field that a kernel assigns, or adds a row of numbers to."""
    found = set()
    for path in KERNELS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AugAssign):
                targets = [node.target]
            for target in targets:
                inner = target.value if isinstance(target, ast.Subscript) else target
                if isinstance(inner, ast.Attribute):
                    found.add(inner.attr)
    return found


def read_from() -> set[str]:
    """Return every field that a kernel names."""
    found = set()
    for path in KERNELS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_the_records_are_those_of_the_workspace():
    named = "PERSON SPELL INDEX_CLOCK CASE POOL ENTRY HEAPED CLOCK ROW DAYS"
    assert set(named.split()) == set(RECORDS)


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_is_set_by_a_kernel(record):
    assert set(RECORDS[record].names) <= written_to()


@pytest.mark.parametrize("record", READ_ONLY)
def test_every_field_of_the_model_is_read_by_a_kernel(record):
    assert set(READ_ONLY[record].names) <= read_from()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_the_last_replication_left_in_memory_changes_no_bit(scenario):
    made = SCENARIOS[scenario]()
    lowered = lower(made, Cohort.from_scenario(made))
    clean = bits(simulate(lowered, seed=5, replication=2, keep_log=True))
    for byte in LEFT_OVER:
        spoil(byte)
        assert bits(simulate(lowered, seed=5, replication=2, keep_log=True)) == clean


def spoil(byte: int) -> None:
    """Fill all memory of this thread's workspace."""
    for array in run._mine.work:
        if array.size:
            array.view(np.uint8)[...] = byte


def bits(found) -> list[bytes]:
    counts, log = found
    return [np.asarray(each).tobytes() for each in (*counts, *log)]
