"""The import contracts hold, and a breach of any of them is seen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = Path(sysconfig.get_path("scripts")) / "lint-imports"

BREACHES = {
    "Packages import in one direction": ("people/ogrs3.py", "import pathsim.study.plan"),
    "Only the kernels' numba files import numba": ("scenario/model.py", "import numba"),
    "Kernels see numbers, never tables, names or units": (
        "engine/kernels/pools.py",
        "import pandas",
    ),
    "A scenario is plain data": ("scenario/service.py", "import matplotlib"),
    "The reference engine shares only the contract, the random numbers and the sampling": (
        "engine/reference/hazard.py",
        "import pathsim.engine.kernels.hazard",
    ),
    "present draws, it does not compute": ("present/words.py", "import scipy"),
}
"""For each contract a file and a line in it that breaks it."""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    return subprocess.run(
        [LINT, "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignored = shutil.ignore_patterns("__pycache__", "*.csv")
    shutil.copytree(ROOT / "src" / "pathsim", tmp_path / "src" / "pathsim", ignore=ignored)
    return tmp_path


def test_the_project_keeps_its_contracts():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_every_contract_has_a_hole_to_try():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert {contract["name"] for contract in linter["importlinter"]["contracts"]} == set(BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_a_hole_in_a_wall_is_seen(copy, contract):
    file, line = BREACHES[contract]
    path = copy / "src" / "pathsim" / file
    text = path.read_text(encoding="utf-8")
    future = "from __future__ import annotations\n"
    assert future in text
    path.write_text(text.replace(future, f"{future}\n{line}\n", 1), encoding="utf-8")
    done = lint(copy)
    assert done.returncode == 1, done.stdout
    assert f"{contract} BROKEN" in done.stdout
