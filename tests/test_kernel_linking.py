"""Helpers are compiled inside their kernels only, and nothing else changes by it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import types

from pathsim.engine.kernels import linking
from pathsim.engine.kernels.jit import inlined, kernel
from pathsim.errors import EngineError

CODE = 3
M2 = Path(__file__).parents[1] / "benchmarks" / "scenarios" / "m2.toml"
ANSWER = """
import sys
if sys.argv[2] == "plain":
    sys.modules["pathsim.engine.kernels.linking"] = None
import pathsim as ps
from pathsim.engine.kernels import jit
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
assert (jit.linking is None) == (sys.argv[2] == "plain")
scenario = ps.load(sys.argv[1])
counts, _ = simulate(lower(scenario, Cohort.from_scenario(scenario)), seed=1, replication=0)
print([part.tobytes().hex() for part in counts[:-1]], counts.events)
"""


@inlined
def half(x: int) -> float:
    return x / 2


@inlined
def quarter(x: int) -> float:
    return half(x) / 2


@inlined
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
    assert whole.signatures == [(types.int64,)]


def test_python_calls_a_helper_as_a_kernel_of_its_own():
    assert quarter(7) == 1.75
    assert quarter(7) == 1.75
    assert quarter(7.5) == 1.875
    assert quarter(np.int32(8)) == 2.0


def test_a_helper_makes_no_machine_code():
    half(2)
    compiled = next(iter(half.overloads.values()))
    code = compiled._asdict()["library"]
    assert isinstance(code, linking._HelperLibrary)
    assert code.get_pointer_to_function(compiled.fndesc.llvm_func_name) == 0


def test_a_kernel_without_one_of_its_helpers_is_refused(monkeypatch):
    monkeypatch.setattr(linking, "_reach", lambda library, reached: None)
    with pytest.raises(EngineError, match="missing"):
        quarters.recompile()


@pytest.fixture
def asked_for(request):
    """Skip what takes a minute unless markers are chosen, as by `-m slow`."""
    if not request.config.getoption("markexpr"):
        pytest.skip("compiles the kernel anew; run with -m slow")


@pytest.mark.slow
@pytest.mark.usefixtures("asked_for")
def test_without_linking_the_bits_are_the_same(tmp_path):
    def answer(how: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", ANSWER, str(M2), how],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / how)},
        )
        return done.stdout

    assert answer("linked") == answer("plain")
