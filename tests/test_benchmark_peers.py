"""The rivals in benchmarks/ run the same models, and the check of ratios checks."""

import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MONTE_CARLO = 3.0
"""Combined standard errors from the agreed answer, as Student's t for so few replications;
the seeds are fixed."""
REPLICATIONS = {"c": 300, "numpy": 300, "heapq": 8, "simpy": 8, "simpy-first": 8}
"""About a second each."""
SEED = 1
SCALE = 0.02
"""Relative difference of totals a person between sizes: their errors, and longer queues being
a little more regular."""


@pytest.fixture
def from_benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"benchmarks.{name}")


@pytest.fixture
def c_m2(from_benchmarks):
    peer = from_benchmarks("peers.c_m2")
    if peer.why_not():
        pytest.skip(peer.why_not())
    return peer


def assert_meets(engines, engine, model):
    replications = REPLICATIONS[engine]
    figures = engines.ENGINES[engine](model, replications=replications, seed=SEED)
    multiple = engines.for_few(MONTE_CARLO, replications=replications)
    assert engines.misses(model, figures, multiple=multiple) == []


@pytest.mark.parametrize("model", ["m2", "m2u"])
@pytest.mark.parametrize("engine", ["heapq", "simpy", "simpy-first"])
def test_python_peers_meet_the_agreed_answers(from_benchmarks, engine, model):
    assert_meets(from_benchmarks("engines"), engine, model)


def test_event_rounds_meet_the_agreed_answer_without_queues(from_benchmarks):
    assert_meets(from_benchmarks("engines"), "numpy", "m2u")


def test_event_rounds_refuse_queues(from_benchmarks):
    with pytest.raises(ValueError, match="people wait for one another"):
        from_benchmarks("engines").by_rounds("m2", replications=1, seed=SEED)


@pytest.mark.usefixtures("c_m2")
@pytest.mark.parametrize("model", ["m2", "m2u"])
def test_the_reference_in_c_meets_the_agreed_answers(from_benchmarks, model):
    assert_meets(from_benchmarks("engines"), "c", model)


def test_the_reference_in_c_follows_as_many_people_as_it_is_told(c_m2):
    # With four times the people and the places, totals are four times as large, and an outcome
    # that a hundred thousand people share is as good as without error.
    small = c_m2.replications(40, seed=SEED).mean(axis=0)
    large = c_m2.replications(10, seed=SEED, scale=4.0).mean(axis=0)
    column = {name: at for at, name in enumerate(c_m2.FIGURES)}
    for name, times in (
        ("proven_reoffending_rate", 1.0),
        ("cost_total", 4.0),
        ("service.tag.starts", 4.0),
        ("service.treatment.reneged", 4.0),
    ):
        at = column[name]
        assert large[at] == pytest.approx(times * small[at], rel=SCALE), name


def test_replications_in_c_do_not_depend_on_how_they_are_called(c_m2):
    together = c_m2.replications(6, seed=SEED)
    apart = c_m2.replications(2, seed=SEED, first=4)
    assert together[4:].tolist() == apart.tolist()
    assert len({tuple(row) for row in together.tolist()}) == 6


@pytest.mark.parametrize("changed", ["m2.c", "m2.h", "random.h"])
def test_the_library_is_compiled_again_when_a_source_changes(c_m2, monkeypatch, tmp_path, changed):
    first = c_m2.compiled()
    for each in c_m2.SOURCE.parent.glob("*.[ch]"):
        said = "/* changed */\n" if each.name == changed else ""
        (tmp_path / each.name).write_text(each.read_text() + said)
    monkeypatch.setattr(c_m2, "SOURCE", tmp_path / "m2.c")
    monkeypatch.setattr(c_m2, "BUILD", tmp_path)
    second = c_m2.compiled()
    assert second.exists()
    assert second.name != first.name


def test_a_figure_that_is_not_a_number_is_a_miss(from_benchmarks):
    engines = from_benchmarks("engines")
    figures = {name: engines.Figure(float("nan"), 0.0) for name in engines.AGREED["m2"]}
    assert len(engines.misses("m2", figures, multiple=MONTE_CARLO)) == 9


@pytest.mark.skipif(sys.platform != "linux", reason="reads the high-water mark of Linux")
def test_peak_memory_is_that_of_the_child_process(from_benchmarks):
    peak = from_benchmarks("peak")
    marks = peak.in_child("simpy m2", replications=1)
    assert 10 < marks["imported_mib"] <= marks["prepared_mib"] <= marks["peak_mib"] < 2_000
