"""Every figure of the report is that of results.json, and every figure of it is marked."""

from __future__ import annotations

import json
import re

import pytest

import pathsim as ps
from pathsim.cli.files import results_in, write_results
from priced_town import priced_town, with_more, with_some
from report_pages import Page, at, read_number

_ROUNDING = 1e-9


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("town")
    town = priced_town(where)
    compared = ps.compare(
        town, [with_more(town), with_some(town)], draws=32, replications=2, seed=3
    )
    with results_in(where / "out") as outbox:
        write_results(outbox, compared)
    return where / "out"


@pytest.fixture(scope="module")
def told(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(folder):
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def test_every_figure_is_that_of_results_json_and_is_written_to_its_last_digit(told, page):
    assert len(page.marks) > 400
    for mark in page.marks:
        assert mark.value == float(at(told, mark.origin)), mark
        if "than" in mark.text:
            assert 0.0 < mark.value < 0.01 or 0.99 < mark.value < 1.0
            continue
        size, half = read_number(mark.text)
        assert abs(size - abs(mark.value)) <= half * (1.0 + _ROUNDING) + _ROUNDING, mark


_BELOW, _ABOVE = ("fewer", "saves", "lower", "shorter"), ("more", "costs", "higher", "longer")


def test_a_word_that_stands_for_a_sign_says_the_side_of_the_figure(page):
    seen = set()
    for mark in page.marks:
        for word, side in (*((word, -1) for word in _BELOW), *((word, 1) for word in _ABOVE)):
            if word in mark.text and "than" not in mark.text:
                assert mark.value * side > 0, mark
                seen.add(word)
        if "\N{MINUS SIGN}" in mark.text:
            assert mark.value < 0, mark
        if mark.text.startswith("+"):
            assert mark.value > 0, mark
    assert {"fewer", "saves", "costs", "lower", "higher"} <= seen


def test_no_figure_of_a_table_is_without_its_mark(page):
    spoken = re.compile(r"\d")
    known = {"fewer than 10"}
    bare = [text for text in page.bare if spoken.search(text) and text.strip() not in known]
    assert bare == []


def test_every_sentence_of_a_decision_stands_in_results_json(told, page):
    titles = told["parameters"]
    assert titles["services.mentor.cost_per_start_gbp"] == "Mentor: cost per start, £"
    origins = {origin for origin, _ in page.said}
    assert {"decision.paragraph", "decision.options.0.paragraph"} <= origins
    for origin, text in page.said:
        expected = at(told, origin)
        for label in sorted(titles, key=len, reverse=True):
            expected = expected.replace(label, f"'{titles[label]}'")
        assert text == expected


def test_people_and_offences_are_the_rates_times_their_numbers(told):
    base = {(row["outcome"], row["group"]): row for row in told["baseline"]["outcomes"]}
    events = base["index_events", "all"]["mean"]
    for option in told["options"]:
        rows = {(row["outcome"], row["group"]): row for row in option["outcomes"]}
        rate = rows["proven_reoffending_rate", "all"]
        offences = rows["reoffences_from_sentence_per_person", "all"]
        pictured = option["pictured"]
        for end in ("difference", "low", "high"):
            assert pictured["people_reoffending"][end] == pytest.approx(rate[end] * events)
            expected = offences[end] * option["groups"]["all"]
            assert pictured["offences_from_sentence"][end] == pytest.approx(expected)


def test_what_an_option_rests_on_stands_in_results_json(told):
    more, some = (option["about"] for option in told["options"])
    assert {change["key"]: (change["before"], change["after"]) for change in more["changes"]} == {
        "services.mentor.capacity": (4.0, 60.0),
        "services.mentor.referral": (0.3, 0.6),
    }
    (effect,) = some["effects"]
    assert (effect["value"], effect["low"], effect["high"]) == (0.2, 0.1, 0.4)
    assert effect["grade"] == some["grade"] == "assumed"
    assert some["evidence_year"] is None
    price = next(each for each in told["prices"] if each["key"].endswith("cost_per_start_gbp"))
    assert (price["value"], price["low"], price["price_year"]) == (500.0, 400.0, "2021/22")
    assert price["of"] == ["Town", "More mentors", "Some mentors"]
