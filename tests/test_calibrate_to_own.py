"""Levels fitted to what happened to people that an analyst brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.observed import observed_of
from pathsim.study.calibration.own import own_targets
from pathsim.study.foretold import counted_for
from pathsim.study.one_by_one import told_apart
from small_town import TOWN

DAYS = 365.0
TIMES = 1.8
"""The truth, as a factor of the scenario's level."""
SPREADS = 3.0
"""Standard deviations by which the fit may miss the truth."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("own") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def brought(town):
    """People of the town, and what happened to them where levels are higher than it says."""
    scenario = ps.load(town)
    frame = pd.concat([ps.Cohort.from_scenario(scenario).frame] * 6, ignore_index=True)
    frame["id"] = np.arange(len(frame))
    higher = scenario.change(
        "The truth",
        {"hazard.adult_level": TIMES * scenario.hazard.adult_level.value},
    )
    lowered = told_apart(lower(counted_for(higher, DAYS), ps.Cohort.from_frame(frame)))
    counts, _ = simulate(lowered, seed=77, replication=0)
    person = counts.person[-len(frame) :]
    yes = person[:, OutcomeColumn.REOFFENDERS] > 0.0
    seen = person[:, OutcomeColumn.INDEX_EVENTS] > 0.0
    outcomes = pd.DataFrame({"id": frame["id"], "reoffended": np.where(yes, "yes", "no")})
    people, table = town.parent / "people.csv", town.parent / "outcomes.csv"
    frame.to_csv(people, index=False)
    outcomes[seen].to_csv(table, index=False)
    return people, table


def test_targets_are_the_shares_that_were_seen(town, brought):
    people, table = brought
    scenario, cohort = ps.load(town), ps.Cohort.from_file(people)
    seen = observed_of(table, cohort, within_days=DAYS)
    targets = own_targets(cohort, seen, scenario, days=DAYS)
    told = pd.read_csv(table)["reoffended"].eq("yes")
    (adults,) = targets.fitted
    assert adults.published == pytest.approx(float(told.mean()), abs=1e-12)
    assert adults.se == pytest.approx(
        float(np.sqrt(told.mean() * (1 - told.mean()) / len(told))), abs=1e-12
    )
    assert targets.parameters[0].median == scenario.hazard.adult_level.value


def test_the_fit_finds_the_level_that_made_the_outcomes(town, brought, tmp_path, capsys):
    people, table = brought
    out = tmp_path / "posterior.csv"
    said = ["calibrate", str(town), "--to", str(people), "--observed", str(table)]
    more = ["--runs", "60", "--draws", "100", "--replications", "4", "--out", str(out)]
    assert run_command_line([*said, *more]) == 0
    rows = [line for line in out.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    level = np.log(np.array(rows[1:], np.float64))
    truth = np.log(TIMES * ps.load(town).hazard.adult_level.value)
    assert rows[0] == "hazard.adult_level"
    assert abs(level.mean() - truth) < SPREADS * level.std()
    assert level.std() < 0.3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["--observed", "x.csv"], "--observed: does not go here; found 'x.csv'; allowed: with"),
        (["--within-days", "100"], "--within-days: does not go here; found 100.0"),
        (
            ["--to", "people.csv", "--observed", "x.csv", "--targets", "dorset"],
            "--targets: does not go here",
        ),
        (["--to", "people.csv", "--observed", "x.csv", "--write"], "--write: does not go here"),
    ],
)
def test_what_does_not_go_together_is_refused(town, tmp_path, capsys, said, words):
    out = tmp_path / "posterior.csv"
    assert run_command_line(["calibrate", str(town), *said, "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert not out.exists()


def test_too_few_are_refused(town, brought):
    people, table = brought
    cohort = ps.Cohort.from_file(people)
    few = pd.read_csv(table).head(12).assign(reoffended="no")
    seen = observed_of(few, cohort, within_days=DAYS)
    with pytest.raises(ps.InputError, match="observed: are too few to fit a level to"):
        own_targets(cohort, seen, ps.load(town), days=DAYS)
