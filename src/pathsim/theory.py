"""Closed forms against which the engines are checked: queues, hazards, chains, renewal.

Every function is a formula with its source. Rates are per day and times in days
unless a docstring says otherwise, but any one unit of time will do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.special import gammainc

from pathsim.elementary.arrays import Floats

_NEGLIGIBLE = 1e-18
"""Weight of a queue's tail, relative to its mode, at which the sum over states stops."""
_NORMAL_REACH = 12.0
"""Standard deviations beyond which a normal density adds nothing in double precision."""
_QUADRATURE = 1e-11
"""Absolute error asked of numerical integration."""


class Queue(NamedTuple):
    """The steady state of a queue with `servers` alike and first come, first served."""

    reneged: float
    """Share of arrivals who leave before they are served, or are turned away."""
    mean_queue: float
    """Mean number waiting."""
    utilisation: float
    """Mean share of servers at work."""
    wait_share: float
    """Share of arrivals who find all servers busy."""
    mean_wait_served: float
    """Mean wait of those who are served, those served at once included."""


def erlang_a(*, arrivals: float, servers: int, service: float, patience: float) -> Queue:
    """Return the steady state of the M/M/c+M queue (Erlang-A).

    With l `arrivals` a day, m = 1/`service`, r = 1/`patience` (mean days), the number present is
    a birth-and-death chain with births l and deaths min(n, c) m + max(n - c, 0) r. The share
    reneging is r E[queue] / l. An arrival who becomes k-th in the queue is served with
    probability cm / (cm + kr), and then waits on average sum over j = 1..k of 1 / (cm + jr).

    Palm, "Research on telephone traffic carried by full availability groups", Tele 1 (1957);
    Garnett, Mandelbaum and Reiman, "Designing a call center with impatient customers",
    Manufacturing & Service Operations Management 4(3), 2002, section 2. Raises ValueError unless
    all arguments are above 0.
    """
    _refuse_unless_positive(arrivals=arrivals, servers=servers, service=service, patience=patience)
    serve, leave = servers / service, 1 / patience
    chance = _states(arrivals=arrivals, servers=servers, service=service, patience=patience)
    waiting = np.maximum(np.arange(chance.size) - servers, 0)
    mean_queue = float(waiting @ chance)
    busy = float(np.minimum(np.arange(chance.size), servers) @ chance)
    place = np.arange(1, chance.size - servers + 1)
    served = chance[servers:] * serve / (serve + place * leave)
    until_served = np.cumsum(1 / (serve + place * leave))
    reneged = leave * mean_queue / arrivals
    return Queue(
        reneged=reneged,
        mean_queue=mean_queue,
        utilisation=busy / servers,
        wait_share=float(chance[servers:].sum()),
        mean_wait_served=float(served @ until_served) / (1 - reneged),
    )


def _states(*, arrivals: float, servers: int, service: float, patience: float) -> Floats:
    """Return the probabilities of 0, 1, 2, … present in an Erlang-A queue."""
    logs, total, peak = [0.0], 0.0, 0.0
    while total > peak + math.log(_NEGLIGIBLE) or len(logs) <= servers + 1:
        present = len(logs)
        deaths = min(present, servers) / service + max(present - servers, 0) / patience
        total += math.log(arrivals / deaths)
        logs.append(total)
        peak = max(peak, total)
    weights = np.exp(np.asarray(logs) - peak)
    chance: Floats = weights / weights.sum()
    return chance


def erlang_c(*, arrivals: float, servers: int, service: float) -> Queue:
    """Return the steady state of the M/M/c queue (Erlang-C), where nobody leaves.

    With a = `arrivals` x `service` offered, below `servers`: by recursion Erlang's loss
    probability B(c) = a B(c-1) / (c + a B(c-1)), B(0) = 1; the share who wait is
    C = c B / (c - a (1 - B)), the mean wait C `service` / (c - a).

    Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges", 1917; Cooper, "Introduction to Queueing Theory", 2nd ed., 1981, section
    3.3. Raises ValueError unless all arguments are above 0 and the load is below `servers`.
    """
    _refuse_unless_positive(arrivals=arrivals, servers=servers, service=service)
    offered = arrivals * service
    if offered >= servers:
        raise ValueError(f"the offered load {offered:g} must be below the {servers} servers")
    loss = 1.0
    for count in range(1, servers + 1):
        loss = offered * loss / (count + offered * loss)
    wait_share = servers * loss / (servers - offered * (1 - loss))
    wait = wait_share * service / (servers - offered)
    return Queue(
        reneged=0.0,
        mean_queue=arrivals * wait,
        utilisation=offered / servers,
        wait_share=wait_share,
        mean_wait_served=wait,
    )


def erlang_b(*, arrivals: float, servers: int, service: float) -> float:
    """Return the share of arrivals lost where nobody waits: M/M/c/c (Erlang-B).

    With a = `arrivals` x `service` offered, by recursion B(c) = a B(c-1) / (c + a B(c-1)),
    B(0) = 1; it holds for any distribution of the service's length with that mean. Sources as of
    `erlang_c`. Raises ValueError unless all arguments are above 0.
    """
    _refuse_unless_positive(arrivals=arrivals, servers=servers, service=service)
    offered, loss = arrivals * service, 1.0
    for count in range(1, servers + 1):
        loss = offered * loss / (count + offered * loss)
    return loss


def limited_queue(*, arrivals: float, servers: int, service: float, room: int) -> Queue:
    """Return the steady state of M/M/c/K: at most `room` = K - c wait, further ones are lost.

    The number present is a birth-and-death chain on 0, ..., K with births l and deaths min(n, c) m
    for l `arrivals` a day and m = 1/`service`. Lost is the chance of K, as arrivals see time
    averages; by Little's law those who are served wait E[queue] / (l (1 - lost)) on average.

    Gross, Shortle, Thompson and Harris, "Fundamentals of Queueing Theory", 4th ed., 2008, section
    2.5. Raises ValueError unless `room` is 0 or more and all else above 0.
    """
    _refuse_unless_positive(arrivals=arrivals, servers=servers, service=service, room=room + 1)
    present = np.arange(servers + room + 1)
    steps = np.log(arrivals * service / np.minimum(present[1:], servers))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    lost, busy = float(chance[-1]), float(np.minimum(present, servers) @ chance)
    mean_queue = float(np.maximum(present - servers, 0) @ chance)
    return Queue(
        reneged=lost,
        mean_queue=mean_queue,
        utilisation=busy / servers,
        wait_share=float(chance[servers:-1].sum()),
        mean_wait_served=mean_queue / (arrivals * (1 - lost)),
    )


def competing_risks(hazards: ArrayLike, *, days: float = math.inf) -> Floats:
    """Return the share of people whom each cause has taken first, within `days`.

    For constant hazards h_i with sum H the share of cause i is (h_i / H) (1 - exp(-H days)).
    hazards: [causes], at least one above 0. Kalbfleisch and Prentice, "The Statistical Analysis
    of Failure Time Data", 2nd ed., 2002, section 8.2.
    """
    rates = np.asarray(hazards, dtype=np.float64)
    total = float(rates.sum())
    _refuse_unless_positive(hazards=total)
    shares: Floats = rates / total * -math.expm1(-total * days)
    return shares


def on_probability(days: float, *, to_on: float, to_off: float, starts_on: bool) -> float:
    """Return the chance that an alternating exponential on/off process is on at `days`.

    With `to_on` and `to_off` the rates out of off and on, the long-run chance is
    p = to_on / (to_on + to_off), and p(t) = p + (p(0) - p) exp(-(to_on + to_off) t).
    Cox, "Renewal Theory", 1962, section 7.3.
    """
    _refuse_unless_positive(to_on=to_on, to_off=to_off)
    share = to_on / (to_on + to_off)
    return share + (float(starts_on) - share) * math.exp(-(to_on + to_off) * days)


def expected_on_days(days: float, *, to_on: float, to_off: float, starts_on: bool) -> float:
    """Return the expected time spent on up to `days`: the integral of `on_probability`.

    p t + (p(0) - p) (1 - exp(-s t)) / s with s = to_on + to_off. Cox 1962, section 7.3.
    """
    _refuse_unless_positive(to_on=to_on, to_off=to_off)
    total = to_on + to_off
    share = to_on / total
    return share * days - (float(starts_on) - share) * math.expm1(-total * days) / total


def expected_on_periods(days: float, *, to_on: float, to_off: float, starts_on: bool) -> float:
    """Return the expected number of on-periods that begin after day 0 and up to `days`.

    An on-period begins at rate `to_on` while off, so it is `to_on` times the expected days off.
    Cox 1962, section 7.3.
    """
    on = expected_on_days(days, to_on=to_on, to_off=to_off, starts_on=starts_on)
    return to_on * (days - on)


def long_run_on_share(*, mean_on: float, mean_off: float) -> float:
    """Return the long-run share of time on, whatever the distributions of on- and off-periods.

    mean_on / (mean_on + mean_off). Ross, "Stochastic Processes", 2nd ed., 1996, theorem 3.4.4.
    """
    _refuse_unless_positive(mean_on=mean_on, mean_off=mean_off)
    return mean_on / (mean_on + mean_off)


def state_probabilities(rates: ArrayLike, *, start: ArrayLike, days: float) -> Floats:
    """Return the probabilities of a continuous-time Markov chain's states at `days`.

    The solution p(t) = p(0) exp(Q t) of Kolmogorov's forward equations p' = p Q.
    rates: [states, states] per day from row to column, the diagonal is ignored.
    start: [states] probabilities at day 0. Norris, "Markov Chains", 1997, theorem 2.1.1.
    """
    probabilities: Floats = np.asarray(start, dtype=np.float64) @ expm(_generator(rates) * days)
    return probabilities


def expected_days(rates: ArrayLike, *, start: ArrayLike, days: float) -> Floats:
    """Return the expected days that a Markov chain spends in each state up to `days`.

    The integral of p(0) exp(Q t), read off the upper right block of the exponential of
    [[Q, I], [0, 0]] `days`. rates, start: as in `state_probabilities`. Van Loan, "Computing
    integrals involving the matrix exponential", IEEE Transactions on Automatic Control 23(3), 1978.
    """
    generator = _generator(rates)
    size = len(generator)
    block = np.zeros((2 * size, 2 * size))
    block[:size, :size] = generator
    block[:size, size:] = np.eye(size)
    spent: Floats = np.asarray(start, dtype=np.float64) @ expm(block * days)[:size, size:]
    return spent


def _generator(rates: ArrayLike) -> Floats:
    generator = np.array(rates, dtype=np.float64)
    np.fill_diagonal(generator, 0.0)
    if (generator < 0).any():
        raise ValueError("rates must not be negative")
    np.fill_diagonal(generator, -generator.sum(axis=1))
    return generator


def cumulative_hazard(
    from_days: Sequence[float], hazards: Sequence[float], *, days: float
) -> float:
    """Return the integral up to `days` of a hazard that is `hazards[i]` from `from_days[i]` on.

    It is also the expected number of events of a Poisson process with that rate; a stay in custody
    is a piece of hazard 0. from_days: rising from 0. Raises ValueError if they do not, or if the
    lengths differ.
    """
    if len(from_days) != len(hazards) or not from_days or from_days[0] != 0:
        raise ValueError("needs as many hazards as from_days, and from_days must start at 0")
    ends = [*from_days[1:], math.inf]
    pieces = list(zip(from_days, ends, hazards, strict=True))
    if any(begin >= end for begin, end, _ in pieces):
        raise ValueError("from_days must rise")
    return sum(h * (min(end, days) - begin) for begin, end, h in pieces if begin < days)


def survival(from_days: Sequence[float], hazards: Sequence[float], *, days: float) -> float:
    """Return the chance of no event up to `days` under a piecewise constant hazard.

    exp(-H(days)) with H the `cumulative_hazard`, whose arguments and errors it shares. Kalbfleisch
    and Prentice 2002, section 1.2.
    """
    return math.exp(-cumulative_hazard(from_days, hazards, days=days))


def expected_events_with_gap(*, hazard: float, gap: float, days: float) -> float:
    """Return the expected number of events up to `days` when each stops the clock for `gap` days.

    The k-th event comes at a gamma(k, `hazard`) time plus k - 1 gaps, so the number expected is
    the sum over k of P(k, hazard (days - (k - 1) gap)), P the regularised incomplete gamma
    function: a counter with fixed dead time. Cox 1962, section 10.3.
    """
    _refuse_unless_positive(hazard=hazard, days=days)
    mean, expected, count = hazard * days, 0.0, 1
    while (left := days - (count - 1) * gap) > 0:
        term = float(gammainc(count, hazard * left))
        expected += term
        if count > mean and term < _QUADRATURE:
            break
        count += 1
    return expected


def frail_event_share(cumulative: float, *, sigma: float) -> float:
    """Return the share of people with an event when their hazards differ lognormally.

    The integral over z of (1 - exp(-`cumulative` exp(`sigma` z))) over the standard normal
    distribution of z: `cumulative` is the median person's cumulative hazard, `sigma` the standard
    deviation of the log of the multiplier. No closed form; adaptive quadrature. Aalen, Borgan and
    Gjessing, "Survival and Event History Analysis", 2008, section 6.2.
    """

    def density(z: float) -> float:
        reached = -math.expm1(-cumulative * math.exp(sigma * z))
        return reached * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    share, _error = quad(density, -_NORMAL_REACH, _NORMAL_REACH, epsabs=_QUADRATURE, limit=200)
    return float(share)


def frail_expected_events(cumulative: float, *, sigma: float) -> float:
    """Return the expected events a person when hazards differ lognormally with median 1.

    `cumulative` exp(`sigma`^2 / 2), by the mean of a lognormal.
    """
    return cumulative * math.exp(sigma**2 / 2)


def hazard_ratio_from_rates(*, treated: float, control: float) -> float:
    """Return the ratio of constant hazards that yields these two shares over the same period.

    ln(1 - p1) / ln(1 - p0), since p = 1 - exp(-H). Raises ValueError unless both lie
    above 0 and below 1.
    """
    _refuse_unless_share(treated=treated, control=control)
    return math.log1p(-treated) / math.log1p(-control)


def hazard_ratio_from_odds(odds_ratio: float, *, control: float) -> float:
    """Return the hazard ratio that an odds ratio implies at the share `control`.

    The treated share is p1 = OR p0 / (1 - p0 + OR p0) (Zhang and Yu, "What's the relative risk?",
    JAMA 280(19), 1998); the rest is `hazard_ratio_from_rates`.
    """
    _refuse_unless_positive(odds_ratio=odds_ratio)
    _refuse_unless_share(control=control)
    treated = odds_ratio * control / (1 - control + odds_ratio * control)
    return hazard_ratio_from_rates(treated=treated, control=control)


def _refuse_unless_positive(**numbers: float) -> None:
    for name, number in numbers.items():
        if not number > 0:
            raise ValueError(f"{name} must be above 0, it is {number:g}")


def _refuse_unless_share(**shares: float) -> None:
    for name, share in shares.items():
        if not 0 < share < 1:
            raise ValueError(f"{name} must lie between 0 and 1, it is {share:g}")
