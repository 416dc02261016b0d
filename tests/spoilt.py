"""How files are spoilt: a whole file of some kind, mutated by seed."""

from __future__ import annotations

import copy
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from generated import generated  # noqa: E402 the tests are no package
from small_scenario import BASELINE, MORE  # noqa: E402 as above

KINDS = ("scenario", "scenario", "option", "table", "posterior", "targets")
SUFFIX = {"scenario": "toml", "option": "toml", "targets": "toml"}
SUPPLE = HERE.parent / "src/pathsim"


@cache
def corpus(kind: str) -> tuple[str, ...]:
    """Return whole files of a kind, to be spoilt."""
    data = HERE / "data"
    if kind == "scenario":
        made = [generated(seed).model_dump(exclude_none=True) for seed in _RICH]
        files = (data / "scenarios/baseline.toml", SUPPLE / "data/warmup.toml")
        texts = [BASELINE, BASELINE, *(file.read_text("utf-8") for file in files)]
        return (*texts, *(tomli_w.dumps(_undated(each)) for each in made))
    if kind == "option":
        more = "follow_up.days = 200\n[custody]\ncapacity = 4\n[hazard]\nlicence_ratio = 2\n"
        dated = MORE + "from_day = 100\n"
        return (MORE, dated, MORE + more)
    if kind == "table":
        return ((data / "people/good.csv").read_text("utf-8"),)
    if kind == "posterior":
        return ("# A posterior\nhazard.adult_level,hazard.youth_level\n0.003,0.002\n0.004,0.1\n",)
    files = sorted(HERE.parent.glob("scenarios/*/targets.toml"))
    return tuple(file.read_text("utf-8") for file in files)


_RICH = range(100, 104)


def _undated(raw: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in raw.items() if key not in ("before", "from_day")}


_NUMBERS = (
    "0", "-0.0", "-1", "1", "2", "0.5", "1e-300", "1e-9", "0.1", "100", "99.9", "1e5", "1e6",
    "1e9", "1e12", "1e15", "1e308", "-1e308", "1e309", "nan", "inf", "-inf", "9223372036854775807",
    "9223372036854775808", "18446744073709551616", f"1{'0' * 400}", f"0x{'f' * 5000}", "0b1",
    "365.25", "100000", "1_000", "36525", "1999-01-01", "07:32:00",
)  # fmt: skip
_EDGES = (
    "0", "0.0", "1e-300", "1e-9", "1e-6", "0.01", "0.1", "0.999999", "1", "1.0", "2", "5", "99.9",
    "100", "1000", "100000", "1000000", "1e9", "182.5", "365.25",
)  # fmt: skip
"""Numbers at the ends of what some parameter may be."""
_VALUES = (
    "true", '""', '"x"', "[]", "{}", "[1, 2]", "{ value = 1 }", "[[[]]]", '"unlimited"',
    '{ kind = "never" }', '{ kind = "exponential", mean = 1e-9 }', '{ evidence = "nothing" }',
    '{ kind = "lognormal", median = 5, sigma = 5 }', '{ kind = "weibull", scale = 9, shape = 0.1 }',
    '{ kind = "empirical", probabilities = [0, 1], quantiles = [0, 0] }', '["custody"]',
    '{ kind = "uniform", low = 0, high = 0 }', '{ value = 6, source = "x", grade = "offical" }',
)  # fmt: skip
_SIGNS = (
    "\x00", "\x1b[2J", "\u202e", "\ufeff", "\u2028", "\U0001f600", "\u0301", "é", "\\", '"', "'",
    '"""', "[", "]", "[[", "{", "}", "=", ".", ",", ";", "#", "\n", "\r", "\t", "[/]", "=1+1",
    "\ud7ff", "a" * 300, "a." * 80, "[" * 300, "\\u0000", "-", "+", "@", "1e", "0x",
)  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z0-9_.+-]+|\s+|[^\w\s]")
_VALUE = re.compile(r"(?<==)[ \t]*[^\n]+")
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d_]*\.?\d*(?:e-?\d+)?(?![\w.])")


def _chosen(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


def _somewhere(rng: np.random.Generator, pattern: re.Pattern[str], text: str) -> tuple[int, int]:
    found = list(pattern.finditer(text))
    if not found:
        return 0, 0
    return found[int(rng.integers(len(found)))].span()


def _spoilt_once(  # noqa: PLR0911 one for each way to spoil
    rng: np.random.Generator, text: str, others: tuple[str, ...]
) -> str:
    lines = text.split("\n")
    at_line, other = (int(rng.integers(len(lines))) for _ in range(2))
    start = int(rng.integers(len(text) + 1))
    length = int(rng.geometric(0.05))
    match int(rng.integers(13)):
        case 0 | 1 | 2:
            low, high = _somewhere(rng, _NUMBER, text)
            return text[:low] + _chosen(rng, _NUMBERS) + text[high:]
        case 3 | 4:
            low, high = _somewhere(rng, _VALUE, text)
            return text[:low] + " " + _chosen(rng, (*_VALUES, *_NUMBERS)) + text[high:]
        case 5:
            return text[:start] + _chosen(rng, _SIGNS) + text[start:]
        case 6:
            return text[:start] + text[start + length :]
        case 7:
            lines[at_line], lines[other] = lines[other], lines[at_line]
        case 8:
            lines.insert(other, lines[at_line])
        case 9:
            del lines[at_line]
        case 10:
            low, high = _somewhere(rng, _TOKEN, text)
            first, last = _somewhere(rng, _TOKEN, text)
            return text[:low] + text[first:last] + text[high:]
        case 11:
            donor = _chosen(rng, others).split("\n")
            lines.insert(at_line, donor[int(rng.integers(len(donor)))])
        case _:
            return (
                text[:start]
                + text[start : start + length] * int(rng.integers(2, 50))
                + text[start:]
            )
    return "\n".join(lines)


def spoilt(kind: str, seed: int) -> bytes:
    """Return a spoilt file of a kind, the same for the same seed."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    others = corpus(kind)
    return mutated(rng, _chosen(rng, others), others)


def mutated(rng: np.random.Generator, text: str, others: tuple[str, ...]) -> bytes:
    """Return a text spoilt in a few places, or in its numbers alone; others: to take parts of."""
    gentle = rng.random() < 0.5
    for _ in range(int(rng.integers(1, 5))):
        if gentle:
            low, high = _somewhere(rng, _NUMBER, text)
            text = text[:low] + _chosen(rng, _EDGES) + text[high:]
        else:
            text = _spoilt_once(rng, text, others)
    if gentle:
        return text.encode()
    content = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.15:
        flipped = bytearray(content or b" ")
        for _ in range(int(rng.integers(1, 4))):
            flipped[int(rng.integers(len(flipped)))] ^= 1 << int(rng.integers(8))
        content = bytes(flipped)
    return content[: int(rng.integers(len(content) + 1))] if rng.random() < 0.05 else content


_PARTS = (
    None, True, False, 0, -1, 1, 1e308, 10**30, "", "x", "nan", "inf", "x" * 3000, "\ud800",
    "a\0b", [], {}, [1, "x"], [[[[]]]], {"kind": "tuple"}, {"kind": "again", "id": 1}, "../../x",
    "/x", "<f8", "S1000000000", "O", "category",
)  # fmt: skip


def rearranged(rng: np.random.Generator, data: Any) -> Any:
    """Return plain data with a few parts replaced, left out, doubled, or put elsewhere."""
    whole = [copy.deepcopy(data)]
    for _ in range(int(rng.integers(1, 4))):
        places = list(_places(whole))
        holder, at = places[int(rng.integers(len(places)))]
        donor, other = places[int(rng.integers(len(places)))]
        match int(rng.integers(6)):
            case 0 if holder is not whole:
                del holder[at]
            case 1:
                holder[at] = copy.deepcopy(donor[other])
            case 2 if isinstance(holder, list):
                holder += [copy.deepcopy(holder[at])] * int(rng.integers(1, 50))
            case 3 if isinstance(holder[at], str):
                holder[at] = mutated(rng, holder[at], (holder[at],)).decode("utf-8", "replace")
            case _:
                holder[at] = copy.deepcopy(_PARTS[int(rng.integers(len(_PARTS)))])
    return whole[0]


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Give where each part of plain data is: what holds it, and its key or number there."""
    for at in list(holder) if isinstance(holder, dict) else range(len(holder)):
        yield holder, at
        if isinstance(holder[at], dict | list):
            yield from _places(holder[at])


def scrambled(rng: np.random.Generator, content: bytes) -> bytes:
    """Return bytes with a few of them flipped, replaced, left out, doubled or cut off."""
    spoilt_ones = bytearray(content or b" ")
    for _ in range(int(rng.integers(1, 6))):
        at = int(rng.integers(len(spoilt_ones) + 1))
        length = int(rng.geometric(0.1))
        match int(rng.integers(6)):
            case 0 | 1:
                spoilt_ones[at : at + 1] = rng.bytes(1)
            case 2:
                spoilt_ones[at : at + length] = bytes([255 * int(rng.integers(2))]) * length
            case 3:
                del spoilt_ones[at : at + length]
            case 4:
                spoilt_ones[at:at] = spoilt_ones[at : at + length]
            case _ if rng.random() < 0.2:
                del spoilt_ones[at:]
    return bytes(spoilt_ones)


def write_spoilt(folder: Path, number: int) -> tuple[str, Path]:
    """Write the spoilt file of this number, and what it may extend; return kind and path."""
    kind = KINDS[number % len(KINDS)]
    (folder / "baseline.toml").write_text(BASELINE, encoding="utf-8")
    path = folder / f"f.{SUFFIX.get(kind, 'csv')}"
    path.write_bytes(spoilt(kind, number))
    return kind, path
