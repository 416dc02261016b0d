"""Groups of the analyst's own: told beside the others, exact, and without effect on anything."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from generated import generated
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.people.own_groups import FEWEST, MOST_LEVELS, NOT_SAID, OTHERS
from pathsim.study.one_by_one import told_apart
from small_town import TOWN

SEEDS = (1, 8, 17, 26)
LEAST = 6 * FEWEST
"""People, so that each of five wards has enough to be told."""
TEAMS = ("north", "south", "east")


def with_groups(seed, *names):
    """A generated scenario's people, in teams and wards that have to do with nothing."""
    scenario = generated(seed)
    frame = Cohort.from_scenario(scenario).frame
    frame = pd.concat([frame] * (LEAST // len(frame) + 1), ignore_index=True)
    count = np.arange(len(frame))
    frame["id"] = count
    frame["team"] = np.array(TEAMS)[count % 3]
    frame["ward"] = (count * 7 % 5).astype(float)
    return scenario, frame.drop(columns=[name for name in ("team", "ward") if name not in names])


@pytest.mark.parametrize("engine", ["kernel", "reference"])
@pytest.mark.parametrize("seed", SEEDS)
def test_own_groups_add_up_and_change_nothing(seed, engine):
    scenario, frame = with_groups(seed, "team", "ward")
    plain = lower(scenario, Cohort.from_frame(frame.drop(columns=["team", "ward"])))
    own = lower(scenario, Cohort.from_frame(frame, groups=["team", "ward"]))
    how = {"seed": seed, "replication": 2, "engine": engine}
    one, _ = simulate(plain, **how)
    two, _ = simulate(own, **how)
    count = len(plain.groups)
    assert own.groups[:count] == plain.groups
    assert np.array_equal(one.person, two.person[:count])
    assert np.array_equal(one.load, two.load[:count])
    assert np.array_equal(one.in_custody, two.in_custody)
    for attribute in ("team", "ward"):
        rows = [k for k, (name, _) in enumerate(own.groups) if name == attribute]
        assert len(rows) == (3 if attribute == "team" else 5)
        assert np.array_equal(two.person[rows].sum(axis=0), one.person[0])
        assert np.array_equal(two.load[rows].sum(axis=0), one.load[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_group_has_what_its_people_have(seed):
    scenario, frame = with_groups(seed, "team")
    own = lower(scenario, Cohort.from_frame(frame, groups=["team"]))
    alone = told_apart(own)
    counts, _ = simulate(own, seed=seed, replication=0)
    each, _ = simulate(alone, seed=seed, replication=0)
    people = each.person[len(own.groups) :]
    for level in TEAMS:
        inside = (frame["team"] == level).to_numpy()
        row = own.groups.index(("team", level))
        assert np.array_equal(counts.person[row], people[inside].sum(axis=0))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    return ps.load(file)


def people_of(town):
    frame = Cohort.from_scenario(town).frame
    return frame.assign(team=np.array(TEAMS)[np.arange(len(frame)) % 3])


def test_results_have_them_and_differences_too(town):
    frame = people_of(town)
    frame.loc[0, "team"] = None
    cohort = Cohort.from_frame(frame, groups=["team"])
    assert cohort.own_groups() == {"team": ("east", "north", NOT_SAID, "south")}
    found = ps.run(town, cohort=cohort, draws=0, replications=4)
    table = found.table()
    groups = set(table["group"])
    assert {"team=north", "team=south", f"team={NOT_SAID}"} <= groups
    people = found.groups().set_index("group")["people"]
    assert people[f"team={NOT_SAID}"] == 1
    assert people.filter(like="team=").sum() == len(frame)
    same = ps.compare(town, town.change("same", {}), cohort=cohort, draws=0, replications=4)
    told = same.table()
    assert (told.loc[told["group"] == "team=north", "difference"].dropna() == 0.0).all()


def test_the_order_of_rows_changes_nothing(town):
    frame = people_of(town)
    turned = frame.iloc[::-1].reset_index(drop=True)
    one, two = (
        ps.run(town, cohort=Cohort.from_frame(each, groups=["team"]), replications=3, draws=0)
        for each in (frame, turned)
    )
    pd.testing.assert_frame_equal(one.table(), two.table())


def test_levels_of_few_people_are_one_and_unnamed(town):
    frame = people_of(town)
    frame.loc[:3, "team"] = ["Ames", "Boyle", "Clark", "Dunn"]
    cohort = Cohort.from_frame(frame, groups=["team"])
    assert cohort.own_groups() == {"team": ("east", "north", OTHERS, "south")}
    told = ps.run(town, cohort=cohort, draws=0, replications=2).groups().set_index("group")
    assert told.loc[f"team={OTHERS}", "people"] == 4
    assert "Boyle" not in str(told.index.tolist())


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ("team", "groups: has the wrong type"),
        (["teams"], "there is no column 'teams'; did you mean 'team'"),
        (["sex"], "groups: has a meaning of its own; found 'sex'"),
        (["team", "team"], "names a column twice"),
        (["a", "b", "c", "d"], "groups: are too many"),
        ([5], "groups: is no name"),
        (["many"], f"has 60 levels; more than that are no groups; allowed: up to {MOST_LEVELS}"),
        (["odd"], "holds a character that is not shown"),
        (["parts"], "parts: must hold one value"),
    ],
)
def test_what_is_no_group_is_refused(groups, words):
    frame = with_groups(8, "team", "ward")[1]
    frame = pd.concat([frame] * 60).head(60).reset_index(drop=True).assign(id=range(60))
    frame["many"] = np.arange(60)
    frame["odd"] = "a\x1b[2J"
    frame["parts"] = [[1]] + ["x"] * 59
    extra = ("team", "ward", "many", "odd", "parts")
    asked = ["team"] if groups == ["teams"] else [name for name in extra if name in groups]
    several = frame[[*(name for name in frame if name not in extra), *asked]]
    with pytest.raises(ps.InputError) as refused:
        Cohort.from_frame(several, groups=groups)
    assert words in str(refused.value)
