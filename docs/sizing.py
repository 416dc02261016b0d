"""How long a study takes, from rates measured on this machine, written as docs/sizing.md.

`make sizing`; half a minute. Times are of the processor, so other work on the machine matters
little.
"""

from __future__ import annotations

import math
import os
import pickle
import statistics
import tempfile
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pathsim as ps
from pathsim.engine.run import simulate
from pathsim.engine.stop import Stop
from pathsim.outcomes.asked import REPLICATIONS_PER_DRAW
from pathsim.study.chunks import Work, arrays, batches, of_some, simulated
from pathsim.study.pilots import REPLICATIONS as PILOT
from pathsim.study.plan import make_plan
from pathsim.study.prepare import prepare
from pathsim.study.states import States, sample_beside
from pathsim.study.store import content
from pathsim.study.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE: Final = Path(__file__).parent / "sizing.md"
AREAS: Final = {"Dorset": "dorset/baseline", "England and Wales": "england-and-wales/baseline"}
TIMES: Final = 5
HOUR: Final = 3600.0
NIGHT: Final = 12
"""Hours."""
PRICE_AN_HOUR: Final = 0.05
"""Pounds a core and hour; assumed."""
STUDIES: Final = (
    ("Dorset", 64, 6, "the default comparison"),
    ("Dorset", 256, 21, "a full decision"),
    ("Dorset", 1_000, 50, ""),
    ("England and Wales", 64, 6, ""),
    ("England and Wales", 256, 21, ""),
    ("England and Wales", 1_000, 50, "a region's whole posterior"),
)
CORES: Final = (2, 16, 128, 1_024)
TEXT: Final = """# Sizing: how long a study takes

Measured by `make sizing`, in seconds of the processor: a table of rates, and what follows from
them. The scenario of England and Wales follows a sample of people and has no services. One that
follows more people, or more services, takes longer in proportion.

## Rates

| | {heads} |
|---|{rules}
{rates}

A study of so many options and draws simulates `(options + 1) x draws x {each}` replications, and
first `{pilot}` replications of the baseline for each draw, by which the levels are solved anew. One
core does one replication at a time. Sending, keeping and reading a chunk are measured per chunk.

## How long

Core hours, and the hours by the clock with so many cores. The price assumes {price} for a core and
hour (an assumption: look at your own provider's list). "Kept" is the size of the store.

| study | draws | options | core hours | {cores_heads} | price | kept |
|---|---:|---:|---:|{cores_rules}---:|---:|
{studies}

## Where one machine ends

{ends}

Memory is not what ends it. A worker holds the people, a workspace and one chunk ({memory} for
{largest}). The process that asks keeps everybody's sums of the baseline and of two options at a
time; `compare` says before it begins what it needs, and refuses what does not fit.

{smallest}
"""


class Rates(NamedTuple):
    """Of one area."""

    replication: float
    """Seconds."""
    draw: float
    """Seconds to draw a state of the world anew."""
    in_a_chunk: int
    """Replications."""
    sent: float
    """Seconds to pack and unpack a chunk."""
    kept: float
    """Seconds to write and hash a chunk."""
    read: float
    """Seconds."""
    size: int
    """Bytes of a chunk in the store."""
    memory: int
    """Bytes of a chunk in memory."""


def main() -> None:
    """Measure and write the page."""
    found = {name: measured(source) for name, source in AREAS.items()}
    PAGE.write_text(page(found), encoding="utf-8")


def measured(source: str) -> Rates:
    """Return the rates of an area."""
    scenario = ps.load(source)
    subject = Subject(*prepare([scenario])[0])
    plan = make_plan(
        replications=REPLICATIONS_PER_DRAW, seed=1, workers=1, engine="kernel", draws=64
    )
    states = States(draws=64, seed=1, posterior=sample_beside(scenario))
    work = Work(subject, plan, states, {})
    first = next(iter(batches(plan, people=subject.central.members, alike=True)))
    stop = Stop()
    simulate(subject.central, seed=1, replication=0)  # compiles
    subject.in_state(states, 0)
    one = seconds(lambda: simulate(subject.central, seed=1, replication=1, stop=stop))
    drawn = seconds(lambda: subject.in_state(states, 1))
    chunk = simulated(work, range(min(len(first), 4)), stop)
    whole = of_some(work, len(first))
    for name, values in arrays(chunk).items():
        for place in range(len(first)):
            getattr(whole, name)[place] = values[place % len(values)]
    stored = content.written(arrays(whole), first)
    packed = zlib.compress(pickle.dumps(work), 1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chunk"
        kept = seconds(lambda: _write(file, content.written(arrays(whole), first)))
    return Rates(
        replication=one,
        draw=drawn,
        in_a_chunk=len(first),
        sent=seconds(lambda: pickle.loads(zlib.decompress(packed)))
        + seconds(lambda: pickle.loads(pickle.dumps(whole))),
        kept=kept,
        read=seconds(lambda: content.read(stored, like=arrays(whole), rows=first)),
        size=len(stored),
        memory=sum(each.nbytes for each in arrays(whole).values()),
    )


def _write(file: Path, whole: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(whole)
        os.fsync(stream.fileno())


def seconds(do: Callable[[], object]) -> float:
    """Return the median processor time of a few."""
    taken = []
    for _ in range(TIMES):
        begun = time.process_time()
        do()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def core_hours(rates: Rates, *, draws: int, options: int) -> float:
    """Return the core hours of a study, with sending and keeping."""
    subjects = options + 1
    replications = subjects * draws * REPLICATIONS_PER_DRAW
    chunks = replications / rates.in_a_chunk
    whole = (replications + draws * PILOT) * rates.replication
    whole += (subjects + 1) * draws * rates.draw
    return (whole + chunks * (rates.sent + rates.kept)) / HOUR


def page(found: dict[str, Rates]) -> str:
    """Return the page."""
    rows = {
        "a replication, ms": lambda r: f"{1e3 * r.replication:.1f}",
        "a state of the world drawn anew, ms": lambda r: f"{1e3 * r.draw:.1f}",
        "replications in a chunk": lambda r: f"{r.in_a_chunk}",
        "a chunk simulated, s": lambda r: f"{r.in_a_chunk * r.replication:.2f}",
        "a chunk sent and brought back, ms": lambda r: f"{1e3 * r.sent:.1f}",
        "a chunk kept, ms": lambda r: f"{1e3 * r.kept:.1f}",
        "a chunk read, ms": lambda r: f"{1e3 * r.read:.1f}",
        "a chunk in the store, MB": lambda r: f"{r.size / 1e6:.2f}",
    }
    rates = [
        f"| {name} | {' | '.join(written(each) for each in found.values())} |"
        for name, written in rows.items()
    ]
    largest = max(found, key=lambda name: found[name].replication)
    return TEXT.format(
        heads=" | ".join(found),
        rules="---:|" * len(found),
        rates="\n".join(rates),
        each=REPLICATIONS_PER_DRAW,
        pilot=PILOT,
        price=f"£{PRICE_AN_HOUR:.2f}",
        cores_heads=" | ".join(f"{cores:,} cores" for cores in CORES),
        cores_rules="---:|" * len(CORES),
        studies="\n".join(_row(found[area], area, *study) for area, *study in STUDIES),
        ends=_ends(found),
        memory=f"{found[largest].memory / 1e6:.0f} MB a chunk",
        largest=largest,
        smallest=_overhead(found),
    )


def _row(rates: Rates, area: str, draws: int, options: int, words: str) -> str:
    hours = core_hours(rates, draws=draws, options=options)
    clock = " | ".join(_time(hours / cores) for cores in CORES)
    chunks = (options + 1) * draws * REPLICATIONS_PER_DRAW / rates.in_a_chunk
    name = f"{area}: {words}" if words else area
    size = f"{chunks * rates.size / 1e9:.2f} GB"
    cells = f"{draws:,} | {options} | {hours:.2f} | {clock} | £{hours * PRICE_AN_HOUR:.2f} | {size}"
    return f"| {name} | {cells} |"


def _time(hours: float) -> str:
    if hours < 1 / 60:
        return f"{hours * HOUR:.0f} s"
    return f"{hours * 60:.0f} min" if hours < 2 else f"{hours:.1f} h"


def _ends(found: dict[str, Rates]) -> str:
    area, draws, options, _ = STUDIES[-1]
    hours = core_hours(found[area], draws=draws, options=options)
    few, more, *_ = CORES
    needed = math.ceil(hours / NIGHT)
    cores = "one core does" if needed == 1 else f"{needed} cores do"
    return (
        f"{area} with {options} options in {draws:,} draws takes {hours:.0f} core hours: "
        f"{_time(hours / few)} on {few} cores, {_time(hours / more)} on {more}. "
        f"Within a night of {NIGHT} hours, {cores} it. One machine ends where the night does: at "
        f"{few} cores after {_most(found[area], few)} such options in as many draws, at {more} "
        f"after {_most(found[area], more)}. For more, or by the next meeting, use a cluster."
    )


def _most(rates: Rates, cores: int) -> str:
    """Return how many options so many cores simulate within a night."""
    one, two = (core_hours(rates, draws=STUDIES[-1][1], options=each) for each in (1, 2))
    return f"{int((cores * NIGHT - one) / (two - one)) + 1:,}"


def _overhead(found: dict[str, Rates]) -> str:
    shares = [
        f"{(each.sent + each.kept) / (each.in_a_chunk * each.replication):.1%} ({name})"
        for name, each in found.items()
    ]
    return f"Sending and keeping take {' and '.join(shares)} of the time of a chunk."


if __name__ == "__main__":
    main()
