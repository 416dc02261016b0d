"""Time the engines by turns in one process, and write the processor time of each round.

    python -m benchmarks.interleaved --rounds 15 --out build/ratios.json
    python -m benchmarks.interleaved --rounds 5 --short --out build/ratios.json

A machine's speed drifts while other things run on it, so blocks of one engine after blocks of
another compare hours and not engines. Here every round has one turn of each, every other round in
reverse order, and ratios are taken within rounds (`ratios.py`).
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from .machine import about
from .ratios import measured
from .works import WORKS, Round, Work, kernel, processor_seconds

LONG: Final = ("m1", "country", "country of 12,000")
"""Models that the short form leaves out."""


def take_turns(works: Iterable[Work], *, rounds: int) -> dict[str, dict[str, Any]]:
    """Return for each work the processor seconds of its rounds, and what a round holds.

    Every work has an untimed round first, which compiles, or reads what was compiled before.
    """
    prepared = [(work, work.round()) for work in works]
    seconds: dict[str, list[float]] = {work.name: [] for work, _ in prepared}
    for _, timed in prepared:
        timed()
    for number in range(rounds):
        for work, timed in prepared if number % 2 == 0 else reversed(prepared):
            # The objects of one engine must not be swept up in another's time.
            gc.collect()
            seconds[work.name].append(processor_seconds(timed))
    return {work.name: _told(work, timed, seconds[work.name]) for work, timed in prepared}


def _told(work: Work, timed: Round, seconds: list[float]) -> dict[str, Any]:
    told: dict[str, Any] = {"replications": work.replications, "seconds": seconds}
    if work.make is not None:
        told["events"] = timed() * work.replications
        told["people"] = kernel().people(work.make) * work.replications
    return told


def run(*, rounds: int, short: bool) -> dict[str, Any]:
    """Time all works that can be done here, and say which are skipped, with the reason."""
    skipped = {name: reason for name, work in WORKS.items() if (reason := work.why_not())}
    if short:
        skipped |= {name: "too long" for name, work in WORKS.items() if work.model in LONG}
    works = [work for name, work in WORKS.items() if name not in skipped]
    return {
        "machine": about(),
        "rounds": rounds,
        "skipped": skipped,
        "works": take_turns(works, rounds=rounds),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, write the JSON and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--short", action="store_true", help="leave out what takes long")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    told = run(rounds=chosen.rounds, short=chosen.short)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(told, indent=1), encoding="utf-8")
    for each in measured(told):
        sys.stdout.write(
            f"{each.ratio.words}: {each.median:.3g} ({each.low:.3g} to {each.high:.3g})\n"
        )


if __name__ == "__main__":
    main()
