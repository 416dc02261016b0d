"""Compiled once, announced once, kept where it can only be right."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pathsim.cli import main
from pathsim.engine.kernels import cache, kept
from pathsim.engine.kernels.engine import replicate
from pathsim.engine.kernels.jit import kernel

ROOT = Path(__file__).parents[1]
ENGINE = ROOT / "src" / "pathsim" / "engine"
DORSET = ROOT / "scenarios" / "dorset" / "baseline.toml"
LINE = "pathsim: compiling the engine for this machine, once: about 15 seconds ...\n"
DAY = 86_400.0
LOADED, COMPILED = [1, 0], [0, 1]
PROBE = """
import atexit, decimal, hashlib, os, resource, shutil, sys, tempfile, unicodedata
from pathlib import Path
import numba.extending, scipy.linalg
numba.njit(lambda x: x + 1)(1)
# Libraries are in memory by now: another user may not be let in where they lie.
if "another" in sys.argv and os.geteuid() == 0:
    os.seteuid(65534)
from pathsim.engine.kernels.random import uniform_of
from pathsim.engine.kernels.jit import kernel
from pathsim.engine.kernels.sampling import normal_quantile
quantile = kernel(normal_quantile.py_func)
quantile(0.3)
stats = quantile.stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
print(stats.cache_path)
"""
"""Loads or compiles the smallest of the kernels that a run needs; as another user than root."""


def python(
    *arguments: str, folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    chosen = {"NUMBA_CACHE_DIR": str(folder)} if folder else {}
    others = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=others | chosen | environment,
    )


@pytest.fixture(scope="module")
def warm(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return a folder in which `pathsim warmup` has been the first, and what it said."""
    folder = tmp_path_factory.mktemp("warm")
    return folder, python("-m", "pathsim.cli", "warmup", folder=folder)


def test_warmup_compiles_the_engine_and_says_where_it_is_kept(warm):
    folder, done = warm
    said = r"engine compiled in \d+\.\d s, kept in (.*)\n"
    assert re.fullmatch(said, done.stdout)[1] == str(folder / f"kernels-{cache.digest()}")
    assert done.stderr == LINE


def test_a_second_warmup_finds_the_engine_ready_and_says_no_more(warm):
    again = python("-m", "pathsim.cli", "warmup", folder=warm[0])
    assert again.stdout.startswith("engine found ready in ")
    assert again.stderr == ""


def test_what_warmup_compiled_serves_a_quite_different_scenario(warm):
    asked = ("run", str(DORSET), "--draws", "0", "--replications", "1", "--json")
    assert "compiling" not in python("-m", "pathsim.cli", *asked, folder=warm[0]).stderr


def test_what_lies_ready_where_only_another_can_write_is_copied_and_loaded(installed, home):
    old = home / ".cache" / "pathsim" / "kernels-00000000000000aa"
    (old / "file").mkdir(parents=True)
    os.utime(old, (0, 0))
    old.chmod(0o555)
    counts, place = as_another_user(installed, home)
    assert counts == LOADED
    assert place.parent == old.parent
    (ready,) = (installed / "pathsim/engine/kernels/__pycache__").glob("kernels-*")
    assert contents(place) == contents(ready)
    # What cannot be removed stays, and stops nothing.
    assert set(old.parent.iterdir()) == {old, place}


def test_where_nothing_can_be_written_the_copy_lasts_as_long_as_the_process(installed, home):
    (home / ".cache" / "pathsim").chmod(0o555)
    counts, place = as_another_user(installed, home)
    assert counts == LOADED
    assert not place.exists()
    assert place.name.startswith("pathsim-")


@pytest.mark.parametrize(
    "file",
    [
        "codes.py",
        "contract.py",
        "counted.py",
        "../vocabulary.py",
        *(
            f"../elementary/{path.name}"
            for path in sorted((ENGINE.parent / "elementary").glob("*.py"))
        ),
        *(f"kernels/{path.name}" for path in sorted((ENGINE / "kernels").glob("*.py"))),
    ],
)
def test_a_change_of_any_source_file_changes_the_folder(copied_engine, file):
    before = cache.digest(copied_engine / "kernels")
    assert before == cache.digest()
    path = copied_engine / file
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}#", encoding="utf-8")
    assert cache.digest(copied_engine / "kernels") != before
    path.write_text(text, encoding="utf-8")
    assert cache.digest(copied_engine / "kernels") == before


def test_a_new_or_a_renamed_source_file_changes_the_folder(copied_engine):
    source = copied_engine / "kernels"
    found = {cache.digest(source)}
    (source / "more.py").write_text("", encoding="utf-8")
    found.add(cache.digest(source))
    (source / "more.py").rename(source / "other.py")
    found.add(cache.digest(source))
    (source / "other.py").unlink()
    assert len(found) == 3
    assert cache.digest(source) in found


def test_what_another_version_or_processor_compiled_is_not_loaded(tmp_path):
    def counts(probe: str = PROBE, **environment: str) -> list[int]:
        return probed(python("-c", probe, folder=tmp_path, **environment))[0]

    plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    assert [counts(), counts()] == [COMPILED, LOADED]
    assert [counts(**plain), counts(**plain)] == [COMPILED, LOADED]
    for package in ("numba", "llvmlite"):
        other = f"import numba, llvmlite; {package}.__version__ = '0.0.1'\n{PROBE}"
        assert [counts(other), counts(other)] == [COMPILED, LOADED]
    assert counts() == LOADED


def test_only_our_own_folders_of_another_source_unused_for_a_day_are_removed(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    now = time.time()
    ages = {
        "kernels-00000000000000aa": 2 * DAY,
        "kernels-00000000000000bb": DAY / 2,
        "kernels-00000000000000AA": 2 * DAY,
        "kernels-1": 2 * DAY,
        "other": 2 * DAY,
    }
    for name, age in ages.items():
        (tmp_path / name / "kernels_0").mkdir(parents=True)
        os.utime(tmp_path / name, (now - age, now - age))
    linked = tmp_path / "kernels-00000000000000cc"
    linked.symlink_to(tmp_path / "other", target_is_directory=True)
    made = Path(cache.folder())
    kept = {*ages, linked.name, made.name} - {"kernels-00000000000000aa"}
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_a_folder_that_is_used_is_not_old(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    made = Path(cache.folder())
    os.utime(made, (0, 0))
    assert Path(cache.folder()) == made
    assert time.time() - made.stat().st_mtime < DAY


@pytest.fixture
def own_folder(tmp_path, monkeypatch) -> None:
    """Keep kernels in a folder of the test's own: another run's could be loaded from the shared."""
    folder = tmp_path / f"kernels-{cache.digest()}"
    folder.mkdir()
    monkeypatch.setattr(kept, "_FOLDER", folder)


def test_threads_in_need_of_one_kernel_get_one_line(caplog, own_folder):
    caplog.set_level(logging.INFO, "pathsim")

    @kernel
    def twice(x: float) -> float:
        return 2.0 * x

    cache.tell_when_compiled(twice)
    together = threading.Barrier(4)

    def call() -> None:
        together.wait()
        twice(1.5)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert twice(1.5) == 3.0
    assert [f"pathsim: {said}\n" for said in caplog.messages] == [LINE]
    assert cache.compilations(twice) == 1


def test_a_closed_standard_error_does_not_stop_the_compiler(monkeypatch, own_folder):
    @kernel
    def thrice(x: np.ndarray) -> float:
        return 3.0 * x[0]

    cache.tell_when_compiled(thrice)
    monkeypatch.setattr(sys, "stderr", None)
    assert thrice(np.ones(1)) == 3.0
    assert cache.compilations(thrice) == 1


def test_warmup_in_a_process_that_has_the_engine_finds_it_ready(capsys):
    def touched() -> list[int]:
        stats = replicate.stats
        return [sum(stats.cache_hits.values()), sum(stats.cache_misses.values())]

    assert main(["warmup"]) == 0
    capsys.readouterr()
    before = touched()
    assert main(["warmup"]) == 0
    said = capsys.readouterr()
    # That it takes no time is said of what it does: it neither loads nor compiles.
    assert touched() == before
    assert re.match(r"engine found ready in \d+\.\d s, kept in ", said.out)
    assert said.err == ""


@pytest.fixture(scope="module")
def copied_engine(tmp_path_factory) -> Path:
    engine = tmp_path_factory.mktemp("copy") / "engine"
    shutil.copytree(ENGINE / "kernels", engine / "kernels", ignore=shutil.ignore_patterns("__p*"))
    for name in ("codes.py", "contract.py", "counted.py"):
        shutil.copy(ENGINE / name, engine)
    shutil.copy(ENGINE.parent / "vocabulary.py", engine.parent)
    shutil.copytree(ENGINE.parent / "elementary", engine.parent / "elementary")
    return engine


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """Return a folder with the package, its kernels compiled, in which others cannot write."""
    # Not among pytest's folders, which others cannot read either.
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "src" / "pathsim", place / "pathsim", ignore=ignored)
        done = python("-c", PROBE, PYTHONPATH=name)
        assert probed(done)[0] == COMPILED
        folders = [place, *(path for path in place.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        yield place
        for folder in folders:
            folder.chmod(0o755)


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder that everybody can write."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / ".cache" / "pathsim").mkdir(parents=True)
        folders = [home, home / ".cache", home / ".cache" / "pathsim"]
        for folder in folders:
            folder.chmod(0o777)
        yield home
        for folder in (*folders, *folders[-1].iterdir()):
            folder.chmod(0o777)


def as_another_user(installed: Path, home: Path) -> tuple[list[int], Path]:
    return probed(python("-c", PROBE, "another", PYTHONPATH=str(installed), HOME=str(home)))


def probed(done: subprocess.CompletedProcess[str]) -> tuple[list[int], Path]:
    loaded, compiled, place = done.stdout.split()
    return [int(loaded), int(compiled)], Path(place)


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
