"""Which option is the best by what an effect is worth, and the frontier of cost and effect."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.decision.acceptability import acceptability, chance_best
from pathsim.decision.information.exact import normal_gain
from pathsim.decision.strategies import DOMINATED, EXTENDEDLY, FRONTIER, strategies
from pathsim.errors import InputError

FORMULA = 1e-9

# Figures that the R package dampack 1.0.2 prints for its examples.
SIX = {
    "costs": {"E": 55000, "D": 35000, "C": 25000, "B": 10000, "A": 12000, "UC": 5000},
    "effects": {"E": 5, "D": 4, "C": 3, "B": 2, "A": 1.5, "UC": 1},
    "icers": {"UC": None, "B": 5000, "D": 12500, "E": 20000},
    "off": {"A": DOMINATED, "C": EXTENDEDLY},
}
HIV = {
    "costs": {"none": 26000, "once": 27000, "five": 28020, "three": 28440, "annual": 29440},
    "effects": {
        name: months / 12
        for name, months in {
            "none": 277.25,
            "once": 277.57,
            "five": 277.78,
            "three": 277.83,
            "annual": 277.76,
        }.items()
    },
    "icers": {"none": None, "once": 37500, "five": 58286, "three": 100800},
    "off": {"annual": DOMINATED},
}


@pytest.mark.parametrize("case", [SIX, HIV], ids=["six", "hiv"])
@pytest.mark.parametrize("order", [1, -1])
def test_the_frontier_of_a_published_example_is_the_printed_one(case, order):
    names = list(case["costs"])[::order]
    table = strategies(
        names,
        costs=[case["costs"][name] for name in names],
        effects=[case["effects"][name] for name in names],
    ).set_index("option")
    frontier = table[table.status == FRONTIER]
    assert list(frontier.index) == list(case["icers"])
    for name, icer in case["icers"].items():
        if icer is None:
            assert np.isnan(table.icer[name])
        else:
            assert round(table.icer[name]) == icer
    assert dict(table.status[table.status != FRONTIER]) == case["off"]
    assert table.icer[list(case["off"])].isna().all()


def test_a_step_is_from_the_one_before_on_the_frontier():
    table = strategies(["a", "b", "c"], costs=[0, 10, 40], effects=[0.0, 1.0, 2.0])
    assert list(table.cost_more)[1:] == [10, 30]
    assert list(table.effect_more)[1:] == [1.0, 1.0]


def test_of_two_that_are_equal_the_first_stays():
    table = strategies(["a", "b", "c"], costs=[1, 0, 1], effects=[2.0, 0.0, 2.0])
    assert list(table.option) == ["b", "a", "c"]
    assert list(table.status) == [FRONTIER, FRONTIER, DOMINATED]


def test_of_two_that_cost_the_same_the_one_that_does_less_is_dominated():
    table = strategies(["less", "more", "none"], costs=[10, 10, 0], effects=[1.0, 2.0, 0.0])
    assert dict(zip(table.option, table.status, strict=True)) == {
        "none": FRONTIER,
        "more": FRONTIER,
        "less": DOMINATED,
    }
    assert table.icer[1] == 5.0


def test_a_mix_as_good_as_an_option_does_not_push_it_out():
    table = strategies(["a", "b", "c"], costs=[0, 1, 2], effects=[0.0, 1.0, 2.0])
    assert list(table.status) == [FRONTIER] * 3


def test_a_cheaper_option_that_does_more_leaves_it_alone_on_the_frontier():
    table = strategies(["usual", "new"], costs=[100, 50], effects=[1.0, 2.0])
    assert list(table.option) == ["new", "usual"]
    assert table.icer.isna().all()


def test_as_many_costs_as_names_are_needed():
    with pytest.raises(InputError, match=r"must be as many as names; found \[2, 1, 2\]"):
        strategies(["a", "b"], costs=[1], effects=[1, 2])


def test_acceptability_by_hand():
    effects = np.array([[0.0, 1.0], [0.0, 2.0], [0.0, 0.0], [0.0, 5.0]])
    costs = np.array([[0.0, 10.0], [0.0, 10.0], [0.0, 10.0], [0.0, 10.0]])
    found = acceptability(effects, costs, thresholds=[0.0, 4.0, 10.0])
    # At 4: -6, -2, -10, +10, mean -2: the second is best once in four, the first is to be taken.
    # At 10: 0, 10, -10, 40, mean 10: in the first draw both are equal.
    assert found.probability_best.tolist() == [[1.0, 0.0], [0.75, 0.25], [0.375, 0.625]]
    assert found.best.tolist() == [0, 0, 1]
    assert found.frontier.tolist() == [1.0, 0.75, 0.625]
    assert found.evpi == pytest.approx([0.0, 2.5, 2.5], rel=FORMULA)
    table = found.table(["baseline", "more tags"])
    assert list(table.columns) == [
        *("threshold", "baseline", "more tags", "best", "frontier", "evpi"),
    ]
    assert list(table.best) == ["baseline", "baseline", "more tags"]


def test_the_option_to_take_need_not_be_the_best_most_often():
    effects = np.column_stack([np.zeros(100), np.r_[np.full(70, -1.0), np.full(30, 5.0)]])
    found = acceptability(effects, np.zeros((100, 2)), thresholds=[1.0])
    assert found.best[0] == 1
    assert found.frontier[0] == pytest.approx(0.3)
    assert found.probability_best[0, 0] == pytest.approx(0.7)


def test_chances_are_those_of_a_normal_difference():
    rng = np.random.default_rng(1)
    net_benefit = np.column_stack([np.zeros(20_000), 0.5 + rng.normal(size=20_000)])
    assert chance_best(net_benefit)[1] == pytest.approx(0.691462, abs=3 * 0.0033)
    found = acceptability(net_benefit, np.zeros((20_000, 2)), thresholds=[2.0])
    assert found.evpi[0] == pytest.approx(2 * normal_gain(0.5, 1.0), abs=0.02)


def test_options_that_are_all_equal_share_the_chance():
    assert chance_best(np.zeros((5, 4))).tolist() == [0.25] * 4


def test_costs_of_another_shape_are_refused():
    with pytest.raises(InputError, match=r"costs: has the wrong shape; found \[3, 2\]"):
        acceptability(np.zeros((4, 2)), np.zeros((3, 2)), thresholds=[1.0])


@pytest.mark.parametrize(
    ("thresholds", "words"),
    [([], "thresholds: is empty"), ([10**400], "thresholds: has the wrong type")],
)
def test_thresholds_that_are_none_or_no_numbers_are_refused(thresholds, words):
    with pytest.raises(InputError, match=words):
        acceptability(np.zeros((4, 2)), np.zeros((4, 2)), thresholds=thresholds)
