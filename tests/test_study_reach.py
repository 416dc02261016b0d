"""Who can start which service, what nothing comes of, and whose places they are: one by one."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pathsim.engine.contract import Disposal, DistributionKind
from pathsim.errors import InputError
from pathsim.people.assumptions import Origin
from pathsim.scenario.cohort import SampledCohort, TableCohort
from pathsim.scenario.scale import Rounded
from pathsim.study import idle, reach

NAN = math.nan
WAYS: dict[str, Any] = {
    "disposals": (),
    "release": False,
    "reoffence": False,
    "homeless": False,
    "services": (),
    "pre_release": False,
    "of": (),
}


def way(drop_out: float = 0.0, requires: tuple[str, ...] = (), **triggers: Any) -> Any:
    eligible = SimpleNamespace(needs_any=(), ethnicity=(), area=(), domestic_abuse=None)
    return SimpleNamespace(
        trigger=SimpleNamespace(**WAYS | triggers),
        requires_any=requires,
        eligible=eligible,
        drop_out_share=SimpleNamespace(value=drop_out),
    )


NO_PRESUMPTION = SimpleNamespace(presumption=SimpleNamespace(with_service=""))


def can_start(open_to: str = "", **services: Any) -> str:
    return "".join(sorted(reach.started(services, set(open_to or services))))


@pytest.mark.parametrize(
    "trigger",
    [
        {"disposals": ("fine",)},
        {"release": True},
        {"reoffence": True},
        {"homeless": True},
        {"pre_release": True},
    ],
)
def test_each_trigger_of_its_own_brings_people(trigger):
    assert can_start(a=way(**trigger)) == "a"
    assert can_start(a=way()) == ""


def test_a_service_that_another_starts_hangs_on_it():
    assert can_start(a=way(release=True), b=way(services=("a",)), c=way(services=("b", "x"))) == (
        "abc"
    )
    assert can_start(a=way(), b=way(services=("a",))) == ""
    assert can_start("bc", a=way(release=True), b=way(services=("a",)), c=way(release=True)) == "c"


def test_what_comes_of_a_completion_needs_somebody_who_completes():
    after = way(of=("a",))
    assert can_start(a=way(0.999, release=True), b=after) == "ab"
    assert can_start(a=way(1.0, release=True), b=after) == "a"


def test_what_is_required_must_be_there_too():
    assert can_start(a=way(release=True, requires=("b", "c")), b=way(), c=way(homeless=True)) == (
        "ac"
    )
    assert can_start(a=way(release=True, requires=("b",)), b=way()) == ""


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        ({}, set()),
        ({"needs_any": ("health", "finance")}, {"need_health", "need_finance"}),
        ({"ethnicity": ("asian",)}, {"ethnicity"}),
        ({"area": ("bcp",)}, {"area"}),
        ({"domestic_abuse": False}, {"domestic_abuse"}),
        ({"domestic_abuse": True, "area": ("bcp",)}, {"domestic_abuse", "area"}),
    ],
)
def test_the_columns_that_a_service_asks_are_those_that_decide_whom_it_takes(asked, columns):
    eligible = way().eligible
    vars(eligible).update(asked)
    assert reach._asked_columns(eligible) == columns


def never(eligible: list[int], *, missing: tuple[str, ...] = (), **services: Any) -> list[str]:
    """Return what is said of two people for whom these services' bits are open at the end."""
    names = tuple(sorted(services))
    lowered: Any = SimpleNamespace(
        services=names,
        people=SimpleNamespace(
            eligible=np.array([[2**60 - 1, 0]] * 2 + [eligible]), offence_group=np.zeros(2, int)
        ),
        tables=SimpleNamespace(
            for_offence=np.full((3, 1), 2**62 - 1), rules={"same_group": np.ones(3)}
        ),
    )
    origin = Origin(name="T", people=2, assumed=tuple((name, 2) for name in missing))
    scenario: Any = SimpleNamespace(services=services, sentencing=NO_PRESUMPTION)
    return list(reach.neverstarted(scenario, origin, lowered))


def of_needs(*needs: str, **more: Any) -> Any:
    service = way(release=True)
    vars(service.eligible).update(needs_any=needs, **more)
    return service


def test_services_open_to_nobody_of_these_people_are_named():
    services = {name: way(release=True) for name in "abc"}
    assert never([0b001, 0b100], **services) == ["T: of these people nobody can start b"]
    assert never([0b011, 0b100], **services) == []
    assert never([0b000, 0b100], **services) == ["T: of these people nobody can start a, b"]


def test_what_nobody_at_all_can_start_is_not_told_of_these_people():
    assert never([0, 0], a=way()) == []


def test_columns_of_which_nothing_is_given_are_named_with_what_they_keep_from():
    services = {"a": of_needs("health"), "b": of_needs("finance", area=("x",)), "c": of_needs()}
    missing = ("area", "need_health", "need_finance", "ethnicity")
    assert never([0, 0], missing=missing, **services) == [
        "T: nothing is given of area, needs, so nobody can start a, b",
        "T: of these people nobody can start c",
    ]
    assert never([0, 0b110], missing=("need_health",), **services) == [
        "T: nothing is given of needs, so nobody can start a"
    ]
    assert never([0, 0b101], missing=("area",), **services) == [
        "T: nothing is given of area, so nobody can start b"
    ]


# Starts, entries and places


def people(*, enters: list[bool] | None = None, name: str = "T", **columns: Any) -> Any:
    entering = np.array(enters if enters is not None else [True] * 4)

    class People:
        def __init__(self) -> None:
            self.origin = Origin(name=name)
            self.frame = pd.DataFrame(columns)

        def __len__(self) -> int:
            return len(entering)

        def enters(self) -> np.ndarray:
            return entering

    return People()


def test_a_start_on_the_last_day_of_the_window_is_not_late():
    window = SimpleNamespace(value=365.0)
    scenario: Any = SimpleNamespace(follow_up=SimpleNamespace(intake_days=window))
    days = np.array([365.0, 365.5, 400.0, NAN])
    (said,) = reach.late_starts(scenario, people(start_day=days))
    assert said.startswith("T: start_day of 2 people is after the intake window of 365 days; it")
    assert list(reach.late_starts(scenario, people(start_day=days[[0, 3]]))) == []


def sampled(*, shares: bool = True, **more: Any) -> Any:
    entry_shares = {"adult": {}} if shares else {}
    cohort = SampledCohort.model_construct(entry_shares=entry_shares)
    return SimpleNamespace(cohort=cohort, **more)


@pytest.mark.parametrize(
    ("shares", "enters", "said"),
    [(True, [True, True], 1), (True, [True, False], 0), (False, [True, True], 0)],
)
def test_that_all_enter_is_said_where_the_scenario_has_shares_of_entries(shares, enters, said):
    found = list(reach.all_enter(sampled(shares=shares), people(enters=enters)))
    assert len(found) == said
    if found:
        assert found[0].startswith("T: all 2 people enter: the scenario's cohort.entry_shares")
    table: Any = SimpleNamespace(cohort=TableCohort.model_construct(entry_shares={"adult": {}}))
    assert list(reach.all_enter(table, people(enters=enters))) == []


def test_where_all_enter_places_are_for_those_who_would_of_the_occasions(monkeypatch):
    own = people(enters=[True] * 3 + [False] * 5)
    monkeypatch.setattr(reach.Cohort, "from_scenario", lambda _: own)
    assert reach._who_enter(sampled(), people(), 100) == 38  # 37.5, to even
    assert reach._who_enter(sampled(), people(enters=[True, False]), 100) == 100
    assert reach._who_enter(sampled(shares=False), people(), 100) == 100


@pytest.mark.parametrize(
    ("file", "name", "places_for", "own"),
    [
        ("/x/people.csv", "/x/people.csv", None, True),
        ("/x/people.csv", "/x/others.csv", None, False),
        ("/x/people.csv", "/x/people.csv", 100, False),
    ],
)
def test_people_are_a_scenarios_own_if_read_from_its_table(file, name, places_for, own):
    cohort = TableCohort.model_construct(file=file)
    scenario: Any = SimpleNamespace(cohort=cohort, places_for=places_for)
    assert reach._are_its_own(scenario, people(name=name)) is own
    other: Any = SimpleNamespace(cohort=SimpleNamespace(file=file), places_for=None)
    assert reach._are_its_own(other, people(name=file)) is False


def test_for_how_many_places_are_is_said_or_counted_or_not_known(monkeypatch):
    scenario: Any = SimpleNamespace()
    monkeypatch.setattr(reach, "places_for", lambda _: 12)
    assert reach.people_of_places(scenario) == 12
    monkeypatch.setattr(reach, "places_for", lambda _: None)
    monkeypatch.setattr(reach.Cohort, "from_scenario", lambda _: people(enters=[True] * 7))
    assert reach.people_of_places(scenario) == 7

    def refused(_: object) -> None:
        raise InputError("no such file")

    monkeypatch.setattr(reach.Cohort, "from_scenario", refused)
    assert reach.people_of_places(scenario) is None


def test_places_are_told_that_the_scale_rounds_most_first_then_by_their_keys(monkeypatch):
    found = {
        "first": [Rounded("a", 1.5, 2), Rounded("b", 10.5, 11), Rounded("d", 0.5, 1)],
        "second": [Rounded("c", 4.5, 4), Rounded("b", 10.5, 11), Rounded("aa", 1.5, 2)],
    }
    monkeypatch.setattr(reach, "rounded", found.__getitem__)
    scenarios: Any = [SimpleNamespace(regimes=list(found))]
    (said,) = reach.rounded_places(scenarios)
    assert said == (
        "scale rounds places: d 0.5 to 1, a 1.5 to 2, aa 1.5 to 2, c 4.5 to 4, b 10.5 to 11"
    )


def test_what_people_cannot_do_is_said_once_and_only_of_brought_people(monkeypatch):
    monkeypatch.setattr(reach, "other_entries", lambda *_: ["others"])
    for name in ("read_as", "neverstarted", "late_starts", "all_enter"):
        monkeypatch.setattr(reach, name, lambda *_, name=name: [name])
    monkeypatch.setattr(reach, "places_of_others", lambda *_: ["places"])
    monkeypatch.setattr(reach, "rounded_places", lambda _: ["rounded"])
    scenario: Any = SimpleNamespace(areas={})
    told = []
    monkeypatch.setattr(reach, "warn_caller", told.append)
    reach.warn_of_people([scenario] * 2, [people(), people()], [scenario] * 2)
    assert told == ["read_as", "neverstarted", "late_starts", "all_enter", "places", "rounded"]
    told.clear()
    reach.warn_of_people([scenario], [people(name="")], [scenario])
    assert told == ["others", "places", "rounded"]


# What nothing comes of

KNOTS = {"q": np.array([1.0, 2.0, 5.0, 9.0])}


@pytest.mark.parametrize(
    ("kind", "parameters", "longest"),
    [
        (DistributionKind.CONSTANT, (3.0, 0.0, 0.0), 3.0),
        (DistributionKind.NEVER, (0.0, 0.0, 0.0), math.inf),
        (DistributionKind.EXPONENTIAL, (2.0, 0.0, 0.0), 80.0),
        (DistributionKind.UNIFORM, (2.0, 7.0, 0.0), 7.0),
        (DistributionKind.TRIANGULAR, (2.0, 4.0, 7.0), 7.0),
        (DistributionKind.LOGNORMAL, (3.0, 2.0, 0.0), 3.0 * math.exp(17.0)),
        (DistributionKind.WEIBULL, (3.0, 2.0, 0.0), 3.0 * math.sqrt(40.0)),
        (DistributionKind.EMPIRICAL, (1.0, 3.0, 0.0), 9.0),  # three knots from the second on
        (DistributionKind.EMPIRICAL, (0.0, 2.0, 0.0), 2.0),
    ],
)
def test_the_longest_time_of_a_distribution(kind, parameters, longest):
    lowered: Any = SimpleNamespace(tables=SimpleNamespace(knots=KNOTS))
    record: Any = SimpleNamespace(item=lambda: (int(kind), *parameters))
    assert idle._longest(lowered, record) == pytest.approx(longest, rel=1e-12)


def followed(*, sentences: list[float], starts: list[float], intake: float = 365.0) -> Any:
    """Return people of a community order and of custody, for whom 20 and 50 days are drawn."""
    rules = {"intake": intake, "follow_up": 100.0, "waiting": 10.0}
    constants = [
        SimpleNamespace(item=lambda d=d: (int(DistributionKind.CONSTANT), d, 0.0, 0.0))
        for d in (20.0, 50.0)
    ]
    tables = SimpleNamespace(
        rules=[rules, dict.fromkeys(rules, 9e9)],  # a regime of an option changes none of them
        distributions=constants,
        custody_days=np.array([[[0, 1]], [[1, 1]]]),
    )
    people = SimpleNamespace(
        start_day=np.array(starts),
        sentence_days=np.array(sentences),
        disposal=np.array([Disposal.COMMUNITY_ORDER, Disposal.CUSTODY, Disposal.CUSTODY]),
        age_group=np.zeros(3, int),
        offence_group=np.array([1, 0, 1]),
    )
    return SimpleNamespace(tables=tables, people=people)


@pytest.mark.parametrize(
    ("sentences", "starts", "last"),
    [
        ([0.0, NAN, NAN], [0.0, 1000.0, 0.0], 1130.0),  # 20 days are drawn
        ([0.0, NAN, NAN], [0.0, 0.0, 1000.0], 1160.0),
        ([0.0, NAN, 7.0], [0.0, 0.0, 1000.0], 1117.0),
        ([9000.0, NAN, NAN], [1000.0, 0.0, 0.0], 1110.0),  # no custody, no sentence
        ([0.0, NAN, NAN], [0.0, 0.0, NAN], 525.0),  # a start that is drawn
        ([0.0, NAN, 7.0], [0.0, 0.0, 0.0], 365.0),  # the window's end
    ],
)
def test_the_last_day_is_that_of_the_longest_follow_up_or_the_windows(sentences, starts, last):
    found = idle.last_day(followed(sentences=sentences, starts=starts))
    assert (found, type(found)) == (last, float)


def test_where_nobody_is_followed_the_last_day_is_the_windows():
    lowered = followed(sentences=[0.0] * 3, starts=[0.0] * 3)
    people = {name: values[:0] for name, values in vars(lowered.people).items()}
    lowered.people = SimpleNamespace(**people)
    assert idle.last_day(lowered) == 365.0


def test_an_option_after_the_last_day_changes_nothing():
    regimes = [SimpleNamespace(from_day=day, title=str(day)) for day in (None, 365.0, 365.5)]
    scenario: Any = SimpleNamespace(regimes=regimes)
    (said,) = idle._late(scenario, followed(sentences=[0.0, 7.0, 7.0], starts=[0.0, 0.0, 0.0]))
    assert (said.key, said.found) == ("from_day", 365.5)
    assert said.message.startswith("'365.5' changes nothing from this day: everybody's follow-up")
    assert said.message.endswith("ends by day 365")


def test_why_nothing_brings_anybody_is_told():
    services = {
        "again": way(of=("again",)),
        "both": way(of=("again", "both")),
        "none": way(),
        "way": way(release=True),
    }
    for service in services.values():
        service.trigger = dict(vars(service.trigger))
        service.trigger = _Trigger(service.trigger)
    scenario: Any = SimpleNamespace(
        regimes=[SimpleNamespace(services=services, sentencing=NO_PRESUMPTION)]
    )
    found = {each.key: each.message.partition(": ")[2] for each in idle._without_a_way_in(scenario)}
    hangs = "it hangs on services that nobody starts"
    assert found == {
        "services.again.trigger": "only its own completion brings anybody, and so nobody a first "
        "time",
        "services.both.trigger": hangs,
        "services.none.trigger": "the trigger is empty",
    }


class _Trigger(dict[str, Any]):
    """A trigger that can be gone through by name, as the scenario's can."""

    def __getattr__(self, name: str) -> Any:
        return self[name]
