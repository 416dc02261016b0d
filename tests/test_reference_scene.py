"""A stage for hand-made people and services, and what becomes of an empty one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pathsim.engine.contract import (
    ALL_OFFENCES,
    DISTRIBUTION,
    KNOT,
    N_CLOCK_GROUPS,
    N_DISPOSALS,
    N_OFFENCES,
    N_PAYERS,
    NO_SERVICE,
    RULES,
    SERVICE,
    SHARED_TABLES,
    UNLIMITED,
    Address,
    Counts,
    Disposal,
    DistributionKind,
    EndingFlag,
    Event,
    Home,
    Legal,
    People,
    Tables,
    purpose,
)
from pathsim.engine.contract import OutcomeColumn as Column
from pathsim.engine.kernels.random import draw, person_state, replication_state
from pathsim.engine.places import NO_LIMIT
from pathsim.engine.reference import simulate

EXACT = 0.0
FORMULA = 1e-9
SEED, REPLICATION = 7, 5
AGES, BANDS, STATUSES = 2, 6, len(Legal)

Row = tuple[float, int, int, int]
Story = list[tuple[float, int, int]]
FIRST = 50.0
"""Day of the reoffence of those who reoffend once."""


def _first_regime(tables: Tables) -> Tables:
    named = tables._asdict()
    return Tables(**{name: t if name in SHARED_TABLES else t[:1] for name, t in named.items()})


class Scene:
    """Tables in which nothing happens of itself, and the people put on the stage.

    Everybody lives in settled accommodation, is proven at once and fined; a year's
    follow-up from the index date; sentences are served whole.
    """

    def __init__(self, **rules: float) -> None:
        self.distributions: list[tuple[int, float, float, float]] = []
        self.never = self._distribution(DistributionKind.NEVER)
        self.at_once = self.days(0.0)
        self.services: list[dict[str, Any]] = []
        self.capacity: list[int] = []
        self.by_risk: list[int] = []
        self.review: list[float] = []
        self.queue: list[int] = []
        self.people: list[dict[str, Any]] = []
        self.later: list[tuple[str, tuple[Any, ...], Any]] = []
        self.rules: dict[str, float] = {
            "from_day": np.inf,
            "follow_up": 365.0,
            "memory": np.inf,
            "horizon": np.inf,
            "intake": 365.0,
            "index_at_release": 1,
            "same_group": 1.0,
            "proof": 1.0,
            "presumption_ratio": 1.0,
            "presumption_service": NO_SERVICE,
            "fixed_term_share": 1.0,
            "standard_recall": self.at_once,
            "community_order_days": self.days(100.0),
            "suspended_sentence_days": self.days(200.0),
            "curfew_max": 1460.0,
            "supervision_below": 730.0,
            "breach_days": self.days(40.0),
        } | rules
        self.tables = self._neutral()

    def _distribution(self, kind: DistributionKind, *values: float) -> int:
        a, b, c = (*values, 0.0, 0.0, 0.0)[:3]
        self.distributions.append((int(kind), a, b, c))
        return len(self.distributions) - 1

    def days(self, value: float) -> int:
        return self._distribution(DistributionKind.CONSTANT, value)

    def _neutral(self) -> dict[str, Any]:
        fined = np.zeros(N_DISPOSALS)
        fined[Disposal.FINE :] = 1.0
        ratios = np.ones(STATUSES)
        ratios[Legal.CUSTODY] = 0.0
        return {
            "on_disposal": np.zeros((2, N_DISPOSALS), np.uint64),
            "for_offence": np.full((2, N_OFFENCES), 2**64 - 1, np.uint64),
            "on_release": np.zeros(2, np.uint64),
            "on_reoffence": np.zeros(2, np.uint64),
            "on_homeless": np.zeros(2, np.uint64),
            "on_pre_release": np.zeros(2, np.uint64),
            "caution_share": np.zeros((2, AGES, N_OFFENCES, BANDS)),
            "caution_alone": np.zeros((2, AGES, N_OFFENCES, BANDS)),
            "disposal_cumulative": np.tile(fined, (2, AGES, N_OFFENCES, BANDS, 1)),
            "diverted_cumulative": np.tile(fined, (2, AGES, N_OFFENCES, BANDS, 1)),
            "crown_share": np.zeros((2, N_OFFENCES)),
            "delay": np.full((2, 3), self.at_once),
            "remand_share": np.zeros((2, 3)),
            "breach_rate": np.zeros((2, STATUSES)),
            "severity": np.zeros((2, N_OFFENCES)),
            "offences_mean": np.ones((2, N_OFFENCES)),
            "custody_days": np.full((2, AGES, N_OFFENCES), self.days(100.0)),
            "offence_cumulative": np.ones((2, AGES, N_OFFENCES)),
            "release_point": np.ones((2, 5)),
            "recall_rate": np.zeros((2, 5)),
            "home_entry": np.ones((2, 2, 3)),
            "home_rate": np.zeros((2, 2, 3, 3)),
            "home_ratio": np.ones((2, 3)),
            "legal_ratio": np.tile(ratios, (2, 1)),
            "profile_days": np.zeros(1),
            "profile_ratio": np.ones(1),
            "profile_integral": np.zeros(1),
            "status_day": np.zeros((2, STATUSES, N_PAYERS)),
            "homeless_day": np.zeros((2, N_PAYERS)),
            "reoffence_cost": np.zeros((2, N_OFFENCES, N_PAYERS)),
            "further_cost": np.zeros((2, N_OFFENCES, N_PAYERS)),
            "caution_cost": np.zeros((2, N_PAYERS)),
            "breach_cost": np.zeros((2, N_PAYERS)),
            "conviction_cost": np.zeros((2, N_OFFENCES, N_PAYERS)),
            "disposal_cost": np.zeros((2, N_DISPOSALS, N_PAYERS)),
            "curfew_day": np.zeros((2, N_PAYERS)),
        }

    def pool(
        self,
        places: int,
        *,
        by_risk: bool = False,
        review_days: float = 0.0,
        max_queue: int = NO_LIMIT,
    ) -> int:
        self.capacity.append(places)
        self.review.append(review_days)
        self.queue.append(max_queue)
        self.by_risk.append(int(by_risk))
        return len(self.capacity) - 1

    def service(
        self, days: float, *, on: str = "", places: int | None = None, **fields: Any
    ) -> int:
        """Add a service of constant length; `on` names the table that triggers it."""
        number = len(self.services)
        row = {
            "key": purpose(f"service {number}"),
            "pool": UNLIMITED if places is None else self.pool(places),
            "ends_on": EndingFlag.CUSTODY | EndingFlag.FOLLOW_UP,
            "requires": 0,
            "acts_on": ALL_OFFENCES,
            "referral": 1.0,
            "take_up": 1.0,
            "patience": self.never,
            "duration": self.days(days),
            "ratio": 1.0,
            "after_ratio": 1.0,
            "after": self.at_once,
            "custody_ratio": 1.0,
        }
        self.services.append(row | fields)
        if on:
            self.tables[on] |= np.uint64(1 << number)
        return number

    def person(self, start: float, disposal: Disposal = Disposal.FINE, **fields: Any) -> int:
        self.people.append({"start_day": start, "disposal": disposal} | fields)
        return len(self.people) - 1

    def change(self, table: str, index: tuple[Any, ...], value: Any) -> None:
        """Set an element of a table in the later regime."""
        self.later.append((table, index, value))

    def lowered(self) -> tuple[People, Tables]:
        rules = np.zeros(2, RULES)
        for name, value in self.rules.items():
            rules["since" if name == "from_day" else name] = value
        rules["since"][0] = -np.inf
        services = np.zeros((2, len(self.services)), SERVICE)
        for number, fields in enumerate(self.services):
            for name, value in fields.items():
                services[name][:, number] = value
        starts = np.zeros((2, len(self.services)), np.uint64)
        tables = Tables(
            rules=rules,
            clock_groups=np.zeros((N_CLOCK_GROUPS, 2), np.int64),
            index_ratio=np.ones((N_CLOCK_GROUPS, N_OFFENCES)),
            distributions=np.array(self.distributions, DISTRIBUTION),
            knots=np.zeros(0, KNOT),
            services=services,
            pool_capacity=np.tile(np.array(self.capacity, np.int64), (2, 1)),
            pool_by_risk=np.tile(np.array(self.by_risk, np.int64), (2, 1)),
            pool_review=np.tile(np.array(self.review, np.float64), (2, 1)),
            pool_queue=np.tile(np.array(self.queue, np.int64), (2, 1)),
            **({"on_start": starts, "on_completion": starts.copy()} | self.tables),
        )
        for name, index, value in self.later:
            getattr(tables, name)[1][index] = value
        dated = self.rules["from_day"] < np.inf
        return self._people(), tables if dated else _first_regime(tables)

    def _people(self) -> People:
        n = len(self.people)

        def column(name: str, default: float, dtype: Any = np.float64) -> Any:
            return np.array([person.get(name, default) for person in self.people], dtype)

        return People(
            key=np.arange(1, n + 1, dtype=np.uint64),
            start_day=column("start_day", 0.0),
            disposal=column("disposal", Disposal.FINE, np.int8),
            sentence_days=column("sentence_days", 0.0),
            base_hazard=column("base_hazard", 0.0),
            risk=column("risk", 50.0),
            age_group=column("age_group", 0, np.int8),
            offence_group=column("offence_group", 3, np.int8),
            previous=column("previous", 0, np.int64),
            age=column("age", 30, np.int64),
            eligible=np.tile(column("eligible", 2**64 - 1, np.uint64), (2, 1)),
            enters=column("enters", True, np.bool_),
            groups=np.zeros((n, 1), np.int16),
        )

    def run(self) -> tuple[list[Row], Counts]:
        """Return the log as rows, and the sums."""
        people, tables = self.lowered()
        counts, log = simulate(people, tables, Address(SEED, REPLICATION), groups=1)
        assert log is not None
        return list(zip(*(column.tolist() for column in log), strict=True)), counts

    def story(self, person: int = 0) -> Story:
        """Return one person's rows between the entry to the stage and the end, without number."""
        rows, _ = self.run()
        return [
            (time, event, detail)
            for time, number, event, detail in rows
            if number == person and event not in (Event.START, Event.ACCOMMODATION)
        ]


def drawn(purpose_key: int, occasion: int, *, person: int = 0) -> float:
    """Return the uniform number at an address of the scene's replication."""
    replication = np.uint64(replication_state(np.uint64(SEED), np.uint64(REPLICATION)))
    state = np.uint64(person_state(replication, np.uint64(person + 1)))
    return float(draw(state, np.uint64(purpose_key), np.uint64(occasion)))


def budget(k: int = 1, *, person: int = 0) -> float:
    """Return the latent budget of a person's k-th reoffence."""
    return -float(np.log(drawn(purpose("budget"), k, person=person)))


def reoffender(
    scene: Scene,
    received: Disposal,
    *,
    disposal: Disposal = Disposal.FINE,
    delay: float = 0.0,
) -> None:
    """Put a person on the stage who reoffends once, on day 50, and gets `received` after `delay`.

    A service keeps the person from reoffending again.
    """
    scene.tables["disposal_cumulative"][..., :] = np.arange(7) >= received
    scene.tables["delay"][:] = scene.days(delay)
    scene.person(0.0, disposal, base_hazard=budget() / FIRST)
    scene.service(5000.0, on="on_reoffence", ratio=0.0, ends_on=EndingFlag.FOLLOW_UP)


def justice_of(scene: Scene) -> Story:
    """Return the first person's story without services and without the end."""
    skipped = (Event.REFERRAL, Event.SERVICE_START, Event.SERVICE_STOP, Event.END)
    return [row for row in scene.story() if row[1] not in skipped]


def assert_story(story: Story, expected: Story) -> None:
    assert [row[1:] for row in story] == [row[1:] for row in expected]
    times = [row[0] for row in expected]
    assert [row[0] for row in story] == pytest.approx(times, abs=FORMULA)


def test_on_an_empty_stage_a_person_starts_settled_and_ends_after_follow_up_and_waiting() -> None:
    scene = Scene(waiting=180.0)
    scene.person(5.0)
    rows, counts = scene.run()
    assert rows == [
        (5.0, 0, Event.START, Disposal.FINE),
        (5.0, 0, Event.ACCOMMODATION, Home.SETTLED),
        (550.0, 0, Event.END, 0),
    ]
    assert counts.person[0, Column.PEOPLE] == 1.0
    assert counts.person[0, Column.INDEX_EVENTS] == 1.0
    assert counts.person.sum() == pytest.approx(2.0, abs=EXACT)


def test_a_start_left_out_is_drawn_and_generations_come_whole_windows_apart() -> None:
    scene = Scene(intake=200.0, generations_before=2, generations_after=1)
    scene.person(np.nan)
    scene.person(30.0)
    scene.service(10.0, places=1)
    rows, counts = scene.run()
    starts = {person: time for time, person, event, _ in rows if event == Event.START}
    given = {number: start for number, start in starts.items() if number % 2}
    assert given == {1: 30.0, 3: -170.0, 5: -370.0, 7: 230.0}
    assert starts[0] == drawn(purpose("start"), 0) * 200.0
    assert all(0.0 < starts[2 * g] - 200.0 * w < 200.0 for g, w in enumerate((0, -1, -2, 1)))
    assert len({starts[2 * g] % 200.0 for g in range(4)}) == 4, "of draws of their own"
    assert counts.person[0, Column.PEOPLE] == 2.0


def test_nobody_on_the_stage_leaves_an_empty_log() -> None:
    people, tables = Scene().lowered()
    counts, log = simulate(people, tables, Address(SEED, REPLICATION), groups=2)
    assert log is not None
    assert len(log.time) == 0
    assert counts.events == 0
    assert counts.person.shape[0] == 2
