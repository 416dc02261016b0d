"""What a mapping says happened to people, as a table of outcomes and from the shell."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from mapped_files import write
from pathsim.cli.app import run_command_line
from pathsim.people.cohort import Cohort
from pathsim.people.observed import observed_of
from small_town import TOWN

pytestmark = pytest.mark.filterwarnings(
    # Small tables say little of their people, which is not what is tried here.
    "ignore:.*assumed, where nothing is given:pathsim.errors.InputWarning"
)
MAPPING = """\
columns.id.from = "ref"
columns.age.from = "age"
columns.sex.from = "sex"
columns.offence_group.from = "offence"
columns.previous_offences.from = "priors"
columns.disposal.for_all = "fine"
"""
HEAD = "ref,age,sex,offence,priors"


def people(rows):
    return [
        f"P{k},{30 + k % 20},{'male' if k % 3 else 'female'},theft,{k % 5}" for k in range(rows)
    ]


def cohort_of(folder, more, cells, mapping):
    lines = [
        f"{HEAD},{more}",
        *(f"{a},{b}" for a, b in zip(people(len(cells)), cells, strict=True)),
    ]
    file = write(folder, "\n".join(lines) + "\n")
    return file, write(folder, MAPPING + mapping, "mapping.toml")


def test_flags_become_a_table_of_outcomes(tmp_path):
    mapping = '[observed]\nreoffended = "again"\nwithin_days = 365\n'
    file, said = cohort_of(tmp_path, "again", ["yes", "no", ""], mapping)
    table, days, only_within = Cohort.from_file(file, mapping=said).outcomes()
    assert days == 365
    assert only_within
    assert table["reoffended"].tolist() == ["yes", "no", ""]
    assert table["id"].tolist() == ["P0", "P1", "P2"]


def test_who_is_censored_was_followed_until_then_and_did_not_reoffend(tmp_path):
    mapping = '[observed]\ndays = "duration"\ncensored = "cut"\nwithin_days = 365\n'
    cells = ["100,0", "200,1", "400,1", "500,0"]
    file, said = cohort_of(tmp_path, "duration,cut", cells, mapping)
    cohort = Cohort.from_file(file, mapping=said)
    seen = observed_of(cohort.outcomes().table, cohort, within_days=365)
    assert seen.reoffended.tolist() == [True, False, False, False]
    assert seen.counts.tolist() == [True, False, True, True]


def test_dates_of_reoffences_are_days_from_release_and_unknown_without_it(tmp_path):
    mapping = '[observed]\ndate = "again_on"\nsince = "released"\nunknown = ["NK"]\n'
    cells = ["2024-04-11,2024-04-21", "2024-05-01,", ",2025-04-01", "NK,", "2024-01-01,NA"]
    file, said = cohort_of(tmp_path, "released,again_on", cells, mapping)
    table = Cohort.from_file(file, mapping=said).outcomes().table
    assert table["id"].tolist() == ["P0", "P1", "P4"]
    assert np.array_equal(table["days"].to_numpy(), [10.0, np.nan, np.nan], equal_nan=True)


def test_who_is_censored_without_a_day_is_not_known(tmp_path):
    mapping = '[observed]\ndays = "duration"\ncensored = "cut"\n'
    file, said = cohort_of(tmp_path, "duration,cut", ["100,0", ",1", ",0"], mapping)
    table = Cohort.from_file(file, mapping=said).outcomes().table
    assert table["id"].tolist() == ["P0", "P2"]


def test_a_day_says_what_an_empty_flag_does_not(tmp_path):
    mapping = '[observed]\nreoffended = "again"\ndays = "duration"\nwithin_days = 365\n'
    file, said = cohort_of(tmp_path, "again,duration", [",28", "no,400", ",", "yes,3"], mapping)
    table = Cohort.from_file(file, mapping=said).outcomes().table
    assert table["reoffended"].tolist() == ["yes", "no", "", "yes"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ('date = "b"', r"observed\.date: needs the date from which days are counted"),
        ('reoffended = "a"\ncensored = "a"\nwithin_days = 9', r"observed\.censored: says nothing"),
        ('reoffended = "a"', r"observed\.reoffended: does not say within how many days"),
        ('days = "a"\ndate = "b"\nsince = "b"', r"observed\.date: does not go with days"),
        ('date = "c"\nsince = "b"', r"observed\.date: is before the date .* in 1 row: 2"),
        ('date = "b"\nsince = "a"', r"observed\.since: is no date in 2 rows: 2, 3"),
    ],
)
def test_what_says_nothing_alone_is_refused(tmp_path, mapping, words):
    used = {"a", "b", "c"} - set(re.findall(r'= "(\w)"', mapping))
    left = f"[left_out]\ncolumns = {json.dumps(sorted(used))}\n"
    cells = ["1,2024-04-21,2024-04-20", "0,2024-04-21,"]
    file, said = cohort_of(tmp_path, "a,b,c", cells, f"[observed]\n{mapping}\n{left}")
    with pytest.raises(ps.InputError, match=words):
        Cohort.from_file(file, mapping=said)


def test_what_contradicts_itself_is_told_by_the_lines_of_the_file(tmp_path):
    mapping = '[observed]\nreoffended = "again"\ndays = "duration"\nwithin_days = 365\n'
    file, said = cohort_of(tmp_path, "again,duration", ["yes,3", "no,28", "no,"], mapping)
    cohort = Cohort.from_file(file, mapping=said)
    with pytest.raises(ps.InputError, match=r"people\.csv:3: reoffended: says no.* in 1 row: 3"):
        observed_of(cohort.outcomes().table, cohort, within_days=365)


def test_without_a_mapping_there_are_none(tmp_path):
    frame = pd.read_csv(write(tmp_path, "\n".join([HEAD, *people(3)]) + "\n"))
    plain = frame.rename(
        columns={"ref": "id", "offence": "offence_group", "priors": "previous_offences"}
    )
    cohort = Cohort.from_frame(plain.assign(disposal="fine"))
    with pytest.raises(ps.InputError, match="observed: no mapping says what happened"):
        cohort.outcomes()


def test_the_shell_validates_by_the_mapping_alone(tmp_path, capsys):
    town = write(tmp_path, TOWN, "town.toml")
    mapping = '[observed]\nreoffended = "again"\nwithin_days = 200\n'
    cells = ["yes" if k % 4 == 0 else "no" for k in range(120)]
    file, said = cohort_of(tmp_path, "again", cells, mapping)
    verb = ["cohort", "validate", str(town), str(file), "--replications", "20", "--json"]
    assert run_command_line([*verb, "--mapping", str(said)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["within_days"] == 200.0
    shares = {
        row["figure"]: row["value"]
        for row in data["figures"]
        if row["prediction"] == "model" and row["group"] == "all"
    }
    assert shares["people"] == 120
    assert shares["observed"] == pytest.approx(0.25, abs=1e-12)


def test_flags_are_not_read_as_of_other_days(tmp_path, capsys):
    town = write(tmp_path, TOWN, "town.toml")
    mapping = '[observed]\nreoffended = "again"\nwithin_days = 730\n'
    file, said = cohort_of(tmp_path, "again", ["yes", "no"] * 10, mapping)
    verb = ["cohort", "validate", str(town), str(file), "--mapping", str(said)]
    assert run_command_line([*verb, "--within-days", "365"]) == 2
    assert "--within-days: is not what the mapping's yes and no" in capsys.readouterr().err


def test_the_shell_refuses_where_nothing_says_what_happened(tmp_path, capsys):
    town = write(tmp_path, TOWN, "town.toml")
    file, said = cohort_of(tmp_path, "again", ["yes"] * 3, '[left_out]\ncolumns = ["again"]\n')
    verb = ["cohort", "validate", str(town), str(file), "--mapping", str(said)]
    assert run_command_line(verb) == 2
    told = capsys.readouterr().err
    assert "--observed: is missing, and no mapping says what happened" in told
    out = tmp_path / "posterior.csv"
    verb = ["calibrate", str(town), "--to", str(file), "--mapping", str(said), "--out", str(out)]
    assert run_command_line(verb) == 2
    assert "--observed: is missing" in capsys.readouterr().err
    assert not out.exists()
