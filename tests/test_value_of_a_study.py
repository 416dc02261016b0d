"""What a study is worth: against closed forms, a published figure and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from scipy.stats import beta, qmc

import chemotherapy
from made_decisions import DRAWS, ERRORS, MODELS, QUICK, ROUNDING, against_nothing, normals
from pathsim.decision.information.exact import beta_study, normal_gain, normal_study
from pathsim.decision.information.partial import NOT_SEEN, evppi
from pathsim.decision.information.perfect import evpi
from pathsim.decision.information.sample import (
    Sample,
    evsi,
    log_ratio_variance,
    prior_size,
    sample_error,
    sample_value,
)
from pathsim.decision.information.study import Cost, best_size, reach, study_net_benefit
from pathsim.decision.regression.points import points_of
from pathsim.decision.regression.smooth import by_splines
from pathsim.errors import InputError

GOOD = {"net_benefit": np.zeros((32, 2)), "inputs": pd.DataFrame({"a": np.arange(32.0)})}


def test_evsi_of_a_normal_input_is_the_closed_form_and_rises_to_evppi():
    z = normals(2)
    inputs = pd.DataFrame({"p1": 1 + z[:, 0], "p2": 2 * z[:, 1]})
    net_benefit = against_nothing(inputs.p1 - inputs.p2)
    sizes = [1, 10, 100, 1000, 1e9]
    found = evsi(net_benefit, inputs, of="p1", sizes=sizes, prior_size=1.0, **QUICK)
    for row in found.itertuples():
        truth = normal_study(1, 1, size=row.size, prior_size=1)
        assert abs(row.evsi - truth) < ERRORS * row.se
    assert found.evsi.is_monotonic_increasing
    known = evppi(net_benefit, inputs[["p1"]], **QUICK).iloc[0]
    assert found.evsi.iloc[-1] == pytest.approx(known.evppi, rel=1e-6)
    assert found.se.iloc[-1] == pytest.approx(known.se, rel=1e-6)


def test_what_no_study_can_reduce_is_left_out():
    z = normals(1, draws=512)
    study = {"of": "a", "prior_size": 100.0, "resamples": 20, "shuffles": 19}
    net_benefit, inputs = against_nothing(0.3 + z), pd.DataFrame({"a": z[:, 0]})
    # Half of the variance may go: an endless study tells as much as one as large as the prior.
    half = evsi(net_benefit, inputs, sizes=[1e12], reducible=0.5, **study)
    as_prior = evsi(net_benefit, inputs, sizes=[100], **study)
    assert half.evsi[0] == pytest.approx(as_prior.evsi[0], rel=1e-6)
    assert half.se[0] == pytest.approx(as_prior.se[0], rel=1e-6)
    assert half.evsi[0] == pytest.approx(normal_gain(0.3, 0.5**0.5), rel=0.05)


def test_the_error_of_evsi_is_its_spread_over_other_draws():
    rng = np.random.default_rng(3)
    values, errors = [], []
    for _ in range(60):
        a = rng.normal(size=(64, 1))
        splines = by_splines(points_of(a), 1.5 + a)
        prepared = Sample(splines, prior_size=1.0, reducible=1.0, most=np.inf)
        values.append(sample_value(prepared, size=0.5))
        errors += sample_error(prepared, sizes=[0.5], resamples=40, seed=1)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.35)


def test_evsi_of_a_share_is_near_the_exact_one():
    share = beta.ppf(qmc.Sobol(1, seed=2).random(DRAWS)[:, 0], 4, 6)
    net_benefit = against_nothing(1000 * share - 400)
    known = prior_size(per_person=10 * share.var(), drawn=share.var())
    sizes = [5, 20, 100, 1000]
    inputs = pd.DataFrame({"share": share})
    found = evsi(net_benefit, inputs, of="share", sizes=sizes, prior_size=known, **QUICK)
    for row in found.itertuples():
        truth = beta_study(4, 6, slope=1000, height=-400, size=int(row.size))
        assert abs(row.evsi - truth) < ERRORS * row.se
        assert row.evsi == pytest.approx(truth, rel=0.05)  # a share is not quite normal


def test_evsi_of_a_published_trial_is_the_published_one():
    inputs = chemotherapy.inputs(DRAWS, seed=1)
    net_benefit = chemotherapy.net_benefit(inputs)
    # A trial with 100 patients an arm: log odds have variance 1 / (n p (1 - p)) in each.
    told = sum(2 / (p * (1 - p)) for p in (52 / 111, 0.54 * 52 / (59 + 0.54 * 52)))
    known = prior_size(per_person=told, drawn=0.3**2)
    trial = {"of": "log_odds_ratio", "sizes": [200], "prior_size": known}
    found = evsi(net_benefit, inputs, **trial, **QUICK).iloc[0]
    assert abs(found.evsi - 242.13) < ERRORS * found.se
    assert found.se < 15.0


@settings(max_examples=6, deadline=None)
@given(MODELS)
def test_a_study_is_worth_something_between_nothing_and_knowing(model):
    rng = np.random.default_rng(model["seed"])
    point = rng.normal(size=512)
    noise = model["noise"] * rng.normal(size=512)
    net_benefit = model["unit"] * against_nothing(rng.normal() + point + noise)
    inputs = pd.DataFrame({"a": point})
    few = {"shuffles": 19, "resamples": 20}
    found = evsi(net_benefit, inputs, of="a", sizes=[1, 30, 1000], prior_size=50, **few).evsi
    assert 0.0 <= found[0] <= found[1] <= found[2]
    most = evppi(net_benefit, inputs, **few).evppi[0]
    assert found[2] <= most <= evpi(net_benefit, resamples=20).evpi * (1 + ROUNDING)


def test_too_few_draws_for_a_study_are_said():
    z = normals(1, draws=256)
    found = evsi(
        against_nothing(z), pd.DataFrame({"a": z[:, 0]}), of="a", sizes=[10, 20], prior_size=1
    )
    assert list(found.said) == ["too few draws", "too few draws"]
    assert found.evsi.isna().all()


def test_a_study_of_what_nothing_reads_is_worth_nothing():
    z = normals(2, draws=512)
    inputs = pd.DataFrame({"read": z[:, 0], "unread": z[:, 1]})
    found = evsi(against_nothing(z[:, 0]), inputs, of="unread", sizes=[10], prior_size=1, **QUICK)
    assert (found.evsi[0], found.said[0]) == (0.0, NOT_SEEN)


def test_a_prior_counts_as_many_people_as_would_leave_its_variance():
    # Woolf: of two arms of 100, log risk ratio 0.3 against 0.4 has variance .7/30 + .6/40.
    of_one = log_ratio_variance(control=0.4, treated=0.3)
    assert of_one / 200 == pytest.approx(0.7 / 30 + 0.6 / 40, rel=ROUNDING)
    assert prior_size(per_person=of_one, drawn=of_one / 200) == pytest.approx(200, rel=ROUNDING)


# A study's cost


def test_a_study_gains_from_the_years_that_are_left_when_it_reports():
    assert reach(people=2, years=3) == pytest.approx(2 * (1 + 1 / 1.035 + 1 / 1.035**2))
    assert reach(years=3, waits=1) == pytest.approx(1 / 1.035 + 1 / 1.035**2)
    assert reach(years=3, waits=3) == 0.0
    table = study_net_benefit([10.0, 12.0], sizes=[50, 100], cost=Cost(5.0, 0.1), scale=2.0)
    assert list(table.net_benefit) == pytest.approx([20 - 10, 24 - 15])


def test_a_study_of_one_person_may_be_the_best_where_no_more_may_be():
    found = best_size(lambda size: 10.0 * size, cost=Cost(1.0, 2.0), scale=1.0, most=1)
    assert found == (1, 7.0)
    with pytest.raises(InputError, match=r"most: .*found 0"):
        best_size(lambda size: 10.0 * size, cost=Cost(1.0, 2.0), scale=1.0, most=0)


@pytest.mark.parametrize("fixed", [0.0, 300.0, 5000.0])
def test_the_best_size_of_a_study_is_that_of_all_sizes_tried(fixed):
    def worth(size):
        return normal_study(1, 1, size=size, prior_size=40.0)

    cost, years = Cost(fixed, 3.0), reach(people=12_000, years=5)
    found = best_size(worth, cost=cost, scale=years, most=2000)
    every = [worth(n) * years - cost.of(n) for n in range(1, 2001)]
    if max(every) > 0:
        assert found.size == 1 + int(np.argmax(every))
        assert found.net_benefit == pytest.approx(max(every))
    else:
        assert found == (0, 0.0)
    assert (fixed == 5000.0) == (found.size == 0)


@pytest.mark.parametrize(
    "changed",
    [{"prior_size": 0.0}, {"sizes": [0]}, {"of": "b"}, {"reducible": 1.1}, {"reducible": 0.0}],
)
def test_a_study_of_no_use_is_refused(changed):
    with pytest.raises(InputError, match=next(iter(changed))):
        evsi(**(GOOD | {"of": "a", "sizes": [1], "prior_size": 1.0} | changed))


def test_a_reach_of_no_use_is_refused():
    for wrong in ({"years": 0}, {"years": 2, "waits": 3}, {"people": 0}, {"schedule": "no"}):
        with pytest.raises(InputError, match=list(wrong)[-1]):
            reach(**wrong)
