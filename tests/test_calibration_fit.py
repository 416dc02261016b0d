"""The fit finds what made the data, says how sure it is, and loses no run."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from pathsim.errors import InputError, InputWarning
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.calibration import Targets
from pathsim.study.calibration.backcast import backcast, in_words, markdown, verdict
from pathsim.study.calibration.design import Belief
from pathsim.study.calibration.emulator import _noise, fit_emulator
from pathsim.study.calibration.fit import Sizes, calibrate
from pathsim.study.calibration.measure import observe
from pathsim.study.calibration.sampler import Chain, sample
from pathsim.study.calibration.store import Run
from small_scenario import write_scenarios

TRUTH = {"hazard.adult_level": 0.002, "hazard.multipliers.sex=female": 1.5}
SMALL = Sizes(waves=(40, 60), replications=2, draws=100, checks=4)
FORMULA = 1e-9
SAMPLED = 0.1
"""Of a standard deviation: what a few hundred draws of a well mixed chain leave open."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    baseline = load(write_scenarios(tmp_path_factory.mktemp("small")) / "baseline.toml")
    rows = [{"people": 2000, "sex": sex} for sex in ("male", "female")]
    return baseline.change(
        "Alone",
        {"cohort.rows": rows, "services.mentor.referral": 0.0, "sentencing.custody_days": 1},
    )


@pytest.fixture(scope="module")
def targets(scenario) -> Targets:
    """Targets whose figures the model itself made, at the truth."""
    targets = [
        {"id": sex, "title": sex, "groups": (f"sex={sex}",), "published": 0.5, "source": "made"}
        for sex in ("male", "female")
    ]
    blank = Targets(
        title="A test",
        parameters=[
            {"key": key, "median": median, "log_sd": 0.7, "reason": "a test"}
            for key, median in (("hazard.adult_level", 0.003), (list(TRUTH)[1], 1.0))
        ],
        targets=[*targets, {**targets[0], "id": "all", "title": "all", "groups": ()}],
    )
    made = scenario.change("the truth", TRUTH)
    figures = observe(
        made, Cohort.from_scenario(made), blank.targets, seed=99, replications=range(20)
    ).mean(axis=0)
    changed = [
        {**target.model_dump(), "published": figure, "se": 0.005, "fitted": target.id != "all"}
        for target, figure in zip(blank.targets, figures.tolist(), strict=True)
    ]
    return Targets.model_validate({**blank.model_dump(), "targets": changed})


@pytest.fixture(scope="module")
def fitted(scenario, targets):
    return calibrate(scenario, targets, sizes=SMALL, seed=4, workers=2)


def test_the_truth_lies_in_the_middle_of_the_posterior(fitted):
    summary = fitted.posterior.summary()
    for key, value in TRUTH.items():
        row = summary.loc[key]
        assert row["low"] < value < row["high"]
        # 0.005 of a rate near 0.5 is 0.02 on the logit scale: the posterior knows that much.
        assert np.log(row["high"] / row["low"]) < 0.25


def test_the_check_runs_the_model_at_draws_of_the_posterior(fitted, targets):
    assert list(fitted.check["target"]) == ["male", "female"]
    for row in fitted.check.itertuples():
        assert abs(row.model - row.emulator) < 0.02
        assert abs(row.model - row.published) < 0.02
        assert 0 < row.emulator_sd <= row.held_out_rms


def test_the_same_seed_gives_the_same_posterior_on_any_number_of_threads(scenario, targets, fitted):
    again = calibrate(scenario, targets, sizes=SMALL, seed=4, workers=1)
    assert again.posterior.table.equals(fitted.posterior.table)
    other = calibrate(scenario, targets, sizes=SMALL, seed=5, workers=2)
    assert not other.posterior.table.equals(fitted.posterior.table)


def test_an_interrupted_calibration_goes_on_where_it_was(scenario, targets, fitted, tmp_path):
    file = tmp_path / "runs.jsonl"

    def stop_early(done: int, total: int) -> None:
        assert total == 104
        if done == 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(
            scenario, targets, sizes=SMALL, seed=4, workers=1, runs_file=file, progress=stop_early
        )
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 50
    # As a crash in the middle of writing would leave it.
    file.write_text("\n".join(lines) + '\n{"wave": 1, "num', encoding="utf-8")
    seen: list[int] = []
    with pytest.warns(InputWarning, match="last line was cut short; that run is made again"):
        again = calibrate(
            scenario,
            targets,
            sizes=SMALL,
            seed=4,
            runs_file=file,
            progress=lambda done, _total: seen.append(done),
        )
    assert again.posterior.table.equals(fitted.posterior.table)
    assert seen[:2] == [40, 50]
    assert [json.loads(line)["wave"] for line in file.read_text().splitlines()[1:51]] == [
        *[0] * 40,
        *[1] * 10,
    ]


def test_values_of_the_free_parameters_in_the_scenario_do_not_matter(
    scenario, targets, fitted, tmp_path
):
    file = tmp_path / "runs.jsonl"
    calibrate(scenario, targets, sizes=SMALL, seed=4, runs_file=file)
    size = file.stat().st_size
    again = calibrate(scenario.change("x", TRUTH), targets, sizes=SMALL, seed=4, runs_file=file)
    assert again.posterior.table.equals(fitted.posterior.table)
    assert file.stat().st_size == size


def test_runs_of_another_calibration_are_refused(scenario, targets, tmp_path):
    file = tmp_path / "runs.jsonl"
    file.write_text('{"seed": 1}\n', encoding="utf-8")
    with pytest.raises(InputError, match="has the runs of another calibration"):
        calibrate(scenario, targets, sizes=SMALL, seed=4, runs_file=file)
    file.write_text("words\n", encoding="utf-8")
    with pytest.raises(InputError, match="is not a file of runs"):
        calibrate(scenario, targets, sizes=SMALL, seed=4, runs_file=file)


def test_runs_of_other_people_are_refused(scenario, targets, tmp_path):
    people = Cohort.from_scenario(scenario)
    older = people.frame.assign(age=people.frame["age"] + 1)
    file = tmp_path / "runs.jsonl"
    first, second = (replace(people, _frame=each) for each in (people.frame, older))
    how = {"sizes": Sizes(waves=(4, 4), checks=1), "seed": 4, "runs_file": file}

    def stop(done: int, _total: int) -> None:
        if done:
            raise LookupError

    with pytest.raises(LookupError):
        calibrate(scenario, targets, cohort=first, progress=stop, **how)
    with pytest.raises(InputError, match="has the runs of another calibration"):
        calibrate(scenario, targets, cohort=second, progress=stop, **how)


def test_an_earlier_posterior_is_the_prior_of_what_the_targets_do_not_name(
    scenario, targets, fitted
):
    level, multiplier = TRUTH
    only = targets.model_copy(
        update={"parameters": targets.parameters[:1], "targets": targets.targets[:1]}
    )
    table = calibrate(
        scenario, only, prior_from=fitted.posterior, sizes=SMALL, seed=6
    ).posterior.table
    assert list(table) == [level, multiplier]
    # The rate of men says nothing of the women's multiplier.
    before, after = (np.log(each[multiplier]) for each in (fitted.posterior.table, table))
    assert after.std() == pytest.approx(before.std(), rel=0.3)
    assert abs(after.mean() - before.mean()) < 0.5 * before.std()


def test_the_back_cast_has_a_row_for_every_target_fitted_or_not(scenario, targets, fitted):
    table = backcast(scenario, fitted.posterior, targets, n_draws=10, replications=2, seed=8)
    assert list(table["use"]) == ["fitted", "fitted", "left out"]
    assert list(table["people"]) == [2000, 2000, 4000]
    assert set(table["verdict"]) <= {"within 1 point", "within interval"}
    assert (table["low"] < table["model"]).all()
    assert (table["model"] < table["high"]).all()
    assert in_words(table)["published"].str.endswith("%").all()
    assert markdown(table).count("\n") == 2 + 3


@pytest.mark.parametrize(
    ("model", "low", "high", "words"),
    [
        (0.508, 0.507, 0.51, "within 1 point"),
        (0.515, 0.49, 0.53, "within interval"),
        (0.515, 0.505, 0.53, "miss"),
    ],
)
def test_a_verdict_is_no_kinder_than_its_words(targets, model, low, high, words):
    target = targets.targets[0].model_copy(update={"published": 0.5})
    assert verdict(target, model=model, low=low, high=high) == words


def known_runs(noise: float) -> list[Run]:
    """Return runs of a model that is a curved surface on the logit scale, plus noise."""
    random = np.random.default_rng(1)
    points = random.normal(size=(200, 2))
    logits = 0.3 + points @ [0.5, -0.2] + 0.1 * points[:, 0] ** 2
    noisy = logits[:, None] + noise * random.normal(size=(200, 4))
    return [
        Run(point, 1 / (1 + np.exp(-row))[:, None])
        for point, row in zip(points, noisy, strict=True)
    ]


def test_an_emulator_of_a_quadratic_surface_has_no_error_but_that_of_noise(targets):
    for noise in (1e-6, 0.1):
        emulator = fit_emulator(known_runs(noise), targets.fitted[:1])
        assert emulator.error[0] < noise
        found = emulator(np.array([[0.5, 0.5]]))[0, 0]
        assert abs(found - (0.3 + 0.15 + 0.025)) < 4 * emulator.error[0] + 1e-4


def test_runs_of_one_replication_say_nothing_of_noise_so_all_error_is_the_surfaces(targets):
    alone = [Run(run.point, run.figures[:1]) for run in known_runs(0.1)]
    emulator = fit_emulator(alone, targets.fitted[:1])
    assert emulator.error[0] == pytest.approx(emulator.held_out[0], rel=FORMULA)
    assert 0.05 < emulator.error[0] < 0.2


def test_two_replications_say_something_of_noise_and_one_says_nothing():
    figures = [np.array([0.1, 0.3]), np.array([0.2, 0.2])]
    assert _noise(figures) == pytest.approx((0.02 / 2 + 0.0) / 2, rel=FORMULA)
    assert _noise([each[:1] for each in figures]) == 0.0


@pytest.mark.parametrize(("steps", "enough"), [(999, False), (1000, True), (1001, True)])
def test_a_chain_is_trusted_from_fifty_of_its_autocorrelation_times_on(steps, enough):
    chain = Chain(points=np.zeros((1, 1)), acceptance=0.3, autocorrelation=20.0, steps=steps)
    assert chain.converged is enough


def test_a_calibration_is_640_runs_and_a_check_unless_it_is_said_otherwise():
    assert Sizes() == Sizes(waves=(160, 192, 288), replications=2, draws=200, checks=20)


@pytest.mark.parametrize("key", ["n_draws", "replications"])
def test_a_back_cast_of_nothing_is_refused(scenario, targets, fitted, key):
    with pytest.raises(InputError, match=rf"{key}: is out of range; found 0; allowed: 1 to "):
        backcast(scenario, fitted.posterior, targets, **{key: 0})


def test_beyond_the_runs_the_emulator_covers_nothing(targets):
    emulator = fit_emulator(known_runs(0.1), targets.fitted[:1])
    assert emulator.covers(np.array([[0.0, 0.0], [1.0, -1.0]])).all()
    assert not emulator.covers(np.array([[6.0, 0.0], [-5.0, 5.0]])).any()


def test_the_sampler_finds_the_posterior_that_theory_gives(targets):
    target = targets.fitted[0].model_copy(update={"published": 0.6, "se": 0.05})
    runs = [
        Run(point, np.full((2, 1), 1 / (1 + np.exp(-2 * point[0]))))
        for point in np.random.default_rng(2).normal(size=(60, 1))
    ]
    emulator = fit_emulator(runs, (target,))
    prior = Belief(("x",), np.array([0.0]), np.array([[0.25]]))
    chain = sample(prior, emulator, draws=4000, seed=1)
    # Logit = 2 x, normal prior N(0, 0.25), normal likelihood: conjugate.
    error = target.log_error / 2
    precision = 1 / 0.25 + 1 / error**2
    mean = (np.log(0.6 / 0.4) / 2 / error**2) / precision
    assert chain.converged
    assert abs(chain.points.mean() - mean) < SAMPLED / np.sqrt(precision)
    assert chain.points.std() == pytest.approx(precision**-0.5, rel=SAMPLED)


def test_the_sampler_takes_seeds_above_the_largest_of_a_wave(targets):
    emulator = fit_emulator(known_runs(0.1), targets.fitted[:1])
    prior = Belief(("x", "y"), np.zeros(2), np.eye(2))
    assert len(sample(prior, emulator, draws=10, seed=2**32).points) == 10


def test_a_belief_is_the_normal_density_and_spreads_as_it_says():
    belief = Belief(("x", "y"), np.array([1.0, -1.0]), np.array([[1.0, 0.6], [0.6, 2.0]]))
    off = np.array([0.5, 0.5])
    expected = -0.5 * off @ np.linalg.inv(belief.covariance) @ off
    assert belief.log_density(np.array([[1.5, -0.5]]))[0] == pytest.approx(expected, rel=FORMULA)
    points = belief.spread(2000, widened=2.0, seed=1)
    # A Latin hypercube meets each margin far more closely than chance would.
    assert points.mean(axis=0) == pytest.approx(belief.mean, abs=0.02)
    assert np.cov(points.T) == pytest.approx(4 * belief.covariance, abs=0.5)


def test_where_nothing_is_fitted_nothing_runs(scenario, targets, tmp_path):
    none = targets.model_copy(
        update={
            "targets": tuple(each.model_copy(update={"fitted": False}) for each in targets.targets)
        }
    )
    runs = tmp_path / "runs.jsonl"
    with pytest.raises(InputError, match=r"^targets: none is fitted: say `fitted = true`"):
        calibrate(scenario, none, sizes=SMALL, runs_file=runs)
    assert not runs.exists()


def test_a_key_that_is_none_of_the_scenario_is_told_before_anything_runs(
    scenario, targets, tmp_path
):
    other = targets.parameters[0].model_copy(update={"key": "hazard.adult_levl"})
    runs = tmp_path / "runs.jsonl"
    with pytest.raises(InputError, match="did you mean 'adult_level'"):
        calibrate(
            scenario,
            targets.model_copy(update={"parameters": (other,)}),
            sizes=SMALL,
            runs_file=runs,
        )
    assert not runs.exists()


def test_waves_with_no_more_runs_than_parameters_are_refused_before_any_run(scenario, targets):
    with pytest.raises(InputError) as refused:
        calibrate(scenario, targets, sizes=Sizes(waves=(9, 2), replications=2, draws=2))
    assert str(refused.value) == (
        "runs: leave a wave with 2 runs, too few for 2 parameters; found 11; "
        "allowed: 3 or more in each wave"
    )
