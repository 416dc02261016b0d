"""Files that somebody spoilt: mutated scenarios, options, tables, posteriors and targets, by seed.

`python -m tests.fuzzed --files 20000` reads them in processes of its own and runs what can be
run; `--commands 300` gives them to the command line. Both print every kind of failure with the
seed that shows it again, and leave with 1 if there is any: an exit other than 0 and 2, more
than two seconds, more than a gigabyte.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from pathsim.engine.run import simulate
from pathsim.errors import InputError, InputWarning
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.calibration import read_posterior, read_targets
from pathsim.study.calibration.posterior import at, rows
from pathsim.study.prepare import prepare

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from small_scenario import BASELINE  # noqa: E402 the tests are no package
from spoilt import KINDS, write_spoilt  # noqa: E402 as above

SECONDS = 2.0
"""Longest that one file may take."""
BYTES = 1_000_000_000
"""Most memory that one process may take."""
HANGS_SECONDS = 30.0


# ---------------------------------------------------------------- in process


def outcome(kind: str, path: Path) -> str:
    """Return how reading a file, and running it where it can be run, ends.

    `ok` or `refused` is right; anything else is a failure.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", InputWarning)
            return _outcome(kind, path)
    except Exception as error:  # noqa: BLE001 that is what is looked for
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {error}"[
            :200
        ]


def _outcome(kind: str, path: Path) -> str:
    try:
        if kind == "table":
            Cohort.from_csv(path)
        elif kind == "targets":
            read_targets(path)
        elif kind == "posterior":
            scenario, posterior = load(path.with_name("baseline.toml")), read_posterior(path)
            for row in rows(posterior, 2, seed=1):
                at(scenario, row, source="a test")
        else:
            ready = prepare([path])
    except InputError as error:
        return "refused" if all(each.message for each in error.problems) else "silent refusal"
    if kind in ("table", "targets", "posterior"):
        return "ok"
    if len(ready[0].cohort) > _MOST_RUN:
        return "ok, too many to run"
    try:
        counts, _ = simulate(ready[0].lowered, seed=1, replication=0)
    except InputError as error:
        return f"accepted, and the run refused: {error}"[:200]
    return "ok" if np.isfinite(counts.person).all() else "sums that are not finite"


_MOST_RUN = 20_000


@dataclass
class Tally:
    """What came of many files."""

    ends: Counter[str] = field(default_factory=Counter)
    failures: dict[str, list[int]] = field(default_factory=dict)
    slowest: tuple[float, int] = (0.0, -1)
    most_bytes: tuple[int, int] = (0, -1)

    def add(self, number: int, end: str, seconds: float, size: int) -> None:
        """Note how one file ended."""
        right = end.split(",", maxsplit=1)[0] in ("ok", "refused")
        self.ends[end if right else "FAILED"] += 1
        if not right:
            self.fail(re.sub(r"\d+", "N", end), number)
        if seconds > SECONDS:
            self.fail("slow", number)
        if size > BYTES:
            self.fail("large", number)
        self.slowest = max(self.slowest, (seconds, number))
        self.most_bytes = max(self.most_bytes, (size, number))

    def fail(self, how: str, number: int) -> None:
        """Note a failure."""
        self.failures.setdefault(how, []).append(number)

    def tell(self) -> None:
        """Print what came out."""
        ends = ", ".join(f"{count:,} {end}" for end, count in self.ends.most_common())
        print(f"{sum(self.ends.values()):,} files: {ends}")  # noqa: T201 a script's answer
        print(  # noqa: T201 a script's answer
            f"slowest {self.slowest[0]:.2f} s (number {self.slowest[1]}), "
            f"most memory {self.most_bytes[0] / 1e6:,.0f} MB (number {self.most_bytes[1]})"
        )
        for how, numbers in sorted(self.failures.items(), key=lambda each: -len(each[1])):
            print(f"  {len(numbers)} x {how}; numbers {numbers[:5]}")  # noqa: T201 a script's answer


_AFRESH = multiprocessing.get_context("forkserver")
"""For processes that owe none of their memory to the one that asks, which may be a large one."""


def check_files(numbers: range) -> Tally:
    """Read the files of these numbers in processes of their own, a few hundred each."""
    tally = Tally()
    todo = list(numbers)
    while todo:
        ours, theirs = _AFRESH.Pipe(duplex=False)
        worker = _AFRESH.Process(target=_work, args=(todo[:500], theirs))
        worker.start()
        theirs.close()
        ours.recv()
        for number in todo[:500]:
            if not ours.poll(HANGS_SECONDS):
                worker.kill()
                tally.add(number, "hangs", HANGS_SECONDS, 0)
            else:
                with suppress(EOFError):
                    tally.add(*ours.recv())
                    todo.remove(number)
                    continue
                tally.add(number, "ended the process", 0.0, 0)
            todo.remove(number)
            break
        worker.join()
    return tally


def prepare_once() -> None:
    """Load the engine and the shipped tables, which is no file's time."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "baseline.toml"
        path.write_text(BASELINE, encoding="utf-8")
        if outcome("scenario", path) != "ok":
            raise SystemExit("the scenario that nobody spoilt does not run")


def _work(numbers: list[int], tell: Connection) -> None:
    prepare_once()
    tell.send(None)
    with tempfile.TemporaryDirectory() as name:
        for number in numbers:
            kind, path = write_spoilt(Path(name), number)
            begun = time.process_time()
            end = outcome(kind, path)
            seconds = time.process_time() - begun
            size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            tell.send((number, end, seconds, size))


# ---------------------------------------------------------------- by command

_RUNS = ("--draws", "0", "--replications", "1", "--workers", "1")
_PAIRS = ("--replications", "2", "--workers", "1")
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "scenario": (
        ("validate", "{}"),
        ("run", "{}", *_RUNS),
        ("evidence", "{}"),
        ("run", "{}", *_RUNS, "--json"),
    ),
    "option": (
        ("compare", "baseline.toml", "{}", "--draws", "0", *_PAIRS),
        ("validate", "{}"),
        ("compare", "baseline.toml", "{}", "--draws", "2", *_PAIRS, "--out", "out"),
    ),
    "table": (
        ("cohort", "check", "{}"),
        ("run", "baseline.toml", "--cohort", "{}", *_RUNS),
    ),
    "posterior": (("run", "baseline.toml", "--posterior", "{}", *_RUNS),),
    "targets": (
        ("backcast", "baseline.toml", "given.csv", "--targets", "{}", "--draws", "2",
         "--replications", "1"),
    ),
}  # fmt: skip


def check_commands(numbers: range) -> Tally:
    """Give the files of these numbers to the command line; times are beyond a good file's."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "given.csv").write_text("hazard.adult_level\n0.002\n0.004\n", encoding="utf-8")
        (folder / "baseline.toml").write_text(BASELINE, encoding="utf-8")
        with _AFRESH.Pool(1) as pool:
            run = partial(pool.apply, _command)
            run((("run", "baseline.toml", *_RUNS), folder))
            _, usual, _ = run((("run", "baseline.toml", *_RUNS), folder))
            for number in numbers:
                kind, path = write_spoilt(folder, number)
                choices = COMMANDS[kind]
                words = choices[number // len(KINDS) % len(choices)]
                code, seconds, size = run((tuple(w.format(path.name) for w in words), folder))
                end = {0: "ok", 2: "refused"}.get(code, f"{words[0]} left with {code}")
                tally.add(number, end, seconds - usual, size)
    return tally


def _command(words: tuple[str, ...], folder: Path) -> tuple[int, float, int]:
    """Return the exit code, seconds of the processor, and bytes of a command."""
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "pathsim", *words], cwd=folder, stdout=said, stderr=said
        )
        deadline = time.monotonic() + 4 * HANGS_SECONDS
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.02)
    _, status, used = ended
    process.returncode = code = os.waitstatus_to_exitcode(status)
    text = (folder / "said.txt").read_text("utf-8", "replace")
    if code == 2 and not text.strip():
        code = 99  # a refusal without a word
    if "Traceback" in text or "\x1b" in text:
        code = 98
    return code, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def main() -> int:
    """Run the long forms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--commands", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    asked = parser.parse_args()
    failed = False
    for count, check in ((asked.files, check_files), (asked.commands, check_commands)):
        if count:
            tally = check(range(asked.first, asked.first + count))
            tally.tell()
            failed |= bool(tally.failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
