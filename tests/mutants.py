"""How many single changes of the code do the tests notice? `make mutants` says it, by package.

    python tests/mutants.py --sample 60 --seed 1 outcomes present
    python tests/mutants.py --sample 40 --near people

The tests run once, each file in a process of its own, to learn which test runs which line. Each
mutant then has the tests that ran its line, first those in files named like its module, the
quickest first, then the rest of their files: in memory (`in_memory.py`), then, unless it was
killed, in a process of its own over a copy of the source. Kernels are not mutated: what is compiled
serves all. Mutants that do what the original does are listed, with the reason, in
`mutants_equivalent.toml`. With `--near` only files of tests named like the modules are asked.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import blake2b
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import coverage
import pytest

from in_memory import NOT_HERE, Case, Forks, Verdict
from mutations import Mutation, mutations, named_like, words_of

ROOT = Path(__file__).parents[1]
PACKAGES = ("scenario", "people", "study", "outcomes", "decision", "present")
SOURCE = Path("src", "pathsim")
EQUIVALENT = ROOT / "tests" / "mutants_equivalent.toml"
ENGINE_ONLY = re.compile(
    "addressed_draws|arithmetic|benchmark|calendar|closing_instant|conservation|decimals"
    "|elementary|engine|falsification|first_draws|first_use|file_lengths|fuzzed|interrupts|kernel|killed|kills"
    "|known_answers|layers|mechanisms|mutants|notebook|ordered|random_numbers|reference|runaways"
    "|same_bits|seeded_fault|streams|student|theory|time_to_answer|warmup"
)
"""Files of tests with one of these words in the name are about the engine or the repository."""
SLOW = 15.0
"""Seconds of the processor for one test, beyond which it is left out."""
BUDGET = 20.0
"""Seconds of the processor for the tests of one mutant."""
PASSED, FAILED, BROKEN, NOTHING, TIMED_OUT = 0, 1, 2, 5, 1000
"""Codes of pytest: tests that fail, files that do not load, no test; and ours for the time."""
IMPORTED_ONCE = ["coverage", "pytest", "numba", "pandas", "scipy.stats", "pydantic", "typer"]
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(IMPORTED_ONCE)
Runs = dict[str, dict[str, Any]]
"""By test: its seconds and, by file, the lines that it runs."""


class Recorder:
    """Notes which lines each test runs, fixtures included, and for how long."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self.seconds: dict[str, float] = {}
        self._failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._measured.switch_context(item.nodeid)
        started = sum(os.times()[:4])
        signal.setitimer(signal.ITIMER_PROF, SLOW)  # a test that would be left out is ended
        result = yield
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.seconds[item.nodeid] = sum(os.times()[:4]) - started
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._failed.add(report.nodeid)

    def runs(self) -> Runs:
        data = self._measured.get_data()
        runs: Runs = {
            test: {"seconds": seconds, "lines": {}}
            for test, seconds in self.seconds.items()
            if test not in self._failed
        }
        for file in data.measured_files():
            name = str(Path(file).relative_to(Path.cwd()))
            for line, tests in data.contexts_by_lineno(file).items():
                for test in set(tests) & set(runs):
                    runs[test]["lines"].setdefault(name, []).append(line)
        return runs


class Order:
    """Runs the tests that are named, in the order in which they are."""

    def __init__(self, tests: list[str]) -> None:
        self._rank = {test: rank for rank, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._rank]
        items[:] = sorted(chosen, key=lambda item: self._rank[item.nodeid])


def in_child(work: Callable[..., int], folder: Path, *arguments: object, seconds: float) -> int:
    """Do the work in a fresh process in a folder; return its code, `TIMED_OUT` when time is up."""
    child = PROCESSES.Process(target=_alone, args=(work, folder, *arguments), daemon=False)
    child.start()
    child.join(seconds)
    if child.exitcode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # and what it has started
        child.join()
        return TIMED_OUT
    return child.exitcode


def _alone(work: Callable[..., int], folder: Path, *arguments: object) -> None:
    os.setsid()
    os.chdir(folder)
    with Path("tests.log").open("w", encoding="utf-8") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    sys.path[:0] = [str(folder / "src"), str(folder), str(folder / "tests")]
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
    sys.exit(work(folder, *arguments))


def too_slow(*_: object) -> None:
    raise TimeoutError(f"more than {SLOW} seconds of the processor")


def tested(options: list[str], *plugins: object) -> int:
    always = ["-q", "--tb=line", "-p", "no:cacheprovider"]
    return int(pytest.main([*always, *options], plugins=plugins))


def record(folder: Path, file: str, out: Path) -> int:
    """Write which test of a file runs which line."""
    measured = coverage.Coverage(
        data_file=None, include=[str(folder / SOURCE / package / "*") for package in PACKAGES]
    )
    recorder = Recorder(measured)
    signal.signal(signal.SIGPROF, too_slow)
    measured.start()
    tested([file], recorder)
    measured.stop()
    out.write_text(json.dumps(recorder.runs()), encoding="utf-8")
    return PASSED


def recorded(folder: Path, kept: Path, pool: ThreadPoolExecutor, *, which: str) -> Runs:
    """Return which test runs which line; what is known of the same source is kept."""
    kept.mkdir(parents=True, exist_ok=True)
    sources = sorted((folder / SOURCE).rglob("*.py"))

    def one(path: Path) -> Runs:
        out = kept / f"{path.stem}-{digest(path, *sources)}.json"
        if not out.exists():
            in_child(record, folder, f"tests/{path.name}", out, seconds=900)
        return json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}

    files = [
        path
        for path in sorted((folder / "tests").glob("test_*.py"))
        if not ENGINE_ONLY.search(path.name) and re.search(which, path.name)
    ]
    runs: Runs = {}
    for found in pool.map(one, files):
        runs |= found
    return {test: run for test, run in runs.items() if run["seconds"] < SLOW}


def digest(*paths: Path) -> str:
    found = blake2b(digest_size=8)
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()


def tests_of(mutant: Mutation, runs: Runs) -> list[str]:
    """Return the tests for a mutant: those that run its line, then the rest of their files."""

    def reached(run: dict[str, Any], *, line: bool) -> bool:
        lines = run["lines"].get(mutant.file, [])
        return mutant.line in lines if line else bool(lines)

    # What runs at import, or once for a process, is in no test of its own.
    by_line = bool(mutant.within) and not mutant.cached
    direct = [test for test, run in runs.items() if reached(run, line=by_line)]
    if not direct:
        direct = [test for test, run in runs.items() if reached(run, line=False)]
    package = Path(mutant.file).parts[2]
    if not direct:
        direct = [test for test in runs if package in test or "present" in test]
    files = {test.partition("::")[0] for test in direct}
    others = [test for test in runs if test.partition("::")[0] in files and test not in direct]
    alike = {test: -len(words_of(test) & words_of(mutant.file)) for test in runs}
    found: list[str] = []
    spent = 0.0
    for group in (direct, others):
        for test in sorted(group, key=lambda each: (alike[each], runs[each]["seconds"])):
            spent += runs[test]["seconds"]
            if spent < BUDGET:
                found.append(test)
    return found


def limit_of(tests: list[str], runs: Runs) -> float:
    """Return the seconds after which tests that have not ended are taken to never end."""
    return 120 + 10 * sum(runs[test]["seconds"] for test in tests)


def outcome(mutant: Mutation, tests: list[str], runs: Runs, folder: Path) -> int:
    """Return how the tests end over a mutant in a copy of the source."""
    path = folder / mutant.file
    original = path.read_bytes()
    # No compiled file of the original may stand for it.
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()
    path.write_text(mutant.text, encoding="utf-8")
    files = sorted({test.partition("::")[0] for test in tests})
    limit = limit_of(tests, runs)

    try:
        code = in_child(judge, folder, files, tests, seconds=limit)
    finally:
        path.write_bytes(original)
    if code not in {PASSED, FAILED, BROKEN, NOTHING, TIMED_OUT}:
        raise RuntimeError(f"the tests of a mutant ended with {code}: that says nothing of it")
    return code


def judge(_folder: Path, files: list[str], tests: list[str]) -> int:
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    return tested(["-x", "--assert=plain", *files], Order(tests))


def judge_in_memory(folder: Path, cases: list[Case], out: Path) -> int:
    sys.dont_write_bytecode = True
    pathsim, small = map(import_module, ("pathsim", "small_scenario"))
    (folder / "warm").mkdir(exist_ok=True)
    pathsim.run(small.write_scenarios(folder / "warm") / "baseline.toml", replications=1)
    files = sorted({test.partition("::")[0] for _, tests, _ in cases for test in tests})
    with out.open("w", encoding="utf-8", buffering=1) as told:
        forks = Forks(folder, cases, lambda verdict: print(*verdict, sep="\t", file=told))
        return tested(["--assert=plain", f"--basetemp={folder / 'temp'}", *files], forks)


def in_memory(cases: list[Case], folder: Path) -> list[Verdict]:
    """Return how the tests end over each mutant that is put into a running process."""
    out = folder / "codes"
    in_child(judge_in_memory, folder, cases, out, seconds=sum(each[2] for each in cases))
    lines = out.read_text(encoding="utf-8").splitlines()
    told = [(int(code), test) for code, test in (line.split("\t") for line in lines)]
    return [*told, *[(NOT_HERE, "")] * (len(cases) - len(told))]


def killed_in_memory(
    mutants: list[Mutation],
    runs: Runs,
    folder: Path,
    judged: Callable[[Mutation, list[str]], int],
) -> set[Mutation]:
    """Return the mutants that a test fails over in a running process.

    A constant there only says which test to ask: it is asked in a process of its own.
    """
    chosen = [tests_of(mutant, runs) for mutant in mutants]
    cases = [
        (mutant, tests, limit_of(tests, runs))
        for mutant, tests in zip(mutants, chosen, strict=True)
    ]
    return {
        mutant
        for mutant, (code, test) in zip(mutants, in_memory(cases, folder), strict=True)
        if code == FAILED and (mutant.within or judged(mutant, [test]) not in {PASSED, NOTHING})
    }


def copied(folder: Path) -> Path:
    """Copy the project into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for part in ("src", "tests"):
        compileall.compile_dir(folder / part, quiet=2)
    return folder


def chosen(folder: Path, package: str, sample: int, seed: int) -> list[Mutation]:
    """Return a sample of all mutants of a package; the seed decides."""
    found = [
        mutant
        for path in sorted((folder / SOURCE / package).rglob("*.py"))
        for mutant in mutations(str(path.relative_to(folder)), path.read_text(encoding="utf-8"))
    ]
    return random.Random(f"{seed} {package}").sample(found, min(sample, len(found)))


def unchanged(mutant: Mutation, folder: Path) -> Mutation:
    """Return the control: the place of a mutant, with nothing changed."""
    return replace(mutant, text=(folder / mutant.file).read_text(encoding="utf-8"))


def equivalents() -> dict[str, str]:
    """Return the reason by the name of each mutant that was reviewed and does nothing else."""
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))["equivalent"]
    return {entry["mutant"]: entry["reason"] for entry in entries}


@contextmanager
def borrowed(folders: SimpleQueue[Path]) -> Iterator[Path]:
    folder = folders.get()
    try:
        yield folder
    finally:
        folders.put(folder)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("packages", nargs="*", default=PACKAGES, metavar="package")
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "mutants")
    parser.add_argument("--only", help="mutants with these words in their name")
    parser.add_argument("--tests", default="", help="files of tests with this in their name")
    parser.add_argument("--near", action="store_true", help="files named like the modules")
    asked = parser.parse_args()
    work = asked.work.resolve()
    os.environ["NUMBA_CACHE_DIR"] = str(work / "kernels")
    known = equivalents()
    copies = [copied(work / f"copy-{number}") for number in range(asked.workers)]
    folders: SimpleQueue[Path] = SimpleQueue()
    for folder in copies:
        folders.put(folder)
    with ThreadPoolExecutor(asked.workers) as pool:
        inside = [copies[0] / SOURCE / package for package in asked.packages]
        which = asked.tests or (named_like(inside) if asked.near else "")
        runs = recorded(copies[0], work / "runs", pool, which=which)
        say(f"{len(runs)} tests; a sample of {asked.sample} a package, seed {asked.seed}")

        def judged(mutant: Mutation, tests: list[str] | None = None) -> int:
            tests = tests or tests_of(mutant, runs)
            with borrowed(folders) as folder:
                return outcome(mutant, tests, runs, folder)

        short = False
        for package in asked.packages:
            made = chosen(copies[0], package, asked.sample, asked.seed)
            if asked.only:
                made = [mutant for mutant in made if asked.only in mutant.key]
            tried = [mutant for mutant in made if mutant.key not in known]
            alive = []
            slow = 0
            if tried and judged(unchanged(tried[0], copies[0])) != PASSED:
                raise RuntimeError("the tests fail over the source as it is")
            killed = killed_in_memory(tried, runs, copies[0], judged)
            say(f"{package}: {len(killed)} of {len(tried)} were killed in memory")
            rest = [mutant for mutant in tried if mutant not in killed]
            for mutant, code in zip(rest, pool.map(judged, rest), strict=True):
                slow += code == TIMED_OUT
                if code in {PASSED, NOTHING}:
                    alive.append(mutant)
                    say(f"survived: line {mutant.line}, {mutant.key}")
            short |= len(alive) > 0.05 * len(tried)
            say(
                f"{package}: {len(made)} made, {len(made) - len(tried)} equivalent, "
                f"{len(tried) - len(alive)} killed ({slow} by the time), {len(alive)} survived"
            )
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
