"""Figures in the docs are those that this version prints; `make options picture` renews them."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
from PIL import Image

import pathsim as ps

ROOT = Path(__file__).parents[1]
TRIED = ("more-tags", "suspended-sentences", "womens-centre")
"""Of all options: more places, the justice system's rules, and a service that is opened."""
TOLERANCE = 1e-5
"""Of a figure that is held to six figures."""


def script(name):
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def options():
    return script("options")


@pytest.fixture(scope="module")
def result(options):
    return options.compared([options.FOLDER / f"{name}.toml" for name in TRIED])


@pytest.fixture(scope="module")
def page(options):
    return options.PAGE.read_text(encoding="utf-8")


def test_the_page_of_options_is_made_from_the_scenarios_as_they_are(options, page):
    assert f"SHA-256: `{options.inputs()}`" in page
    titles = {file.stem: ps.load(file).title for file in options.option_files()}
    moved = [
        titles[name]
        for held in (options.held(options.BEFORE), options.held(options.BEFORE_BALANCE))
        for name in titles
        if name in held
    ]
    every = [*titles.values(), *moved]
    assert re.findall(r"^\| (?!option)([^|]+) \| ", page, flags=re.M) == every


def test_the_rows_of_the_page_are_what_this_version_finds(options, page, result):
    rows, people = page.splitlines(), int(result.provenance["people"])
    found = [options.line(option, people) for option in result.options]
    assert [line for line in found if line in rows] == found
    assert f"{people:,} people" in page


def test_the_page_says_what_each_option_tried_moved_to_since_the_last_version(
    options, page, result
):
    people = int(result.provenance["people"])
    before = options.held(options.BEFORE)
    titles = dict(zip(TRIED, (option.request.title for option in result.options), strict=True))
    now = {
        name: options.figures(option, people)
        for name, option in zip(TRIED, result.options, strict=True)
    }
    rows = options.moved(before, now, titles).splitlines()[2:]
    assert len(rows) == len(TRIED)
    assert [row for row in page.splitlines() if row in rows] == rows


def test_an_option_that_is_newer_has_no_row_of_what_it_was(options):
    names = list(options.OUTCOMES)
    was = dict.fromkeys(names, "1") | {"why": "It was fitted anew."}
    became = dict.fromkeys(names, "-2500")
    table = options.moved({"old": was}, {"old": became, "new": became}, {"old": "O", "new": "N"})
    cell = "+1 to -2.5e+03"
    assert table.splitlines()[2:] == [
        f"| O | {cell} | {cell} | {cell} | {cell} | It was fitted anew. |"
    ]


def test_the_picture_shows_what_this_version_finds(result):
    picture = script("picture")
    held = json.loads(Image.open(picture.PICTURE).text[picture.FIGURES])
    found = picture.figures(result)
    for outcome in picture.OUTCOMES:
        assert len(held[outcome]) == len(picture.OPTIONS)
        both = held[outcome].keys() & found[outcome].keys()
        assert len(both) == 2
        for option in both:
            assert held[outcome][option] == pytest.approx(found[outcome][option], rel=TOLERANCE)


def test_the_readme_counts_the_services_as_they_are():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    services = ps.load("dorset/baseline").services
    assert f"the {len(services)} services" in text
