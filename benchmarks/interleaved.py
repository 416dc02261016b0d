"""Time the engines in turn in one process, and write the processor time of each round.

    python -m benchmarks.interleaved --rounds 15 --out build/ratios.json
    python -m benchmarks.interleaved --rounds 5 --most 25 --short --out build/ratios.json

A machine's speed drifts while other things run on it, so blocks of one engine after blocks of
another compare hours and not engines. Here every round has one turn of each, every other round in
reverse order, and ratios are taken within rounds (`ratios.py`).

What else runs on a machine can slow one engine and not another for some rounds on end. With
`--most`, further rounds follow as long as a guarded ratio lies outside its limits, up to so many.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from .machine import about
from .ratios import measured
from .works import WORKS, Round, Work, kernel, processor_seconds

Enough = Callable[[dict[str, dict[str, Any]]], bool]
"""Whether the rounds of all works, as told so far, say enough."""
LONG: Final = ("m1", "country", "country of 12,000")
"""Models that the short form leaves out."""


def take_turns(
    works: Iterable[Work], *, rounds: int, most: int = 0, enough: Enough = lambda _: True
) -> dict[str, dict[str, Any]]:
    """Return for each work the processor seconds of its rounds, and what a round holds.

    Every work has an untimed round first, which compiles, or reads what was compiled before.
    most: rounds at most, should those asked for not be `enough`.
    """
    prepared = [(work, work.round()) for work in works]
    told = {work.name: _told(work, timed) for work, timed in prepared}
    for number in range(max(rounds, most)):
        if number >= rounds and enough(told):
            break
        for work, timed in prepared if number % 2 == 0 else reversed(prepared):
            # The objects of one engine must not be swept up in another's time.
            gc.collect()
            told[work.name]["seconds"].append(processor_seconds(timed))
    return told


def _told(work: Work, timed: Round) -> dict[str, Any]:
    answer = timed()
    told: dict[str, Any] = {"replications": work.replications, "seconds": []}
    if work.make is not None:
        told["events"] = answer * work.replications
        told["people"] = kernel().people(work.make) * work.replications
    return told


def run(*, rounds: int, most: int, short: bool) -> dict[str, Any]:
    """Time all works that can be done here, and say which are skipped, with the reason."""
    skipped = {name: reason for name, work in WORKS.items() if (reason := work.why_not())}
    if short:
        skipped |= {name: "too long" for name, work in WORKS.items() if work.model in LONG}

    def within_limits(told: dict[str, dict[str, Any]]) -> bool:
        found = measured({"works": told, "skipped": skipped})
        return all(each.ratio.holds(each.median) for each in found)

    works = [work for name, work in WORKS.items() if name not in skipped]
    told = take_turns(works, rounds=rounds, most=most, enough=within_limits)
    return {
        "machine": about(),
        "rounds": max(len(each["seconds"]) for each in told.values()),
        "skipped": skipped,
        "works": told,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, write the JSON and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--most", type=int, default=0, help="rounds at most, if limits are missed")
    parser.add_argument("--short", action="store_true", help="leave out what takes long")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    told = run(rounds=chosen.rounds, most=chosen.most, short=chosen.short)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(told, indent=1), encoding="utf-8")
    sys.stdout.write(f"{told['rounds']} rounds\n")
    for each in measured(told):
        sys.stdout.write(
            f"{each.ratio.words}: {each.median:.3g} ({each.low:.3g} to {each.high:.3g})\n"
        )


if __name__ == "__main__":
    main()
