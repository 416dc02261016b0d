"""What keeps the engine from being compiled is one clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

M2 = Path(__file__).parents[1] / "benchmarks" / "scenarios" / "m2.toml"
LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv.pop(1)) << 20,) * 2)
runpy.run_module("pathsim", run_name="__main__")
"""
TIGHT = """
import resource
import pytest
from pathsim.address_space import require
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + (100 << 20),) * 2)
require(50, "a little")
with pytest.raises(MemoryError, match=r"leaves (9\\d|100) MB, a lot needs about 150 MB"):
    require(150, "a lot")
"""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | environment,
    )


@pytest.mark.parametrize("engine", ["kernel", "reference"])
def test_a_compiler_switched_off_is_refused(engine):
    asked = ("-m", "pathsim", "run", str(M2), "--replications", "1", "--engine", engine)
    done = run(*asked, NUMBA_DISABLE_JIT="1")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: NUMBA_DISABLE_JIT is set")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no account of memory here")
@pytest.mark.parametrize("megabytes", ["500", "800", "1100"])
def test_too_little_memory_to_compile_is_said_before_the_compiler_ends_the_process(
    megabytes, tmp_path
):
    asked = ("-c", LIMITED, megabytes, "run", str(M2), "--replications", "1")
    done = run(*asked, NUMBA_CACHE_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: not enough memory: ")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no account of memory here")
def test_what_the_limit_leaves_is_compared_with_what_is_needed():
    assert run("-c", TIGHT).stderr == ""
