"""What options add when they are taken together: games by hand, and a town with scarce places."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.decision.shapley import SHARED, TOGETHER, shares
from priced_town import priced_town
from small_town import TOWN

EXACT = 1e-9
HOW: dict[str, Any] = {"draws": 32, "replications": 2, "seed": 3}


def game(worth: Any, players: int) -> dict[frozenset[int], Any]:
    """Return the worth of every coalition but the empty one."""
    return {
        frozenset(some): np.array([float(worth(set(some)))])
        for size in range(1, players + 1)
        for some in combinations(range(players), size)
    }


def test_one_left_and_two_right_gloves():
    # A pair is worth 1: the left glove, of which there is one, has two thirds of it.
    pairs = game(lambda some: 0 in some and len(some) > 1, 3)
    assert shares(pairs, players=3)[:, 0] == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=EXACT)


def test_what_adds_nothing_has_no_share_and_equals_have_equal_ones():
    worth = game(lambda some: len(some - {3}) ** 2, 4)
    found = shares(worth, players=4)[:, 0]
    assert found == pytest.approx([3.0, 3.0, 3.0, 0.0], abs=EXACT)


@given(some.lists(some.floats(-1e6, 1e6), min_size=15, max_size=15))
def test_shares_add_up_to_what_all_do(values):
    worth = dict(zip(game(lambda _: 0, 4), (np.array([each]) for each in values), strict=True))
    whole = worth[frozenset(range(4))]
    assert shares(worth, players=4).sum(axis=0) == pytest.approx(whole, abs=1e-3)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return priced_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def options(town):
    return [
        town.change("More mentors", {"services.mentor.capacity": 60}),
        town.change("More referred", {"services.mentor.referral": 0.6}),
        town.change("Nothing", {"services.mentor.max_queue": 400}),
    ]


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.InputWarning")
def test_shares_of_options_are_of_their_combinations_and_add_up(town, options):
    found = ps.shapley(town, options, **HOW)
    table = found.table.set_index(["outcome", "option"])
    both = town.change("Both", {"services.mentor.capacity": 60, "services.mentor.referral": 0.6})
    alone = ps.compare(town, [*options[:2], both], **HOW)
    for outcome in SHARED:
        more, referred, together = (each.everybody[outcome].mean() for each in alone.options)
        rows = table.loc[outcome]
        assert rows.loc["Nothing", "share"] == pytest.approx(0.0, abs=1e-6)
        assert rows.loc["More mentors", "alone"] == pytest.approx(more)
        assert rows.loc[TOGETHER, "share"] == pytest.approx(together)
        by_hand = (more + (together - referred)) / 2
        assert rows.loc["More mentors", "share"] == pytest.approx(by_hand)
        shared = rows["share"].drop(TOGETHER).sum()
        assert shared == pytest.approx(together, rel=1e-9, abs=1e-9)
    society = table.loc["cost_society"]
    assert society.loc[TOGETHER, "low"] < society.loc[TOGETHER, "share"]
    assert society.loc[TOGETHER, "share"] < society.loc[TOGETHER, "high"]


def test_what_cannot_be_taken_together_is_refused(town, options):
    other = town.change("Other", {"services.mentor.capacity": 12})
    with pytest.raises(ps.InputError, match=r"services\.mentor\.capacity: is given unlike"):
        ps.shapley(town, [options[0], other], **HOW)
    for wrong in (None, 5, {"a": 1}):
        with pytest.raises(ps.InputError, match="options"):
            ps.shapley(town, wrong, **HOW)
    for number in (1, 7):
        with pytest.raises(ps.InputError, match="options: are too few or too many"):
            ps.shapley(town, options[:1] * number, **HOW)


def test_the_command_tells_shares_of_several_options(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.toml").write_text(TOWN, encoding="utf-8")
    for name, key, value in (("more", "capacity", 60), ("referred", "referral", 0.6)):
        text = f'extends = "town.toml"\ntitle = "{name}"\nservices.mentor.{key} = '
        text += f'{{ value = {value}, source = "a choice", grade = "choice" }}\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    command = ["explain", "town.toml", "more.toml", "referred.toml", "--draws", "4"]
    assert run_command_line(command) == 0
    said = capsys.readouterr().out
    assert "share of all" in said
    assert "together" in said
    assert run_command_line([*command, "--person", "1"]) == 2
    assert "--person: says nothing but with one option" in capsys.readouterr().err
    assert run_command_line(["explain", "town.toml", "more.toml", "--draws", "4"]) == 2
    assert "--draws: says nothing but with several options" in capsys.readouterr().err
