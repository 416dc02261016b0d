"""Files of targets: what is fitted to what, refused where it makes no sense."""

from __future__ import annotations

import pytest

from pathsim.cli import main
from pathsim.errors import InputError
from pathsim.scenario.load import load
from pathsim.study.calibration import read_targets
from test_calibration_national import DORSET, NATIONAL

TARGETS = """
title = "A test"

[[parameters]]
key = "hazard.adult_level"
median = 1.0
log_sd = 0.5
reason = "a test"

[[targets]]
id = "all"
title = "Everybody"
published = 0.4
se = 0.01
source = "made for a test"
fitted = true
"""


def test_the_shipped_national_targets_fit_what_is_published_of_2021():
    fitted = {target.id: target.published for target in read_targets("england-and-wales").fitted}
    assert fitted["adult"] == 0.251
    assert fitted["youth"] == 0.325
    assert fitted["male"] == 0.261
    assert fitted["female"] == 0.211
    assert 0.55 <= fitted["custody_under_12m"] <= 0.56
    assert 0.32 <= fitted["order_or_custody"] <= 0.33


def test_more_than_twenty_figures_are_left_out_of_the_fit():
    targets = read_targets("england-and-wales")
    left_out = {target.id for target in targets.targets if not target.fitted}
    assert len(left_out) > 20
    assert {"disposal_caution", "disposal_custody", "occasions", "record_0"} <= left_out
    assert {f"ethnicity_{name}" for name in ("white", "black", "asian", "other")} <= left_out


@pytest.mark.parametrize(("name", "file"), [("england-and-wales", NATIONAL), ("dorset", DORSET)])
def test_every_shipped_parameter_can_be_set_in_its_scenario(name, file):
    values = {parameter.key: parameter.median for parameter in read_targets(name).parameters}
    changed = load(file).change("at the prior", values)
    assert changed.hazard.adult_level.value == values["hazard.adult_level"]


def test_every_shipped_error_beyond_sampling_is_named():
    for name in ("england-and-wales", "dorset"):
        for target in read_targets(name).targets:
            assert bool(target.discrepancy) == bool(target.discrepancy_reason), target.id


@pytest.mark.parametrize(
    ("line", "instead", "words"),
    [
        ("published = 0.4", "published = 1.4", "published: is out of range; found 1.4"),
        ("se = 0.01", "", "needs se or discrepancy"),
        ("se = 0.01", "discrepancy = 0.02", "needs discrepancy_reason"),
        ("se = 0.01", 'se = 0.01\nmeasure = "housed"', "cannot be fitted, only left out"),
        ("se = 0.01", 'se = 0.01\ngroups = ["sex=mail"]', "did you mean 'sex=male'"),
        (
            "se = 0.01",
            'se = 0.01\ngroups = ["sex=male", "sex=female", "sex=male"]',
            r"targets\[0\].groups: name one group twice",
        ),
        (
            "fitted = true",
            'groups = ["sex=male"]\nmeasure = "settled"',
            r"targets\[0\].groups: cannot be said of 'settled'",
        ),
        ("median = 1.0", "median = 0.0", "median"),
        ("fitted = true", "fitted = true\nfited = true", "fited"),
    ],
)
def test_nonsense_is_refused_by_name_and_line(tmp_path, line, instead, words):
    file = tmp_path / "targets.toml"
    file.write_text(TARGETS.replace(line, instead), encoding="utf-8")
    with pytest.raises(InputError, match=words) as refused:
        read_targets(file)
    assert f"{file}:" in str(refused.value)


def test_levels_of_one_attribute_are_added_up(tmp_path):
    file = tmp_path / "targets.toml"
    said = 'se = 0.01\ngroups = ["age_band=18-20", "age_band=21-24"]'
    file.write_text(TARGETS.replace("se = 0.01", said), encoding="utf-8")
    assert read_targets(file).targets[0].groups == ("age_band=18-20", "age_band=21-24")


def test_an_id_said_twice_is_refused(tmp_path):
    file = tmp_path / "targets.toml"
    file.write_text(TARGETS + TARGETS[TARGETS.index("[[targets]]") :], encoding="utf-8")
    with pytest.raises(InputError, match="targets: 'all' is given twice"):
        read_targets(file)


def test_an_unknown_name_says_which_are_shipped():
    with pytest.raises(
        InputError, match=r"did you mean 'dorset'.*allowed: dorset, england-and-wal"
    ):
        read_targets("dorsett")


def test_validate_checks_a_file_of_targets_as_one(tmp_path, capsys):
    file = tmp_path / "mine.toml"
    file.write_text(TARGETS, encoding="utf-8")
    shipped = DORSET.with_name("targets.toml")
    assert main(["validate", str(shipped), str(file)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{shipped}: ok; calibration targets 'Dorset, proven reoffending of the cohort of October "
        "to December 2021', 2 free parameters, 6 figures, 2 of them fitted",
        f"{file}: ok; calibration targets 'A test', 1 free parameter, 1 figure, 1 of them fitted",
    ]
    for old, new, told in (
        ("published", "publisht", "mine.toml:13: targets[0].publisht: unknown key; did you mean"),
        ("[[targets]]", "[[aims]]", "mine.toml:10: aims: unknown key"),
        ("[[parameters]]", "[[parameter]]", "mine.toml:4: parameter: unknown key; did you mean"),
        ('id = "all"', "id = ", "mine.toml:11"),
    ):
        file.write_text(TARGETS.replace(old, new), encoding="utf-8")
        assert main(["validate", str(file)]) == 2
        assert told in capsys.readouterr().err


def test_a_file_of_targets_given_as_a_scenario_is_called_what_it_is(tmp_path, capsys):
    file = tmp_path / "mine.toml"
    file.write_text(TARGETS, encoding="utf-8")
    option = tmp_path / "option.toml"
    option.write_text('extends = "mine.toml"\ntitle = "Option"\n', encoding="utf-8")
    for given in (file, option):
        assert main(["run", str(given)]) == 2
        said = capsys.readouterr().err.splitlines()
        assert said == [
            f"error: {file}:4: parameters: belongs to a file of calibration targets, which is no "
            "scenario: `pathsim validate` checks it, `pathsim calibrate` and `pathsim backcast` "
            "take it as --targets; allowed: a scenario file"
        ]
