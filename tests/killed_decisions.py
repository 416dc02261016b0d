"""Decisions that are killed at random moments and go on from their store.

Each kill starts `pathsim decide` with a store, kills it at a moment of its whole length, and looks
at the store: every chunk that was there is there untouched, so none was made twice. Once a decision
gets to its end, its answer and its store have the bytes of one that nobody disturbed, and another
begins.
`make kills` kills a hundred and says what came out; a short form is among the tests.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BASELINE, OPTION = "dorset/baseline", "dorset/more-tags"
PATIENCE_SECONDS = 600
DRAWS = 32
CHANGES_ITSELF = ("elapsed_seconds", "finished")


def command(store: Path) -> list[str]:
    """Return the decision with a store."""
    decide = ["decide", BASELINE, OPTION, "--draws", str(DRAWS), "--replications", "2"]
    return [sys.executable, "-m", "pathsim", *decide, "--store", str(store), "--json"]


def decision(store: Path) -> Any:
    """Return a decision that gets to its end, without what changes by itself."""
    done = subprocess.run(
        command(store), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout, object_hook=_without_times)


def _without_times(found: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in found.items() if name not in CHANGES_ITSELF}


def is_killed(store: Path, *, after: float) -> bool:
    """Kill a decision after so many seconds; return whether it was still running."""
    with subprocess.Popen(
        command(store), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.returncode == -signal.SIGKILL


def finished(store: Path) -> dict[str, tuple[int, int]]:
    """Return the chunks that count, each with where and when it was written."""
    found = {}
    for path in store.rglob("*.json"):
        for file in (path, path.with_suffix(".parquet")):
            state = file.stat()
            found[file.name] = (state.st_ino, state.st_mtime_ns)
    return found


def contents(store: Path) -> dict[str, bytes]:
    """Return what is in the files that count."""
    return {name: next(store.rglob(name)).read_bytes() for name in finished(store)}


def many(folder: Path, *, kills: int, seed: int) -> int:
    """Kill so many decisions; return how many got to their end in between."""
    drawn = random.Random(seed)
    begun = time.monotonic()
    right = decision(folder / "undisturbed")
    length = time.monotonic() - begun
    expected = contents(folder / "undisturbed")
    store, done, ended = folder / "store", 0, 0
    while done < kills:
        before = finished(store) if store.exists() else {}
        if is_killed(store, after=drawn.uniform(0.0, length)):
            done += 1
            if store.exists():
                assert finished(store).items() >= before.items(), "a chunk was made twice"
                if len(finished(store)) < len(expected):
                    continue
        assert decision(store) == right, "another answer"
        assert contents(store) == expected, "other chunks"
        shutil.rmtree(store)
        ended += 1
    if store.exists():
        assert decision(store) == right, "another answer"
        assert contents(store) == expected, "other chunks"
    return ended


def main() -> None:
    """Kill as many decisions as are asked for and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ended = many(Path(folder), kills=asked.kills, seed=asked.seed)
    sys.stdout.write(
        f"{asked.kills} kills, {ended + 1} decisions to their end: the same answer and the same "
        "chunks, none made twice\n"
    )


if __name__ == "__main__":
    main()
