"""An interrupt ends a study at once, wherever it is, and Python goes on as if it had not begun."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

import heard_signals
import pathsim as ps
from pathsim.engine import run as engine
from pathsim.engine.kernels.workspace import Counter
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.engine.stop import Stop, Stopped
from pathsim.people.cohort import Cohort
from pathsim.study.plan import make_plan
from pathsim.study.run import event_log
from pathsim.study.threads import alone, do_all
from small_scenario import BASELINE, MORE, write_scenarios

hears = heard_signals.hears

SOON_SECONDS = 2.0
PATIENCE_SECONDS = 120
FILES = {"baseline.toml", "more.toml", "same.toml", "crowd.toml", "few.toml", "town.toml"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    crowd = BASELINE.replace("people = 60", "people = 400000")
    town = BASELINE.replace("people = 60", "people = 20000")
    (tmp_path / "town.toml").write_text(town, encoding="utf-8")
    (tmp_path / "crowd.toml").write_text(crowd, encoding="utf-8")
    few = MORE.replace("baseline.toml", "crowd.toml")
    (tmp_path / "few.toml").write_text(few, encoding="utf-8")
    return tmp_path


@pytest.fixture
def crowd(folder):
    return ps.load(folder / "crowd.toml")


@pytest.fixture
def interrupt_in():
    """Return a function that sends SIGINT to this process in so many seconds."""
    timers = []

    def interrupt_in(seconds):
        timers.append(threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGINT)))
        timers[-1].start()
        return time.monotonic() + seconds

    yield interrupt_in
    for timer in timers:
        timer.cancel()


def ended_soon(since):
    # The machine of the tests may be busy; what is waited for would last minutes.
    return time.monotonic() - since < 2 * SOON_SECONDS


def test_a_kernel_ends_in_the_middle_of_a_replication(crowd):
    lowered = lower(crowd, Cohort.from_scenario(crowd))
    whole, _ = simulate(lowered, seed=1, replication=0)
    stop = Stop()
    work = engine._mine.work
    counters = work.counters

    def ask_when_it_is_on_its_way():
        while counters[Counter.EVENTS] < 1000:
            time.sleep(0.0001)
        stop.ask()

    counters[Counter.EVENTS] = 0
    asker = threading.Thread(target=ask_when_it_is_on_its_way)
    asker.start()
    with pytest.raises(Stopped):
        simulate(lowered, seed=1, replication=0, stop=stop)
    asker.join()
    assert engine._mine.work is work
    assert 1000 <= counters[Counter.EVENTS] < whole.events
    again, _ = simulate(lowered, seed=1, replication=0)
    assert (again.person == whole.person).all()


@pytest.mark.parametrize(("engine", "people"), [("kernel", "crowd"), ("reference", "town")])
def test_python_hears_an_interrupt_at_once_and_goes_on(folder, engine, people, interrupt_in):
    crowd = ps.load(f"{people}.toml")
    since = interrupt_in(1.0)
    with pytest.raises(KeyboardInterrupt):
        ps.run(crowd, replications=2000, engine=engine)
    assert ended_soon(since)
    small = ps.load("baseline.toml")
    first, second = (ps.run(small, replications=2, engine=engine) for _ in range(2))
    assert first.table().equals(second.table())


@pytest.mark.parametrize(("engine", "people"), [("kernel", "crowd"), ("reference", "town")])
def test_a_log_is_interrupted_too(folder, engine, people, interrupt_in):
    crowd = ps.load(f"{people}.toml")
    plan = make_plan(replications=1, seed=1, workers=1, engine=engine, least_replications=1)

    def read_logs():
        while True:
            event_log(crowd, plan=plan)

    since = interrupt_in(1.0)
    with pytest.raises(KeyboardInterrupt):
        read_logs()
    assert ended_soon(since)


def test_what_does_not_stop_is_not_waited_for(interrupt_in):
    # As the compilation of the kernel, which nothing ends.
    free = threading.Event()
    since = interrupt_in(0.2)
    with pytest.raises(KeyboardInterrupt):
        alone(lambda _: free.wait(PATIENCE_SECONDS))
    free.set()
    assert ended_soon(since)


def test_an_error_in_one_job_stops_the_others():
    begun, ended = threading.Event(), []

    def fails(_):
        begun.wait()
        raise ZeroDivisionError

    def goes_on(stop):
        begun.set()
        while not stop.request:
            time.sleep(0.01)
        ended.append(True)

    with pytest.raises(ZeroDivisionError):
        do_all([fails, goes_on], workers=2, done=lambda *_: None)
    assert ended == [True]


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "pathsim", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "baseline.toml", "--replications", "200000", "--out", "out", "--log", "log.csv"),
        ("run", "town.toml", "--engine", "reference", "--out", "out"),
        ("compare", "crowd.toml", "few.toml", "--replications", "2000", "--out", "out"),
    ],
    ids=["run", "reference", "compare"],
)
def test_either_signal_is_one_line_and_code_130(folder, number, arguments):
    with start(*arguments) as process:
        assert "replications" in process.stderr.readline()
        time.sleep(0.5)
        since = time.monotonic()
        for _ in range(3):  # the second and the third do no harm
            process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert ended_soon(since)
    assert process.returncode == 130
    assert out == ""
    assert [line for line in err.splitlines() if "replications" not in line] == [
        "interrupted; nothing was written"
    ]
    assert {path.name for path in folder.iterdir()} == FILES


@pytest.mark.parametrize("asked", ["", "?services.gps_tag.capacity=36"])
def test_an_interrupt_ends_the_app(asked):
    with start("app", "--port", "0", "--no-browser") as process:
        said = process.stderr.readline()
        with urlopen(said.split()[1] + asked, timeout=PATIENCE_SECONDS) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert (out, err) == ("", "interrupted; nothing was written\n")


def test_an_interrupt_is_heard_while_modules_are_imported(folder):
    codes = []
    for tenth in range(1, 8):
        with start("run", "baseline.toml", "--replications", "200000") as process:
            wait_until_it_listens(process)
            time.sleep(tenth / 10)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=PATIENCE_SECONDS)
        codes.append(process.returncode)
        assert err.splitlines()[-1] == "interrupted; nothing was written"
        assert "Traceback" not in err
    assert set(codes) == {130}


def wait_until_it_listens(process):
    """Wait until the process has taken SIGTERM over, which Python leaves alone."""
    term = 1 << (signal.SIGTERM - 1)
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
        caught = next(line for line in status if line.startswith("SigCgt")).split()[1]
        if int(caught, 16) & term:
            return
        time.sleep(0.001)
