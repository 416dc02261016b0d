"""The library speaks through `logging`, and to nobody who did not ask."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest
from rich.console import Console

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.engine.kernels.cache import say
from pathsim.present import progress
from small_scenario import write_scenarios

QUIET = """
import sys, pathsim as ps
baseline = ps.load(sys.argv[1])
option = baseline.change("More", {"services.mentor.capacity": 24})
result = ps.compare(baseline, option, draws=0, replications=2)
result.table(), repr(result), result._repr_html_()
"""


def test_the_library_writes_nothing_even_where_it_compiles(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/dev/null/none")  # nothing can be kept there
    file = write_scenarios(tmp_path) / "baseline.toml"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", QUIET, str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_whoever_asks_logging_is_told(caplog):
    with caplog.at_level(logging.INFO, logger="pathsim"):
        say("compiling")
        say("cannot be kept", warning=True)
    assert [(each.name, each.levelname, each.message) for each in caplog.records] == [
        ("pathsim.engine", "INFO", "compiling"),
        ("pathsim.engine", "WARNING", "cannot be kept"),
    ]


def test_the_shell_shows_what_is_logged_and_forgets_it(tmp_path, monkeypatch, capsys):
    known, before = ps.scenarios(), logging.getLogger("pathsim").handlers[:]

    def load(*_):
        say("a line")
        say("a \x1b[31mword", warning=True)
        return known

    monkeypatch.setattr("pathsim.scenario.shipped.scenarios", load)
    assert run_command_line(["scenarios"]) == 0
    said = capsys.readouterr().err
    assert said == "pathsim: a line\npathsim: warning: a \\x1b[31mword\n"
    assert logging.getLogger("pathsim").handlers == before
    assert logging.getLogger("pathsim").propagate


class Clock:
    """A clock that a test sets."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(progress.time, "monotonic", lambda: self.now)


def test_lines_of_a_shell_say_how_long_is_left(monkeypatch):
    clock, said = Clock(monkeypatch), io.StringIO()
    with progress.shown_progress(Console(file=said, force_terminal=False)) as show:
        # The engine is compiled for half a minute, and two replications are done at once.
        for done, passed in ((0, 0.0), (1, 30.0), (2, 30.01), (4, 40.0), (6, 430.0), (8, 440.0)):
            clock.now = 100.0 + passed
            show(done, 8)
    assert said.getvalue().splitlines() == [
        "8 replications; starting the engine",
        "2 of 8 replications",
        "4 of 8 replications, about 20 s left",
        "6 of 8 replications, about 3 min left",
        "8 of 8 replications",
    ]


class Handle:
    """IPython's display, which notes what it shows."""

    def __init__(self):
        self.shown = []

    def display(self, bundle, *, raw, display_id):
        assert (raw, display_id) == (True, True)
        self.shown.append(bundle["text/plain"])
        return self

    def update(self, bundle, *, raw):
        assert raw
        self.shown.append(bundle["text/plain"])


@pytest.fixture
def notebook(monkeypatch):
    """A process that is the kernel of a notebook, as far as IPython tells."""
    handle, ipython = Handle(), ModuleType("IPython")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=object())
    ipython.display = SimpleNamespace(display=handle.display)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    return handle


def test_a_notebook_shows_one_line_with_the_time_left_which_goes(notebook, monkeypatch):
    clock = Clock(monkeypatch)
    show = progress.notebook_progress()
    for done, passed in ((0, 0.0), (1, 35.0), (2, 35.1), (3, 45.0), (4, 50.0)):
        clock.now = 100.0 + passed
        show(done, 4)
    assert notebook.shown == [
        "4 replications; starting the engine",
        "simulating: 1 of 4 replications",
        "simulating: 3 of 4 replications, about 5 s left",
        "",
    ]


def test_in_a_notebook_progress_is_on_unless_it_is_refused(notebook, tmp_path):
    baseline = ps.load(write_scenarios(tmp_path) / "baseline.toml")
    few = {"draws": 0, "replications": 2, "workers": 1}
    ps.run(baseline, **few, progress=False)
    assert notebook.shown == []
    ps.run(baseline, **few)
    assert notebook.shown[0] == "2 replications; starting the engine"
    assert notebook.shown[-1] == ""
    told = []
    ps.run(baseline, **few, progress=lambda *step: told.append(step))
    assert told[-1] == (2, 2)
    count = len(notebook.shown)
    ps.explain(baseline, baseline.change("M", {"services.mentor.capacity": 9}), replications=2)
    assert len(notebook.shown) > count


def test_ipython_in_a_shell_is_no_notebook(monkeypatch):
    ipython = ModuleType("IPython")
    ipython.get_ipython = SimpleNamespace
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    assert progress.notebook_progress() is None
