"""What the shell does, Python does with the same words: logs, fits, back-casts, services."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.people.cohort import Cohort
from small_scenario import write_scenarios
from test_calibrate_to_own import DAYS
from test_calibration_targets import TARGETS

FEW = {"runs": 40, "replications": 2, "draws": 20, "workers": 1}
SHELL = [f"--{key}={value}" for key, value in FEW.items()]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    write_scenarios(tmp_path)
    targets = TARGETS.replace("median = 1.0", "median = 0.003")
    (tmp_path / "targets.toml").write_text(targets, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_log_is_the_shells(folder):
    assert run_command_line(["run", "baseline.toml", "--replications=2", "--log=log.csv"]) == 0
    kept = pd.read_csv("log.csv", keep_default_na=False, dtype={"person": str})
    found = ps.log("baseline.toml")
    assert list(found) == ["replication", "person", "time", "event", "detail"]
    pd.testing.assert_frame_equal(found, kept, check_dtype=False, check_exact=True)


def test_another_replication_has_another_log_of_its_own(folder):
    first, third = ps.log("baseline.toml"), ps.log("baseline.toml", replication=np.int64(2))
    assert set(third["replication"]) == {2}
    assert not third["time"].equals(first["time"])
    with pytest.raises(ps.InputError, match="replication: is out of range"):
        ps.log("baseline.toml", replication=-1)


@pytest.mark.filterwarnings("ignore::pathsim.InputWarning")  # of people and places
def test_a_log_is_of_the_places_asked_for(folder):
    few, many = (ps.log("baseline.toml", scale=scale) for scale in (1 / 6, 4))
    starts = [(each["event"] == "service_start").sum() for each in (few, many)]
    assert 0 < starts[0] < starts[1]


def test_a_fit_and_its_back_cast_are_the_shells(folder):
    fit = ["calibrate", "baseline.toml", "--targets=targets.toml", "--out=out.csv"]
    assert run_command_line([*fit, *SHELL]) == 0
    found = ps.calibrate("baseline.toml", "targets.toml", **FEW)
    assert found.posterior.to_csv() == (folder / "out.csv").read_text(encoding="utf-8")
    assert found.entries is None
    assert list(found.check["target"]) == ["Everybody"]

    back = ["backcast", "baseline.toml", "out.csv", "--targets=targets.toml", "--out=back.csv"]
    assert run_command_line([*back, "--draws=4", "--replications=2"]) == 0
    for sample in ("out.csv", ps.Posterior.from_file("out.csv")):
        table = ps.backcast("baseline.toml", sample, "targets.toml", draws=4, replications=2)
        kept = pd.read_csv("back.csv", keep_default_na=False)
        pd.testing.assert_frame_equal(table, kept, check_dtype=False, rtol=1e-12)


def test_a_posterior_goes_to_a_file_and_back(tmp_path):
    sample = ps.Posterior(pd.DataFrame({"hazard.adult_level": [0.5, 0.25]}), ("By hand",))
    assert sample.to_csv(tmp_path / "p.csv") is None
    again = ps.Posterior.from_file(tmp_path / "p.csv")
    assert again.table.equals(sample.table)
    assert again.origin == sample.origin


def test_a_fit_to_what_happened_takes_people_and_outcomes(folder):
    people = Cohort.from_scenario(ps.load("baseline.toml"))
    ids = people.frame["id"]
    happened = pd.DataFrame({"id": ids, "reoffended": ["yes" if k % 2 else "no" for k in ids]})
    found = ps.calibrate("baseline.toml", to=people, observed=happened, within_days=DAYS, **FEW)
    assert list(found.posterior.table) == ["hazard.adult_level"]
    centre = float(found.posterior.summary()["centre"].iloc[0])
    # Half of them within a year.
    assert 0.001 < centre < 0.004


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"observed": "x.csv"}, "observed: does not go here"),
        ({"targets": "targets.toml", "to": "people.csv"}, "targets: does not go here"),
        ({"targets": "targets.toml", "runs": 3}, "runs: is out of range"),
        ({"targets": "targets.toml", "draws": 1}, "draws: is out of range"),
    ],
)
def test_arguments_of_no_use_are_refused_before_anything_runs(folder, wrong, words):
    with pytest.raises(ps.InputError, match=words):
        ps.calibrate("baseline.toml", **wrong)


HOSTEL = {"title": "Hostel", "trigger": {"release": True}, "referral": 0.5, "duration_days": 30}


def test_a_service_made_in_python_is_one_of_an_option(folder):
    baseline = ps.load("baseline.toml")
    hostel = ps.Service(**{**HOSTEL, "duration_days": np.int64(30)})
    assert (hostel.referral.value, hostel.referral.grade) == (0.5, "choice")
    option = baseline.change("Open a hostel", {"services.hostel": hostel})
    assert option.services["hostel"] == hostel
    by_table = baseline.change("Open a hostel", {"services.hostel": HOSTEL})
    ours, theirs = (ps.run(each, draws=0, replications=2) for each in (option, by_table))
    assert ours.table().equals(theirs.table())


def test_a_service_keeps_the_sources_that_it_is_given():
    price = {"value": 60, "source": "a bill", "grade": "official"}
    hostel = ps.Service(**HOSTEL, cost_per_day_gbp=price)
    assert (hostel.cost_per_day_gbp.source, hostel.referral.source) == ("a bill", "made in Python")
    expert = ps.Service(**HOSTEL, source="two managers", grade="expert")
    assert (expert.referral.source, expert.referral.grade) == ("two managers", "expert")


def test_a_service_that_cannot_be_is_refused_in_words():
    with pytest.raises(ps.InputError, match="did you mean 'referral'"):
        ps.Service(**HOSTEL, referal=0.5)
    with pytest.raises(ps.InputError, match="50 percent is 0"):
        ps.Service(**{**HOSTEL, "referral": 50})
    with pytest.raises(ps.InputError, match="Service: has the wrong type; found 'str'"):
        ps.Service("Hostel")
