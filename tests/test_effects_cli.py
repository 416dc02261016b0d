"""`pathsim evidence --effects`, `validate` and `calibrate` tell and renew what studies give."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathsim.scenario.load import load
from small_scenario import BASELINE
from test_calibration_cli import FEW, FIT, call, folder

__all__ = ["folder"]  # a fixture
TRIAL = """{ name = "a trial", source = "a test", design = "rct", measure = "rates", \
treated = 0.3, untreated = 0.4, low = -20, high = 0 }"""
EFFECT = f"""\
hazard_ratio = {{ value = 0.698, low = 0.437, high = 1, rule = "study", studies = [{TRIAL}] }}"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "baseline.toml"
    path.write_text(BASELINE.replace("hazard_ratio = 0.2", EFFECT), "utf-8")
    return path


def test_the_table_has_what_is_reported_naive_solved_and_shipped(file: Path) -> None:
    shown = call("evidence", str(file), "--effects")
    assert shown.exit_code == 0
    assert "warning" not in shown.stderr
    for words in ("services.mentor.hazard_ratio", "a trial", "0.4 to 0.3 (-20 to"):
        assert words in shown.stdout
    assert shown.stdout.count("0.698 (0.437 to 1)") == 3
    assert "0 effects more rest on no study's size" in shown.stdout


def test_json_has_everything(file: Path) -> None:
    data = json.loads(call("evidence", str(file), "--effects", "--json").stdout)
    (effect,) = data["effects"]
    assert effect["parameter"] == "services.mentor.hazard_ratio"
    assert effect["rule"] == "study"
    assert effect["ruled"]["value"] == pytest.approx(0.698, abs=0.001)
    (study,) = effect["studies"]
    assert study["ratio"] == pytest.approx(study["naive"]) == pytest.approx(0.698, abs=0.001)
    assert study["naive_part"] == pytest.approx(1.0)
    assert (data["problems"], data["without_studies"]) == ([], [])


def test_a_number_that_the_rule_does_not_give_is_told_refused_and_mended(file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("0.698", "0.8"), "utf-8")
    line = file.read_text("utf-8").splitlines().index(EFFECT.replace("0.698", "0.8")) + 1
    told = f"baseline.toml:{line}: services.mentor.hazard_ratio.value: is not what its studies give"
    for command in (["validate"], ["evidence", "--effects"]):
        done = call(*command, str(file))
        assert done.exit_code == 0
        assert told in done.stderr
    shown = call("evidence", str(file), "--effects", "--check")
    assert shown.exit_code == 2
    assert "found 0.8; allowed: 0.698, or within 2% of it" in shown.stderr
    done = call("evidence", str(file), "--effects", "--write")
    assert f"written: 1 effect into {file}" in done.stderr
    assert load(file).services["mentor"].hazard_ratio.value == 0.698
    assert call("validate", str(file)).stderr == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--effects"], "is about a scenario file"),
        (["baseline.toml", "--write"], "goes with --effects"),
        (["baseline.toml", "--effects", "--out", "x.csv"], "--out about the register"),
        (["dorset/baseline", "--effects", "--write"], "is no file"),
    ],
)
def test_what_makes_no_sense_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(file.parent)
    done = call("evidence", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr


def test_calibrate_solves_effects_anew_with_what_it_has_fitted(folder: Path) -> None:
    """The untreated share of the study is that of the calibrated level, so the ratio moves."""
    path = folder / "fitted.toml"
    points = TRIAL.replace('"rates"', '"points"').replace(
        "treated = 0.3, untreated = 0.4", "points = -10"
    )
    effect = EFFECT.replace(TRIAL, points)
    path.write_text(path.read_text("utf-8").replace("hazard_ratio = 0.2", effect), "utf-8")
    done = call(*FIT, *FEW, "--write")
    assert done.exit_code == 0
    assert "effects solved anew from their studies: 1 in fitted.toml" in done.stderr
    after = load(path).services["mentor"].hazard_ratio.value
    assert after != 0.698
    assert call("evidence", "fitted.toml", "--effects", "--check").exit_code == 0
