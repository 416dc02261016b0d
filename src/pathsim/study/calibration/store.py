"""The runs of a calibration, a line each, written as they come: nothing done is lost.

The first line says what the runs are runs of. A file that belongs to another calibration is
refused, and a last line cut short by a crash is run again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pathsim.bounded import TABLE_BYTES, read_text
from pathsim.errors import InputError, Problem, warn_caller
from pathsim.files import write_whole
from pathsim.paths import exists, usable

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats


class Run(NamedTuple):
    """One run of the model at one point of the design."""

    point: Floats
    """[keys] logs of the parameters."""
    figures: Floats
    """[replications, targets]"""


class Store:
    """Runs by wave and number, kept in a file if one is given."""

    def __init__(self, file: Path | None, *, identity: dict[str, Any]) -> None:
        self._file = file
        self._runs: dict[tuple[int, int], Run] = {}
        if file is None:
            return
        # What went through JSON compares with what comes from it.
        identity = json.loads(json.dumps(identity))
        if exists(usable(file)) and file.stat().st_size:
            self._read(file, identity)
        else:
            write_whole(file, json.dumps(identity) + "\n")

    def get(self, wave: int, number: int, point: Floats) -> Run | None:
        """Return the run if it was made, at this very point."""
        run = self._runs.get((wave, number))
        return run if run is not None and np.array_equal(run.point, point) else None

    def add(self, wave: int, number: int, run: Run) -> None:
        """Keep a run, and write it down at once."""
        self._runs[wave, number] = run
        if self._file is not None:
            line = {
                "wave": wave,
                "number": number,
                "point": run.point.tolist(),
                "figures": run.figures.tolist(),
            }
            try:
                with self._file.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(line) + "\n")
            except OSError as error:
                message = f"cannot be written to: {error.strerror}"
                raise InputError(Problem(message, file=self._file)) from None

    def __len__(self) -> int:
        return len(self._runs)

    def _read(self, file: Path, identity: dict[str, Any]) -> None:
        text = read_text(file, most=TABLE_BYTES)
        whole = text[: text.rfind("\n") + 1]
        lines = whole.splitlines()
        try:
            found = json.loads(lines[0]) if lines else None
            runs = [json.loads(line) for line in lines[1:]]
        except (ValueError, RecursionError):
            raise _not_runs(file) from None
        if found != identity:
            message = (
                "has the runs of another calibration (scenario, targets, seed, sizes or engine "
                "differ); remove it, or write elsewhere"
            )
            raise InputError(Problem(message, file=file))
        if whole != text:
            warn_caller(f"{file}: the last line was cut short; that run is made again")
            write_whole(file, whole)
        shape = (identity["replications"], len(identity["targets"]))
        try:
            self._runs.update(_run(run, shape) for run in runs)
        except (ValueError, KeyError, TypeError, OverflowError):
            raise _not_runs(file) from None


def _not_runs(file: Path) -> InputError:
    return InputError(Problem("is not a file of runs; remove it", file=file))


def _run(said: dict[str, Any], shape: tuple[int, int]) -> tuple[tuple[int, int], Run]:
    """Return a run as it was written down: wave and number, then what was run."""
    figures = np.array(said["figures"], np.float64)
    if figures.shape != shape:
        raise ValueError("figures of another shape")
    run = Run(np.array(said["point"], np.float64), figures)
    return (int(said["wave"]), int(said["number"])), run
