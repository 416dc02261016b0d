"""Published figures given as a table: shares of so many, with their errors."""

from __future__ import annotations

import math

import pytest

from pathsim.cli.app import run_command_line
from pathsim.errors import InputError
from pathsim.study.calibration import read_targets

TARGETS = """\
title = "Ours"
figures = "rates.csv"

[[parameters]]
key = "hazard.adult_level"
median = 0.7
log_sd = 0.6
reason = "weak"

[[targets]]
id = "all"
title = "Everybody"
published = 0.25
source = "a page"
"""
RATES = """\
id,title,groups,counted,of,source,fitted
men,Men,sex=male,2533,11447,our register,yes
young,18 to 24,age_band=18-20; age_band=21-24,40,100,our register,
"""


@pytest.fixture
def files(tmp_path):
    def write(rates=RATES, targets=TARGETS):
        (tmp_path / "rates.csv").write_text(rates, encoding="utf-8")
        file = tmp_path / "targets.toml"
        file.write_text(targets, encoding="utf-8")
        return file

    return write


def test_a_row_is_a_target_with_the_error_of_its_count(files):
    every, men, young = read_targets(files()).targets
    assert every.id == "all"
    assert men.published == 2533 / 11447
    assert men.se == math.sqrt(men.published * (1 - men.published) / 11447)
    assert men.fitted
    assert men.groups == ("sex=male",)
    assert not young.fitted
    assert young.groups == ("age_band=18-20", "age_band=21-24")


def test_a_table_may_be_all_that_there_is(files):
    alone = TARGETS[: TARGETS.index("[[targets]]")]
    assert [each.id for each in read_targets(files(targets=alone)).targets] == ["men", "young"]


def test_groups_of_several_attributes_are_crossed(files):
    crossed = RATES.replace("sex=male", "sex=male; ethnicity=black", 1)
    men = read_targets(files(crossed)).targets[1]
    assert men.groups == ("sex=male", "ethnicity=black")
    assert men.is_crossed


def test_the_command_checks_it(files, capsys):
    assert run_command_line(["validate", str(files())]) == 0
    capsys.readouterr()
    assert run_command_line(["validate", str(files(RATES.replace("2533", "12000")))]) == 2
    told = capsys.readouterr().err
    assert "rates.csv:2: counted: is out of range; found 12000.0; allowed: above 0" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("counted", "count", r"rates\.csv:1: the column is missing: counted"),
        ("groups", "group", r"rates\.csv:1: group: unknown column; did you mean 'groups'"),
        ("2533", "many", r"rates\.csv:2: counted: must be a number; found 'many'"),
        ("2533", "-1", r"rates\.csv:2: counted: must be a number; found '-1'"),
        ("2533", "nan", r"rates\.csv:2: counted: must be a number; found 'nan'"),
        ("100,our", "0,our", r"rates\.csv:3: counted: is out of range"),
        ("sex=male", "sex=mail", r"rates\.csv:2: targets\[1\]\.groups.*did you mean 'sex=male'"),
        ("sex=male", "sex=male;sex=male", r"rates\.csv:2: targets\[1\]\.groups: name one group"),
        ("register,yes", "register,oui", r"rates\.csv:2: fitted: must be yes or no; found 'oui'"),
        ("men,Men", "all,Men", r"targets: 'all' is given twice"),
        (",our register,yes", "", r"rates\.csv:2: has not as many cells as the header"),
        ("men,Men", "men,Men,more", r"rates\.csv:2: has not as many cells as the header"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(files, old, new, words):
    with pytest.raises(InputError, match=words):
        read_targets(files(RATES.replace(old, new, 1)))


def test_a_table_that_is_not_there_or_no_name_is_refused(files, tmp_path):
    file = files()
    (tmp_path / "rates.csv").unlink()
    with pytest.raises(InputError, match=r"rates\.csv"):
        read_targets(file)
    with pytest.raises(InputError, match="figures: is no file; found 5"):
        read_targets(files(targets=TARGETS.replace('"rates.csv"', "5")))
