"""What takes longer than each test may: spoilt files by the hundred thousand, and an hour of runs.

`make soak` does all of it. `python -m tests.soak fuzz`: spoilt files, by number, through every
loader in one process; `--guided` looks for new ones by what they reach, with atheris.
`python -m tests.soak compare`: the example compared again and again, and the memory it takes.
`python -m tests.soak kills`: decisions that are killed and go on. Each prints one line of figures
and leaves with 1 where something is wrong.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import pathsim as ps  # noqa: E402 the tests are no package
from fuzzed import BYTES, HANGS_SECONDS, SECONDS  # noqa: E402
from loaders import KEPT, REFUSALS, Loader, loaders  # noqa: E402
from pathsim.errors import InputWarning  # noqa: E402

FLAT = 0.05
"""By how much memory may grow after the first comparisons, as a share."""
WARM = 0.2
"""Share of the time until memory is expected to be flat."""
_MEBI = 1 << 20


class HangsError(Exception):
    """One input takes too long."""


# ---------------------------------------------------------------- spoilt files


@dataclass
class Fuzzed:
    """What came of many spoilt files."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: dict[str, list[str]] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "none")

    def tell(self) -> str:
        """Return what came out, in one line, and a line for each kind of failure."""
        many = Counter[str]()
        for (_, end), count in self.ends.items():
            many[end] += count
        said = ", ".join(f"{count:,} {end}" for end, count in many.most_common())
        lines = [
            f"fuzz: {sum(many.values()):,} files through {len({name for name, _ in self.ends})} "
            f"loaders: {said}; slowest {self.slowest[0]:.2f} s ({self.slowest[1]}), "
            f"most memory {most_bytes() / 1e6:,.0f} MB"
        ]
        for how, which in sorted(self.failures.items()):
            lines.append(f"  {len(which)} x {how}; of {', '.join(which[:5])}")
        return "\n".join(lines)


def spoilt_file(ways: tuple[Loader, ...], number: int) -> tuple[Loader, bytes]:
    """Return the spoilt file of a number, and its loader."""
    fed = [way for way in ways for _ in range(way.often)]
    way = fed[number % len(fed)]
    rng = np.random.default_rng([number, 7])
    whole = way.whole[int(rng.integers(len(way.whole)))]
    return way, way.spoil(rng, whole)


def kept_files(ways: tuple[Loader, ...]) -> list[tuple[str, Loader, bytes]]:
    """Return the files that are kept because they once failed, and whole ones."""
    found = [
        (f"{way.name} whole {k}", way, whole) for way in ways for k, whole in enumerate(way.whole)
    ]
    for way in ways:
        files = sorted((KEPT / way.name.replace(", ", "-").replace(" ", "-")).glob("*"))
        found += [(file.name, way, file.read_bytes()) for file in files]
    return found


def end_of(way: Loader, content: bytes) -> str:
    """Return how reading one file ends: `read`, `refused`, or anything else, which is wrong."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", InputWarning)
            way.read(content)
    except REFUSALS as refusal:
        return "refused" if str(refusal).strip() else "a refusal without a word"
    except Exception as error:  # noqa: BLE001 that is what is looked for
        steps = traceback.extract_tb(error.__traceback__)
        ours = [step for step in steps if "pathsim" in Path(step.filename).parts] or steps
        at = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
        return f"{type(error).__name__} in {at}: {error}".split("\n", 1)[0][:160]
    return "read"


def fuzz(home: Path, numbers: range, *, kept: bool = True) -> Fuzzed:
    """Read the spoilt files of these numbers, one after another, in this process."""
    found = Fuzzed()
    ways = loaders(home)
    signal.signal(signal.SIGALRM, _hang)
    for label, way, content in kept_files(ways) if kept else ():
        _feed(found, way, content, label)
    for number in numbers:
        way, content = spoilt_file(ways, number)
        _feed(found, way, content, str(number))
    if most_bytes() > BYTES:
        found.failures["more memory than a gigabyte"] = [f"{most_bytes():,}"]
    return found


def _feed(found: Fuzzed, way: Loader, content: bytes, label: str) -> None:
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_REAL, HANGS_SECONDS)
    end = end_of(way, content)
    signal.setitimer(signal.ITIMER_REAL, 0)
    seconds = time.process_time() - begun
    right = end in ("read", "refused")
    found.ends[way.name, end if right else "WRONG"] += 1
    found.slowest = max(found.slowest, (seconds, f"{way.name} {label}"))
    if not right:
        found.failures.setdefault(f"{way.name}: {end}", []).append(label)
    if seconds > SECONDS:
        found.failures.setdefault(f"{way.name}: slow", []).append(label)


def _hang(*_: object) -> None:
    raise HangsError(f"more than {HANGS_SECONDS:g} s")


def most_bytes() -> int:
    """Return the most memory that this process has had, without that of the one that began it."""
    status = Path("/proc/self/status").read_text("ascii")
    (peak,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024


# ---------------------------------------------------------------- again and again


@dataclass
class Soaked:
    """What many comparisons took."""

    comparisons: int
    minutes: float
    warm: int
    """Bytes after the first part of the time."""
    most: int
    """Bytes, the most of those seen after it."""
    last: int

    @property
    def grown(self) -> float:
        """By how much memory grew, as a share."""
        return self.most / self.warm - 1

    def tell(self) -> str:
        """Return what came out, in one line."""
        flat = "flat" if self.grown <= FLAT else "NOT FLAT"
        return (
            f"compare: {self.comparisons:,} comparisons in {self.minutes:.1f} minutes: "
            f"{self.warm / _MEBI:,.0f} MiB after {WARM:.0%} of the time, at most "
            f"{self.most / _MEBI:,.0f} MiB after that ({self.grown:+.1%}), "
            f"{self.last / _MEBI:,.0f} MiB at the end: {flat}"
        )


def soak(minutes: float) -> Soaked:
    """Compare the example with an option for so long, each time with another seed."""
    town = ps.example()
    more = town.change("More", {"services.mentor.capacity": 24})
    begun, seed, warm, most, now = time.monotonic(), 0, 0, 0, 0
    while (spent := (time.monotonic() - begun) / 60) < minutes or not most:
        seed += 1
        compared = ps.compare(town, more, draws=4, replications=2, workers=2, seed=seed)
        if not np.isfinite(compared.table()["difference"].dropna()).all():
            raise SystemExit(f"a difference is not finite with seed {seed}")
        del compared
        gc.collect()
        now = bytes_now()
        if spent >= WARM * minutes:
            warm = warm or now
            most = max(most, now)
    return Soaked(seed, minutes=spent, warm=warm, most=most, last=now)


def bytes_now() -> int:
    """Return the memory that this process has now."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


# ---------------------------------------------------------------- commands


def _fuzz(asked: argparse.Namespace) -> bool:
    if asked.guided:
        script = [sys.executable, str(HERE / "guided.py"), str(asked.seconds), str(asked.found)]
        return subprocess.run(script, check=False).returncode != 0
    with tempfile.TemporaryDirectory() as name:
        found = fuzz(Path(name), range(asked.first, asked.first + asked.inputs))
    print(found.tell())  # noqa: T201 a script's answer
    return bool(found.failures)


def _compare(asked: argparse.Namespace) -> bool:
    found = soak(asked.minutes)
    print(found.tell())  # noqa: T201 a script's answer
    return found.grown > FLAT


def _kills(asked: argparse.Namespace) -> bool:
    script = [sys.executable, str(HERE / "killed_decisions.py"), "--kills", str(asked.kills)]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    print(f"kills: {done.stdout.strip() or done.stderr.strip()[-300:]}")  # noqa: T201 as above
    return done.returncode != 0


def main() -> int:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts = parser.add_subparsers(required=True)
    part = parts.add_parser("fuzz")
    part.add_argument("--inputs", type=int, default=100_000)
    part.add_argument("--first", type=int, default=0, help="number of the first file")
    part.add_argument("--guided", action="store_true", help="with atheris, until --seconds")
    part.add_argument("--seconds", type=int, default=600)
    part.add_argument("--found", type=Path, default=Path("build/fuzz"))
    part.set_defaults(do=_fuzz)
    part = parts.add_parser("compare")
    part.add_argument("--minutes", type=float, default=60.0)
    part.set_defaults(do=_compare)
    part = parts.add_parser("kills")
    part.add_argument("--kills", type=int, default=100)
    part.set_defaults(do=_kills)
    asked = parser.parse_args()
    return int(asked.do(asked))


if __name__ == "__main__":
    sys.exit(main())
