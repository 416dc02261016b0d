"""Every loader of files from outside, each with whole files and a way to spoil them.

A loader that is new goes into `loaders`; `tests/soak.py` then feeds it by the thousand.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import pathsim as ps  # noqa: E402 the tests are no package
from made_people import made_outcomes, made_table  # noqa: E402
from mapped_files import drafted, write  # noqa: E402
from pathsim.cli.app import run_command_line  # noqa: E402
from pathsim.cli.remade import located, read_manifest  # noqa: E402
from pathsim.errors import InputError, InputWarning  # noqa: E402
from pathsim.people.observed import observed_of  # noqa: E402
from pathsim.scenario.load import load  # noqa: E402
from pathsim.study.calibration import read_posterior, read_targets  # noqa: E402
from pathsim.study.calibration.posterior import at, rows  # noqa: E402
from pathsim.study.prepare import prepare  # noqa: E402
from pathsim.study.store import Store, content, folder, keeping  # noqa: E402
from small_scenario import write_scenarios  # noqa: E402
from spoilt import corpus, mutated, rearranged, scrambled  # noqa: E402
from test_mapping_fuzz import OFFENCES, PEOPLE  # noqa: E402

Rng = np.random.Generator
Spoil = Callable[[Rng, bytes], bytes]
Read = Callable[[bytes], object]
REFUSALS = (InputError, folder.DamagedError, content.UnreadableError)
"""What a loader may raise."""
KEPT = HERE / "data" / "fuzz"
"""Spoilt files that once were no clear refusal, by loader."""


class Loader(NamedTuple):
    """One way in."""

    name: str
    whole: tuple[bytes, ...]
    spoil: Spoil
    read: Read

    @property
    def often(self) -> int:
        """How often it is fed: those that take long less often."""
        return next((often for name, often in OFTEN.items() if self.name.startswith(name)), 3)


OFTEN = {
    **dict.fromkeys(("option", "targets", "posterior", "people in", "outcomes"), 6),
    **dict.fromkeys(("manifest", "sidecar", "chunk"), 8),
    "people": 4,
    "result": 2,
    "draft": 1,
}


def loaders(home: Path) -> tuple[Loader, ...]:
    """Return every loader, over files in a folder of their own."""
    home.mkdir(parents=True, exist_ok=True)
    write_scenarios(home)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        return tuple(
            part for parts in (_scenarios, _people, _results, _stored) for part in parts(home)
        )


def _scenarios(home: Path) -> Iterator[Loader]:
    baseline = load(home / "baseline.toml")

    def posterior(path: Path) -> None:
        for row in rows(read_posterior(path), 2, seed=1):
            at(baseline, row, source="a test")

    def ready(path: Path) -> None:
        prepare([path])

    for name, ending, read in (
        ("scenario", "toml", ready),
        ("option", "toml", ready),
        ("targets", "toml", read_targets),
        ("posterior", "csv", posterior),
    ):
        yield _of_text(name, corpus(name), home / f"{name}.{ending}", read)


def _people(home: Path) -> Iterator[Loader]:
    yield _of_text("people", corpus("table"), home / "good.csv", ps.Cohort.from_csv)
    answers = {"if_unknown": '"missing"', "for_all": '"fine"'}
    file, offences = write(home, PEOPLE), write(home, OFFENCES, "offences.csv")
    plain = drafted(home, file, answers).read_text("utf-8")
    beside = drafted(home, file, answers, offences=offences).read_text("utf-8")
    beside = beside.replace(str(offences), "offences.csv")
    plain_one, beside_one = (
        write(home, text, name) for text, name in ((plain, "plain.toml"), (beside, "beside.toml"))
    )
    spoilt_one, table = home / "mapping-spoilt.toml", home / "people-spoilt.csv"

    def by_plain(path: Path) -> None:
        ps.Cohort.from_file(path, mapping=plain_one)

    yield _of_text(
        "mapping", (plain, beside), spoilt_one, lambda path: ps.Cohort.from_file(file, mapping=path)
    )
    yield _of_text("mapped people", (PEOPLE,), table, by_plain)
    yield _of_text(
        "offences beside people",
        (OFFENCES,),
        offences,
        lambda _: ps.Cohort.from_file(file, mapping=beside_one),
    )
    yield _of_text("draft of a mapping", (PEOPLE,), table, ps.Cohort.draft)
    parquet = home / "people.parquet"
    pd.read_csv(file).to_parquet(parquet)
    yield Loader("people in Parquet", (parquet.read_bytes(),), scrambled, _from(parquet, by_plain))
    known = made_table(30)
    cohort = ps.Cohort.from_frame(known)
    happened = made_outcomes(known).to_csv(index=False)
    yield _of_text(
        "outcomes of people",
        (happened,),
        home / "happened.csv",
        lambda path: observed_of(path, cohort, within_days=365),
    )


def _results(home: Path) -> Iterator[Loader]:
    """Give saved results and manifests; of the signed ones the sum is right whatever they hold."""
    baseline, more = (load(home / f"{name}.toml") for name in ("baseline", "more"))
    file = home / "result.json"
    texts = []
    compared = ps.compare(baseline, more, draws=0, replications=2, workers=1)
    for each in (ps.run(baseline, draws=0, replications=2, workers=1), compared):
        each.save(file)
        texts.append(file.read_text("utf-8"))
    yield _of_text("result", texts, file, ps.read_result)
    yield Loader(
        "result, signed",
        tuple(map(str.encode, texts)),
        in_json,
        _from(file, ps.read_result, _signed),
    )
    out = home / "out"
    made = ["compare", str(home / "baseline.toml"), str(home / "more.toml"), "--draws", "0"]
    made += ["--replications", "2", "--workers", "1", "--out", str(out)]
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        code = run_command_line(made)
    if code:
        raise RuntimeError("the comparison of the example failed")
    manifest = (out / "manifest.json").read_text("utf-8")

    def by_manifest(path: Path) -> None:
        located(read_manifest(path), [])

    yield _of_text("manifest", (manifest,), home / "manifest.json", by_manifest)
    yield Loader(
        "manifest, rearranged",
        (manifest.encode(),),
        in_json,
        _from(home / "manifest.json", by_manifest),
    )


class _Chunk:
    """A store with one chunk, whose two files are written anew for each reading."""

    def __init__(self, home: Path) -> None:
        with ps.using(store=home):
            ps.run(load(home.parent / "baseline.toml"), draws=0, replications=2, workers=1)
        self.store = Store(home)
        self.name = next(keeping.names(self.store))
        self.about = folder.about_of(self.store, self.name)
        self.chunk = self.store.path(self.name).read_bytes()
        self.said = self.store.path(self.name, folder.ABOUT).read_bytes()
        table = pd.read_parquet(io.BytesIO(self.chunk))
        names = [name for name in table.columns if name != content.ROW]
        self.like = {name: np.stack(table[name].to_list()) for name in names}
        self.rows = table[content.ROW].to_list()

    def write(self, said: bytes, chunk: bytes, *, name: str = "") -> None:
        """Make a store of these two files alone. name: the first's, if it is another."""
        for path in (self.store.folder / folder.CHUNKS).glob("??/*"):
            path.unlink()
        self.store.path(self.name).write_bytes(chunk)
        path = self.store.path(name or self.name, folder.ABOUT)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(said)

    def look(self) -> None:
        """Do what the commands of a store do."""
        keeping.studies(self.store)
        keeping.damaged(self.store)
        keeping.prune(self.store, other_source=True, broken=True, dry=True)
        folder.checked(self.store, self.name)

    def read_sidecar(self, spoilt: bytes) -> None:
        """Read a sidecar as it is."""
        self.write(spoilt, self.chunk)
        self.look()

    def read_signed_sidecar(self, spoilt: bytes) -> None:
        """Read a sidecar that lies where its own recipe says, with a sum that is right."""
        name = ""
        with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
            held = json.loads(spoilt)
            held["name"] = folder.name_of(held["made_from"])
            held.pop("check", None)
            held["check"] = folder._check(held)
            spoilt, name = json.dumps(held, sort_keys=True, indent=1).encode(), held["name"]
        self.write(spoilt, self.chunk, name=name)
        self.look()

    def read_chunk(self, spoilt: bytes) -> None:
        """Read a chunk as it is."""
        self.write(self.said, spoilt)
        self.look()

    def read_signed_chunk(self, spoilt: bytes) -> None:
        """Read a chunk whose sidecar has its sum."""
        about = self.about._replace(sha256=sha256(spoilt).hexdigest(), size=len(spoilt))
        self.write(folder.in_words(about), spoilt)
        content.read(folder.checked(self.store, self.name), like=self.like, rows=self.rows)


def _stored(home: Path) -> Iterator[Loader]:
    """Give the two files of a chunk, as they are found and with sums that are right."""
    kept = _Chunk(home / "store")
    yield Loader("sidecar", (kept.said,), in_text, kept.read_sidecar)
    yield Loader("sidecar, signed", (kept.said,), in_json, kept.read_signed_sidecar)
    yield Loader("chunk", (kept.chunk,), scrambled, kept.read_chunk)
    yield Loader("chunk, signed", (kept.chunk,), scrambled, kept.read_signed_chunk)


def in_json(rng: Rng, whole: bytes) -> bytes:
    """Return JSON whose parts are rearranged."""
    return json.dumps(rearranged(rng, json.loads(whole))).encode()


def in_text(rng: Rng, whole: bytes) -> bytes:
    """Return a text spoilt in a few places."""
    text = whole.decode("utf-8")
    return mutated(rng, text, (text,))


def _signed(spoilt: bytes) -> bytes:
    """Return a saved result whose sum is that of what it holds."""
    try:
        data = json.loads(spoilt)
        body = json.dumps(data["result"], separators=(",", ":"), allow_nan=False)
        data["sha256"] = sha256(body.encode()).hexdigest()
        return json.dumps(data).encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        return spoilt


def _of_text(name: str, texts: Any, path: Path, read: Callable[[Path], object]) -> Loader:
    whole = tuple(texts)

    def spoil(rng: Rng, content: bytes) -> bytes:
        return mutated(rng, content.decode("utf-8"), whole)

    return Loader(name, tuple(text.encode() for text in whole), spoil, _from(path, read))


def _from(
    path: Path, read: Callable[[Path], object], change: Callable[[bytes], bytes] = bytes
) -> Read:
    def from_file(spoilt: bytes) -> object:
        path.write_bytes(change(spoilt))
        return read(path)

    return from_file
