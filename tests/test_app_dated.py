"""The app offers options that begin on a day, and says what a budget buys before anything moves."""

from __future__ import annotations

import json
import re

import pytest

from app_pages import client, sharpened, states_of, written
from pathsim.cli import main

LATER = """\
title = "Ten places from day 90"
extends = "small.toml"
from_day = 90
[services.mhtr]
capacity = 10
referral = 0.5
"""
PHASED = """\
title = "In two steps"
extends = "small.toml"
[[phases]]
from_day = 30
[phases.services.gps_tag]
capacity = 24
[[phases]]
from_day = 90.5
[phases.services.gps_tag]
capacity = 30
"""
BROKEN = """\
title = "Nothing that can be read"
extends = "small.toml"
phases = [3, "gps_tag"]
"""
QUERY = "start=later&services.gps_tag.capacity=24"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("folder")


@pytest.fixture(scope="module")
def asks(folder):
    file = written(folder)
    for name, text in (("later", LATER), ("phased", PHASED), ("broken", BROKEN)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    with client(file) as found:
        yield found


def test_an_option_that_begins_on_a_day_is_offered_and_its_days_are_told(asks):
    text = asks.get("/").text
    assert '<option value="later">Ten places from day 90</option>' in text
    assert 'id="dated"' not in text
    assert "This option changes on day 90." in asks.get("/?start=later").text
    assert "This option changes on day 30, 90.5." in asks.get("/?start=phased").text


def test_a_file_that_cannot_be_read_is_refused_once_it_is_chosen(asks):
    assert "phases" in asks.get("/?start=broken").text
    assert asks.get("/?start=broken").status_code == 422


def test_what_moves_on_an_option_of_a_later_day_is_the_same_in_the_shell(asks, folder, monkeypatch):
    monkeypatch.chdir(folder)
    text = sharpened(asks, QUERY, states=4).text
    draws = states_of(text)
    asked = f"{QUERY}&draws={draws}"
    mine = asks.get(f"/download/results.json?{asked}").json()
    file = asks.get(f"/download/option.toml?{QUERY}").text
    (folder / "option.toml").write_text(file, encoding="utf-8")
    command = re.sub(r"<.*?>", "", re.search(r"<pre>(.*?)</pre>", text, re.S).group(1))
    assert main(command.split()[1:]) == 0
    shell = json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))
    assert mine["options"][0]["outcomes"] == shell["options"][0]["outcomes"]
    changes = {each["key"]: each["days"] for each in mine["options"][0]["about"]["changes"]}
    assert changes["services.mhtr.capacity"] == "from day 90"
    assert any(each["difference"] for each in mine["options"][0]["outcomes"])


def test_a_budget_alone_says_how_many_places_it_buys(asks):
    text = asks.get("/?budget=500000").text
    assert "Nothing is bought yet" in text
    assert re.search(r'aria-label="Buy \d+ more: [^"]+: places"', text)
    assert "Nothing is bought yet" not in asks.get("/").text


def test_the_highest_number_of_places_is_not_said(asks):
    text = asks.get("/").text
    assert "1,000,000,000" not in text
    assert re.search(r"places; baseline \d+; allowed 0 or more", text)
