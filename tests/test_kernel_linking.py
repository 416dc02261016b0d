"""Helpers are compiled inside their kernels only, and nothing else changes by it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numba import types
from numba.core import compiler

import pathsim as ps
from pathsim.engine.kernels import linking
from pathsim.engine.kernels.helpers import NEEDLESS, all_called
from pathsim.engine.kernels.jit import inline_helper, kernel
from pathsim.engine.kernels.kept import code_of
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort

CODE = 3
M2 = Path(__file__).parents[1] / "benchmarks" / "scenarios" / "m2.toml"


class Library(SimpleNamespace):
    """What is told apart by what it is, not by what it holds."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


ANOTHER_NUMBA = """
import logging
logging.basicConfig(level=logging.INFO)
import sys
import numba
numba.version_info = numba.version_info._replace(short=(99, 0))
import pathsim as ps
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
assert "pathsim.engine.kernels.linking" not in sys.modules
scenario = ps.load(sys.argv[1])
counts, _ = simulate(lower(scenario, Cohort.from_scenario(scenario)), seed=1, replication=0)
print(*(part.tobytes().hex() for part in counts[:-1]))
"""


@inline_helper
def half(x: int) -> float:
    return x / 2


@inline_helper
def quarter(x: int) -> float:
    return half(x) / 2


@inline_helper
def whole(x: int) -> float:
    return x


@kernel
def quarters(numbers: np.ndarray, narrow: np.ndarray) -> float:
    parts = quarter(numbers[0]) + quarter(narrow[0]) + quarter(CODE) + quarter(5)
    return parts + whole(numbers[0]) + whole(narrow[0]) + whole(CODE) + whole(5)


def test_a_kernel_takes_in_the_helpers_of_its_helpers():
    assert quarters(np.array([1]), np.array([2], np.int32)) == (1 + 2 + 3 + 5) * 1.25


def test_a_helper_has_one_signature_for_all_integers():
    quarters(np.array([1]), np.array([2], np.int32))
    quarters.recompile()
    assert whole.lowered.signatures == [(types.int64,)]


def test_python_calls_a_helper_as_a_kernel_of_its_own():
    assert quarter(7) == 1.75
    assert quarter(7) == 1.75
    assert quarter(7.5) == 1.875
    assert quarter(np.int32(8)) == 2.0


def test_a_helper_makes_no_machine_code():
    quarters(np.array([1]), np.array([2], np.int32))
    quarters.recompile()
    compiled = next(iter(half.lowered.overloads.values()))
    assert isinstance(code_of(compiled), linking._Library)
    assert code_of(compiled).get_pointer_to_function(compiled.fndesc.llvm_func_name) == 0


def test_libraries_that_are_called_by_several_ways_are_reached_once():
    shared = Library(called=[])
    first, second = Library(called=[shared]), Library(called=[shared])
    foreign = Library()
    reached = all_called([first, second, foreign, first])
    assert [id(each) for each in reached] == [id(each) for each in (first, second, foreign, shared)]


def test_every_step_that_is_left_out_is_one_that_numba_has():
    state = SimpleNamespace(func_ir=None, flags=compiler.Flags())
    steps = compiler.DefaultPassBuilder.define_nopython_pipeline(state).passes
    assert {step[0].name() for step in steps} > NEEDLESS


def test_another_numba_does_without_linking_and_gives_the_same_bits():
    scenario = ps.load(M2)
    linked, _ = simulate(lower(scenario, Cohort.from_scenario(scenario)), seed=1, replication=0)
    done = subprocess.run(
        [sys.executable, "-c", ANOTHER_NUMBA, str(M2)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [part.tobytes().hex() for part in linked[:-1]]
    told, compiling = done.stderr.splitlines()
    assert re.fullmatch(r"WARNING:pathsim.engine:numba .* was not tested: .*", told)
    assert "for this process" in compiling
