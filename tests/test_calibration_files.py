"""Files of a calibration: its runs, a line each, and what is written into scenarios and pages."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pathsim.errors import InputError, InputWarning
from pathsim.study.calibration import Posterior
from pathsim.study.calibration.pages import around, entry_values, replace_between, scenario_values
from pathsim.study.calibration.store import Run, Store

IDENTITY: dict[str, Any] = {"replications": 2, "targets": ["a"], "seed": 1}


def a_run(value: float = 0.5) -> Run:
    return Run(np.array([0.1, value]), np.array([[value], [0.25]]))


def test_runs_are_kept_by_wave_number_and_point(tmp_path):
    for file in (None, tmp_path / "runs.jsonl"):
        store = Store(file, identity=IDENTITY)
        assert len(store) == 0
        store.add(0, 1, a_run())
        store.add(1, 1, a_run(0.75))
        assert len(store) == 2
        for found in (store, Store(file, identity=IDENTITY)) if file else (store,):
            run = found.get(0, 1, a_run().point)
            assert run is not None
            assert run.figures.tolist() == a_run().figures.tolist()
            assert found.get(0, 1, a_run(0.75).point) is None
            assert found.get(0, 2, a_run().point) is None
            assert found.get(1, 1, a_run(0.75).point) is not None
    first, second, _ = (tmp_path / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == IDENTITY
    assert json.loads(second) == {
        "wave": 0,
        "number": 1,
        "point": [0.1, 0.5],
        "figures": [[0.5], [0.25]],
    }


def test_an_empty_file_begins_anew_and_one_of_other_runs_is_refused(tmp_path):
    file = tmp_path / "runs.jsonl"
    file.touch()
    Store(file, identity=IDENTITY)
    assert json.loads(file.read_text(encoding="utf-8")) == IDENTITY
    with pytest.raises(InputError, match=r"runs\.jsonl: has the runs of another calibration"):
        Store(file, identity=IDENTITY | {"seed": 2})
    file.write_text("cut short", encoding="utf-8")
    with pytest.raises(InputError, match=r"runs\.jsonl: has the runs of another calibration"):
        Store(file, identity=IDENTITY)


@pytest.mark.parametrize(
    "line",
    [
        '{"wave": 0, "number": 1, "point": [0.1], "figures": [[0.5]]}',
        '{"wave": 0, "point": [0.1], "figures": [[0.5], [0.1]]}',
        '{"wave": null, "number": 1, "point": [0.1], "figures": [[0.5], [0.1]]}',
        "[1, 2]",
        "{",
    ],
)
def test_a_line_that_is_no_run_is_told(tmp_path, line):
    file = tmp_path / "runs.jsonl"
    file.write_text(json.dumps(IDENTITY) + f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"runs\.jsonl: is not a file of runs; remove it$"):
        Store(file, identity=IDENTITY)


def test_a_last_line_cut_short_is_dropped_and_said(tmp_path):
    file = tmp_path / "runs.jsonl"
    Store(file, identity=IDENTITY).add(0, 0, a_run())
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole + '{"wave": 0, "num', encoding="utf-8")
    with pytest.warns(
        InputWarning, match="the last line was cut short; that run is made again"
    ) as caught:
        assert len(Store(file, identity=IDENTITY)) == 1
    assert {each.filename for each in caught} == {__file__}
    assert file.read_text(encoding="utf-8") == whole
    Store(file, identity=IDENTITY)  # and no warning


def test_a_file_that_takes_no_run_is_told(tmp_path):
    file = tmp_path / "runs.jsonl"
    store = Store(file, identity=IDENTITY)
    file.unlink()
    file.mkdir()
    with pytest.raises(InputError, match=r"runs\.jsonl: cannot be written to: Is a directory"):
        store.add(0, 0, a_run())


# Pages


@pytest.mark.parametrize(
    "lines", [["A", "x", "B", "B"], ["A", "A", "B"], ["B", "x", "A"], ["A", "x"], ["x"]]
)
def test_two_marks_stand_once_and_in_order(tmp_path, lines):
    page = tmp_path / "page.md"
    page.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match=r"page\.md: needs a line 'A' and after it a line 'B'"):
        around(page, ("A", "B"))


def test_a_page_is_a_text(tmp_path):
    page = tmp_path / "page.md"
    page.mkdir()
    with pytest.raises(InputError, match=r"page\.md: .*allowed: a text"):
        around(page, ("A", "B"))


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("one\n A \nold\nolder\nB\ntwo\n", encoding="utf-8")
    assert around(page, ("A", "B")) == (["one\n", " A \n"], ["B\n", "two\n"])
    replace_between(page, ("A", "B"), "new\n")
    assert page.read_text(encoding="utf-8") == "one\n A \nnew\nB\ntwo\n"


def test_the_values_of_a_scenario_are_tables_with_their_sources():
    table = pd.DataFrame({"hazard.adult_level": [0.2] * 3, "hazard.multipliers.sex=female": 1.25})
    said = scenario_values(Posterior(table), source='the "fit"')
    parts = '"the \\"fit\\""'
    parts = f'source = {parts}\ngrade = "calibrated"\n'
    assert said == (
        f"\n[hazard.adult_level]\nvalue = 0.2\nlow = 0.2\nhigh = 0.2\n{parts}"
        f'\n[hazard.multipliers."sex=female"]\nvalue = 1.25\nlow = 1.25\nhigh = 1.25\n{parts}\n'
    )


def test_a_source_of_several_lines_is_written_on_one():
    table = pd.DataFrame({"hazard.adult_level": [0.2] * 3})
    said = scenario_values(Posterior(table), source="one\ntwo")
    assert 'source = "one\\ntwo"\n' in said


def test_entry_shares_are_tables_by_age_group():
    shares = pd.DataFrame(
        [("youth", "0", 0.5, 0.4, 0.6), ("youth", "15+", 0.25, 0.2, 0.3), ("adult", "0", 1, 1, 1)],
        columns=["age_group", "previous_offences", "value", "low", "high"],
    )
    last = 'source = "s", grade = "calibrated" }\n'
    assert entry_values(shares, source="s") == (
        f'\n[cohort.entry_shares.youth]\n"0" = {{ value = 0.5, low = 0.4, high = 0.6, {last}'
        f'"15+" = {{ value = 0.25, low = 0.2, high = 0.3, {last}'
        f'\n[cohort.entry_shares.adult]\n"0" = {{ value = 1, low = 1, high = 1, {last}\n'
    )
