"""Commands that are killed at random moments: nothing is half-written, and nothing is left over.

Each kill starts a command, sends it a signal at a moment of its whole length and looks at the
folder; now and then a command runs to its end and the folder holds its results alone.
`make kills` kills a hundred and says what came out; a short form is among the tests.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from small_scenario import write_scenarios
from test_calibration_cli import MARKS
from test_calibration_targets import TARGETS

PATIENCE_SECONDS = 120
SOON_SECONDS = 2.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
BEFORE = {-signal.SIGINT, -signal.SIGTERM}
"""Ends by the signal itself: before pathsim's own code runs, Python leaves it alone."""
LEVEL = '[hazard.adult_level]\nvalue = 0.003\nsource = "a start"\n'


class Command(NamedTuple):
    """A command of a few seconds, and the files that it writes."""

    arguments: tuple[str, ...]
    results: tuple[str, ...]
    grows: tuple[str, ...] = ()
    """Files that are added to line by line."""


COMMANDS = (
    Command(
        ("compare", "baseline.toml", "more.toml", "--replications", "500", "--out", "compare"),
        ("compare/summary.csv", "compare/results.json", "compare/report.html"),
    ),
    Command(
        ("run", "baseline.toml", "--replications", "500", "--log", "log.csv"),
        ("log.csv",),
    ),
    Command(
        (
            *(
                "calibrate",
                "fitted.toml",
                "--targets",
                "targets.toml",
                "--out",
                "fit/posterior.csv",
            ),
            *("--runs", "40", "--replications", "2", "--draws", "20", "--write"),
        ),
        ("fit/posterior.csv",),
        ("fit/posterior.runs.jsonl",),
    ),
)


class Kill(NamedTuple):
    """What one kill did."""

    signal: str
    command: str
    after: float
    code: int
    seconds: float
    """From the signal to the end."""


def prepare(folder: Path) -> None:
    """Write what the commands read."""
    baseline = write_scenarios(folder).joinpath("baseline.toml").read_text(encoding="utf-8")
    fitted = baseline.replace("adult_level = 0.003\n", "")
    marks = MARKS.replace("begin\n", f"begin\n{LEVEL}")
    fitted = fitted.replace("[sentencing]", marks + "[sentencing]")
    (folder / "fitted.toml").write_text(fitted, encoding="utf-8")
    (folder / "targets.toml").write_text(TARGETS.replace("median = 1.0", "median = 0.003"))


def start(folder: Path, command: Command) -> subprocess.Popen[str]:
    """Start a command in the folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "pathsim", *command.arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(folder: Path, command: Command) -> float:
    """Run a command to its end; return how long it took."""
    begun = time.monotonic()
    with start(folder, command) as process:
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, err
    return time.monotonic() - begun


def kill(folder: Path, command: Command, *, number: signal.Signals, after: float) -> Kill:
    """Start a command, send a signal after so many seconds, and check what it leaves."""
    before = set(leftovers(folder))
    with start(folder, command) as process:
        time.sleep(after)
        sent = time.monotonic()
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    seconds = time.monotonic() - sent
    done = Kill(number.name, command.arguments[0], after, process.returncode, seconds)
    said = err.splitlines()
    if number is signal.SIGKILL:
        assert done.code in {0, -number}, done
    elif done.code in BEFORE:
        assert not any("replications" in line for line in said), err
    else:
        assert done.code in {0, 130}, f"{done}: {err}"
        assert done.code == 0 or said[-1].startswith("interrupted; "), err
        assert sum(line.startswith("interrupted") for line in said) <= 1, err
        assert seconds < SOON_SECONDS or done.code == 0, done
    check_whole(folder)
    if number is not signal.SIGKILL and done.code == 130:
        assert set(leftovers(folder)) <= before, f"{done}: {leftovers(folder)}"
    return done


def names(folder: Path) -> set[str]:
    """Return what there is."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def leftovers(folder: Path) -> list[str]:
    """Return what lies about unfinished."""
    return sorted(str(path) for path in folder.rglob(".pathsim-*"))


def check_whole(folder: Path) -> None:
    """Check that every file that is there is whole: a result to its end, a line to its end."""
    for command in COMMANDS:
        for name in command.results:
            file = folder / name
            if file.exists():
                assert is_whole(file), f"{name} is cut short"
    for file in folder.glob("fit/*.jsonl"):
        lines = file.read_text(encoding="utf-8").split("\n")
        for line in lines[:-1]:  # the last, if cut short, is made again
            json.loads(line)
    assert "calibrated values: end" in (folder / "fitted.toml").read_text(encoding="utf-8")


def is_whole(file: Path) -> bool:
    """Return whether a result has its end."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        return bool(json.loads(text))
    if file.suffix == ".html":
        return text.rstrip().endswith("</html>")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    widths = {len(row) for row in csv.reader(lines)}
    return text.endswith("\n") and len(widths) == 1 and len(lines) > 1


def many(folder: Path, *, kills: int, seed: int, every: int) -> list[Kill]:
    """Kill so many commands; after every few, run them to the end and look at the folder.

    The moments are drawn over the whole length of each command, and a third of them over its
    last tenths, where files are written.
    """
    # A shell's background job ignores SIGINT, and so would what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    prepare(folder)
    lengths = [finish(folder, command) for command in COMMANDS]
    whole = names(folder)
    drawn = random.Random(seed)
    done = []
    for count in range(kills):
        place = count % len(COMMANDS)
        command = COMMANDS[place]
        late = drawn.random() < 1 / 3
        after = lengths[place] * (drawn.uniform(0.8, 1.05) if late else drawn.uniform(0.02, 1.0))
        if command.grows and drawn.random() < 0.5:
            for name in (*command.grows, *command.results):  # begin anew
                (folder / name).unlink(missing_ok=True)
        done.append(kill(folder, command, number=drawn.choice(SIGNALS), after=after))
        if (count + 1) % every == 0 or count + 1 == kills:
            lengths = [finish(folder, each) for each in COMMANDS]
            assert not leftovers(folder), leftovers(folder)
            check_whole(folder)
            assert names(folder) == whole, names(folder) ^ whole
    return done


def main() -> None:
    """Kill as many commands as are asked for and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done = many(Path(folder), kills=asked.kills, seed=asked.seed, every=asked.every)
    counts = Counter((each.command, each.signal, each.code) for each in done)
    for (command, name, code), count in sorted(counts.items()):
        sys.stdout.write(f"{command:10} {name:8} exit {code:4}: {count}\n")
    ends = [each.seconds for each in done if each.code == 130]
    longest = f"{max(ends):.2f} s" if ends else "none"
    sys.stdout.write(f"{len(done)} kills; longest from signal to end: {longest}\n")


if __name__ == "__main__":
    main()
