"""A misspelt name of a file draws the nearest there is, of the same kind, and nothing far off."""

from __future__ import annotations

import pytest

import pathsim as ps
from pathsim.bounded import no_such_file
from pathsim.errors import nearest
from pathsim.scenario.shipped import missing
from small_scenario import write_scenarios


@pytest.fixture
def folder(tmp_path):
    write_scenarios(tmp_path)
    (tmp_path / "baselinee.csv").write_text("id\n1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("baselin.toml", "baseline.toml"),
        ("baselinee.toml", "baseline.toml"),  # the table has the name, but is no scenario
        ("mroe.toml", "more.toml"),
        ("sam.toml", "same.toml"),
        ("baselinee.cs", ""),  # of an ending that no file has
        ("qqqqqqqq.toml", ""),
        ("qq.toml", ""),  # the ending that both have makes them no nearer
        ("BASELIN.TOML", "baseline.toml"),  # capitals make them no farther
        ("Baselinee.CSV", "baselinee.csv"),
        ("baselin", "baseline.toml"),
        ("baselin.csv", "baselinee.csv"),
    ],
)
def test_the_nearest_file_with_the_same_ending_is_named(folder, asked, meant):
    hint = f"; did you mean '{meant}'?" if meant else ""
    assert no_such_file(folder / asked) == f"no such file{hint}"


def test_in_a_folder_that_is_not_there_nothing_is_near(folder):
    assert no_such_file(folder / "none" / "baseline.toml") == "no such file"


def test_a_scenario_that_is_not_there_is_refused_with_the_nearest(folder):
    with pytest.raises(ps.InputError, match=r"no such file; did you mean 'baseline\.toml'\?"):
        ps.load(folder / "baselin.toml")


def test_a_table_of_people_that_is_not_there_is_refused_with_the_nearest(folder):
    with pytest.raises(ps.InputError, match=r"no such file; did you mean 'baselinee\.csv'\?"):
        ps.Cohort.from_file(folder / "baselin.csv")


@pytest.mark.parametrize(
    ("asked", "shipped"),
    [
        ("dorset/baselin", "dorset/baseline"),
        ("dorst/more-tags.toml", "dorset/more-tags"),
        ("elsewhere/more-tags", "dorset/more-tags"),  # the same name in another folder
        ("dorset/quite-another-name-altogether", ""),
        ("Dorset/Baseline", "dorset/baseline"),
        ("elsewhere/MORE-TAGS", "dorset/more-tags"),
    ],
)
def test_the_nearest_shipped_scenario_is_named(tmp_path, asked, shipped):
    more = f"; the shipped scenario nearest to it is '{shipped}'" if shipped else ""
    assert missing(tmp_path / asked) == f"no such file{more}"


def test_nearest_has_one_name_alike_in_half_of_its_letters():
    assert nearest("abcd", ["abxy", "abcx"]) == "did you mean 'abcx'?"
    assert nearest("abcd", ["abxy"]) == "did you mean 'abxy'?"
    assert nearest("abcd", ["axyz"]) == ""
    assert nearest("abcd", []) == ""


def test_capitals_make_no_name_farther():
    assert nearest("GPS_TAG", ["other", "gps_tag"]) == "did you mean 'gps_tag'?"
    assert nearest("sex=MALE", ["sex=female", "sex=male"]) == "did you mean 'sex=male'?"
    assert nearest("mentor", ["MENTORS"]) == "did you mean 'MENTORS'?"
