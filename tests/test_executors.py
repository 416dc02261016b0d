"""The same bits wherever a study is done, also when workers are lost on the way."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, CancelledError, Future, ThreadPoolExecutor

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.stop import Stop, Stopped
from pathsim.errors import InputError
from pathsim.study.executors import Elsewhere, call, is_loss, processes
from pathsim.study.where import Where, at, where

distributed = pytest.importorskip("distributed")
DRAWS = 16
pytestmark = [
    # Dask's own, on its way out.
    pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:(distributed|dask|tornado)"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    """Chunks of a state, as a town is small."""
    monkeypatch.setattr("pathsim.study.chunks._PEOPLE_IN_A_CHUNK", 1)


@pytest.fixture(scope="module")
def town():
    return ps.example()


def compared(town, **how):
    more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    return ps.compare(town, more, draws=DRAWS, replications=2, **how).table().to_csv()


@pytest.fixture(scope="module")
def plain(town):
    return compared(town, workers=1)


class Lossy(ThreadPoolExecutor):
    """Loses every third piece of work, in the ways that executors do."""

    def __init__(self, workers):
        super().__init__(workers)
        self.calls = 0

    def submit(self, function, /, *args):
        self.calls += 1
        if self.calls % 3:
            return super().submit(function, *args)
        lost = Future()
        if self.calls % 2:
            lost.cancel()
            lost.set_running_or_notify_cancel()
        else:
            lost.set_exception(ConnectionResetError("the worker has gone"))
        return lost


def test_an_executor_that_is_given_tells_the_same(town, plain):
    with ThreadPoolExecutor(2) as pool:
        assert compared(town, executor=pool) == plain
        assert pool.submit(int).result() == 0  # it is still open


def test_what_is_lost_is_done_again(town, plain, monkeypatch):
    monkeypatch.setattr("pathsim.study.executors._FIRST_WAIT_SECONDS", 0.0)
    with Lossy(2) as pool:
        assert compared(town, executor=pool) == plain
        assert pool.calls > 2 * DRAWS


def test_processes_tell_the_same_also_when_one_is_killed(town, plain):
    elsewhere = processes(2)
    killed = []

    def kill():
        while not killed:
            for process in list((elsewhere._executor._processes or {}).values()):
                killed.append(process.pid)
                os.kill(process.pid, signal.SIGKILL)
                return
            time.sleep(0.01)

    killer = threading.Timer(1.0, kill)
    try:
        with at(Where(executor=elsewhere)):
            killer.start()
            assert compared(town) == plain
    finally:
        killer.join()
        elsewhere.close()
    assert killed
    assert elsewhere._times >= 1  # opened anew


@pytest.fixture(scope="module")
def cluster():
    """Three workers of a Dask cluster on this machine, a process each."""
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made


def test_a_cluster_of_three_tells_the_same_also_when_a_worker_is_killed(
    town, plain, cluster, tmp_path
):
    with distributed.Client(cluster) as client:
        executor = client.get_executor(retries=3)
        assert compared(town, executor=executor) == plain
        pid = next(iter(client.run(os.getpid).values()))
        killer = threading.Timer(0.5, os.kill, (pid, signal.SIGKILL))
        killer.start()
        assert compared(town, executor=executor, store=tmp_path) == plain
        killer.join()
    assert compared(town, store=tmp_path) == plain


def test_the_shell_takes_the_address_of_a_cluster(cluster, tmp_path):
    command = [sys.executable, "-m", "pathsim", "run", "dorset/baseline", "--draws", "0"]
    command += ["--replications", "2", "--json"]
    here, there = (
        subprocess.run([*command, *more], capture_output=True, text=True, check=False)
        for more in ([], ["--scheduler", cluster.scheduler_address])
    )
    assert (here.returncode, there.returncode) == (0, 0), there.stderr
    drop = "elapsed_seconds", "finished", "workers"
    told = [
        [line for line in each.stdout.splitlines() if not any(word in line for word in drop)]
        for each in (here, there)
    ]
    assert told[0] == told[1]


def test_a_scheduler_that_is_not_there_is_one_clear_line():
    command = [sys.executable, "-m", "pathsim", "run", "dorset/baseline"]
    done = subprocess.run(
        [*command, "--scheduler", "tcp://127.0.0.1:9"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (CancelledError(), True),
        (BrokenExecutor(), True),
        (ConnectionResetError(), True),
        (distributed.KilledWorker("a", None, 3), True),
        (InputError(), False),
        (ValueError(), False),
        (MemoryError(), False),
    ],
)
def test_a_loss_of_workers_is_told_from_an_error_of_the_work(error, lost):
    assert is_loss(error) is lost


def test_a_broken_executor_of_the_callers_is_said(town):
    class Broken(ThreadPoolExecutor):
        def submit(self, *_args):
            raise BrokenExecutor("all workers have gone")

    with Broken(1) as pool, pytest.raises(InputError, match="were lost") as refused:
        compared(town, executor=pool)
    assert "goes on where it was" in str(refused.value)


def test_a_cluster_that_never_comes_back_is_given_up(monkeypatch):
    monkeypatch.setattr("pathsim.study.executors._FIRST_WAIT_SECONDS", 0.0)
    opened = []

    class Gone(ThreadPoolExecutor):
        def submit(self, *_args):
            raise ConnectionRefusedError

    def again():
        opened.append(1)
        if len(opened) == 2:
            raise InputError
        return Gone(1)

    elsewhere = Elsewhere(again, at_once=1, closed=lambda _: None, name="the cluster")
    with pytest.raises(InputError, match="the workers of the cluster were lost"):
        elsewhere.do(np.add, 1, 2, stop=Stop())
    assert len(opened) > 3


def endless(_log):
    return float("inf")


def test_an_error_of_the_work_comes_back_as_it_was(town):
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(InputError) as here:
            ps.run(town, draws=0, replications=2, outcomes=[endless])
        with pytest.raises(InputError) as there:
            ps.run(town, draws=0, replications=2, outcomes=[endless], executor=pool)
    assert str(here.value) == str(there.value)
    assert str(pickle.loads(pickle.dumps(here.value))) == str(here.value)


def test_who_waits_for_an_executor_hears_that_it_should_end():
    stop, release = Stop(), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        elsewhere = Elsewhere(lambda: pool, at_once=1, closed=None, name="the executor")
        pool.submit(release.wait)
        pool.submit(release.wait)  # so that what follows waits for a worker
        threading.Timer(0.3, stop.ask).start()
        with pytest.raises(Stopped):
            elsewhere.do(_itself, 0, stop=stop)
        release.set()


class DoneMeanwhile(Future):
    """Is done just after somebody looked in vain."""

    def result(self, timeout=None):
        if not self.done():
            self.set_result("done")
            raise TimeoutError
        return super().result(timeout)


class Late(ThreadPoolExecutor):
    def submit(self, *_what, **_how):
        return DoneMeanwhile()


def test_what_is_done_just_after_a_look_is_no_error():
    with Late(1) as pool:
        elsewhere = Elsewhere(lambda: pool, at_once=1, closed=None, name="the executor")
        assert elsewhere.do(_itself, 0, stop=Stop()) == "done"


@pytest.mark.parametrize(
    ("executor", "words"),
    [
        ("threads", "a concurrent.futures.Executor, or 'processes'"),
        (3, "is no executor"),
        (object, "is no executor"),
    ],
)
def test_what_is_no_executor_is_refused(town, executor, words):
    with pytest.raises(InputError, match=words):
        ps.run(town, draws=0, replications=2, executor=executor)


def test_what_cannot_be_sent_is_refused(town):
    def here(log):
        return len(log)

    class Sends(ThreadPoolExecutor):
        """Sends work, as processes do."""

    with Sends(1) as pool, pytest.raises(InputError, match="cannot be sent to another process"):
        ps.run(town, draws=0, replications=2, executor=pool, outcomes=[here])


def test_a_place_holds_for_all_verbs_called_meanwhile_and_ends(town, tmp_path):
    with ps.using(store=tmp_path):
        town.sweep("services.mentor.capacity", [6, 24], draws=2, replications=2)
        assert where().store is not None
    assert where() == Where()
    assert list(tmp_path.rglob("*.parquet"))


def test_a_worker_keeps_what_calls_share():
    packed = Elsewhere(lambda: None, at_once=1, closed=None, name="")._packed(("shared", DRAWS))
    first = call(_itself, *packed, ())
    assert call(_itself, *packed, ()) is first


def _itself(shared):
    return shared
