"""M2U, the revolving door without limits, in NumPy: everybody is moved one event at a time.

Where nobody waits for anybody, people are independent, so that all of them can take their next
event in one round of array operations. Rounds go on with those who still have one within their
year. Short arrays cost as much as their calls, so several replications are run side by side. With
limited places this does not work. Nothing here is shared with pathsim.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

PEOPLE: Final = 12_000
YEAR: Final = 365.0
MEDIAN_HAZARD, SIGMA = 0.0012, 1.0
CUSTODY_AT_INDEX, CUSTODY_AT_REOFFENCE, CUSTODY_DAYS = 0.25, 0.30, 60.0
HOMELESS_SHARE, HOMELESS_DAYS, HOMELESS_RATIO = 0.15, 90.0, 1.5
CUSTODY_PRICE, REOFFENCE_PRICE = 130.0, 5_000.0
TAG_DAYS, TREATMENT_DAYS = 90.0, 120.0

REOFFENCE, RELEASE, REHOUSED, TAG, TREATMENT = range(5)
"""Rows of the times of everybody's next event of each kind, in days since the index date."""
SHARE: Final = {TAG: 0.10, TREATMENT: 0.20}
RATIO: Final = {REHOUSED: HOMELESS_RATIO, TAG: 0.4, TREATMENT: 0.7}
PRICE: Final = {TAG: 10.0, TREATMENT: 12.0}
SIDE_BY_SIDE: Final = 8
"""Replications at a time: more no longer fit the cache."""

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


class Crowd:
    """The people of several replications, as far as they still have events."""

    def __init__(self, rng: np.random.Generator, *, replications: int) -> None:
        n = replications * PEOPLE
        self.rng = rng
        self.replication = np.repeat(np.arange(replications), PEOPLE)
        self.base = np.exp(-SIGMA * rng.standard_normal(n)) / MEDIAN_HAZARD
        # Mean days to a reoffence: without, and with, the ratios that apply now.
        self.mean = self.base.copy()
        self.reoffended = np.zeros(n, dtype=np.bool_)
        self.times = np.full((5, n), np.inf)
        self.counts = {kind: np.zeros(replications) for kind in (REOFFENCE, TAG, TREATMENT)}
        self.reoffenders = np.zeros(replications)
        self.cost = np.zeros(replications)
        # The calendar date of somebody's index date changes nothing where nobody queues.
        inside = rng.random(n) < CUSTODY_AT_INDEX
        self.lock_up(np.flatnonzero(inside), np.zeros(np.count_nonzero(inside)))
        self.enter(np.flatnonzero(~inside), np.zeros(n - np.count_nonzero(inside)))

    def run(self) -> None:
        """Move everybody by one event, until nobody has one within the year."""
        while len(self.replication):
            now = self.times.min(axis=0)
            self.keep(now < YEAR)
            now = now[now < YEAR]
            # All are found before any is handled, because handling sets new times.
            due = [np.flatnonzero(row == now) for row in self.times]
            for kind, who in enumerate(due):
                self.handle(kind, who, now[who])

    def keep(self, which: NDArray[np.bool_]) -> None:
        """Go on with these people only."""
        who = np.flatnonzero(which)
        self.times = self.times[:, who]
        self.base, self.mean = self.base[who], self.mean[who]
        self.replication, self.reoffended = self.replication[who], self.reoffended[who]

    def handle(self, kind: int, who: Indices, now: Floats) -> None:
        """Handle an event of one kind for everybody who has it."""
        if kind == REOFFENCE:
            self.reoffend(who, now)
        elif kind == RELEASE:
            self.times[RELEASE, who] = np.inf
            self.enter(who, now)
        else:
            self.times[kind, who] = np.inf
            self.multiply(who, now, 1.0 / RATIO[kind])

    def enter(self, who: Indices, now: Floats) -> None:
        """Enter the community, with fresh draws of everything."""
        self.mean[who] = self.base[who]
        self.times[REOFFENCE, who] = now + self.rng.standard_exponential(len(who)) * self.mean[who]
        self.begin(REHOUSED, HOMELESS_SHARE, who, now)
        for service in (TAG, TREATMENT):
            asks, since = self.begin(service, SHARE[service], who, now)
            self.add(self.counts[service], asks)
            left = np.minimum(self.times[service, asks], YEAR) - since
            self.add(self.cost, asks, PRICE[service] * left)

    def begin(self, kind: int, share: float, who: Indices, now: Floats) -> tuple[Indices, Floats]:
        """Put a random share of these people into a state, whose ratio applies until it ends."""
        drawn = self.rng.random(len(who)) < share
        who, now = who[drawn], now[drawn]
        self.times[kind, who] = now + self.days(kind, len(who))
        self.multiply(who, now, RATIO[kind])
        return who, now

    def days(self, kind: int, number: int) -> Floats:
        """Draw how long a state lasts."""
        if kind == TAG:
            return np.full(number, TAG_DAYS)
        mean = HOMELESS_DAYS if kind == REHOUSED else TREATMENT_DAYS
        return mean * self.rng.standard_exponential(number)

    def multiply(self, who: Indices, now: Floats, ratio: float) -> None:
        """Change the hazard by `ratio` from now on, keeping what has been spent."""
        self.mean[who] /= ratio
        self.times[REOFFENCE, who] = now + (self.times[REOFFENCE, who] - now) / ratio

    def reoffend(self, who: Indices, now: Floats) -> None:
        """Reoffend: go to custody, or on with life."""
        self.add(self.counts[REOFFENCE], who)
        self.add(self.cost, who, np.full(len(who), REOFFENCE_PRICE))
        self.add(self.reoffenders, who[~self.reoffended[who]])
        self.reoffended[who] = True
        self.times[REOFFENCE, who] = now + self.rng.standard_exponential(len(who)) * self.mean[who]
        locked = self.rng.random(len(who)) < CUSTODY_AT_REOFFENCE
        who, now = who[locked], now[locked]
        for service in (TAG, TREATMENT):
            # All days to the end of the year were paid at the start; what is not used comes back.
            held = np.isfinite(self.times[service, who])
            unused = np.minimum(self.times[service, who[held]], YEAR) - now[held]
            self.add(self.cost, who[held], -PRICE[service] * unused)
        self.lock_up(who, now)

    def lock_up(self, who: Indices, now: Floats) -> None:
        """Go to custody, which ends everything else and is paid to the end of the year at most."""
        self.times[:, who] = np.inf
        release = now + CUSTODY_DAYS * self.rng.standard_exponential(len(who))
        self.times[RELEASE, who] = release
        self.add(self.cost, who, CUSTODY_PRICE * (np.minimum(release, YEAR) - now))

    def add(self, totals: Floats, who: Indices, amounts: Floats | None = None) -> None:
        """Add to each replication's total what its people bring: `amounts`, or 1 each."""
        totals += np.bincount(self.replication[who], amounts, minlength=len(totals))


def replications(number: int, *, seed: int) -> list[dict[str, float]]:
    """Return the outcomes of independent replications, under pathsim's names."""
    rng = np.random.Generator(np.random.SFC64(seed))
    outcomes: list[dict[str, float]] = []
    while len(outcomes) < number:
        outcomes += some(rng, number=min(SIDE_BY_SIDE, number - len(outcomes)))
    return outcomes


def some(rng: np.random.Generator, *, number: int) -> list[dict[str, float]]:
    """Return the outcomes of replications that are run side by side."""
    crowd = Crowd(rng, replications=number)
    crowd.run()
    return [
        {
            "proven_reoffending_rate": float(crowd.reoffenders[each]) / PEOPLE,
            "reoffences_per_person": float(crowd.counts[REOFFENCE][each]) / PEOPLE,
            "cost_total": float(crowd.cost[each]),
            "service.tag.starts": float(crowd.counts[TAG][each]),
            "service.treatment.starts": float(crowd.counts[TREATMENT][each]),
        }
        for each in range(number)
    ]
