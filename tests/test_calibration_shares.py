"""Entry shares of a fit, with stand-ins for the model: by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pathsim.study.balance import Balance
from pathsim.study.calibration import Posterior, Target, entries
from pathsim.study.calibration.entries import Effort
from pathsim.study.calibration.posterior import rows


def target(**said: Any) -> Target:
    plain = {"id": "x", "title": "X", "published": 0.4, "source": "a test", "fitted": True}
    return Target(**plain | {"se": 0.1} | said)


@pytest.mark.parametrize(
    ("share", "drawn", "found"),
    [
        (0.123456, [0.5], (0.1235, 0.1235, 0.1235)),
        (0.5, [0.4, 0.6], (0.5, 0.5 - 1.96 * math.sqrt(0.02), 0.5 + 1.96 * math.sqrt(0.02))),
        (0.03, [0.0, 1.0], (0.03, 0.02, 1.0)),
    ],
)
def test_a_share_has_the_interval_of_its_draws_as_far_as_shares_go(share, drawn, found):
    assert entries._interval(share, drawn) == tuple(round(each, 4) for each in found)


def rates(*found: Target) -> dict[str, float | None]:
    targets: Any = SimpleNamespace(fitted=found)
    return entries._rates(targets)


def test_the_rates_are_those_that_the_targets_fit_of_each_age_group():
    adult = target(groups=("age_group=adult",), published=0.25)
    youth = target(groups=("age_group=youth",), measure="early_share", published=0.5)
    assert rates(adult, youth, target()) == {"adult": 0.25, "youth": None}


def scenario_at(adult: float, youth: float) -> Any:
    hazard = SimpleNamespace(
        adult_level=SimpleNamespace(value=adult), youth_level=SimpleNamespace(value=youth)
    )
    found = SimpleNamespace(title="S", hazard=hazard)
    found.change = lambda title, _: found if title == "S" else None
    return found


def test_levels_of_all_draws_are_multiplied_by_what_brings_the_centre_to_its_rates(monkeypatch):
    balanced = SimpleNamespace(adult_level=0.6, youth_level=0.5)
    asked: list[Any] = []
    monkeypatch.setattr(
        entries, "balance_entries", lambda _, **more: asked.append(more) or balanced
    )
    targets: Any = SimpleNamespace(fitted=(target(groups=("age_group=adult",)),))
    table = pd.DataFrame({"hazard.adult_level": [0.2, 0.4], "hazard.multipliers.x": [1.0, 2.0]})
    posterior = Posterior(table, ("where from",))
    found = entries.at_rates_in_balance(scenario_at(0.4, 0.25), targets, posterior)
    assert found.table["hazard.adult_level"].tolist() == pytest.approx([0.3, 0.6])
    assert found.table["hazard.multipliers.x"].tolist() == [1.0, 2.0]
    line = "Levels of all draws, for the rates in balance: hazard.adult_level x 1.500"
    assert found.origin == ("where from", line)
    assert table["hazard.adult_level"].tolist() == [0.2, 0.4]
    known = {"adult_rate": 0.4, "youth_rate": None}
    assert asked == [known | {"seed": 1, "replications": 48, "rounds": 16}]
    same = entries.at_rates_in_balance(
        scenario_at(0.6, 0.25), targets, posterior, effort=Effort(3, 4), seed=5
    )
    assert same is posterior
    assert asked[1] == known | {"seed": 5, "replications": 3, "rounds": 4}


def test_shares_are_balanced_at_the_centre_and_at_eight_draws(monkeypatch):
    asked: list[Any] = []

    def balanced(scenarios: Any, **more: Any) -> Any:
        asked.append((scenarios, more))
        table = pd.DataFrame({"age_group": ["adult", "youth"], "published": [9.0, 9.0]})
        return [
            Balance({"adult": {"0": 0.5 + k / 100}}, 1.0, 2.0, pd.DataFrame(), table)
            for k in range(len(scenarios))
        ]

    monkeypatch.setattr(entries, "balance_each", balanced)
    monkeypatch.setattr(entries, "shares_of", lambda _: "begun")
    monkeypatch.setattr(entries, "at", lambda _, values, *, source: (values, source))
    changed: list[Any] = []
    scenario: Any = SimpleNamespace(
        title="S", change=lambda title, values: changed.append((title, values)) or "centre"
    )
    targets: Any = SimpleNamespace(fitted=(target(groups=("age_group=adult",)),))
    table = pd.DataFrame({"hazard.adult_level": [0.1 * k for k in range(1, 12)]})
    found = entries.entries_at(scenario, targets, Posterior(table), workers=3)
    ((first, *drawn), more), *_ = asked
    assert first == "centre"
    ((title, values),) = changed
    assert title == "S"
    assert values["hazard.adult_level"]["source"] == "centre of the posterior"
    assert [source for _, source in drawn] == ["draw of the posterior"] * 8
    assert [each for each, _ in drawn] == list(rows(Posterior(table), 8, seed=1))
    sizes = {"replications": 48, "rounds": 16, "seed": 1}
    assert more == {"start": "begun", "workers": 3, **sizes}
    ((age, band, value, low, high),) = found.shares.to_numpy().tolist()
    width = 1.96 * np.std([0.5 + k / 100 for k in range(1, 9)], ddof=1)
    assert (age, band, value) == ("adult", "0", 0.5)
    assert (low, high) == (round(0.5 - width, 4), round(0.5 + width, 4))
    published = found.balance.rates["published"].tolist()
    assert published[0] == 0.4
    assert math.isnan(published[1])
    few = entries.entries_at(
        scenario, targets, Posterior(table.head(2)), effort=Effort(3, 4), seed=5, workers=1
    )
    assert len(asked[1][0]) == 3
    assert asked[1][1]["seed"] == 5
    assert list(few.shares.columns) == ["age_group", "previous_offences", "value", "low", "high"]


def test_before_a_fit_the_shares_are_those_of_the_rates_and_the_levels_stay(monkeypatch):
    asked: list[Any] = []
    balanced = SimpleNamespace(shares={"adult": {"0": 0.5}})
    monkeypatch.setattr(
        entries, "balance_entries", lambda _, **more: asked.append(more) or balanced
    )
    monkeypatch.setattr(entries, "with_shares", lambda scenario, shares: (scenario, shares))
    scenario: Any = "scenario"
    targets: Any = SimpleNamespace(fitted=(target(groups=("age_group=youth",)),))
    found: Any = entries.in_balance(scenario, targets)
    assert found == ("scenario", balanced.shares)
    entries.in_balance(scenario, targets, effort=Effort(3, 4), seed=7)
    known = {"adult_rate": None, "youth_rate": 0.4}
    assert asked == [
        known | {"seed": 1, "replications": 48, "rounds": 16},
        known | {"seed": 7, "replications": 3, "rounds": 4},
    ]
