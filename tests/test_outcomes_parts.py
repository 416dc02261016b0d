"""Who is followed on both sides, what an option rests on, where a result is from: part by part."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pathsim.errors import InputError, PathsimError
from pathsim.outcomes import people as outcome_people
from pathsim.outcomes import provenance, registry
from pathsim.outcomes.changes import Change, place_title, with_a_limit
from pathsim.outcomes.described import titles
from pathsim.outcomes.effects import Effect, effects
from pathsim.outcomes.names import (
    CUSTODY_BOOK_OUTCOMES,
    headline_loads,
    headline_outcomes,
    meaning,
    place_of,
)
from pathsim.outcomes.people import refuse_different
from pathsim.outcomes.provenance import Request
from pathsim.outcomes.summary import described_table
from pathsim.scenario.lineage import InputFile
from pathsim.study.calibration import Posterior
from pathsim.study.plan import Plan
from pathsim.vocabulary import OFFENCE_GROUPS
from small_scenario import made_up_comparison


def cohort(ids: list[int], *, enters: list[bool] | None = None, name: str = "", age: int = 30):
    frame = pd.DataFrame({"id": ids, "age": age})

    class People:
        def __init__(self) -> None:
            self.frame = frame
            self.origin = SimpleNamespace(name=name)

        def __len__(self) -> int:
            return len(frame)

        def enters(self) -> np.ndarray:
            return np.array(enters or [True] * len(frame))

    found: Any = People()
    return found


def differing(*people: Any) -> list[str]:
    """Return in what each cohort but the first differs from it."""
    scenario: Any = SimpleNamespace(lineage=SimpleNamespace(files=()))
    requests = [Request(f"s{number}", None, scenario) for number in range(len(people))]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(outcome_people, "_key", lambda *_: "cohort")
        patched.setattr(outcome_people, "placed", lambda problem, *_, **__: problem)
        with pytest.raises(InputError) as refused:
            refuse_different(requests, people)
    assert {each.key for each in refused.value.problems} == {"cohort"}
    said = [each.message.split(": ", 1)[1] for each in refused.value.problems]
    return [each.partition(";")[0] for each in said]


def test_the_same_people_in_any_order_and_with_any_name_are_compared():
    one = cohort([1, 2, 3])
    odd = cohort([1, 2], enters=[True, False])
    scenario: Any = None
    requests = [Request("s", None, scenario)] * 4
    refuse_different(requests, [one, one, cohort([3, 1, 2], name="T"), cohort([1, 2, 3])])
    refuse_different(requests[:2], [odd, cohort([2, 1], enters=[False, True])])


def test_other_people_are_told_of_by_their_number_and_their_ids():
    one = cohort([1, 2, 3])
    assert differing(one, cohort([1, 2], name="T"), one, cohort([1, 2, 4])) == [
        "3 people of its own cohort against 2 people of T, 2 ids on both sides",
        "3 people of its own cohort against 3 people of its own cohort, 2 ids on both sides",
    ]
    assert differing(cohort([1, 2]), cohort([1, 2, 3])) == [
        "2 people of its own cohort against 3 people of its own cohort, 2 ids on both sides"
    ]
    values = differing(
        one, cohort([3, 2, 1], age=31), cohort([1, 2, 3], enters=[True, False, True])
    )
    assert [each.rpartition(", ")[2] for each in values] == [
        "the same ids but other values of age",
        "the same ids but other values of enters",
    ]


# What an option rests on


def quantity(value: float, grade: str = "matched") -> Any:
    return SimpleNamespace(value=value, low=None, high=None, grade=grade)


def service(
    hazard: float = 1.0,
    after: float = 1.0,
    custody: float = 1.0,
    *,
    houses: bool = False,
    age_group: tuple[str, ...] = (),
    disposals: tuple[str, ...] = (),
) -> Any:
    return SimpleNamespace(
        hazard_ratio=quantity(hazard),
        after_ratio=quantity(after),
        custody_ratio=quantity(custody),
        groups_acted_on=OFFENCE_GROUPS,
        houses=houses,
        eligible=SimpleNamespace(age_group=age_group),
        trigger=SimpleNamespace(disposals=disposals),
    )


def resting(changed: list[str], services: list[str], **offered: Any) -> list[str]:
    scenario: Any = SimpleNamespace(
        services=offered,
        hazard=SimpleNamespace(homeless_ratio=quantity(1.5)),
        sentencing=SimpleNamespace(presumption=SimpleNamespace(hazard_ratio=quantity(0.9))),
    )
    made = [Change(key, 1, 2, "", "") for key in changed]
    return [each.key for each in effects(made, services, scenario)]


def test_a_service_acts_by_the_ratios_that_are_not_1_or_is_shown_by_that_of_the_hazard():
    assert resting([], ["a"], a=service(0.5, 1.0, 0.9)) == [
        "services.a.hazard_ratio",
        "services.a.custody_ratio",
    ]
    assert resting([], ["a"], a=service(1.0, 0.8)) == ["services.a.after_ratio"]
    assert resting([], ["a"], a=service()) == ["services.a.hazard_ratio"]
    assert resting([], ["gone"], a=service()) == []


def test_a_service_that_houses_acts_through_the_ratio_of_homelessness():
    assert resting([], ["a"], a=service(houses=True)) == ["hazard.homeless_ratio"]
    assert resting([], ["a", "b"], a=service(0.5, houses=True), b=service(houses=True)) == [
        "hazard.homeless_ratio",
        "services.a.hazard_ratio",
    ]


def test_a_presumption_and_a_diversion_act_through_what_comes_with_them():
    offered = {
        "a": service(0.8, age_group=("adult",), disposals=("fine", "caution")),
        "b": service(0.8, age_group=("adult",), disposals=("fine",)),
        "c": service(0.8, age_group=("youth",), disposals=("caution",)),
        "d": service(age_group=("adult",), disposals=("caution",)),
        "e": service(0.8, age_group=("adult", "youth"), disposals=("caution",)),
    }
    presumption = "sentencing.presumption.hazard_ratio"
    assert resting(["sentencing.presumption.max_days"], [], **offered) == [presumption]
    assert resting(["sentencing.diversion.adult.theft"], [], **offered) == [
        "services.a.hazard_ratio"
    ]
    assert resting(["sentencing.diversion.youth.theft"], [], **offered) == [
        "services.c.hazard_ratio"
    ]
    assert resting(["custody.capacity"], [], **offered) == []
    both = ["custody.capacity", "sentencing.diversion.youth.theft", presumption]
    assert resting(both, [], **offered) == [presumption, "services.c.hazard_ratio"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.4, 0.75, "k 0.5 (0.4 to 0.75), matched"), (None, 0.75, "k 0.5, matched")],
)
def test_an_effect_has_an_interval_where_both_ends_are_known(low, high, words):
    assert Effect("k", 0.5, low, high, "matched").in_words() == words
    assert Effect("k", 0.5, high, low, "matched").in_words().startswith("k 0.5")
    assert Effect("k", 0.5, 0.4, None, "matched").in_words() == "k 0.5, matched"


# Names and titles


def test_a_first_table_shows_who_is_turned_away_after_who_gave_up_where_a_queue_has_a_limit():
    plain = [f"service.x.{name}" for name in ("starts", "mean_wait_days", "reneged", "utilisation")]
    assert headline_loads("service.x") == plain
    limited = [*plain[:3], "service.x.turned_away", plain[3]]
    assert headline_loads("service.x", may_be_full=True) == limited
    both = headline_outcomes(["service.x", "pool.y"], may_be_full=["pool.y"])
    assert both[-9:-5] == plain
    assert both[-2:] == ["pool.y.turned_away", "pool.y.utilisation"]
    assert both[0] == "proven_reoffending_rate"


def test_the_books_of_custody_are_at_each_price_first_unfilled_then_filled():
    assert CUSTODY_BOOK_OUTCOMES == (
        "cost_public_marginal_refill_0",
        "cost_public_marginal_refill_1",
        "cost_public_average_refill_0",
        "cost_public_average_refill_1",
    )


def test_a_load_is_of_its_place_and_other_outcomes_of_none():
    assert [place_of(name) for name in ("service.a.b.starts", "pool.y.starts", "cost_nhs")] == [
        "service.a.b",
        "pool.y",
        "",
    ]
    assert meaning("service.a.b.starts").title == "starts"


def test_places_with_a_limit_are_those_of_a_queue_at_any_time_or_of_a_change():
    def regime(**limits: Any) -> Any:
        services = {name: SimpleNamespace(max_queue=limit) for name, limit in limits.items()}
        return SimpleNamespace(services=services, pools={"p": SimpleNamespace(max_queue=3)})

    scenario: Any = SimpleNamespace(
        regimes=[regime(a="unlimited", b=2), regime(a="unlimited", b="unlimited", c="unlimited")]
    )
    places = ["service.a", "service.b", "service.c", "service.p", "pool.p", "pool.a"]
    assert with_a_limit(places, scenario) == ("service.b", "pool.p")
    changed = [
        Change("services.a.max_queue", 1, 2, "", ""),
        Change("pools.a.max_queue", 1, 2, "", ""),
    ]
    assert with_a_limit(places, scenario, changed) == (
        "service.a",
        "service.b",
        "pool.p",
        "pool.a",
    )


def named(**services: str) -> Any:
    made = {name: SimpleNamespace(title=title, pool="") for name, title in services.items()}
    follow_up = SimpleNamespace(
        intake_days=SimpleNamespace(value=365.0), horizon=None, clocks="person"
    )
    costs = SimpleNamespace(discount_rate_percent=SimpleNamespace(value=0.0))
    return SimpleNamespace(services=made, pools={}, follow_up=follow_up, costs=costs)


def test_a_service_is_called_what_the_first_scenario_that_has_it_calls_it():
    rows = (("service.a.starts", "all"), ("service.a.starts", "sex=male"), ("cost_nhs", "all"))
    found = titles([(named(), rows), (named(a="First"), rows), (named(a="Second"), rows)])
    said = {"title": "First: starts", "unit": "number", "of": "people who enter"}
    assert found["service.a.starts"] == said
    assert list(found) == ["cost_nhs", "service.a.starts"]
    assert titles([(named(), rows)])["service.a.starts"]["title"] == "a: starts"
    assert place_title("service.a", named(a="First")) == "First"


def test_a_table_has_titles_units_sizes_and_origin_beside_the_names(tmp_path):
    result = made_up_comparison(tmp_path)
    origin = dict(result.provenance)
    object.__setattr__(result.baseline, "provenance", origin)
    for commit in ("abc", ""):
        origin["source"] = {"commit": commit, "sha256": "def"}
        table = described_table(result)
        assert set(table["source"]) == {commit or "def"}
    first = ["option", "outcome", "title", "unit", "of", "group", "people"]
    assert list(table.columns)[: len(first)] == first
    men = table[table["group"] == "sex=male"].iloc[0]
    assert (men["people"], men["title"], men["unit"]) == (60, "Proven reoffending rate", "share")
    object.__setattr__(result.baseline.values, "sizes", {"all": 100})
    assert set(described_table(result).set_index("group").loc["sex=male", "people"]) == {0}


# Where a result is from


def test_every_file_that_was_read_is_named_once(tmp_path):
    (tmp_path / "counts.csv").write_text("x", encoding="utf-8")
    files = [InputFile(name, f"hash of {name}") for name in ("a", "b")]
    posterior = SimpleNamespace(file=InputFile("p", "hash of p"))
    plan = SimpleNamespace(posterior=posterior)
    people = [InputFile("people", "h"), None]
    beside = [(InputFile("mapping", "h"),), ()]
    plans = plan, SimpleNamespace(posterior=None)
    studies: Any = [
        SimpleNamespace(plan=each, people_file=file, people_beside=more)
        for each, file, more in zip(plans, people, beside, strict=True)
    ]

    def request(*files: InputFile) -> Any:
        scenario = SimpleNamespace(
            lineage=SimpleNamespace(files=files),
            cohort=SimpleNamespace(counts=SimpleNamespace(file=str(tmp_path / "counts.csv"))),
        )
        return SimpleNamespace(scenario=scenario)

    found = provenance.inputs(studies, [request(*files), request(files[0])])
    assert [(each["of"], each["path"].rpartition("/")[2]) for each in found] == [
        ("scenario", "a"),
        ("scenario", "b"),
        ("counts", "counts.csv"),
        ("people", "people"),
        ("beside people", "mapping"),
        ("posterior", "p"),
    ]
    for other in (None, SimpleNamespace(file=None)):
        plans[1].posterior = other
        found = provenance.inputs(studies[1:], [request(files[1])])
        assert [each["of"] for each in found] == ["scenario", "counts"]


def test_where_people_are_on_this_machine_changes_no_hash(tmp_path):
    def hash_of(title: str, **paths: str) -> str:
        class Scenario:
            def model_dump_json(self, *, exclude: Any) -> str:
                left_out = exclude["cohort"]
                kept = {key: value for key, value in paths.items() if left_out.get(key) is not True}
                return f"{title} {kept}"

        request: Any = SimpleNamespace(scenario=Scenario())
        files = [{"of": "people", "sha256": "h"}]
        return provenance.together(files, [request])

    assert hash_of("a", file="x") == hash_of("a", file="y")
    assert hash_of("a", kind="x") != hash_of("a", kind="y")
    assert provenance._PATHS["counts"] == provenance._PATHS["ethnicity"] == {"file"}


def test_the_origin_is_that_of_the_first_study_and_scenario_rounded_to_thousandths(monkeypatch):
    monkeypatch.setattr(provenance, "inputs", lambda *_: ["files"])
    monkeypatch.setattr(provenance, "together", lambda *_: "hash")
    plan = Plan(replications=9, seed=0, workers=2, engine="kernel")
    studies: Any = [
        SimpleNamespace(
            plan=replace(plan, seed=seed, posterior=posterior, draws=draws),
            elapsed_seconds=1.23456,
            people_from=f"p{seed}",
            doubted=7 * draws,
        )
        for seed, posterior, draws in (
            (5, Posterior(pd.DataFrame({"a": [1.0] * 7})), 3),
            (6, None, 0),
        )
    ]
    requests = [
        Request(title, f"{title}.toml", SimpleNamespace(scale=SimpleNamespace(value=scale)))
        for title, scale in (("first", 0.5), ("second", 2.0))
    ]
    found = provenance.provenance(studies, request=requests, people=12)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", found["finished"])
    expected = {
        "inputs": ["files"],
        "inputs_sha256": "hash",
        "seed": 5,
        "draws": 3,
        "replications_per_draw": 3,
        "doubted": 21,
        "replications": 9,
        "workers": 2,
        "engine": "kernel",
        "posterior_draws": 7,
        "scenario": {"title": "first", "file": "first.toml"},
        "people": 12,
        "people_from": "p5",
        "scale": 0.5,
        "unpaired": [],
        "elapsed_seconds": 1.235,
    }
    assert {key: found[key] for key in expected} == expected
    plain = provenance.provenance(studies[1:], request=requests[1:], people=3)
    assert (plain["posterior_draws"], plain["seed"]) == (0, 6)
    assert [plain[key] for key in ("draws", "replications_per_draw", "doubted")] == [0, 9, 0]


def test_a_result_needs_a_presenter(monkeypatch):
    monkeypatch.setattr(registry, "_fetch", [])
    with pytest.raises(PathsimError, match="need `import pathsim` first"):
        registry.presenter()
    first, second = object(), object()
    registry.register_presenter(lambda: first)
    registry.register_presenter(lambda: second)
    assert registry.presenter() is second
