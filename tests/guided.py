"""Spoilt files that are led by what code they reach, with atheris: `tests.soak fuzz --guided`.

atheris is no dependency: install it into an environment of its own beside pathsim. What fails is
written to the folder that is given, its first byte the number of the loader.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

import atheris

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

with atheris.instrument_imports(include=["pathsim"]), warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from loaders import loaders
    from soak import end_of, kept_files

LIMITS = ("-timeout=10", "-rss_limit_mb=1000", "-max_len=60000", "-print_final_stats=1")


def main() -> None:
    """Look for files until the seconds are over; one that fails ends it with a traceback."""
    seconds, found = int(sys.argv[1]), Path(sys.argv[2])
    home = Path(tempfile.mkdtemp())
    ways = loaders(home / "files")
    seeds = home / "seeds"
    for folder in (seeds, found):
        folder.mkdir(parents=True, exist_ok=True)
    for number, (_, way, content) in enumerate(kept_files(ways)):
        (seeds / str(number)).write_bytes(bytes([ways.index(way)]) + content)

    def one(data: bytes) -> None:
        way = ways[data[0] % len(ways)] if data else ways[0]
        end = end_of(way, data[1:])
        if end not in ("read", "refused"):
            raise RuntimeError(f"{way.name}: {end}")

    places = [f"-max_total_time={seconds}", f"-artifact_prefix={found}/", str(seeds)]
    atheris.Setup([sys.argv[0], *LIMITS, *places], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
