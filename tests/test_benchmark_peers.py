"""The rivals in benchmarks/ run the same models, and the check of ratios checks."""

import importlib
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MONTE_CARLO = 3.0
"""Combined standard errors from the agreed answer, as Student's t for so few replications;
the seeds are fixed."""
REPLICATIONS = 8
SEED = 1


@pytest.fixture
def from_benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"benchmarks.{name}")


@pytest.mark.parametrize("model", ["m2", "m2u"])
def test_simpy_peer_meets_the_agreed_answers(from_benchmarks, model):
    engines = from_benchmarks("engines")
    figures = engines.simpy(model, replications=REPLICATIONS, seed=SEED)
    multiple = engines.for_few(MONTE_CARLO, replications=REPLICATIONS)
    assert engines.misses(model, figures, multiple=multiple) == []


def test_a_figure_that_is_not_a_number_is_a_miss(from_benchmarks):
    engines = from_benchmarks("engines")
    figures = {name: engines.Figure(float("nan"), 0.0) for name in engines.AGREED["m2"]}
    assert len(engines.misses("m2", figures, multiple=MONTE_CARLO)) == 9


def _run_file(tmp_path, *, pathsim_seconds):
    def row(group, engine, seconds, replications):
        info = {"engine": engine, "replications": replications}
        return {"group": group, "stats": {"min": seconds}, "extra_info": info}

    rows = [row(model, "simpy", 2.0, 4) for model in ("m2", "m2u")]
    rows += [row(model, "pathsim", pathsim_seconds, 40) for model in ("m2", "m2u")]
    path = tmp_path / "run.json"
    path.write_text(json.dumps({"benchmarks": rows}))
    return str(path)


def test_the_ratio_check_passes_above_its_floor(from_benchmarks, tmp_path, capsys):
    check = from_benchmarks("check_ratios")
    assert check.main(_run_file(tmp_path, pathsim_seconds=0.4)) == 0
    assert "m2: pathsim / SimPy = 50.0, well" in capsys.readouterr().out


def test_the_ratio_check_fails_below_its_floor(from_benchmarks, tmp_path, capsys):
    check = from_benchmarks("check_ratios")
    assert check.main(_run_file(tmp_path, pathsim_seconds=0.8)) == 1
    assert "m2u: pathsim / SimPy = 25.0, BELOW THE FLOOR of 40" in capsys.readouterr().out


def test_the_ratio_check_refuses_a_run_without_the_rival(from_benchmarks):
    with pytest.raises(KeyError):
        from_benchmarks("check_ratios").ratios({"benchmarks": []})


@pytest.mark.skipif(sys.platform != "linux", reason="reads the high-water mark of Linux")
def test_peak_memory_is_that_of_the_child_process(from_benchmarks):
    peak = from_benchmarks("peak")
    marks = peak.in_child("simpy", "m2", replications=1)
    assert 10 < marks["imported_mib"] <= marks["peak_mib"] < 2_000
