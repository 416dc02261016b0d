"""Edges of a plan, of whose places a scenario's are, of rounded places and of jobs on threads."""

from __future__ import annotations

import threading
import time
import warnings

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.errors import InputError
from pathsim.study.calibration.posterior import Posterior
from pathsim.study.plan import MOST_REPLICATIONS, MOST_WORKERS, make_plan
from pathsim.study.reach import places_of_others, rounded_places
from pathsim.study.threads import alone, do_all
from small_scenario import BASELINE, write_scenarios

ASKED = {"replications": 10, "seed": 1, "workers": 2, "engine": "kernel", "least_replications": 1}


@pytest.fixture
def baseline(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ps.load(write_scenarios(tmp_path) / "baseline.toml")


def people(number):
    table = pd.DataFrame({"age": [30] * number, "sex": "male", "disposal": "community_order"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ps.Cohort.from_frame(
            table.assign(offence_group="theft", previous_offences=0, id=range(number))
        )


def test_a_plan_holds_what_was_asked():
    posterior = Posterior(pd.DataFrame({"hazard.adult_level": [0.1, 2.0]}))
    plan = make_plan(**ASKED | {"engine": "reference", "seed": 7}, posterior=posterior)
    assert (plan.replications, plan.seed, plan.workers, plan.engine) == (10, 7, 2, "reference")
    assert plan.posterior is posterior
    assert len(plan.parameters()) == 10
    assert make_plan(**ASKED).parameters() == []


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [("replications", 1, MOST_REPLICATIONS), ("workers", 1, MOST_WORKERS)],
)
def test_the_least_and_the_most_are_allowed_and_no_more(key, least, most):
    for value in (least, most, np.int64(most)):
        found = getattr(make_plan(**ASKED | {key: value}), key)
        assert (found, type(found)) == (value, int)
    for value in (least - 1, most + 1):
        with pytest.raises(InputError, match=f"{key}: is out of range; found {value}; allowed"):
            make_plan(**ASKED | {key: value})


@pytest.mark.parametrize(("number", "said"), [(99, 0), (100, 0), (101, 0), (98, 1), (102, 1)])
def test_places_are_of_others_from_a_difference_of_more_than_one_in_a_hundred(
    baseline, number, said
):
    found = list(places_of_others(baseline, people(number)))
    assert len(found) == said
    if found:
        assert "those of 100 people, and" in found[0]
        assert f"{number} are followed; scale = {number / 100:.4g} would fit" in found[0]


def test_a_scale_that_fits_is_not_told_and_another_is(baseline):
    fits = baseline.change("half", {"scale": 0.5})
    assert list(places_of_others(fits, people(50))) == []
    (said,) = places_of_others(fits, people(100))
    assert "100 people times the scale of 0.5, and 100 are followed; scale = 1 would fit" in said


def test_without_places_nothing_is_said_of_them(baseline):
    open_to_all = baseline.change("open", {"services.mentor.capacity": "unlimited"})
    assert list(places_of_others(open_to_all, people(50))) == []


@pytest.mark.parametrize(("number", "more"), [(8, ""), (9, " and 1 more"), (0, None)])
def test_eight_rounded_places_are_listed_those_most_changed_first(tmp_path, number, more):
    head, _, service = BASELINE.partition("[services.mentor]")
    service, _, costs = service.partition("[costs]")
    services = [
        f"[services.s{place}]" + service.replace("capacity = 6", f"capacity = {2 * place + 1}")
        for place in range(1, number + 1)
    ]
    file = tmp_path / "many.toml"
    file.write_text(head + "\n".join(services) + "[costs]" + costs, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scenario = ps.load(file).change("half", {"scale": 0.5})
    found = list(rounded_places([scenario]))
    if more is None:
        assert found == []
        return
    (said,) = found
    assert said.startswith("scale rounds places: services.s1.capacity 1.5 to 2, services.s2")
    assert said.count(" to ") == 8
    assert said.endswith(f"services.s8.capacity 8.5 to 9{more}")


def test_jobs_are_done_with_their_numbers():
    done = {}
    jobs = [lambda _, number=number: number * number for number in range(5)]
    do_all(jobs, workers=2, done=done.__setitem__)
    assert done == {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}
    assert alone(lambda stop: stop is not None) is True


def test_an_error_in_a_job_stops_the_others_and_is_passed_on():
    begun, ended = threading.Event(), threading.Event()

    def fails(_stop):
        assert begun.wait(30)
        raise InputError("broken")

    def lasts(stop):
        begun.set()
        until = time.monotonic() + 30
        while not stop.request and time.monotonic() < until:
            time.sleep(0.001)
        if stop.request:
            ended.set()

    with pytest.raises(InputError, match="broken"):
        do_all([fails, lasts], workers=2, done=lambda *_: None)
    assert ended.wait(30)
