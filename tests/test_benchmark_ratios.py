"""Ratios are taken within rounds, guarded, and told on the page."""

import importlib
import json
import math
from pathlib import Path

import pytest

import pathsim as ps

ROOT = Path(__file__).parents[1]
FORMULA = 1e-9


@pytest.fixture
def from_benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"benchmarks.{name}")


def works_of(ratios):
    return {name for ratio in ratios.RATIOS for name in (ratio.over, ratio.under)}


def a_run(ratios, **seconds):
    """Return a run in which every work takes a second a replication, event and person.

    seconds: of the rounds of a work, by its name with _ for a space.
    """
    works = {
        name: {"replications": 1, "events": 1.0, "people": 1, "seconds": [1.0] * 5}
        for name in works_of(ratios)
    }
    # SimPy's floor is met: a hundred of pathsim's replications in the time of one.
    for work in ("simpy m2", "simpy m2u", "simpy-first m2"):
        works[work]["seconds"] = [100.0] * 5
    for name, each in seconds.items():
        works[name.replace("_", " ")]["seconds"] = each
    return {"skipped": {}, "works": works}


def found(ratios, run, *, over, under):
    return next(
        each
        for each in ratios.measured(run)
        if (each.ratio.over, each.ratio.under) == (over, under)
    )


def test_a_ratio_is_the_median_of_those_within_the_rounds(from_benchmarks):
    # The machine slows down threefold, and then more: the ratio within each round does not.
    ratios = from_benchmarks("ratios")
    run = a_run(ratios, pathsim_m2=[2.0, 6.0, 6.0, 40.0, 50.0], c_m2=[1.0, 3.0, 3.0, 10.0, 10.0])
    each = found(ratios, run, over="pathsim m2", under="c m2")
    assert (each.low, each.median, each.high) == (2.0, 2.0, 4.0)


def test_times_are_divided_by_what_a_round_holds(from_benchmarks):
    ratios = from_benchmarks("ratios")
    run = a_run(ratios)
    run["works"]["pathsim m2"]["replications"] = 200
    run["works"]["c m2"]["replications"] = 50
    run["works"]["kernel dorset"]["events"] = 8.0
    run["works"]["kernel country"]["people"] = 10
    for over, under, expected in (
        ("pathsim m2", "c m2", 0.25),
        ("kernel dorset", "kernel m2", 0.125),
        ("kernel country", "kernel country of 12,000", 0.1),
    ):
        each = found(ratios, run, over=over, under=under)
        assert each.median == pytest.approx(expected, rel=FORMULA)


@pytest.fixture
def checked(from_benchmarks, tmp_path, capsys):
    """Return a function from the seconds of some works to the check's status and words."""

    def check(*, skipped=None, **seconds):
        run = a_run(from_benchmarks("ratios"), **seconds)
        for name in skipped or {}:
            del run["works"][name]
        run["skipped"] = skipped or {}
        path = tmp_path / "ratios.json"
        path.write_text(json.dumps(run), encoding="utf-8")
        status = from_benchmarks("check_ratios").main(str(path))
        return status, capsys.readouterr().out

    return check


def test_the_check_passes_within_the_limits(checked):
    status, out = checked()
    assert status == 0
    assert "SimPy / pathsim, M2: 100, ok" in out


@pytest.mark.parametrize(
    ("work", "seconds", "told"),
    [
        ("simpy_m2u", 29.0, "SimPy / pathsim, M2U: 29, BELOW THE FLOOR of 30"),
        ("c_m2", 0.2, "pathsim / C, M2: 5, ABOVE THE LIMIT of 2.8"),
        (
            "pathsim_m2x20",
            1.7,
            "pathsim, M2: 18 more services / none: 1.7, ABOVE THE LIMIT of 1.6",
        ),
        ("kernel_dorset", 2.7, "an event of Dorset / one of M2: 2.7, ABOVE THE LIMIT of 2.6"),
        ("c_m2", math.nan, "pathsim / C, M2: nan, NOT A NUMBER"),
    ],
)
def test_the_check_fails_outside_a_limit(checked, work, seconds, told):
    status, out = checked(**{work: [seconds] * 5})
    assert status == 1
    assert told in out


def test_the_check_refuses_a_run_without_a_rival(from_benchmarks):
    ratios = from_benchmarks("ratios")
    run = a_run(ratios)
    del run["works"]["simpy m2"]
    with pytest.raises(KeyError, match="simpy m2"):
        ratios.measured(run)


def test_a_rival_that_cannot_run_here_is_skipped_with_its_reason(checked):
    status, out = checked(skipped={"c m2": "there is no gcc"})
    assert status == 0
    assert "c m2: skipped, there is no gcc" in out
    assert "pathsim / C, M2:" not in out


def test_every_ratio_is_of_works_that_are_timed(from_benchmarks):
    assert works_of(from_benchmarks("ratios")) <= from_benchmarks("works").WORKS.keys()


def test_every_engine_has_its_turn_in_every_round(from_benchmarks):
    interleaved, works = from_benchmarks("interleaved"), from_benchmarks("works").WORKS
    chosen = [
        works["heapq m2"]._replace(replications=1),
        works["numpy m2u"]._replace(replications=2),
        works["kernel m2"]._replace(replications=3),
    ]
    told = interleaved.take_turns(chosen, rounds=2)
    assert list(told) == ["heapq m2", "numpy m2u", "kernel m2"]
    for each in told.values():
        assert len(each["seconds"]) == 2
        assert min(each["seconds"]) > 0.0
    assert told["kernel m2"]["people"] == 3 * 12_000
    assert told["kernel m2"]["events"] > 3 * 12_000


@pytest.mark.parametrize(("wanted", "taken"), [(0, 1), (2, 2), (99, 3)])
def test_rounds_are_added_until_they_are_enough_or_the_most(from_benchmarks, wanted, taken):
    interleaved, works = from_benchmarks("interleaved"), from_benchmarks("works").WORKS
    told = interleaved.take_turns(
        [works["numpy m2u"]._replace(replications=2)],
        rounds=1,
        most=3,
        enough=lambda told: len(told["numpy m2u"]["seconds"]) >= wanted,
    )
    assert len(told["numpy m2u"]["seconds"]) == taken


def test_the_file_of_twenty_services_is_the_model_of_twenty(from_benchmarks):
    models = from_benchmarks("models")
    from_file = ps.load(models.HERE / "scenarios" / "m2x20.toml")
    built = models.m2(services=20)
    assert len(from_file.services) == len(built.services) == 20
    first, second = (
        ps.run(each, replications=2, seed=1, workers=1).table() for each in (from_file, built)
    )
    assert first.equals(second)


def test_the_country_has_the_places_of_dorset_in_proportion(from_benchmarks):
    models = from_benchmarks("models")
    dorset = models.dorset()
    people = dorset.cohort.adults.value + dorset.cohort.youths.value
    country = models.country(round(100 * people))
    assert country.services.keys() == dorset.services.keys()
    assert country.cohort.adults.value + country.cohort.youths.value == 100 * people
    assert country.services["gps_tag"].capacity.value == 1_800
    assert country.pools["iom"].capacity.value == 6_600
    assert country.services["mappa"].capacity == "unlimited"


def test_a_point_of_growth_is_measured_in_a_process_of_its_own(from_benchmarks):
    point = from_benchmarks("growth").in_child("people", 1_000)
    assert point["people"] == 1_000
    assert 1.0 < point["ns_an_event"] < 1e5
    assert 1.0 < point["events_a_person"] < 20.0
    assert 0.0 <= point["worker_mib"] < point["process_mib"]


def test_of_two_measurements_of_a_point_the_quicker_one_is_kept(from_benchmarks):
    quicker = from_benchmarks("growth").quicker
    slow, fast = {"ns_an_event": 60.0, "people": 1}, {"ns_an_event": 50.0, "people": 2}
    assert quicker(slow, fast) is quicker(fast, slow) is fast
    slow, fast = {"ms_a_replication": 4.0}, {"ms_a_replication": 3.0}
    assert quicker(slow, fast) is quicker(fast, slow) is fast
    first, second = {"gain": 1.6}, {"gain": 1.9}
    assert quicker(first, second) is first
