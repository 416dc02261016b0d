"""A small scenario with an option, and the app over it: in this process, or as one of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for a successor of httpx
    from starlette.testclient import TestClient

from pathsim.app.catalogue import Catalogue
from pathsim.app.site import make_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

HOST = "http://127.0.0.1"
MHTR = "services.mhtr.referral"
"""A lever that changes something among few people too."""
BASELINE = """\
title = "Small Dorset"
extends = "dorset/baseline"
places_for = 132
[cohort]
adults = 120
youths = 12
"""
OPTION = """\
title = "Ten <script>document.title = 'caught'</script> places"
extends = "small.toml"
[services.mhtr]
capacity = 10
referral = 0.5
"""


def written(folder: Path) -> Path:
    """Write the baseline and an option of it; return the baseline's file."""
    (folder / "ten-places.toml").write_text(OPTION, encoding="utf-8")
    file = folder / "small.toml"
    file.write_text(BASELINE, encoding="utf-8")
    return file


@contextmanager
def client(file: Path) -> Iterator[TestClient]:
    """Give a client of the app over a scenario, which follows no redirection."""
    app, bench = make_site(Catalogue(str(file)))
    try:
        yield TestClient(app, base_url=HOST, follow_redirects=False)
    finally:
        bench.close()


def sharpened(asks: TestClient, query: str, *, states: int) -> Response:
    """Return the estimate of an address once it is of so many states of the world."""
    until = time.monotonic() + 240
    while time.monotonic() < until:
        found = asks.get(f"/estimate?{query}")
        if states_of(found.text) >= states:
            return found
        time.sleep(0.2)
    raise AssertionError(found.text[:2000])


def states_of(text: str) -> int:
    """Return of how many states a page or a part of one is."""
    found = re.search(r'id="state"[^>]*>(\d+) states? of the world', text)
    return int(found.group(1)) if found else 0


@contextmanager
def served(file: Path) -> Iterator[str]:
    """Give the address of the app as a process of its own."""
    command = [sys.executable, "-m", "pathsim", "app", str(file), "--port", "0", "--no-browser"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        lines = iter(server.stderr.readline, "")
        line = next(each for each in lines if each.startswith("open "))
        yield line.split()[1]
    finally:
        server.terminate()
        server.communicate(timeout=30)
