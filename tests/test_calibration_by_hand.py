"""The back-cast, beliefs and scales of a calibration: figures by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, qmc

import pathsim as ps
from pathsim.errors import InputError
from pathsim.study.calibration import Posterior, Target, draws
from pathsim.study.calibration import backcast as module
from pathsim.study.calibration.backcast import backcast, in_words, markdown, verdict
from pathsim.study.calibration.design import Belief, belief_of, prior_of
from pathsim.study.calibration.posterior import MOST_DRAWS
from pathsim.study.calibration.scales import from_scale, to_scale
from small_scenario import write_scenarios

EXACT = 1e-12
NAN = math.nan
RATIO = "reoffences_per_reoffender"


def target(**said: Any) -> Target:
    return Target(**{"id": "x", "title": "X", "published": 0.4, "source": "a test"} | said)


# Scales


def test_shares_are_compared_as_logits_and_ratios_as_logs():
    share, ratio = target(), target(measure=RATIO, published=4.0)
    assert to_scale(np.array([0.25]), share) == pytest.approx([math.log(1 / 3)], rel=EXACT)
    assert to_scale(np.array([4.0]), ratio) == pytest.approx([math.log(4.0)], rel=EXACT)
    for figure in (0.3, 0.9):
        for each in (share, ratio):
            again = from_scale(to_scale(np.array([figure]), each), each)
            assert again == pytest.approx([figure], rel=EXACT)


def test_what_has_no_value_on_its_scale_is_kept_a_ten_thousandth_away():
    nothing, all_of_it = to_scale(np.array([0.0, 1.0]), target())
    assert nothing == pytest.approx(math.log(1e-4 / (1 - 1e-4)), rel=1e-9)
    assert all_of_it == pytest.approx(-nothing, rel=1e-9)
    ratio = to_scale(np.array([0.0, 2.0]), target(measure=RATIO, published=4.0))
    assert ratio == pytest.approx([math.log(1e-4), math.log(2.0)], rel=EXACT)


# The back-cast


@pytest.fixture
def scenario(tmp_path):
    return ps.load(write_scenarios(tmp_path) / "baseline.toml")


class Observed:
    """Stands for the model: each figure of a run is the level, times one more than its place."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[list[str], range, int]] = []
        self.levels: list[float] = []
        monkeypatch.setattr(module, "observe", self)

    def __call__(
        self,
        scenario: Any,
        _cohort: Any,
        targets: Any,
        *,
        seed: int,
        replications: range,
        stop: Any,
    ) -> np.ndarray:
        assert stop is not None
        self.asked.append(([each.id for each in targets], replications, seed))
        level = scenario.hazard.adult_level.value
        self.levels.append(level)
        rows = [[level * (1 + k)] * len(targets) for k in range(len(replications))]
        figures = np.array(rows)
        figures[:, [each.id == "never" for each in targets]] = NAN
        return figures


POSTERIOR = Posterior(pd.DataFrame({"hazard.adult_level": [0.1, 0.1, 0.1, 0.1]}))


def targets_of(*found: Target) -> Any:
    return SimpleNamespace(targets=found, fitted=tuple(each for each in found if each.fitted))


def test_a_back_cast_reads_logs_of_two_replications_and_figures_of_all(monkeypatch, scenario):
    observed = Observed(monkeypatch)
    told: list[tuple[int, int]] = []
    asked = targets_of(
        target(id="a"), target(id="home", measure="housed"), target(id="never"), target(id="b")
    )
    table = backcast(
        scenario,
        POSTERIOR,
        asked,
        n_draws=2,
        replications=3,
        seed=5,
        progress=lambda *step: told.append(step),
    )
    assert observed.asked == [
        (["a", "never", "b"], range(3), 5),
        (["home"], range(2), 5),
        (["a", "never", "b"], range(3, 6), 5),
        (["home"], range(3, 5), 5),
    ]
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert list(table.columns) == list(module.COLUMNS)
    assert table["model"][[0, 1, 3]].tolist() == pytest.approx([0.2, 0.15, 0.2])
    assert math.isnan(table["model"][2])
    assert table["verdict"][2] == "no figure"
    assert table["people"].tolist() == [100, 0, 100, 100]


def test_a_back_cast_is_of_forty_draws_with_ten_replications_and_seed_1(monkeypatch, scenario):
    observed = Observed(monkeypatch)
    backcast(scenario, POSTERIOR, targets_of(target()))
    assert len(observed.asked) == 40
    assert observed.asked[-1][1:] == (range(390, 400), 1)
    backcast(scenario, POSTERIOR, targets_of(target(measure="housed")), n_draws=1, replications=1)
    assert observed.asked[-1][1] == range(1)


def test_a_back_cast_is_at_the_draws_of_its_seed(monkeypatch, scenario):
    observed = Observed(monkeypatch)
    posterior = Posterior(pd.DataFrame({"hazard.adult_level": [0.1, 0.2, 0.3, 0.4]}))
    backcast(scenario, posterior, targets_of(target()), n_draws=4, replications=1, seed=5)
    one, other = (
        [each.hazard.adult_level.value for each in draws(scenario, posterior, 4, seed=seed)]
        for seed in (5, 1)
    )
    assert observed.levels == one != other


@pytest.mark.parametrize("key", ["n_draws", "replications"])
def test_a_back_cast_has_a_most(scenario, key):
    with pytest.raises(InputError, match=rf"{key}: is out of range.*1 to {MOST_DRAWS}$"):
        backcast(scenario, POSTERIOR, targets_of(target()), **{key: MOST_DRAWS + 1})


def test_the_mean_is_of_the_figures_there_are():
    assert module._mean(np.array([1.0, NAN, 4.0])) == 2.5
    assert math.isnan(module._mean(np.array([NAN, math.inf])))


def test_a_row_has_the_mean_and_the_quantiles_on_the_scale_of_the_figure():
    figures = np.array([0.1, 0.2, 0.3, NAN, 0.6])
    found = module._row(target(se=0.03, discrepancy=0.04, discrepancy_reason="r"), figures, 7)
    logits = np.log(figures / (1 - figures))[[0, 1, 2, 4]]
    low, high = 1 / (1 + np.exp(-np.quantile(logits, [0.025, 0.975])))
    assert found["low"] == pytest.approx(low, rel=EXACT)
    assert found["high"] == pytest.approx(high, rel=EXACT)
    assert found["model"] == pytest.approx(0.3)
    assert found["difference"] == pytest.approx(-0.1)
    assert found["published_sd"] == pytest.approx(0.05)
    assert (found["use"], found["people"], found["source"]) == ("left out", 7, "a test")
    assert module._row(target(fitted=True, se=0.1), figures, 7)["use"] == "fitted"


@pytest.mark.parametrize(
    ("said", "model", "words"),
    [
        ({}, 0.4 + 0.0099, "within 1 point"),
        ({"published": 0.5, "tolerance": 0.25}, 0.75, "within 25 points"),
        ({"published": 0.5, "tolerance": 0.25}, 0.25, "within 25 points"),
        ({"published": 0.5, "tolerance": 0.25}, 0.7501, "within interval"),
        ({"tolerance": 0.02}, 0.41, "within 2 points"),
        ({"measure": RATIO}, 0.41, "within 5%"),
        ({"measure": RATIO}, 0.43, "within interval"),
        ({}, NAN, "no figure"),
    ],
)
def test_a_verdict_says_by_how_many_points(said, model, words):
    assert verdict(target(**said), model=model, low=0.0, high=1.0) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.4, 0.5, "within interval"), (0.3, 0.4, "within interval"), (0.41, 0.5, "miss")],
)
def test_an_interval_holds_its_ends(low, high, words):
    assert verdict(target(), model=0.9, low=low, high=high) == words


def table_of(*rows: tuple[float, ...]) -> pd.DataFrame:
    names = ["published", "published_sd", "model", "low", "high", "difference"]
    table = pd.DataFrame(rows, columns=names)
    words = {"target": "T|1", "use": "fitted", "verdict": "miss", "source": "a\nb"}
    return table.assign(people=1234, **words)


def test_shares_are_read_in_percent_and_ratios_as_they_are():
    table = table_of(
        (0.4, 0.012, 0.425, 0.4, 0.45, 0.025),
        (1.0, 0.25, 1.125, 1.0, 1.5, -0.126),
        (0.4, 0.01, NAN, NAN, NAN, NAN),
    )
    words = in_words(table)
    assert list(words.columns) == [
        "target",
        "use",
        "published",
        "sd",
        "model",
        "low",
        "high",
        "difference",
        "verdict",
        "people",
    ]
    assert words.iloc[0, 2:].tolist() == [
        "40.0%",
        "1.2%",
        "42.5%",
        "40.0%",
        "45.0%",
        "+2.5",
        "miss",
        "1,234",
    ]
    assert words.iloc[1, 2:8].tolist() == ["1.00", "0.25", "1.12", "1.00", "1.50", "-0.13"]
    assert words.iloc[2, 4:8].tolist() == ["-", "-", "-", "-"]


def test_a_page_has_one_line_a_target_whatever_its_text():
    said = markdown(table_of((0.4, 0.012, 0.425, 0.4, 0.45, 0.025)))
    head, line, row = said.splitlines()
    assert head == (
        "| target | use | published | model | 95% interval | difference | verdict | people | "
        "source |"
    )
    assert line == "| " + " | ".join(["---"] * 9) + " |"
    assert row == (
        "| T\\|1 | fitted | 40.0% \u00b1 1.2% | 42.5% | 40.0% to 45.0% | +2.5 | miss | 1,234 | "
        "a\\nb |"
    )


# Beliefs


def free(*keys: str) -> Any:
    return SimpleNamespace(
        parameters=[
            SimpleNamespace(key=key, median=2.0 + place, log_sd=0.5 + place)
            for place, key in enumerate(keys)
        ]
    )


def test_the_prior_is_that_of_the_targets_on_the_log_scale():
    prior = prior_of(free("a", "b"), None)
    assert prior.keys == ("a", "b")
    assert prior.mean == pytest.approx([math.log(2.0), math.log(3.0)], rel=EXACT)
    assert prior.covariance.tolist() == [[0.25, 0.0], [0.0, 2.25]]


def test_what_the_targets_do_not_name_comes_from_the_earlier_posterior():
    logs = np.array([[0.0, 1.0], [1.0, 1.5], [2.0, 5.0]])
    table = pd.DataFrame(np.exp(logs), columns=["c", "d"]).assign(a=7.0)
    prior = prior_of(free("a"), Posterior(table))
    assert prior.keys == ("a", "c", "d")
    assert prior.mean == pytest.approx([math.log(2.0), 1.0, 2.5], rel=EXACT)
    expected = np.zeros((3, 3))
    expected[0, 0] = 0.25
    expected[1:, 1:] = np.cov(logs.T)
    assert prior.covariance == pytest.approx(expected, abs=EXACT)
    alone = prior_of(free("a"), Posterior(table[["a"]]))
    assert alone.keys == ("a",)
    assert alone.covariance.tolist() == [[0.25]]


@pytest.mark.parametrize("count", [2, 1])
def test_a_covariance_needs_more_draws_than_parameters(count):
    table = pd.DataFrame({"c": [1.0, 2.0, 5.0], "d": [1.0, 4.0, 5.0]})
    assert len(prior_of(free("a"), Posterior(table)).keys) == 3
    with pytest.raises(InputError, match=rf"c, d: the earlier posterior.*found '{count} draws'"):
        prior_of(free("a"), Posterior(table.head(count)))


def test_a_belief_of_a_sample_has_its_mean_and_covariance():
    points = np.array([[0.0, 1.0], [1.0, 1.5], [2.0, 5.0]])
    found = belief_of(("a", "b"), points)
    assert found.keys == ("a", "b")
    assert found.mean.tolist() == [1.0, 2.5]
    assert found.covariance == pytest.approx(np.cov(points.T), rel=EXACT)
    assert belief_of(("a",), points[:, :1]).covariance.shape == (1, 1)


def test_the_density_of_a_belief_is_the_normal_one_but_for_a_constant():
    belief = Belief(("a", "b"), np.array([1.0, -1.0]), np.array([[1.0, 0.6], [0.6, 2.0]]))
    points = np.array([[1.5, -0.5], [1.0, -1.0], [-3.0, 2.0]])
    off = points - belief.mean
    expected = [-0.5 * each @ np.linalg.inv(belief.covariance) @ each for each in off]
    assert belief.log_density(points) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_spread_of_one_parameter_has_a_point_in_each_part_of_the_belief():
    belief = Belief(("a",), np.array([1.0]), np.array([[4.0]]))
    points = belief.spread(8, widened=0.5, seed=3)[:, 0]
    shares = norm.cdf((points - 1.0) / (2.0 * 0.5))
    assert sorted((shares * 8).astype(int)) == list(range(8))
    asked = qmc.LatinHypercube(1, rng=np.random.default_rng(3)).random(8)[:, 0]
    assert shares == pytest.approx(asked, rel=1e-9)


def test_a_spread_is_widened_and_has_a_seed():
    belief = Belief(("a", "b"), np.array([1.0, -1.0]), np.array([[1.0, 0.6], [0.6, 2.0]]))
    one, again, other, wide = (
        belief.spread(50, widened=widened, seed=seed)
        for widened, seed in ((1.0, 1), (1.0, 1), (1.0, 2), (3.0, 1))
    )
    assert one.shape == (50, 2)
    assert (one == again).all()
    assert not (one == other).all()
    assert wide - belief.mean == pytest.approx(3.0 * (one - belief.mean), rel=1e-9)
