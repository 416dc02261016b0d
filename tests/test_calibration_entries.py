"""Entry shares solved with the hazard: from the fit, and from the shell into the scenario."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import pathsim as ps
from pathsim.cli.app import app
from pathsim.scenario.load import load
from pathsim.study.balance import FLOOR, shares_of, with_shares
from pathsim.study.calibration import Posterior, Targets, entries
from pathsim.study.calibration.entries import Effort, entries_at, in_balance
from pathsim.study.calibration.fit import Sizes
from pathsim.study.calibration.fit import calibrate as fit
from pathsim.vocabulary import AGE_GROUPS, PREVIOUS_BANDS
from test_calibration_targets import TARGETS

RATE = 0.25
MARGIN = 0.05
"""Relative, of a margin of some hundred occasions."""
POINTS = 0.04
"""Of the rate of some hundred people after a fit of few runs."""
EFFORT = Effort(replications=4, rounds=8)
SAID = {"source": "drawn for a test", "grade": "definition"}
MARKS = "# calibrated values: begin\n# calibrated values: end\n"
ENTRY_MARKS = "# solved entry shares: begin\n# solved entry shares: end\n"
OPEN = """\
extends = "BASE"
title = "A small nation, open"
source = "drawn for a test"
grade = "definition"
offending.record_grows = true
cohort.adults = 700
cohort.youths = 60
[follow_up]
horizon_days = 1095
clocks = "quarters"
generations_before = 2
generations_after = 0
stock_windows = 2
"""
FIT = ["calibrate", "open.toml", "--targets", "targets.toml", "--out", "posterior.csv"]
FEW = ["--runs", "40", "--replications", "2", "--draws", "20", "--workers", "1"]


def targets(**rates: float) -> Targets:
    """Return targets that fit the rates of age groups, with the adult level free."""
    figures = [
        {"id": age, "title": age, "groups": (f"age_group={age}",), "published": rate, "se": 0.005,
         "source": "made", "fitted": True}
        for age, rate in rates.items()
    ]  # fmt: skip
    free = {"key": "hazard.adult_level", "median": 0.3, "log_sd": 0.3, "reason": "a test"}
    return Targets(title="A test", parameters=[free], targets=figures)


def nation(level: float = 0.3) -> ps.Scenario:
    changes = {
        "hazard.adult_level": {"value": level, **SAID},
        "cohort.adults": 1500,
        "cohort.youths": 100,
        "follow_up.horizon_days": {"value": 1095, **SAID},
        "follow_up.clocks": "quarters",
        "follow_up.generations_before": 3,
        "follow_up.generations_after": 0,
        "follow_up.stock_windows": 5,
        "offending.record_grows": True,
    }
    return ps.load("england-and-wales/baseline").change("Open", changes)


def posterior(low: float, high: float) -> Posterior:
    """Return a sample of the adult level, evenly from low to high."""
    levels = [low + (high - low) * k / 9 for k in range(10)]
    return Posterior(pd.DataFrame({"hazard.adult_level": levels}))


def test_before_the_fit_a_level_with_a_target_does_not_matter_and_one_without_does():
    asked = [in_balance(nation(level), targets(adult=RATE), effort=EFFORT) for level in (0.3, 0.34)]
    shares = [shares_of(each)["adult"]["15+"] for each in asked]
    assert shares[1] == pytest.approx(shares[0], rel=MARGIN)
    assert [each.hazard.adult_level.value for each in asked] == [0.3, 0.34], "they are the fit's"
    held = [in_balance(nation(level), targets(youth=RATE), effort=EFFORT) for level in (0.2, 0.6)]
    assert shares_of(held[1])["adult"]["15+"] < 0.8 * shares_of(held[0])["adult"]["15+"]


def test_after_the_fit_shares_are_those_of_its_centre_with_the_width_of_its_draws():
    begun = in_balance(nation(), targets(adult=RATE), effort=EFFORT)
    narrow, wide = (
        entries_at(begun, targets(adult=RATE), posterior(*ends), effort=EFFORT, workers=2)
        for ends in ((0.34, 0.36), (0.25, 0.5))
    )
    assert 0.34 < narrow.balance.adult_level < 0.36
    for found in (narrow, wide):
        shares = found.shares
        assert [tuple(row) for row in shares.iloc[:, :2].to_numpy()] == [
            (age, band) for age in AGE_GROUPS for band in PREVIOUS_BANDS
        ]
        assert ((shares["low"] >= FLOOR) & (shares["high"] <= 1.0)).all()
        assert ((shares["low"] <= shares["value"]) & (shares["value"] <= shares["high"])).all()
        rates = found.balance.rates.set_index("age_group")["published"]
        assert rates["adult"] == RATE
        assert pd.isna(rates["youth"])
    widths = [
        (each.shares["high"] - each.shares["low"])[PREVIOUS_BANDS.index("15+")]
        for each in (narrow, wide)
    ]
    assert 0 < 3 * widths[0] < widths[1]


def test_draws_that_are_all_of_a_scenario_are_balanced_without_a_warning():
    begun = in_balance(nation(), targets(adult=RATE), effort=EFFORT)
    both = posterior(0.3, 0.4).table.assign(**{"hazard.youth_level": 0.7})
    found = entries_at(begun, targets(adult=RATE), Posterior(both), effort=Effort(1, 1))
    assert found.balance.youth_level == 0.7


@pytest.fixture
def folder(tmp_path, monkeypatch):
    base = Path(__file__).parent.parent / "scenarios" / "england-and-wales" / "baseline.toml"
    text = OPEN.replace("BASE", base.as_posix()) + MARKS + ENTRY_MARKS
    (tmp_path / "open.toml").write_text(text, encoding="utf-8")
    asked = TARGETS.replace("median = 1.0", "median = 0.35").replace("0.4\n", f"{RATE}\n")
    asked = asked.replace("fitted = true", 'fitted = true\ngroups = ["age_group=adult"]')
    (tmp_path / "targets.toml").write_text(asked, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(entries, "DRAWS", 3)
    return tmp_path


def call(*arguments: str):
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_the_command_writes_shares_and_goes_on_from_its_runs(folder):
    before = (folder / "open.toml").read_text(encoding="utf-8")
    done = call(*FIT, *FEW, "--write", "--json")
    assert done.exit_code == 0, done.stderr
    shown = json.loads(done.stdout)["entries"]
    written = load("open.toml")
    said = written.cohort.entry_shares
    for row in shown["shares"]:
        share = said[row["age_group"]][row["previous_offences"]]
        assert (share.value, share.low, share.high) == (row["value"], row["low"], row["high"])
        assert share.grade == "calibrated"
        assert "draws in posterior.csv" in share.source
    assert len(shown["shares"]) == len(AGE_GROUPS) * len(PREVIOUS_BANDS)
    adults = [said["adult"][band].value for band in PREVIOUS_BANDS]
    assert adults[-1] < 0.5 < adults[0]
    ratios = {row["level"]: row["ratio"] for row in shown["margins"]}
    assert ratios["15+"] == pytest.approx(1.0, abs=MARGIN)
    assert ratios["youth"] == pytest.approx(1.0, abs=MARGIN)
    rates = {row["age_group"]: row for row in shown["rates"]}
    assert rates["adult"]["published"] == RATE
    assert rates["adult"]["model"] == pytest.approx(RATE, abs=POINTS)
    assert rates["youth"]["published"] is None

    # Cut off in the second wave, from the same file: it ends with the same.
    runs = folder / "posterior.runs.jsonl"
    sample = (folder / "posterior.csv").read_bytes()
    lines = runs.read_text(encoding="utf-8").splitlines(keepends=True)
    runs.write_text("".join(lines[:30]), encoding="utf-8")
    (folder / "open.toml").write_text(before, encoding="utf-8")
    again = call(*FIT, *FEW)
    assert again.exit_code == 0, again.stderr
    assert (folder / "posterior.csv").read_bytes() == sample
    assert sorted(runs.read_text(encoding="utf-8").splitlines(keepends=True)) == sorted(lines)
    assert "Occasions of a year, published and disposed of" in again.stdout
    assert "Entry shares at the centre" in again.stdout


def test_runs_with_other_shares_are_refused(tmp_path):
    runs = tmp_path / "runs.jsonl"

    def stop(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    def begin(share: float) -> None:
        shares = {age: dict.fromkeys(PREVIOUS_BANDS, share) for age in AGE_GROUPS}
        begun = with_shares(nation(), shares)
        sizes = Sizes(waves=(20, 20), replications=2)
        fit(begun, targets(adult=RATE), runs_file=runs, sizes=sizes, workers=1, progress=stop)

    with pytest.raises(KeyboardInterrupt):
        begin(0.5)
    kept = runs.read_bytes()
    with pytest.raises(ps.InputError, match="the runs of another calibration"):
        begin(0.6)
    assert runs.read_bytes() == kept
    with pytest.raises(KeyboardInterrupt):
        begin(0.5)


def test_without_marks_for_the_shares_nothing_is_begun(folder):
    text = (folder / "open.toml").read_text(encoding="utf-8").replace(ENTRY_MARKS, "")
    (folder / "open.toml").write_text(text, encoding="utf-8")
    done = call(*FIT, *FEW, "--write")
    assert done.exit_code != 0
    assert "needs a line '# solved entry shares: begin'" in done.stderr
    assert not (folder / "posterior.runs.jsonl").exists()
    assert (folder / "open.toml").read_text(encoding="utf-8") == text
