"""Another police area needs files alone: those of the page `docs/another-area.md`."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import pathsim as ps
from pathsim.cli import main
from pathsim.people.cohort import Cohort
from pathsim.people.count_table import read_counts
from pathsim.people.counts import ETHNICITY_AXES, occasions, occasions_of
from pathsim.study.calibration.targets import read_targets, targets_of

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "another-area.md").read_text(encoding="utf-8")
NAMES = ("north.toml", "people.csv", "ethnicity.csv", "more.toml", "targets.toml")
FILES = dict(zip(NAMES, re.findall(r"```(?:toml|csv)\n(.*?)```", PAGE, re.DOTALL), strict=True))
SHARE = 0.002
"""A person of 960, twice over: how far a share of a systematic sample may lie from its own."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changed(folder, name, old, new):
    assert old in FILES[name]
    (folder / name).write_text(FILES[name].replace(old, new), encoding="utf-8")


def refusal(verb):
    with pytest.raises(ps.InputError) as caught:
        verb()
    return [str(problem) for problem in caught.value.problems]


def refused_people(folder):
    return refusal(lambda: Cohort.from_scenario(ps.load(folder / "north.toml")))


def test_no_area_is_named_in_the_code():
    named = re.compile(r"\bbcp\b|bournemouth|poole\b|christchurch", re.IGNORECASE)
    for file in (ROOT / "src").rglob("*.py"):
        assert not named.search(file.read_text(encoding="utf-8")), file


def test_the_files_of_the_page_load_and_compare(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        north = ps.load("north.toml")
        ps.load("more.toml")
    assert list(north.areas) == ["coast", "hills"]
    result = ps.compare("north.toml", "more.toml", draws=0, replications=2, workers=1)
    groups = set(result.baseline.values.rows)
    assert {group for _, group in groups if group.startswith("area=")} == {
        "area=coast",
        "area=hills",
    }


def test_the_people_are_those_of_the_tables(folder):
    north = ps.load("north.toml")
    frame = Cohort.from_scenario(north).frame
    assert (frame["area"] == "coast").mean() == pytest.approx(0.3, abs=SHARE)
    adults = frame[frame["age"] >= 18]
    assert len(adults) == 900
    of_adults = {"caution": 190, "fine": 360, "community_order": 180, "custody": 120}
    for disposal, count in of_adults.items():
        share = (adults["disposal"] == disposal).mean()
        assert share == pytest.approx(count / 930, abs=SHARE), disposal
    assert (adults["sex"] == "female").mean() == pytest.approx(130 / 930, abs=SHARE)
    assert (frame["ethnicity"] == "white").mean() == pytest.approx(0.8, abs=SHARE)


def test_what_a_table_does_not_tell_apart_is_as_in_the_nation_within_each_kind(folder):
    own, nation = occasions_of(ps.load("north.toml").cohort), occasions()
    kind = (0, 0, slice(None), slice(None), 1)
    with np.errstate(invalid="ignore"):
        for at in [(0, 0, slice(None), slice(None), d) for d in (0, 2, 3, 4, 5)]:
            assert own[at].sum() > 0
            assert np.allclose(own[at] / own[at].sum(), nation[at] / nation[at].sum())
    assert own[kind].sum() == 0  # no discharges are counted


def test_its_own_targets_stand_beside_it_and_those_of_what_it_extends_else(folder):
    north = ps.load("north.toml")
    assert targets_of(north).resolve() == folder / "targets.toml"
    assert read_targets(targets_of(north)).fitted[0].published == 0.27
    (folder / "targets.toml").unlink()
    assert targets_of(ps.load("more.toml")).parent.name == "england-and-wales"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("people.csv", "caution,150", "cation,150", "people.csv:2: disposal: unknown level; did "
         "you mean 'caution'?; found 'cation'; allowed: caution, discharge"),
        ("people.csv", "caution,150", "caution,1.5", "people.csv:2: count: is not a count; found "
         "'1.5'; allowed: a whole number, 0 or more"),
        ("people.csv", "caution,150", "caution", "people.csv:2: has another number of cells than "
         "the header; found 3; allowed: 4"),
        ("people.csv", "male,fine,300", "male,caution,300", "people.csv:3: these are counted "
         "already on line 2; found 'adult, male, caution'"),
        ("people.csv", "age_group,sex", "age_group,gender", "people.csv:1: gender: unknown column; "
         "allowed: age_group, sex, offence_group, previous_offences, disposal, count"),
        ("people.csv", "youth,", "adult,", "people.csv: cohort.youths: counts no youths"),
        ("ethnicity.csv", "ethnicity,", "sex,", "ethnicity.csv:1: ethnicity: the column is "
         "missing"),
        ("ethnicity.csv", "white", "whit", "ethnicity.csv:2: ethnicity: unknown level; did you "
         "mean 'white'?; found 'whit'; allowed: white, black, asian, mixed, other"),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_is_refused_with_its_line(folder, name, old, new, said):
    if new == "adult,":
        lines = [each for each in FILES[name].splitlines() if not each.startswith("youth")]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    else:
        changed(folder, name, old, new)
    assert any(said in each for each in refused_people(folder))


def test_a_table_of_nobody_and_one_that_is_missing_are_refused(folder):
    (folder / "ethnicity.csv").write_text("ethnicity,count\nwhite,0\n", encoding="utf-8")
    assert refused_people(folder)[0].endswith("ethnicity.csv: counts nobody")
    (folder / "ethnicity.csv").write_text("# nothing\n", encoding="utf-8")
    assert "ethnicity.csv: is empty" in refused_people(folder)[0]
    (folder / "ethnicity.csv").unlink()
    assert "ethnicity.csv: no such file" in refused_people(folder)[0]
    with pytest.raises(ps.InputError):
        read_counts(folder, ETHNICITY_AXES)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('area = ["coast"]', 'area = ["cost"]', "north.toml:25: services.mentors.eligible.area[0]: "
         "no area is called 'cost'; did you mean 'coast'?; found 'cost'; allowed: coast, hills"),
        ("share = 0.3", "share = 30", "30 percent is 0.3; found 30"),
        ('title = "Hills Council"', 'title = "Hills", share = 0.7, source = "x"',
         "areas: must leave one area without a share"),
        ('"Upper Hills"', '"Coast"', "areas.hills.words[0]: means the area coast already"),
        ("[areas]\ncoast", "[areas]\nsea = 1\ncoast", "areas.sea: has the wrong type"),
    ],
)  # fmt: skip
def test_areas_that_are_wrong_are_refused_with_line_and_key(folder, old, new, said):
    changed(folder, "north.toml", old, new)
    problems = refusal(lambda: ps.load("north.toml"))
    assert any(said in each for each in problems), problems


def test_shares_above_1_in_all_are_refused(folder):
    third = 'sea = { title = "Sea", share = 0.8, source = "x" }\nhills'
    changed(folder, "north.toml", "hills", third)
    (said,) = refusal(lambda: ps.load("north.toml"))
    assert "areas: have shares that add up to more than 1; found '1.1'" in said
    assert "hills has the rest" in said


def brought(*areas: str) -> Path:
    """Return a table of people, each in the area given."""
    rows = "id,age,sex,offence_group,previous_offences,disposal,area\n"
    rows += "".join(f"{n},30,male,theft,1,fine,{area}\n" for n, area in enumerate(areas, 1))
    Path("brought.csv").write_text(rows, encoding="utf-8")
    return Path("brought.csv")


@pytest.mark.parametrize("area", ["3", "(2)", "['hills']", "{coast}", "—"])
def test_what_is_no_name_is_no_area(folder, area):
    with pytest.raises(ps.InputError) as refused:
        Cohort.from_file(brought("hills", area), few_cells=1)
    assert str(refused.value) == (
        f"brought.csv:3: area: is not the name of an area; found {area!r}; "
        "allowed: a name, of at most 100 different ones"
    )


def test_a_table_names_a_hundred_areas_and_not_one_more(folder):
    names = [f"town{n}" for n in range(101)]
    with pytest.warns(ps.InputWarning, match="assumed, where"):
        hundred = Cohort.from_file(brought(*names[:100], "town0"))
    assert hundred.frame["area"].tolist() == [*names[:100], "town0"]
    with pytest.raises(ps.InputError, match=r"102: area: is not the name of an area in 1 row: 102"):
        Cohort.from_file(brought(*names))


def test_a_table_of_people_may_use_the_areas_own_words(folder, capsys):
    brought("Upper Hills", "COAST", "")
    assert main(["cohort", "check", "brought.csv", "--scenario", "north.toml"]) == 0
    said = capsys.readouterr().err
    assert "read with care: area: 'Upper Hills' as hills, 'COAST' as coast" in said
    assert "assumed, where nothing is given: area: hills for 1 of 3 people" in said
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cohort = Cohort.from_file("brought.csv").living_in(ps.load("north.toml").areas)
    assert cohort.frame["area"].tolist() == ["hills", "coast", "hills"]
    brought("Upper Hills", "Cost", "")
    assert main(["run", "north.toml", "--cohort", "brought.csv", "--replications", "2"]) == 2
    assert (
        "brought.csv:3: area: is none of the scenario's areas; did you mean 'coast'?; "
        "allowed: coast, hills"
    ) in capsys.readouterr().err


def test_it_is_calibrated_against_its_own_targets(folder, capsys):
    for name in ("sklearn", "emcee"):
        pytest.importorskip(name, reason="the extra 'calibrate' is not installed")
    few = ["--runs", "40", "--replications", "2", "--draws", "20", "--workers", "1"]
    assert main(["calibrate", "north.toml", "--out", "posterior.csv", *few]) == 0
    assert "Adults" in capsys.readouterr().out
    run = ["run", "north.toml", "--draws", "0", "--replications", "2"]
    assert main([*run, "--posterior", "posterior.csv"]) == 0
