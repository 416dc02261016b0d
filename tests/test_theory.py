"""The closed forms agree with published numbers, with integration and with each other."""

import math

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.stats import norm, poisson

from pathsim import theory

EXACT = 1e-12
FORMULA = 1e-9
PRINTED = 1e-3
"""Known to the digits printed: relative error of the last one."""
QUADRATURE = 1e-7
"""Relative error of the differential equations and integrals that serve as a check."""

CHAIN = [[0.0, 0.002, 0.001], [0.010, 0.0, 0.004], [0.008, 0.015, 0.0]]
ENTRY = [0.6, 0.1, 0.3]
RENEWAL = {"to_on": 0.004, "to_off": 0.02}


def test_erlang_a_meets_the_known_answer_of_the_impatient_queue():
    queue = theory.erlang_a(arrivals=1.0, servers=18, service=20.0, patience=30.0)
    assert queue.reneged == pytest.approx(0.13728, abs=0.5e-5)
    assert queue.mean_queue == pytest.approx(4.118, abs=0.5e-3)
    assert queue.utilisation == pytest.approx(0.9586, abs=0.5e-4)


def test_erlang_a_serves_whoever_does_not_renege():
    queue = theory.erlang_a(arrivals=2.5, servers=7, service=4.0, patience=3.0)
    assert queue.utilisation * 7 / 4.0 == pytest.approx(2.5 * (1 - queue.reneged), rel=FORMULA)


def test_erlang_a_with_patience_like_service_is_a_poisson_number_present():
    queue = theory.erlang_a(arrivals=1.0, servers=18, service=20.0, patience=20.0)
    beyond = 20.0 * poisson.sf(17, 20.0) - 18 * poisson.sf(18, 20.0)
    assert queue.wait_share == pytest.approx(poisson.sf(17, 20.0), rel=FORMULA)
    assert queue.mean_queue == pytest.approx(beyond, rel=FORMULA)


def test_erlang_a_wait_of_the_served_agrees_with_the_chain_of_one_who_waits():
    """Absorption times of the waiting person's place in the queue, by linear equations."""
    known = {"arrivals": 1.2, "servers": 3, "service": 2.5, "patience": 4.0}
    queue = theory.erlang_a(**known)
    chance = theory._states(**known)[3:]
    forward = 3 / 2.5 + np.arange(chance.size) / 4.0
    generator = np.diag(-(forward + 1 / 4.0)) + np.diag(forward[1:], -1)
    into_service = np.zeros(chance.size)
    into_service[0] = forward[0]
    inverse = np.linalg.inv(-generator)
    waited = chance @ inverse @ inverse @ into_service
    assert queue.mean_wait_served == pytest.approx(waited / (1 - queue.reneged), rel=FORMULA)


def test_erlang_a_with_endless_patience_is_erlang_c():
    known = {"arrivals": 1.5, "servers": 2, "service": 1.0}
    patient = theory.erlang_a(**known, patience=1e9)
    assert patient[1:] == pytest.approx(theory.erlang_c(**known)[1:], rel=1e-6)


@pytest.mark.parametrize(
    ("servers", "offered", "wait_share"),
    [(1, 0.75, 0.75), (2, 1.5, 9 / 14), (3, 2.0, 4 / 9), (10, 8.0, 0.40918)],
)
def test_erlang_c_meets_textbook_shares_who_wait(servers, offered, wait_share):
    queue = theory.erlang_c(arrivals=offered / 5.0, servers=servers, service=5.0)
    assert queue.wait_share == pytest.approx(wait_share, rel=PRINTED)
    assert queue.mean_wait_served == pytest.approx(
        wait_share * 5 / (servers - offered), rel=PRINTED
    )


def test_erlang_c_of_one_server_has_the_mean_queue_of_m_m_1():
    queue = theory.erlang_c(arrivals=0.8, servers=1, service=1.0)
    assert queue.mean_queue == pytest.approx(0.8**2 / 0.2, rel=EXACT)


@pytest.mark.parametrize(
    ("servers", "offered", "lost"),
    [(1, 1.0, 0.5), (2, 1.0, 0.2), (5, 3.0, 0.110054), (10, 7.0, 0.078741)],
)
def test_erlang_b_meets_textbook_shares_lost(servers, offered, lost):
    found = theory.erlang_b(arrivals=offered / 8.0, servers=servers, service=8.0)
    assert found == pytest.approx(lost, abs=0.5e-6)


def test_a_queue_without_room_is_erlang_b_and_one_with_endless_room_erlang_c():
    known = {"arrivals": 0.8, "servers": 4, "service": 3.5}
    none = theory.limited_queue(**known, room=0)
    assert none.reneged == pytest.approx(theory.erlang_b(**known), rel=FORMULA)
    assert none.mean_queue == none.wait_share == none.mean_wait_served == 0.0
    endless = theory.limited_queue(**known, room=3000)
    assert endless == pytest.approx(theory.erlang_c(**known), rel=FORMULA)


def test_a_limited_queue_of_one_server_has_the_loss_of_m_m_1_k():
    load, room = 0.75, 4
    queue = theory.limited_queue(arrivals=load, servers=1, service=1.0, room=room)
    lost = (1 - load) * load ** (room + 1) / (1 - load ** (room + 2))
    assert queue.reneged == pytest.approx(lost, rel=FORMULA)
    assert queue.utilisation == pytest.approx(load * (1 - lost), rel=FORMULA)


def test_erlang_c_refuses_an_overloaded_queue():
    with pytest.raises(ValueError, match="the offered load 20 must be below the 18 servers"):
        theory.erlang_c(arrivals=1.0, servers=18, service=20.0)


def test_queues_refuse_what_is_not_above_zero():
    with pytest.raises(ValueError, match="patience must be above 0, it is 0"):
        theory.erlang_a(arrivals=1.0, servers=18, service=20.0, patience=0.0)


def test_competing_risks_agree_with_integration():
    hazards = np.array([0.001, 0.004, 0.0])
    expected = [
        quad(lambda t, h=h: h * math.exp(-hazards.sum() * t), 0, 365, epsabs=1e-13)[0]
        for h in hazards
    ]
    assert theory.competing_risks(hazards, days=365) == pytest.approx(expected, rel=FORMULA)
    assert theory.competing_risks(hazards) == pytest.approx([0.2, 0.8, 0.0], rel=EXACT)


@pytest.mark.parametrize("starts_on", [True, False])
def test_two_state_renewal_agrees_with_its_markov_chain(starts_on):
    rates = [[0.0, RENEWAL["to_on"]], [RENEWAL["to_off"], 0.0]]
    start = [0.0, 1.0] if starts_on else [1.0, 0.0]
    on = theory.on_probability(100.0, **RENEWAL, starts_on=starts_on)
    on_days = theory.expected_on_days(100.0, **RENEWAL, starts_on=starts_on)
    chain = theory.state_probabilities(rates, start=start, days=100.0)
    assert [1 - on, on] == pytest.approx(chain, rel=FORMULA)
    spent = theory.expected_days(rates, start=start, days=100.0)
    assert [100.0 - on_days, on_days] == pytest.approx(spent, rel=FORMULA)


def test_on_periods_begun_less_ended_is_the_change_in_the_chance_of_being_on():
    begun = theory.expected_on_periods(365.0, **RENEWAL, starts_on=False)
    ended = RENEWAL["to_off"] * theory.expected_on_days(365.0, **RENEWAL, starts_on=False)
    on = theory.on_probability(365.0, **RENEWAL, starts_on=False)
    assert begun - ended == pytest.approx(on, rel=FORMULA)


def test_long_run_share_is_the_limit_of_the_exponential_process():
    limit = theory.on_probability(1e6, **RENEWAL, starts_on=False)
    means = {"mean_on": 1 / RENEWAL["to_off"], "mean_off": 1 / RENEWAL["to_on"]}
    assert theory.long_run_on_share(**means) == pytest.approx(limit, rel=EXACT)


def test_markov_chain_solves_kolmogorovs_forward_equations():
    generator = np.array(CHAIN) - np.diag(np.sum(CHAIN, axis=1))
    solved = solve_ivp(
        lambda _t, p: np.concatenate([p[:3] @ generator, p[:3]]),
        (0.0, 365.0),
        [*ENTRY, 0.0, 0.0, 0.0],
        rtol=1e-11,
        atol=1e-13,
    ).y[:, -1]
    found = theory.state_probabilities(CHAIN, start=ENTRY, days=365.0)
    assert found == pytest.approx(solved[:3], rel=QUADRATURE)
    spent = theory.expected_days(CHAIN, start=ENTRY, days=365.0)
    assert spent == pytest.approx(solved[3:], rel=QUADRATURE)
    assert spent.sum() == pytest.approx(365.0, rel=FORMULA)


def test_markov_chain_refuses_a_negative_rate():
    with pytest.raises(ValueError, match="rates must not be negative"):
        theory.state_probabilities([[0.0, -1.0], [1.0, 0.0]], start=[1.0, 0.0], days=1.0)


def test_piecewise_hazard_adds_up_its_pieces_and_stops_for_custody():
    from_days, hazards = [0.0, 100.0, 160.0], [0.002, 0.0, 0.001]
    assert theory.cumulative_hazard(from_days, hazards, days=50.0) == pytest.approx(0.1, rel=EXACT)
    assert theory.cumulative_hazard(from_days, hazards, days=130.0) == pytest.approx(0.2, rel=EXACT)
    assert theory.cumulative_hazard(from_days, hazards, days=365.0) == pytest.approx(
        0.405, rel=EXACT
    )
    surviving = theory.survival(from_days, hazards, days=365.0)
    assert surviving == pytest.approx(math.exp(-0.405), rel=EXACT)


@pytest.mark.parametrize(
    ("from_days", "hazards", "message"),
    [
        ([], [], "must start at 0"),
        ([1.0], [0.1], "must start at 0"),
        ([0.0], [0.1, 0.2], "as many hazards"),
        ([0.0, 5.0, 5.0], [0.1, 0.2, 0.3], "must rise"),
    ],
)
def test_piecewise_hazard_refuses_pieces_that_do_not_fit(from_days, hazards, message):
    with pytest.raises(ValueError, match=message):
        theory.cumulative_hazard(from_days, hazards, days=10.0)


def test_events_with_a_gap_solve_the_renewal_equation():
    """m(t) = F(t) + integral of m(t - s - gap) f(s) ds, solved on a grid."""
    hazard, gap, days, step = 0.01, 30.0, 365.0, 0.05
    times = np.arange(0.0, days + step / 2, step)
    expected = -np.expm1(-hazard * times)
    # Between gaps m' = hazard (1 - m(t) + m(t - gap)), by the trapezoidal rule.
    lag, solved = round(gap / step), np.zeros_like(expected)
    for i in range(1, times.size):
        back = (solved[i - lag] if i >= lag else 0.0, solved[i - 1 - lag] if i > lag else 0.0)
        growth = 2 + back[0] + back[1] - solved[i - 1]
        solved[i] = (solved[i - 1] + hazard * step / 2 * growth) / (1 + hazard * step / 2)
    found = theory.expected_events_with_gap(hazard=hazard, gap=gap, days=days)
    assert found == pytest.approx(solved[-1], rel=1e-5)
    assert theory.expected_events_with_gap(hazard=hazard, gap=0.0, days=days) == pytest.approx(
        hazard * days, rel=FORMULA
    )


def test_frail_event_share_agrees_with_equal_shares_of_the_population():
    quantiles = norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    shares = -np.expm1(-0.438 * np.exp(quantiles))
    assert theory.frail_event_share(0.438, sigma=1.0) == pytest.approx(shares.mean(), rel=1e-5)
    assert theory.frail_event_share(0.438, sigma=0.0) == pytest.approx(
        -math.expm1(-0.438), rel=FORMULA
    )


def test_frail_events_are_the_mean_of_a_lognormal():
    mean, _ = quad(lambda z: 0.438 * math.exp(0.8 * z) * norm.pdf(z), -12, 12, epsabs=1e-12)
    assert theory.frail_expected_events(0.438, sigma=0.8) == pytest.approx(mean, rel=FORMULA)


def test_hazard_ratio_from_rates_undoes_the_hazard():
    control = -math.expm1(-0.002 * 365)
    treated = -math.expm1(-0.002 * 0.7 * 365)
    ratio = theory.hazard_ratio_from_rates(treated=treated, control=control)
    assert ratio == pytest.approx(0.7, rel=EXACT)


def test_hazard_ratio_from_odds_goes_through_the_treated_share():
    # Odds 1.68 at 50%: 0.84 to 0.5, a share of 0.62687; ln(0.37313) / ln(0.5) = 1.42224.
    assert theory.hazard_ratio_from_odds(1.68, control=0.5) == pytest.approx(1.42224, abs=1e-5)
    assert theory.hazard_ratio_from_odds(1.0, control=0.3) == pytest.approx(1.0, rel=EXACT)
    # When the outcome is rare, odds, risks and hazards have the same ratio.
    assert theory.hazard_ratio_from_odds(0.5, control=1e-7) == pytest.approx(0.5, rel=1e-6)


def test_ratios_refuse_shares_that_are_not_between_0_and_1():
    with pytest.raises(ValueError, match="control must lie between 0 and 1, it is 1"):
        theory.hazard_ratio_from_rates(treated=0.2, control=1.0)
