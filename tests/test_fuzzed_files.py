"""A few hundred spoilt files: none ends in anything but a run or a clear refusal.

`python -m tests.fuzzed --files 20000 --commands 300` is the long form.
"""

from fuzzed import HANGS_SECONDS, check_commands, check_files, outcome
from spoilt import KINDS, corpus, spoilt

FEW = 420
"""Files; with this many every way to spoil is met."""


def test_files_that_nobody_spoilt_are_ok(tmp_path):
    for kind in set(KINDS):
        for text in corpus(kind):
            (tmp_path / "baseline.toml").write_text(corpus("scenario")[0], encoding="utf-8")
            path = tmp_path / ("file.csv" if kind in ("table", "posterior") else "file.toml")
            path.write_text(text, encoding="utf-8")
            assert outcome(kind, path) == "ok"


def test_spoilt_files_are_the_same_again_and_are_spoilt():
    for kind in set(KINDS):
        files = [spoilt(kind, seed) for seed in range(50)]
        assert files == [spoilt(kind, seed) for seed in range(50)]
        whole = {text.encode() for text in corpus(kind)}
        assert sum(file not in whole for file in files) > 25


def test_a_spoilt_file_is_run_or_refused(capsys):
    tally = check_files(range(FEW))
    tally.tell()
    assert not tally.failures, capsys.readouterr().out
    assert tally.ends["ok"] > FEW / 10
    assert tally.ends["refused"] > FEW / 2
    assert tally.slowest[0] < HANGS_SECONDS


def test_a_spoilt_file_at_the_command_line_is_run_or_refused(capsys):
    tally = check_commands(range(len(KINDS)))
    tally.fail("", -1)
    tally.tell()
    assert tally.failures == {"": [-1]}, capsys.readouterr().out
