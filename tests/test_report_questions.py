"""The report says where what is often asked is answered; the commands that it names answer it."""

from __future__ import annotations

import copy
import html
import re
import shlex

import pytest

import pathsim as ps
from pathsim.cli import main
from pathsim.decision.results import results_data
from pathsim.present.report import names_in, section_html
from report_pages import Page

BETTER = """\
title = "Refer everybody"
extends = "town.toml"
[services.mentor]
referral = 0.9
"""
MORE = """\
title = "Twice the mentors"
extends = "town.toml"
[services.mentor]
capacity = 24
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a folder")
    for name, text in (("town", ps.example().to_toml()), ("better", BETTER), ("more", MORE)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(folder):
    files = [folder / f"{name}.toml" for name in ("better", "more")]
    return results_data(ps.compare(folder / "town.toml", files, draws=32, replications=2))


@pytest.fixture
def told(whole):
    return copy.deepcopy(whole)


def more_alone(told):
    """Return what is told with the option of more mentors alone."""
    for part in (told, told["decision"]):
        part["options"] = part["options"][1:]
    return told


def commands(text: str) -> list[list[str]]:
    found = re.findall(r"<code>(pathsim .*?)</code>", text, re.S)
    return [shlex.split(html.unescape(re.sub(r"<.*?>", "", each))) for each in found]


def test_every_question_leads_to_a_section_of_the_report(told):
    page = Page(section_html("questions", told))
    links = [each["href"].removeprefix("#") for each in page.all("a")]
    assert {"answer", "value", "payers", "turning", "equality", "years", "load"} <= set(links)
    assert set(links) <= set(names_in(told))


def test_one_option_is_not_asked_which_is_best(told):
    assert "Which option is best" in section_html("questions", told)
    text = section_html("questions", more_alone(told))
    assert "Who pays and who gains?" in text
    assert "Which option is best" not in text


def test_what_is_not_decided_is_not_promised(told):
    del told["decision"]
    text = section_html("questions", told)
    assert 'href="#evidence"' in text
    assert 'href="#turning"' not in text
    assert 'href="#value"' not in text


def test_the_commands_are_of_these_files_and_what_they_change(told):
    town, better, more = "town.toml", "better.toml", "more.toml"
    study = ["--draws", "512", "--study", "100,200,400"]
    assert commands(section_html("questions", told)) == [
        [
            *("pathsim", "sweep", town, "--set", "services.mentor.capacity=0:48:4"),
            *("--target", "service.mentor.mean_wait_days<=14"),
        ],
        [
            *("pathsim", "portfolio", town, "--option", better),
            *("--lever", "services.mentor.capacity=24", "--budget", "500000"),
        ],
        ["pathsim", "value", town, better, *study],
        ["pathsim", "value", town, more, *study],
    ]


def test_a_command_of_each_kind_runs_where_its_files_lie(told, folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    assert "a file from elsewhere is told by its name alone" in section_html("questions", told)
    words = {said[1]: said for said in commands(section_html("questions", told))}
    for name, draws in (("sweep", "2"), ("portfolio", "30"), ("value", "512")):
        asked = [each for each in words[name][1:] if each not in ("--draws", "512")]
        assert main([*asked, "--draws", draws, "--replications", "2"]) == 0
        assert capsys.readouterr().out


def portfolio(told) -> list[str]:
    """Return what the portfolio's command chooses from."""
    (found,) = (
        each for each in commands(section_html("questions", told)) if each[1] == "portfolio"
    )
    return found[3 : found.index("--budget")]


def test_places_that_change_on_a_day_are_neither_swept_nor_bought(told):
    for change in told["options"][1]["about"]["changes"]:
        change["days"] = "from day 90"
    assert "capacity=" not in section_html("questions", told)
    assert portfolio(told) == ["--option", "better.toml"]


def test_what_contradicts_a_lever_is_not_bought_beside_it(told):
    (more,) = told["options"][1]["about"]["changes"]
    told["options"][0]["about"]["changes"].append(more | {"after": 20.0})
    assert portfolio(told) == ["--lever", "services.mentor.capacity=24"]


def test_two_options_of_the_same_places_are_levels_of_one_lever(told):
    (more,) = told["options"][1]["about"]["changes"]
    told["options"][0]["about"]["changes"] = [more | {"after": 20.0}]
    assert portfolio(told) == ["--lever", "services.mentor.capacity=20,24"]


def test_what_has_no_file_is_named_by_a_word_that_is_explained(told):
    assert "stand for scenario files" not in section_html("questions", told)
    told["options"][1]["file"] = told["run"]["scenario"]["file"] = None
    text = section_html("questions", told)
    assert "BASELINE.toml and OPTION.toml stand for scenario files" in text
    assert commands(text)[-1][2:4] == ["BASELINE.toml", "OPTION.toml"]
