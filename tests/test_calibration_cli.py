"""Calibration from the shell: from targets to a posterior, a scenario's values and a page."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pathsim.cli.app import app
from pathsim.scenario.load import load
from pathsim.study.calibration import fit, read_posterior
from small_scenario import write_scenarios
from test_calibration_targets import TARGETS

MARKS = "# calibrated values: begin\n# calibrated values: end\n\n"
FIT = ["calibrate", "fitted.toml", "--targets", "targets.toml", "--out", "out/posterior.csv"]
FEW = ["--runs", "40", "--replications", "2", "--draws", "20", "--workers", "1"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    text = write_scenarios(tmp_path).joinpath("baseline.toml").read_text(encoding="utf-8")
    text = text.replace("adult_level = 0.003\n", "").replace("[sentencing]", MARKS + "[sentencing]")
    start = '[hazard.adult_level]\nvalue = 0.003\nsource = "a start"\n'
    text = text.replace("begin\n", f"begin\n{start}")
    (tmp_path / "fitted.toml").write_text(text, encoding="utf-8")
    targets = TARGETS.replace("median = 1.0", "median = 0.003")
    (tmp_path / "targets.toml").write_text(targets, encoding="utf-8")
    page = "words\n<!-- back-cast targets: begin -->\nold\n<!-- back-cast targets: end -->\nmore\n"
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: str):
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_calibrate_then_backcast_meets_the_figure_and_writes_it_down(folder):
    done = call(*FIT, *FEW, "--write")
    assert done.exit_code == 0
    assert "Posterior: centre" in done.stdout
    assert "hazard.adult_level" in done.stdout
    posterior = read_posterior("out/posterior.csv")
    assert len(posterior) == 20
    level = load("fitted.toml").hazard.adult_level
    assert level.grade == "calibrated"
    assert level.source.startswith("Calibrated: A test; 95% posterior interval")
    assert level.value == pytest.approx(posterior.summary()["centre"].iloc[0], rel=0.01)
    shown = call(
        "backcast", "fitted.toml", "out/posterior.csv", "--targets", "targets.toml",
        "--page", "page.md", "--out", "table.csv",
    )  # fmt: skip
    assert "within" in shown.stdout
    page = (folder / "page.md").read_text(encoding="utf-8")
    assert page.startswith("words\n")
    assert page.endswith("<!-- back-cast targets: end -->\nmore\n")
    assert "| Everybody | fitted | 40.0% \u00b1 1.0% |" in page
    assert "old" not in page
    assert (folder / "table.csv").read_text().startswith("target,use,published,")


def test_json_is_all_there_is_on_standard_output(folder):
    data = json.loads(call(*FIT, *FEW, "--json").stdout)
    assert set(data) == {"origin", "parameters", "check", "converged"}
    rows = json.loads(
        call(
            "backcast", "fitted.toml", "out/posterior.csv", "--targets", "targets.toml", "--json"
        ).stdout
    )
    assert rows[0]["published"] == 0.4


def test_an_interrupt_says_how_to_go_on(folder, monkeypatch):
    def interrupted(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fit, "calibrate", interrupted)
    done = call(*FIT, *FEW)
    assert done.exit_code == 130
    assert "the same command goes on from out/posterior.runs.jsonl" in done.stderr
