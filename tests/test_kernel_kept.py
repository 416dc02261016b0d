"""Whatever happens to the files of compiled kernels costs a warning, once, and nothing else."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pathsim.engine.kernels import kept
from pathsim.engine.kernels.jit import kernel

FLIPS = 400
BITS = 8
ANSWER = 42.5
QUANTILE = "1.9599639845400536\n"
PROBE = """
import logging, resource, signal, sys
logging.basicConfig()
if sys.argv[1:] == ["full"]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from pathsim.engine.kernels.jit import kernel
from pathsim.engine.kernels.sampling import normal_quantile
print(kernel(normal_quantile.py_func)(0.975))
"""


def add_half(x: float) -> float:
    return x + 0.5


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(kept, "_FOLDER", tmp_path)
    return tmp_path


@pytest.fixture
def file(folder) -> Path:
    """Return the file of a compiled kernel."""
    call()
    (made,) = folder.iterdir()
    return made


def said_in(caplog: pytest.LogCaptureFixture) -> str:
    """Return what was logged, a line each, and forget it."""
    lines = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return "".join(f"{line}\n" for line in lines)


def call() -> tuple[int, int]:
    """Call the kernel as a new process does; return how often it was loaded and compiled."""
    fresh = kernel(add_half)
    assert fresh(42.0) == ANSWER
    return sum(fresh.stats.cache_hits.values()), sum(fresh.stats.cache_misses.values())


LOADED, COMPILED = (1, 0), (0, 1)


def flip(file: Path, place: int, bit: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 1 << bit
    file.write_bytes(data)


def replace_by(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def replace(file: Path) -> None:
        file.unlink()
        make(file)

    return replace


def fill(file: Path) -> None:
    file.mkdir()
    (file / "something").touch()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut within the hash": lambda file: os.truncate(file, 10),
    "cut to the hash": lambda file: os.truncate(file, 32),
    "cut by a byte": lambda file: os.truncate(file, file.stat().st_size - 1),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"\0"),
    "garbled": lambda file: file.write_bytes(random.Random(1).randbytes(file.stat().st_size)),
    "zeros": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "text": lambda file: file.write_text("not a kernel", encoding="utf-8"),
    "far too large": lambda file: os.truncate(file, 1 << 40),
    "first bit flipped": lambda file: flip(file, 0, 0),
    "last bit flipped": lambda file: flip(file, -1, BITS - 1),
    "a folder": replace_by(fill),
    "a pipe": replace_by(os.mkfifo),
    "a link to nothing": replace_by(lambda file: file.symlink_to("nowhere")),
    "a link to itself": replace_by(lambda file: file.symlink_to(file.name)),
    "a link to a device": replace_by(lambda file: file.symlink_to("/dev/zero")),
}


def test_what_was_kept_is_loaded_without_a_word(file, caplog):
    assert call() == LOADED
    assert said_in(caplog) == ""


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_file_is_said_once_and_compiled_anew(kind, file, caplog):
    DAMAGES[kind](file)
    assert call() == COMPILED
    said = said_in(caplog)
    assert said.startswith(f"{file} is ")
    assert said.count("\n") == 1
    assert call() == LOADED
    assert said_in(caplog) == ""
    assert list(file.parent.iterdir()) == [file]


def test_no_flipped_bit_is_read(file, caplog):
    whole = file.read_bytes()
    places = random.Random(2)
    for _ in range(FLIPS):
        file.write_bytes(whole)
        flip(file, places.randrange(len(whole)), places.randrange(BITS))
        assert kept.read(file) is None
        assert not file.exists()
    assert said_in(caplog).count("\n") == FLIPS


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_a_disk_that_takes_nothing_costs_a_warning(number, folder, monkeypatch, caplog):
    def refuse(self: Path, data: bytes) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert call() == COMPILED
    said = f"the engine cannot be kept in {folder}: {os.strerror(number)}\n"
    assert said_in(caplog) == said
    assert list(folder.iterdir()) == []


def test_a_full_disk_warns_once_however_many_kernels_there_are(tmp_path, monkeypatch, caplog):
    def refuse(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    for name in ("one", "two", "three"):
        kept.write(tmp_path / name, b"code")
    said = f"the engine cannot be kept in {tmp_path}: {os.strerror(errno.ENOSPC)}"
    assert said_in(caplog) == f"{said}\n"
    kept.write(tmp_path / "elsewhere" / "one", b"code")
    assert "elsewhere" in said_in(caplog)


def test_a_file_that_cannot_be_read_or_removed_stops_nothing(file, monkeypatch, caplog):
    def refuse(method: Callable[..., object]) -> Callable[..., object]:
        def refused(path: Path, *args: object, **how: object) -> object:
            if path.parent == file.parent:
                raise PermissionError(errno.EACCES, "no entry")
            return method(path, *args, **how)

        return refused

    for name in ("read_bytes", "write_bytes", "unlink"):
        monkeypatch.setattr(Path, name, refuse(getattr(Path, name)))
    assert call() == COMPILED
    assert said_in(caplog).count("no entry") == 2


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROBE, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NUMBA_CACHE_DIR": str(folder)},
    )


def test_a_file_that_grows_too_large_for_the_disk_is_not_left_cut(tmp_path):
    out, said = started(tmp_path, "full").communicate()
    assert out == QUANTILE
    assert "cannot be kept" in said
    assert said.count("\n") == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_processes_that_compile_at_once_do_not_disturb_each_other(tmp_path):
    together = [started(tmp_path) for _ in range(4)]
    assert {process.communicate() for process in together} == {(QUANTILE, "")}
    (made,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert kept.sound(made.read_bytes())
