"""A short form of `make soak`: spoilt files through every loader, and a moment of comparisons."""

import re
import subprocess
import sys

import pytest

import soak
from loaders import Loader, loaders
from soak import FLAT, Fuzzed, Soaked, end_of, kept_files, spoilt_file

FEW = 297
"""Three times every loader as often as it is fed."""


def test_every_loader_reads_or_refuses_some_hundreds_of_spoilt_files():
    script = [sys.executable, soak.__file__, "fuzz", "--inputs", str(FEW)]
    # In a process of its own, as the most memory of this one may be another test's.
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    told = done.stdout.replace(",", "")
    assert done.returncode == 0, done.stdout + done.stderr
    ends = {end: int(count) for count, end in re.findall(r"(\d+) (read|refused)\b", told)}
    assert ends["read"] > FEW / 10
    assert ends["refused"] > FEW / 2
    assert "19 loaders" in told


def test_whole_files_are_read_and_spoilt_ones_are_the_same_again(tmp_path):
    ways = loaders(tmp_path)
    for label, way, content in kept_files(ways):
        if " whole " in label:
            assert end_of(way, content) == "read", label
    for number in range(99):
        way, content = spoilt_file(ways, number)
        again, same = spoilt_file(ways, number)
        assert (way.name, content) == (again.name, same), number


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("x"), "KeyError in test_soak.py"),
        (UserWarning("y"), "UserWarning in test_soak.py"),
        (soak.InputWarning("z"), "InputWarning"),
    ],
)
def test_what_is_no_refusal_is_a_failure(error, told):
    def read(_):
        raise error

    found = Fuzzed()
    way = Loader("one", (b"",), lambda rng, whole: whole, read)
    soak._feed(found, way, b"", "7")
    assert [how for how in found.failures if told in how], found.failures
    assert list(found.failures.values()) == [["7"]]
    assert "1 WRONG" in found.tell()


def test_memory_is_looked_at_after_the_first_part():
    found = soak.soak(0.05)
    assert found.comparisons > 0
    assert 0 < found.warm <= found.most
    assert found.tell().startswith("compare: ")
    grown = Soaked(9, minutes=1.0, warm=100, most=100 + int(100 * FLAT) + 1, last=100)
    assert grown.tell().endswith("NOT FLAT")
