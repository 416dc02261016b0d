"""Quality sheets say what the run says, and list what a person must fill in."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.present.quality import quality_html, quality_markdown
from pathsim.present.quality.assurance import assurance
from pathsim.present.quality.framework import framework
from pathsim.present.quality.stress import stress
from pathsim.present.words import difference_words
from small_dorset import small_dorset
from small_scenario import write_scenarios

ITEMS = (
    *("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5"),
    *("3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
)
"""Of STRESS-DES, version 1.0."""
THEMES = (
    *("Accommodation", "Youth", "Employment, training and education", "Mental health"),
    *("Reconvictions", "Substance misuse", "Domestic abuse"),
)
"""Of the strategy of 2018 to 2021."""


@pytest.fixture(scope="module")
def compared():
    baseline = small_dorset()
    more = baseline.change("Twice the GPS tags", {"services.gps_tag.capacity": 36})
    return ps.compare(baseline, [more], draws=2, replications=2)


def said(sheet, begins):
    return next(each for each in sheet.items if each.asked.startswith(begins))


def test_every_item_of_stress_des_is_there_once_with_what_the_run_says(compared):
    sheet = stress(compared)
    assert tuple(item.asked.split()[0] for item in sheet.items) == ITEMS
    assert all(item.said for item in sheet.items)
    run = compared.provenance
    assert "2 states of the world with 2 replications each, seed 1" in said(sheet, "4.3").said
    assert str(run["doubted"]) in said(sheet, "4.3").said
    assert run["source"]["sha256"] in said(sheet, "5.1").said
    assert "places from 18 to 36" in said(sheet, "2.3").said
    assert all(file["path"] in said(sheet, "3.2").said for file in run["inputs"])
    assert "59 services" in said(sheet, "2.5.2").said


def test_the_assurance_sheet_leaves_every_name_and_judgement_to_people(compared):
    sheet = assurance(compared)
    assert sheet.blanks == sheet.items
    unsaid = [item.asked for item in sheet.items if not item.said]
    assert unsaid[:3] == ["Commissioner", "Senior responsible owner", "Analysts"]
    assert compared.provenance["inputs_sha256"] in said(sheet, "Reproduction").said


def test_the_framework_has_the_seven_themes_and_what_the_group_measures(compared):
    sheet = framework(compared)
    asked = [item.asked for item in sheet.items]
    for theme in (*THEMES, "Integrated Offender", "Women", "Prison crime"):
        assert any(each.startswith(theme) for each in asked), theme
    assert all("(" in each for each in asked), "each names its source"
    assert all(item.said or item.blank for item in sheet.items)
    option = compared.options[0]
    groups = {"Reconvictions": "all", "Women: re": "sex=female", "Youth": "age_group=youth"}
    for theme, group in groups.items():
        words = difference_words(option, option.rows.index(("proven_reoffending_rate", group)))
        told = f"Proven reoffending rate: {words.baseline} to {words.option} (Twice the GPS tags)"
        assert said(sheet, theme).said == told
    assert not said(sheet, "Prison crime").said


def test_a_scenario_without_these_services_leaves_blanks(tmp_path):
    folder = write_scenarios(tmp_path)
    options = [folder / "more.toml"]
    sheet = framework(ps.compare(folder / "baseline.toml", options, draws=0, replications=2))
    assert "figures from the partnership" in said(sheet, "Domestic abuse").blank
    assert "figures from the partnership" in said(sheet, "Youth").blank


NASTY = "<script>x</script> | [a](http://b) `c`\n# d \x1b[31m"


def test_pages_list_the_blanks_and_show_text_as_text(compared):
    option = compared.options[0]
    nasty = replace(option, request=option.request._replace(title=NASTY))
    result = compared.__class__(
        baseline=compared.baseline, options=(nasty,), states=compared.states
    )
    page = quality_markdown(result)
    blanks = sum(len(sheet(result).blanks) for sheet in (stress, assurance, framework))
    assert len(re.findall(r"^- \[ \] ", page, re.MULTILINE)) == blanks
    assert len(re.findall(r"\| \[ \] ", page)) == blanks
    assert not re.search(r"(?<!\\)<script", page)
    assert not re.search(r"(?<!\\)\]\(http", page)
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}
    for text in (page, quality_html(result)):
        assert "\x1b" not in text
    assert "<script>" not in quality_html(result)
    assert "&lt;script&gt;" in quality_html(result)


def test_compare_writes_them_where_it_is_asked_to(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(write_scenarios(tmp_path))
    compare = ["compare", "baseline.toml", "more.toml", "--replications", "2", "--draws", "0"]
    assert run_command_line([*compare, "--quality"]) == 2
    assert "--quality: has no folder to write to" in capsys.readouterr().err
    assert run_command_line([*compare, "--out", "out", "--quality"]) == 0
    assert "out/quality.md, out/quality.html" in capsys.readouterr().err
    assert "seed 1" in (tmp_path / "out/quality.md").read_text()
    assert (tmp_path / "out/quality.html").read_text().startswith("<!doctype html>")
