"""A study is refused before it runs, with everything that is wrong with it."""

import os

import pytest

from pathsim.errors import InputError
from pathsim.study.plan import MOST_WORKERS, count_workers, make_plan


def plan(**changed):
    asked = {"replications": 10, "seed": 1, "workers": 2, "engine": "kernel"}
    return make_plan(**(asked | changed), least_replications=2)


def test_workers_left_out_are_as_many_as_processors():
    assert plan(workers=None).workers == os.cpu_count()


@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_a_seed_may_be_any_machine_word(seed):
    assert plan(seed=seed).seed == seed


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"replications": 1},
            r"^replications: is out of range; found 1; allowed: 2 to 10000000$",
        ),
        ({"replications": 2.5}, "replications: must be a whole number; found 2.5"),
        ({"replications": True}, "replications: must be a whole number; found true"),
        ({"seed": -1}, "seed: is out of range; found -1; allowed: 0 to 18446744073709551615"),
        ({"seed": 2**64}, "seed: is out of range"),
        ({"workers": 0}, "workers: is out of range; found 0; allowed: 1 to 4096"),
        (
            {"engine": "references"},
            "engine: is not an engine; did you mean 'reference'\\?; found 'references'; "
            "allowed: kernel or reference$",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changed, message):
    with pytest.raises(InputError, match=message):
        plan(**changed)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as caught:
        plan(replications=0, workers=0, engine="")
    assert [problem.key for problem in caught.value.problems] == [
        "replications",
        "workers",
        "engine",
    ]


def test_where_the_processors_are_not_known_there_is_one_worker(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert plan(workers=None).workers == count_workers(None) == 1


def test_workers_of_a_calibration_have_the_bounds_of_a_plans():
    assert [count_workers(each) for each in (1, 3, MOST_WORKERS)] == [1, 3, MOST_WORKERS]
    for wrong in (0, MOST_WORKERS + 1):
        with pytest.raises(
            InputError, match=rf"^workers: is out of range; found {wrong}; allowed: 1 to"
        ):
            count_workers(wrong)
