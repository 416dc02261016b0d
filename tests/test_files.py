"""Files appear whole or not at all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import heard_signals
from pathsim.errors import InputError
from pathsim.files import Outbox, write_whole
from pathsim.present.output import log_outbox, write_log

hears = heard_signals.hears


def test_files_appear_together_when_all_is_done(tmp_path):
    with Outbox(tmp_path / "new" / "out") as outbox:
        outbox.write("a.txt", "£1\n")
        assert not (tmp_path / "new").exists()
        outbox.write("b.txt", "2\n")
    assert sorted(path.name for path in (tmp_path / "new" / "out").iterdir()) == ["a.txt", "b.txt"]
    assert (tmp_path / "new" / "out" / "a.txt").read_bytes() == "£1\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_an_interrupt_leaves_nothing_behind(tmp_path):
    def interrupted():
        with Outbox(tmp_path / "out") as outbox:
            outbox.write("a.txt", "half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_older_files_stay_until_the_new_ones_are_whole(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "other.txt").write_text("mine")
    with Outbox(tmp_path) as outbox:
        outbox.write("a.txt", "new")
        assert (tmp_path / "a.txt").read_text() == "old"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "a.txt": "new",
        "other.txt": "mine",
    }


@pytest.mark.parametrize(
    ("place", "message"),
    [("file.txt", "is a file, not a folder"), ("file.txt/out", "cannot be written to")],
)
def test_a_place_that_cannot_be_written_to_is_refused_on_entering(tmp_path, place, message):
    (tmp_path / "file.txt").write_text("here")
    with pytest.raises(InputError, match=message), Outbox(tmp_path / place):
        pytest.fail("entered")


def test_a_folder_in_the_way_of_a_file_is_bad_input_and_leaves_nothing(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with (
        pytest.raises(InputError, match="cannot be written to"),
        Outbox(tmp_path) as outbox,
    ):
        outbox.write("a.txt", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("log.txt", r"no known suffix.*allowed: \.csv or \.parquet"), ("x.csv", "is a folder")],
)
def test_a_log_that_cannot_be_written_is_refused(tmp_path, name, message):
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(InputError, match=message):
        log_outbox(tmp_path / name)


@pytest.mark.parametrize("name", ["log.csv", "log.parquet"])
def test_a_log_reads_back_equal(tmp_path, name):
    events = pd.DataFrame(
        {"replication": [0], "person": ["a"], "time": [0.1 + 0.2], "event": ["x"]}
    )
    with log_outbox(tmp_path / name) as outbox:
        write_log(events, outbox.path(name))
    read = pd.read_csv if name.endswith("csv") else pd.read_parquet
    back = read(tmp_path / name)
    assert back["time"][0] == 0.1 + 0.2
    assert list(back["person"]) == ["a"]


HOLDER = """
import sys, time
from pathlib import Path
from pathsim.files import Outbox, write_whole

with Outbox(Path(sys.argv[1])) as outbox:
    outbox.write("a.txt", "half")
    print("writing", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """Return a process that is writing to `out`."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "out")], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"writing\n"
        yield process
        process.kill()


def test_what_a_killed_process_leaves_is_removed_by_the_next(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert len(list(tmp_path.iterdir())) == 1
    with Outbox(tmp_path / "out") as outbox:
        outbox.write("a.txt", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "a.txt").read_text() == "whole"


def test_what_a_living_process_writes_is_left_alone(tmp_path, holder):
    with Outbox(tmp_path / "out") as outbox:
        outbox.write("a.txt", "mine")
    assert holder.poll() is None
    (aside,) = tmp_path.glob(".pathsim-*")
    assert (aside / "files" / "a.txt").read_text() == "half"


def test_other_folders_of_such_names_are_left_alone(tmp_path):
    names = {".pathsim-settings", ".pathsim-unfinished-notes", "a.txt"}
    for name in names - {"a.txt"}:
        (tmp_path / name).mkdir()
    write_whole(tmp_path / "a.txt", "x")
    assert {path.name for path in tmp_path.iterdir()} == names


def test_an_interrupt_while_files_are_moved_waits_for_the_last(tmp_path, monkeypatch):
    def interrupted(source, target):
        signal.raise_signal(signal.SIGINT)
        replace(source, target)

    replace = os.replace
    monkeypatch.setattr(os, "replace", interrupted)

    def write():
        with Outbox(tmp_path) as outbox:
            for name in ("a.txt", "b.txt"):
                outbox.write(name, "new")

    with pytest.raises(KeyboardInterrupt):
        write()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "a.txt": "new",
        "b.txt": "new",
    }


def test_a_link_stays_a_link_and_a_file_keeps_its_permissions(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "a.txt").chmod(0o640)
    (tmp_path / "link.txt").symlink_to("a.txt")
    write_whole(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "a.txt").read_text() == "new"
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640


def test_a_device_is_no_place_for_a_file():
    with pytest.raises(InputError, match="is a device or a pipe"):
        write_whole(Path("/dev/full"), "x")
