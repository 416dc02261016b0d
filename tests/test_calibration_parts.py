"""The sampler's lengths and a posterior's files and rows: by hand."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.errors import InputError
from pathsim.scenario.units import LARGEST_SEED
from pathsim.study.calibration import Posterior, draws, posterior, read_posterior
from pathsim.study.calibration.design import Belief
from pathsim.study.calibration.emulator import Emulator
from pathsim.study.calibration.posterior import MOST_DRAWS, at, rows
from pathsim.study.calibration.sampler import Chain, emcee, sample
from small_scenario import write_scenarios
from small_target import target

EXACT = 1e-12
LEVEL = "hazard.adult_level"


RATIO = target(measure="reoffences_per_reoffender", published=2.0)


# The sampler


class Ensemble:
    """Stands for emcee's: its autocorrelation times are told, its points are their numbers."""

    def __init__(self, walkers: int, keys: int, log_posterior: Any, **more: Any) -> None:
        self.size = walkers, keys
        self.log_posterior = log_posterior
        assert more["vectorize"] is True
        self.moves = more["moves"]
        self.iteration = 0
        self.acceptance_fraction = np.array([0.25, 0.75])
        self.asked: list[Any] = []
        Ensemble.last = self

    times: ClassVar[list[float]] = [10.0]
    last: ClassVar[Any] = None

    def run_mcmc(self, state: Any, steps: int) -> str:
        self.asked.append((state, steps))
        self.iteration += steps
        return f"after {self.iteration}"

    def get_autocorr_time(self, *, tol: int, quiet: bool) -> np.ndarray:
        assert (tol, quiet) == (0, True)
        place = min(len(self.asked), len(self.times)) - 1
        return np.array([1.0, self.times[place]])

    def get_chain(self, *, discard: int, flat: bool) -> np.ndarray:
        assert flat is True
        return np.arange(discard, self.iteration, dtype=np.float64)[:, None]


TOGETHER = 0.6
"""Correlation of the two errors of the stand-in."""


def sampled(
    monkeypatch, *times: float, keys: int = 2, draws: int = 5, reach: float = -1e9
) -> Chain:
    monkeypatch.setattr(emcee, "EnsembleSampler", Ensemble)
    monkeypatch.setattr(Ensemble, "times", list(times))
    names = tuple("abcdefgh"[:keys])
    prior = Belief(names, np.zeros(keys), np.eye(keys))
    region = Belief((), np.ones(keys), np.eye(keys))

    def surfaces(points: Any) -> Any:
        return np.column_stack([points[:, 0]] * 2)

    both = (RATIO, target(measure="reoffences_per_reoffender", published=4.0, se=0.3))
    together = np.array([[1.0, TOGETHER], [TOGETHER, 1.0]])
    stand_in = Emulator(both, np.array([0.4, 0.5]), np.zeros(2), together, surfaces, region, reach)
    return sample(prior, stand_in, draws=draws, seed=7)


@pytest.mark.parametrize(
    ("times", "steps", "converged"),
    [
        ([10.0], 500, True),  # fifty times the longest
        ([10.1, 10.1], 1000, True),
        ([400.0, 30.0, 30.0], 1500, True),
        ([700.0], 30_000, False),
    ],
)
def test_it_goes_on_until_there_are_fifty_times_the_longest(monkeypatch, times, steps, converged):
    chain = sampled(monkeypatch, *times)
    assert (chain.steps, chain.converged) == (steps, converged)
    assert chain.autocorrelation == times[-1]
    assert chain.acceptance == 0.5
    assert [size for _, size in Ensemble.last.asked] == [500] * (steps // 500)
    states = [state for state, _ in Ensemble.last.asked]
    assert states[1:] == [f"after {500 * k}" for k in range(1, steps // 500)]


def test_five_times_the_longest_are_thrown_away_or_half(monkeypatch):
    chain = sampled(monkeypatch, 10.0)
    assert chain.points[:, 0].tolist() == [50.0, 162.0, 274.0, 387.0, 499.0]
    chain = sampled(monkeypatch, 4000.0)
    assert chain.points[:, 0].tolist() == [15000.0, 18750.0, 22500.0, 26249.0, 29999.0]


@pytest.mark.parametrize(("keys", "walkers"), [(2, 32), (5, 32), (6, 36), (7, 42)])
def test_there_are_six_walkers_a_parameter_and_thirty_two_at_least(monkeypatch, keys, walkers):
    sampled(monkeypatch, 10.0, keys=keys)
    assert Ensemble.last.size == (walkers, keys)
    state, _ = Ensemble.last.asked[0]
    region = Belief((), np.ones(keys), np.eye(keys))
    assert np.array_equal(state.coords, region.spread(walkers, widened=0.5, seed=7))
    assert np.array_equal(state.random_state[1], np.random.RandomState(7).get_state()[1])


def test_the_posterior_is_prior_times_likelihood_among_the_runs(monkeypatch):
    sampled(monkeypatch, 10.0, reach=-3.0)
    near, far = np.array([[0.5, 0.5]]), np.array([[5.0, 5.0]])
    one, other = 0.05**2 + 0.4**2, 0.075**2 + 0.5**2
    both = TOGETHER * 0.4 * 0.5
    x, y = 0.5 - math.log(2.0), 0.5 - math.log(4.0)
    squares = (other * x * x - 2 * both * x * y + one * y * y) / (one * other - both * both)
    expected = -0.5 * 0.5 - 0.5 * squares
    found = Ensemble.last.log_posterior(np.vstack([near, far]))
    assert found[0] == pytest.approx(expected, rel=EXACT)
    assert found[1] == -math.inf
    moves = Ensemble.last.moves
    kinds = [type(move).__name__ for move, _ in moves]
    assert (kinds, [share for _, share in moves]) == (["DEMove", "DESnookerMove"], [0.8, 0.2])


@pytest.mark.parametrize(("steps", "converged"), [(500, True), (499, False)])
def test_a_chain_has_converged_from_fifty_autocorrelation_times_on(steps, converged):
    assert Chain(np.zeros((1, 1)), 0.5, 10.0, steps).converged is converged


# A posterior


def sample_of(*values: float, origin: tuple[str, ...] = ()) -> Posterior:
    return Posterior(pd.DataFrame({LEVEL: values}), origin)


@pytest.fixture
def scenario(tmp_path):
    return ps.load(write_scenarios(tmp_path) / "baseline.toml")


def test_the_centre_is_written_to_three_figures():
    said = sample_of(0.12345, 0.12355, 0.12365).centre(source="s")[LEVEL]
    assert said == {
        "value": 0.124,
        "low": 0.123,
        "high": 0.124,
        "source": "s",
        "grade": "calibrated",
    }
    summary = sample_of(*range(1, 42)).summary().loc[LEVEL]
    assert (summary["low"], summary["high"]) == (2.0, 40.0)
    assert sample_of().summary().index.name == "parameter"


def test_of_a_sample_without_draws_nothing_is_drawn():
    with pytest.raises(InputError, match="posterior: has no draws"):
        next(rows(sample_of(), 2, seed=1))


def test_a_file_has_six_figures_and_its_origin_above():
    text = sample_of(0.123456789, origin=("one\ntwo",)).to_csv()
    assert text == f"# one\\ntwo\n{LEVEL}\n0.123457\n"


def test_all_rows_come_before_any_comes_twice_and_no_more_than_asked_for():
    found = list(rows(sample_of(1.0, 2.0, 3.0), 7, seed=1))
    levels = [each[LEVEL] for each in found]
    assert len(levels) == 7
    assert set(levels[:3]) == set(levels[3:6]) == {1.0, 2.0, 3.0}
    assert len(list(rows(sample_of(1.0, 2.0, 3.0), 3, seed=1))) == 3
    assert len(list(rows(sample_of(1.0, 2.0, 3.0), 1, seed=1))) == 1


def test_draws_have_bounds_and_a_seed_of_one(scenario):
    drawn = sample_of(*(0.1 * k for k in range(1, 9)), origin=("where from", "more"))
    levels = [
        [each.hazard.adult_level.value for each in draws(scenario, drawn, 8, **seed)]
        for seed in ({}, {"seed": 1}, {"seed": 4})
    ]
    assert levels[0] == levels[1] != levels[2]
    assert next(draws(scenario, drawn, 1)).hazard.adult_level.source == "where from"
    plain = next(draws(scenario, sample_of(0.1), 1)).hazard.adult_level
    assert (plain.source, plain.grade) == ("posterior sample", "calibrated")
    for more in (
        {"n": 0},
        {"n": MOST_DRAWS + 1},
        {"n": 1, "seed": -1},
        {"n": 1, "seed": LARGEST_SEED + 1},
    ):
        key = "seed" if "seed" in more else "n"
        with pytest.raises(InputError, match=rf"^{key}: is out of range"):
            draws(scenario, drawn, **more)
    draws(scenario, drawn, 10_000_000, seed=LARGEST_SEED)
    assert MOST_DRAWS == 10_000_000
    draws(scenario, drawn, 1, seed=0)
    anything: Any = "x"
    with pytest.raises(
        InputError, match="scenario: has the wrong type; found 'str'; allowed: a Sc"
    ):
        draws(anything, drawn, 1)
    with pytest.raises(
        InputError, match=r"posterior: has the wrong type.*as read_posterior returns"
    ):
        draws(scenario, anything, 1)


def test_values_are_set_with_their_source(scenario):
    found = at(scenario, {LEVEL: 0.002}, source="here")
    level = found.hazard.adult_level
    assert (found.title, level.value, level.source) == (scenario.title, 0.002, "here")
    assert level.grade == "calibrated"


def read(tmp_path, text: str) -> Posterior:
    file = tmp_path / "p.csv"
    file.write_text(text, encoding="utf-8")
    return read_posterior(file)


def test_a_sample_is_read_with_its_origin_and_its_file(tmp_path):
    found = read(tmp_path, f"#one\n{LEVEL},x\n#  two\n1000,1e300\n")
    assert found.origin == ("one", "two")
    assert found.table.to_numpy().tolist() == [[1000.0, 1e300]]
    assert found.file is not None
    assert found.file.path.endswith("p.csv")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "",
            r"is not a posterior sample: it is empty; allowed: a posterior sample as CSV, a colum",
        ),
        ("a,b\n1,2,3\n1,2,3,4\n", "allowed: a posterior sample as CSV"),
        ("a,a\n1,2\n", r"a: the column is there twice"),
        ("a,b\n1,0\n", r"b: draw 1 is no positive number; found '0'$"),
        ("a\n1\ninf\n", r"a: draw 2 is no positive number; found 'inf'$"),
        ('a\n1\n1\n""\n2\n', r"a: draw 3 is no positive number; found ''"),
        (
            f"{LEVEL}\n1000.5\n",
            r"draw 1 is out of range; found '1000.5'; allowed: above 0, up to 1000,",
        ),
        ("a,b\n", r"has no draws"),
        ("a\n1\nNA\n", r"a: draw 2 is no positive number; found 'NA'$"),
        ("a,b,a,b\n1,2,3,4\n", r"a: the column is there twice"),
        ("a\n1\n0\n-1\n", r"a: draw 2 is no positive number; found '0'$"),
    ],
)
def test_what_is_no_sample_is_told_with_its_draw_and_file(tmp_path, text, said):
    with pytest.raises(InputError, match=said) as refused:
        read(tmp_path, text)
    assert refused.value.problems[0].file == tmp_path / "p.csv"


@pytest.mark.parametrize(
    ("key", "most"),
    [
        (LEVEL, 1000.0),
        ("hazard.frailty_sigma", 5.0),
        ("hazard.multipliers.sex=female", 1000.0),
        ("hazard.unknown", math.inf),
        ("other.adult_level", math.inf),
    ],
)
def test_a_draw_has_the_bound_that_a_scenario_has(key, most):
    assert posterior._most(key) == most


def test_a_file_goes_before_a_shipped_name_and_what_is_neither_has_a_hint(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(read_posterior("dorset")) > 1
    with pytest.raises(
        InputError, match=r"doset: no such file; did you mean 'dorset'\?; allowed: a"
    ):
        read_posterior("doset")
    with pytest.raises(
        InputError, match=r"it\.csv: no such file; allowed: a \.csv file, or one of d"
    ):
        read_posterior("nothing/like/it.csv")
    with pytest.raises(InputError, match=r"allowed: a posterior sample as CSV"):
        read_posterior(tmp_path)
    number: Any = 3
    with pytest.raises(InputError, match=r"a \.csv file, or the name of a shipped sample"):
        read_posterior(number)
    (tmp_path / "dorset").write_text(f"{LEVEL}\n0.5\n", encoding="utf-8")
    assert len(read_posterior("dorset")) == 1
    anything: Any = [1.0]
    with pytest.raises(InputError, match=r"a pandas\.DataFrame, a row a draw"):
        Posterior(anything)
