"""The memory of a study is known before it starts, and what does not fit is refused."""

import subprocess
import sys
import tracemalloc
import warnings
from types import SimpleNamespace

import pandas as pd
import pytest

import pathsim as ps
from pathsim.cli import main
from pathsim.engine.contract import N_OUTCOME_COLUMNS, N_PAYERS, N_SERVICE_COUNTS
from pathsim.engine.kernels.workspace import CASE, ENTRY, HEAPED, PERSON, SPELL
from pathsim.engine.lowering import lower
from pathsim.engine.run import GENERATIONS_AT_ONCE
from pathsim.errors import InputError, InputWarning
from pathsim.machine import available, in_words
from pathsim.outcomes.names import SERVICE_OUTCOMES
from pathsim.people.cohort import Cohort
from pathsim.study import memory
from pathsim.study.calibration.posterior import Posterior
from pathsim.study.memory import Needed, needed
from pathsim.study.plan import make_plan
from small_scenario import write_scenarios

MB = 1_000_000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    return tmp_path


def peak(replications):
    """Return the bytes that NumPy and Python take at most during a comparison."""
    tracemalloc.start()
    ps.compare("baseline.toml", ["more.toml"], replications=replications, workers=2)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_a_replication_takes_what_is_said_of_it(folder):
    peak(2)  # what stays for the process
    few, many = 1000, 4000
    measured = (peak(many) - peak(few)) / (many - few)
    scenarios = [ps.load(f"{name}.toml") for name in ("baseline", "more")]
    cohort = Cohort.from_scenario(scenarios[0])
    plan = make_plan(replications=2, seed=1, workers=2, engine="kernel", least_replications=2)
    said = needed([lower(each, cohort) for each in scenarios], plan).a_replication
    assert 0.6 * said < measured < 1.2 * said


def counted(**more):
    """Return what a study reads of a scenario: 6 people in 5 generations, 3 groups, 2 services."""
    known = {"groups": [""] * 3, "services": [""] * 2, "members": 31}
    known |= {"people": SimpleNamespace(key=[0] * 6), "generations": [0] * 5}
    return SimpleNamespace(**known | more)


def asked(**more):
    known = {"replications": 9, "seed": 1, "workers": 1, "engine": "kernel"}
    return make_plan(**known | {"least_replications": 1} | more)


def test_a_replication_keeps_what_is_counted_by_group_and_service_and_in_all():
    of_one = 8 * (3 * (N_OUTCOME_COLUMNS + 2 * N_SERVICE_COUNTS) + 2 * 2 + N_PAYERS + 5 + 1)
    more = counted(groups=[""] * 4, services=[""])
    of_more = 8 * (4 * (N_OUTCOME_COLUMNS + N_SERVICE_COUNTS) + 2 + N_PAYERS + 5 + 1)
    assert needed([counted()], asked()).a_replication == of_one + 8 * 16 * 3
    # Of an option, everybody's outcomes: its own, and their differences from the baseline's.
    everybody = 8 * (2 * (N_OUTCOME_COLUMNS + 16 + 8) + 4)
    both = of_one + of_more + everybody + 8 * 16 * 4
    assert needed([counted(), more], asked()).a_replication == both
    drawn = asked(posterior=Posterior(pd.DataFrame({"hazard.adult_level": [0.1]})))
    assert needed([counted()], drawn).a_replication == of_one + 8 * 16 * 3 + 2_000


def test_where_runs_are_told_and_dropped_only_the_largest_are_kept_at_once_beside_the_first():
    small, large = counted(), counted(groups=[""] * 9)
    of_small = needed([small], asked()).a_replication - 8 * 16 * 3
    of_large = needed([large], asked()).a_replication - 8 * 16 * 9
    everybody = 8 * 2 * (N_OUTCOME_COLUMNS + 16 + 2 * 8)
    groups = 8 * (2 * 3 + 2 * 9)
    options = [small, large, small, large]
    said = needed([small, *options], asked(), at_once=2).a_replication
    assert said == of_small + 2 * of_large + 4 * everybody + groups + 8 * 16 * 9
    every = needed([small, *options], asked()).a_replication
    assert every == 3 * of_small + 2 * of_large + 4 * everybody + groups + 8 * 16 * 9


def test_there_is_room_for_all_of_everybodys_outcomes_and_little_more(folder):
    result = ps.compare("baseline.toml", ["more.toml"], draws=0, replications=2)
    rows = N_OUTCOME_COLUMNS + 16 + 8
    assert len(result.options[0].own) <= rows < 1.3 * len(result.options[0].own)
    assert len(SERVICE_OUTCOMES) == 8


def test_people_take_room_at_a_time_and_in_every_generation_for_each_worker():
    at_a_time = (PERSON.itemsize + ENTRY.itemsize + HEAPED.itemsize) // 3
    at_a_time += SPELL.itemsize // 2 + CASE.itemsize // 8
    most = 6 * GENERATIONS_AT_ONCE * at_a_time + 31 * 64
    statistics = 8 * 16 * 2**18
    fixed = needed([counted()], asked()).fixed
    assert (fixed, type(fixed)) == (most + statistics, int)
    alone = needed([counted(generations=[0])], asked()).fixed
    assert alone == 6 * at_a_time + 31 * 64 + statistics
    two = [counted(members=7), counted()]
    assert needed(two, asked(workers=3)).fixed == 3 * most + statistics
    reference = needed(two, asked(engine="reference", workers=2)).fixed
    assert reference == 2 * 31 * 20_000 + statistics


@pytest.mark.parametrize(("more", "refused"), [(0, False), (1, True)])
def test_a_study_is_refused_from_one_byte_too_much_on(monkeypatch, more, refused):
    need = needed([counted()], asked()).of(9)
    monkeypatch.setattr(memory, "available", lambda: need - more)
    if refused:
        with pytest.raises(InputError, match="would take about"):
            memory.check_memory([counted()], asked())
        return
    with pytest.warns(InputWarning, match=f"the study takes about {in_words(need)} of"):
        memory.check_memory([counted()], asked())


def test_where_the_memory_of_a_machine_is_not_known_nothing_is_refused(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: None)
    memory.check_memory([counted(members=10**15)], asked())


@pytest.mark.parametrize(("scenarios", "fewer"), [(1, ""), (2, " or fewer options")])
def test_fewer_options_are_advised_where_there_are_some(scenarios, fewer):
    needs = Needed(fixed=1000, a_replication=100)
    problem = memory._too_much(needs, 501_000, 451_099, asked(), scenarios=scenarios)
    assert problem.allowed == f"up to 4,500 replications here{fewer}"
    assert (problem.key, problem.found) == ("replications", 9)
    said = f"would take about {in_words(501_000)} of memory, and {in_words(451_099)} is free"
    assert problem.message == f"the study {said}"


@pytest.mark.parametrize(
    ("fit", "key", "found", "allowed"),
    [
        (9, "draws", 50, "up to 2 states of the world with 4 replications each here"),
        (4, "draws", 50, "up to 1 state of the world with 4 replications each here"),
        (3, "replications", 4, "up to 3 replications here"),
    ],
)
def test_of_states_of_the_world_fewer_are_advised_and_then_fewer_replications(
    fit, key, found, allowed
):
    needs, plan = Needed(fixed=1000, a_replication=100), asked(draws=50, replications=4)
    problem = memory._too_much(needs, 21_000, 1000 + 100 * fit, plan, scenarios=1)
    assert (problem.key, problem.found, problem.allowed) == (key, found, allowed)


def test_what_a_study_needs_is_what_is_fixed_and_so_much_a_replication():
    assert Needed(fixed=1000, a_replication=7).of(30) == 1210


@pytest.mark.parametrize(("less", "told"), [(1, True), (0, False), (-1, False)])
def test_memory_is_said_above_half_of_what_there_is(folder, monkeypatch, less, told):
    scenario = ps.load("baseline.toml")
    lowered = [lower(scenario, Cohort.from_scenario(scenario))]
    plan = make_plan(replications=9, seed=1, workers=1, engine="kernel", least_replications=1)
    monkeypatch.setattr(memory, "available", lambda: 2 * needed(lowered, plan).of(9) - less)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        memory.check_memory(lowered, plan)
    assert bool(caught) is told


def test_where_two_replications_fit_so_many_are_allowed_and_where_one_does_fewer_people():
    plan = make_plan(replications=9, seed=1, workers=1, engine="kernel", least_replications=1)
    needs = Needed(fixed=1000, a_replication=100)
    two, one = (memory._too_much(needs, 1900, there, plan, scenarios=1) for there in (1200, 1199))
    assert two.key == "replications"
    assert "up to 2 replications" in str(two.allowed)
    assert (one.key, one.allowed) == ("people", "fewer people, or fewer workers")


def test_what_does_not_fit_is_refused_before_anything_runs(folder, monkeypatch, capsys):
    monkeypatch.setattr(memory, "available", lambda: 100 * MB)
    assert main(["compare", "baseline.toml", "more.toml", "--replications", "1000000"]) == 2
    said = capsys.readouterr().err
    assert "replications: the study would take about" in said
    assert "100 MB is free" in said
    assert "replications here or fewer options" in said
    fits = int(said.split("up to ")[1].split(" replications")[0].replace(",", ""))
    assert 1000 < fits < 1_000_000
    assert {path.name for path in folder.iterdir()} == {"baseline.toml", "more.toml", "same.toml"}


def test_any_number_of_replications_is_refused_in_words(folder):
    with pytest.raises(InputError, match=r"would take about .* GB of memory"):
        ps.run("baseline.toml", replications=10**7)


def test_much_memory_is_said(folder, monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 60 * MB)
    with pytest.warns(InputWarning, match="the study takes about .* of 60 MB of memory"):
        ps.run("baseline.toml", replications=150, workers=1)


LIMITED = """
import resource
from pathsim.machine import available
import pathsim.study.run
before = available()
resource.setrlimit(resource.RLIMIT_AS, (8 * 10**9, 8 * 10**9))
after = available()
assert 0 < after < 8 * 10**9, after
print(before is not None)
"""


def test_the_limit_of_the_process_counts():
    assert available() > 0
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_too_little_memory_for_the_engine_is_one_line(folder):
    words = f'ulimit -v 600000 && exec "{sys.executable}" -m pathsim run baseline.toml'
    done = subprocess.run(
        ["/bin/sh", "-c", words], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: not enough memory: ")
    assert "Traceback" not in done.stderr
