"""Options that change nothing, or the same, are said to be the same, with no chance of 50."""

from __future__ import annotations

import pytest

import pathsim as ps
from pathsim.cli.printing import console, print_parts
from pathsim.decision.sentence import of_the_set
from pathsim.present.decision import decision_parts
from pathsim.present.portfolio import _chance
from pathsim.present.table import comparison_tables
from pathsim.present.value import value_parts
from pathsim.present.words import better_words
from priced_town import priced_town, with_more

HOW = {"draws": 32, "replications": 2, "seed": 3}
NOTHING = "Nothing new"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return priced_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def compared(town):
    return ps.compare(town, town.change(NOTHING, {}), **HOW)


def printed(parts, capsys):
    print_parts(console(width=200), list(parts))
    return capsys.readouterr().out.replace("\n\n", "\n")


def test_a_comparison_says_the_same_and_not_50(compared, capsys):
    text = printed(comparison_tables(compared, narrow=False), capsys)
    rate = next(line for line in text.splitlines() if "none in 64" in line)
    assert rate.count("the same") == 2
    assert "50%" not in text
    row = {"same_in": 64.0, "difference": 0.0, "probability_better": 0.5}
    assert better_words(row | {"share_of_years_better": 0.5}) == "the same"
    row |= {"same_in": float("nan")}
    assert better_words(row | {"share_of_years_better": 0.5}) == "50% better"


def test_a_decision_and_its_value_say_so_too(compared, capsys):
    text = printed(decision_parts(ps.decide(compared)), capsys)
    row = next(line for line in text.splitlines() if NOTHING in line)
    assert row.count("the same") == 2
    assert " 50 " not in row
    assert "Nobody gains or loses by it." in text
    told = printed(value_parts(ps.value(compared)), capsys)
    assert f"'{NOTHING}': nobody gains or loses by it." in told
    assert "in 50 of 100" not in told


def test_two_options_that_are_one_are_worth_the_same(town):
    some = with_more(town)
    other = town.change("The like", {"services.mentor.capacity": 60})
    with pytest.warns(ps.InputWarning):
        twice = ps.compare(town, [some, some], **HOW)
    alike = ps.decide(twice)
    first, second = alike.options
    if first.npsv.mean <= 0.0:
        pytest.fail("the option is to be worth something")
    text = of_the_set(alike)
    assert f"'{first.title}' and '{second.title}' are worth the same and most" in text
    assert "they are the best in" in text
    assert "in 50 of 100" not in text
    alone = of_the_set(ps.decide(ps.compare(town, [some, other], **HOW)))
    assert "are worth the same" not in alone


def test_a_place_that_changes_nothing_is_the_same_in_a_portfolio(town):
    row = {"worth": 0.0, "low": 0.0, "high": 0.0, "chance": 0.5}
    assert _chance(row) == "the same"
    assert _chance(row | {"low": -1.0, "high": 1.0}) == "50"


def test_where_no_effect_is_seen_in_few_draws_they_are_said_to_be_few(compared, capsys):
    found = ps.value(compared, study=100)
    assert found.studies is not None
    assert found.studies.measured is None
    text = " ".join(printed(value_parts(found), capsys).split())
    assert (
        "is seen to matter to the choice, in too few draws to be sure of that: ask for 512" in text
    )
