"""What options are worth year by year, to whom, and what a study would be worth."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from made_decisions import DRAWS, ERRORS, QUICK, against_nothing, normals
from pathsim.cli.app import run_command_line
from pathsim.cli.printing import console, print_parts
from pathsim.cli.value import parse_cost, parse_sizes
from pathsim.decision.appraise import CohortValue, appraise
from pathsim.decision.figures import flat
from pathsim.decision.information.partial import evppi
from pathsim.decision.information.sample import evsi, log_hazard_ratio_variance, prior_size
from pathsim.decision.terms import Terms
from pathsim.decision.value import OptionValue
from pathsim.decision.value_plain import value_data
from pathsim.present.value import value_parts
from pathsim.vocabulary import PAYERS, PUBLIC_PURSE
from priced_town import EFFECT, MORE, priced_town, with_more

SUMS = 1e-9
"""Of parts that add up to a whole, beside the largest of them."""
NEAR = 0.1
"""Of a value, that the two ways to it may part by where a study's result is not quite normal."""
FEW = {"draws": 32, "replications": 2, "seed": 3}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return priced_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def compared(town):
    return ps.compare(town, with_more(town), **FEW)


@pytest.fixture(scope="module")
def valued(compared):
    return ps.value(compared, study=50, of=EFFECT)


# The appraisal, year by year


def test_years_and_payers_add_up_to_the_whole(valued):
    option = valued.options[0]
    years, payers = option.years(), option.payers().set_index("payer")
    size = option.appraisal.expected.gain["pcc"]
    for payer in PAYERS:
        assert abs(years[payer].sum() - payers.gain[payer]) < SUMS * abs(size)
    assert years.total.sum() == pytest.approx(option.npsv.mean, rel=SUMS)
    assert years.public.sum() == pytest.approx(option.public.mean, rel=SUMS)
    assert years.cashable.sum() == pytest.approx(payers.cashable["everybody"], rel=SUMS)
    assert years.not_cashable.sum() == pytest.approx(payers.not_cashable["everybody"], rel=SUMS)
    together = payers.loc[list(PUBLIC_PURSE)]
    assert together.cashable.sum() == pytest.approx(payers.cashable["everybody"], rel=SUMS)
    assert payers.gain["everybody"] == pytest.approx(option.npsv.mean, rel=SUMS)
    assert option.npsv.mean != 0.0


def test_the_cohorts_of_all_years_are_alike_but_for_the_discount(valued):
    years = valued.options[0].years()[:10]
    alike = years.total / years.discount_factor
    assert alike.to_numpy() == pytest.approx(alike[0], rel=SUMS)
    assert list(years.discount_factor[:2]) == pytest.approx([1.0, 1 / 1.035])


def test_setting_up_and_a_ramp_stand_in_their_years_and_burden_with_society():
    cohort = CohortValue(
        change={"pcc": 100.0, "police": -30.0, "society": -200.0}, running={"pcc": 100.0}
    )
    terms = Terms(years=3, grade="official", schedule=flat(0.0), ramp=(0.5, 1.0), excess_burden=0.2)
    found = appraise(cohort, setup={"pcc": 45.0}, terms=terms)
    assert list(found.gain_by_year["pcc"]) == [-95.0, -100.0, -100.0]
    assert list(found.gain_by_year["police"]) == [15.0, 30.0, 30.0]
    assert list(found.gain_by_year["society"]) == [100.0 - 16.0, 200.0 - 14.0, 200.0 - 14.0]
    assert list(found.cashable_by_year["police"]) == [0.0, 0.0, 0.0]
    assert list(found.cashable_by_year["pcc"]) == [-95.0, -100.0, -100.0]
    option = OptionValue(None, found, None, None)
    assert option.years()["public_as_it_falls"].tolist() == [15.0 - 95.0, -70.0, -70.0]
    for payer in PAYERS:
        assert found.gain_by_year[payer].sum() == pytest.approx(float(found.gain[payer]))


def test_money_of_later_years_goes_on_when_the_last_cohort_has_begun():
    cohort = CohortValue(change={"police": -30.0}, public_by_year=[-10.0, -20.0])
    found = appraise(cohort, terms=Terms(years=2, grade="official", schedule=flat(0.0)))
    years = OptionValue(None, found, None, None).years()
    assert years["public_as_it_falls"].tolist() == [10.0, 30.0, 20.0]
    assert years["public"].tolist() == [30.0, 30.0, 0.0]
    assert np.isnan(years["discount_factor"][2])


# Studies


def test_rescaling_agrees_with_regression_on_simulated_summaries():
    z = normals(2)
    effect = -0.3 + 0.25 * z[:, 0]  # a log ratio
    net_benefit = against_nothing(1000.0 * (1.0 - np.exp(effect)) - 240.0 + 60.0 * z[:, 1])
    told = log_hazard_ratio_variance(control=0.4, ratio=0.74)
    known = prior_size(per_person=told, drawn=0.25**2)
    inputs = pd.DataFrame({"effect": effect})
    for size in (60, 300):
        quick = evsi(net_benefit, inputs, of="effect", sizes=[size], prior_size=known, **QUICK)
        # What a trial of so many would report in each state of the world.
        noise = np.random.default_rng(size).normal(size=DRAWS)
        report = pd.DataFrame({"report": effect + np.sqrt(told / size) * noise})
        check = evppi(net_benefit, report, **QUICK)
        error = np.hypot(quick.se[0], check.se[0])
        assert abs(quick.evsi[0] - check.evppi[0]) < ERRORS * error
        assert error < 0.2 * quick.evsi[0]


@pytest.mark.parametrize(("control", "ratio"), [(0.4, 0.7), (0.25, 1.0), (0.66, 0.2)])
def test_what_a_trial_tells_of_a_ratio_is_its_spread_over_trials(control, ratio):
    rng = np.random.default_rng(1)
    arm = 4000
    shares = (control, 1.0 - (1.0 - control) ** ratio)
    hazards = [np.log(-np.log1p(-rng.binomial(arm, p, 4000) / arm)) for p in shares]
    spread = np.var(hazards[1] - hazards[0])
    told = log_hazard_ratio_variance(control=control, ratio=ratio)
    assert spread == pytest.approx(told / (2 * arm), rel=0.08)


def test_with_too_few_draws_a_study_is_not_told(valued):
    studies = valued.studies
    assert studies.measured.key == EFFECT
    assert list(studies.table.said) == ["too few draws"]
    assert studies.table.evsi.isna().all()
    assert np.isnan(studies.known)
    assert studies.best is None


@pytest.fixture(scope="module")
def studied(town):
    compared = ps.compare(town, with_more(town), draws=512, replications=2, seed=3)
    sizes = [20, 100, 1000]
    how = {"study": sizes, "of": EFFECT, "study_cost": (500.0, 10.0)}
    return compared, ps.value(compared, **how), how


def test_a_study_is_worth_something_less_than_knowing(studied):
    studies = studied[1].studies
    values = studies.table.evsi.tolist()
    assert 0.0 < values[0] < values[1] < values[2] < studies.known
    # The first of ten years is lost to it.
    factors = np.array([1.035**-year for year in range(10)])
    left = factors[1:].sum() / factors.sum()
    assert studies.table.worth.tolist() == pytest.approx([left * each for each in values])
    assert studies.table.cost.tolist() == [700.0, 1500.0, 10_500.0]
    beyond = studies.table.worth - studies.table.cost
    assert studies.table.net_benefit.tolist() == pytest.approx(beyond.tolist())
    assert studies.best.net_benefit >= studies.table.net_benefit.max()
    assert 66.0 < studies.design.prior_size < 300.0


def test_left_to_itself_a_study_is_of_what_is_most_worth_knowing(studied, compared):
    found = ps.value(studied[0], study=100).studies
    assert found.measured.key == EFFECT
    assert found.table.evsi[0] == studied[1].studies.table.evsi[1]
    assert np.isnan(found.table.cost[0])
    few = ps.value(compared, study=100).studies
    assert few.measured is None
    assert "nothing that a study" in few.said
    assert len(few.table) == 0


def test_what_a_study_cannot_reduce_and_years_lost_are_worth_less(studied):
    compared, valued, how = studied
    less = ps.value(compared, **how, reducible=0.3, waits=5).studies.table
    whole = valued.studies.table
    assert (less.evsi < whole.evsi).all()
    assert (less.worth / less.evsi < whole.worth / whole.evsi).all()


def test_the_shell_tells_a_study_with_its_design(studied, capsys):
    print_parts(console(), value_parts(studied[1]))
    told = " ".join(capsys.readouterr().out.split())
    assert "A study of services.mentor.hazard_ratio" in told
    assert "a trial of two equal arms" in told
    assert "To know it for sure would be worth £" in told


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"study": 0}, "study: is out of range"),
        ({"study": "50"}, "study: must be a whole number"),
        ({"study": []}, "study: needs a number of people"),
        ({"study": 50, "of": "services.mentor.hazard"}, "did you mean 'services.mentor.hazard_r"),
        ({"study": 50, "of": "services.mentor.cost_per_start_gbp"}, "measured by no study"),
        ({"of": EFFECT}, "of: is of no study"),
        ({"waits": 2}, "waits: is of no study"),
        ({"study_cost": (1.0, 2.0)}, "study_cost: is of no study"),
        ({"study": 50, "of": 5}, "of: has the wrong type"),
        ({"study": 50, "control": 1.0}, "control: is out of range"),
        ({"study": 50, "reducible": 0.0}, "reducible: is out of range"),
        ({"study": 50, "waits": 11}, "waits: is out of range"),
        ({"study": 50, "study_cost": (1.0,)}, "study_cost: is no cost"),
        ({"study": 50, "study_cost": (1.0, -1.0)}, "study_cost: is no cost"),
        ({"years": 0}, "years: is out of range"),
    ],
)
def test_what_cannot_be_asked_is_refused(compared, said, words):
    with pytest.raises(ps.InputError, match=words):
        ps.value(compared, **said)


# The shell


def test_the_shell_tells_payers_years_and_the_verdict(tmp_path, town, capsys):
    (tmp_path / "base.toml").write_text(town.to_toml(), encoding="utf-8")
    (tmp_path / "more.toml").write_text(
        'extends = "base.toml"\ntitle = "More mentors"\n'
        + "".join(f"{key} = {value}\n" for key, value in MORE.items()),
        encoding="utf-8",
    )
    said = ["value", str(tmp_path / "base.toml"), str(tmp_path / "more.toml")]
    said += ["--draws", "32", "--replications", "2", "--years", "3"]
    assert run_command_line(said) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "who pays and who gains over 3 years" in told
    assert "More mentors: year by year" in told
    assert "of 100 states of the world" in told
    assert run_command_line([*said, "--study", "50,200", "--of", EFFECT, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "pathsim.value/1"
    assert [each["people"] for each in data["studies"]["sizes"]] == [50, 200]
    assert len(data["options"][0]["years"]) >= 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["--draws", "29"], "too few states"),
        (["--years", "0"], "years"),
        (["--study", "many"], "--study: are no numbers"),
        (["--study", "50", "--study-cost", "5"], "--study-cost: is no cost"),
        (["--study", "50", "--study-cost", "5:few"], "--study-cost: is no amount"),
        (["--of", EFFECT], "of: is of no study"),
        (["--reducible", "0.5"], "reducible: is of no study"),
        (["--control", "0.5"], "control: is of no study"),
        (["--study", "50", "--of", "services.gps_tag.hazard"], "did you mean 'services.gps_tag."),
        (["--study", "50", "--of", "costs.discount_rate_percent"], "of: is not in doubt"),
        (["--study", "50", "--of", "services.gps_tag.cost_per_day_gbp"], "measured by no study"),
    ],
)
def test_the_shell_refuses_before_anything_runs(monkeypatch, capsys, said, words):
    monkeypatch.setattr("pathsim.outcomes.verbs.compare", None)
    assert run_command_line(["value", "dorset/baseline", "dorset/more-tags", *said]) == 2
    assert words in capsys.readouterr().err


def test_sizes_and_costs_are_read():
    assert parse_sizes("50,200") == [50, 200]
    assert parse_sizes(None) is None
    assert parse_cost("20000:150") == (20_000.0, 150.0)
    assert parse_cost("£20,000:£150") == (20_000.0, 150.0)


def test_plain_data_add_up(valued):
    data = json.loads(json.dumps(value_data(valued), allow_nan=False))
    option = data["options"][0]
    assert sum(year["total"] for year in option["years"]) == pytest.approx(option["npsv"]["mean"])
    assert option["payers"][-1]["payer"] == "everybody"
    assert data["studies"]["sizes"][0]["evsi"] is None
